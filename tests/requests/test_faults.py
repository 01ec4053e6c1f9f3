"""The object store or the mail server refuses, the plan changes, two workers meet: nothing is lost or done twice."""

import threading
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.errors import MoveRefused
from compliance.requests import decisions, handling, steps
from compliance.requests.kinds import Kind
from compliance.requests.models import Happening, Plan
from compliance.requests.work import WORK
from imgpilot.accounts.models import Account, Acknowledgement, SignInLink
from imgpilot.billing.models import CreditEntry
from imgpilot.errors import StorageError
from imgpilot.mail import Mailer
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from imgpilot.storage import Folder
from tests.conftest import Clock
from tests.requests import ending
from tests.requests.conftest import OFFICER, Asked, approve, look, step, work_off
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("plain_documents")


class Refusing(Folder):
    """A folder that refuses to write or to remove while it is told to."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.settings.home / "objects")
        self.refuses = ""

    def put(self, *given: Any, **more: Any) -> Any:
        if self.refuses == "put":
            raise StorageError("the object store refused the write: SlowDown")
        return super().put(*given, **more)

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            if self.refuses == "remove":
                raise StorageError("1 objects were not removed")
            super().remove([key])


@pytest.fixture
def refusing(parts: Parts) -> Refusing:
    """The object store of these parts from now on."""
    made = Refusing(parts)
    parts.storage = made
    return made


def mail_goes_nowhere(parts: Parts) -> None:
    """The mail server does not listen."""
    nowhere = parts.settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:1")})
    parts.mailer = Mailer(nowhere, parts.gateway)


#: Which step fails first when the object store refuses, and what the officer reads.
REFUSALS = [
    (Kind.ACCESS, "build package", "put", "refused the write"),
    (Kind.DELETION, "remove objects", "remove", "were not removed"),
]


@pytest.mark.parametrize(("kind", "name", "call", "said"), REFUSALS)
def test_a_step_that_the_object_store_refuses_waits_longer_each_time_and_then_an_officer_is_asked(
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Somebody,
    approved: Asked,
    refusing: Refusing,
    kind: Kind,
    name: str,
    call: str,
    said: str,
) -> None:
    request_id = approved(kind)
    refusing.refuses = call
    waited = []
    while step(session, request_id, name).state != "failed":
        work_off(parts)
        now = step(session, request_id, name)
        if now.not_before:
            waited.append((now.not_before - clock()).seconds)
            clock.now = now.not_before - timedelta(seconds=1)
            assert steps.recover(parts) == [], "not before its time"
            clock.tick(seconds=1)
    assert waited == [5, 10, 20, 40, 80]
    failed = step(session, request_id, name)
    assert said in (failed.failure or "")
    assert look(session, request_id).state == "running", "it is still owed"
    assert session.scalars(select(Happening.what).order_by(Happening.id.desc()).limit(1)).one() == "step failed"

    clock.tick(days=2)
    assert steps.recover(parts) == [], "it waits for the officer"
    refusing.refuses = ""
    handling.retry(session, request_id, failed.id, OFFICER, clock())
    session.commit()
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    if kind is Kind.ACCESS:
        ending.is_fetchable(session, parts, request_id, ana)
    else:
        ending.is_erased(session, parts, request_id, ana)
    assert "request step retried" in session.scalars(select(Entry.action)).all()


def test_a_certificate_that_cannot_be_stored_is_made_again(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, approved: Asked, refusing: Refusing
) -> None:
    request_id = approved(Kind.DELETION)
    work_off(parts, until="certify")
    refusing.refuses = "put"
    work_off(parts)
    assert "refused the write" in (step(session, request_id, "certify").failure or "")
    refusing.refuses = ""
    clock.tick(seconds=5)
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    ending.is_erased(session, parts, request_id, ana)


@pytest.mark.parametrize("name", ["tell acknowledgement", "tell erased"])
def test_a_letter_that_the_mail_server_does_not_take_is_sent_later(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, ana: Somebody, asked: Asked, name: str
) -> None:
    request_id = asked(Kind.DELETION)
    work_off(parts, until=name)
    if name == "tell erased":
        approve(session, parts, request_id)
        work_off(parts, until=name)
    works, before = parts.mailer, len(sandbox.mail)
    mail_goes_nowhere(parts)
    work_off(parts)
    waiting = step(session, request_id, name)
    assert (waiting.state, waiting.failure) == ("ready", "The mail server did not take the letter.")
    assert look(session, request_id).contact == "ana@example.com", "it is still needed"
    assert len(sandbox.mail) == before

    parts.mailer = works
    clock.tick(seconds=5)
    work_off(parts)
    assert len(sandbox.mail) == before + 1
    assert step(session, request_id, name).failure is None
    if name == "tell erased":
        ending.is_answered(session, parts, request_id)
        ending.is_erased(session, parts, request_id, ana)


def _credits(account_id: UUID, clock: Clock) -> CreditEntry:
    return CreditEntry(account_id=account_id, kind="grant", amount=5, why="late", at=clock())


def _an_acknowledgement(account_id: UUID, clock: Clock) -> Acknowledgement:
    return Acknowledgement(account_id=account_id, what="late", policy_version="1", at=clock())


@pytest.mark.parametrize("late", [_credits, _an_acknowledgement])
def test_what_came_in_after_the_approval_stops_the_erasure_until_an_officer_has_seen_it(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, bob: Somebody, approved: Asked, late: Any
) -> None:
    his = ending.everything_of(session, parts, bob)
    request_id = approved(Kind.DELETION)
    session.add(late(ana.account.id, clock))
    session.commit()
    hers = ending.everything_of(session, parts, ana)
    work_off(parts)
    assert look(session, request_id).state == "review"
    after = ending.everything_of(session, parts, ana)
    changed = {name for name in hers if hers[name] != after[name]}
    # What is written down is written down; nothing of hers is touched.
    assert changed == {"privacy_request", "request_event", "request_plan", "request_step"}
    old, *_between, new = session.scalars(select(Plan).where(Plan.request_id == request_id).order_by(Plan.made_at))
    assert old.digest != new.digest
    assert new.approved_at is None, "the new plan is not approved"

    approve(session, parts, request_id)
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    ending.is_erased(session, parts, request_id, ana)
    assert ending.everything_of(session, parts, bob) == his


@pytest.mark.parametrize("before", ["erase rows", "look again", "close"])
def test_whoever_asks_for_a_sign_in_link_meanwhile_does_not_stop_the_erasure(
    session: Session, parts: Parts, clock: Clock, bob: Somebody, approved: Asked, before: str
) -> None:
    his = ending.everything_of(session, parts, bob)
    request_id = approved(Kind.DELETION)
    work_off(parts, until=before)
    now = clock.tick(seconds=1)
    span = {"created_at": now, "expires_at": now + timedelta(minutes=15)}
    session.add(SignInLink(email="ana@example.com", digest="7" * 64, **span))
    session.commit()
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    left = session.scalars(select(SignInLink.email).where(SignInLink.digest == "7" * 64)).all()
    assert left == ([] if before == "erase rows" else ["ana@example.com"]), "what came after is not hers that was"
    assert ending.everything_of(session, parts, bob) == his


def test_two_workers_at_the_same_step_do_it_once(
    session: Session, parts: Parts, sandbox: Sandbox, asked: Asked
) -> None:
    request_id = asked(Kind.DELETION)
    receipt = step(session, request_id, "tell acknowledgement").id
    start = threading.Barrier(3)

    def work() -> None:
        start.wait(60)
        steps.run(parts, receipt)

    workers = [threading.Thread(target=work) for _ in range(3)]
    [worker.start() for worker in workers]
    [worker.join(120) for worker in workers]
    assert len(sandbox.mail) == 1
    assert step(session, request_id, "tell acknowledgement").attempts == 1


def test_who_comes_back_too_late_changes_nothing(
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Somebody,
    approved: Asked,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A worker stalls for longer than its lease in the middle of the work; another does it; then the first wakes."""
    request_id = approved(Kind.ACCESS)
    build = WORK["build package"]

    def stalls(job: steps.Job) -> steps.Finish:
        monkeypatch.setitem(WORK, "build package", build)
        clock.now += steps.LEASE + timedelta(seconds=1)
        work_off(parts)
        return build(job)

    monkeypatch.setitem(WORK, "build package", stalls)
    [first] = steps.recover(parts)
    steps.run(parts, first)
    ending.is_answered(session, parts, request_id)
    ending.is_fetchable(session, parts, request_id, ana)


def test_work_that_is_still_going_on_keeps_its_lease(
    session: Session, parts: Parts, clock: Clock, approved: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = approved(Kind.ACCESS)
    build, seen = WORK["build package"], []

    def slow(job: steps.Job) -> steps.Finish:
        for _ in range(3):
            clock.tick(seconds=90)
            job.beat()
            seen.append(steps.recover(parts))
        return build(job)

    monkeypatch.setitem(WORK, "build package", slow)
    work_off(parts)
    assert seen == [[], [], []]
    assert step(session, request_id, "build package").attempts == 1


def test_a_deletion_is_not_approved_while_a_copy_is_still_owed(
    session: Session, parts: Parts, ana: Somebody, asked: Asked
) -> None:
    copy, deletion = asked(Kind.ACCESS), asked(Kind.DELETION)
    work_off(parts)
    with pytest.raises(MoveRefused, match="asked for a copy too"):
        approve(session, parts, deletion)
    session.rollback()
    assert session.get_one(Account, ana.account.id).frozen_at is None
    for answered in (copy, deletion):
        # Each letter is a line more in her log, so there is a new plan to look at.
        decisions.count(session, look(session, answered), parts.clock())
        approve(session, parts, answered)
        work_off(parts)
    ending.is_answered(session, parts, deletion)
    ending.is_erased(session, parts, deletion, ana, objects=8)


def test_a_retry_that_nobody_waits_for_is_refused(session: Session, parts: Parts, asked: Asked) -> None:
    request_id, other = asked(Kind.ACCESS), asked(Kind.DELETION)
    waiting, others = step(session, request_id, "count"), step(session, other, "count")
    with pytest.raises(MoveRefused, match="not waiting for anybody"):
        handling.retry(session, request_id, waiting.id, OFFICER, parts.clock())
    others.state = "failed"
    session.commit()
    with pytest.raises(MoveRefused, match="not waiting for anybody"):
        handling.retry(session, request_id, others.id, OFFICER, parts.clock())


def test_steps_fail_with_words_that_name_nobody(
    session: Session, parts: Parts, clock: Clock, approved: Asked, refusing: Refusing
) -> None:
    request_id = approved(Kind.ACCESS)
    refusing.refuses = "put"
    work_off(parts)
    assert "ana" not in (step(session, request_id, "build package").failure or "").lower()
