"""How wide words are before anybody has drawn them, and how they are made to fit."""

import re
import unicodedata

#: The size of the letters of charts, in the units of the drawing; imgpilot.css says the same for `.chart text`.
SIZE = 12.0
#: Widths in ems, measured in Instrument Sans 600 and rounded up, so that a guess errs to the wide side.
_NARROW, _MIDDLE, _WIDE, _FULL = 0.34, 0.62, 0.94, 1.0
_THIN, _BROAD = frozenset("ijltfrI.,:;'|!()[] /·-"), frozenset("mwMWGOQ@%&—…")
#: Words that may break anywhere, or pieces between spaces.
_PIECE = re.compile(r"\s+|[^\s\u2e80-\uffff]+|.", re.DOTALL)


def width(words: str, size: float = SIZE) -> float:
    """About how wide one line of words is."""
    return size * sum(map(_ems, words))


def _ems(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return _FULL
    if letter in _THIN:
        return _NARROW
    # A control character is drawn as a blank box.
    wide = letter in _BROAD or ord(letter) > 0x24F or unicodedata.category(letter) == "Cc"
    return _WIDE if wide else _MIDDLE


def shortened(words: str, room: float) -> str:
    """The words, or as many of their letters as there is room for and a sign that there are more."""
    if width(words) <= room + 0.01:
        return words
    kept, left = 0, room - width("…")
    for letter in words:
        left -= width(letter)
        if left < 0:
            break
        kept += 1
    return words[:kept].rstrip() + "…"


def wrapped(words: str, room: float, lines: int) -> list[str]:
    """The words in so many lines at most, each within the room; what is left over ends in a sign."""
    pieces = _PIECE.findall(" ".join(words.split()))
    done: list[str] = []
    while pieces and len(done) < lines - 1:
        taken = 0
        while taken < len(pieces) and width("".join(pieces[: taken + 1]).rstrip()) <= room:
            taken += 1
        if not taken:  # one word longer than a line
            break
        done.append("".join(pieces[:taken]).strip())
        pieces = pieces[taken:]
    rest = "".join(pieces).strip()
    return [*done, shortened(rest, room)] if rest else done
