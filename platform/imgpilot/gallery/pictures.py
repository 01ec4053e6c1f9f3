"""A person's own finished pictures: one of them, a page of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from imgpilot.db import same_id
from imgpilot.errors import NotYours, PersonalError, StorageError
from imgpilot.generation.models import Generation, Image, State
from imgpilot.language import marked as _
from imgpilot.storage import Storage

#: How many pictures a page of the gallery holds.
PAGE = 40


class OutOfReach(PersonalError):
    """The object store does not answer, or the object is not where its row says."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_("This picture cannot be reached at the moment. Try again in a few minutes."))


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture and what it was made from."""

    image: Image
    generation: Generation


@dataclass(frozen=True, slots=True)
class Page:
    """Some pictures, newest first, and from where the next page goes on ("" if this is the last)."""

    pictures: tuple[Picture, ...]
    further: str


def find(session: Session, account_id: UUID, id_: UUID) -> Picture:
    """The picture of that id. Raises NotYours: not there, not finished and somebody else's are one answer."""
    found = session.execute(_mine(account_id).where(Image.id == id_)).one_or_none()
    if found is None:
        raise NotYours
    return Picture(found[0], found[1])


def page(session: Session, account_id: UUID, after: str = "", *, besides: UUID | None = None, size: int = PAGE) -> Page:
    """The pictures that follow the place `after`; one that cannot be read means the beginning.

    `besides` leaves one order out.
    """
    wanted = _mine(account_id).order_by(Generation.created_at.desc(), Image.id.desc()).limit(size + 1)
    place = _place(after)
    if place is not None:
        wanted = wanted.where(tuple_(Generation.created_at, Image.id) < place)
    if besides is not None:
        wanted = wanted.where(Generation.id != besides)
    found = [Picture(image, generation) for image, generation in session.execute(wanted)]
    last = found[size - 1] if len(found) > size else None
    further = f"{last.generation.created_at.isoformat()}~{last.image.id}" if last else ""
    return Page(tuple(found[:size]), further)


def count(session: Session, account_id: UUID) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(_mine(account_id).subquery())) or 0


def opened(storage: Storage, key: str) -> Iterator[bytes]:
    """The object in pieces. Raises OutOfReach."""
    try:
        return storage.open(key)
    except StorageError:
        raise OutOfReach from None


def _mine(account_id: UUID) -> Select[Image, Generation]:
    return (
        select(Image, Generation)
        .join(Generation, Generation.id == Image.generation_id)
        .where(Generation.account_id == account_id, Image.state == State.FINISHED)
    )


def _place(after: str) -> tuple[datetime, UUID] | None:
    at, _tilde, id_ = after.partition("~")
    known = same_id(id_)
    try:
        return (datetime.fromisoformat(at), known) if known else None
    except ValueError:
        return None
