"""The moves a request can make: one table, checked in one place.

Every move locks the request, checks where it is and who asks, changes the state, and writes the timeline and
the audit log, in the caller's transaction. Whoever comes second is told so and changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit.append import record
from compliance.errors import AlreadyDecided, MoveRefused
from compliance.requests.kinds import CLOSED, State
from compliance.requests.models import Happening, PrivacyRequest
from imgpilot.language import marked as _


class Who(StrEnum):
    """Who may make a move."""

    PERSON = "person"
    SYSTEM = "system"
    OFFICER = "officer"


@dataclass(frozen=True)
class Actor:
    """Who is making a move. `staff` is the number in ab_user."""

    who: Who
    staff: int | None = None

    def __str__(self) -> str:
        return f"staff:{self.staff}" if self.who is Who.OFFICER else str(self.who)


PERSON = Actor(Who.PERSON)
SYSTEM = Actor(Who.SYSTEM)


class Move(StrEnum):
    """What can happen to a request."""

    SHOW_PLAN = "planned"
    APPROVE = "approved"
    RECOUNT = "recounted"
    REFUSE = "refused"
    WITHDRAW = "withdrawn"
    ANSWER = "answered"


@dataclass(frozen=True)
class Rule:
    """From where to where a move goes, and who may make it."""

    leaves: tuple[State, ...]
    reaches: State
    by: tuple[Who, ...]


MOVES = {
    #                  from                            to               by
    Move.SHOW_PLAN: Rule((State.RECEIVED,), State.REVIEW, (Who.SYSTEM,)),
    Move.APPROVE: Rule((State.REVIEW,), State.RUNNING, (Who.OFFICER,)),
    # What is held changed between approval and run: an officer must look again.
    Move.RECOUNT: Rule((State.REVIEW, State.RUNNING), State.REVIEW, (Who.SYSTEM,)),
    Move.REFUSE: Rule((State.RECEIVED, State.REVIEW), State.REFUSED, (Who.OFFICER,)),
    Move.WITHDRAW: Rule((State.RECEIVED, State.REVIEW), State.WITHDRAWN, (Who.PERSON,)),
    Move.ANSWER: Rule((State.RUNNING,), State.ANSWERED, (Who.SYSTEM,)),
}


def locked(session: Session, request_id: UUID) -> PrivacyRequest:
    """The request, locked for this transaction, as it is now. Raises MoveRefused if it is not there."""
    request = session.scalar(
        select(PrivacyRequest)
        .where(PrivacyRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise MoveRefused(_("There is no such request."))
    return request


def move(
    session: Session,
    request: PrivacyRequest,
    what: Move,
    actor: Actor,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    """Make the move, or raise MoveRefused (AlreadyDecided if somebody else was first)."""
    rule = MOVES[what]
    if actor.who not in rule.by:
        raise MoveRefused(_("That is not yours to decide."))
    if request.state not in rule.leaves:
        raise AlreadyDecided(
            _("This request is closed already.")
            if request.state in CLOSED
            else _("Somebody else decided this request just before you. Load the page to see what they did.")
        )
    request.state = rule.reaches
    if rule.reaches in CLOSED:
        request.closed_at = now
    note(session, request, actor, str(what), now, facts)


def note(
    session: Session,
    request: PrivacyRequest,
    actor: Actor,
    what: str,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    """One line in the request's timeline and one entry in the audit log. Facts hold no personal data."""
    session.add(Happening(request_id=request.id, at=now, actor=str(actor), what=what, facts=facts or {}))
    record(
        session,
        at=now,
        actor=str(actor),
        action=f"request {what}",
        subject=request.subject,
        facts={"case": request.case, "kind": request.kind, **(facts or {})},
    )
