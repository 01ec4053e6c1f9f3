"""A table: how its columns look, and how many rows a PDF can carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from reports.errors import TooMuch

#: WeasyPrint needs 7 to 9 ms and 0.2 MB for a row: 500 rows of six columns took 3.3 s and 180 MB, 2,000 took 14 s
#: and 410 MB. So a report shows the newest rows and says which file has them all.
ROWS_IN_TABLE = 500
#: A prompt is at most a few thousand letters; a cell taller than a page cannot be broken well.
LETTERS_IN_CELL = 4_000


@dataclass(frozen=True)
class Column:
    """How one column looks. The cells of a `bar` column are numbers, drawn to the scale of its largest."""

    label: str
    kind: Literal["text", "strong", "quiet", "number", "bar"] = "text"
    nowrap: bool = False


@dataclass(frozen=True)
class Stacked:
    """A cell of two lines: the thing, and in quiet letters what it belongs to."""

    top: str
    below: str


Cell = str | Stacked | int | float


@dataclass(frozen=True)
class Table:
    """Rows under a heading. `note` says where the other rows are; `footer` is one row of sums."""

    kind: ClassVar = "table"
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    title: str = ""
    footer: Sequence[Cell] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.rows) > ROWS_IN_TABLE:
            raise TooMuch(
                f"a table has {len(self.rows)} rows, the limit is {ROWS_IN_TABLE}: name the file with the rest"
            )
        wanted = len(self.columns)
        if any(len(row) != wanted for row in self.rows) or (self.footer and len(self.footer) != wanted):
            raise ValueError(f"a row of a table does not have its {wanted} columns")
        if any(len(str(cell)) > LETTERS_IN_CELL for row in self.rows for cell in row):
            raise TooMuch(f"a cell has more than {LETTERS_IN_CELL} letters: show the beginning")

    def share(self, column: int, cell: Cell) -> float:
        """How long a bar is, in per cent of the column's longest."""
        numbers = [row[column] for row in self.rows]
        longest = max((number for number in numbers if isinstance(number, int | float)), default=0)
        return round(100 * cell / longest, 1) if isinstance(cell, int | float) and longest > 0 else 0
