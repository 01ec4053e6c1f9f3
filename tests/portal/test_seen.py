"""Who of the staff looked, when and why: roles, never names, and never looks at somebody else's data."""

import re

import pytest
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy.orm import Session

from compliance.audit.append import record
from compliance.console import reasons
from compliance.portal.seen import PAGE, REASONS
from imgpilot import digests
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.portal.test_centre import text_of
from tests.world import Somebody


@pytest.fixture
def browser(ana: Somebody, bob: Somebody, signed_in: Enter) -> Browser:
    """Ana's browser."""
    return signed_in(ana)


@pytest.fixture
def officer(session: Session) -> int:
    """A privacy officer with a name that nobody outside learns."""
    from imgpilot.db import every_metadata

    every_metadata()
    user = User(first_name="Noor", last_name="Haddad", username="noor", email="noor@example.com", active=True)
    user.roles = [Role(name="Privacy Officer")]
    session.add(user)
    session.commit()
    return int(user.id)


def looked(session: Session, parts: Parts, at: Somebody, action: str, staff: int = 1, **facts: str) -> None:
    """A member of staff looks."""
    subject = digests.of_subject(parts.settings, at.account.id)
    record(session, at=parts.clock(), actor=f"staff:{staff}", action=action, subject=subject, facts=facts)
    session.commit()


def test_p18_the_person_sees_every_look_with_role_reason_and_case(
    session: Session, parts: Parts, browser: Browser, ana: Somebody, officer: int, clock: Clock
) -> None:
    looked(session, parts, ana, "staff read case", officer, case=ana.request.case)
    clock.tick(hours=1)
    looked(session, parts, ana, "staff unmasked value", 99, reason="checking identity")
    page = browser.get("/privacy/seen").text
    said = text_of(page)
    assert "Members of our staff looked 2 times." in said
    assert (
        "23 Nov, 15:40 A member of staff made a hidden value visible to check that it was you who asked – "
        f"23 Nov, 14:40 A privacy officer opened your request to answer a request of yours {ana.request.case}"
    ) in said
    assert f'href="/privacy/requests/{ana.request.id}"' in page
    assert "Noor" not in page
    centre = text_of(browser.get("/privacy").text)
    assert "A member of staff made a hidden value visible, to check that it was you who asked." in centre


def test_looks_at_somebody_else_and_deeds_that_are_no_look_are_not_there(
    session: Session, parts: Parts, browser: Browser, ana: Somebody, bob: Somebody
) -> None:
    looked(session, parts, bob, "staff read case", case=bob.request.case)
    looked(session, parts, ana, "request approved", case=ana.request.case)
    said = text_of(browser.get("/privacy/seen").text)
    assert "Nobody of our staff has looked at your data." in said
    assert bob.request.case not in said


def test_turning_the_pages_leaves_no_look_out(session: Session, parts: Parts, browser: Browser, ana: Somebody) -> None:
    for number in range(PAGE + 3):
        looked(session, parts, ana, "staff read case", number + 1, case=ana.request.case)
    first = browser.get("/privacy/seen").text
    older = re.search(r'href="(/privacy/seen\?before=\d+)"', first)
    assert older
    counted = [page.count("<tr><td") for page in (first, browser.get(older[1]).text)]
    assert counted == [PAGE, 3]
    assert browser.get("/privacy/seen?before=nonsense").text.count("<tr><td") == PAGE


def test_every_reason_staff_can_choose_has_words_for_the_person() -> None:
    assert set(reasons.REASONS) == set(REASONS)
