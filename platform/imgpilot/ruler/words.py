"""Where the words of a ruler go, so that none lies on another."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Widths in parts of the letter height, a little generous: real ones need the font, which a page's server has not.
_LATIN, _SLIM, _FULL = 0.62, 0.4, 1.0
_SLIM_LETTERS, _FULL_LETTERS = frozenset(" .,:;'|!()iIjlftr1"), frozenset("mwMW@%—…")
#: The clear space between two labels, and from a pole to the words beside it.
_GAP, _POLE = 8.0, 5.0


@dataclass(frozen=True)
class Words:
    """What is to be written at one place of the ruler: a strong line, a quiet one, or both."""

    at: float
    strong: str
    quiet: str = ""
    size: float = 12

    @property
    def lines(self) -> tuple[tuple[str, bool], ...]:
        """The lines there are, each with whether it is the strong one."""
        return tuple((line, strong) for line, strong in ((self.strong, True), (self.quiet, False)) if line)

    @property
    def width(self) -> float:
        """How wide the longest line is, roughly."""
        return max(breadth(self.strong, self.size), breadth(self.quiet, self.size))


@dataclass(frozen=True)
class Placed:
    """Words with their place: `x` is where the anchor goes, `lane` counts away from the ruler."""

    words: Words
    x: float
    anchor: str = "middle"
    lane: int = 0

    @property
    def span(self) -> tuple[float, float]:
        """From where to where the words reach."""
        back = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.words.width
        return self.x - back, self.x - back + self.words.width

    @property
    def poled(self) -> bool:
        """Whether a line runs from the ruler down beside these words."""
        return self.x != self.words.at


def breadth(text: str, size: float) -> float:
    """About how wide a line of text is at this letter height."""
    return size * sum(map(_part, text))


def _part(letter: str) -> float:
    if letter in _FULL_LETTERS or unicodedata.east_asian_width(letter) in "WF":
        return _FULL
    return _SLIM if letter in _SLIM_LETTERS else _LATIN


def in_a_row(words: Sequence[Words], left: float, right: float, anchor: str = "middle") -> list[Placed]:
    """Each over or under its own place, in one lane, turned inward at the two ends."""
    row = []
    for each in words:
        placed = Placed(each, each.at, anchor)
        if placed.span[0] < left:
            placed = Placed(each, each.at, "start")
        if placed.span[1] > right:
            placed = Placed(each, each.at, "end")
        row.append(placed)
    return row


def apart(row: Sequence[Placed]) -> bool:
    """Whether no two in the row touch."""
    spans = sorted(placed.span for placed in row)
    # What was moved to be just apart is apart, whatever the last bit of a sum of floats says.
    return all(before[1] + _GAP <= after[0] + 1e-6 for before, after in pairwise(spans))


def those_that_fit(words: Sequence[Words], left: float, right: float) -> list[Placed]:
    """The first, and each later one that leaves the earlier ones room: for a narrow screen."""
    kept: list[Placed] = []
    for placed in in_a_row(words, left, right):
        if apart([*kept, placed]):
            kept.append(placed)
    return kept


def beneath(words: Sequence[Words], left: float, right: float, anchor: str = "middle") -> list[Placed]:
    """All of them: in one lane if that is roomy enough, otherwise as flags on poles of different length.

    The flags of some first marks fly to the right and those of the others to the left; of the ways to divide them
    that leave every word and every pole free, the one that needs the fewest lanes is taken.
    """
    row = in_a_row(words, left, right, anchor)
    if apart(row):
        return row
    ordered = sorted(words, key=lambda one: one.at)
    ways = [_flags(ordered, division, left, right) for division in range(len(ordered), -1, -1)]
    possible = [way for way in ways if way]
    if not possible:  # too much for this width: no words on words, but a pole may have to cross some
        return [Placed(placed.words, placed.x, placed.anchor, lane) for lane, placed in enumerate(row)]
    if anchor == "start":  # words that begin at their places stay on the right of them as long as they can
        return possible[0]
    return min(possible, key=lambda way: max(flag.lane for flag in way))


def _flags(ordered: Sequence[Words], division: int, left: float, right: float) -> list[Placed]:
    """From the middle outward, each in the shallowest lane where it meets no other; none if one has no place."""
    flags: list[Placed] = []
    rightward = [(words, _POLE, "start") for words in reversed(ordered[:division])]
    leftward = [(words, -_POLE, "end") for words in ordered[division:]]
    for words, off, anchor in [*rightward, *leftward]:
        lanes = (Placed(words, words.at + off, anchor, lane) for lane in range(len(flags) + 1))
        flag = next((one for one in lanes if not any(_meet(one, other) for other in flags)), None)
        if flag is None or flag.span[0] < left or flag.span[1] > right:
            return []
        flags.append(flag)
    return flags


def _meet(one: Placed, other: Placed) -> bool:
    if one.lane == other.lane:
        (a, b), (c, d) = one.span, other.span
        if a < d + _GAP and c < b + _GAP:
            return True
    return _crosses(one, other) or _crosses(other, one)


def _crosses(pole: Placed, flag: Placed) -> bool:
    low, high = flag.span
    return pole.lane >= flag.lane and low - 1 < pole.words.at < high + 1


def overhead(now: Words, end: Words, left: float, right: float) -> list[Placed]:
    """The words over the marker and over the end: side by side, or those of the end one row further up.

    They are moved apart only so far that each still touches its place: under another's words the marker would lie.
    """
    row = sorted(in_a_row([now, end], left, right), key=lambda placed: placed.words.at)
    if apart(row):
        return row
    first, second = row
    edge = second.span[0] - _GAP
    if edge - first.words.width >= left and edge >= first.words.at - 2 * _GAP:
        return [Placed(first.words, edge, "end"), second]
    return [Placed(placed.words, placed.x, placed.anchor, int(placed.words is end)) for placed in row]
