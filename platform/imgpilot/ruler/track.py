"""The drawn parts of a ruler: its line, ticks, bar and words, on a page by class or on paper by colour."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import NamedTuple

from markupsafe import Markup

from imgpilot.ruler.words import Placed, Words

#: Closer than this, in pixels, ticks are a grey band and nobody can count them.
_CLOSEST = 2.4


class Mark(NamedTuple):
    """A named place on the ruler: so many units from its beginning."""

    at: int
    label: str
    note: str = ""


@dataclass(frozen=True)
class Palette:
    """Colours and letters, for where the classes mean nothing. The values are those of tokens.css, light."""

    ink: str = "#11202A"
    quiet: str = "#3F505B"
    line: str = "#7E8C94"
    brand: str = "#0C4A70"
    late: str = "#A3231B"
    surface: str = "#FFFFFF"
    font: str = "Instrument Sans, Instrument Sans Ext, Noto Sans CJK SC, sans-serif"
    size: float = 11.5

    def dress(self, role: str) -> Markup:
        """The attributes that stand in for a class."""
        fill, stroke, width = {
            "tick": ("none", self.line, 0.8),
            "base": ("none", self.line, 0.8),
            "done": (self.brand, "none", 0),
            "over": (self.late, "none", 0),
            "pause": (self.surface, self.brand, 1),
            "now": (self.ink, "none", 0),
            "end": ("none", self.ink, 1.8),
        }[role]
        return Markup('fill="{}" stroke="{}" stroke-width="{:g}"').format(fill, stroke, width)

    def letter(self, *, strong: bool) -> Markup:
        """The attributes of a line of words."""
        return Markup('font-family="{}" font-size="{:g}" font-weight="{}" fill="{}"').format(
            self.font, self.size, 600 if strong else 400, self.ink if strong else self.quiet
        )


class Track:
    """One ruler's line from `left` to `right`, `base` pixels down; counts beyond an end stop there."""

    def __init__(
        self,
        total: int,
        done: int,
        over: int = 0,
        pause: tuple[int, int] | None = None,
        *,
        left: float,
        right: float,
        base: float = 0,
        palette: Palette | None = None,
    ) -> None:
        self.total, self.over = max(total, 0), max(over, 0)
        self.units = self.total + self.over
        self.done = min(max(done, 0), self.total)
        self.pause = (min(max(pause[0], 0), self.units), min(max(pause[1], 0), self.units)) if pause else None
        #: How far time or work has come: the marker's place.
        self.reach = self.total + self.over if self.over else self.done
        self.left, self.right, self.base, self.palette = left, right, base, palette

    def x(self, unit: float) -> float:
        """Where a unit ends, in pixels; a ruler of nothing is all beginning."""
        return self.left + (self.right - self.left) * min(max(unit / self.units, 0), 1) if self.units else self.left

    def words(self, marks: Iterable[Mark]) -> list[Words]:
        """The marks as lines of words at their places."""
        size = self.palette.size if self.palette else 12
        return [Words(self.x(mark.at), mark.label, mark.note, size) for mark in marks]

    def body(self, *, thick: float, tall: float, short: float) -> Iterator[Markup]:
        """Ticks, line and bar."""
        step, long = self._rungs()
        ticks = " ".join(
            f"M{self.x(unit):.1f} {self.base:g}v-{tall if unit % long == 0 else short:g}"
            for unit in range(0, self.units + 1, step)
        )
        yield self._path("tick", ticks)
        yield self._path("base", f"M{self.x(0):.1f} {self.base + 0.5:g}H{self.right:.1f}")
        yield self._bar("done", (0, self.done), self.base, thick)
        if self.pause and self.pause[0] < self.pause[1]:
            yield self._bar("pause", self.pause, self.base + 0.5, thick - 1)
        if self.over:
            yield self._bar("over", (self.total, self.units), self.base - 2, thick + 2)

    def segments(self, *, thick: float) -> Iterator[Markup]:
        """A bar for each unit, so that they can be told apart."""
        for unit in range(self.units):
            role = "done" if unit < self.done else "pause"
            yield self._bar(role, (unit, unit + 1), self.base, thick, gap=3)
            yield self._path("tick", f"M{self.x(unit):.1f} {self.base - 2:g}v{thick + 4:g}")

    def now(self, top: float, half: float, tall: float) -> Markup:
        """The marker that shows how far things have come."""
        x = self.x(self.reach)
        return self._path("now", f"M{x - half:.1f} {top:g}h{2 * half:g}l-{half:g} {tall:g}z")

    def end(self, top: float, bottom: float) -> Markup:
        """The tall line where it should be finished."""
        return self._path("end", f"M{self.x(self.total):.1f} {bottom:g}V{top:g}")

    def captions(self, placed: Iterable[Placed], stem: float) -> Iterator[Markup]:
        """Words below the line, each with the stem or pole that says where it belongs."""
        for each in placed:
            down = self.first_line(each) if each.poled else self.base + stem
            if down > self.base:
                yield self._path("base", f"M{each.words.at:.1f} {self.base:g}V{down:g}")
            yield self.text(each, self.first_line(each))

    def first_line(self, placed: Placed) -> float:
        """How far down the first line of words below the ruler stands."""
        return self.base + 26 + 34 * placed.lane

    def depth(self, placed: Iterable[Placed]) -> float:
        """How tall the drawing has to be for the words below."""
        ends = [self.first_line(each) + 15 * (len(each.words.lines) - 1) + 4 for each in placed]
        return max([*ends, self.base + 10])

    def text(self, placed: Placed, y: float) -> Markup:
        """Lines of words, the first one strong."""
        lines = Markup("")
        for line, (words, strong) in enumerate(placed.words.lines):
            dress = self.palette.letter(strong=strong) if self.palette else Markup('class="{}"').format("b" * strong)
            lines += Markup('<text {} x="{:.1f}" y="{:g}" text-anchor="{}">{}</text>').format(
                dress, placed.x, y + 15 * line, placed.anchor, words
            )
        return lines

    def _rungs(self) -> tuple[int, int]:
        """Every how many units a tick is drawn, and every how many a longer one."""
        step, long, factors = 1, 5, cycle((2, 5))
        while self.units and (self.right - self.left) / self.units * step < _CLOSEST:
            step, long = long, long * next(factors)
        return step, long

    def _path(self, role: str, d: str) -> Markup:
        return Markup('<path {} d="{}"/>').format(self._dress(role), d)

    def _bar(self, role: str, units: tuple[int, int], y: float, height: float, gap: float = 0) -> Markup:
        start, stop = (self.x(unit) for unit in units)
        return Markup('<rect {} x="{:.1f}" y="{:g}" width="{:.1f}" height="{:g}"/>').format(
            self._dress(role), start, y, max(stop - start - gap, 0), height
        )

    def _dress(self, role: str) -> Markup:
        if self.palette:
            return self.palette.dress(role)
        # The hollow part needs the page's own colours; as attributes they need no rule for it.
        hollow = Markup(' fill="var(--surface)" stroke="var(--brand)"') if role == "pause" else ""
        return Markup('class="{}"{}').format(role, hollow)
