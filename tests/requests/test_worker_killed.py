"""A worker is killed at every point of an export and of an erasure: another one finishes, and nothing is done twice."""

import random
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.requests import handling, steps
from compliance.requests.kinds import Kind
from compliance.requests.models import Package, PrivacyRequest, Step
from compliance.requests.procedures import PROCEDURE
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.requests import dying, ending
from tests.requests.conftest import OFFICER, Asked, approve, look, name_of, step, work_off
from tests.requests.dying import COMMITS, MAILS, SEAMS, killed_in
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("plain_documents")

BEFORE_REVIEW = ("tell acknowledgement", "count")
AFTER = {kind: [work.name for work in PROCEDURE[kind] if work.name != "cool off"] for kind in PROCEDURE}
OF_A_COPY = [(s, seam) for s in (*BEFORE_REVIEW, *AFTER[Kind.ACCESS]) for seam in SEAMS[s]]
OF_A_DELETION = [(s, seam) for s in AFTER[Kind.DELETION] for seam in SEAMS[s]]


def test_there_is_a_kill_for_every_step() -> None:
    assert set(SEAMS) == {*BEFORE_REVIEW, *AFTER[Kind.ACCESS], *AFTER[Kind.DELETION]}


def killed_at(session: Session, parts: Parts, request_id: UUID, name: str, seam: str) -> None:
    """Work off what comes before, then have a worker killed at the seam of this step."""
    before = name in BEFORE_REVIEW
    work_off(parts, until=name)
    if not before:
        approve(session, parts, request_id)
        work_off(parts, until=name)
    session.rollback()
    killed_in(parts, step(session, request_id, name).id, SEAMS[name][seam])


def taken_up_again(session: Session, parts: Parts, clock: Clock, request_id: UUID, name: str) -> None:
    """Nobody may touch it while the dead worker's lease runs; then it is found and everything is finished."""
    left = step(session, request_id, name)
    if left.state != "done":
        assert (left.state, left.attempts) == ("ready", 1)
        assert left.id not in steps.recover(parts), "its worker may still be at it"
        clock.now += steps.LEASE
        assert left.id not in steps.recover(parts)
        clock.tick(seconds=1)
        assert left.id in steps.recover(parts)
    work_off(parts)
    if look(session, request_id).state == "review":
        approve(session, parts, request_id)
        work_off(parts)


@pytest.mark.parametrize(("name", "seam"), OF_A_COPY)
def test_a_copy_is_finished_once(
    session: Session,
    parts: Parts,
    clock: Clock,
    sandbox: Sandbox,
    ana: Somebody,
    bob: Somebody,
    asked: Asked,
    name: str,
    seam: str,
) -> None:
    his = ending.everything_of(session, parts, bob)
    request_id = asked(Kind.ACCESS)
    killed_at(session, parts, request_id, name, seam)
    taken_up_again(session, parts, clock, request_id, name)
    ending.is_answered(session, parts, request_id)
    ending.is_fetchable(session, parts, request_id, ana)
    assert ending.everything_of(session, parts, bob) == his
    again = seam == "after the mail, before the commit" or (name, seam) == ("tell ready", "before the commit")
    assert len(sandbox.mail.to("ana@example.com")) == 2 + again, "a letter comes twice rather than never"


@pytest.mark.parametrize(("name", "seam"), OF_A_DELETION)
def test_a_deletion_is_finished_once(
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Somebody,
    bob: Somebody,
    asked: Asked,
    name: str,
    seam: str,
) -> None:
    his = ending.everything_of(session, parts, bob)
    request_id = asked(Kind.DELETION)
    killed_at(session, parts, request_id, name, seam)
    if name == "erase rows":
        session.rollback()
        erased = session.get(Account, ana.account.id, populate_existing=True) is None
        assert erased == (step(session, request_id, name).state == "done"), "all or nothing"
    taken_up_again(session, parts, clock, request_id, name)
    ending.is_answered(session, parts, request_id)
    ending.is_erased(session, parts, request_id, ana)
    assert ending.everything_of(session, parts, bob) == his


def test_what_a_killed_export_left_half_written_goes_with_the_erasure(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, bob: Somebody, asked: Asked
) -> None:
    copy = asked(Kind.ACCESS)
    killed_at(session, parts, copy, "build package", "in the middle of the put")
    assert [n for n in ending.files_of(parts, ana.account.id) if n.startswith(str(copy))], "something is left over"
    # The copy is never finished: as if it had been refused by hand.
    session.get_one(PrivacyRequest, copy).closed_at = clock()
    session.commit()
    for other in session.scalars(select(Step).where(Step.request_id == copy, Step.state != "done")):
        other.state = "dropped"
    session.commit()
    deletion = asked(Kind.DELETION)
    work_off(parts)
    approve(session, parts, deletion)
    work_off(parts)
    ending.is_erased(session, parts, deletion, ana)


def test_a_step_that_kills_every_worker_is_shown_to_an_officer_in_the_end(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, bob: Somebody, approved: Asked
) -> None:
    request_id = approved(Kind.DELETION)
    [due] = steps.recover(parts)
    for _ in range(steps.TRIES):
        killed_in(parts, due, COMMITS["before the commit"])
        clock.tick(minutes=3)
    steps.run(parts, due)
    failed = step(session, request_id, "erase rows")
    assert failed.state == "failed"
    assert failed.failure is not None
    assert "stopped in the middle" in failed.failure
    assert session.get(Account, ana.account.id), "and nothing is erased"
    handling.retry(session, request_id, failed.id, OFFICER, clock())
    session.commit()
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    ending.is_erased(session, parts, request_id, ana)


def leased(session: Session, request_id: UUID) -> bool:
    """Whether a worker has something of it, dead or alive: a letter may be sent after the answer."""
    held = select(Step.id).where(Step.request_id == request_id, Step.lease.is_not(None))
    return session.scalar(held.limit(1)) is not None


@pytest.mark.parametrize("seed", range(4))
def test_however_often_and_wherever_workers_die_it_ends_the_same(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, bob: Somebody, asked: Asked, seed: int
) -> None:
    chance = random.Random(seed)
    his = ending.everything_of(session, parts, bob)
    request_id = asked(kind := chance.choice([Kind.ACCESS, Kind.DELETION, Kind.DELETION]))
    for _ in range(12):
        due = steps.recover(parts)
        what = chance.choice(["run", "die", "die", "wait", "run again"])
        if what == "wait" or not due:
            clock.tick(seconds=chance.choice([1, 60, 130]))
        elif what == "die":
            name = name_of(parts, due[0])
            seams = MAILS if name.startswith("notify ") else SEAMS[name]
            session.rollback()
            killed_in(parts, due[0], seams[chance.choice(sorted(seams))])
        else:
            for _again in range(1 + (what == "run again")):
                steps.run(parts, due[0])
        if look(session, request_id).state == "review":
            approve(session, parts, request_id)
    while look(session, request_id).closed_at is None or steps.recover(parts) or leased(session, request_id):
        clock.tick(minutes=3)
        work_off(parts)
        if look(session, request_id).state == "review":
            approve(session, parts, request_id)
    ending.is_answered(session, parts, request_id)
    if kind is Kind.ACCESS:
        ending.is_fetchable(session, parts, request_id, ana)
    else:
        ending.is_erased(session, parts, request_id, ana)
    assert session.scalar(select(func.count()).where(Package.request_id == request_id)) == 1
    assert ending.everything_of(session, parts, bob) == his


def test_dying_is_told_from_finishing(parts: Parts) -> None:
    with pytest.raises(AssertionError, match="died where it should"):
        killed_in(parts, UUID(int=0), dying.SEAMS["close"]["before the commit"])
