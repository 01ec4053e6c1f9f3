"""How long things took, on a ruler: one tick is one day, a column stands on its day, the limit is the tall line."""

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle

from markupsafe import Markup

from reports.chart import Write, plain
from reports.charts.chart import Chart, Drawn, Numbers, Words, made
from reports.charts.letters import shortened, width
from reports.charts.pen import Palette, Pen, digits

#: Closer than this, ticks are a grey band and nobody can count them.
_CLOSEST = 3.2
_TOP, _BASE, _SIDE = 54.0, 132.0, 5.0


def median(counts: Mapping[int, int]) -> float:
    """The middle of so many durations: half took that long or less. Nothing at all has no middle: ValueError."""
    total = sum(counts.values())
    if total < 1:
        raise ValueError("nothing has no median")
    return (_nth(counts, (total - 1) // 2) + _nth(counts, total // 2)) / 2


def strip(
    words: Words,
    counts: Mapping[int, int],
    *,
    limit: int,
    counted: str,
    say_median: Callable[[float], str],
    say_limit: Callable[[int], str],
    write: Write = plain,
    palette: Palette | None = None,
) -> Chart:
    """How many took so many days: `counts` is days → how many, `limit` the days that the law allows.

    What took longer is hatched and past the tall line. Where days are too close to be told apart, a tick is five
    days, ten, and so on. `counted` heads the table's column of counts. Errors: ValueError for days or counts below 0.
    """
    if limit < 0 or any(day < 0 or many < 0 for day, many in counts.items()):
        raise ValueError("days and counts are not below zero")
    days = {day: counts[day] for day in sorted(counts) if counts[day]}
    rows = tuple((write(day), write(many)) for day, many in days.items())

    def draw(pen: Pen, wide: float) -> Drawn | None:
        if not days:
            return None
        middle = median(days)
        return _Strip(pen, wide, days, limit, write).drawn(middle, say_median(middle), say_limit(limit))

    return made(words, Numbers((words.first, counted), rows), draw, palette)


class _Strip:
    def __init__(self, pen: Pen, wide: float, days: Mapping[int, int], limit: int, write: Write) -> None:
        self.pen, self.wide, self.limit, self.write = pen, wide, limit, write
        self.units = max(*days, limit) + 1
        self.step, self.long, factors = 1, 5, cycle((2, 5))
        while wide / self.units * self.step < _CLOSEST:
            self.step, self.long = self.long, self.long * next(factors)
        self.pitch = (wide - 2 * _SIDE) / math.ceil(self.units / self.step)
        #: How many in time and how many late, for each slot of one or more days.
        self.slots: dict[int, list[int]] = {}
        for day, many in days.items():
            self.slots.setdefault(day // self.step, [0, 0])[day > limit] += many
        self.highest = max(map(sum, self.slots.values()))

    def x(self, day: float) -> float:
        """The middle of a day."""
        return _SIDE + self.pitch * (day + 0.5) / self.step

    def middle(self, slot: int) -> float:
        """Where a slot's tick and column stand."""
        return _SIDE + self.pitch * (slot + 0.5)

    def drawn(self, middle: float, said_middle: str, said_limit: str) -> Drawn:
        end, at = self.x(self.limit + 0.5), self.x(middle)
        slot = int(middle) // self.step
        top = _BASE - self._tall(sum(self.slots.get(slot, [0]))) - 3
        pen = self.pen
        parts = [
            *self._ruler(),
            *(part for slot, many in self.slots.items() for part in self._column(slot, many)),
            pen.path("end", f"M{digits(end)} 4V{_BASE + 6:g}", thick=2),
            self._said(end, 13, said_limit, right=end < self.wide / 2),
            pen.path("now", f"M{digits(at - 4)} 22h8l-4 6.5z", filled=True),
            pen.path("end", f"M{digits(at)} 28V{digits(max(top, 30))}", dash="2 2"),
            *self._beside(at, end, said_middle),
            self._peak((at, end)),
        ]
        return _BASE + 26, parts

    def _tall(self, many: int) -> float:
        """A column's height; whatever is not zero is seen."""
        return max(many / self.highest * (_BASE - _TOP - 4), 2.0) if many else 0

    def _column(self, slot: int, many: list[int]) -> Iterator[Markup]:
        wide = min(max(self.pitch * 0.72, 2), 16)
        x, in_time, late = self.middle(slot) - wide / 2, self._tall(many[0]), self._tall(many[1])
        if in_time:
            yield self.pen.box("d1", x, _BASE - in_time, wide, in_time)
        if late:
            yield self.pen.hatched(x, _BASE - in_time - (1.5 if in_time else 0) - late, wide, late)

    def _peak(self, lines: tuple[float, float]) -> Markup:
        """The tallest column says how many it is, clear of both lines; that gives the others their measure."""
        at = self.middle(next(slot for slot, many in self.slots.items() if sum(many) == self.highest))
        said = self.write(self.highest)
        half = width(said) / 2
        tried = [at, *(line + side * (half + 4) for line in lines for side in (-1, 1))]
        fits = (x for x in tried if half <= x <= self.wide - half and all(abs(x - line) >= half + 3 for line in lines))
        x = next(fits, min(max(at, half), self.wide - half))
        return self.pen.text(x, _TOP - 6, said, "b", "middle")

    def _ruler(self) -> Iterator[Markup]:
        yield self.pen.path("axis", f"M0 {_BASE + 0.5:g}H{self.wide:g}")
        every, slots = self.long // self.step, math.ceil(self.units / self.step)
        ticks = "".join(
            f"M{digits(self.middle(slot))} {_BASE:g}v{7 if slot % every == 0 else 4}" for slot in range(slots)
        )
        yield self.pen.path("axis", ticks)
        room = width(self.write(self.units)) + 10
        apart = every * math.ceil(room / (every * self.pitch))
        for slot in range(0, slots, apart):
            said = self.write(slot * self.step)
            half = width(said) / 2
            at = min(max(self.middle(slot), half), self.wide - half)
            yield self.pen.text(at, _BASE + 21, said, anchor="middle")

    def _beside(self, at: float, end: float, words: str) -> Iterator[Markup]:
        """The median's words on the side where they do not meet the limit's line, or else on a clear ground."""
        room = width(words) + 8
        free = {
            True: at + room <= self.wide and not at <= end <= at + room + 4,
            False: room <= at and not at - room - 4 <= end <= at,
        }
        right = next((side for side in (at < self.wide / 2, at >= self.wide / 2) if free[side]), at < self.wide / 2)
        if not free[right]:
            clear = min(room - 4, (self.wide - at if right else at) - 5)
            yield self.pen.box("hollow", at + 5 if right else at - 5 - clear, 20, clear, 14)
        yield self._said(at, 31, words, right=right)

    def _said(self, at: float, y: float, words: str, *, right: bool) -> Markup:
        """Words beside a mark."""
        words = shortened(words, (self.wide - at if right else at) - 8)
        return self.pen.text(at + 8 if right else at - 8, y, words, "b", "start" if right else "end")


def _nth(counts: Mapping[int, int], wanted: int) -> int:
    for day in sorted(counts):
        wanted -= counts[day]
        if wanted < 0:
            return day
    raise AssertionError("there are fewer")  # pragma: no cover
