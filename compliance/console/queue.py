"""The queue of requests, as staff see it: saved views with their counts, soonest deadline first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from compliance.requests.kinds import CLOSED, State
from compliance.requests.models import PrivacyRequest, Step
from imgpilot.language import marked as _

PAGE = 25
#: No queue is longer; a larger number in an address is a mistake.
LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class View:
    """One saved view: its name and which requests are in it."""

    key: str
    words: str


VIEWS = (
    View("open", _("Open")),
    View("decide", _("To decide")),
    View("overdue", _("Overdue")),
    View("stuck", _("Needs a hand")),
    View("closed", _("Closed")),
)


def _of(view: str, today: date) -> ColumnElement[bool]:
    still = PrivacyRequest.closed_at.is_(None)
    match view:
        case "open":
            return still
        case "decide":
            return PrivacyRequest.state == State.REVIEW
        case "overdue":
            return still & (PrivacyRequest.due_on < today)
        case "stuck":
            return PrivacyRequest.id.in_(select(Step.request_id).where(Step.state == "failed"))
        case "closed":
            return PrivacyRequest.state.in_(CLOSED)
        case _:
            return true()


def counts(session: Session, today: date) -> dict[str, int]:
    """How many requests each view has, in one query. Closed ones are not counted."""
    row = session.execute(
        select(*(func.count().filter(_of(v.key, today)).label(v.key) for v in VIEWS if v.key != "closed"))
        .select_from(PrivacyRequest)
        .where(PrivacyRequest.closed_at.is_(None) | PrivacyRequest.state.in_(CLOSED))
    ).one()
    return dict(row._mapping)


def page(session: Session, view: str, today: date, number: int) -> tuple[list[PrivacyRequest], int]:
    """One page of a view (from 1), and how many there are in all."""
    within = _of(view, today)
    total = session.scalar(select(func.count()).select_from(PrivacyRequest).where(within)) or 0
    order = select(PrivacyRequest).where(within)
    if view == "closed":
        order = order.order_by(PrivacyRequest.closed_at.desc(), PrivacyRequest.number)
    else:
        order = order.order_by(PrivacyRequest.due_on, PrivacyRequest.number)
    return list(session.scalars(order.limit(PAGE).offset((number - 1) * PAGE))), total


def holding(session: Session, requests: list[PrivacyRequest]) -> dict[object, Step]:
    """For each request the step it is at or stuck at, in one query."""
    found = session.scalars(
        select(Step)
        .where(Step.request_id.in_([r.id for r in requests]), Step.state.in_(("ready", "failed")))
        .order_by(Step.position.desc())
    )
    return {step.request_id: step for step in found}
