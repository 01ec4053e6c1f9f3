"""A supervisor in a process of its own, for tests that signal or kill it. Children are lines of Python."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

MAIN = """
import json, sys
from pathlib import Path
from imgpilot.running import child, supervisor
from imgpilot.errors import StartError
given = json.loads(sys.argv[1])
child.FIRST_PAUSE, supervisor.GRACE, supervisor.HEAD_START = 0.05, given["grace"], 60
def process(name, code, healthy=None, **more):
    check = Path(healthy).exists if healthy else None
    return child.Process(name, [sys.executable, "-u", "-c", code], {}, check, **({"settle": 0.2} | more))
try:
    supervisor.Supervisor([process(**p) for p in given["processes"]], ready=lambda: "all work").run()
except StartError as error:
    sys.exit(f"StartError: {error}")
"""

SLEEP = "import time; print('here', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
)
#: Forks a child that would outlive it.
FORKS = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); {SLEEP}"


@dataclass
class Running:
    """The supervisor's process and what it has said so far."""

    process: "subprocess.Popen[str]"
    said: str = ""

    def says(self, *texts: str) -> None:
        """Read on until each of these has been said, in whatever order."""
        for text in texts:
            if text not in self.said:
                self.until(text)

    def until(self, text: str) -> None:
        """Read on until a line with this text."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if text in line:
                return
        raise AssertionError(f"ended without saying {text!r}: {self.said}")

    def descendants(self) -> list[psutil.Process]:
        """Every process below it now."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, code: str) -> psutil.Process:
        """The one of its own children that runs this code."""
        for child in psutil.Process(self.process.pid).children():
            if code in child.cmdline():
                return child
        raise AssertionError("no such child")

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Signal it and read to its end; its exit code."""
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=120)
        self.said += rest
        return self.process.returncode


@contextmanager
def supervising(*processes: dict[str, Any], grace: float = 100) -> Iterator[Running]:
    """Run these; at the end of the block nothing of it is left, whatever the test found."""
    given = json.dumps({"processes": processes, "grace": grace})
    started = subprocess.Popen(
        [sys.executable, "-c", MAIN, given], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    running = Running(started)
    try:
        yield running
    finally:
        left = running.descendants() if started.poll() is None else []
        started.kill()
        for process in left:
            process.kill()
        started.communicate()


def gone(processes: list[psutil.Process], within: float = 10) -> bool:
    """Whether all of them end in time. One that has ended but that init has not yet counted is gone too."""
    until = time.monotonic() + within
    while left := [process for process in processes if _lives(process)]:
        if time.monotonic() > until:
            return False
        psutil.wait_procs(left, timeout=0.05)
    return True


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def eventually(path: Path, lines: int, within: float = 60) -> list[str]:
    """The lines of a file once it has that many."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        found = path.read_text().splitlines() if path.exists() else []
        if len(found) >= lines:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{path.name} did not get {lines} lines")
