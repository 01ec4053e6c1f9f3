"""Charts for pages and for paper: drawn here without script, readable without colour, with their numbers behind them.

Every function takes data and words and returns a `Chart`. On a page its colours come from classes (tokens.css and
charts.css); with a `Palette` they are in the drawing, for a PDF. `reports.figures` draws the plain ones of the
yearly report.
"""

from reports.chart import Series, Write, plain
from reports.charts.chart import Chart, Numbers, Words, figure
from reports.charts.horizontal import bars
from reports.charts.pen import Palette
from reports.charts.spread import median, strip
from reports.charts.trend import line, spark

__all__ = [
    "Chart",
    "Numbers",
    "Palette",
    "Series",
    "Words",
    "Write",
    "bars",
    "figure",
    "line",
    "median",
    "plain",
    "spark",
    "strip",
]
