"""Pictures in rows of equal height, uncropped: worked out here, so that a page needs no script and nothing jumps."""

from collections.abc import Callable, Iterable, Sequence
from math import log
from typing import TypeVar

#: The shapes of a row added up, width by height: a full row of a window of 1,280 pixels is then about 280 high.
ACROSS = 4.4

T = TypeVar("T")


def rows(things: Iterable[T], shape: Callable[[T], float]) -> tuple[list[list[T]], list[T]]:
    """The things in full rows, and those at the end that fill none. `shape` is a thing's width by its height."""
    full: list[list[T]] = []
    row: list[T] = []
    across = 0.0
    for thing in things:
        wide = shape(thing)
        if row and _off(across) <= _off(across + wide):
            full.append(row)
            row, across = [], 0.0
        row.append(thing)
        across += wide
    if row and across >= ACROSS:
        full.append(row)
        row = []
    return full, row


def upwards(things: Sequence[T], shape: Callable[[T], float]) -> tuple[list[T], list[list[T]]]:
    """The same, filled from the end: those at the beginning that fill none, and the full rows after them."""
    full, rest = rows(reversed(things), shape)
    return rest[::-1], [row[::-1] for row in reversed(full)]


def _off(across: float) -> float:
    return abs(log(across / ACROSS))
