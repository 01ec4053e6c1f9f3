"""A correction (GDPR Art. 16): the fact everywhere it lies, or the dispute beside it."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import plans, rescan
from compliance.errors import MoveRefused
from compliance.export import access
from compliance.reach import Person
from compliance.requests import decisions
from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest
from compliance.standing import Statement
from imgpilot.accounts import links
from imgpilot.accounts.errors import LinkError
from imgpilot.accounts.models import Account, SignInLink
from imgpilot.disclosures import Disclosure
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.requests.conftest import step, work_off
from tests.requests.ending import His
from tests.rights.conftest import (
    ADDRESS,
    OFFICER,
    Ask,
    account_of,
    approve,
    letters_to,
    look,
    new_address_proved,
    refuse,
)
from tests.world import Somebody

NEW = "ana.new@example.org"


def corrected(session: Session, parts: Parts, ask: Ask) -> UUID:
    request_id = ask(Kind.CORRECTION, "email", proposed=" Ana.New@example.org ")
    new_address_proved(session, parts, request_id)
    approve(session, parts, request_id)
    return request_id


def test_p16_an_address_is_corrected_everywhere_it_lies_and_the_old_one_is_nowhere(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    request_id = corrected(session, parts, ask)
    request = look(session, request_id)
    assert (request.state, request.outcome, request.contact) == ("answered", "granted", NEW)
    assert account_of(session, ana).email == NEW
    assert set(session.scalars(select(SignInLink.email))) == {NEW, "bob@example.com"}
    places = step(session, request_id, "correct").evidence["places"]
    assert {"account.email": 1, "sign_in_link.email": 1, "privacy_request.contact": 2}.items() <= places.items()

    found = rescan.scan(session, parts.storage, uuid4(), ADDRESS)
    assert (found.left, found.elsewhere, found.returned) == ({}, {}, {})
    assert letters_to(session, request_id) == ["acknowledgement", "changing", "corrected"]
    assert len(sandbox.mail.to(ADDRESS)) == 2, "the receipt and the warning, to the address as it was"
    assert len(sandbox.mail.to(NEW)) == 2, "the link that proved it, and the answer, to the new one"
    assert his() == before


def test_p16_the_plan_of_a_correction_counts_every_place(session: Session, parts: Parts, ask: Ask) -> None:
    request_id = ask(Kind.CORRECTION, "email", proposed=NEW)
    plan = decisions.newest_plan(session, request_id)
    assert plan
    lines = {(line["table"], line["column"]): line["rows"] for line in plan.body["tables"]}
    assert lines[("account", "email")] == lines[("sign_in_link", "email")] == 1
    new_address_proved(session, parts, request_id)
    approve(session, parts, request_id)
    places = step(session, request_id, "correct").evidence["places"]
    assert places == {f"{table}.{column}": rows for (table, column), rows in lines.items()}


def test_p16_the_companies_that_received_something_are_told_of_a_correction(
    session: Session, parts: Parts, ask: Ask, ana: Somebody
) -> None:
    request_id = ask(Kind.CORRECTION, "email", proposed=NEW)
    received = [key for key, _times in plans.recipients(session, Person(ana.account.id))]
    assert received == ["mail"]
    new_address_proved(session, parts, request_id)
    approve(session, parts, request_id)
    told = step(session, request_id, "note recipients").evidence["recipients"]
    assert [each["processor"] for each in told] == received


def test_a_link_that_lies_in_the_old_mailbox_lets_nobody_in_any_more(
    session: Session, parts: Parts, sandbox: Sandbox, clock: Clock, ask: Ask
) -> None:
    links.ask(session, parts, ADDRESS, "en", clock())
    session.commit()
    token = sandbox.mail.to(ADDRESS)[0].links[0].rpartition("/")[2]
    assert links.look(session, parts.settings, token, clock())
    corrected(session, parts, ask)
    with pytest.raises(LinkError):
        links.look(session, parts.settings, token, clock())


def test_an_address_that_is_taken_is_refused(session: Session, parts: Parts, ask: Ask, his: Callable[[], His]) -> None:
    before = his()
    request_id = ask(Kind.CORRECTION, "email", proposed="bob@example.com")
    new_address_proved(session, parts, request_id)
    with pytest.raises(MoveRefused, match="another account"):
        approve(session, parts, request_id)
    assert look(session, request_id).state == "review"
    assert his() == before


def test_an_address_that_is_taken_between_approval_and_run_changes_nothing(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    request_id = ask(Kind.CORRECTION, "email", proposed=NEW)
    new_address_proved(session, parts, request_id)
    plan = decisions.newest_plan(session, request_id)
    assert plan
    decisions.approve(session, request_id, plan.digest, OFFICER, clock())
    session.add(Account(email=NEW, created_at=clock()))
    session.commit()
    work_off(parts)
    # Back to the officer, who is told why and can refuse: tried again it would fail for ever.
    assert (look(session, request_id).state, step(session, request_id, "correct").state) == ("review", "waiting")
    with pytest.raises(MoveRefused, match="another account"):
        approve(session, parts, request_id)
    assert account_of(session, ana).email == ADDRESS


@pytest.mark.parametrize(
    ("proposed", "proved", "said"),
    [(NEW, False, "not confirmed yet"), ("no address", True, "not an e-mail address"), ("", True, "not an e-mail")],
)
def test_an_address_is_not_corrected_before_its_owner_confirmed_it(
    session: Session, parts: Parts, ana: Somebody, ask: Ask, proposed: str, proved: bool, said: str
) -> None:
    request_id = ask(Kind.CORRECTION, "email", proposed=proposed)
    if proved:
        new_address_proved(session, parts, request_id)
    with pytest.raises(MoveRefused, match=said):
        approve(session, parts, request_id)
    assert account_of(session, ana).email == ADDRESS


def test_p16_a_correction_that_is_refused_keeps_the_dispute_in_every_copy_from_then_on(
    session: Session, parts: Parts, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    words = "The model that stands there is not the one I chose."
    request_id = ask(Kind.CORRECTION, "other", details=words)
    refuse(session, parts, request_id, "is-correct")
    assert look(session, request_id).state == "refused"
    assert letters_to(session, request_id)[-1] == "refusal"
    kept = session.scalars(select(Statement).where(Statement.request_id == request_id)).one()
    assert (kept.account_id, kept.text) == (ana.account.id, words)
    held = {holding.table.name: holding.rows for holding in access.holdings(session, ana.account.id)}
    assert held["statement"] == 2, "beside the one from before"
    assert his() == before


def test_p16_what_is_no_single_fact_is_completed_by_a_statement_of_hers(
    session: Session, parts: Parts, ana: Somebody, ask: Ask
) -> None:
    request_id = ask(Kind.CORRECTION, "other", details="I asked for this picture for my late mother.")
    assert approve(session, parts, request_id).state == "answered"
    assert step(session, request_id, "correct").evidence == {"statement": True}
    texts = session.scalars(select(Statement.text).where(Statement.request_id == request_id)).all()
    assert texts == ["I asked for this picture for my late mother."]


def test_a_correction_that_says_nothing_is_not_approved(session: Session, parts: Parts, ask: Ask) -> None:
    request_id = ask(Kind.CORRECTION, "other")
    with pytest.raises(MoveRefused, match="does not say what is wrong"):
        approve(session, parts, request_id)


def test_p16_her_next_letters_and_disclosures_go_to_the_corrected_address(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, ana: Somebody, ask: Ask
) -> None:
    corrected(session, parts, ask)
    clock.tick(days=1)
    copy = ask(Kind.ACCESS)
    assert look(session, copy).contact == NEW
    assert len(sandbox.mail.to(NEW)) == 3
    last = session.scalars(select(Disclosure).order_by(Disclosure.at.desc()).limit(1)).one()
    assert last.account_id == ana.account.id
    assert session.scalars(select(PrivacyRequest.contact).where(PrivacyRequest.contact == ADDRESS)).all() == []
