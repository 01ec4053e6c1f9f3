"""The field a chart is drawn on, and the words around it."""

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

#: The data colours of tokens.css in their order; the last is for "the rest". Nobody tells a seventh apart.
COLOURS = ("#0C4A70", "#D07A12", "#3F97BF", "#7A2140", "#72902F", "#87959D")
_INK, _QUIET, _GRID, _AXIS = "#11202A", "#3F505B", "#D4DBDE", "#7E8C94"
_FONT = "Instrument Sans, Instrument Sans Ext, Noto Sans CJK SC, sans-serif"
_TOP, _BOTTOM, _LEFT, _LINE = 22.0, 26.0, 40.0, 15.0

Write = Callable[[float], str]


@dataclass(frozen=True)
class Series:
    """A named row of numbers, one for each category. None may be below zero: these are counts and durations."""

    name: str
    values: Sequence[float]


def plain(number: float) -> str:
    """A number without needless digits; hand in another writer for a reader's own way of grouping them."""
    return f"{number:,.10g}"


class Chart:
    """The field both kinds are drawn on: categories along its foot, a few round numbers up its side."""

    def __init__(
        self,
        categories: Sequence[str],
        series: Sequence[Series],
        highest: float,
        *,
        size: tuple[float, float],
        hatched: bool,
    ) -> None:
        if not categories or not series or len(series) > len(COLOURS):
            raise ValueError(f"a chart has categories and one to {len(COLOURS)} series")
        if any(len(each.values) != len(categories) or min(each.values) < 0 for each in series):
            raise ValueError("every series has one number for each category, none below zero")
        width, height = size
        self.categories, self.hatched = categories, hatched
        letters = max(_letters(each.name) for each in series)
        self.right = width - min(34 + 7 * letters, width / 3)
        self.foot = height - _BOTTOM
        self.pitch = (self.right - _LEFT) / len(categories)
        #: Where the drawing ends and the names begin.
        self.edge = self.right if hatched else self.x(len(categories) - 1)
        whole = all(value == int(value) for each in series for value in each.values)
        self.step = max(round_up(highest / 3), whole)
        self.top = self.step * max(math.ceil(highest / self.step), 1)

    def x(self, place: int) -> float:
        return _LEFT + self.pitch * (place + 0.5)

    def y(self, value: float) -> float:
        return self.foot - (self.foot - _TOP) * value / self.top

    def frame(self, unit: str, write: Write) -> Iterator[Markup]:
        for number in range(round(self.top / self.step) + 1):
            y = self.y(number * self.step)
            yield Markup('<path d="M{:g} {:.1f}H{:.1f}" stroke="{}" stroke-width=".7"/>').format(
                _LEFT, y, self.edge, _GRID if number else _AXIS
            )
            yield text(_LEFT - 8, y + 4, write(number * self.step), anchor="end")
        if unit:
            yield text(_LEFT, 10, unit, anchor="start")
        # Every name if there is room for it, otherwise every second, third …
        every = math.ceil(7.5 * max(map(_letters, self.categories)) / self.pitch)
        for place, name in list(enumerate(self.categories))[:: max(every, 1)]:
            yield text(self.x(place), self.foot + 18, name)


def round_up(rough: float) -> float:
    """The next number up of 1, 2, 5, 10, 20, 50 …"""
    if rough <= 0:
        return 1
    tens = 10.0 ** math.floor(math.log10(rough))
    return next(tens * factor for factor in (1, 2, 5, 10) if tens * factor >= rough * 0.999)


def _letters(words: str) -> int:
    """How many Latin letters the words are as wide as."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)


def fill(number: int, *, hatched: bool) -> str:
    """A series' colour. On areas the fourth and fifth are hatched: in grey they look like the first and last."""
    return f"url(#hatch{number})" if hatched and number in {3, 4} else COLOURS[number]


def names(chart: Chart, series: Sequence[Series], wanted: Sequence[float]) -> Iterator[Markup]:
    """The names at the ends, moved down or up until none lies on another."""
    x = chart.edge + 9
    order = sorted(range(len(series)), key=lambda number: wanted[number])
    places: list[float] = []
    for number in order:
        places.append(max(wanted[number], places[-1] + _LINE) if places else wanted[number])
    for above, place in enumerate(reversed(range(len(places)))):
        places[place] = min(places[place], chart.foot + 4 - _LINE * above)
    for number, y in zip(order, places, strict=True):
        yield Markup('<rect x="{:.1f}" y="{:.1f}" width="8" height="8" fill="{}"/>').format(
            x, y - 8, fill(number, hatched=chart.hatched)
        )
        yield text(x + 13, y, series[number].name, anchor="start", strong=True)


def text(
    x: float, y: float, words: str, *, anchor: str = "middle", strong: bool = False, clear: bool = False
) -> Markup:
    ground = Markup("")
    if clear:  # a grid line behind a number reads as a minus
        half = 3.4 * len(words) + 2
        ground = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="13" fill="#fff"/>').format(
            x - half, y - 10, 2 * half
        )
    letters = Markup('font-family="{}" font-size="11" font-weight="{}" fill="{}"').format(
        _FONT, 600 if strong else 400, _INK if strong else _QUIET
    )
    return ground + Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" {}>{}</text>').format(
        x, y, anchor, letters, words
    )


def svg(width: float, height: float, drawn: Sequence[Markup], series: Sequence[Series]) -> str:
    hatch = Markup(
        '<pattern id="hatch{0}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate({2})">'
        '<rect width="5" height="5" fill="#fff"/><rect width="3" height="5" fill="{1}"/></pattern>'
    )
    hatches = [
        hatch.format(number, COLOURS[number], turn) for number, turn in ((3, 45), (4, -45)) if number < len(series)
    ]
    size = Markup('width="{0:g}" height="{1:g}" viewBox="0 0 {0:g} {1:g}"').format(width, height)
    return Markup('<svg xmlns="http://www.w3.org/2000/svg" {}><defs>{}</defs>{}</svg>').format(
        size, Markup("").join(hatches), Markup("").join(drawn)
    )
