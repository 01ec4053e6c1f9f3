"""Holds and restrictions in the console: placed and lifted by officers, each after reading what it means."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import holds, inventory, words
from compliance.console import own_words
from compliance.standing import Hold, Restriction
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.console.conftest import FORM, Enter
from tests.console.test_person import entries
from tests.portal.test_centre import text_of
from tests.world import Somebody

WHY = "The court of Lyon asked to keep the invoices."


def place(browser: Browser, account_id: UUID, **fields: str) -> tuple[int, str]:
    """Send the form."""
    at = f"/holds/new/{account_id}"
    given = {"reference": "RG 26/0412", "reason": WHY, "what": "all"} | fields
    answer = browser.post(at, given)
    return answer.status_code, text_of(answer.text)


@pytest.fixture
def hold(session: Session, ana: Somebody, officer: Browser) -> Hold:
    """A hold on Ana's credit entries."""
    assert place(officer, ana.account.id, what="some", records="credit_entry")[0] == 302
    session.rollback()
    return session.scalars(select(Hold).where(Hold.lifted_at.is_(None))).one()


def test_a_hold_names_its_records_in_plain_words(session: Session, ana: Somebody, officer: Browser, hold: Hold) -> None:
    assert hold.records == ["credit_entry"]
    assert session.get_one(Account, ana.account.id).held_at is not None
    listed = text_of(officer.get("/holds/").text)
    assert "RG 26/0412" in listed
    assert "ana@example.com" not in listed
    assert "RG 26/0412" in text_of(officer.get(f"/people/{ana.account.id}").text)
    assert "On hold since" in text_of(officer.get(f"/people/{ana.account.id}").text)
    assert entries(session, "hold placed")[0].facts == {"records": 1}


@pytest.mark.parametrize(
    "fields",
    [
        {"reference": " "},
        {"reason": "Because."},
        {"what": "some"},
        {"what": "some", "records": "ab_user"},
        {"records": "image"},
    ],
)
def test_a_hold_without_a_demand_a_reason_or_records_is_not_placed(
    session: Session, ana: Somebody, officer: Browser, fields: dict[str, str]
) -> None:
    status, page = place(officer, ana.account.id, **fields)
    assert status == 409
    assert "No hold was placed" in page
    assert session.scalars(select(Hold).where(Hold.lifted_at.is_(None))).all() == []


def test_before_it_is_lifted_one_reads_what_becomes_due(
    session: Session, parts: Parts, ana: Somebody, officer: Browser, hold: Hold
) -> None:
    page = text_of(officer.get(f"/holds/{hold.id}/lift").text)
    assert "What becomes due" in page
    table = next(one for one in inventory.tables() if one.name == "credit_entry")
    assert words.capitalize_first(own_words.STAFF_SAY[inventory.why(table).noun]) in page
    session.rollback()
    assert session.get_one(Hold, hold.id).lifted_at is None
    answer = officer.post(f"/holds/{hold.id}/lift")
    assert (answer.status_code, answer.location) == (302, f"/people/{ana.account.id}")
    session.expire_all()
    assert session.get_one(Hold, hold.id).lifted_at is not None
    assert session.get_one(Account, ana.account.id).held_at is None
    assert "Lifted" in text_of(officer.get("/holds/").text)
    again = officer.send(f"/holds/{hold.id}/lift", {"csrf_token": officer.csrf(FORM)})
    assert again.status_code == 302
    assert "does not stand any more" in text_of(officer.get("/holds/").text)


def test_what_another_hold_keeps_does_not_become_due(
    session: Session, parts: Parts, ana: Somebody, officer: Browser, hold: Hold, staff: dict[str, int]
) -> None:
    holds.place(parts, session, ana.account.id, [], "File 7", WHY, staff["Privacy Officer"])
    session.commit()
    page = text_of(officer.get(f"/holds/{hold.id}/lift").text)
    assert "Nothing becomes due" in page
    assert "1 other hold goes on standing." in page


@pytest.mark.parametrize("role", ["Privacy Agent", "Approver", "Auditor"])
def test_who_is_no_officer_sees_holds_and_changes_none(
    ana: Somebody, officer: Browser, hold: Hold, signed_in: Enter, role: str
) -> None:
    browser = signed_in(role)
    page = browser.get("/holds/").text
    assert "RG 26/0412" in page
    assert f"/holds/{hold.id}/lift" not in page
    assert "/holds/new/" not in browser.get(f"/people/{ana.account.id}").text
    assert browser.get(f"/holds/new/{ana.account.id}").status_code == 403


def test_a_restriction_ends_only_after_the_person_was_told(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, officer: Browser
) -> None:
    one = Restriction(account_id=ana.account.id, ground="accuracy", since=clock())
    session.add(one)
    session.commit()
    at, token = f"/people/{ana.account.id}", {"csrf_token": officer.csrf(FORM)}
    officer.send(f"/holds/restrictions/{one.id}/end", token)
    assert "Tell the person first" in text_of(officer.get(at).text)
    officer.send(f"/holds/restrictions/{one.id}/announce", token)
    assert "There is no address to write to." in text_of(officer.get(at).text)
    session.expire_all()
    assert session.get_one(Restriction, one.id).lifted_at is None
