"""A picture as work: taken for a while, and written only by who still holds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from imgpilot import leases
from imgpilot.accounts import standing
from imgpilot.errors import Refused
from imgpilot.generation import references
from imgpilot.generation.models import Generation, Image, State
from imgpilot.leases import LeaseLost
from imgpilot.parts import Parts

#: Seeds are below this: the least that a provider of ours takes.
SEEDS = 2**31


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know once it has taken a row."""

    image_id: UUID
    generation_id: UUID
    account_id: UUID
    lease: UUID
    attempt: int
    #: The order as it was placed.
    model: str
    prompt: str
    ratio: str
    size: str
    width: int
    height: int
    negative: str
    #: Each picture of an order has its own, counted on from the one that was asked for; else they were all the same.
    seed: int | None
    strength: int | None
    reference_keys: tuple[str, ...]
    #: If a provider makes it while nobody waits: what to ask with, and which question this is.
    handle: dict[str, Any] | None
    polls: int
    #: When the order left for the provider.
    handed_in_at: datetime | None
    stop_at: datetime | None

    @property
    def unanswered(self) -> bool:
        """Whether it was ordered before and nobody wrote down what came of it."""
        return self.handed_in_at is not None and self.handle is None

    @property
    def name(self) -> str:
        """What its objects are called: never the same for two workers."""
        return f"{self.image_id}-{self.attempt}" + (f"-{self.polls}" if self.handle is not None else "")


def take(session: Session, image_id: UUID, now: datetime, span: timedelta) -> Job | None:
    """Take the row for `span` and mark it as being made.

    None if it is not free, or if nothing new is made for its account now: then it waits. To ask after a picture that
    was handed in is no attempt.
    """
    generation = session.scalar(
        select(Generation).join(Image, Image.generation_id == Generation.id).where(Image.id == image_id)
    )
    if generation is None or standing.against(session, generation.account_id) is not None:
        return None
    _stop_waiting(session, image_id, now)
    image = leases.take(session, Image, image_id, now, span)
    if image is None or image.lease is None:
        return None
    if image.handle is not None:
        image.attempts, image.polls = image.attempts - 1, image.polls + 1
    elif image.handed_in_at is None:
        image.started_at = now
    image.state, image.failure = State.MAKING, None
    return Job(
        image_id=image.id,
        generation_id=generation.id,
        account_id=generation.account_id,
        lease=image.lease,
        attempt=image.attempts,
        model=generation.model,
        prompt=generation.prompt,
        ratio=generation.ratio,
        size=generation.size,
        width=generation.width,
        height=generation.height,
        negative=generation.negative,
        seed=None if generation.seed is None else (generation.seed + image.position) % SEEDS,
        strength=generation.strength,
        reference_keys=tuple(each.object_key for each in references.of(session, generation.id)),
        handle=image.handle,
        polls=image.polls,
        handed_in_at=image.handed_in_at,
        stop_at=image.stop_at,
    )


def _stop_waiting(session: Session, image_id: UUID, now: datetime) -> None:
    """Nobody waits for the next question to a provider if the person wants the picture stopped."""
    waiting = (Image.handle.is_not(None), Image.stop_at.is_not(None), Image.not_before > now)
    session.execute(update(Image).where(Image.id == image_id, *waiting).values(not_before=now))


def mine(session: Session, job: Job) -> Image:
    """The row, if it may still be written. Raises LeaseLost, also if nothing new is made for the account any more."""
    # The account before the row, as whoever erases it: the other way round each would wait for the other.
    if standing.against(session, job.account_id) is not None:
        raise LeaseLost("nothing new is made for the account")
    return leases.mine(session, Image, job.image_id, job.lease)


@contextmanager
def ordering(parts: Parts, job: Job) -> Iterator[None]:
    """The block orders the picture at its provider. That is written down before it does, and only here.

    Whoever finds the row so and without an answer knows that it may have been made and billed, and does not order it
    again. What did not leave after all is taken back: our gateway refused it. Raises LeaseLost: then nothing may leave.
    """
    with parts.sessions.begin() as session:
        mine(session, job).handed_in_at = parts.clock()
    try:
        yield
    except Refused:
        with parts.sessions.begin() as session:
            leases.mine(session, Image, job.image_id, job.lease).handed_in_at = None
        raise
