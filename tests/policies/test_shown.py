"""Who is told of a new version, how, and that it is written down once (policy P21)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import plans
from compliance.reach import Person
from compliance.requests.kinds import Kind
from imgpilot.accounts.models import Account
from imgpilot.policies import versions
from imgpilot.policies.models import PolicyShown
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.portal.test_centre import text_of
from tests.world import Somebody

NEWEST = versions.newest()
SAYS = "The privacy policy has changed."
PAGE = "/account"


def ways(session: Session, somebody: Somebody) -> list[str]:
    """How this person was shown the newest version."""
    session.rollback()
    rows = select(PolicyShown.how).where(
        PolicyShown.account_id == somebody.account.id, PolicyShown.version == NEWEST.key
    )
    return sorted(session.scalars(rows))


def open_(browser: Browser, path: str = PAGE) -> str:
    """Look at a page to its end; what it says."""
    answer = browser.get(path)
    said = text_of(answer.text)
    answer.close()
    return said


def test_p21_a_banner_tells_of_the_new_version_on_every_page_until_it_is_closed(
    session: Session, long_here: Somebody, bob: Somebody, signed_in: Enter
) -> None:
    browser = signed_in(long_here)
    for _ in range(2):
        assert SAYS in open_(browser)
    assert ways(session, long_here) == ["banner"], "written down once"
    assert SAYS in open_(browser, "/privacy")
    answer = browser.post(f"/privacy-policy/versions/{NEWEST.key}/seen", {"next": "/privacy"}, on=PAGE)
    assert (answer.status_code, answer.location) == (302, "/privacy")
    assert SAYS not in open_(browser)
    assert ways(session, long_here) == ["banner", "closed"]
    assert SAYS in open_(signed_in(bob)), "his is his own"


@pytest.mark.parametrize(
    "path",
    ["/privacy-policy", f"/privacy-policy/versions/{NEWEST.key}", "/privacy-policy/changes/2026-11-22/2026-11-23"],
)
def test_p21_who_opens_the_policy_has_seen_it(
    session: Session, long_here: Somebody, signed_in: Enter, path: str
) -> None:
    browser = signed_in(long_here)
    for _ in range(2):
        assert SAYS not in open_(browser, path)
    assert ways(session, long_here) == ["page"]
    assert SAYS not in open_(browser)


def test_p21_before_its_day_the_banner_says_what_will_change_and_when(
    session: Session, long_here: Somebody, signed_in: Enter, clock: Clock
) -> None:
    clock.now = NEWEST.begins - timedelta(hours=2)
    browser = signed_in(long_here)
    assert f"The privacy policy changes on {NEWEST.day('en')}." in open_(browser)
    said = open_(browser, "/privacy-policy")
    assert f"A new version comes into force on {NEWEST.day('en')}." in said
    assert ways(session, long_here) == ["banner"], "what was opened is the version in force"
    assert "Not in force yet" in open_(browser, f"/privacy-policy/versions/{NEWEST.key}")
    assert ways(session, long_here) == ["banner", "page"]


def test_who_joined_under_the_version_is_told_nothing(session: Session, ana: Somebody, signed_in: Enter) -> None:
    assert SAYS not in open_(signed_in(ana))
    assert ways(session, ana) == []


def test_visitors_read_it_and_nothing_is_written_down(session: Session, site: Flask, long_here: Somebody) -> None:
    before = len(session.scalars(select(PolicyShown)).all())
    browser = Browser(site)
    assert SAYS not in open_(browser, "/")
    for path in ("/privacy-policy", "/privacy-policy/versions", "/privacy-policy/changes/2026-11-23/2026-11-22"):
        assert open_(browser, path)
    session.rollback()
    assert len(session.scalars(select(PolicyShown)).all()) == before


@pytest.mark.parametrize("stands", ["restricted_at", "closing_at"])
def test_an_account_with_which_nothing_new_happens_is_left_alone(
    session: Session, long_here: Somebody, signed_in: Enter, clock: Clock, stands: str
) -> None:
    setattr(session.get_one(Account, long_here.account.id), stands, clock())
    session.commit()
    browser = signed_in(long_here)
    assert SAYS not in open_(browser)
    open_(browser, "/privacy-policy")
    assert ways(session, long_here) == []


def test_the_notice_is_closed_only_with_the_form_s_token_and_for_a_version_there_is(
    session: Session, long_here: Somebody, signed_in: Enter
) -> None:
    browser = signed_in(long_here)
    assert browser.send(f"/privacy-policy/versions/{NEWEST.key}/seen", {}).status_code == 400
    assert browser.post("/privacy-policy/versions/2020-01-01/seen", on=PAGE).status_code == 404
    away = browser.post(f"/privacy-policy/versions/{NEWEST.key}/seen", {"next": "//evil.example"}, on=PAGE)
    assert away.location == "/"


def test_what_is_noted_while_a_deletion_is_decided_does_not_stop_it(session: Session, ana: Somebody) -> None:
    drawn = plans.draw(session, Kind.DELETION, Person(ana.account.id))
    later = {**drawn, "tables": [dict(line) for line in drawn["tables"]]}
    for line in later["tables"]:
        if line["table"] in ("usage", "policy_shown"):
            line["rows"] += 7
    assert later != drawn
    assert plans.still_holds(drawn, later)


def test_p21_the_difference_is_marked_for_the_eye_and_the_ear(site: Flask, ana: Somebody) -> None:
    page = Browser(site).get("/privacy-policy/changes/2026-11-22/2026-11-23").text
    said = text_of(page)
    assert "From the version of 22 November 2026 to that of 23 November 2026." in said
    assert page.count("<ins>") == page.count("</ins>") > 10
    assert "removed:" in said and "added:" in said
    assert "New clause" in said
    turned = text_of(Browser(site).get("/privacy-policy/changes/2026-11-23/2026-11-22").text)
    assert turned == said, "in the order of time, whichever is named first"
