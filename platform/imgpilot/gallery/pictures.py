"""A person's own finished pictures: one of them, a page of them, those beside one."""

from collections.abc import Collection as Some
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.errors import NotYours, PersonalError, StorageError
from imgpilot.gallery import rows, searching, wanted
from imgpilot.gallery.models import CollectionImage
from imgpilot.gallery.wanted import Place, Wanted
from imgpilot.generation.models import Generation, Image, State
from imgpilot.language import marked as _
from imgpilot.storage import Storage

#: How many pictures a page of the gallery holds at most.
PAGE = 60
EVERYTHING = Wanted()


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

    @property
    def place(self) -> str:
        """Where it stands in the order of time, as an address names it."""
        return wanted.named((self.generation.created_at, self.image.id))

    @property
    def place_above(self) -> str:
        """The place just before it: what follows begins with it."""
        return wanted.named((self.generation.created_at, UUID(int=min(self.image.id.int + 1, 2**128 - 1))))

    @property
    def shape(self) -> float:
        """Its width by its height."""
        return (self.image.width or 1) / (self.image.height or 1)


@dataclass(frozen=True, slots=True)
class Page:
    """Some pictures, newest first, in rows; and from where older and newer ones go on ("" if there are none).

    Every row but the very last of all is full, so that pages can follow each other without a gap.
    """

    rows: tuple[tuple[Picture, ...], ...]
    further: str = ""
    newer: str = ""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All of them, one after the other."""
        return tuple(picture for row in self.rows for picture in row)

    @property
    def whole(self) -> bool:
        """Whether the last row is full: others follow."""
        return bool(self.further)


def find(session: Session, account_id: UUID, id_: UUID, *, removed: bool = False) -> Picture:
    """The picture of that id. Raises NotYours: not there, not finished, removed and somebody else's are one answer.

    `removed` looks among the removed ones instead.
    """
    found = session.execute(_mine(account_id, Wanted(removed=removed), UTC).where(Image.id == id_)).one_or_none()
    if found is None:
        raise NotYours
    return Picture(found[0], found[1])


def some(session: Session, account_id: UUID, ids: Some[UUID]) -> list[Picture]:
    """Those of these pictures that are this account's and not removed, newest first."""
    wish = _mine(account_id, EVERYTHING, UTC).where(Image.id.in_(ids))
    return [Picture(*found) for found in session.execute(wish.order_by(*_NEWEST_FIRST))]


def lock(session: Session, account_id: UUID, *which: ColumnElement[bool]) -> None:
    """Let nobody else change these pictures of this account before this transaction ends.

    In one order: two who change the same ones at once wait for each other one way round only.
    """
    standing.stays(session, account_id)
    wanted = select(Image.id).where(*which).order_by(Image.id).with_for_update(key_share=True)
    session.execute(select(func.count()).select_from(wanted.subquery()))


def page(
    session: Session,
    account_id: UUID,
    after: str = "",
    *,
    besides: UUID | None = None,
    size: int = PAGE,
    wish: Wanted = EVERYTHING,
    zone: tzinfo = UTC,
    before: str = "",
    in_rows: bool = False,
) -> Page:
    """Up to `size` pictures that follow the place `after`, or that come before `before`.

    A place that cannot be read means the beginning. `besides` leaves one order out; `zone` is that of the days of
    `wish`. `in_rows` puts them in rows and leaves those that fill none to the next page. There is one query, and one
    more to see whether there are newer ones.
    """
    asked = _mine(account_id, wish, zone)
    if besides is not None:
        asked = asked.where(Generation.id != besides)
    upto = wanted.place(before)
    if upto is not None and not after:
        return _newer(session, asked, upto, size, in_rows)
    start = wanted.place(after)
    found = _found(session, _older_than(asked, start), size)
    full, rest = rows.rows(found[:size], lambda picture: picture.shape) if in_rows else ([], found[:size])
    if len(found) <= size or not full:
        full, rest = [*full, rest] if rest else full, []
    shown = [picture for row in full for picture in row]
    further = shown[-1].place if len(found) > len(shown) else ""
    newer = ""
    if start is not None and session.execute(_newer_than(asked, start, with_it=True).limit(1)).first():
        newer = shown[0].place if shown else wanted.named(start)
    return Page(tuple(tuple(row) for row in full), further, newer)


def beside(
    session: Session, account_id: UUID, picture: Picture, wish: Wanted, zone: tzinfo
) -> tuple[UUID | None, UUID | None]:
    """The ids of the next newer and the next older picture among those that are wanted."""
    asked, here = _mine(account_id, wish, zone), (picture.generation.created_at, picture.image.id)
    newer = session.execute(_newer_than(asked, here).limit(1)).first()
    older = session.execute(_older_than(asked, here).limit(1)).first()
    return newer[0].id if newer else None, older[0].id if older else None


def months(session: Session, account_id: UUID, wish: Wanted, zone: tzinfo) -> list[tuple[str, int]]:
    """How many of the wanted pictures are of which month ("2026-11"), the newest month first."""
    month = func.to_char(func.timezone(_name_of(zone), Generation.created_at), "YYYY-MM").label("month")
    asked = _mine(account_id, wish, zone).with_only_columns(month, func.count())
    return [(name, number) for name, number in session.execute(asked.group_by(month).order_by(month.desc()))]


def count(session: Session, account_id: UUID, wish: Wanted = EVERYTHING, zone: tzinfo = UTC) -> int:
    """How many there are."""
    return session.scalar(_mine(account_id, wish, zone).with_only_columns(func.count())) or 0


def kinds(session: Session, account_id: UUID) -> tuple[list[str], list[str]]:
    """The models and the shapes of this account's orders, each in the order of its letters."""
    asked = select(Generation.model, Generation.ratio).where(Generation.account_id == account_id).distinct()
    found = session.execute(asked).all()
    return sorted({model for model, _ratio in found}), sorted({ratio for _model, ratio in found})


def opened(storage: Storage, key: str) -> Iterator[bytes]:
    """The object in pieces. Raises OutOfReach."""
    try:
        return storage.open(key)
    except StorageError:
        raise OutOfReach from None


_NEWEST_FIRST = (Generation.created_at.desc(), Image.id.desc())
_OLDEST_FIRST = (Generation.created_at, Image.id)


def _newer(session: Session, asked: "Select[Image, Generation]", upto: Place, size: int, in_rows: bool) -> Page:
    """The page that ends where `upto` begins."""
    found = _found(session, _newer_than(asked, upto), size)
    shown = found[:size][::-1]
    rest, full = rows.upwards(shown, lambda picture: picture.shape) if in_rows else (shown, [])
    if rest and (len(found) <= size or not full):
        full = [rest, *full]
    shown = [picture for row in full for picture in row]
    newer = shown[0].place if len(found) > len(shown) else ""
    return Page(tuple(tuple(row) for row in full), shown[-1].place if shown else "", newer)


def _found(session: Session, asked: "Select[Image, Generation]", size: int) -> list[Picture]:
    return [Picture(image, generation) for image, generation in session.execute(asked.limit(size + 1))]


def _older_than(asked: "Select[Image, Generation]", place: Place | None) -> "Select[Image, Generation]":
    """The pictures after a place, the newest first. The first condition is the one that the index knows."""
    if place is not None:
        asked = asked.where(Generation.created_at <= place[0], tuple_(Generation.created_at, Image.id) < place)
    return asked.order_by(*_NEWEST_FIRST)


def _newer_than(
    asked: "Select[Image, Generation]", place: Place, *, with_it: bool = False
) -> "Select[Image, Generation]":
    """The pictures before a place, the oldest first."""
    here = tuple_(Generation.created_at, Image.id)
    return asked.where(Generation.created_at >= place[0], here >= place if with_it else here > place).order_by(
        *_OLDEST_FIRST
    )


def _mine(account_id: UUID, wish: Wanted, zone: tzinfo) -> "Select[Image, Generation]":
    asked = (
        select(Image, Generation)
        .join(Generation, Generation.id == Image.generation_id)
        .where(Generation.account_id == account_id, Image.state == State.FINISHED)
        .where(Image.removed_at.is_not(None) if wish.removed else Image.removed_at.is_(None))
    )
    conditions: list[Any] = []
    if wish.words:
        conditions.append(searching.matches(wish.words))
    if wish.model:
        conditions.append(Generation.model == wish.model)
    if wish.ratio:
        conditions.append(Generation.ratio == wish.ratio)
    if wish.since:
        conditions.append(Generation.created_at >= datetime.combine(wish.since, time.min, zone))
    if wish.until:
        conditions.append(Generation.created_at < datetime.combine(wish.until + timedelta(days=1), time.min, zone))
    if wish.favourite:
        conditions.append(Image.favourite_at.is_not(None))
    if wish.collection:
        asked = asked.join(CollectionImage, CollectionImage.image_id == Image.id)
        conditions.append(CollectionImage.collection_id == wish.collection)
    return asked.where(*conditions)


def _name_of(zone: tzinfo) -> str:
    """The zone's name as PostgreSQL knows it."""
    return str(getattr(zone, "key", None) or getattr(zone, "zone", None) or "UTC")
