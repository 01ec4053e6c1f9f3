"""Collections: names under which a person keeps pictures. A picture can be in any number of them."""

from collections.abc import Collection as Some
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import Select, String, cast, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.errors import NotYours, PersonalError
from imgpilot.gallery.models import Collection, CollectionImage
from imgpilot.generation.models import Generation, Image, State
from imgpilot.language import marked as _

#: Characters of a name, and collections of an account, at most.
LONGEST, MOST = 80, 200


class BadName(PersonalError):
    """A collection cannot be called that."""

    field: ClassVar[str] = "name"


class NameMissing(BadName):
    """There is nothing in it."""

    def __init__(self) -> None:
        super().__init__(_("A collection needs a name."))


class NameTooLong(BadName):
    """It does not fit."""

    def __init__(self) -> None:
        super().__init__(_("A name has %(most)s characters at most."), most=LONGEST)


class NameTaken(BadName):
    """The account has one of that name."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("You have a collection of that name already."))


class TooManyCollections(BadName):
    """The account has as many as it may have."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("%(most)s collections are the most. Delete one first; its pictures stay."), most=MOST)


@dataclass(frozen=True, slots=True)
class Counted:
    """A collection, how many pictures that are not removed are in it, and one of them."""

    id: UUID
    name: str
    pictures: int
    cover: UUID | None = None


def every(session: Session, account_id: UUID) -> list[Counted]:
    """This account's collections by name."""
    shown = Image.removed_at.is_(None)
    covers = func.max(cast(Image.id, String)).filter(shown)
    found = session.execute(
        select(Collection.id, Collection.name, func.count(Image.id).filter(shown), covers)
        .outerjoin(CollectionImage, CollectionImage.collection_id == Collection.id)
        .outerjoin(Image, Image.id == CollectionImage.image_id)
        .where(Collection.account_id == account_id)
        .group_by(Collection.id)
        .order_by(func.lower(Collection.name), Collection.id)
    )
    return [Counted(id_, name, number, UUID(cover) if cover else None) for id_, name, number, cover in found]


def find(session: Session, account_id: UUID, id_: UUID) -> Collection:
    """The collection of that id. Raises NotYours."""
    return _found(session, _of(account_id, id_))


def holding(session: Session, account_id: UUID, image_id: UUID) -> list[Collection]:
    """The collections that a picture is in, by name."""
    asked = select(Collection).join(CollectionImage, CollectionImage.collection_id == Collection.id)
    mine = asked.where(Collection.account_id == account_id, CollectionImage.image_id == image_id)
    return list(session.scalars(mine.order_by(func.lower(Collection.name))))


def create(session: Session, account_id: UUID, name: str, now: datetime) -> Collection:
    """A new collection. Raises a BadName. The caller commits."""
    _one_by_one(session, account_id)
    there = session.scalar(select(func.count()).where(Collection.account_id == account_id)) or 0
    if there >= MOST:
        raise TooManyCollections
    made = Collection(id=uuid4(), account_id=account_id, name=_checked(name), created_at=now)
    with _taken(session):
        session.add(made)
    return made


def named(session: Session, account_id: UUID, name: str, now: datetime) -> Collection:
    """The collection of that name; made if there is none. Raises a BadName. The caller commits."""
    _one_by_one(session, account_id)
    asked = select(Collection).where(Collection.account_id == account_id, Collection.name == _checked(name))
    return session.scalar(asked) or create(session, account_id, name, now)


def rename(session: Session, account_id: UUID, id_: UUID, name: str) -> Collection:
    """Call it otherwise. Raises NotYours or a BadName. The caller commits."""
    found = _locked(session, account_id, id_)
    with _taken(session):
        found.name = _checked(name)
    return found


def dissolve(session: Session, account_id: UUID, id_: UUID) -> str:
    """Delete a collection; its pictures stay. Its name. Raises NotYours. The caller commits."""
    found = _locked(session, account_id, id_)
    session.execute(delete(CollectionImage).where(CollectionImage.collection_id == found.id))
    session.delete(found)
    return found.name


def put(session: Session, account_id: UUID, id_: UUID, image_ids: Some[UUID], now: datetime) -> int:
    """Put pictures into a collection; how many of them are the account's. Those in it already stay. Raises NotYours."""
    found = _locked(session, account_id, id_, shared=True)
    hers = session.scalars(
        select(Image.id)
        .join(Generation, Generation.id == Image.generation_id)
        .where(Generation.account_id == account_id, Image.id.in_(image_ids))
        .where(Image.state == State.FINISHED, Image.removed_at.is_(None))
        .order_by(Image.id)
        .with_for_update(read=True, key_share=True, of=Image)  # none goes for good before this is through
    ).all()
    if hers:
        added = [{"id": uuid4(), "collection_id": found.id, "image_id": each, "added_at": now} for each in hers]
        session.execute(insert(CollectionImage).values(added).on_conflict_do_nothing())
    return len(hers)


def take_out(session: Session, account_id: UUID, id_: UUID, image_ids: Some[UUID]) -> int:
    """Take pictures out of a collection; how many were in it. Raises NotYours. The caller commits."""
    found = _locked(session, account_id, id_, shared=True)
    gone = (
        delete(CollectionImage)
        .where(CollectionImage.collection_id == found.id, CollectionImage.image_id.in_(image_ids))
        .returning(literal(1))
    )
    return len(session.scalars(gone).all())


def _of(account_id: UUID, id_: UUID) -> Select[Collection]:
    return select(Collection).where(Collection.id == id_, Collection.account_id == account_id)


def _found(session: Session, asked: Select[Collection]) -> Collection:
    found = session.scalar(asked)
    if found is None:
        raise NotYours
    return found


def _locked(session: Session, account_id: UUID, id_: UUID, *, shared: bool = False) -> Collection:
    """The collection, which nobody renames or deletes before this transaction ends. Raises NotYours.

    `shared`: others may put pictures in or take some out meanwhile.
    """
    standing.stays(session, account_id)
    asked = _of(account_id, id_).with_for_update(read=shared).execution_options(populate_existing=True)
    return _found(session, asked)


def _one_by_one(session: Session, account_id: UUID) -> None:
    """Two new collections at once are counted and named one after the other."""
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))


def _checked(name: str) -> str:
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not plain:
        raise NameMissing
    if len(plain) > LONGEST:
        raise NameTooLong
    return plain


@contextmanager
def _taken(session: Session) -> Iterator[None]:
    """What is written in the block is written at once; raises NameTaken if another has the name."""
    try:
        with session.begin_nested():
            yield
            session.flush()  # or it would be the caller's commit that meets the other one
    except IntegrityError:
        raise NameTaken from None
