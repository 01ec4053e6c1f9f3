"""Pictures that a person likes best."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from imgpilot.gallery.pictures import lock
from imgpilot.generation.models import Generation, Image, State


def mark(session: Session, account_id: UUID, image_ids: Collection[UUID], on: bool, now: datetime) -> int:
    """Make these pictures favourites, or no longer; how many of them are this account's and not removed.

    One that is a favourite already keeps its time. The caller commits.
    """
    hers = select(Generation.id).where(Generation.account_id == account_id)
    lock(session, account_id, Image.id.in_(image_ids), Image.generation_id.in_(hers))
    marked = (
        update(Image)
        .where(Image.id.in_(image_ids), Image.generation_id.in_(hers))
        .where(Image.state == State.FINISHED, Image.removed_at.is_(None))
        .values(favourite_at=func.coalesce(Image.favourite_at, now) if on else None)
        .returning(Image.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(marked).all())
