"""What draws: shapes by the part they play, coloured by class on a page and by attribute on paper."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.charts.letters import SIZE
from reports.html import printable

#: How far apart the lines of a hatching are, and how thick.
_PITCH, _THICK = 5.0, 1.7


@dataclass(frozen=True)
class Palette:
    """Colours and letters, for where the classes mean nothing. The values are those of tokens.css, light."""

    ink: str = "#11202A"
    quiet: str = "#3F505B"
    grid: str = "#D4DBDE"
    axis: str = "#7E8C94"
    late: str = "#A3231B"
    surface: str = "#FFFFFF"
    data: tuple[str, str, str, str] = ("#0C4A70", "#D07A12", "#3F97BF", "#7A2140")
    font: str = "Instrument Sans, Instrument Sans Ext, Noto Sans CJK SC, sans-serif"

    def dress(self, role: str) -> Markup:
        """The attribute that stands in for a class."""
        if role[1:].isdigit():
            fill, colour = role[0] == "d", self.data[int(role[1:]) - 1]
        else:
            fill, colour = {
                "grid": (False, self.grid),
                "axis": (False, self.axis),
                "end": (False, self.ink),
                "hatch": (False, self.late),
                "now": (True, self.ink),
                "hollow": (True, self.surface),
                "late": (True, self.late),
            }[role]
        return Markup('{}="{}"').format("fill" if fill else "stroke", colour)

    def letter(self, role: str) -> Markup:
        """The attributes of a line of words."""
        colour = {"b": self.ink, "late": self.late}.get(role, self.quiet)
        return Markup('font-family="{}" font-size="{:g}" font-weight="{}" fill="{}"').format(
            self.font, SIZE, 600 if role else 400, colour
        )


@dataclass(frozen=True)
class Pen:
    """Draws in the units of the drawing. Roles: d1 … d4 and late fill, l1 … l4 and hatch stroke; see `Palette`."""

    palette: Palette | None = None

    def path(self, roles: str, d: str, *, thick: float = 1, dash: str = "", filled: bool = False) -> Markup:
        """A line, or with `filled` a shape that its role fills."""
        extra = Markup("") if filled else Markup(' stroke-width="{:g}"').format(thick)
        if not filled and "hollow" not in roles:
            extra += Markup(' fill="none"')
        if dash:
            extra += Markup(' stroke-dasharray="{}"').format(dash)
        return Markup('<path {} d="{}"{}/>').format(self._dress(roles), d, extra)

    def box(self, role: str, x: float, y: float, wide: float, tall: float) -> Markup:
        """A filled rectangle."""
        return Markup('<rect {} x="{}" y="{}" width="{}" height="{}"/>').format(
            self._dress(role), *map(digits, (x, y, wide, tall))
        )

    def hatched(self, x: float, y: float, wide: float, tall: float) -> Markup:
        """A rectangle of slanted lines with an outline.

        The lines are drawn one by one: a <pattern> needs a name that is nobody else's on the page, and Chromium
        draws none of a pattern whose drawing is hidden.
        """
        inset = min(0.6, wide / 2, tall / 2)
        left, top, right, foot = x + inset, y + inset, x + wide - inset, y + tall - inset
        high, d = foot - top, []
        start = left + _PITCH / 2 - high
        for number in range(math.ceil((right - start) / _PITCH)):
            low_x = start + number * _PITCH  # at the foot; one further up is one further right
            from_x, to_x = max(low_x, left), min(low_x + high, right)
            if to_x > from_x:
                d.append(_stroke(from_x, foot - (from_x - low_x), to_x, foot - (to_x - low_x)))
        outline = f"M{digits(left)} {digits(top)}H{digits(right)}V{digits(foot)}H{digits(left)}z"
        return self.path("hatch hollow", outline, thick=1.2) + self.path("hatch", "".join(d), thick=_THICK)

    def text(self, x: float, y: float, words: str, role: str = "", anchor: str = "start") -> Markup:
        """A line of words; role b is strong, late is strong and in that colour."""
        dress = self.palette.letter(role) if self.palette else Markup('class="{}"').format(role) * bool(role)
        return Markup('<text {} x="{}" y="{}" text-anchor="{}">{}</text>').format(
            dress, digits(x), digits(y), anchor, printable(words)
        )

    def marker(self, number: int, x: float, y: float, size: float = 3) -> Markup:
        """The dot of a series: a disc, a hollow square, a diamond, a hollow triangle."""
        role, s = number + 1, size
        at = f"M{digits(x)} {digits(y)}"
        if number == 0:
            return self.path(
                f"d{role}", f"{at}m-{s:g} 0a{s:g} {s:g} 0 1 0 {2 * s:g} 0a{s:g} {s:g} 0 1 0-{2 * s:g} 0z", filled=True
            )
        if number == 2:
            return self.path(
                f"d{role}",
                f"{at}m0-{s + 1:g}l{s + 1:g} {s + 1:g}-{s + 1:g} {s + 1:g}-{s + 1:g}-{s + 1:g}z",
                filled=True,
            )
        shape = (
            f"m-{s:g}-{s:g}h{2 * s:g}v{2 * s:g}h-{2 * s:g}z" if number == 1 else f"m0-{s:g}l{s:g} {2 * s:g}h-{2 * s:g}z"
        )
        return self.path(f"l{role} hollow", at + shape, thick=1.8)

    def _dress(self, roles: str) -> Markup:
        if self.palette:
            return Markup(" ").join(map(self.palette.dress, roles.split()))
        return Markup('class="{}"').format(roles)


def digits(number: float) -> str:
    """A place in the drawing to a tenth of a unit, without needless digits."""
    return f"{round(number, 1) + 0:g}"


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """A path from point to point."""
    return "M" + "L".join(f"{digits(x)} {digits(y)}" for x, y in points)


def _stroke(x1: float, y1: float, x2: float, y2: float) -> str:
    return f"M{digits(x1)} {digits(y1)}L{digits(x2)} {digits(y2)}"
