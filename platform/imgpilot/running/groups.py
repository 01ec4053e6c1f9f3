"""The process groups that must not outlive this process, kept by a guard beside it (`imgpilot.running.guard`)."""

import subprocess
import sys
from pathlib import Path

from imgpilot.running import guard


class Groups:
    """Add a group when it starts, remove it when it has ended."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._guard: subprocess.Popen[str] | None = None

    def add(self, group: int) -> None:
        """From now on this group ends when this process does."""
        self._groups.add(group)
        self._tell(f"+{group}")

    def remove(self, group: int) -> None:
        """This group has ended; its number may become somebody else's."""
        if group in self._groups:
            self._groups.remove(group)
            self._tell(f"-{group}")

    def close(self) -> None:
        """Let the guard go; it ends what is still under guard."""
        if self._guard:
            self._guard.communicate()
            self._guard = None

    def check(self) -> None:
        """Put a new guard in the place of one that somebody killed."""
        if self._guard and self._guard.poll() is not None:
            self._guard.communicate()
            self._guard = None
            for group in self._groups:
                self._tell(f"+{group}")

    def _tell(self, line: str) -> None:
        if self._guard is None:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(guard.__file__))],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )
        if self._guard.stdin is None:
            return
        try:
            self._guard.stdin.write(line + "\n")
            self._guard.stdin.flush()
        except BrokenPipeError:
            self._guard.wait()
            self.check()
