"""How something went over time: lines that differ by dash and dot, each named at its end; and the same in small."""

import math
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from reports.chart import Series, Write, plain, round_up
from reports.charts.chart import Chart, Drawn, Numbers, Words, checked, made, svg
from reports.charts.letters import shortened, width
from reports.charts.pen import Palette, Pen, digits, polyline

_DASHES = ("", "6 4", "2 3", "10 3 2 3")
_TOP, _FOOT, _LINE = 12.0, 26.0, 16.0
#: Dots stand at every point as long as they are this far apart.
_DOTS = 13.0
_SPARK = (96.0, 24.0)


def line(
    words: Words,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    write: Write = plain,
    palette: Palette | None = None,
) -> Chart:
    """One to four lines from the oldest category to the newest, from zero up, the last numbers at their ends.

    A number at an end reads "17 closed": series are named so that this is true. Errors: ValueError for numbers that
    do not fit.
    """
    some = checked(categories, series, len(_DASHES))
    header = (words.first, *(each.name for each in series))
    rows = tuple((name, *(write(each.values[place]) for each in series)) for place, name in enumerate(categories))

    def draw(pen: Pen, wide: float) -> Drawn | None:
        return _Lines(pen, wide, categories, series, write).drawn() if some else None

    return made(words, Numbers(header, rows), draw, palette)


def spark(
    words: Words,
    categories: Sequence[str],
    values: Sequence[float],
    *,
    write: Write = plain,
    palette: Palette | None = None,
) -> Chart:
    """A tiny line from zero up with a dot at its newest point, to stand beside a number that says how much."""
    some = checked(categories, [Series(words.title, values)], 1)
    pen, (wide, tall) = Pen(palette), _SPARK
    floor = tall - 3
    parts = [pen.path("axis", f"M0 {floor + 1.5:g}H{wide:g}")]
    if some:
        highest = max(values) or 1
        points = [
            (_share(place, len(values)) * (wide - 8) + 4, floor - (floor - 4) * (value / highest))
            for place, value in enumerate(values)
        ]
        parts += [pen.path("l1", polyline(points), thick=1.75), pen.marker(0, *points[-1])]
    rows = tuple((name, write(value)) for name, value in zip(categories, values, strict=True))
    drawn = svg(words, parts, _SPARK, "chart spark")
    return Chart(drawn, None, words.title, words.finding, Numbers((words.first, words.title), rows))


class _Lines:
    def __init__(
        self, pen: Pen, wide: float, categories: Sequence[str], series: Sequence[Series], write: Write
    ) -> None:
        self.pen, self.wide, self.categories, self.series, self.write = pen, wide, categories, series, write
        highest = max(value for each in series for value in each.values)
        whole = all(float(value).is_integer() for each in series for value in each.values)
        self.step = max(round_up(highest / 4), 1 if whole else 0)
        self.rungs = max(math.ceil(highest / self.step - 1e-9), 1)
        self.scale = [write(self.step * rung) for rung in range(self.rungs + 1)]
        self.names = [shortened(f"{write(each.values[-1])} {each.name}", wide * 0.36) for each in series]
        self.left = max(map(width, self.scale)) + 12
        self.right = wide - max(map(width, self.names)) - 14
        self.foot = 174.0

    def drawn(self) -> Drawn:
        return self.foot + _FOOT, [*self._frame(), *self._lines(), *self._named()]

    def x(self, place: int) -> float:
        return self.left + (self.right - self.left) * _share(place, len(self.categories))

    def y(self, value: float) -> float:
        return self.foot - (self.foot - _TOP) * (value / (self.step * self.rungs))

    def _frame(self) -> Iterator[Markup]:
        for rung, said in enumerate(self.scale):
            y = self.y(self.step * rung)
            yield self.pen.path("grid" if rung else "axis", f"M{digits(self.left)} {digits(y)}H{digits(self.right)}")
            yield self.pen.text(self.left - 10, y + 4, said, anchor="end")
        for place, at, said in self._dates():
            yield self.pen.path("axis", f"M{digits(self.x(place))} {digits(self.foot)}v4")
            yield self.pen.text(at, self.foot + 19, said, anchor="middle")

    def _dates(self) -> Iterator[tuple[int, float, str]]:
        """The newest category, and back from there as many in even steps as have room; where each one stands."""
        last = len(self.categories) - 1
        names = [shortened(name, self.wide / 2 - 8) for name in self.categories]
        pitch = (self.right - self.left) / max(last, 1)
        step = max(math.ceil((max(map(width, names)) + 14) / pitch), math.ceil(last / 6), 1)
        for place in range(last, -1, -step):
            half = width(names[place]) / 2
            yield place, min(max(self.x(place), half), self.wide - half), names[place]

    def _lines(self) -> Iterator[Markup]:
        # The first, which is solid, lies lowest: where lines meet, its dashes still show the other.
        for number, each in enumerate(self.series):
            points = [(self.x(place), self.y(value)) for place, value in enumerate(each.values)]
            if len(points) > 1:
                yield self.pen.path(f"l{number + 1}", polyline(points), thick=2.25, dash=_DASHES[number])
            apart = (self.right - self.left) / max(len(points) - 1, 1)
            for point in points if apart >= _DOTS else points[-1:]:
                yield self.pen.marker(number, *point)

    def _named(self) -> Iterator[Markup]:
        """The last numbers and names at the ends, moved apart until none lies on another."""
        wanted = [self.y(each.values[-1]) for each in self.series]
        order = sorted(range(len(wanted)), key=lambda number: wanted[number])
        places: list[float] = []
        for number in order:
            places.append(max(wanted[number], places[-1] + _LINE) if places else max(wanted[number], _TOP - 2))
        for above, place in enumerate(reversed(range(len(places)))):
            places[place] = min(places[place], self.foot - _LINE * above)
        for number, y in zip(order, places, strict=True):
            if abs(y - wanted[number]) > 2:
                thin = polyline([(self.right + 5, wanted[number]), (self.right + 11, y)])
                yield self.pen.path("axis", thin)
            yield self.pen.text(self.right + 14, y + 4, self.names[number], "b")


def _share(place: int, places: int) -> float:
    """How far along a point stands; one alone is the newest."""
    return place / (places - 1) if places > 1 else 1.0
