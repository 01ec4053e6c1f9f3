"""Stopping pictures that are no longer wanted: their credits come back (policy: what is not made is not paid)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot import leases, worker
from imgpilot.billing import ledger
from imgpilot.errors import NotYours
from imgpilot.generation.models import Generation, Image, State

#: Why the credits came back, as the ledger keeps it.
WHY = "stopped"


def stop(session: Session, account_id: UUID, image_id: UUID, now: datetime) -> Image:
    """Stop one picture; the caller commits. Raises NotYours.

    One that waits is cancelled and its credits are back at once. One that is being made is marked, and a worker is
    woken that calls it off where the provider lets us. One that has ended stays as it is.
    """
    ledger.lock(session, account_id)  # the account before the row, as whoever makes or erases it
    (image,) = _mine(session, account_id, Image.id == image_id) or (None,)
    if image is None:
        raise NotYours
    if image.state == State.QUEUED:
        _cancel(session, image, now)
        _tell(session, image.generation_id, now)
    elif image.state == State.MAKING and image.stop_at is None:
        image.stop_at = now
        worker.wake(session, "pictures.make", str(image.id))
    return image


def stop_waiting(session: Session, account_id: UUID, generation_id: UUID, now: datetime) -> int:
    """Cancel whatever of an order has not begun; how many. The caller commits. Raises NotYours."""
    ledger.lock(session, account_id)
    images = _mine(session, account_id, Image.generation_id == generation_id)
    if not images:
        raise NotYours
    waiting = [image for image in images if image.state == State.QUEUED]
    for image in waiting:
        _cancel(session, image, now)
    if waiting:
        _tell(session, generation_id, now)
    return len(waiting)


def _mine(session: Session, account_id: UUID, which: object) -> list[Image]:
    """The pictures, locked: no worker begins one meanwhile."""
    wanted = (
        select(Image)
        .join(Generation, Generation.id == Image.generation_id)
        .where(which, Generation.account_id == account_id)  # type: ignore[arg-type]
        .order_by(Image.position)
        .with_for_update(of=Image)
    )
    return list(session.scalars(wanted, execution_options={"populate_existing": True}))


def _cancel(session: Session, image: Image, now: datetime) -> None:
    image.state, image.stop_at, image.finished_at = State.CANCELLED, now, now
    leases.let_go(image)
    ledger.release(session, image.id, at=now, why=WHY)


def _tell(session: Session, generation_id: UUID, now: datetime) -> None:
    from imgpilot.api.webhooks import announce

    session.flush()
    announce(session, generation_id, now)
