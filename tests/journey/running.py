"""The whole platform as one process, the way `make run` starts it, in a folder and on ports of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from sqlalchemy import Connection, text

import config
from imgpilot import db, postgres
from imgpilot.running.ports import HERE
from tests import ports

#: What would point the platform at parts that are not its own.
FOREIGN = ("DATABASE_URL", "BROKER_URL", "SMTP_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL", "SITE_URL", "CONSOLE_URL")
#: Seconds a picture takes beyond its drawing: long enough to look while it is being made.
LATENCY = "0.8"


class Platform:
    """`imgpilot up`, and what a person at its terminal can do."""

    def __init__(self, home: Path) -> None:
        self.home = home
        # The sandbox takes the fourth for mail.
        first = ports.block()
        chosen = range(first, first + 3)
        self.site, self.console, self.sandbox = (f"http://{HERE}:{port}" for port in chosen)
        self._env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self._env |= {"IMGPILOT_HOME": str(home), "SANDBOX_LATENCY": LATENCY}
        self._env |= {"SITE_URL": self.site, "CONSOLE_URL": self.console, "SANDBOX_URL": self.sandbox}
        options = zip(("--site-port", "--console-port", "--sandbox-port"), map(str, chosen), strict=True)
        home.mkdir(parents=True)
        self._log = home.with_suffix(".log")
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "imgpilot", "up", *(word for pair in options for word in pair)],
                env=self._env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        """What stands in its terminal."""
        return self._log.read_text()

    def wait(self) -> None:
        """Until everything runs."""
        until(lambda: "is running" in self.said or self.process.poll() is not None, 300, "the start")
        assert self.process.poll() is None, self.said

    def serves(self) -> bool:
        """Whether the site answers now."""
        try:
            return httpx.get(f"{self.site}/healthz", timeout=10).status_code == 200
        except httpx.HTTPError:
            return False

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Another `imgpilot …` in a second terminal."""
        command = [sys.executable, "-m", "imgpilot", *words]
        return subprocess.run(command, env=self._env, capture_output=True, text=True, check=False, timeout=300)

    def child(self, words: str) -> psutil.Process:
        """Its own child whose command line has these words."""
        found = [c for c in psutil.Process(self.process.pid).children() if words in " ".join(c.cmdline())]
        assert len(found) == 1, words
        return found[0]

    @contextmanager
    def as_owner_of_the_database(self) -> Iterator[Connection]:
        """A connection for which no trigger fires: what somebody with the database's password can do."""
        engine = db.connect(postgres.address(config.read_settings(imgpilot_home=self.home, database_url=None)))
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
        engine.dispose()

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)

    def kill(self) -> None:
        """Whatever a test found, nothing stays behind."""
        if self.process.poll() is None:
            below = psutil.Process(self.process.pid).children(recursive=True)
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            for process in below:
                if process.is_running():
                    process.kill()


def until(what: Callable[[], Any], seconds: float, said: str) -> Any:
    """Look again and again until it is so."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, f"{said} did not happen within {seconds:g} s"
        time.sleep(0.1)
    return found
