"""Reference pictures go when their time is over (policy: 30 days after the last use): the object, then the row."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, exists, select, update

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.generation.models import OPEN, GenerationReference, Image, Reference
from imgpilot.parts import Parts
from imgpilot.privacy import WORD, Kept


def expire(parts: Parts, now: datetime) -> int:
    """Remove every reference whose time is over; how many. Safe to repeat and to crash in.

    One that a picture still to be made needs stays, and so do those of an account whose rows do not expire now
    (standing.may_expire).
    """
    with parts.sessions() as session:
        found = session.execute(
            select(Reference.id, Reference.account_id, Reference.object_key)
            .join(Account, Account.id == Reference.account_id)
            .where(standing.may_expire(), *_over(now))
        ).all()
    return sum(_remove(parts, id_, account_id, key, now) for id_, account_id, key in found)


def _remove(parts: Parts, id_: UUID, account_id: UUID, key: str, now: datetime) -> bool:
    with parts.sessions.begin() as session:
        # While this is held nobody orders for the account or begins to delete, restrict or hold it.
        expiring = select(Account.id).where(Account.id == account_id, standing.may_expire())
        if session.scalar(expiring.with_for_update(read=True)) is None:
            return False
        if session.scalar(select(Reference.id).where(Reference.id == id_, *_over(now))) is None:
            return False
        parts.storage.remove([key])
        used = update(GenerationReference).where(GenerationReference.reference_id == id_)
        session.execute(used.values(reference_id=None))
        session.execute(delete(Reference).where(Reference.id == id_))
        return True


def _over(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The declared time since the last use is over, and no picture that is queued or being made needs it."""
    kept: Kept = cast(Table, Reference.__table__).info[WORD].kept
    assert kept.span
    needed = exists().where(
        GenerationReference.reference_id == Reference.id,
        Image.generation_id == GenerationReference.generation_id,
        Image.state.in_(OPEN),
    )
    return Reference.used_at <= now - kept.span, ~needed
