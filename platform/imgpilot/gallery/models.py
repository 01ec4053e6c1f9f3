"""How people sort their pictures."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Key, OwnerId
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import dependent, owner, personal, rows
from imgpilot.purposes import GALLERY, PERSON_DELETES


class Collection(Base):
    """A name under which a person keeps some of their pictures."""

    __tablename__ = "collection"
    __table_args__ = (
        Index("uq_collection_name", "account_id", "name", unique=True),
        rows(GALLERY, noun=_("collections of your pictures"), kept=PERSON_DELETES),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    name: Mapped[str] = mapped_column(String(80), info=personal("user.content.private"))
    created_at: Mapped[At]


class CollectionImage(Base):
    """That a picture is in a collection."""

    __tablename__ = "collection_image"
    __table_args__ = (
        Index("uq_collection_image_once", "collection_id", "image_id", unique=True),
        rows(GALLERY, noun=_("which pictures are in your collections"), kept=PERSON_DELETES),
    )

    id: Mapped[Key]
    collection_id: Mapped[UUID] = mapped_column(ForeignKey("collection.id"), index=True, info=owner())
    image_id: Mapped[UUID] = mapped_column(ForeignKey("image.id"), index=True, info=dependent())
    added_at: Mapped[At]
