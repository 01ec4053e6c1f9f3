"""A call with an Idempotency-Key counts once: whoever repeats it gets the answer of the first.

The row is written in the transaction that does the work: both are there afterwards, or neither. Whoever sends the same
at the same time waits at the unique index until the first is through.
"""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import Table, and_, delete, exists, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.api.models import IdempotentCall
from imgpilot.api.problems import IN_PROGRESS, KEY_REUSED, Trouble
from imgpilot.privacy import WORD, Kept

#: How long a second call waits for the first.
PATIENCE = "5s"
#: An upload commits once on its way. If it died there, its row says nothing: after this long it is not under way.
LOST = timedelta(minutes=2)


def begin(session: Session, account_id: UUID, key: str, digest: str, now: datetime) -> IdempotentCall:
    """The row of this call. Its `made` is None if the call is to be carried out now: then call `finish`.

    Raises Trouble if the key stands for another call, or the same one is still under way.
    """
    fresh = insert(IdempotentCall).values(id=uuid4(), account_id=account_id, key=key, digest=digest, at=now)
    taken = fresh.on_conflict_do_update(
        index_elements=[IdempotentCall.account_id, IdempotentCall.key],
        set_={"digest": digest, "at": now, "status": None, "made": None},
        where=or_(
            IdempotentCall.at <= now - span(),
            and_(IdempotentCall.made.is_(None), IdempotentCall.at <= now - LOST),
        ),
    )
    session.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
    try:
        id_ = session.scalar(taken.returning(IdempotentCall.id))
    except OperationalError:
        session.rollback()
        raise Trouble(IN_PROGRESS, headers={"Retry-After": "5"}) from None
    session.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
    if id_ is not None:
        return session.get_one(IdempotentCall, id_, populate_existing=True)
    found = session.scalars(
        select(IdempotentCall).where(IdempotentCall.account_id == account_id, IdempotentCall.key == key)
    ).one()
    if found.digest != digest:
        raise Trouble(KEY_REUSED)
    if found.made is None:
        raise Trouble(IN_PROGRESS, headers={"Retry-After": "5"})
    return found


def finish(call: IdempotentCall, status: int, made: str) -> None:
    """Note what the call made. The caller commits it together with that."""
    call.status, call.made = status, made


def drop(session: Session, account_id: UUID, key: str) -> None:
    """Forget a call that failed, so that it can be tried again. The caller commits."""
    session.execute(
        delete(IdempotentCall)
        .where(IdempotentCall.account_id == account_id, IdempotentCall.key == key, IdempotentCall.made.is_(None))
        .execution_options(synchronize_session=False)
    )


def span() -> timedelta:
    """How long keys are kept, as the table declares."""
    kept: Kept = cast(Table, IdempotentCall.__table__).info[WORD].kept
    assert kept.span
    return kept.span


def tidy(session: Session, now: datetime) -> None:
    """Delete the keys whose time is over, but for accounts whose rows do not expire now. Safe to repeat."""
    stays = exists().where(Account.id == IdempotentCall.account_id, ~standing.may_expire())
    session.execute(
        delete(IdempotentCall)
        .where(IdempotentCall.at <= now - span(), ~stays)
        .execution_options(synchronize_session=False)
    )
