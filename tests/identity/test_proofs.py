"""What a proof does: whose request it becomes, when work begins, what an officer can accept and what not."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.errors import MoveRefused
from compliance.identity import facts, links, proofs
from compliance.requests import decisions
from compliance.requests.casework import IdentityCheck, RequestLetter
from compliance.requests.kinds import Kind, Outcome, Proof, State
from compliance.requests.models import Step
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import open_request
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.identity.conftest import CALIFORNIA, CLERK, OFFICER, STRANGER, Sent, happened, link, look
from tests.world import Somebody

THREE, TWO = "three facts match and declaration", "two facts match"


def yes(session: Session, parts: Parts, token: str) -> None:
    proofs.answer_yes(session, parts.settings, token, parts.clock())
    session.commit()


def right(account: Account) -> dict[str, str]:
    """What Ana would answer."""
    return {"made": f"{account.created_at:%Y-%m}", "model": "ANA-model", "pictures": "1-9"}


def test_who_reads_the_mail_of_an_account_asks_as_its_owner(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("Ana@Example.com ")
    yes(session, parts, link(parts, request))
    now = look(session, request)
    assert (now.account_id, now.proof, now.state) == (ana.account.id, Proof.ADDRESS, State.RECEIVED)
    assert now.subject == digests.of_subject(parts.settings, ana.account.id)
    assert happened(session, request, "proved") == [{"method": "address", "proof": "address"}]
    names = set(session.scalars(select(Step.name).where(Step.request_id == request.id)))
    assert {"count", "tell acknowledgement", "tell confirm"} <= names


def test_an_address_without_an_account_is_proved_and_waits_for_an_officer(
    session: Session, parts: Parts, sent: Sent
) -> None:
    request = sent("nobody@example.com")
    yes(session, parts, link(parts, request))
    now = look(session, request)
    assert (now.account_id, now.proof, now.state) == (None, Proof.ADDRESS, State.PROVING)
    assert happened(session, request, "proved") == [{"method": "address", "proof": "address", "waits for": "account"}]
    decisions.refuse(session, request.id, "", OFFICER, parts.clock(), "nothing-held")


def test_a_deletion_that_an_address_proves_needs_two_officers_and_cools_off(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com", Kind.DELETION)
    yes(session, parts, link(parts, request))
    assert look(session, request).cooling
    assert look(session, request).proof not in (Proof.SIGNED_IN, Proof.FRESH)


def test_it_was_not_me_ends_it_and_forgets_the_address(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com", details="send it all to me", claimed="bob@example.com")
    proofs.answer_no(session, parts.settings, link(parts, request), parts.clock())
    session.commit()
    now = look(session, request)
    assert (now.state, now.outcome, now.contact, now.details) == (State.REFUSED, Outcome.WITHDRAWN, None, None)
    assert happened(session, request, "disowned") == [{"method": "address"}]
    left = select(Step.name).where(Step.request_id == request.id, Step.state.in_(("ready", "waiting")))
    assert session.scalars(left).all() == []


def test_asked_twice_the_second_joins_the_first_with_the_earlier_clock(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, clock: Clock
) -> None:
    by_mail = sent("ana@example.com")
    token = link(parts, by_mail)
    clock.tick(days=3)
    account = session.get_one(Account, ana.account.id)
    signed_in = open_request(session, parts.settings, account, Kind.ACCESS, "gdpr", clock())
    session.commit()
    yes(session, parts, token)
    one, other = look(session, by_mail), look(session, signed_in)
    assert (one.state, one.merged_into, one.account_id) == (State.MERGED, other.id, ana.account.id)
    assert (other.state, other.proof, other.received_at) == (State.RECEIVED, Proof.SIGNED_IN, one.received_at)


def test_nothing_new_is_asked_for_an_account_that_is_being_deleted(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com")
    token = link(parts, request)
    session.get_one(Account, ana.account.id).frozen_at = parts.clock()
    session.commit()
    with pytest.raises(MoveRefused, match="is being deleted"):
        proofs.answer_yes(session, parts.settings, token, parts.clock())
    assert look(session, request).state == State.PROVING


def test_an_objection_suspends_only_once_it_is_proved(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    from imgpilot.accounts import choices

    request = sent("ana@example.com", Kind.OBJECTION, about="statistics")
    assert choices.newest(session, ana.account.id, "statistics") is None
    yes(session, parts, link(parts, request))
    said = choices.newest(session, ana.account.id, "statistics")
    assert said is not None and not said.allowed


def test_a_new_address_is_proved_by_its_own_link_and_moves_nothing(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com", Kind.CORRECTION, about="email", proposed="ana@example.net")
    yes(session, parts, link(parts, request, links.NEW_ADDRESS))
    assert (look(session, request).state, look(session, request).proof) == (State.PROVING, Proof.NONE)
    passed = select(IdentityCheck.method).where(IdentityCheck.passed_at.is_not(None))
    assert "new address" in session.scalars(passed.where(IdentityCheck.request_id == request.id)).all()


def test_the_new_addresss_owner_can_say_no_without_ending_the_request(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com", Kind.CORRECTION, about="email", proposed="eve@example.net")
    proofs.answer_no(session, parts.settings, link(parts, request, links.NEW_ADDRESS), parts.clock())
    session.commit()
    assert look(session, request).state == State.PROVING
    assert (look(session, request).contact, look(session, request).proposed) == ("ana@example.com", None)
    assert happened(session, request, "proof failed") == [{"method": "new address"}]


def test_asking_for_more_stops_the_clock_where_the_law_lets_it_and_proof_starts_it(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, clock: Clock
) -> None:
    request = sent("ana@example.com")
    yes(session, parts, link(parts, request))
    due = look(session, request).due_on
    proofs.ask_more(session, request.id, "document", CLERK, clock())
    session.commit()
    asked = look(session, request)
    assert (asked.state, asked.paused_on, asked.paused_for) == (State.PROVING, clock().date(), "identity")
    assert proofs.asked_for(session, asked) == "document"
    letter = session.scalars(select(RequestLetter).where(RequestLetter.request_id == request.id)).one()
    assert letter.body and "Black out whatever" in letter.body and "stands still" in letter.body
    clock.tick(days=7)
    proofs.accept_further(session, parts.settings, request.id, ana.account.id, "document seen", OFFICER, clock())
    session.commit()
    now = look(session, request)
    assert (now.state, now.proof, now.paused_on) == (State.RECEIVED, Proof.FURTHER, None)
    assert now.due_on >= due + timedelta(days=7)
    assert proofs.asked_for(session, now) == ""


def test_asking_for_more_lets_the_clock_run_where_the_law_says_so(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com", place=CALIFORNIA)
    due = request.due_on
    proofs.ask_more(session, request.id, "document", OFFICER, parts.clock())
    session.commit()
    assert (look(session, request).paused_on, look(session, request).due_on) == (None, due)


def test_a_link_is_not_enough_once_more_was_asked_for(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com")
    token = link(parts, request)
    proofs.ask_more(session, request.id, "document", OFFICER, parts.clock())
    session.commit()
    yes(session, parts, token)
    assert (look(session, request).state, look(session, request).account_id) == (State.PROVING, None)
    assert happened(session, request, "proved")[0]["waits for"] == "further proof"


def test_more_than_is_on_the_list_is_never_asked_for(session: Session, parts: Parts, sent: Sent) -> None:
    with pytest.raises(MoveRefused, match="No more than that"):
        proofs.ask_more(session, sent("ana@example.com").id, "passport", OFFICER, parts.clock())


@pytest.mark.parametrize("staff", [CLERK, Actor(Who.APPROVER, 3), Actor(Who.PERSON), Actor(Who.SYSTEM)])
def test_only_an_officer_accepts_further_proof(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, staff: Actor
) -> None:
    request = sent(STRANGER, claimed="ana@example.com")
    with pytest.raises(MoveRefused, match="not yours"):
        proofs.accept_further(
            session, parts.settings, request.id, ana.account.id, "document seen", staff, parts.clock()
        )


def test_facts_count_only_if_they_were_compared_for_this_account(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, bob: Somebody
) -> None:
    request = sent(STRANGER, claimed="ana@example.com")

    def accept(account: Account, checked: str) -> None:
        proofs.accept_further(session, parts.settings, request.id, account.id, checked, OFFICER, parts.clock())

    with pytest.raises(MoveRefused, match="Compare the answers"):
        accept(ana.account, THREE)
    session.rollback()
    answers = right(session.get_one(Account, ana.account.id))
    found = facts.compare(session, parts.settings, request.id, ana.account.id, answers, CLERK, parts.clock())
    session.commit()
    assert found == 3
    with pytest.raises(MoveRefused, match="Two facts are not enough"):
        accept(ana.account, TWO)
    session.rollback()
    with pytest.raises(MoveRefused, match="Compare the answers"):
        accept(bob.account, THREE)
    session.rollback()
    accept(ana.account, THREE)
    session.commit()
    now = look(session, request)
    assert (now.account_id, now.proof, now.state) == (ana.account.id, Proof.FURTHER, State.RECEIVED)


def test_staff_learn_how_many_facts_match_and_nothing_else(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent(STRANGER, claimed="ana@example.com")
    answers = right(ana.account) | {"model": "gpt-image-2"}
    assert facts.compare(session, parts.settings, request.id, ana.account.id, answers, CLERK, parts.clock()) == 2
    session.commit()
    said = happened(session, request, "facts compared")
    subject = digests.of_subject(parts.settings, ana.account.id)
    assert said == [{"matches": 2, "of": 3, "account": subject}]
    logged = session.scalars(select(Entry.facts).where(Entry.action == "request facts compared")).one()
    assert "ANA" not in str(logged)


def test_the_questions_are_the_same_for_every_account() -> None:
    keys = {question.key for question in facts.facts_to_ask()}
    assert keys == {"made", "model", "pictures"}


def test_nobody_guesses_more_than_three_times(session: Session, parts: Parts, sent: Sent, ana: Somebody) -> None:
    request = sent(STRANGER, claimed="ana@example.com")
    for _time in range(facts.TRIES):
        facts.compare(session, parts.settings, request.id, ana.account.id, {}, CLERK, parts.clock())
        session.commit()
    with pytest.raises(MoveRefused, match="three times"):
        facts.compare(session, parts.settings, request.id, ana.account.id, right(ana.account), CLERK, parts.clock())


def test_the_owner_is_warned_when_another_address_was_accepted_for_the_account(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    other, own = sent(STRANGER, claimed="ana@example.com"), sent("ana@example.com", Kind.PORTABILITY)
    for request in (other, own):
        proofs.accept_further(
            session, parts.settings, request.id, ana.account.id, "known from correspondence", OFFICER, parts.clock()
        )
    session.commit()
    warned = select(Step.request_id).where(Step.name == "warn owner")
    assert session.scalars(warned).all() == [other.id]


def test_proof_that_does_not_hold_leaves_the_request_waiting_to_be_refused(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent(STRANGER, claimed="ana@example.com")
    proofs.ask_more(session, request.id, "document", OFFICER, parts.clock())
    proofs.reject(session, request.id, "document seen", CLERK, parts.clock())
    session.commit()
    assert look(session, request).state == State.PROVING
    check = session.scalars(select(IdentityCheck).where(IdentityCheck.request_id == request.id)).one()
    assert (check.failed_at, check.checked, check.decided_by) == (parts.clock(), "document seen", 2)
    decisions.refuse(session, request.id, "", OFFICER, parts.clock(), "not-proved")
    session.commit()
    assert look(session, request).state == State.REFUSED


def test_a_second_request_of_another_address_for_the_same_is_not_slipped_in(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    account = session.get_one(Account, ana.account.id)
    hers = open_request(session, parts.settings, account, Kind.ACCESS, "gdpr", parts.clock())
    session.commit()
    other = sent(STRANGER, claimed="ana@example.com")
    with pytest.raises(MoveRefused, match=hers.case):
        proofs.accept_further(
            session, parts.settings, other.id, ana.account.id, "document seen", OFFICER, parts.clock()
        )
    assert look(session, hers).contact == "ana@example.com"


def test_every_proof_stands_in_the_audit_log(session: Session, parts: Parts, sent: Sent, ana: Somebody) -> None:
    request = sent("ana@example.com")
    yes(session, parts, link(parts, request))
    count = select(func.count()).where(Entry.action == "request proved")
    assert session.scalar(count) == 1
