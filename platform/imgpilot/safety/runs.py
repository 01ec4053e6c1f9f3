"""Runs of digits in a plain text, taken apart into the groups they are written in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_GROUP = re.compile(r"\d+")
#: What may stand between two groups of one number.
_BETWEEN = re.compile(r" ?[-.]? ?")
#: Groups of one number at most; no number that we know is written in more.
_MOST = 7


@dataclass(frozen=True, slots=True)
class Written:
    """Digits as they are written: where, and in groups of which sizes."""

    digits: str
    sizes: tuple[int, ...]
    start: int
    end: int


def written(text: str, shortest: int, longest: int) -> Iterator[Written]:
    """Every row of whole neighbouring groups with so many digits in all. In time linear in the text."""
    groups = [match.span() for match in _GROUP.finditer(text)]
    for first, (start, _end) in enumerate(groups):
        sizes: tuple[int, ...] = ()
        digits, before = "", start
        for group in groups[first : first + _MOST]:
            if group[0] - before > 3 or not _BETWEEN.fullmatch(text, before, group[0]):
                break
            digits, sizes, before = digits + text[group[0] : group[1]], (*sizes, group[1] - group[0]), group[1]
            if len(digits) > longest:
                break
            if len(digits) >= shortest and not (len(sizes) == 1 and _decimals(text, start)):
                yield Written(digits, sizes, start, before)


def _decimals(text: str, start: int) -> bool:
    """Whether what begins here is what follows the point of a number."""
    return start > 1 and text[start - 1] in ".," and text[start - 2].isdigit()
