"""A copy and a deletion, from asking to answer, step by step on real parts."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.requests import decisions, steps
from compliance.requests.kinds import Kind
from compliance.requests.models import Step
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.requests import ending
from tests.requests.conftest import OFFICER, Asked, approve, look, step, work_off
from tests.world import Somebody, person

ADDRESS = "ana@example.com"


def test_p18_a_copy_is_acknowledged_counted_approved_built_and_told(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody, bob: Somebody, asked: Asked
) -> None:
    his = ending.everything_of(session, parts, bob)
    request_id = asked(Kind.ACCESS)
    steps.run(parts, step(session, request_id, "tell acknowledgement").id)
    [mail] = sandbox.mail.to(ADDRESS)
    assert "IP-2026-0003" in mail.subject
    assert look(session, request_id).state == "received"
    work_off(parts)
    assert look(session, request_id).state == "review"

    approve(session, parts, request_id)
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    package = ending.is_fetchable(session, parts, request_id, ana)
    assert package.expires_at == parts.clock() + timedelta(days=14)
    newest, first = sandbox.mail.to(ADDRESS)
    assert first.id == mail.id
    assert f"/privacy/requests/{request_id}" in newest.links[0]
    assert newest.attachments == (), "her data never goes by mail"
    assert ending.everything_of(session, parts, bob) == his


def test_p16_a_deletion_ends_with_a_certificate_nothing_of_hers_and_every_byte_of_his(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody, bob: Somebody, asked: Asked
) -> None:
    his = ending.everything_of(session, parts, bob)
    request_id = asked(Kind.DELETION)
    work_off(parts)
    assert session.get(Account, ana.account.id), "nothing is erased before it is approved"
    approve(session, parts, request_id)
    work_off(parts)

    ending.is_answered(session, parts, request_id)
    certificate = ending.is_erased(session, parts, request_id, ana)
    data = b"".join(parts.storage.open(certificate.object_key))
    assert data.startswith(b"%PDF")
    assert certificate.expires_at is None
    last, _receipt = sandbox.mail.to(ADDRESS)
    assert [attached.content for attached in last.attachments] == [data]
    assert ADDRESS.encode() not in data
    assert ending.everything_of(session, parts, bob) == his


def test_a_refusal_is_told_with_the_reason(session: Session, parts: Parts, sandbox: Sandbox, asked: Asked) -> None:
    request_id = asked(Kind.DELETION)
    work_off(parts)
    reason = "A court has ordered us to keep this account as it is."
    decisions.refuse(session, request_id, reason, OFFICER, parts.clock())
    session.commit()
    work_off(parts)
    assert reason in sandbox.mail.to(ADDRESS)[0].text
    assert step(session, request_id, "tell refusal").state == "done"


def test_a_withdrawn_request_is_worked_on_no_more(
    session: Session, parts: Parts, sandbox: Sandbox, asked: Asked
) -> None:
    request_id = asked(Kind.DELETION)
    before = steps.recover(parts)
    decisions.withdraw(session, request_id, parts.clock())
    session.commit()
    [letter] = steps.recover(parts)
    assert letter == step(session, request_id, "tell withdrawal").id
    for one in before:
        steps.run(parts, one)
    assert sandbox.mail.to(ADDRESS) == []


def test_somebody_whose_address_ends_like_hers_does_not_stop_her_erasure(
    session: Session, parts: Parts, ana: Somebody, approved: Asked, plain_documents: None
) -> None:
    for name in ("diana", "x.ana"):
        person(session, parts, name)
    request_id = approved(Kind.DELETION)
    work_off(parts)
    ending.is_answered(session, parts, request_id)


def test_only_steps_whose_time_has_come_are_taken_up(session: Session, parts: Parts, asked: Asked) -> None:
    request_id = asked(Kind.ACCESS)
    first, second = session.scalars(select(Step).where(Step.request_id == request_id).order_by(Step.position))
    assert set(steps.recover(parts)) == {first.id, second.id}, "neither waits for the other"
    second.state = "waiting"
    session.commit()
    first.not_before = parts.clock() + timedelta(seconds=5)
    session.commit()
    assert steps.recover(parts) == [], "it waits for its next try"
    first.not_before, first.lease_until = None, parts.clock() + timedelta(minutes=1)
    session.commit()
    assert steps.recover(parts) == [], "somebody is at it"
    first.state, first.lease_until = "failed", None
    session.commit()
    assert steps.recover(parts) == [], "an officer is asked"
    first.state, second.state = "done", "ready"
    session.commit()
    assert steps.recover(parts) == [second.id]


def test_counting_twice_keeps_one_plan(session: Session, parts: Parts, asked: Asked) -> None:
    request_id = asked(Kind.DELETION)
    work_off(parts)
    # The receipt that went out meanwhile is a line more in her log; from here on nothing changes.
    first = decisions.count(session, look(session, request_id), parts.clock())
    session.commit()
    again = decisions.count(session, look(session, request_id), parts.clock())
    assert again.id == first.id
