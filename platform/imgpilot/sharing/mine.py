"""A person's own public pages."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.generation.models import Generation, Image
from imgpilot.sharing.models import Share


@dataclass(frozen=True, slots=True)
class Mine:
    """One of them, with the picture and what it was made from."""

    share: Share
    image: Image
    generation: Generation


def pages(session: Session, account_id: UUID) -> list[Mine]:
    """All of them, the newest first."""
    wanted = (
        select(Share, Image, Generation)
        .join(Image, Image.id == Share.image_id)
        .join(Generation, Generation.id == Image.generation_id)
        .where(Share.account_id == account_id)
        .order_by(Share.published_at.desc(), Share.id)
    )
    return [Mine(*row) for row in session.execute(wanted)]
