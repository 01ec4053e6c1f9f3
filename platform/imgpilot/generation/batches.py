"""What a person ordered and how it is going, as a page shows it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.errors import NotYours
from imgpilot.generation import catalogue, references
from imgpilot.generation.catalogue import Model
from imgpilot.generation.engines.protocol import sentence_for
from imgpilot.generation.models import OPEN, Generation, Image, Reference, State
from imgpilot.generation.refusals import STAGES

#: Orders under way that a page lists beside the one it shows.
OTHERS = 6


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a batch. Spans are in whole seconds."""

    image: Image
    #: Since a worker took it; how long it took, once it is finished.
    seconds: int
    #: What it usually takes; never less than `seconds`, so that a ruler of that many ticks holds it.
    usual: int
    #: Until it is tried again; 0 if it waits for nothing but a worker.
    wait: int
    #: Its place in our line, 1 being the next; 0 if it is not in it. Then the provider's, where it says so.
    place: int
    place_there: int
    #: What went wrong and at which stage it was refused, in English, marked for translation; "" if nothing did.
    sentence: str
    stage: str
    #: Credits that came back.
    refund: int


@dataclass(frozen=True, slots=True)
class Running:
    """Another order that is under way: how many of its pictures have ended, of how many."""

    generation: Generation
    ended: int
    all: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One order with its pictures."""

    generation: Generation
    model: Model | None
    tiles: tuple[Tile, ...]
    references: tuple[Reference, ...]
    #: What else of the account is under way.
    others: tuple[Running, ...] = ()
    #: A word that changes whenever something of all that changes.
    seen: str = ""
    #: Nothing is made for its account now (imgpilot.accounts.standing): what is open waits.
    halted: bool = False

    @property
    def open(self) -> int:
        """How many pictures may still change."""
        return self._count(*OPEN)

    @property
    def waiting(self) -> int:
        """How many have not begun."""
        return self._count(State.QUEUED)

    @property
    def pending(self) -> bool:
        """Whether something of this order may still change without anybody doing something."""
        return self.open > 0 and not self.halted

    @property
    def live(self) -> bool:
        """Whether the page that shows it may still change by itself."""
        return self.pending or (bool(self.others) and not self.halted)

    @property
    def finished(self) -> int:
        """How many pictures are there."""
        return self._count(State.FINISHED)

    @property
    def used(self) -> int:
        """Credits that were kept for finished pictures."""
        return self.finished * self.generation.credits_each

    def _count(self, *states: State) -> int:
        return sum(tile.image.state in states for tile in self.tiles)


@dataclass(frozen=True, slots=True)
class Seen:
    """How things stand for whoever watches an order: the word for it, whether it may still change by itself, and
    the orders whose changes count."""

    word: str
    live: bool
    orders: frozenset[UUID]


def newest(session: Session, account_id: UUID, now: datetime) -> Batch | None:
    """The last order of this account, if there is any."""
    last = (
        select(Generation)
        .where(Generation.account_id == account_id, _shown())
        .order_by(Generation.created_at.desc(), Generation.id.desc())
        .limit(1)
    )
    generation = session.scalar(last)
    return _batch(session, generation, now) if generation is not None else None


def find(session: Session, account_id: UUID, id_: UUID, now: datetime) -> Batch:
    """The order of that id. Raises NotYours, whether it is not there, was removed or is somebody else's."""
    mine = select(Generation).where(Generation.id == id_, Generation.account_id == account_id, _shown())
    generation = session.scalar(mine)
    if generation is None:
        raise NotYours
    return _batch(session, generation, now)


def seen(session: Session, account_id: UUID, id_: UUID, now: datetime) -> Seen:
    """How the order of that id and all others of the account stand. Raises NotYours.

    A few small queries: this is asked whenever somebody who watches is told of a change.
    """
    generation = session.get(Generation, id_)
    if generation is None or generation.account_id != account_id:
        raise NotYours
    may_act = session.scalar(select(Account.id).where(Account.id == account_id, standing.may_act())) is not None
    images = session.scalars(_images_of(id_)).all()
    others = _others(session, account_id, id_)
    open_ = bool(others) or any(image.state in OPEN for image in images)
    orders = frozenset((id_, *(other.generation.id for other in others)))
    return Seen(_word(images, others, _ahead(session, generation, images, now)), open_ and may_act, orders)


def _shown() -> ColumnElement[bool]:
    """The condition on Generation that not all of its pictures were removed."""
    return exists().where(Image.generation_id == Generation.id, Image.removed_at.is_(None))


def _images_of(id_: UUID) -> Select[Image]:
    return select(Image).where(Image.generation_id == id_, Image.removed_at.is_(None)).order_by(Image.position)


def _others(session: Session, account_id: UUID, besides: UUID) -> tuple[Running, ...]:
    """The account's orders under way, newest first, but the one of that id."""
    mine = select(Image.generation_id).join(Generation, Generation.id == Image.generation_id)
    open_ = mine.where(Generation.account_id == account_id, Generation.id != besides, Image.state.in_(OPEN))
    counted = (
        select(Generation, func.count(), func.count().filter(Image.state.in_(OPEN)))
        .join(Image, Image.generation_id == Generation.id)
        .where(Generation.id.in_(open_))
        .group_by(Generation.id)
        .order_by(Generation.created_at.desc(), Generation.id)
        .limit(OTHERS)
    )
    return tuple(Running(one, all_ - left, all_) for one, all_, left in session.execute(counted))


def _ahead(session: Session, generation: Generation, images: Sequence[Image], now: datetime) -> int:
    """How many pictures wait in our line before the first of these that does; 0 if none of them does."""
    if not any(_in_line(image, now) for image in images):
        return 0
    before = (
        select(func.count())
        .select_from(Image)
        .join(Generation, Generation.id == Image.generation_id)
        .join(Account, Account.id == Generation.account_id)
        .where(
            Image.state == State.QUEUED,
            or_(Image.not_before.is_(None), Image.not_before <= now),
            standing.may_act(),
            tuple_(Generation.created_at, Generation.id) < (generation.created_at, generation.id),
        )
    )
    return session.scalar(before) or 0


def _in_line(image: Image, now: datetime) -> bool:
    return image.state == State.QUEUED and (image.not_before is None or image.not_before <= now)


def _place_there(image: Image) -> int:
    """The picture's place in the provider's line, where the engine noted it; else 0."""
    place = (image.handle or {}).get("position") if image.state == State.MAKING else None
    return place if isinstance(place, int) and place > 0 else 0


def _word(images: Sequence[Image], others: Sequence[Running], ahead: int) -> str:
    # When one that is being made is looked at again is no change that anybody sees.
    until = {one.id: str(one.not_before) if one.state == State.QUEUED else "" for one in images}
    now = [(str(one.id), one.state, one.stop_at is None, until[one.id], _place_there(one)) for one in images]
    also = [(str(one.generation.id), one.ended) for one in others]
    return hashlib.sha256(repr((now, also, ahead)).encode()).hexdigest()[:16]


def _batch(session: Session, generation: Generation, now: datetime) -> Batch:
    images = session.scalars(_images_of(generation.id)).all()
    back = ledger.refunds(session, [image.id for image in images])
    model = catalogue.known(generation.model)
    others = _others(session, generation.account_id, generation.id)
    ahead = _ahead(session, generation, images, now)
    lined = [image.id for image in images if _in_line(image, now)]
    places = {id_: ahead + nth for nth, id_ in enumerate(lined, 1)}
    return Batch(
        generation=generation,
        model=model,
        tiles=tuple(_tile(image, model, back, places, now) for image in images),
        references=tuple(references.of(session, generation.id)),
        others=others,
        seen=_word(images, others, ahead),
        halted=standing.why_not(session.get_one(Account, generation.account_id)) is not None,
    )


def _tile(
    image: Image, model: Model | None, back: Mapping[UUID, int], places: Mapping[UUID, int], now: datetime
) -> Tile:
    began, ended = image.started_at or now, image.finished_at or now
    seconds = max(0, round((ended - began).total_seconds()))
    waiting = image.state == State.QUEUED and image.not_before is not None and image.not_before > now
    return Tile(
        image=image,
        seconds=seconds,
        usual=max(seconds, model.seconds if model else 0, 1),
        wait=max(1, round((image.not_before - now).total_seconds())) if waiting and image.not_before else 0,
        place=places.get(image.id, 0),
        place_there=_place_there(image),
        sentence=sentence_for(image.failure) if image.failure else "",
        stage=STAGES.get(image.failure or "", ""),
        refund=back.get(image.id, 0),
    )
