"""A lock on a file, which the kernel drops when the process that holds it ends, however it ends."""

import fcntl
import os
from pathlib import Path

from imgpilot.errors import StartError


class Lock:
    """One hold on a lock file, shared or exclusive. Two in the same process are two."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StartError(f"{path} cannot be written ({error.strerror}); set IMGPILOT_HOME.") from None

    def share(self) -> None:
        """Hold it together with others; waits for an exclusive holder to let go."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def take(self) -> None:
        """Hold it alone; waits until everybody else let go."""
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def try_take(self) -> bool:
        """Hold it alone if nobody else holds it; if somebody does, what was held before is let go."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def note(self, text: str) -> None:
        """Leave a word for whoever finds the lock taken."""
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

    def noted(self) -> str:
        """The word that the holder left."""
        return os.pread(self._file, 200, 0).decode(errors="replace").strip()

    def close(self) -> None:
        """Let go. The file stays: removing it would let two processes lock two different files."""
        os.close(self._file)
