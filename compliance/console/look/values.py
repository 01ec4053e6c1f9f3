"""How a value stands in a cell or beside its label."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext, ngettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from imgpilot.look import figures

#: What stands where there is no value.
NOTHING = Markup('<span class="faint">–</span>')
#: More than this and the rest of a list is a number ("and 12 more"), in a table's cell.
_IN_A_CELL = 3
#: More than this and a cell says only how many there are.
_COUNTED = 12
#: More than this and a whole list waits behind its number.
_AT_ONCE = 24


def is_number(value: object) -> bool:
    """Whether it belongs in a column of figures."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def said(value: object) -> str:
    """The value as plain text, for a name or a label."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, datetime):
        # FAB stores the server's own time without a zone; `moment` takes that as it is.
        return figures.said(figures.moment)(value)
    if isinstance(value, date):
        return figures.said(figures.day)(value)
    if is_number(value):
        return figures.said(figures.number)(value)  # type: ignore[arg-type]
    return str(value)


def row_name(item: Mapping[str, object], columns: list[str]) -> str:
    """What a row of a list is called in a question about it: its first column; a person's both names."""
    named = ["first_name", "last_name"] if {"first_name", "last_name"} <= set(columns) else columns[:1]
    return " ".join(said(item[column]) for column in named)


def present(value: object, *, whole: bool = False) -> Markup | str:
    """The value as HTML: nothing is a dash; a list is its first three, or with `whole` a list of all."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | LazyString):
        return _several([said(each) for each in value], whole)
    return said(value) or NOTHING


def _several(items: list[str], whole: bool) -> Markup | str:
    if not items:
        return NOTHING
    count = str(ngettext("%(num)s in all", "%(num)s in all", len(items)))
    if not whole and len(items) > _COUNTED:
        return count
    if not whole:
        rest = len(items) - _IN_A_CELL
        shown = ", ".join(items[:_IN_A_CELL])
        return shown if rest <= 0 else str(gettext("%(first)s and %(num)s more", first=shown, num=rest))
    if len(items) <= _IN_A_CELL:
        return ", ".join(items)
    each = Markup("").join(Markup("<li>{}</li>").format(item) for item in sorted(items))
    shown = Markup('<details class="more"{}><summary>{}</summary><ul class="many">{}</ul></details>')
    return shown.format(Markup(" open") if len(items) <= _AT_ONCE else "", count, each)
