"""A worker is killed at every point of its work: nothing is ordered twice, the row stays true, it comes to an end."""

import os
import signal
import threading
import time
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

import pytest
from PIL import Image as Pillow
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from imgpilot import db, leases
from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.billing.models import CreditEntry
from imgpilot.generation import ending, keeping
from imgpilot.generation import make as making
from imgpilot.generation.engines import exchange
from imgpilot.generation.engines.openai import OpenAI
from imgpilot.generation.engines.protocol import sentence_for
from imgpilot.generation.make import make, recover
from imgpilot.generation.models import Image
from imgpilot.parts import Parts
from imgpilot.sandbox.openai import answer
from imgpilot.sandbox.server import Sandbox
from imgpilot.storage import Folder
from tests.conftest import Clock
from tests.generation.conftest import look

#: A little longer than a dead worker is believed to live.
LEASE = leases.BRIEF + timedelta(seconds=1)


def die(*_given: object, **_named: object) -> NoReturn:
    """As kill -9: no cleaning up, no rollback, no word."""
    os._exit(9)


def then_die(do: Callable[..., Any]) -> Callable[..., Any]:
    """Die right after doing it."""

    def both(*given: Any, **named: Any) -> NoReturn:
        do(*given, **named)
        die()

    return both


def nth(count: int, do: Callable[..., Any], last: Callable[..., Any]) -> Callable[..., Any]:
    """Do it, but the nth time do the other thing."""
    calls = iter(range(1, 100))

    def counted(*given: Any, **named: Any) -> Any:
        return (last if next(calls) == count else do)(*given, **named)

    return counted


#: Where the worker dies: what is replaced, in the child only.
Seam = Callable[[], None]
#: Before the order leaves: another worker orders it.
UNORDERED: dict[str, Seam] = {
    "before the row is taken": lambda: setattr(making.jobs, "take", die),
    "after the row is taken": lambda: setattr(making, "engine_for", die),
    "before the order is written down": lambda: setattr(making.jobs, "mine", die),
}
#: From when it leaves until its end is written down: nobody orders it again.
ORDERED: dict[str, Seam] = {
    "before the provider is asked": lambda: setattr(OpenAI, "make", die),
    "while the provider answers": lambda: setattr(exchange, "read", die),
    "after the provider answered": lambda: setattr(OpenAI, "make", then_die(OpenAI.make)),
    "before the picture is stored": lambda: setattr(Folder, "put", die),
    "in the middle of storing it": lambda: setattr(os, "fsync", die),
    "after the picture is stored": lambda: setattr(Folder, "put", then_die(Folder.put)),
    "before the thumbnail is stored": lambda: setattr(Folder, "put", nth(2, Folder.put, die)),
    "after the thumbnail is stored": lambda: setattr(keeping, "keep", then_die(keeping.keep)),
    "before the row is written": lambda: setattr(leases, "let_go", die),
    "before the credits are kept": lambda: setattr(ledger, "capture", die),
    "before the commit": lambda: setattr(ledger, "capture", then_die(ledger.capture)),
}
#: Nothing is left to do.
ENDED: dict[str, Seam] = {"after the commit": lambda: setattr(ending, "finish", then_die(ending.finish))}


@pytest.fixture(autouse=True)
def _a_quick_painter(monkeypatch: pytest.MonkeyPatch) -> None:
    """How the picture looks does not matter here, and drawing it took most of the time."""
    monkeypatch.setattr(answer, "paint", lambda *_given, **_named: Pillow.new("RGB", (64, 48), "teal"))


def killed_at(seam: Seam, parts: Parts, picture: UUID) -> None:
    """Make the picture in a child process that dies there."""
    with warnings.catch_warnings():
        # From Python 3.12 on: the sandbox's threads are in the parent, and the child uses none of their locks.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            # Connections are not shared with the parent: as a worker, the child makes its own after the fork.
            own = Parts(parts.settings, db.connect(parts.settings.database_url.get_secret_value()), parts.clock)  # type: ignore[union-attr]
            seam()
            make(own, picture, parts.clock())
        finally:
            os._exit(0)
    until = time.monotonic() + 60
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    assert os.waitstatus_to_exitcode(ended[1]) == 9, "it died where it should"


def others_go_on(parts: Parts, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Whatever is found when the lease of the dead has run out is made, twice over; what was found."""
    woken: list[UUID] = []
    monkeypatch.setattr(making.worker.celery, "send_task", lambda _name, args: woken.append(UUID(args[0])))
    clock.now += LEASE
    recover(parts, clock())
    for image_id in woken * 2:
        make(parts, image_id, clock())
    return woken


def lines(session: Session, picture: UUID) -> list[str]:
    """What the ledger says of the picture."""
    kinds = select(CreditEntry.kind).where(CreditEntry.image_id == picture)
    return sorted(session.scalars(kinds))


@pytest.mark.parametrize("seam", [*UNORDERED, *ENDED])
def test_what_had_not_been_ordered_or_was_finished_is_finished_once(
    seam: str,
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    picture: UUID,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.rollback()
    killed_at((UNORDERED | ENDED)[seam], parts, picture)
    image = look(session, picture)
    assert image.state == ("finished" if seam in ENDED else "making" if image.lease else "queued")
    assert ledger.balance(session, ana.id) == 39
    others_go_on(parts, clock, monkeypatch)
    image = look(session, picture)
    assert (image.state, image.failure, image.attempts <= 2) == ("finished", None, True)
    assert lines(session, picture) == ["capture", "hold"]
    assert ledger.balance(session, ana.id) == 39
    assert sorted(parts.storage.keys()) == sorted([image.object_key, image.thumbnail_key]), "and no orphan"
    assert len(sandbox.calls) == 1


@pytest.mark.parametrize("seam", ORDERED)
def test_what_was_ordered_is_not_ordered_again_and_ends_with_the_credits_back(
    seam: str,
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    picture: UUID,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.rollback()
    killed_at(ORDERED[seam], parts, picture)
    image = look(session, picture)
    began = image.started_at
    assert (image.state, image.object_key, image.handed_in_at) == ("making", None, clock())
    assert ledger.balance(session, ana.id) == 39, "held, until it is sure that nobody comes back"
    with monkeypatch.context() as patch:
        patch.setattr(making.worker, "wake", lambda *_given: pytest.fail("it may still be at it"))
        recover(parts, clock.tick(seconds=40))

    assert others_go_on(parts, clock, monkeypatch) == [picture]
    image = look(session, picture)
    assert (image.state, image.failure, image.started_at) == ("failed", "AnswerLost", began)
    assert "Your credits are back" in sentence_for(image.failure)
    assert lines(session, picture) == ["hold", "release"]
    assert ledger.balance(session, ana.id) == 40
    assert list(parts.storage.keys()) == [], "what the dead had stored is swept"
    assert len(sandbox.calls) == (0 if seam == "before the provider is asked" else 1)
    recover(parts, clock.tick(hours=1))
    assert look(session, picture).attempts == image.attempts, "it is over"


def test_a_worker_killed_while_it_refunds_refunds_once(
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    picture: UUID,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox.faults.add("blocked", times=2)
    session.rollback()
    killed_at(lambda: setattr(ledger, "release", then_die(ledger.release)), parts, picture)
    assert look(session, picture).state == "making"
    assert ledger.balance(session, ana.id) == 39
    others_go_on(parts, clock, monkeypatch)
    assert look(session, picture).state == "failed"
    assert lines(session, picture) == ["hold", "release"]
    assert ledger.balance(session, ana.id) == 40
    assert len(sandbox.calls) == 1, "that it was blocked went with the worker"


def test_a_picture_whose_answer_was_lost_is_not_called_stopped(
    session: Session, parts: Parts, clock: Clock, ana: Account, picture: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.rollback()
    killed_at(ORDERED["while the provider answers"], parts, picture)
    image = look(session, picture)
    image.stop_at = clock()
    session.commit()
    others_go_on(parts, clock, monkeypatch)
    assert look(session, picture).failure == "AnswerLost", "it may have been made"
    assert ledger.balance(session, ana.id) == 40


def test_while_a_worker_lives_its_lease_is_renewed_but_not_for_ever(
    session: Session, parts: Parts, clock: Clock, picture: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with parts.sessions.begin() as own:
        job = making.jobs.take(own, picture, clock(), leases.BRIEF)
    assert job
    last = clock() + timedelta(seconds=100)
    monkeypatch.setattr(leases, "EVERY", timedelta(milliseconds=1))

    def until() -> datetime | None:
        return look(session, picture).lease_until

    def becomes(wanted: datetime) -> None:
        end = time.monotonic() + 30
        while until() != wanted:
            assert time.monotonic() < end
        session.rollback()

    with leases.renewed(parts.sessions, Image, picture, job.lease, clock, last):
        becomes(clock.tick(seconds=40) + leases.BRIEF)
        clock.tick(seconds=40)
        becomes(last)
        session.execute(text("UPDATE image SET lease = gen_random_uuid(), lease_until = now()"))
        session.commit()
        others = until()
    assert until() == others, "one that another holds is left alone"
    assert not [each for each in threading.enumerate() if each.name == "renews a lease"]


def test_one_missed_renewal_does_no_harm() -> None:
    assert 3 * leases.EVERY < leases.BRIEF
