"""The same done to many cases: each by itself, checked by its own law, and for each what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.errors import LockNotAvailable
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from compliance import letters
from compliance.errors import MoveRefused
from compliance.requests import clock_moves, laws, moves
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Actor, Move
from imgpilot.language import marked as _

#: As many as a page shows. More at a time nobody has looked at.
MOST = 100


@dataclass(frozen=True)
class Became:
    """What became of one case: nothing stood in the way, or this did."""

    request: PrivacyRequest
    refused: MoveRefused | None = None


@dataclass(frozen=True)
class Extension:
    """What extending one case would mean: the day until which, or why not."""

    request: PrivacyRequest
    until: date | None = None
    refused: MoveRefused | None = None


def chosen(session: Session, ids: Sequence[str]) -> list[PrivacyRequest]:
    """The cases of these ids, soonest deadline first. Raises MoveRefused for none, or for more than a page has."""
    wanted = {UUID(one) for one in ids if _is_id(one)}
    if not wanted:
        raise MoveRefused(_("Choose the cases first. Nothing was changed."))
    if len(wanted) > MOST:
        raise MoveRefused(_("That is more than one page. Nothing was changed."))
    order = (PrivacyRequest.due_on, PrivacyRequest.number)
    return list(session.scalars(select(PrivacyRequest).where(PrivacyRequest.id.in_(wanted)).order_by(*order)))


def each(
    session: Session, requests: Sequence[PrivacyRequest], deed: Callable[[PrivacyRequest], object]
) -> list[Became]:
    """Do it to each, in a transaction of its own that is committed here: what cannot be done holds nothing else up."""
    return [Became(request, _one(session, request, deed)) for request in requests]


def _one(session: Session, request: PrivacyRequest, deed: Callable[[PrivacyRequest], object]) -> MoveRefused | None:
    try:
        # A page of cases cannot wait as long for a colleague as one case can.
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        deed(request)
        session.commit()
    except MoveRefused as error:
        session.rollback()
        return error
    except OperationalError as error:
        session.rollback()
        if not isinstance(error.orig, LockNotAvailable):
            raise
        return MoveRefused(_("Somebody else is working on it this moment."))
    return None


def extension(session: Session, request: PrivacyRequest, actor: Actor, now: datetime) -> Extension:
    """Until when this case would be extended, by its own law; or what stands in the way. Changes nothing."""
    if request.closed_at is None and request.state not in moves.MOVES[Move.EXTEND].leaves:
        said = _("It is decided already. Only what still waits for its decision can be extended.")
        return Extension(request, refused=MoveRefused(said))
    try:
        moves.check(session, request, Move.EXTEND, actor, now, {})
    except MoveRefused as error:
        return Extension(request, refused=error)
    latest = laws.extended(session, request)
    if latest is None:  # pragma: no cover  (the check asked the same law)
        return Extension(request, refused=MoveRefused(_("This law allows no extension.")))
    return Extension(request, latest)


def extend(session: Session, request: PrivacyRequest, reason: str, actor: Actor, now: datetime) -> None:
    """Extend one of them. The reason is in the letter to the person (GDPR 12(3)). Raises MoveRefused."""
    letter = letters.worded(session, request, "extension", now, reason=reason) if request.contact else None
    clock_moves.extend(session, request.id, reason, actor, now, letter)


def _is_id(text_: str) -> bool:
    try:
        UUID(text_)
    except ValueError:
        return False
    return True
