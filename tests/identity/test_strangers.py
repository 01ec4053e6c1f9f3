"""Somebody else's request for Ana's data fails, in every way that we could think of."""

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from compliance.errors import MoveRefused
from compliance.identity import asking, proofs
from compliance.identity.asking import NotFilledIn, TooManyAsked
from compliance.requests import decisions, moves
from compliance.requests.kinds import Channel, Kind, Proof, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Move
from compliance.requests.opening import open_request
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.identity.conftest import OFFICER, STRANGER, Sent, happened, link, look
from tests.requests.conftest import approve, work_off
from tests.world import Somebody, stands_in

NOT_AT_ONCE = [kind for kind in Kind if kind is not Kind.OPT_OUT]
ABOUT = {
    Kind.CORRECTION: "other",
    Kind.RESTRICTION: "accuracy",
    Kind.OBJECTION: "statistics",
    Kind.CONSENT_WITHDRAWAL: "news",
}


def send(sent: Sent, address: str, kind: Kind, **more: object) -> PrivacyRequest:
    """The form with what this kind needs."""
    return sent(address, kind, about=ABOUT.get(kind, ""), details="because", **more)


@pytest.mark.parametrize("kind", NOT_AT_ONCE)
def test_with_anas_address_only_ana_gets_mail_and_nothing_is_done(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, sandbox: Sandbox, kind: Kind
) -> None:
    request = send(sent, "ana@example.com", kind)
    work_off(parts)
    now = look(session, request)
    assert (now.state, now.account_id, now.proof) == (State.PROVING, None, Proof.NONE)
    assert len(sandbox.mail.to("ana@example.com")) == 1
    assert sandbox.mail.to(STRANGER) == []
    names = session.scalars(select(Step.name).where(Step.request_id == request.id)).all()
    assert names == ["tell confirm"]


@pytest.mark.parametrize("kind", NOT_AT_ONCE)
def test_with_his_own_address_he_gets_nothing_of_the_account_he_claims(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, kind: Kind
) -> None:
    request = send(sent, STRANGER, kind, claimed="ana@example.com")
    assert request.claimed_id == ana.account.id
    proofs.answer_yes(session, parts.settings, link(parts, request), parts.clock())
    session.commit()
    now = look(session, request)
    assert (now.state, now.account_id) == (State.PROVING, None)
    for what in (Move.PROVE, Move.SHOW_PLAN, Move.APPROVE, Move.BEGIN):
        for actor in (moves.PERSON, moves.SYSTEM, OFFICER):
            with pytest.raises(MoveRefused):
                moves.check(session, now, what, actor, parts.clock(), {})


def test_bob_who_claims_anas_account_gets_neither_hers_nor_has_it_done_to_his(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, bob: Somebody
) -> None:
    request = sent("bob@example.com", Kind.DELETION, claimed="ana@example.com")
    proofs.answer_yes(session, parts.settings, link(parts, request), parts.clock())
    session.commit()
    assert (look(session, request).state, look(session, request).account_id) == (State.PROVING, None)
    assert happened(session, request, "proved")[0]["waits for"] == "claimed account"


def test_his_own_link_cannot_prove_her_request(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, bob: Somebody
) -> None:
    hers, his = sent("ana@example.com"), sent("bob@example.com")
    proofs.answer_yes(session, parts.settings, link(parts, his), parts.clock())
    session.commit()
    assert look(session, hers).state == State.PROVING


def test_his_request_merges_into_hers_only_without_a_word_to_him_and_without_a_later_clock(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, clock: Clock, sandbox: Sandbox
) -> None:
    account = session.get_one(Account, ana.account.id)
    hers = open_request(session, parts.settings, account, Kind.ACCESS, "gdpr", clock())
    session.commit()
    due = hers.due_on
    clock.tick(days=5)
    from_hers, from_his = sent("ana@example.com"), sent(STRANGER, claimed="ana@example.com")
    with pytest.raises(MoveRefused, match="another person"):
        decisions.merge(session, from_his.id, hers.id, OFFICER, clock())
    session.rollback()
    decisions.merge(session, from_hers.id, hers.id, OFFICER, clock())
    session.commit()
    work_off(parts)
    now = look(session, hers)
    assert (now.due_on, now.proof, now.contact, now.details) == (due, Proof.SIGNED_IN, "ana@example.com", None)
    assert not any(stands_in("ana", mail.text.lower()) for mail in sandbox.mail.to(STRANGER))


def test_an_agent_without_a_permission_is_not_heard(session: Session, parts: Parts, sent: Sent) -> None:
    with pytest.raises(NotFilledIn) as raised:
        sent("ana@example.com", for_other=True)
    assert set(raised.value.fields) == {"permission"}


def test_an_agents_permission_does_nothing_before_ana_confirms_it(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, sandbox: Sandbox
) -> None:
    request = sent("ana@example.com", permission=b"%PDF signed by Ana, so it says", for_other=True)
    work_off(parts)
    now = look(session, request)
    assert (now.channel, now.state, now.proof, now.account_id) == (Channel.AGENT, State.PROVING, Proof.NONE, None)
    assert now.agent_id is None, "whoever types an organisation's name is not that organisation"
    assert len(sandbox.mail.to("ana@example.com")) == 1
    proofs.answer_yes(session, parts.settings, link(parts, request), parts.clock())
    session.commit()
    now = look(session, request)
    assert (now.state, now.proof, now.account_id) == (State.RECEIVED, Proof.PERMISSION, ana.account.id)


def test_a_permission_that_ana_did_not_give_ends_the_request(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com", permission=b"forged", for_other=True)
    proofs.answer_no(session, parts.settings, link(parts, request), parts.clock())
    session.commit()
    work_off(parts)
    assert look(session, request).state == State.REFUSED
    assert list(parts.storage.keys(f"requests/{request.id}/")) == []


def test_an_agents_request_without_the_file_is_not_proved_by_a_click(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com")
    session.get_one(PrivacyRequest, request.id).channel = Channel.AGENT
    session.commit()
    proofs.answer_yes(session, parts.settings, link(parts, request), parts.clock())
    session.commit()
    assert look(session, request).state == State.PROVING
    assert happened(session, request, "proved")[0]["waits for"] == "permission"


def test_a_link_to_a_request_whose_account_is_known_does_not_pass_it_to_another(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, bob: Somebody
) -> None:
    request = sent("bob@example.com")
    session.get_one(PrivacyRequest, request.id).account_id = ana.account.id
    session.commit()
    proofs.answer_yes(session, parts.settings, link(parts, request), parts.clock())
    session.commit()
    assert (look(session, request).state, look(session, request).account_id) == (State.PROVING, ana.account.id)


def test_nobody_fills_anas_mailbox(session: Session, parts: Parts, sent: Sent, clock: Clock) -> None:
    for _time in range(asking.MOST):
        sent("ana@example.com")
    with pytest.raises(TooManyAsked):
        sent("ana@example.com", Kind.DELETION)
    session.rollback()
    assert sent("carl@example.com"), "others are not held up"
    clock.tick(hours=1)
    assert sent("ana@example.com")


def test_what_is_asked_of_the_database_is_the_same_with_and_without_an_account(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    def statements(address: str, claimed: str) -> list[str]:
        said: list[str] = []

        def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            said.append(statement)

        event.listen(parts.engine, "before_cursor_execute", hear)
        sent(address, claimed=claimed)
        event.remove(parts.engine, "before_cursor_execute", hear)
        return said

    session.rollback()
    there = statements("ana@example.com", "ana@example.com")
    assert there == statements("eve@example.com", "eve@example.com")
    assert there


def test_a_consumers_opt_out_by_an_agent_needs_the_signed_permission_only(
    session: Session, parts: Parts, sent: Sent
) -> None:
    request = sent("carl@example.com", Kind.OPT_OUT, permission=b"signed", for_other=True, about="sale-sharing")
    work_off(parts)
    assert look(session, request).state == State.ANSWERED


def test_an_unproved_deletion_never_reaches_the_second_officer(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent("ana@example.com", Kind.DELETION)
    for what in (Move.PROPOSE, Move.APPROVE, Move.CONFIRM):
        with pytest.raises(MoveRefused):
            moves.move(session, request, what, OFFICER, parts.clock())
    with pytest.raises(MoveRefused):
        decisions.approve(session, request.id, "0" * 64, OFFICER, parts.clock())


def test_anas_erasure_is_not_held_up_by_strangers_who_name_her(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, clock: Clock, plain_documents: None
) -> None:
    account_id = ana.account.id
    account = session.get_one(Account, account_id)
    hers = open_request(session, parts.settings, account, Kind.DELETION, "gdpr", clock(), proof=Proof.FRESH)
    session.commit()
    before = sent("ana@example.com", permission=b"before", for_other=True)
    work_off(parts)
    approve(session, parts, hers.id)
    clock.tick(minutes=1)
    sent("ana@example.com", permission=b"after the approval", for_other=True)
    sent(STRANGER, details="I am ana@example.com, honestly", claimed="ana@example.com")
    work_off(parts, until="look again")
    clock.tick(minutes=1)
    after = sent("ana@example.com", permission=b"after the erasure", for_other=True)
    sent(STRANGER, details="and again I am ana@example.com")
    work_off(parts)
    failed = session.execute(
        select(Step.name, Step.state, Step.failure).where(Step.request_id == hers.id, Step.failure.is_not(None))
    ).all()
    assert look(session, hers).state == State.ANSWERED, failed
    assert look(session, before).contact is None
    assert list(parts.storage.keys(f"requests/{before.id}/")) == []
    assert look(session, after).state == State.PROVING
    assert session.scalar(select(func.count()).where(Account.id == account_id)) == 0
