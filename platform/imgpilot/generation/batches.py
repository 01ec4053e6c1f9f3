"""What a person ordered and how it is going, as a page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.errors import NotYours
from imgpilot.generation import catalogue, references
from imgpilot.generation.catalogue import Model
from imgpilot.generation.engines.protocol import sentence_for
from imgpilot.generation.models import OPEN, Generation, Image, Reference, State


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
    #: What went wrong, in English, marked for translation; "" if nothing did.
    sentence: str
    #: Credits that came back.
    refund: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One order with its pictures."""

    generation: Generation
    model: Model | None
    tiles: tuple[Tile, ...]
    references: tuple[Reference, ...]
    #: Nothing is made for its account now (imgpilot.accounts.standing): what is open waits.
    halted: bool = False

    @property
    def open(self) -> int:
        """How many pictures may still change."""
        return sum(tile.image.state in OPEN for tile in self.tiles)

    @property
    def pending(self) -> bool:
        """Whether something may still change without anybody doing something."""
        return self.open > 0 and not self.halted

    @property
    def finished(self) -> int:
        """How many pictures are there."""
        return sum(tile.image.state == State.FINISHED for tile in self.tiles)

    @property
    def used(self) -> int:
        """Credits that were kept for finished pictures."""
        return self.finished * self.generation.credits_each


def newest(session: Session, account_id: UUID, now: datetime) -> Batch | None:
    """The last order of this account, if there is any."""
    last = (
        select(Generation)
        .where(Generation.account_id == account_id)
        .order_by(Generation.created_at.desc(), Generation.id.desc())
        .limit(1)
    )
    generation = session.scalar(last)
    return _batch(session, generation, now) if generation is not None else None


def find(session: Session, account_id: UUID, id_: UUID, now: datetime) -> Batch:
    """The order of that id. Raises NotYours, whether it is not there or somebody else's."""
    mine = select(Generation).where(Generation.id == id_, Generation.account_id == account_id)
    generation = session.scalar(mine)
    if generation is None:
        raise NotYours
    return _batch(session, generation, now)


def _batch(session: Session, generation: Generation, now: datetime) -> Batch:
    images = session.scalars(select(Image).where(Image.generation_id == generation.id).order_by(Image.position)).all()
    back = ledger.refunds(session, [image.id for image in images])
    model = catalogue.known(generation.model)
    used = tuple(references.of(session, generation.id))
    halted = standing.why_not(session.get_one(Account, generation.account_id)) is not None
    return Batch(generation, model, tuple(_tile(image, model, back, now) for image in images), used, halted)


def _tile(image: Image, model: Model | None, back: Mapping[UUID, int], now: datetime) -> Tile:
    began, ended = image.started_at or now, image.finished_at or now
    seconds = max(0, round((ended - began).total_seconds()))
    waiting = image.state == State.QUEUED and image.not_before is not None and image.not_before > now
    return Tile(
        image=image,
        seconds=seconds,
        usual=max(seconds, model.seconds if model else 0, 1),
        wait=max(1, round((image.not_before - now).total_seconds())) if waiting and image.not_before else 0,
        sentence=sentence_for(image.failure) if image.failure else "",
        refund=back.get(image.id, 0),
    )
