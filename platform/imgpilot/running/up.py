"""`imgpilot up`: the whole platform on one machine, and nothing left running after it."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy.exc import OperationalError

from config import PRODUCT, Settings
from imgpilot.errors import StartError
from imgpilot.locks import Lock
from imgpilot.postgres import ensure
from imgpilot.running.lineup import Ports, addresses, processes, taken_ports
from imgpilot.running.ports import HERE, port_free
from imgpilot.running.supervisor import Supervisor, stop_signals


def up(
    settings: Settings,
    *,
    site_port: int = Ports.site,
    console_port: int = Ports.console,
    sandbox_port: int = Ports.sandbox,
    sample: bool = False,
    banner: Callable[[], list[tuple[str, str]]] = list,
    out: TextIO | None = None,
) -> None:
    """Run everything until Ctrl-C or SIGTERM. `banner` gives more rows for the table of what is where."""
    ports = Ports(site_port, console_port, sandbox_port)
    out = out or sys.stdout
    with ExitStack() as open_parts:
        stop = open_parts.enter_context(stop_signals())
        open_parts.enter_context(_only_one(settings.home))
        _check(taken_ports(settings, ports))
        out.write("Starting the database …\n")
        out.flush()
        database = open_parts.enter_context(ensure(settings))
        _upgrade(database)
        rows = [*addresses(settings, ports), ("Data", str(settings.imgpilot_home))]
        colour = out.isatty() and not os.environ.get("NO_COLOR")
        Supervisor(
            processes(settings, ports, database, sample=sample),
            out,
            ready=lambda: welcome([*rows, *banner()], colour=colour),
            stop=stop,
        ).run()


def welcome(rows: list[tuple[str, str]], *, colour: bool) -> str:
    """The table that says where everything is."""
    bold, dim, plain = ("\x1b[1m", "\x1b[2m", "\x1b[0m") if colour else ("", "", "")
    width = max(len(name) for name, _ in rows)
    table = [f"  {dim}{name:<{width}}{plain}   {value}" for name, value in rows]
    lines = ["", f"  {bold}{PRODUCT} is running{plain}", "", *table, "", f"  {dim}Ctrl-C stops it.{plain}", ""]
    return "\n".join(lines)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Hold the data folder: two platforms on one would each take the other's work."""
    lock = Lock(home / "up.lock")
    try:
        if not lock.try_take():
            raise StartError(
                f"{PRODUCT} is already running on {home} (process {lock.noted()}); "
                "stop it first, or set IMGPILOT_HOME to another folder."
            )
        lock.note(str(os.getpid()))
        yield
    finally:
        lock.close()


def _check(taken: list[tuple[int, str]]) -> None:
    """Name a port that cannot be had before anything starts."""
    if len({port for port, _ in taken}) < len(taken):
        raise StartError(
            "Two servers would share a port; each needs its own, and the sandbox the next one too, for mail."
        )
    for port, option in taken:
        if not port_free(HERE, port):
            raise StartError(f"Port {port} is in use by another program; stop it or give {option}.")


def _upgrade(database: str) -> None:
    from imgpilot import db

    try:
        db.upgrade(database)
    except OperationalError as error:
        said = str(error.orig).strip().partition("\n")[0]
        raise StartError(f"The database cannot be used: {said}") from error
