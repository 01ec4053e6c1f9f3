"""The lines of several processes on one screen, each behind the name of who said it."""

import os
import threading
from itertools import cycle
from typing import TextIO

COLOURS = (36, 33, 35, 32, 34, 31)
DIM, PLAIN = "\x1b[2m", "\x1b[0m"


class LogLines:
    """Writes whole lines, one at a time, from any thread; in colour on a terminal, unless NO_COLOR is set."""

    def __init__(self, out: TextIO, names: list[str]) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._width = max(map(len, names), default=0)
        coloured = out.isatty() and not os.environ.get("NO_COLOR")
        self._colours = dict(zip(names, cycle(COLOURS), strict=False)) if coloured else {}
        #: Nobody reads any more, as after `imgpilot up | head`. Whoever runs things is to stop them.
        self.closed = False

    def write(self, name: str, text: str) -> None:
        """One line that `name` said."""
        head = f"{name:<{self._width}} │ "
        if name in self._colours:
            head = f"\x1b[{self._colours[name]}m{head}{PLAIN}"
        self.say(head + text)

    def about(self, name: str, text: str) -> None:
        """One line about `name`."""
        self.write(name, f"{DIM}{text}{PLAIN}" if self._colours else text)

    def say(self, text: str) -> None:
        """Lines of our own, as they are."""
        with self._lock:
            try:
                self._out.write(text + "\n")
                self._out.flush()
            except OSError:  # the pipe is broken, or the terminal is gone
                self.closed = True
