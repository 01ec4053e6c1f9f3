"""A person removes pictures: hidden at once everywhere, theirs to take back for 30 days, then gone for good.

Gone means: the object, then the row, and all that hung on it. With the last picture of an order the order goes too,
for its prompt was kept for the sake of the pictures (policy P03, P15: kept until the person deletes them). Lines of
the credit ledger stay and no longer say for which picture; reference pictures have a time of their own.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.api.models import WebhookDelivery
from imgpilot.billing.models import CreditEntry
from imgpilot.errors import PersonalError, StorageError
from imgpilot.gallery.models import CollectionImage
from imgpilot.gallery.pictures import lock
from imgpilot.generation.models import OPEN, Generation, GenerationReference, Image, State
from imgpilot.language import marked as _
from imgpilot.parts import Parts
from imgpilot.sharing.publishing import take_back

#: How long a removed picture can be taken back.
SPAN = timedelta(days=30)
#: Pictures that are looked up at once.
AT_ONCE = 1000

log = logging.getLogger(__name__)


class StaysForNow(PersonalError):
    """Nothing of this account is deleted for good now; see standing.may_expire."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _(
                "These pictures stay hidden, but are not deleted for good now: your account is closing, its data is "
                "restricted, or a law asks us to keep it. Your data says which."
            )
        )


def gone_on(removed_at: datetime) -> datetime:
    """When a picture that was removed then is gone for good."""
    return removed_at + SPAN


def remove(parts: Parts, session: Session, account_id: UUID, image_ids: Collection[UUID], now: datetime) -> int:
    """Put these finished pictures of this account among the removed ones; how many. Public pages go at once.

    All get the same `removed_at`, so that one undo takes back what was removed together. The caller commits.
    """
    lock(session, account_id, Image.id.in_(image_ids), Image.generation_id.in_(_orders_of(account_id)))
    hidden = (
        update(Image)
        .where(Image.id.in_(image_ids), Image.generation_id.in_(_orders_of(account_id)))
        .where(Image.state == State.FINISHED, Image.removed_at.is_(None))
        .values(removed_at=now)
        .returning(Image.id)
        .execution_options(synchronize_session=False)
    )
    gone = list(session.scalars(hidden))
    take_back(parts, session, account_id, gone)
    return len(gone)


def restore(
    session: Session,
    account_id: UUID,
    now: datetime,
    *,
    image_ids: Collection[UUID] | None = None,
    removed_at: datetime | None = None,
) -> int:
    """Take these pictures back, or those that were removed at that moment; how many. The caller commits.

    Not those whose time is over: of them the object may be gone already.
    """
    which = [Image.generation_id.in_(_orders_of(account_id)), Image.removed_at > now - SPAN]
    if image_ids is not None:
        which.append(Image.id.in_(image_ids))
    if removed_at is not None:
        which.append(Image.removed_at == removed_at)
    lock(session, account_id, *which)
    back = (
        update(Image)
        .where(*which)
        .values(removed_at=None)
        .returning(Image.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(back).all())


def delete_now(
    parts: Parts, session: Session, account_id: UUID, image_ids: Collection[UUID] | None, now: datetime
) -> int:
    """Delete these removed pictures for good, or all removed ones (None); how many. Commits by itself.

    Raises StaysForNow. Their time is over first, for all to see: if this is broken off, or the store does not answer,
    nobody takes a picture back whose object is gone, and the next run of `purge` goes on.
    """
    expiring = select(Account.id).where(Account.id == account_id, standing.may_expire())
    if session.scalar(expiring.with_for_update(read=True)) is None:
        raise StaysForNow
    which = [Image.generation_id.in_(_orders_of(account_id)), Image.removed_at.is_not(None)]
    if image_ids is not None:
        which.append(Image.id.in_(image_ids))
    lock(session, account_id, *which)
    over = (
        update(Image)
        .where(*which)
        .values(removed_at=now - SPAN)
        .returning(Image.id)
        .execution_options(synchronize_session=False)
    )
    ids = session.scalars(over).all()
    session.commit()
    for id_ in ids:
        _tried(parts, id_, account_id, now)
    return len(ids)


def purge(parts: Parts, now: datetime) -> int:
    """Delete for good every removed picture whose time is over; how many. Safe to repeat and to crash in.

    Those of an account whose rows do not expire now stay (standing.may_expire), and for the next run those whose object
    the store did not remove.
    """
    done, last = 0, UUID(int=0)
    while True:
        with parts.sessions() as session:
            found = session.execute(
                select(Image.id, Generation.account_id)
                .join(Generation, Generation.id == Image.generation_id)
                .join(Account, Account.id == Generation.account_id)
                .where(standing.may_expire(), Image.removed_at <= now - SPAN, Image.id > last)
                .order_by(Image.id)
                .limit(AT_ONCE)
            ).all()
        if not found:
            return done
        done += sum(_tried(parts, id_, account_id, now) for id_, account_id in found)
        last = found[-1][0]


def _tried(parts: Parts, id_: UUID, account_id: UUID, now: datetime) -> bool:
    try:
        return _purge(parts, id_, account_id, now)
    except StorageError as error:
        log.warning("picture %s stays until the next run: %s", id_, error)
        return False


def _purge(parts: Parts, id_: UUID, account_id: UUID, now: datetime) -> bool:
    with parts.sessions.begin() as session:
        # While this is held nobody begins to delete, restrict or hold the account.
        expiring = select(Account.id).where(Account.id == account_id, standing.may_expire())
        if session.scalar(expiring.with_for_update(read=True)) is None:
            return False
        # Siblings that go at the same time wait for each other here: one of them is the last.
        order = session.scalar(
            select(Generation)
            .join(Image, Image.generation_id == Generation.id)
            .where(Image.id == id_, Generation.account_id == account_id)
            .with_for_update(of=Generation)
        )
        image = session.scalar(select(Image).where(Image.id == id_, Image.removed_at <= now - SPAN).with_for_update())
        if order is None or image is None:
            return False
        parts.storage.remove(key for key in (image.object_key, image.thumbnail_key) if key)
        take_back(parts, session, account_id, [id_])
        _drop_images(session, [id_])
        left = session.execute(select(Image.id, Image.state).where(Image.generation_id == order.id)).all()
        if all(state != State.FINISHED and state not in OPEN for _id, state in left):
            # What is left was never a picture: blocked, failed or cancelled.
            _drop_images(session, [each for each, _state in left])
            _drop_order(session, order.id)
        return True


def _drop_images(session: Session, ids: Iterable[UUID]) -> None:
    """Delete these rows and what hangs on them."""
    these = list(ids)
    session.execute(update(CreditEntry).where(CreditEntry.image_id.in_(these)).values(image_id=None))
    session.execute(delete(CollectionImage).where(CollectionImage.image_id.in_(these)))
    session.execute(delete(Image).where(Image.id.in_(these)))


def _drop_order(session: Session, id_: UUID) -> None:
    """Delete an order without pictures: its prompt, which references it used; messages about it name it no longer."""
    session.execute(update(WebhookDelivery).where(WebhookDelivery.generation_id == id_).values(generation_id=None))
    session.execute(delete(GenerationReference).where(GenerationReference.generation_id == id_))
    session.execute(delete(Generation).where(Generation.id == id_))


def _orders_of(account_id: UUID) -> Select[UUID]:
    return select(Generation.id).where(Generation.account_id == account_id)
