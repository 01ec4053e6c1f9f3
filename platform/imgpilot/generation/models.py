"""What a person made, from what, and how it is going (policy P03)."""

from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    func,
    literal,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from imgpilot.columns import At, Fact, Facts, Key, ObjectKey, OwnerId, Prose
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.leases import Leased
from imgpilot.privacy import Kept, Origin, link, owner, personal, record, rows
from imgpilot.purposes import GENERATION, PERSON_DELETES


class State(StrEnum):
    """Where a picture is. The last four are final."""

    QUEUED = "queued"
    MAKING = "making"
    FINISHED = "finished"
    BLOCKED = "blocked"  # the provider would not make it
    FAILED = "failed"
    CANCELLED = "cancelled"  # its person stopped it


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


#: Letters of writing without spaces between words: each is indexed as a word of its own.
SINGLE = r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]"  # escapes that PostgreSQL reads


def words_of(column: str) -> ColumnElement[Any]:
    """The words of this column of prompts for PostgreSQL's full-text search, in no particular language."""
    spaced = func.regexp_replace(literal_column(column), literal(f"({SINGLE})"), literal(r" \1 "), literal("g"))
    return func.to_tsvector(literal_column("'simple'::regconfig"), spaced)


class Generation(Base):
    """One request for pictures: the prompt and everything chosen with it."""

    __tablename__ = "generation"
    __table_args__ = (
        Index("ix_generation_account_id_created_at", "account_id", "created_at"),
        Index("ix_generation_words", words_of("prompt"), postgresql_using="gin"),
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
    #: The model's size ("1K"); "" where it has one only.
    size: Mapped[Fact] = mapped_column(default="")
    #: What should not be in the picture, for models that know the question.
    negative: Mapped[Prose] = mapped_column(default="")
    #: The seed that was asked for; None: any.
    seed: Mapped[int | None] = mapped_column(BigInteger, info=personal("user.content.private"))
    #: How much of the reference is changed, 0 to 100; for models that know the question.
    strength: Mapped[int | None] = mapped_column(info=personal("user.content.private"))
    #: Where it was ordered: "studio" or "api".
    via: Mapped[Fact] = mapped_column(default="studio")
    created_at: Mapped[At]

    images: Mapped[list["Image"]] = relationship(order_by="Image.position", lazy="raise", viewonly=True)


class GenerationReference(Base):
    """Which reference pictures an order was made from, in which order."""

    __tablename__ = "generation_reference"
    __table_args__ = (
        Index("uq_generation_reference_position", "generation_id", "position", unique=True),
        rows(GENERATION, noun=_("which reference pictures you used"), kept=PERSON_DELETES),
    )

    id: Mapped[Key]
    generation_id: Mapped[UUID] = mapped_column(ForeignKey("generation.id"), index=True, info=owner())
    position: Mapped[int] = mapped_column(info=record())
    #: None once that picture's time was over.
    reference_id: Mapped[UUID | None] = mapped_column(ForeignKey("reference.id"), index=True, info=link())


class Image(Leased, Base):
    """One picture: a job until it is finished, then the record of an object."""

    __tablename__ = "image"
    __table_args__ = (
        Index("uq_image_position", "generation_id", "position", unique=True),
        CheckConstraint("(state = 'finished') = (object_key IS NOT NULL)", name="finished_has_object"),
        Index("ix_image_favourite", "generation_id", postgresql_where=text("favourite_at IS NOT NULL")),
        Index("ix_image_removed_at", "removed_at", postgresql_where=text("removed_at IS NOT NULL")),
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
    #: Where the provider does its work while we wait: what to ask it with.
    handle: Mapped[Facts | None]
    #: When the order left for the provider, written before it does; and how often we asked since. While the picture is
    #: being made and there is no handle, nobody knows what became of it: it is not ordered again.
    handed_in_at: Mapped[At | None]
    polls: Mapped[int] = mapped_column(default=0, info=record())
    #: The seed it was made with, where the provider says so.
    seed: Mapped[int | None] = mapped_column(BigInteger, info=personal("user.content.private", origin=Origin.DERIVED))
    #: Who marked the file as made by AI: "provider" (then not a byte is changed) or "us".
    marked_by: Mapped[Fact | None]
    #: When its person asked to stop it.
    stop_at: Mapped[At | None]
    favourite_at: Mapped[At | None]
    #: Since when it lies among the removed ones, from where it can be taken back for a while.
    removed_at: Mapped[At | None]
    #: Why staff took its public page down, a key of sharing/reports.py. It is not published again.
    barred_for: Mapped[Fact | None]

    generation: Mapped[Generation] = relationship(lazy="raise", viewonly=True)
