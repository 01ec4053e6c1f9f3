"""Requests of which nobody ever proved whose they are: they end with the law's time, and what they held goes."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from compliance.errors import MoveRefused
from compliance.requests import decisions, moves
from compliance.requests.kinds import State
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Move
from imgpilot.parts import Parts

AT_ONCE = 200


def lapse(parts: Parts) -> int:
    """End every unproved request whose time is over; how many. Safe to repeat. The letter says how to ask again."""
    now = parts.clock()
    with parts.sessions() as session:
        ids = session.scalars(
            select(PrivacyRequest.id)
            .where(
                PrivacyRequest.state == State.PROVING,
                or_(PrivacyRequest.due_on < now.date(), PrivacyRequest.paused_on.is_not(None)),
            )
            .limit(AT_ONCE)
        ).all()
    return sum(_one(parts, id_) for id_ in ids)


def _one(parts: Parts, request_id: UUID) -> bool:
    with parts.sessions.begin() as session:
        try:
            _end(session, request_id, parts)
        except MoveRefused:
            session.rollback()
            return False  # it was proved, or its day is not over where the person lives
    return True


def _end(session: Session, request_id: UUID, parts: Parts) -> None:
    request = moves.locked(session, request_id)
    request.refused_for = "not-proved"
    moves.move(session, request, Move.LAPSE, moves.SYSTEM, parts.clock(), {"ground": "not-proved"})
    # The address stays for the letter and an appeal; what was written need not.
    request.details, request.proposed, request.claimed_id = None, None, None
    decisions.stop(session, request)
