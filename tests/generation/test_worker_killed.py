"""A worker is killed at every point of its work: the row stays true and another one finishes, once."""

import os
import signal
import time
import warnings
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn
from uuid import UUID

import pytest
from PIL import Image as Pillow
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot import db, leases
from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.billing.models import CreditEntry
from imgpilot.generation import ending, keeping
from imgpilot.generation import make as making
from imgpilot.generation.engines.openai import OpenAI
from imgpilot.generation.make import PATIENCE, STORING, make, recover
from imgpilot.parts import Parts
from imgpilot.sandbox.openai import answer
from imgpilot.storage import Folder
from tests.conftest import Clock
from tests.generation.conftest import look

LEASE = PATIENCE + STORING


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
SEAMS: dict[str, Callable[[], None]] = {
    "before the row is taken": lambda: setattr(making.jobs, "take", die),
    "after the row is taken": lambda: setattr(making, "engine_for", die),
    "before the provider is asked": lambda: setattr(OpenAI, "make", die),
    "after the provider answered": lambda: setattr(OpenAI, "make", then_die(OpenAI.make)),
    "before the picture is stored": lambda: setattr(Folder, "put", die),
    "in the middle of storing it": lambda: setattr(os, "fsync", die),
    "after the picture is stored": lambda: setattr(Folder, "put", then_die(Folder.put)),
    "before the thumbnail is stored": lambda: setattr(Folder, "put", nth(2, Folder.put, die)),
    "after the thumbnail is stored": lambda: setattr(keeping, "keep", then_die(keeping.keep)),
    "before the row is written": lambda: setattr(leases, "let_go", die),
    "before the credits are kept": lambda: setattr(ledger, "capture", die),
    "before the commit": lambda: setattr(ledger, "capture", then_die(ledger.capture)),
    "after the commit": lambda: setattr(ending, "finish", then_die(ending.finish)),
}


@pytest.fixture(autouse=True)
def _a_quick_painter(monkeypatch: pytest.MonkeyPatch) -> None:
    """How the picture looks does not matter here, and drawing it took most of the time."""
    monkeypatch.setattr(answer, "paint", lambda *_given, **_named: Pillow.new("RGB", (64, 48), "teal"))


def killed_at(seam: str, parts: Parts, picture: UUID) -> None:
    """Make the picture in a child process that dies there."""
    with warnings.catch_warnings():
        # From Python 3.12 on: the sandbox's threads are in the parent, and the child uses none of their locks.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            # Connections are not shared with the parent: as a worker, the child makes its own after the fork.
            own = Parts(parts.settings, db.connect(parts.settings.database_url.get_secret_value()), parts.clock)  # type: ignore[union-attr]
            SEAMS[seam]()
            make(own, picture, parts.clock())
        finally:
            os._exit(0)
    until = time.monotonic() + 60
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    assert os.waitstatus_to_exitcode(ended[1]) == 9, "it died where it should"


@pytest.mark.parametrize("seam", SEAMS)
def test_whatever_the_worker_did_last_the_picture_is_finished_once(
    seam: str,
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    picture: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.rollback()
    killed_at(seam, parts, picture)
    image = look(session, picture)
    assert image.state in {"queued", "making", "finished"}
    assert (image.state == "finished") == (image.object_key is not None)
    assert ledger.balance(session, ana.id) == 39, "held or kept, never both and never lost"

    woken: list[UUID] = []
    monkeypatch.setattr(making.worker.celery, "send_task", lambda _name, args: woken.append(UUID(args[0])))
    if image.state == "making":
        recover(parts, clock.tick(minutes=3))
        assert woken == [], "it may still be at it"
    clock.now += LEASE
    recover(parts, clock())
    for image_id in woken * 2:
        make(parts, image_id, clock())

    image = look(session, picture)
    assert image.state == "finished"
    assert image.attempts <= 2
    kinds = session.scalars(select(CreditEntry.kind).where(CreditEntry.image_id == picture)).all()
    assert sorted(kinds) == ["capture", "hold"]
    assert ledger.balance(session, ana.id) == 39
    assert sorted(parts.storage.keys()) == sorted([image.object_key, image.thumbnail_key]), "and no orphan"
    recover(parts, clock.tick(hours=1))
    assert look(session, picture).attempts == image.attempts


def test_a_worker_killed_while_it_refunds_refunds_once(
    session: Session, parts: Parts, clock: Clock, ana: Account, picture: UUID, sandbox: Any
) -> None:
    SEAMS["before the refund is written"] = lambda: setattr(ledger, "release", then_die(ledger.release))
    sandbox.faults.add("blocked", times=2)
    session.rollback()
    killed_at("before the refund is written", parts, picture)
    assert look(session, picture).state == "making"
    assert ledger.balance(session, ana.id) == 39
    make(parts, picture, clock.tick(minutes=5))
    assert look(session, picture).state == "blocked"
    assert ledger.balance(session, ana.id) == 40


def test_a_lease_outlasts_the_longest_call() -> None:
    assert timedelta(minutes=4) <= LEASE
    assert making.PATIENCE < LEASE
