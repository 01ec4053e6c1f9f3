"""The embedded PostgreSQL: shared, survives its starter, leaves nothing behind, says clearly what is wrong."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from config import read_settings
from imgpilot.errors import ImgPilotError, StartError
from imgpilot.postgres import Embedded, address, ensure, programs, running

OPEN_AND_WAIT = """
import sys, time
from pathlib import Path
from imgpilot.postgres import Embedded
with Embedded(Path(sys.argv[1])) as server:
    print("started" if server.started else "attached", flush=True)
    sys.stdin.read()
"""


def ask(url: str, question: str = "select 1") -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
    return row[0] if row else None


def servers(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "postgres" and str(folder) in (process.info["cmdline"] or []):
            found.append(process)
    return found


def main_process(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postmaster.pid").read_text().splitlines()[0]))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder to be; whatever a test leaves running on it is ended."""
    folder = tmp_path / "postgres"
    yield folder
    left = servers(folder)
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=60)


class Holder:
    """Another process that holds a handle until it is told to let go."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OPEN_AND_WAIT, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.did = self.process.stdout.readline().strip()

    def let_go(self) -> None:
        self.process.communicate(timeout=120)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=120)


def test_a_handle_makes_the_folder_starts_the_server_and_stops_it(folder: Path) -> None:
    with Embedded(folder) as server:
        assert server.started
        assert running(folder)
        assert ask(server.url, "show server_encoding") == "UTF8"
        assert ask(server.url, "select current_database()") == "imgpilot"
        assert ask(server.url, "show max_connections") == "100"
        assert (
            ask(server.url, "select lower('É') || (array_agg(x order by x))[1] from (values ('a'),('B')) v(x)") == "éB"
        )
    assert not running(folder)
    assert servers(folder) == []


def test_it_listens_on_a_socket_only(folder: Path) -> None:
    with Embedded(folder):
        server = main_process(folder)
        listening = [c for c in server.net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert listening == []


def test_what_was_written_is_there_the_next_time(folder: Path) -> None:
    with Embedded(folder) as server, psycopg.connect(server.url.replace("+psycopg", "")) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('here')")
        connection.commit()
    with Embedded(folder) as server:
        assert ask(server.url, "select word from kept") == "here"


def test_the_last_of_several_processes_stops_it(folder: Path) -> None:
    first = Holder(folder)
    second = Holder(folder)
    assert (first.did, second.did) == ("started", "attached")
    first.let_go()
    assert running(folder)
    second.let_go()
    assert not running(folder)


def test_two_processes_that_come_first_at_once_make_it_once(folder: Path) -> None:
    argv = [sys.executable, "-c", OPEN_AND_WAIT, str(folder)]
    both = [subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    did = sorted(p.stdout.readline().strip() for p in both if p.stdout)
    assert did == ["attached", "started"]
    for process in both:
        process.communicate(timeout=120)
    assert [p.returncode for p in both] == [0, 0]
    assert not running(folder)


def test_it_outlives_a_killed_starter_and_the_next_handle_stops_it(folder: Path) -> None:
    starter = Holder(folder)
    starter.kill()
    assert running(folder)
    with Embedded(folder) as server:
        assert not server.started
        assert ask(server.url) == 1
    assert servers(folder) == []


def test_a_killed_server_is_started_again(folder: Path) -> None:
    with Embedded(folder) as server:
        process = main_process(folder)
        process.kill()
        process.wait(60)
        assert not running(folder)
        with Embedded(folder) as again:
            assert again.started
        assert ask(server.url) == 1
    assert servers(folder) == []


def test_a_pid_file_that_names_some_other_process_is_no_obstacle(folder: Path) -> None:
    with Embedded(folder):
        lines = (folder / "postmaster.pid").read_text().splitlines()
    lines[0] = str(os.getpid())
    (folder / "postmaster.pid").write_text("\n".join(lines) + "\n")
    assert not running(folder)
    with Embedded(folder) as server:
        assert ask(server.url) == 1


def test_a_folder_made_halfway_is_made_anew(folder: Path) -> None:
    half = folder.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with Embedded(folder) as server:
        assert ask(server.url) == 1
    assert not half.exists()


def test_a_path_too_long_for_a_socket_works_and_leaves_no_folder_behind(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["a-rather-long-name"] * 8, "it's odd, too", "postgres")
    with Embedded(folder) as server:
        assert ask(server.url) == 1
        elsewhere = Path(server.url.split("host=")[1].split("&")[0])
        assert elsewhere.exists()
    assert not elsewhere.exists()


def test_a_folder_of_something_else_is_refused_in_one_line(folder: Path) -> None:
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear Ana")
    with (
        pytest.raises(StartError, match=r"is not a PostgreSQL data folder; move it away") as refused,
        Embedded(folder),
    ):
        pass
    assert "\n" not in str(refused.value)
    assert (folder / "letter.txt").read_text() == "Dear Ana"


def test_a_folder_of_another_version_is_refused_in_one_line(folder: Path) -> None:
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(StartError, match=r"was made by PostgreSQL 16 and this is 18"), Embedded(folder):
        pass


def test_a_server_that_cannot_start_says_why_in_one_line(folder: Path) -> None:
    with Embedded(folder):
        pass
    (folder / "postgresql.conf").write_text("nonsense = 1\n")
    with (
        pytest.raises(StartError, match=r"did not start: .* contains errors \(see .*server\.log\)$") as refused,
        Embedded(folder),
    ):
        pass
    assert "\n" not in str(refused.value)
    assert not running(folder)


def test_a_failed_statement_leaves_no_personal_value_in_the_log(folder: Path) -> None:
    with Embedded(folder) as server, psycopg.connect(server.url.replace("+psycopg", "")) as connection:
        connection.execute("create table people (email text unique)")
        connection.execute("insert into people values ('ana@example.org')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into people values ('ana@example.org')")
        connection.rollback()
    log = (folder / "server.log").read_text()
    assert "ana@example.org" not in log


def test_a_command_has_a_database_for_as_long_as_it_needs_one(tmp_path: Path) -> None:
    settings = read_settings(imgpilot_home=tmp_path, database_url=None)
    with pytest.raises(ImgPilotError, match=r"The embedded database is not running; start it with imgpilot up"):
        address(settings)
    with ensure(settings) as url:
        assert address(settings) == url
        assert ask(url) == 1
    assert not running(tmp_path / "postgres")


def test_a_given_address_is_used_as_it_is(tmp_path: Path) -> None:
    settings = read_settings(imgpilot_home=tmp_path, database_url="postgres://db.example/imgpilot")
    assert address(settings) == "postgresql+psycopg://db.example/imgpilot"
    with ensure(settings) as url:
        assert url == "postgresql+psycopg://db.example/imgpilot"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_root_s_server_is_nobody_s_and_yet_reaches_into_root_s_home(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    asked = subprocess.run([*programs.as_nobody(), "test", "-x", str(program)], check=False)
    assert asked.returncode == 0
    with Embedded(tmp_path / "postgres"):
        server = main_process(tmp_path / "postgres")
        assert server.username() == "nobody"


def test_ctrl_c_at_a_terminal_does_not_reach_the_server(folder: Path) -> None:
    holder = Holder(folder)
    server = main_process(folder)
    assert os.getsid(server.pid) != os.getsid(holder.process.pid)
    holder.process.send_signal(signal.SIGINT)
    holder.process.communicate(timeout=120)
    until = time.monotonic() + 60
    while servers(folder) and time.monotonic() < until:
        time.sleep(0.05)
    assert servers(folder) == []
