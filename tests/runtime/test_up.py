"""`imgpilot up`: one at a time, ports named, the database stopped with the rest."""

import io
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from runtime_driver import gone

from config import read_settings
from imgpilot.errors import StartError
from imgpilot.locks import Lock
from imgpilot.postgres import running
from imgpilot.running.lineup import Ports, addresses, needs_sandbox, processes
from imgpilot.running.ports import HERE
from imgpilot.running.up import up, welcome
from tests import ports

UNSET = {"database_url": None, "smtp_url": None, "openai_api_key": None, "openai_base_url": None}
LOOPBACK = {"site_url": "http://127.0.0.1:8000", "console_url": "http://localhost:8001"}

SMALL_UP = """
import sys
from pathlib import Path
import config
from imgpilot import db
from imgpilot.running import up
from imgpilot.running.supervisor import Process
child = "import os, time; print('given', os.environ['DATABASE_URL'], flush=True); time.sleep(600)"
up.processes = lambda settings, ports, database, sample: [
    Process("child", [sys.executable, "-c", child], {"DATABASE_URL": database}, settle=0.2)
]
db.upgrade = lambda url: None
settings = config.read_settings(imgpilot_home=Path(sys.argv[1]), database_url=None)
up.up(settings, site_port=0, console_port=1, sandbox_port=2, banner=lambda: [("Staff", "officer")])
"""


def test_a_port_in_use_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((HERE, 0))
        other.listen()
        port = other.getsockname()[1]
        settings = read_settings(imgpilot_home=tmp_path, **UNSET)
        chosen = _ports() | {"console_port": port}
        expected = f"^Port {port} is in use by another program; stop it or give --console-port.$"
        with pytest.raises(StartError, match=expected):
            up(settings, **chosen, out=io.StringIO())
    assert not (tmp_path / "postgres").exists()


def test_the_mail_port_above_the_sandbox_counts_too(tmp_path: Path) -> None:
    settings = read_settings(imgpilot_home=tmp_path, **UNSET)
    with pytest.raises(StartError, match="Two servers would share a port"):
        up(settings, site_port=9001, console_port=9002, sandbox_port=9000, out=io.StringIO())


def test_two_on_one_data_folder_are_refused(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "up.lock")
    assert lock.try_take()
    lock.note("4711")
    settings = read_settings(imgpilot_home=tmp_path, **UNSET)
    with pytest.raises(StartError, match=r"already running on .* \(process 4711\); stop it first"):
        up(settings, out=io.StringIO())
    lock.close()


def test_a_lock_left_by_a_killed_one_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "up.lock").write_text("4711")
    lock = Lock(tmp_path / "up.lock")
    assert lock.try_take()
    lock.close()


def test_a_stop_ends_the_database_too(tmp_path: Path) -> None:
    code = SMALL_UP.replace("site_port=0, console_port=1, sandbox_port=2", f"**{_ports()}")
    started = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert started.stdout
    said = ""
    for line in started.stdout:
        said += line
        if "Ctrl-C stops it" in said and "child │ given" in said:
            break
    else:
        raise AssertionError(said)
    assert "Staff     officer" in said
    assert "child │ given postgresql+psycopg://imgpilot@/imgpilot?host=" in said
    assert running(tmp_path / "postgres")
    everything = psutil.Process(started.pid).children(recursive=True)
    started.send_signal(signal.SIGINT)
    rest, _ = started.communicate(timeout=120)
    assert started.returncode == 0, rest
    assert not running(tmp_path / "postgres")
    assert gone(everything)


def test_the_sandbox_runs_only_where_something_is_not_set() -> None:
    assert needs_sandbox(read_settings(**UNSET))
    assert not needs_sandbox(read_settings(smtp_url="smtp://mail.example", openai_api_key="k"))


def test_everything_starts_in_order_with_the_chosen_ports(tmp_path: Path) -> None:
    settings = read_settings(imgpilot_home=tmp_path, **UNSET, **LOOPBACK)
    parts = processes(settings, Ports(9000, 9100, 9200), "postgresql+psycopg://db", sample=True)
    assert [part.name for part in parts] == ["sandbox", "site", "console", "worker", "beat", "sample"]
    assert [part.once for part in parts] == [False] * 5 + [True]
    assert dict(parts[1].env) == {
        "DATABASE_URL": "postgresql+psycopg://db",
        "IMGPILOT_HOME": str(tmp_path),
        "SITE_URL": "http://127.0.0.1:9000",
        "CONSOLE_URL": "http://127.0.0.1:9100",
        "SANDBOX_URL": "http://127.0.0.1:9200",
    }
    assert "127.0.0.1:9100" in parts[2].argv


def test_a_public_address_stays() -> None:
    settings = read_settings(site_url="https://imgpilot.example", **UNSET)
    assert addresses(settings, Ports(9000, 9100, 9200))[0] == ("Site", "https://imgpilot.example")


def test_the_table_lines_up_and_is_plain_without_a_terminal() -> None:
    table = welcome([("Site", "http://one"), ("Console", "http://two")], colour=False)
    assert "  Site      http://one\n  Console   http://two\n" in table
    assert "\x1b" not in table


def _ports() -> dict[str, int]:
    """Free ones; the sandbox takes the one above its own too."""
    first = ports.block()
    return {"site_port": first, "console_port": first + 1, "sandbox_port": first + 2}
