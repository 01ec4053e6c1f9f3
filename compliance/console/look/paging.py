"""Addresses of this page with something changed: the next page of a list, another order."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import request
from werkzeug.datastructures import MultiDict

SIZES = (25, 50, 100)


def here(**changed: object) -> str:
    """This address with these parameters changed; None takes one away. FAB's own links lose repeated ones."""
    args = MultiDict(request.args)
    for name, value in changed.items():
        args.poplist(name)
        if value is not None:
            args.add(name, str(value))
    return with_args(args)


def with_args(args: "MultiDict[str, str]") -> str:
    """This path with these parameters."""
    query = urlencode(list(args.items(multi=True)))
    return quote(request.path) + (f"?{query}" if query else "")


def order_link(column: str, view: str) -> tuple[str, str | None]:
    """Where a column's heading leads, and how the list is sorted by it now: ascending, descending or not."""
    now = request.args.get(f"_od_{view}") if request.args.get(f"_oc_{view}") == column else None
    direction = "desc" if now == "asc" else "asc"
    link = here(**{f"_oc_{view}": column, f"_od_{view}": direction, f"page_{view}": None})
    return link, {"asc": "ascending", "desc": "descending"}.get(now or "")


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    view: str
    number: int
    size: int
    count: int

    @property
    def first(self) -> int:
        """The number of its first row, counted from 1."""
        return self.number * self.size + 1

    @property
    def last(self) -> int:
        """The number of its last row."""
        return min(self.count, self.first + self.size - 1)

    @property
    def before(self) -> str | None:
        """The address of the page before."""
        return here(**{f"page_{self.view}": self.number - 1 or None}) if self.number else None

    @property
    def after(self) -> str | None:
        """The address of the page after."""
        return here(**{f"page_{self.view}": self.number + 1}) if self.last < self.count else None

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        """Other lengths of a page: how many rows, the address, whether it is this one."""
        if self.count <= SIZES[0]:
            return []
        sizes = sorted({*SIZES, self.size})
        return [(n, here(**{f"psize_{self.view}": n, f"page_{self.view}": None}), n == self.size) for n in sizes]


def page_of(view: str, number: int | None, size: int | None, count: int) -> Page:
    """The page that FAB's list widget was given."""
    return Page(view, number or 0, size or count or 1, count)
