"""Searching a list: FAB's `_flt_<n>_<column>` parameters as sentences, and a form that needs no script."""

import re
from dataclasses import dataclass
from typing import Any

from flask import redirect, request
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from compliance.console.look.fields import choices, input_type, kind
from compliance.console.look.pages import view_named
from compliance.console.look.paging import with_args
from compliance.console.look.words import plainly

#: FAB's filters, by their short name, between the column and the value: "First name *contains* ana".
_SAYS: dict[str, LazyString] = {
    "sw": _("starts with"),
    "nsw": _("does not start with"),
    "ew": _("ends with"),
    "new": _("does not end with"),
    "ct": _("contains"),
    "nct": _("does not contain"),
    "eq": _("is"),
    "neq": _("is not"),
    "gt": _("is more than"),
    "lt": _("is less than"),
    "in": _("is one of"),
    "not_in": _("is none of"),
    "rel_o_m": _("is"),
    "nrel_o_m": _("is not"),
    "rel_m_m": _("has"),
}
_OF_TIME = {"gt": _("is after"), "lt": _("is before")}
_ASKED = ("_add_col", "_add_op", "_add_val")
_FILTER = re.compile(r"_flt_(\d)_(.+)")
#: More rows than this on one page nobody reads, and the database should not be made to fetch them.
_LONGEST_PAGE = 200


@dataclass(frozen=True)
class Chip:
    """A filter that holds now, and the address without it."""

    column: str
    says: str
    value: str
    without: str


@dataclass(frozen=True)
class Question:
    """A column one can filter by: FAB's number and our words of each way, and what asks for the answer."""

    column: str
    label: str
    ways: list[tuple[int, str]]
    usual: int
    answer: str
    options: list[tuple[str, str]]


def chips(filters: Any, form: Any) -> list[Chip]:
    """The filters that hold, as sentences."""
    made = []
    for name, values in list(request.args.lists()):
        match = _FILTER.fullmatch(name)
        known = filters.get_search_filters().get(match[2]) if match else None
        if not match or not known or int(match[1]) >= len(known) or match[2] not in form:
            continue
        field, used = form[match[2]], known[int(match[1])]
        for value in values:
            rest = MultiDict([(n, v) for n, v in request.args.items(multi=True) if (n, v) != (name, value)])
            rest.poplist(f"page_{_listed()}")
            made.append(Chip(plainly(field.label.text), _says(used, field), _answer(field, value), with_args(rest)))
    return made


def questions(filters: Any, form: Any, columns: list[str]) -> list[Question]:
    """What one may filter by."""
    made = []
    for column in columns:
        field, known = form[column], filters.get_search_filters().get(column) or []
        ways = [(i, _says(f, field)) for i, f in enumerate(known[:10]) if f.arg_name not in ("in", "not_in")]
        if not ways:
            continue
        drawn, options = kind(field), []
        if drawn in ("boxes", "select"):
            drawn, options = "select", [(c.value, c.label) for c in choices(field) if c.value != "__None"]
        elif drawn != "check":
            drawn = input_type(field)
        usual = next((i for i, f in enumerate(known) if f.arg_name == "ct"), ways[0][0])
        made.append(Question(column, plainly(field.label.text), ways, usual, drawn, options))
    return sorted(made, key=lambda question: question.label.casefold())


def kept_args() -> list[tuple[str, str]]:
    """What the filter form carries along of this address."""
    gone = (*_ASKED, f"page_{_listed()}")
    return [(name, value) for name, value in request.args.items(multi=True) if name not in gone]


def tidy() -> Response | None:
    """Before a request: turn the filter form's answer into FAB's parameter; drop what FAB would stumble over."""
    names = [name for name in request.args if name.startswith(("_", "page_", "psize_"))]
    # Without an endpoint the path is anybody's ("//elsewhere.example"), and we would redirect there.
    if request.endpoint is None or request.method != "GET" or not names:
        return None
    given = list(request.args.items(multi=True))
    kept = [(name, value) for name, value in given if name not in _ASKED and _sound(name, value)]
    column, way, answer = (request.args.get(name, "") for name in _ASKED)
    if column and answer and _sound(f"_flt_{way}_{column}", answer):
        kept.append((f"_flt_{way}_{column}", answer))
    return redirect(with_args(MultiDict(kept))) if kept != given else None


def _sound(name: str, value: str) -> bool:
    if match := _FILTER.fullmatch(name):
        filters = getattr(view_named(request.blueprint), "_filters", None)
        known = filters._all_filters.get(match[2], []) if filters else None
        return bool(value) and (known is None or int(match[1]) < len(known))
    if name.startswith("page_"):
        return value.isdecimal() and len(value) < 7
    if name.startswith("psize_"):
        return value.isdecimal() and 0 < int(value[:7]) <= _LONGEST_PAGE
    if name.startswith("_oc_"):
        view = view_named(name.removeprefix("_oc_"))
        return view is None or value in (getattr(view, "order_columns", None) or [value])
    return True


def _says(used: Any, field: Any) -> str:
    time = "Date" in type(field).__name__ and used.arg_name in _OF_TIME
    words = _OF_TIME if time else _SAYS
    return str(words.get(used.arg_name, used.name))


def _answer(field: Any, value: str) -> str:
    if kind(field) in ("boxes", "select"):
        return next((choice.label for choice in choices(field) if choice.value == value), value)
    return str(_("yes")) if kind(field) == "check" and value == "y" else value


def _listed() -> str:
    return type(view_named(request.blueprint)).__name__
