"""Free ports for programs that bind them later, in a process of their own."""

import itertools
import os

from imgpilot.running.ports import HERE, port_free

#: So many in a row.
BLOCK = 4
#: Below the ports that the system gives out by itself, so that no connection takes one meanwhile; each process of
#: tests has some of its own.
_FIRST = 11_000 + os.getpid() % 500 * 40
_BLOCKS = itertools.cycle(range(_FIRST, _FIRST + 40, BLOCK))


def block() -> int:
    """The first of four ports in a row that are free."""
    for first in itertools.islice(_BLOCKS, 40 // BLOCK):
        if all(port_free(HERE, port) for port in range(first, first + BLOCK)):
            return first
    raise AssertionError("no free ports")
