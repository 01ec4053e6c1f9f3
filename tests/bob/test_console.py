"""Bob tries the console: with a customer's cookie, with the wrong role, and as the one who decided before."""

from uuid import UUID

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.console import deeds
from compliance.requests import appeals, decisions, moves
from compliance.requests.kinds import Channel, Kind, Proof
from compliance.requests.models import Happening, PrivacyRequest, Step
from compliance.requests.opening import Asked, open_request
from imgpilot import app
from imgpilot.accounts import sign_ins
from imgpilot.accounts.browsers import COOKIE
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.console.conftest import (
    FORM,
    Enter,
    address,
    asked,
    browser,
    case,
    console,
    made_once,
    officer,
    signed_in,
    staff,
)
from tests.console.test_roles import routes
from tests.requests.conftest import look, work_off
from tests.requests.ending import everything_of
from tests.world import Somebody, person

__all__ = ["asked", "browser", "case", "console", "made_once", "officer", "signed_in", "staff"]

REASON = "The court has told us in writing that the data must stay."


@pytest.fixture
def ana(session: Session, parts: Parts) -> Somebody:
    """Whose case it is."""
    made = person(session, parts, "ana")
    session.expunge_all()
    return made


def case_rows(session: Session, request_id: UUID) -> tuple[object, ...]:
    """What the case is now, and what was written about it."""
    request = look(session, request_id)
    columns = {column.name: getattr(request, column.key) for column in PrivacyRequest.__table__.columns}
    lines = session.scalar(select(func.count()).where(Happening.request_id == request_id))
    steps = session.scalars(select(Step.state).where(Step.request_id == request_id).order_by(Step.position)).all()
    about = select(func.count()).where(Entry.action.like("request %"))
    return columns, lines, tuple(steps), session.scalar(about)


def digest(session: Session, request_id: UUID) -> str:
    """Of the plan that is shown."""
    plan = decisions.newest_plan(session, request_id)
    assert plan
    return plan.digest


def everything_typed(session: Session, case: UUID, staff: dict[str, int]) -> dict[str, str]:
    """A form that would do for any deed."""
    return {
        "digest": digest(session, case),
        "ground": "legal-duty",
        "reason": REASON,
        "words": REASON,
        "text": REASON,
        "subject": REASON,
        "body": REASON,
        "what": "document",
        "checked": "document seen",
        "to": str(staff["Privacy Officer"]),
        "do": "act",
        "act": "1",
        "sure": "1",
    }


@pytest.fixture
def second(session: Session, parts: Parts, ana: Somebody, console: Flask) -> UUID:
    """A deletion that came by post: it needs two."""
    account = session.get_one(Account, ana.account.id)
    asked = Asked(channel=Channel.POST, country="DE", zone="Europe/Berlin")
    made = open_request(
        session, parts.settings, account, Kind.DELETION, "gdpr", parts.clock(), moves.SYSTEM, Proof.FURTHER, asked
    )
    session.commit()
    work_off(parts)
    return made.id


def send(browser: Browser, request_id: UUID, deed: str, **fields: str) -> int:
    """POST a deed straight away, without the page that would offer it."""
    token = {"csrf_token": browser.csrf(FORM)}
    return browser.send(f"/requests/{request_id}/{deed}", token | fields).status_code


def test_a_customer_s_cookie_opens_nothing_in_the_console(
    session: Session, parts: Parts, ana: Somebody, console: Flask, case: UUID
) -> None:
    account = session.get_one(Account, ana.account.id)
    token = sign_ins.start(session, parts.settings, account, "Firefox", parts.clock())
    session.commit()
    browser, before = Browser(console, base="http://127.0.0.1:8001"), case_rows(session, case)
    browser.client.set_cookie(COOKIE, token, domain="127.0.0.1")
    site = Browser(app.site(parts))
    site.client.set_cookie(COOKIE, token, domain="127.0.0.1")
    assert site.get("/account").status_code == 200
    # Whatever session cookies the site gives are brought along, too.
    for cookie in site.client._cookies.values():  # type: ignore[union-attr]
        browser.client.set_cookie(cookie.key, cookie.value, domain="127.0.0.1")
    for _endpoint, method, path in routes(console, case, UUID(int=0)):
        answer = browser.get(path) if method == "GET" else browser.send(path, {"do": "act"})
        assert answer.status_code in (302, 400, 401, 403, 404, 405), f"{method} {path}"
        assert "IP-2026" not in answer.text, path
    assert case_rows(session, case) == before


def test_a_cookie_of_staff_signs_nobody_in_on_the_site(parts: Parts, officer: Browser) -> None:
    browser = Browser(app.site(parts))
    given = [cookie for cookie in officer.client._cookies.values() if cookie.value]  # type: ignore[union-attr]
    assert given
    for cookie in given:
        for name in (cookie.key, COOKIE):
            browser.client.set_cookie(name, cookie.value, domain="127.0.0.1")
            answer = browser.get("/account")
            assert answer.status_code == 302, name
            assert answer.location.startswith("/sign-in"), name


def test_an_auditor_changes_nothing_by_any_post(
    session: Session, parts: Parts, ana: Somebody, console: Flask, case: UUID, signed_in: Enter, staff: dict[str, int]
) -> None:
    browser = signed_in("Auditor")
    step = session.scalars(select(Step.id).where(Step.request_id == case)).first()
    assert step
    fields = everything_typed(session, case, staff) | {"csrf_token": browser.csrf(FORM)}
    before, rows = case_rows(session, case), everything_of(session, parts, ana)
    paths = [path for _endpoint, method, path in routes(console, case, step) if method == "POST"]
    paths += [f"/requests/{case}/{deed.by}/{key}" for key, deed in deeds.DEEDS.items()]
    for path in paths:
        # To change one's own password, and to look at an address for a reason, is theirs; both are told elsewhere.
        if "resetmy" not in path and "unmask" not in path and "userinfo" not in path:
            browser.send(path, fields)
    assert case_rows(session, case) == before
    assert everything_of(session, parts, ana) == rows
    assert session.scalar(select(User.active).where(User.email == address("Auditor")))


@pytest.mark.parametrize("role", ["Privacy Agent", "Approver", "Auditor"])
def test_who_may_not_approve_does_not_by_asking_directly(
    session: Session, case: UUID, signed_in: Enter, staff: dict[str, int], role: str
) -> None:
    browser, before = signed_in(role), case_rows(session, case)
    fields = everything_typed(session, case, staff)
    for group in ("work", "decide", "second"):
        for deed in ("approve", "propose", "refuse", "set-aside", "extend", "confirm"):
            send(browser, case, f"{group}/{deed}", **fields)
    assert case_rows(session, case) == before


def test_an_officer_alone_cannot_delete_what_was_not_asked_signed_in(
    session: Session, second: UUID, signed_in: Enter, staff: dict[str, int]
) -> None:
    officer, typed = signed_in("Privacy Officer"), everything_typed(session, second, staff)
    send(officer, second, "decide/approve", **typed)
    assert look(session, second).state in ("review", "second")
    send(officer, second, "decide/propose", **typed)
    assert (look(session, second).state, look(session, second).proposed_by) == ("second", staff["Privacy Officer"])
    for deed in ("second/confirm", "decide/approve", "decide/propose", "decide/confirm"):
        send(officer, second, deed, **typed)
        assert look(session, second).state == "second", deed
    assert look(session, second).decided_by is None
    send(signed_in("Approver"), second, "second/confirm", **typed)
    assert look(session, second).decided_by == staff["Approver"]


def test_who_decided_does_not_judge_the_appeal_by_asking_directly(
    session: Session, parts: Parts, case: UUID, signed_in: Enter, staff: dict[str, int]
) -> None:
    officer, typed = signed_in("Privacy Officer"), everything_typed(session, case, staff)
    by = moves.Actor(moves.Who.OFFICER, staff["Privacy Officer"])
    decisions.refuse(session, case, REASON, by, parts.clock(), "legal-duty")
    appeals.appeal(session, case, REASON, moves.PERSON, parts.clock())
    session.commit()
    before = case_rows(session, case)
    for deed in ("second/deny", "second/uphold", "decide/deny", "decide/uphold", "work/uphold", "decide/reopen"):
        send(officer, case, deed, **typed)
    assert case_rows(session, case) == before


def test_a_letter_that_has_nowhere_to_go_is_left_out_on_the_case_page(
    session: Session, parts: Parts, ana: Somebody, console: Flask, signed_in: Enter
) -> None:
    """It went by post; the page offers to say so, or the case would be carried out for ever."""
    account = session.get_one(Account, ana.account.id)
    asked = Asked(channel=Channel.POST, about="accuracy", country="DE", zone="Europe/Berlin")
    made = open_request(
        session, parts.settings, account, Kind.RESTRICTION, "gdpr", parts.clock(), moves.SYSTEM, Proof.FURTHER, asked
    )
    made.contact = None
    session.commit()
    work_off(parts)
    plan = digest(session, made.id)
    decisions.approve(session, made.id, plan, moves.Actor(moves.Who.OFFICER, 1), parts.clock())
    session.commit()
    work_off(parts)
    officer = signed_in("Privacy Officer")
    assert f"/requests/{made.id}/decide/skip" in officer.get(f"/requests/{made.id}").text
    failed = session.scalars(select(Step).where(Step.request_id == made.id, Step.name == "tell restricted")).one()
    assert failed.state == "failed"
    typed = {"reason": "another way", "words": "It went by post on 24 November."}
    send(officer, made.id, "decide/skip", step=str(failed.id), **typed, do="act")
    assert look(session, made.id).state == "answered"
