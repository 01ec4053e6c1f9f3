"""Ends the process groups of a supervisor that died without doing so, even by kill -9.

Run as a script of its own, with a pipe from the supervisor as its input: "+123" puts a group under guard, "-123"
takes it out. The pipe ends when the supervisor does, whatever the reason; what is still under guard then goes.
No kernel call of Linux is needed (PR_SET_PDEATHSIG knows neither macOS nor the children of the child).
"""

import os
import signal
import sys
import time

GRACE = 5.0


def end(groups: set[int], grace: float = GRACE) -> None:
    """Ask these process groups to end, then make them."""
    until = time.monotonic() + grace
    left = {group for group in groups if told(group, signal.SIGTERM)}
    while left and time.monotonic() < until:
        time.sleep(0.05)
        left = {group for group in left if told(group, 0)}
    for group in left:
        told(group, signal.SIGKILL)


def told(group: int, what: int) -> bool:
    """Send a signal to a process group; whether there was anybody to get it."""
    try:
        os.killpg(group, what)
    except (ProcessLookupError, PermissionError):  # macOS says the latter of a group with only a zombie left
        return False
    return True


def main() -> None:
    """Keep the list until the pipe ends."""
    guarded: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        (guarded.add if line[0] == "+" else guarded.discard)(group)
    end(guarded)


if __name__ == "__main__":
    main()
