"""The page of a person: found by anything that names them, masked, and every look written down."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import finding, reach
from compliance.audit.models import Entry
from compliance.requests.models import PrivacyRequest
from imgpilot import digests
from imgpilot.accounts.models import SignIn
from imgpilot.billing.models import CreditEntry
from imgpilot.disclosures import Disclosure
from imgpilot.generation.models import Generation, Image
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.console.conftest import Enter
from tests.portal.test_centre import text_of
from tests.world import Somebody, person


def find(browser: Browser, what: str, reason: str = "answering a request") -> str:
    """What a search shows."""
    answer = browser.post("/people/", {"what": what, "reason": reason})
    assert answer.status_code == 200, answer.text
    return answer.text


def entries(session: Session, action: str) -> list[Entry]:
    """What stands in the audit log of this, oldest first."""
    session.rollback()
    return list(session.scalars(select(Entry).where(Entry.action == action).order_by(Entry.seq)))


def a_row(session: Session, table: type, account_id: UUID) -> UUID:
    """The id of one of this person's rows there."""
    condition = reach.hers(table.__table__, reach.Person(account_id))  # type: ignore[attr-defined]
    assert condition is not None
    found = session.scalars(select(table.id).where(condition)).first()  # type: ignore[attr-defined]
    assert isinstance(found, UUID)
    return found


@pytest.mark.parametrize("table", [Generation, Image, SignIn, CreditEntry, Disclosure])
def test_somebody_is_found_by_the_number_of_anything_of_theirs(
    session: Session, parts: Parts, ana: Somebody, table: type
) -> None:
    person(session, parts, "bob")
    found = finding.find(session, parts.settings, f" {a_row(session, table, ana.account.id)} ")
    assert [one.email for one in found.people] == ["ana@example.com"]
    assert found.by == table.__tablename__  # type: ignore[attr-defined]


def test_somebody_is_found_by_address_case_account_and_object(
    session: Session, parts: Parts, ana: Somebody, case: UUID
) -> None:
    number = session.get_one(PrivacyRequest, case).case
    key = session.scalars(select(Image.object_key).where(Image.object_key.is_not(None))).first()
    for what in ("ANA@example.com", number, number.lower(), str(ana.account.id), str(case), str(key)):
        assert [one.id for one in finding.find(session, parts.settings, what).people] == [ana.account.id], what
    for what in (
        "",
        "ana",
        "IP-1",
        "IP-2026-x",
        "IP-1999-0001",
        str(uuid4()),
        "a/b",
        "x\0y",
        "0" * 500,
        "ana@example.org",
    ):
        found = finding.find(session, parts.settings, what)
        assert not found.people, what
        assert not found.cases, what


def test_who_was_erased_is_found_by_the_digest_of_the_id_alone(
    session: Session, parts: Parts, ana: Somebody, case: UUID
) -> None:
    gone = uuid4()
    request = session.get_one(PrivacyRequest, case)
    request.account_id, request.contact, request.subject = None, None, digests.of_subject(parts.settings, gone)
    session.flush()
    for what in (str(gone), request.subject):
        assert [one.id for one in finding.find(session, parts.settings, what).cases] == [case]


def test_a_search_is_written_down_with_its_reason_and_without_its_words(
    session: Session, parts: Parts, ana: Somebody, officer: Browser, staff: dict[str, int]
) -> None:
    page = find(officer, "ana@example.com", "complaint")
    assert f"/people/{ana.account.id}" in page
    assert "ana@example.com" not in page
    (entry,) = entries(session, "staff searched")
    assert entry.actor == f"staff:{staff['Privacy Officer']}"
    assert entry.subject == digests.of_subject(parts.settings, ana.account.id)
    assert entry.facts == {"by": "address", "reason": "complaint", "found": 1}


def test_nobody_searches_without_a_reason(session: Session, ana: Somebody, officer: Browser) -> None:
    answer = officer.post("/people/", {"what": "ana@example.com", "reason": "curious"})
    assert answer.status_code == 409
    assert f"/people/{ana.account.id}" not in answer.text
    assert entries(session, "staff searched") == []


def test_a_search_that_finds_nobody_says_so(session: Session, ana: Somebody, officer: Browser) -> None:
    assert "Nobody was found" in find(officer, "who@example.com")
    assert entries(session, "staff searched")[0].facts["found"] == 0


def test_the_page_shows_what_is_held_and_masks_it(
    session: Session, parts: Parts, ana: Somebody, case: UUID, signed_in: Enter
) -> None:
    page = signed_in("Auditor").get(f"/people/{ana.account.id}").text
    text = text_of(page)
    assert session.get_one(PrivacyRequest, case).case in text
    for said in ("What is held", "sign_in", "credit_entry", "Who received something", "Choices and their proof"):
        assert said in text, said
    browser = session.scalars(select(SignIn.browser).where(SignIn.account_id == ana.account.id)).first()
    assert "ana@example.com" not in page
    assert str(browser) not in page
    (entry,) = entries(session, "staff read person")
    assert entry.subject == digests.of_subject(parts.settings, ana.account.id)


@pytest.mark.parametrize("field", ["email", "browsers"])
def test_each_value_is_shown_for_a_reason_and_written_down(
    session: Session, ana: Somebody, officer: Browser, field: str
) -> None:
    at = f"/people/{ana.account.id}"
    browser = str(session.scalars(select(SignIn.browser).where(SignIn.account_id == ana.account.id)).first())
    page = officer.post(f"{at}/unmask", {"field": field, "reason": "legal demand"}, on=at).text
    assert ("ana@example.com" in page) is (field == "email")
    assert (browser in page) is (field == "browsers")
    (entry,) = entries(session, "staff unmasked value")
    assert entry.facts == {"field": field, "reason": "legal demand"}


@pytest.mark.parametrize(("field", "reason"), [("email", ""), ("email", "x"), ("prompt", "complaint")])
def test_nothing_is_shown_without_a_reason_of_the_list(
    session: Session, ana: Somebody, officer: Browser, field: str, reason: str
) -> None:
    at = f"/people/{ana.account.id}"
    assert officer.post(f"{at}/unmask", {"field": field, "reason": reason}, on=at).status_code == 302
    assert entries(session, "staff unmasked value") == []


def test_who_is_not_there_is_not_found(officer: Browser) -> None:
    assert officer.get(f"/people/{uuid4()}").status_code == 404


def test_nobodys_rows_are_on_somebody_elses_page(
    session: Session, parts: Parts, ana: Somebody, asked: Callable[..., UUID], officer: Browser
) -> None:
    bob = person(session, parts, "bob")
    theirs = session.get_one(PrivacyRequest, asked(bob.account.id)).case
    assert theirs not in officer.get(f"/people/{ana.account.id}").text
