"""Series as drawings for paper: stacked bars and lines, each named at its end, readable without colour."""

from collections.abc import Sequence

from markupsafe import Markup

from reports.chart import COLOURS, Chart, Series, Write, fill, names, plain, svg, text

__all__ = ["Series", "bars", "lines", "plain"]

#: Lines differ by their dashes too, so that a grey print still says which is which.
_DASHES = ("none", "7 3", "2 2.5", "10 3 2 3", "4 4", "1 4")


def bars(
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    width: float = 642,
    height: float = 230,
    write: Write = plain,
) -> str:
    """One stacked bar for each category, its sum on top."""
    totals = [sum(each.values[place] for each in series) for place in range(len(categories))]
    chart = Chart(categories, series, max(totals, default=0), size=(width, height), hatched=True)
    drawn = [*chart.frame(unit, write)]
    bar = min(chart.pitch * 0.62, 56)
    ends = [0.0] * len(series)
    for place, total in enumerate(totals):
        below = 0.0
        for number, each in enumerate(series):
            value = each.values[place]
            top, foot = chart.y(below + value), chart.y(below)
            if value > 0:
                drawn.append(
                    _block(chart.x(place) - bar / 2, top, bar, max(foot - top - (2 if below else 0), 1), number)
                )
            ends[number] = (top + foot) / 2 + 4
            below += value
        drawn.append(text(chart.x(place), chart.y(total) - 6, write(total), strong=True, clear=True))
    return svg(width, height, [*drawn, *names(chart, series, ends)], series)


def lines(
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    width: float = 642,
    height: float = 230,
    write: Write = plain,
) -> str:
    """A line for each series, its name and last number at its end."""
    highest = max((value for each in series for value in each.values), default=0)
    chart = Chart(categories, series, highest, size=(width, height), hatched=False)
    drawn = [*chart.frame(unit, write)]
    for number, each in enumerate(series):
        points = " ".join(f"{chart.x(place):.1f},{chart.y(value):.1f}" for place, value in enumerate(each.values))
        drawn.append(
            Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>').format(
                points, COLOURS[number], _DASHES[number]
            )
        )
        drawn.append(
            Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3" fill="{}"/>').format(
                chart.x(len(each.values) - 1), chart.y(each.values[-1]), COLOURS[number]
            )
        )
    named = [Series(f"{each.name} {write(each.values[-1])}", each.values) for each in series]
    ends = [chart.y(each.values[-1]) + 4 for each in series]
    return svg(width, height, [*drawn, *names(chart, named, ends)], series)


def _block(x: float, y: float, width: float, height: float, number: int) -> Markup:
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"/>').format(
        x, y, width, height, fill(number, hatched=True)
    )
