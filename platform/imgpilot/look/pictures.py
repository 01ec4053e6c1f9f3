"""The proportions of drawings, so that a page needs no style attribute: picture shapes, shares of a bar."""

from collections.abc import Sequence
from math import log

#: The shapes the stylesheet knows (.ar-150 is 3:2): exact for those we make, within 5 % of any other.
SHAPES = (
    *(40, 45, 50, 56, 60, 67, 71, 75, 80, 85, 92),
    100,
    *(109, 118, 125, 133, 141, 150, 167, 178, 190, 200, 215, 233, 250),
)

#: From here on a picture takes a phone's whole width in a wall of pictures.
_WIDE = 1.3

#: A part that is there is seen, however small: per cent of the bar.
_SEEN = 1.5


def shape(width: int, height: int) -> str:
    """The class that gives an element the picture's shape."""
    ratio = log(max(width, 1) / max(height, 1))
    return f"ar-{min(SHAPES, key=lambda known: abs(log(known / 100) - ratio))}"


def wide(width: int, height: int) -> bool:
    """Whether the picture is wide enough to stand alone in a phone's row."""
    return width >= _WIDE * height


def portions(amounts: Sequence[int]) -> list[tuple[float, float]]:
    """Where each amount begins and how long it is, in per cent of all. Nothing is nothing; a little is visible."""
    total = sum(amounts)
    if not total:
        return [(0.0, 0.0) for _ in amounts]
    lengths = [max(100 * amount / total, _SEEN) if amount else 0.0 for amount in amounts]
    scale = 100 / sum(lengths)
    placed, at = [], 0.0
    for length in lengths:
        placed.append((round(at, 3), round(length * scale, 3)))
        at += length * scale
    return placed
