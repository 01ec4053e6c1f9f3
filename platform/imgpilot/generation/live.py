"""Watching orders: one connection per process listens to the database, and wakes whoever watches an order.

The database tells of every change of a picture (the trigger `image_is_told`) with the id of its order. A watcher
holds a thread and nothing else: no transaction, no connection of the pool. `Listener` names nothing of Flask.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Engine

from imgpilot.errors import ImgPilotError, PersonalError
from imgpilot.generation.batches import Seen

CHANNEL = "pictures"
#: Watchers in one process at most: each holds one of its threads (imgpilot.running.lineup), and pages need some too.
MOST = 8
#: Of them one account's, so that one person's tabs leave room for others. Who finds no room asks every few seconds.
MOST_EACH = 2
#: How long the listener waits for news before it looks whether anybody is left to tell, in seconds. A stopping process
#: waits for it no longer than that.
BREATH = 0.5
#: How long it goes on without anybody to tell, and how long until it tries again after the connection broke.
LINGERS, AGAIN = 10.0, 1.0

#: A sign of life this often, so that a closed page is noticed, and the place in the line is looked up; and the longest
#: a stream lasts: then the page asks again, and is asked again who it is. In seconds.
HEARTBEAT, LONGEST = 10.0, 300.0

log = logging.getLogger(__name__)


class NoRoom(ImgPilotError):
    """As many watch as may."""


class Watcher:
    """Whoever watches some orders: sleeps until one of them changed."""

    def __init__(self, who: UUID) -> None:
        self.who = who
        self.orders: frozenset[UUID] = frozenset()
        self._woken = threading.Event()
        self.over = False

    def wake(self, *, over: bool = False) -> None:
        """Something may have changed; `over`: the process ends."""
        self.over = self.over or over
        self._woken.set()

    def wait(self, seconds: float) -> bool:
        """Sleep until woken, at most so long; whether it was woken."""
        woken = self._woken.wait(seconds)
        self._woken.clear()
        return woken


def stream(watcher: Watcher, look: Callable[[], Seen], known: str) -> Iterator[str]:
    """Server-sent events: "changed" whenever the word for how things stand is another than `known`, "done" at the end.

    `look` asks the database and holds nothing of it afterwards. What is sent says nothing but that something changed.
    """
    yield "retry: 2000\n\n"
    until = time.monotonic() + LONGEST
    while not watcher.over and time.monotonic() < until:
        try:
            stands = look()
        except PersonalError:  # it was removed meanwhile
            return
        watcher.orders = stands.orders
        if stands.word != known:
            known = stands.word
            yield f"id: {known}\nevent: changed\ndata: {known}\n\n"
        if not stands.live:
            yield "event: done\ndata: nothing more changes\n\n"
            return
        if not watcher.wait(HEARTBEAT):
            yield ": still here\n\n"


class Listener:
    """The one listening connection of a process. It is made with the first watcher and ends after the last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._watchers: set[Watcher] = set()
        self._thread: threading.Thread | None = None
        self._closed = False

    @contextmanager
    def watching(self, who: UUID) -> Iterator[Watcher]:
        """A watcher of this account's. Raises NoRoom."""
        made = Watcher(who)
        with self._lock:
            if (
                self._closed
                or len(self._watchers) >= MOST
                or sum(each.who == who for each in self._watchers) >= MOST_EACH
            ):
                raise NoRoom
            self._watchers.add(made)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
        try:
            yield made
        finally:
            with self._lock:
                self._watchers.discard(made)

    def close(self) -> None:
        """Let everybody go, for good: the process ends. May be called from a signal handler."""
        self._closed = True
        for watcher in tuple(self._watchers):
            watcher.wake(over=True)

    def close_with_process(self) -> None:
        """Close when gunicorn tells this process to end: it would wait for the streams, and the streams for nothing."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            before = signal.getsignal(number)
            # gunicorn's workers have handlers of their own by now; elsewhere there is nobody to wait for us.
            if getattr(before, "__self__", None) is not None:
                signal.signal(number, self._then(before))

    def _then(self, before: Any) -> Any:
        def both(number: int, frame: FrameType | None) -> None:
            self.close()
            before(number, frame)

        return both

    def _run(self) -> None:
        address = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        idle = 0.0
        while not self._ended(idle):
            try:
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._tell(None)  # what was said before is not heard
                    while not self._ended(idle):
                        for said in connection.notifies(timeout=BREATH, stop_after=1):
                            self._tell(said.payload)
                        idle = 0.0 if self._watchers else idle + BREATH
                    return
            except psycopg.Error as error:
                log.warning("the connection that listens broke: %s", type(error).__name__)
                idle = 0.0 if self._watchers else idle + AGAIN
                time.sleep(AGAIN)

    def _ended(self, idle: float) -> bool:
        with self._lock:
            mine = self._thread is threading.current_thread() and not self._closed
            if mine and (idle < LINGERS or self._watchers):
                return False
            self._thread = None
            return True

    def _tell(self, order: str | None) -> None:
        with self._lock:
            for watcher in self._watchers:
                if order is None or any(order == str(one) for one in watcher.orders):
                    watcher.wake()
