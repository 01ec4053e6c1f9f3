"""One process that is supervised: what it is, and the run of it that is on now."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from imgpilot.running.guard import told
from imgpilot.running.log_lines import LogLines

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
PROVEN = 10.0  # seconds of life after which a process without a health check is known to work
TRIES, WITHIN = 5, 30.0


@dataclass(frozen=True)
class Process:
    """A program to run. With `once` it runs to its end, and the next one waits for that."""

    name: str
    argv: Sequence[str]
    #: Added to this process's own environment.
    env: Mapping[str, str] = field(default_factory=dict)
    #: Whether it does its work by now; without one it is trusted after it has lived for `settle` seconds.
    healthy: Callable[[], bool] | None = None
    health_timeout: float = 60.0
    settle: float = 1.0
    once: bool = False


class Child:
    """The runs of one Process, one after the other, each in a session of its own."""

    def __init__(self, process: Process, lines: LogLines) -> None:
        self.process = process
        self.name = process.name
        self._lines = lines
        self._run: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._pause = FIRST_PAUSE
        self._born = 0.0
        self._deaths: list[float] = []
        self._proven = False
        #: Whether the latest run has ended and everything it forked too.
        self.over = True
        #: When to start the next run after a death.
        self.due: float | None = None
        self.last_line = "nothing"

    @property
    def group(self) -> int:
        """The process group of the present or latest run."""
        return self._run.pid if self._run else 0

    @property
    def code(self) -> int | None:
        """How the latest run ended; None while it runs."""
        return self._run.poll() if self._run else 0

    @property
    def hopeless(self) -> bool:
        """Whether it dies again and again and never worked. What worked once is started again for ever."""
        lately = self._deaths
        return not self._proven and len(lately) == TRIES and lately[-1] - lately[0] <= WITHIN

    def start(self) -> None:
        """Start a run. Its session is its own, so Ctrl-C at the terminal reaches only the supervisor."""
        self.due = None
        self._born = time.monotonic()
        self._run = subprocess.Popen(
            list(self.process.argv),
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.process.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.over = False
        self._reader = threading.Thread(target=self._read, args=(self._run,), daemon=True)
        self._reader.start()

    def well(self) -> bool:
        """Whether it has started up: its work is done, it says it is healthy, or it has lived long enough."""
        if self.process.once:
            return self.code == 0
        if self.code is not None:
            return False
        if self.process.healthy is None:
            return time.monotonic() - self._born >= self.process.settle
        healthy = self.process.healthy()
        self._proven = self._proven or healthy
        return healthy

    def rest(self) -> None:
        """After a death: say so, and set the time of the next run, later each time it dies young."""
        now = time.monotonic()
        if now - self._born > PROVEN:
            self._proven = True
            self._pause = FIRST_PAUSE
        self._deaths = [*self._deaths, now][-TRIES:]
        self.due = now + self._pause
        self._lines.about(self.name, f"{self.ending()}; starting again in {self._pause:g} s")
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def ending(self) -> str:
        """How the latest run ended, in words."""
        code = self.code or 0
        if code < 0:
            return f"was ended by signal {-code} ({signal.strsignal(-code)})"
        return f"ended with exit code {code}"

    def terminate(self) -> None:
        """Ask it to end; it sees to its own children."""
        self.due = None
        if self._run and self._run.poll() is None:
            self._run.terminate()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it came."""
        if self._run is None:
            return True
        try:
            self._run.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        """End what is left of the run's group, once: afterwards its number may be somebody else's."""
        if self.over or self._run is None or self._reader is None:
            return
        told(self._run.pid, signal.SIGKILL)
        self._run.wait()
        self._reader.join(1)
        self.over = True

    def _read(self, run: "subprocess.Popen[bytes]") -> None:
        if run.stdout is None:
            return
        with run.stdout:
            for raw in run.stdout:
                line = raw.decode(errors="replace").rstrip()
                self.last_line = line or self.last_line
                self._lines.write(self.name, line)
