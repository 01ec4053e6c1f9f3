"""What narrows the queue: read off the address, put into the query, said in words, and written into addresses again.

Only what is known is taken over; so what is kept of an address (a saved filter) never names a person who asked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask_babel import get_locale, gettext
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.datastructures import MultiDict

from compliance import words
from compliance.console import queue
from compliance.console.members import Members
from compliance.requests.kinds import Channel, Kind, Outcome, State
from compliance.requests.models import PrivacyRequest
from compliance.requests.regimes import REGIMES
from imgpilot import language
from imgpilot.language import marked as _
from imgpilot.look.figures import day, said

_day = said(day)

#: What a row can show beside its case number, in the order in which it does.
COLUMNS = {
    "kind": _("Asks for"),
    "due": _("Deadline"),
    "holding": _("What is holding it"),
    "state": _("Status"),
    "owner": _("Owner"),
    "law": _("Law"),
    "received": _("Received"),
    "channel": _("Came by"),
    "country": _("Lives in"),
    "outcome": _("Outcome"),
}
USUAL_COLUMNS = ("kind", "due", "holding", "state", "owner")

CHANNELS = {
    Channel.CENTRE: _("Privacy centre"),
    Channel.FORM: _("Public form"),
    Channel.EMAIL: _("E-mail"),
    Channel.POST: _("Post"),
    Channel.PHONE: _("Phone"),
    Channel.AGENT: _("Agent"),
    Channel.DRP: _("Agent’s system"),
    Channel.API: _("Another system"),
    Channel.COMMAND: _("Command"),
    Channel.FOLLOW_UP: _("Rest of a deletion"),
}
OUTCOMES = {
    Outcome.GRANTED: _("Granted"),
    Outcome.PARTIAL: _("Granted in part"),
    Outcome.REFUSED: _("Refused"),
    Outcome.WITHDRAWN: _("Withdrawn"),
    Outcome.MERGED: _("Merged"),
}
ORDERS = {
    "due": _("Soonest deadline"),
    "-due": _("Latest deadline"),
    "received": _("Longest waiting"),
    "-received": _("Newest"),
    "number": _("Case number"),
    "-closed": _("Closed last"),
}
ME, NOBODY = "me", "nobody"


@dataclass(frozen=True)
class Question:
    """Something one can filter by: its column, and the choices as (value, words)."""

    label: str
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
    choices: Callable[[], list[tuple[str, str]]]


def _worded(given: Mapping[Any, str]) -> Callable[[], list[tuple[str, str]]]:
    return lambda: [(str(value), gettext(said_)) for value, said_ in given.items()]


def _countries() -> list[tuple[str, str]]:
    named = language.locale(str(get_locale())).territories
    found = [(code, str(name)) for code, name in named.items() if len(code) == 2 and code.isalpha() and code != "ZZ"]
    return sorted(found, key=lambda pair: pair[1])


QUESTIONS = {
    "kind": Question(_("Asks for"), PrivacyRequest.kind, _worded({k: words.ASKS_FOR[k] for k in Kind})),
    "law": Question(_("Law"), PrivacyRequest.regime, lambda: [(law.key, law.name) for law in REGIMES.values()]),
    "state": Question(_("Status"), PrivacyRequest.state, _worded({s: words.STATES[s] for s in State})),
    "channel": Question(_("Came by"), PrivacyRequest.channel, _worded(CHANNELS)),
    "country": Question(_("Lives in"), PrivacyRequest.country, _countries),
    "outcome": Question(_("Outcome"), PrivacyRequest.outcome, _worded(OUTCOMES)),
}
OWNER = _("Owner")
DUE = {"due_from": _("Due from"), "due_to": _("Due until")}


@dataclass(frozen=True)
class Asked:
    """What one page of the queue shows: the view, what narrows it, the order, and columns if some were chosen."""

    view: str = "open"
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    due_from: date | None = None
    due_to: date | None = None
    order: str = ""
    columns: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether anything narrows the view."""
        return bool(self.chosen or self.owners or self.due_from or self.due_to)

    @property
    def ordered(self) -> str:
        """The order, the view's usual one if none was asked for."""
        return self.order or queue.usual_order(self.view)

    def pairs(self) -> list[tuple[str, str]]:
        """As the names and values of an address, always in the same order."""
        dates = [(name, getattr(self, name)) for name in DUE]
        return [
            ("view", self.view),
            *((name, value) for name in QUESTIONS for value in self.chosen.get(name, ())),
            *(("owner", value) for value in self.owners),
            *((name, value.isoformat()) for name, value in dates if value),
            *([("sort", self.order)] if self.order else []),
            *(("column", name) for name in self.columns),
        ]

    @property
    def query(self) -> str:
        """The query part of its address."""
        return urlencode(self.pairs())

    def conditions(self, me: int) -> list[ColumnElement[bool]]:
        """What must hold for a row."""
        found: list[ColumnElement[bool]] = [QUESTIONS[name].column.in_(values) for name, values in self.chosen.items()]
        if self.owners:
            owner = PrivacyRequest.assigned_to
            asked = {NOBODY: owner.is_(None), ME: owner == me}
            found.append(or_(*(asked[one] if one in asked else owner == int(one) for one in self.owners)))
        if self.due_from:
            found.append(PrivacyRequest.due_on >= self.due_from)
        if self.due_to:
            found.append(PrivacyRequest.due_on <= self.due_to)
        return found

    def chips(self, members: Members) -> Iterator[tuple[str, str, "Asked"]]:
        """Each filter that holds, in words: its name, its value, and the queue without it."""
        for name, values in self.chosen.items():
            named = dict(QUESTIONS[name].choices())
            for value in values:
                rest = tuple(other for other in values if other != value)
                left = {other: kept for other, kept in (self.chosen | {name: rest}).items() if kept}
                yield gettext(QUESTIONS[name].label), named[value], replace(self, chosen=left)
        for owner in self.owners:
            left_owners = tuple(other for other in self.owners if other != owner)
            yield gettext(OWNER), _owner_name(owner, members), replace(self, owners=left_owners)
        if self.due_from:
            yield gettext(DUE["due_from"]), _day(self.due_from), replace(self, due_from=None)
        if self.due_to:
            yield gettext(DUE["due_to"]), _day(self.due_to), replace(self, due_to=None)


def owner_choices(members: Members) -> list[tuple[str, str]]:
    """Whose cases one can ask for."""
    fixed = [(ME, gettext("Me")), (NOBODY, gettext("Nobody"))]
    return fixed + [(str(one.number), one.name) for one in members.who_work()]


def _owner_name(owner: str, members: Members) -> str:
    return {ME: gettext("Me"), NOBODY: gettext("Nobody")}.get(owner) or members.name(int(owner))


def read(given: "MultiDict[str, str]") -> Asked:
    """What an address asks for. What it says that is not known is left out."""
    chosen = {name: _known(given.getlist(name), dict(q.choices())) for name, q in QUESTIONS.items() if name in given}
    order = given.get("sort", "")
    return Asked(
        next((key for key in queue.KEYS if key == given.get("view")), "open"),
        {name: values for name, values in chosen.items() if values},
        tuple(one for one in _once(given.getlist("owner")) if one in (ME, NOBODY) or _is_number(one)),
        _date(given.get("due_from", "")),
        _date(given.get("due_to", "")),
        order if order in queue.ORDERS else "",
        tuple(name for name in COLUMNS if name in given.getlist("column")),
    )


def _known(values: Iterable[str], there: dict[str, str]) -> tuple[str, ...]:
    return tuple(value for value in _once(values) if value in there)


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
