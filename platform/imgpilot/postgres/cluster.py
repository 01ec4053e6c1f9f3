"""One PostgreSQL data folder: made, started, stopped, and asked where its server answers.

Nothing here knows who else uses the folder; `imgpilot.postgres` lets in one process at a time.
"""

import os
import shlex
import shutil
import time
from pathlib import Path

from imgpilot.errors import StartError
from imgpilot.postgres import sockets
from imgpilot.postgres.programs import MAJOR, owner, run, why

NAME = "imgpilot"  # of the database, and of the role that owns it
WAIT = 60.0  # seconds, for recovery after a crash

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failing statement, its values and "Key (email)=(…) already exists" belong to the client, not into a log.
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def make(folder: Path) -> None:
    """Make the data folder with an empty database in it. Cut short, it leaves nothing that passes for one."""
    fresh = folder.with_name(folder.name + ".new")
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(parents=True, mode=0o700)
    os.chown(fresh, owner(), -1)
    # Sorted by code point on every machine, yet knowing which letters are capitals.
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    made = run("initdb", "-D", str(fresh), "-U", NAME, "--auth=trust", *locale)
    if made.returncode == 0:
        made = run("postgres", "--single", "-D", str(fresh), "postgres", say=f"CREATE DATABASE {NAME};\n")
    if made.returncode:
        raise StartError(f"The embedded database could not be made in {folder}: {why(made.stdout)}")
    fresh.rename(folder)


def ready(folder: Path) -> None:
    """See to it that this is a data folder that this PostgreSQL can open: made if there is none, else checked."""
    try:
        if not folder.exists():
            make(folder)
        elif folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            make(folder)
    except PermissionError as error:
        raise StartError(f"{error.filename} is closed to this user; run as its owner, or set IMGPILOT_HOME.") from None
    version = folder / "PG_VERSION"
    if not version.is_file():
        raise StartError(f"{folder} is not a PostgreSQL data folder; move it away, or set IMGPILOT_HOME.")
    if (found := version.read_text().strip()) != str(MAJOR):
        raise StartError(
            f"{folder} was made by PostgreSQL {found} and this is {MAJOR}; move it away, or dump and restore it."
        )


def start(folder: Path) -> None:
    """Start the server of a data folder and wait until it answers. It outlives this process."""
    if _settled(folder):
        return
    options = [f"-p {sockets.PORT}", f"-k {shlex.quote(str(sockets.place(folder)))}"]
    options += [f"-c {name}={shlex.quote(value)}" for name, value in SETTINGS.items()]
    log = folder / "server.log"
    until = time.monotonic() + 5
    while True:
        log.unlink(missing_ok=True)
        words = ("-D", str(folder), "-l", str(log), "-o", " ".join(options), "-w", "-t", str(int(WAIT)))
        started = run("pg_ctl", "start", *words)
        if started.returncode == 0:
            return
        said = log.read_text(errors="replace") if log.exists() else started.stdout
        # The children of a server that was killed need a moment to notice.
        if "still in use" not in said or time.monotonic() > until:
            raise StartError(f"The embedded database in {folder} did not start: {why(said)} (see {log})")
        time.sleep(0.1)


def stop(folder: Path) -> None:
    """Stop the server of a data folder; connections that are still open are cut."""
    home = sockets.answering(folder)
    for mode in ("fast", "immediate"):  # immediate loses nothing: the next start recovers
        if run("pg_ctl", "stop", "-D", str(folder), "-m", mode, "-w", "-t", "15").returncode == 0:
            break
    else:
        raise StartError(f"The embedded database in {folder} does not stop; see {folder / 'server.log'}.")
    if home is not None and home != folder:
        home.rmdir()


def _settled(folder: Path) -> bool:
    """Wait for a server that is just starting or ending; True if it then answers.

    Any other process under the number in the pid file (after a reboot, somebody's editor) would pass for the
    server: PostgreSQL then refuses to start. So the file goes if its process is not one.
    """
    pid_file, until = folder / "postmaster.pid", time.monotonic() + WAIT
    while pid_file.exists() and time.monotonic() < until:
        if sockets.answering(folder):
            return True
        process = Path("/proc") / (pid_file.read_text().split("\n", 1)[0].strip() or "none")
        try:
            works_in = (process / "cwd").readlink()
        except (FileNotFoundError, ProcessLookupError):
            return False  # it is dead, or this is macOS, which has no /proc: PostgreSQL's own check has to do
        except PermissionError:
            works_in = None  # another user's, so not the server
        if works_in != folder.resolve():
            pid_file.unlink(missing_ok=True)
            return False
        time.sleep(0.05)
    return False
