"""Runs several processes as one: started in order, kept alive, stopped together, none left behind."""

import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from imgpilot.errors import StartError
from imgpilot.running.child import Child, Process
from imgpilot.running.groups import Groups
from imgpilot.running.log_lines import LogLines

__all__ = ["Process", "StopAsked", "Supervisor", "stop_signals"]

GRACE = 8.0  # seconds to end in, for all together
HEAD_START = 1.0  # seconds that one has before the next is asked, so work in hand finds what it needs
TICK = 0.1


class StopAsked:
    """Whether somebody asked for the end, by Ctrl-C or a signal."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, *_: object) -> None:
        self.asked = True


@contextmanager
def stop_signals() -> Iterator[StopAsked]:
    """Take Ctrl-C, SIGTERM and a closed terminal as a wish to stop in good order, for the length of the block."""
    stop = StopAsked()
    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(kind, stop) for kind in kinds]
    try:
        yield stop
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)


class Supervisor:
    """`run()` starts the processes, prints what `ready` gives when all work, and returns after a clean stop."""

    def __init__(
        self,
        processes: Sequence[Process],
        out: TextIO | None = None,
        *,
        ready: Callable[[], str] | None = None,
        stop: StopAsked | None = None,
    ) -> None:
        self._lines = LogLines(out or sys.stdout, [process.name for process in processes])
        self._children = [Child(process, self._lines) for process in processes]
        self._started: list[Child] = []
        self._ready = ready
        self._stop = stop
        self._groups = Groups()

    def run(self) -> None:
        """Until Ctrl-C or SIGTERM. Raises StartError if something does not start; nothing is left running then."""
        if self._stop is None:
            with stop_signals() as self._stop:
                self._run()
        else:
            self._run()

    def _run(self) -> None:
        try:
            for child in self._children:
                self._launch(child)
            if self._ready and not self._stopping:
                self._lines.say(self._ready())
            while not self._stopping:
                self._watch()
        finally:
            self._end()

    @property
    def _stopping(self) -> bool:
        return self._lines.closed or (self._stop is not None and self._stop.asked)

    def _launch(self, child: Child) -> None:
        """Start one and wait until it works."""
        if self._stopping:
            return
        self._started.append(child)
        self._start(child)
        until = time.monotonic() + child.process.health_timeout
        while not self._stopping and not child.well():
            self._watch()
            if time.monotonic() > until:
                raise StartError(
                    f"{child.name} did not answer within {child.process.health_timeout:g} s; it last said: "
                    f"{child.last_line}"
                )
            if child.process.once and child.over and child.code:  # over: its last line is read
                raise StartError(f"{child.name} {child.ending()}; it last said: {child.last_line}")

    def _watch(self) -> None:
        """One look at every process that was started."""
        time.sleep(TICK)
        self._groups.check()
        for child in self._started:
            if child.due is not None:
                if time.monotonic() >= child.due:
                    self._start(child)
            elif child.code is not None and not child.over:
                self._close(child)
                if child.process.once:
                    continue
                child.rest()
                if child.hopeless:
                    raise StartError(
                        f"{child.name} ended again and again while starting; it last said: {child.last_line}"
                    )

    def _start(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:
            raise StartError(f"{child.name} cannot be run: {error}") from None
        self._groups.add(child.group)

    def _close(self, child: Child) -> None:
        """End what a run has forked: that may hold its port."""
        child.close()
        self._groups.remove(child.group)

    def _end(self) -> None:
        """Ask them to end, the last started first; whoever does not end in time is ended."""
        self._lines.say("Stopping …")
        until = time.monotonic() + GRACE
        for child in reversed(self._started):
            child.terminate()
            child.wait(min(HEAD_START, until - time.monotonic()))
        for child in reversed(self._started):
            if not child.wait(until - time.monotonic()):
                self._lines.about(child.name, f"did not end within {GRACE:g} s and was killed")
            self._close(child)
        self._groups.close()
