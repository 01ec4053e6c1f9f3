"""Where the embedded PostgreSQL listens: a socket file that only its user can reach, never the network."""

import hashlib
import os
import re
import socket
import tempfile
from pathlib import Path

from imgpilot.errors import StartError
from imgpilot.postgres.programs import owner

PORT = 5432  # only names the socket file
LONGEST = 103  # bytes; the least of what Linux (107) and macOS (103) take


def answering(folder: Path) -> Path | None:
    """Where the socket of the running server lies; None if no server answers for this folder."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(f"{lines[4]}/.s.PGSQL.{lines[3]}")
        except (FileNotFoundError, ConnectionRefusedError):  # it was killed: the file is left, the server is not
            return None
    return Path(lines[4])


def place(folder: Path) -> Path:
    """The data folder itself, or a private short one if the path is too long or too odd for a socket."""
    if len(os.fsencode(folder)) + len("/.s.PGSQL.5432") <= LONGEST and re.fullmatch(r"[\w./+-]+", str(folder)):
        return folder
    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    home = Path(tempfile.gettempdir()) / f"imgpilot-{digest}"
    try:
        home.mkdir(mode=0o700)
        os.chown(home, owner(), -1)
    except FileExistsError:
        if home.is_symlink() or home.stat().st_uid != owner() or home.stat().st_mode & 0o777 != 0o700:
            raise StartError(f"{home} is somebody else's; remove it, or set TMPDIR to another folder.") from None
    return home
