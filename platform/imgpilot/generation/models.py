"""What a person made, from what, and how it is going (policy P03)."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from imgpilot.columns import At, Fact, Key, ObjectKey, OwnerId, Prose
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.leases import Leased
from imgpilot.privacy import Kept, Origin, link, owner, personal, record, rows
from imgpilot.purposes import GENERATION, PERSON_DELETES


class State(StrEnum):
    """Where a picture is. The last three are final."""

    QUEUED = "queued"
    MAKING = "making"
    FINISHED = "finished"
    BLOCKED = "blocked"  # the provider would not make it
    FAILED = "failed"


OPEN = (State.QUEUED, State.MAKING)


class Reference(Base):
    """A picture a person uploaded for others to be made from. What the camera added was stripped."""

    __tablename__ = "reference"
    __table_args__ = rows(
        GENERATION,
        noun=_("reference pictures you uploaded"),
        kept=Kept(_("30 days after the last use"), timedelta(days=30), "used_at"),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    object_key: Mapped[ObjectKey]
    media_type: Mapped[Fact]
    width: Mapped[int] = mapped_column(info=record())
    height: Mapped[int] = mapped_column(info=record())
    bytes: Mapped[int] = mapped_column(BigInteger, info=record())
    sha256: Mapped[Fact]
    created_at: Mapped[At]
    used_at: Mapped[At]


class Generation(Base):
    """One request for pictures: the prompt and everything chosen with it."""

    __tablename__ = "generation"
    __table_args__ = (
        Index("ix_generation_account_id_created_at", "account_id", "created_at"),
        rows(GENERATION, noun=_("prompts with their settings"), kept=PERSON_DELETES),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    prompt: Mapped[Prose]
    model: Mapped[str] = mapped_column(info=personal("user.content.private"))
    ratio: Mapped[str] = mapped_column(info=personal("user.content.private"))
    width: Mapped[int] = mapped_column(info=record())
    height: Mapped[int] = mapped_column(info=record())
    credits_each: Mapped[int] = mapped_column(info=record())
    reference_id: Mapped[UUID | None] = mapped_column(ForeignKey("reference.id"), index=True, info=link())
    created_at: Mapped[At]

    images: Mapped[list["Image"]] = relationship(order_by="Image.position", lazy="raise", viewonly=True)


class Image(Leased, Base):
    """One picture: a job until it is finished, then the record of an object."""

    __tablename__ = "image"
    __table_args__ = (
        Index("uq_image_position", "generation_id", "position", unique=True),
        CheckConstraint("(state = 'finished') = (object_key IS NOT NULL)", name="finished_has_object"),
        rows(GENERATION, noun=_("pictures you made"), kept=PERSON_DELETES),
    )
    TO_DO = OPEN

    generation_id: Mapped[UUID] = mapped_column(ForeignKey("generation.id"), index=True, info=owner())
    position: Mapped[int] = mapped_column(info=record())
    object_key: Mapped[ObjectKey | None]
    thumbnail_key: Mapped[ObjectKey | None]
    media_type: Mapped[Fact | None]
    width: Mapped[int | None] = mapped_column(info=record())
    height: Mapped[int | None] = mapped_column(info=record())
    bytes: Mapped[int | None] = mapped_column(BigInteger, info=record())
    sha256: Mapped[str | None] = mapped_column(info=personal("user.content.private", origin=Origin.DERIVED))
    #: Class of the failure (imgpilot.generation.engines.protocol), never the provider's words.
    failure: Mapped[Fact | None]
    started_at: Mapped[At | None]
    finished_at: Mapped[At | None]

    generation: Mapped[Generation] = relationship(lazy="raise", viewonly=True)
