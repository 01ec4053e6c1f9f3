"""The same done to many cases: each checked by its own law, in its own transaction, and said of each what became."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.console import queue_bulk
from compliance.requests.casework import RequestLetter
from compliance.requests.models import Happening, PrivacyRequest
from imgpilot import db
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.console.conftest import FORM, Enter
from tests.portal.test_centre import text_of

REASON = "We get far more requests than usual this month & have to read <long> mails."
Send = Callable[..., str]


@pytest.fixture
def send(console: object) -> Send:
    """Tick these cases and press a button; the page that is read then."""

    def press(browser: Browser, path: str, ids: list[UUID], **fields: str) -> str:
        data: dict[str, object] = {"csrf_token": browser.csrf(FORM), "rowid": [str(one) for one in ids]}
        answer = browser.send(f"/requests/{path}", data | fields)  # type: ignore[arg-type]
        page = browser.get(answer.location).text if answer.status_code == 302 else answer.text
        return text_of(page)

    return press


def rows(session: Session, ids: list[UUID]) -> list[PrivacyRequest]:
    """The cases as they are now, in this order."""
    session.expire_all()
    session.rollback()
    return [session.get_one(PrivacyRequest, id_) for id_ in ids]


def test_chosen_cases_are_assigned_to_me(
    session: Session, signed_in: Enter, many: Callable[[int], list[UUID]], send: Send
) -> None:
    ids = many(3)
    assert "2 cases assigned" in send(signed_in("Privacy Agent"), "bulk", ids[:2], act="mine")
    first, second, third = rows(session, ids)
    assert first.assigned_to == second.assigned_to is not None
    assert third.assigned_to is None


def test_chosen_cases_go_to_a_colleague_and_back_to_nobody(
    session: Session, officer: Browser, staff: dict[str, int], many: Callable[[int], list[UUID]], send: Send
) -> None:
    ids = many(2)
    assert "2 cases assigned" in send(officer, "bulk", ids, act="assign", to=str(staff["Privacy Agent"]))
    assert [one.assigned_to for one in rows(session, ids)] == [staff["Privacy Agent"]] * 2
    assert "Privacy Agent" in text_of(officer.get("/requests/").text)
    assert "1 case assigned" in send(officer, "bulk", ids[:1], act="assign", to="nobody")
    assert rows(session, ids)[0].assigned_to is None


@pytest.mark.parametrize("to", ["Auditor", "999", "nonsense", ""])
def test_nobody_is_given_a_case_who_does_not_work_on_cases(
    session: Session, officer: Browser, staff: dict[str, int], many: Callable[[int], list[UUID]], send: Send, to: str
) -> None:
    ids = many(1)
    said = send(officer, "bulk", ids, act="assign", to=str(staff.get(to, to)))
    assert "Choose who gets the cases. Nothing was changed." in said
    assert rows(session, ids)[0].assigned_to is None


def test_what_cannot_be_done_to_one_case_is_done_to_the_others_and_said(
    session: Session, officer: Browser, many: Callable[[int], list[UUID]], send: Send, clock: Clock
) -> None:
    ids = many(3)
    rows(session, ids)[1].acknowledged_at = clock()
    session.commit()
    said = send(officer, "bulk", ids, act="acknowledge")
    assert "2 receipts confirmed, 1 was not" in said
    assert f"{rows(session, ids)[1].case} Not done Receipt was confirmed already." in said
    assert all(one.acknowledged_at for one in rows(session, ids))
    done = session.scalars(select(Happening).where(Happening.what == "acknowledged"))
    assert {one.request_id for one in done} == {ids[0], ids[2]}


def test_each_case_of_a_bulk_stands_in_the_audit_log(
    session: Session, officer: Browser, many: Callable[[int], list[UUID]], send: Send
) -> None:
    ids = many(3)
    send(officer, "bulk", ids, act="mine")
    session.rollback()
    written = session.scalars(select(Entry).where(Entry.action == "request assigned")).all()
    assert {entry.facts["case"] for entry in written} == {one.case for one in rows(session, ids)}
    assert len(written) == 3


def test_extending_first_says_what_it_means_for_each_by_its_own_law(
    session: Session, officer: Browser, many: Callable[[int], list[UUID]], send: Send, clock: Clock
) -> None:
    ids = many(4)
    gdpr, brazil, again, decided = rows(session, ids)
    brazil.regime, again.extended_at, decided.state = "lgpd", clock(), "running"
    session.commit()
    said = send(officer, "extend", ids)
    assert "Extend 1 deadline?" in said
    assert f"{gdpr.case} GDPR Wed 23 Dec Tue 23 Feb 2027" in said
    assert f"{brazil.case} LGPD (Brazil)" in said
    assert "Not extended: This law allows no extension." in said
    assert "Not extended: This request was extended already." in said
    assert "Not extended: It is decided already." in said
    assert rows(session, ids)[0].extended_at is None
    assert not session.scalars(select(Happening).where(Happening.what == "extended")).all()


def test_extended_cases_get_the_reason_in_their_letters(
    session: Session, officer: Browser, many: Callable[[int], list[UUID]], send: Send
) -> None:
    ids = many(2)
    said = send(officer, "extend", ids, confirmed="1", reason=REASON)
    assert "2 cases extended" in said
    assert "Extended to Tue 23 Feb 2027" in text_of(officer.get("/requests/").text)
    assert all(one.extended_at for one in rows(session, ids))
    letters = session.scalars(select(RequestLetter)).all()
    assert {letter.request_id for letter in letters} == set(ids)
    assert all(REASON in (letter.body or "") for letter in letters)
    assert all("2027" in (letter.body or "") for letter in letters)


def test_what_became_of_each_is_said_after_extending(
    session: Session, officer: Browser, many: Callable[[int], list[UUID]], send: Send
) -> None:
    ids = many(3)
    rows(session, ids)[2].regime = "lgpd"
    session.commit()
    said = send(officer, "extend", ids, confirmed="1", reason=REASON)
    assert "2 cases extended, 1 was not" in said
    assert f"{rows(session, ids)[2].case} Not done This law allows no extension." in said
    assert [one.extended_at is None for one in rows(session, ids)] == [False, False, True]


def test_without_a_reason_nothing_is_extended_and_what_was_typed_is_kept(
    session: Session, officer: Browser, many: Callable[[int], list[UUID]]
) -> None:
    ids = many(1)
    fields = {"csrf_token": officer.csrf(FORM), "rowid": str(ids[0]), "confirmed": "1", "reason": "too short"}
    answer = officer.send("/requests/extend", fields)
    assert answer.status_code == 422
    assert "Say why, in a sentence or two" in text_of(answer.text)
    assert ">too short</textarea>" in answer.text
    assert rows(session, ids)[0].extended_at is None


@pytest.mark.parametrize("path", ["bulk", "extend"])
@pytest.mark.parametrize("chosen", [[], ["nonsense"]])
def test_with_nothing_chosen_nothing_is_done(officer: Browser, send: Send, path: str, chosen: list[UUID]) -> None:
    assert "Choose the cases first. Nothing was changed." in send(officer, path, chosen, act="mine")


def test_more_than_a_page_is_not_taken(officer: Browser, send: Send) -> None:
    chosen = [UUID(int=n) for n in range(queue_bulk.MOST + 1)]
    assert "That is more than one page. Nothing was changed." in send(officer, "bulk", chosen, act="mine")


def test_a_case_that_a_colleague_holds_open_stops_only_itself(
    session: Session, parts: Parts, officer: Browser, many: Callable[[int], list[UUID]], send: Send
) -> None:
    ids = many(2)
    with db.sessions(parts.engine)() as other:
        other.get_one(PrivacyRequest, ids[0], with_for_update=True)
        said = send(officer, "bulk", ids, act="mine")
    assert "1 case assigned, 1 was not" in said
    assert "Somebody else is working on it this moment." in said
    assert [one.assigned_to is None for one in rows(session, ids)] == [True, False]


def test_an_agent_has_no_button_to_extend_and_an_auditor_has_no_boxes(
    signed_in: Enter, many: Callable[[int], list[UUID]]
) -> None:
    many(1)
    agent, auditor = (signed_in(role).get("/requests/").text for role in ("Privacy Agent", "Auditor"))
    assert "Assign to me" in agent
    assert "Extend the deadline" not in agent
    assert 'name="rowid"' not in auditor
    assert "Assign to me" not in auditor


def test_after_a_bulk_one_is_back_in_the_same_queue(officer: Browser, many: Callable[[int], list[UUID]]) -> None:
    ids = many(1)
    fields = {"csrf_token": officer.csrf(FORM), "rowid": str(ids[0]), "act": "mine", "query": "view=soon&kind=access"}
    assert officer.send("/requests/bulk", fields).location == "/requests/?view=soon&kind=access"
    fields["query"] = "view=nowhere&kind=x&owner=ana@example.com"
    assert officer.send("/requests/bulk", fields).location == "/requests/?view=open"


def test_days_that_the_clock_stood_still_are_added_to_an_extension(
    session: Session, officer: Browser, many: Callable[[int], list[UUID]], send: Send
) -> None:
    ids = many(1)
    rows(session, ids)[0].due_on += timedelta(days=5)
    session.commit()
    assert "Fri 26 Feb 2027" in send(officer, "extend", ids)
    send(officer, "extend", ids, confirmed="1", reason=REASON)
    assert rows(session, ids)[0].due_on.isoformat() == "2027-02-26"
