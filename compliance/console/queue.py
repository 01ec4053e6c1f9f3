"""The queue of requests, as staff see it: views with their counts, and one page of rows, soonest deadline first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, func, literal, select
from sqlalchemy.orm import Session

from compliance.console.queue_days import day_there
from compliance.requests.kinds import State
from compliance.requests.models import PrivacyRequest, Step
from imgpilot.language import marked as _

PAGE = 25
#: No queue is longer; a larger number in an address is a mistake.
LAST_PAGE = 1_000_000
#: How far the view of what is due looks ahead, in days.
AHEAD = 7


@dataclass(frozen=True)
class Look:
    """Who looks at the queue (the number in ab_user), and when."""

    now: datetime
    staff: int


@dataclass(frozen=True)
class View:
    """A view of the queue: its name, what it is called, and what is said when nothing is in it."""

    key: str
    words: str
    nothing: str


VIEWS = (
    View("open", _("Open"), _("No requests are waiting.")),
    View("mine", _("Mine"), _("No open case is yours.")),
    View("unassigned", _("Nobody’s"), _("Every open case has somebody who works on it.")),
    View("overdue", _("Overdue"), _("Nothing is overdue.")),
    View("soon", _("Due within 7 days"), _("Nothing is due within 7 days.")),
    View("proving", _("Identity to prove"), _("Nobody’s identity waits to be proved.")),
    View("decide", _("To decide"), _("Nothing waits for a decision.")),
    View("second", _("Second officer"), _("Nothing waits for a second officer.")),
    View("cooling", _("Cooling off"), _("No deletion can still be taken back.")),
    View("stuck", _("Needs a hand"), _("No step needs a hand.")),
    View("appealed", _("Appealed"), _("No answer is appealed against.")),
    View("closed", _("Closed"), _("No request has been closed yet.")),
)
KEYS = tuple(view.key for view in VIEWS)
#: The views that are one state.
_STATES = {
    "proving": State.PROVING,
    "decide": State.REVIEW,
    "second": State.SECOND,
    "cooling": State.COOLING,
    "appealed": State.APPEALED,
}
_OPEN = PrivacyRequest.closed_at.is_(None)
_RUNS = PrivacyRequest.paused_on.is_(None)

#: How rows can be ordered, and what that is called. The last key of each makes the order complete.
ORDERS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "due": (PrivacyRequest.due_on.asc(), PrivacyRequest.number.asc()),
    "-due": (PrivacyRequest.due_on.desc(), PrivacyRequest.number.desc()),
    "received": (PrivacyRequest.received_at.asc(), PrivacyRequest.number.asc()),
    "-received": (PrivacyRequest.received_at.desc(), PrivacyRequest.number.desc()),
    "number": (PrivacyRequest.number.asc(),),
    "-number": (PrivacyRequest.number.desc(),),
    "-closed": (PrivacyRequest.closed_at.desc(), PrivacyRequest.number.desc()),
}


def late(look: Look) -> ColumnElement[bool]:
    """Open and past its day. The first comparison is true of all these, and is what an index can answer."""
    return _OPEN & (PrivacyRequest.due_on <= look.now.date()) & (PrivacyRequest.due_on < day_there(look.now))


def due_within(look: Look, days: int) -> ColumnElement[bool]:
    """Open, its clock running, and due today or in so many days at most. The first two are for the index, again."""
    utc = look.now.date()
    return (
        _OPEN
        & PrivacyRequest.due_on.between(utc - timedelta(days=1), utc + timedelta(days=days + 1))
        & _RUNS
        & (PrivacyRequest.due_on >= day_there(look.now))
        & (PrivacyRequest.due_on <= day_there(look.now, days))
    )


def within(view: str, look: Look) -> ColumnElement[bool]:
    """Which requests are in a view."""
    if view in _STATES:
        return PrivacyRequest.state == _STATES[view]
    return {
        "open": _OPEN,
        "mine": _OPEN & (PrivacyRequest.assigned_to == look.staff),
        "unassigned": _OPEN & PrivacyRequest.assigned_to.is_(None),
        "overdue": late(look),
        "soon": due_within(look, AHEAD),
        "stuck": PrivacyRequest.id.in_(select(Step.request_id).where(Step.state == "failed")),
        "closed": PrivacyRequest.closed_at.is_not(None),
    }[view]


@dataclass(frozen=True)
class Waiting:
    """How many requests each view has (closed ones are not counted), how many end today, and the next day that ends."""

    by_view: dict[str, int]
    today: int
    next_due: date | None


def waiting(session: Session, look: Look) -> Waiting:
    """All counts, in one query over what is open."""
    counted = [key for key in KEYS if key not in ("closed", "stuck")]
    stuck = select(func.count(Step.request_id.distinct())).where(Step.state == "failed").scalar_subquery()
    row = session.execute(
        select(
            *(func.count().filter(within(key, look)).label(key) for key in counted),
            stuck.label("stuck"),
            func.count().filter(due_within(look, 0)).label("today"),
            func.min(PrivacyRequest.due_on).filter(due_within(look, AHEAD)).label("next_due"),
        )
        .select_from(PrivacyRequest)
        .where(_OPEN)
    ).one()
    found = dict(row._mapping)
    today, next_due = found.pop("today"), found.pop("next_due")
    return Waiting(found, today, next_due)


def usual_order(view: str) -> str:
    """How a view is ordered if nobody says otherwise."""
    return "-closed" if view == "closed" else "due"


def rows_of(
    view: str, look: Look, also: Sequence[ColumnElement[bool]] = (), order: str = "due", number: int = 1
) -> Select[PrivacyRequest]:
    """The query for one page (from 1) of a view, of the rows for which `also` holds."""
    chosen = select(PrivacyRequest).where(within(view, look), *also).order_by(*ORDERS[order])
    return chosen.limit(PAGE).offset((number - 1) * PAGE)


def how_many(session: Session, view: str, look: Look, also: Sequence[ColumnElement[bool]] = ()) -> int:
    """How many rows a view has in all."""
    chosen = select(func.count()).select_from(PrivacyRequest).where(within(view, look), *also)
    return session.scalar(chosen) or 0


def for_a_person(look: Look, most: int) -> Select[PrivacyRequest]:
    """Open requests that a member of staff can move on now, soonest deadline first.

    Those that wait for a decision, a second officer or the answer to an appeal, those with a step that failed, and
    all that end within a week, whatever they wait for. What somebody proposed waits for somebody else.
    """
    waits = PrivacyRequest.state.in_((State.REVIEW, State.APPEALED)) | (
        (PrivacyRequest.state == State.SECOND) & PrivacyRequest.proposed_by.is_distinct_from(look.staff)
    )
    soon = _RUNS & (PrivacyRequest.due_on <= literal(look.now.date() + timedelta(days=AHEAD), Date))
    chosen = select(PrivacyRequest).where(_OPEN, waits | within("stuck", look) | soon)
    return chosen.order_by(*ORDERS["due"]).limit(most)


def holding(session: Session, requests: Sequence[PrivacyRequest]) -> dict[object, Step]:
    """For each request the step that failed, else the step it is at, in one query."""
    found = session.scalars(
        select(Step)
        .where(Step.request_id.in_([r.id for r in requests]), Step.state.in_(("ready", "failed")))
        # What comes last stays: a failed one before all, then the first.
        .order_by((Step.state == "failed").asc(), Step.position.desc())
    )
    return {step.request_id: step for step in found}
