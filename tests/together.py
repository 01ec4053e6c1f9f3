"""Two at once, made certain: the second begins when the first has written and not committed, and is seen to wait."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from imgpilot.parts import Parts

Made = TypeVar("Made")
#: How long anything may take on a busy machine, in seconds.
PATIENCE = 120.0


class Meanwhile(Generic[Made]):
    """Somebody else, in a transaction on a connection of their own, which is committed when they are done."""

    def __init__(self, parts: Parts, do: Callable[[Session], Made]) -> None:
        self._parts, self._do = parts, do
        self._pid, self._began = 0, threading.Event()
        one = ThreadPoolExecutor(1)
        self._made = one.submit(self._run)
        one.shutdown(wait=False)  # the thread ends with what it does

    def _run(self) -> Made:
        with self._parts.sessions.begin() as session:
            self._pid = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            self._began.set()
            return self._do(session)

    def waits(self) -> "Meanwhile[Made]":
        """Come back when they wait for a lock; fails if they are through without."""
        assert self._began.wait(PATIENCE)
        blocked = text("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = :pid")
        with self._parts.engine.connect() as connection:
            while not self._made.done():
                if connection.scalar(blocked, {"pid": self._pid}):
                    return self
                connection.rollback()
        raise AssertionError("they did not wait") from self._made.exception()

    def done(self) -> Made:
        """What they made; raises what they met."""
        return self._made.result(PATIENCE)
