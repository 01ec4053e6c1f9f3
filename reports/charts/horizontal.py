"""Bars that lie: names keep their room, in any language, and the numbers stand at the ends."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from reports.chart import Series, Write, plain
from reports.charts.chart import WIDE, Chart, Drawn, Numbers, Words, checked, made
from reports.charts.letters import shortened, width, wrapped
from reports.charts.pen import Palette, Pen, digits

_BAR, _GAP, _LINE = 14.0, 10.0, 15.0
#: Between two stacked parts, so that they part without colour.
_SLIT = 1.5
#: The widest that a column of names gets, and the least that is left for the bars.
_NAMES, _TRACK = 190.0, 80.0


def bars(
    words: Words,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    write: Write = plain,
    palette: Palette | None = None,
) -> Chart:
    """A bar for each category, in the given order.

    With two series they are stacked; the second is the part that asks for attention: hatched, in the colour of what
    is late, and named at its bar when it is not zero. Errors: ValueError for numbers that do not fit.
    """
    some = checked(categories, series, 2)
    header = (words.first, *(each.name for each in series))
    rows = tuple((name, *(write(each.values[place]) for each in series)) for place, name in enumerate(categories))

    def draw(pen: Pen, wide: float) -> Drawn | None:
        return _Bars(pen, wide, categories, series, write).drawn() if some else None

    return made(words, Numbers(header, rows), draw, palette)


class _Bars:
    def __init__(
        self, pen: Pen, wide: float, categories: Sequence[str], series: Sequence[Series], write: Write
    ) -> None:
        self.pen, self.wide, self.categories, self.series, self.write = pen, wide, categories, series, write
        self.totals = [sum(each.values[place] for each in series) for place in range(len(categories))]
        self.first = [write(total) for total in self.totals]
        self.beside = wide >= WIDE
        self.left = min(max(map(width, categories)), _NAMES) + 12 if self.beside else 0.0
        self.second = [self._part(place) for place in range(len(categories))]
        ends = max(self._end(place) for place in range(len(categories)))
        self.track = max(wide - self.left - ends, _TRACK) if self.beside else wide

    def drawn(self) -> Drawn:
        parts, y = list(self._key()), 20.0 if len(self.series) == 2 else 0.0
        for place in range(len(self.categories)):
            tall, row = self._row(place, y)
            parts += row
            y += tall
        return y, parts

    def _part(self, place: int) -> str:
        """The number and name of the second part, if there is one at this bar."""
        if len(self.series) < 2 or not self.series[1].values[place]:
            return ""
        said = f"{self.write(self.series[1].values[place])} {self.series[1].name}"
        return shortened(said, self.wide - self.left - _TRACK - width(self.first[place]) - 16)

    def _end(self, place: int) -> float:
        """The room that the numbers at a bar's end take."""
        second = self.second[place]
        return 8 + width(self.first[place]) + (8 + width(second) if second else 0)

    def _key(self) -> Iterator[Markup]:
        """The two series' names, each with its pattern."""
        if len(self.series) < 2:
            return
        # Beside each name its pattern, 20 wide, and 18 between the two.
        room = (self.wide - self.left - 20 - 18 - 20) / 2
        x = self.left
        for each, late in zip(self.series, (False, True), strict=True):
            name = shortened(each.name, room)
            yield self._block(x, 1, 14, 11, late=late)
            yield self.pen.text(x + 20, 11, name)
            x += 20 + width(name) + 18

    def _row(self, place: int, y: float) -> tuple[float, list[Markup]]:
        """A category's name, bar and numbers, and how much height they took."""
        if self.beside:
            lines = wrapped(self.categories[place], self.left - 12, 2)
            tall = max(_BAR, _LINE * len(lines)) + _GAP
            middle = y + tall / 2
            parts = [
                self.pen.text(self.left - 10, middle + 4.2 + _LINE * (line - (len(lines) - 1) / 2), words, anchor="end")
                for line, words in enumerate(lines)
            ]
            parts.append(
                self.pen.path(
                    "axis", f"M{digits(self.left)} {digits(y + _GAP / 2 - 2)}V{digits(y + tall - _GAP / 2 + 2)}"
                )
            )
            drawn, end = self._bar(place, middle - _BAR / 2)
            return tall, [*parts, *drawn, *self._numbers(place, end + 8, middle + 4.2)]
        # On a phone the name and its numbers share a line, and the bar has the whole width below them.
        room = self.wide - self._end(place) - 4
        drawn, _ = self._bar(place, y + 20)
        parts = [self.pen.text(0, y + 14, shortened(self.categories[place], room))]
        return 20 + _BAR + _GAP, [*parts, *self._at_edge(place, y + 14), *drawn]

    def _bar(self, place: int, y: float) -> tuple[list[Markup], float]:
        """The bar and where it ends."""
        highest = max(self.totals)
        parts, x = [], self.left
        for number, each in enumerate(self.series):
            value = each.values[place]
            if not value:
                continue
            # Whatever is not zero is seen.
            long = max(value / highest * (self.track - _SLIT - 4), 2.0)
            if x > self.left:
                x += _SLIT
            parts.append(self._block(x, y, long, _BAR, late=number == 1))
            x += long
        if not parts and not self.beside:
            parts.append(self.pen.path("axis", f"M0.5 {digits(y)}v{_BAR:g}"))
        return parts, x

    def _block(self, x: float, y: float, wide: float, tall: float, *, late: bool) -> Markup:
        return self.pen.hatched(x, y, wide, tall) if late else self.pen.box("d1", x, y, wide, tall)

    def _numbers(self, place: int, x: float, y: float) -> Iterator[Markup]:
        yield self.pen.text(x, y, self.first[place], "b")
        if self.second[place]:
            yield self.pen.text(x + width(self.first[place]) + 8, y, self.second[place], "late")

    def _at_edge(self, place: int, y: float) -> Iterator[Markup]:
        """The same numbers, at the right edge."""
        second = self.second[place]
        if second:
            yield self.pen.text(self.wide, y, second, "late", "end")
        yield self.pen.text(self.wide - (width(second) + 8 if second else 0), y, self.first[place], "b", "end")
