"""A deadline that moves, where the law lets it: the longer time, and a clock that stands still."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from compliance.errors import MoveRefused
from compliance.letters import worded
from compliance.requests import laws, moves
from compliance.requests.conditions import REASON
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Actor, Move
from imgpilot.language import marked as _


def extend(
    session: Session, request_id: UUID, reason: str, officer: Actor, now: datetime, letter: moves.Written | None = None
) -> PrivacyRequest:
    """Take the longer time that the law allows; the notice with the reason goes out now (GDPR 12(3))."""
    if len(reason.strip()) < 20:
        raise MoveRefused(REASON)
    request = moves.locked(session, request_id)
    latest = laws.extended(session, request)
    if letter is None and request.contact:
        letter = worded(session, request, "extension", now, reason=reason.strip())
    moves.move(session, request, Move.EXTEND, officer, now, {"until": str(latest)}, letter)
    if latest is None:
        raise MoveRefused(_("This law allows no extension."))
    request.extended_at, request.due_on = now, latest
    return request


def pause(session: Session, request_id: UUID, reason: str, actor: Actor, now: datetime) -> PrivacyRequest:
    """Stop the clock for a reason that the law knows (regimes.Pause)."""
    request = moves.locked(session, request_id)
    moves.move(session, request, Move.PAUSE, actor, now, {"reason": reason})
    request.paused_on, request.paused_for = laws.today(request, now), reason
    return request


def resume(session: Session, request_id: UUID, actor: Actor, now: datetime) -> PrivacyRequest:
    """Let the clock run again; the deadline moves by the days it stood."""
    request = moves.locked(session, request_id)
    let_run(session, request, actor, now)
    return request


def let_run(session: Session, request: PrivacyRequest, actor: Actor, now: datetime) -> None:
    """The same, of a request that is locked already."""
    since = request.paused_on
    moves.move(session, request, Move.RESUME, actor, now)
    assert since is not None
    request.due_on = laws.after_pause(session, request, since, now)
    request.paused_on, request.paused_for = None, None
