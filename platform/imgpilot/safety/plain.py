"""A text in its plain form for comparing: full-width and styled characters become ordinary ones, offsets are kept."""

import unicodedata
from dataclasses import dataclass

#: Hyphens and dashes, all read as "-".
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` is the plain form; `origin[i]` is where its character i stood in the text as it was written."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where these characters of the plain form stand in the text as it was written."""
        return self.origin[start], self.origin[end - 1] + 1


def plain(text: str) -> Plain:
    """The plain form (NFKC character by character; digits of every script as 0 to 9; nothing invisible)."""
    made: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        for each in _plainly(letter):
            made.append(each)
            origin.append(place)
    return Plain("".join(made), tuple(origin))


def _plainly(letter: str) -> str:
    if letter.isascii():
        return letter
    if unicodedata.category(letter) == "Cf":  # zero-width joiners, soft hyphens, direction marks
        return ""
    if letter in _DASHES:
        return "-"
    folded = unicodedata.normalize("NFKC", letter)
    return "".join(_digit(each) for each in folded)


def _digit(letter: str) -> str:
    if letter.isspace():
        return "\n" if letter in "\x85\u2028\u2029" else " "
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)
