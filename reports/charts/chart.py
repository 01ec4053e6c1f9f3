"""A chart: its drawing for wide and narrow places, its finding in words, and the numbers behind it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.chart import Series
from reports.charts.letters import wrapped
from reports.charts.pen import Palette, Pen, digits
from reports.html import printable

#: The widths of the two drawings. charts.css shows the one at whose size the letters are near 12 px.
WIDE, COMPACT = 580.0, 340.0
#: What a drawing is made of: its height and its parts.
Drawn = tuple[float, Sequence[Markup]]


@dataclass(frozen=True)
class Words:
    """What people read, in their language.

    `title` names what is drawn, `finding` says what it shows in a sentence (it becomes the caption), `first` heads
    the first column of the table, `nothing` stands where there is nothing to draw.
    """

    title: str
    finding: str
    first: str
    nothing: str


@dataclass(frozen=True)
class Numbers:
    """The table behind a drawing, written as its reader writes numbers; the first column is words."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """`svg` stands alone, also in a PDF; `compact` is the same for a phone, and None on paper and for a spark."""

    svg: Markup
    compact: Markup | None
    title: str
    caption: str
    table: Numbers


def made(words: Words, table: Numbers, draw: Callable[[Pen, float], Drawn | None], palette: Palette | None) -> Chart:
    """The chart that `draw` makes for a pen and a width; where it has nothing to draw, the words that say so."""
    pen = Pen(palette)

    def drawing(width: float, name: str) -> Markup:
        height, parts = draw(pen, width) or _nothing(pen, words, width)
        return svg(words, parts, (width, height), name)

    compact = None if palette else drawing(COMPACT, "chart compact")
    return Chart(drawing(WIDE, "chart wide"), compact, words.title, words.finding, table)


def svg(words: Words, parts: Sequence[Markup], size: tuple[float, float], name: str) -> Markup:
    """The element, as wide as its place is. It has no ids: two charts of a page cannot get in each other's way."""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" viewBox="0 0 {} {}" role="img">'
        "<title>{}</title><desc>{}</desc>{}</svg>"
    ).format(name, *map(digits, size), printable(words.title), printable(words.finding), Markup("").join(parts))


def figure(chart: Chart, *, summary: str) -> Markup:
    """A whole <figure>: drawing, finding, and the numbers in a <details> whose summary is handed in translated."""
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_column(place), name)
        for place, name in enumerate(chart.table.header)
    )
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            row[0], Markup("").join(Markup('<td class="n">{}</td>').format(cell) for cell in row[1:])
        )
        for row in chart.table.rows
    )
    table = Markup(
        '<details class="more"><summary>{}</summary><div class="chart-numbers"><table class="table">'
        '<caption class="vh">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>'
    ).format(summary, chart.title, head, rows)
    return Markup('<figure class="chart-figure">{}{}<figcaption>{}</figcaption>{}</figure>').format(
        chart.svg, chart.compact or "", chart.caption, table if chart.table.rows else ""
    )


def checked(categories: Sequence[str], series: Sequence[Series], most: int) -> bool:
    """Whether there is something to draw. ValueError when the numbers do not fit the categories or are no counts."""
    if not 1 <= len(series) <= most:
        raise ValueError(f"this chart has one to {most} series")
    if any(len(each.values) != len(categories) for each in series):
        raise ValueError("every series has one number for each category")
    if any(not math.isfinite(value) or value < 0 for each in series for value in each.values):
        raise ValueError("a number is below zero or none at all")
    return bool(categories)


def _column(place: int) -> Markup:
    return Markup(' class="n"') if place else Markup("")


def _nothing(pen: Pen, words: Words, width: float) -> Drawn:
    lines = wrapped(words.nothing, width - 4, 3)
    said = [pen.text(0, 18 + 17 * place, line) for place, line in enumerate(lines)]
    foot = 30.0 + 17 * len(lines[1:])
    return foot + 2, [*said, pen.path("axis", f"M0 {foot:g}H{width:g}")]
