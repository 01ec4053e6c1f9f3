"""Real parts for every test: an embedded PostgreSQL, the sandbox over loopback, a folder for objects.

Nothing may reach further than this machine; every test begins with empty tables and a clock of its own.
"""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import config
from imgpilot import db, worker
from imgpilot.parts import Parts
from imgpilot.postgres import Embedded
from imgpilot.sandbox.server import Sandbox
from tests.serving import browsing

ROOT = Path(__file__).parent.parent

# Every run tries the same examples, so that it fails for a change and not by chance; `make hunt` looks for new ones.
# No example fails for its time: a busy machine is no fault of ours.
ANY_TIME: dict[str, Any] = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("same", derandomize=True, **ANY_TIME)
hypothesis.settings.register_profile("hunt", derandomize=False, print_blob=True, **ANY_TIME)
hypothesis.settings.load_profile("same")

# What takes a second on an idle machine may take many on a busy one. In milliseconds.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **span: float) -> datetime:
        """Move on by this timedelta."""
        self.now += timedelta(**span)
        return self.now


@pytest.fixture(scope="session", autouse=True)
def _nothing_leaves_this_machine() -> Iterator[None]:
    """Connections to anywhere but loopback fail, whoever makes them."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError("a test tried to reach another host")
        return connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _examples_do_not_depend_on_what_is_imported() -> None:
    """Hypothesis tries constants of our modules too: of those imported by then, which files run before decides."""
    if hypothesis.settings.get_current_profile_name() == "same":
        assert providers._get_local_constants, "it has no public switch"
        providers._get_local_constants = Constants


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database of this test process's own."""
    with Embedded(tmp_path_factory.mktemp("postgres")) as server:
        _hurry(server.url)
        db.upgrade(server.url)
        yield server.url


def _hurry(url: str) -> None:
    """Tests lose nothing with the power: they need no disk to be waited for."""
    engine = db.connect(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to that database."""
    made = db.connect(database_url)
    db.every_metadata()
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def sandbox_servers() -> Iterator[Sandbox]:
    """The outside world, on loopback."""
    with Sandbox(port=0, smtp_port=0, latency=0) as servers:
        yield servers


@pytest.fixture
def sandbox(sandbox_servers: Sandbox) -> Sandbox:
    """The outside world, with nothing left from the test before."""
    sandbox_servers.reset()
    return sandbox_servers


@pytest.fixture
def clock() -> Clock:
    """The time of this test: Monday 23 November 2026, 14:40 UTC."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path, database_url: str, sandbox: Sandbox) -> config.Settings:
    """Settings that point at the parts of this test."""
    made = config.read_settings(
        imgpilot_env="test",
        imgpilot_home=tmp_path / "var",
        database_url=database_url,
        sandbox_url=sandbox.url,
        smtp_url=sandbox.smtp_url,
        site_url="http://127.0.0.1:8000",
        console_url="http://127.0.0.1:8001",
    )
    worker.configure(made)
    return made


def empty(engine: Engine) -> None:
    """Empty every table that has rows, and begin every numbering anew.

    Deleting from the few that have some is ten times as fast as truncating all. The audit log refuses it, so its
    triggers are off for the moment.
    """
    names = [t.name for m in db.every_metadata() for t in m.sorted_tables]
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)
    with engine.begin() as connection:
        there = connection.scalars(text(filled)).all()
        if there:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("; ".join(f'DELETE FROM "{name}"' for name in there)))
        connection.execute(text("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"))


@pytest.fixture
def parts(settings: config.Settings, engine: Engine, clock: Clock) -> Parts:
    """The real parts, on empty tables."""
    empty(engine)
    return Parts(settings, engine, clock)


@pytest.fixture
def session(parts: Parts) -> Iterator[Session]:
    """A database session."""
    with parts.sessions() as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of one module."""
    with browsing() as launched:
        yield launched
