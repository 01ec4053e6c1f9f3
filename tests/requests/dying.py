"""Workers that are killed: a child process with a storage, a mailer or a commit that ends it, as kill -9 does."""

import os
import signal
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from compliance.requests import steps
from compliance.requests.models import Step
from imgpilot import db
from imgpilot.mail import Mailer
from imgpilot.parts import Parts
from imgpilot.storage import Folder

Seam = Callable[[Parts], None]


def die(*_given: object, **_named: object) -> NoReturn:
    """No cleaning up, no rollback, no word."""
    os._exit(9)


class _Storage(Folder):
    """The folder of these parts; a subclass dies somewhere."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.settings.home / "objects")


class DiesBeforePut(_Storage):
    put = die


class DiesInPut(_Storage):
    """After some bytes are on the disk."""

    def put(self, key: str, pieces: Iterable[bytes], media_type: str, **more: Any) -> Any:
        def some() -> Iterator[bytes]:
            yield b"ANA " * 50_000
            die()

        return super().put(key, some(), media_type, **more)


class DiesAfterPut(_Storage):
    def put(self, *given: Any, **more: Any) -> Any:
        super().put(*given, **more)
        die()


class DiesBeforeRemove(_Storage):
    remove = die


class DiesInRemove(_Storage):
    """After the second of a batch."""

    def remove(self, keys: Iterable[str]) -> None:
        super().remove(list(keys)[:2])
        die()


class DiesAfterRemove(_Storage):
    def remove(self, keys: Iterable[str]) -> None:
        super().remove(keys)
        die()


class DiesAfterRemovingStrays(_Storage):
    """The last call, when every object that was named is gone."""

    def remove(self, keys: Iterable[str]) -> None:
        these = list(keys)
        super().remove(these)
        if not these:
            die()


class DiesBeforeMail(Mailer):
    send = die


class DiesAfterMail(Mailer):
    def send(self, *given: Any, **more: Any) -> Any:
        super().send(*given, **more)
        die()


def _storage(kind: type[_Storage]) -> Seam:
    def break_it(parts: Parts) -> None:
        parts.storage = kind(parts)

    return break_it


def _mailer(kind: type[Mailer]) -> Seam:
    def break_it(parts: Parts) -> None:
        parts.mailer = kind(parts.settings, parts.gateway)

    return break_it


def _finishing(session: Session) -> bool:
    """Whether this transaction is the one that notes a step as done."""
    return any(isinstance(row, Step) and row.state == "done" and row.done_at for row in session.identity_map.values())


def _before_the_commit(_parts: Parts) -> None:
    @event.listens_for(Session, "before_commit")
    def last(session: Session) -> None:
        if _finishing(session):
            session.flush()  # every statement has reached the database
            die()


def _after_the_commit(_parts: Parts) -> None:
    @event.listens_for(Session, "before_commit")
    def watch(session: Session) -> None:
        if _finishing(session):
            event.listen(session, "after_commit", die)


BEFORE_COMMIT = {"before the commit": _before_the_commit}
MAILS = {
    "before the mail": _mailer(DiesBeforeMail),
    "after the mail, before the commit": _mailer(DiesAfterMail),
}
PUTS = {
    "before the put": _storage(DiesBeforePut),
    "in the middle of the put": _storage(DiesInPut),
    "after the put": _storage(DiesAfterPut),
}
REMOVES = {
    "before the removal": _storage(DiesBeforeRemove),
    "in the middle of a batch": _storage(DiesInRemove),
    "after a batch, before it is noted": _storage(DiesAfterRemove),
    "after everything was removed": _storage(DiesAfterRemovingStrays),
}
COMMITS = BEFORE_COMMIT | {"after the commit, before anybody is woken": _after_the_commit}
#: For each step the points at which its worker is killed.
SEAMS: dict[str, dict[str, Seam]] = {
    "tell acknowledgement": MAILS,
    "count": COMMITS,
    "build package": PUTS | COMMITS,
    "tell ready": MAILS | COMMITS,
    "erase rows": COMMITS,
    "remove objects": REMOVES | BEFORE_COMMIT,
    "keep tombstone": BEFORE_COMMIT,
    "purge copies": BEFORE_COMMIT,
    "note recipients": COMMITS,
    "look again": BEFORE_COMMIT,
    "certify": PUTS | BEFORE_COMMIT,
    "tell erased": MAILS | BEFORE_COMMIT,
    "close": COMMITS,
}


def killed_in(parts: Parts, step_id: UUID, seam: Seam) -> None:
    """Run the step in a child process that is killed there."""
    assert run_apart(parts, step_id, seam) == 9, "it died where it should"


def at_statement(count: int) -> Seam:
    """Die before the statement of this number is sent, whatever it is; a step with fewer is finished."""

    def break_it(parts: Parts) -> None:
        left = [count]

        @event.listens_for(parts.engine, "before_cursor_execute")
        def counted(*_given: object) -> None:
            left[0] -= 1
            if left[0] <= 0:
                die()

    return break_it


def run_apart(parts: Parts, step_id: UUID, seam: Seam) -> int:
    """Run the step in a child process of its own; how it ended (9: it died at the seam)."""
    with warnings.catch_warnings():
        # From Python 3.12 on: the sandbox's threads are in the parent, and the child uses none of their locks.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            # As a worker, the child makes its own connections after the fork.
            url = parts.settings.database_url
            assert url
            own = Parts(parts.settings, db.connect(url.get_secret_value()), parts.clock)
            seam(own)
            steps.run(own, step_id)
        finally:
            os._exit(0)
    until = time.monotonic() + 300
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    return os.waitstatus_to_exitcode(ended[1])
