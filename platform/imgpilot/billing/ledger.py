"""Credits: given, held before the work, then kept or given back. Lines are only ever added.

A picture's hold is settled once, by whoever comes first; saying it again changes nothing. The unique indexes of
`credit_entry` decide a race, not this code.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.billing.models import CreditEntry, Kind
from imgpilot.errors import ImgPilotError, PersonalError
from imgpilot.language import marked as _


class NotEnoughCredits(PersonalError):
    """The account has fewer credits than the work takes."""

    status = 402

    def __init__(self, there: int, needed: int) -> None:
        super().__init__(
            _("This takes %(needed)s of your credits and you have %(there)s. Nothing was taken."),
            needed=needed,
            there=there,
        )
        self.there, self.needed = there, needed


class NoHold(ImgPilotError):
    """There is no hold for this picture (or it is another account's): a mistake of ours, not of a person."""


def balance(session: Session, account_id: UUID) -> int:
    """Credits that can be spent now. What is held is already off."""
    total = select(func.coalesce(func.sum(CreditEntry.amount), 0)).where(CreditEntry.account_id == account_id)
    return int(session.scalar(total) or 0)


def grant(session: Session, account_id: UUID, amount: int, *, why: str, at: datetime) -> None:
    """Give this many credits, more than none. Every call gives again."""
    if amount < 1:
        raise ValueError("a grant gives at least one credit")
    _add(session, account_id, Kind.GRANT, amount, image_id=None, why=why, at=at)


def afford(session: Session, account_id: UUID, amount: int) -> None:
    """See that `amount` credits are there, and let nobody else spend them until this transaction ends.

    Raises NotEnoughCredits.
    """
    lock(session, account_id)
    there = balance(session, account_id)
    if there < amount:
        raise NotEnoughCredits(there, amount)


def hold(session: Session, account_id: UUID, image_id: UUID, amount: int, *, at: datetime) -> None:
    """Set `amount` credits aside for a picture. Raises NotEnoughCredits; a second hold for it changes nothing."""
    if amount < 1:
        raise ValueError("a hold takes at least one credit")
    lock(session, account_id)
    held = _hold_of(session, image_id)
    if held is not None:
        if (held.account_id, held.amount) != (account_id, -amount):
            raise NoHold("the picture is held for another account or amount")
        return
    afford(session, account_id, amount)
    _add(session, account_id, Kind.HOLD, -amount, image_id=image_id, why="picture", at=at)


def capture(session: Session, image_id: UUID, *, at: datetime) -> bool:
    """Keep what was held for a picture. True if this settled it, False if it was settled before."""
    held = _needed_hold(session, image_id)
    return _add(session, held.account_id, Kind.CAPTURE, 0, image_id=image_id, why="finished", at=at)


def release(session: Session, image_id: UUID, *, at: datetime, why: str) -> bool:
    """Give back what was held for a picture. True if this settled it, False if it was settled before."""
    held = _needed_hold(session, image_id)
    return _add(session, held.account_id, Kind.RELEASE, -held.amount, image_id=image_id, why=why, at=at)


def refunds(session: Session, image_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Credits that were given back for these pictures; those with no refund are not in it."""
    given = select(CreditEntry.image_id, CreditEntry.amount).where(
        CreditEntry.image_id.in_(list(image_ids)), CreditEntry.kind == Kind.RELEASE
    )
    return {image_id: amount for image_id, amount in session.execute(given) if image_id is not None}


def lock(session: Session, account_id: UUID) -> None:
    """Let nobody else spend from this account until the transaction ends."""
    # FOR NO KEY UPDATE: spenders wait for each other, but the gateway can still note a disclosure of this account.
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True)).one()


def _hold_of(session: Session, image_id: UUID) -> CreditEntry | None:
    held = select(CreditEntry).where(CreditEntry.image_id == image_id, CreditEntry.kind == Kind.HOLD)
    return session.scalar(held)


def _needed_hold(session: Session, image_id: UUID) -> CreditEntry:
    held = _hold_of(session, image_id)
    if held is None:
        raise NoHold("nothing is held for this picture")
    return held


def _add(
    session: Session,
    account_id: UUID,
    kind: Kind,
    amount: int,
    *,
    image_id: UUID | None,
    why: str,
    at: datetime,
) -> bool:
    """Write a line. False if the indexes say that the picture already has one that excludes it."""
    line = insert(CreditEntry).values(
        id=uuid4(), account_id=account_id, kind=kind, amount=amount, image_id=image_id, why=why, at=at
    )
    return session.scalar(line.on_conflict_do_nothing().returning(CreditEntry.id)) is not None
