"""A picture as work: taken for a while, and written only by who still holds it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot import leases
from imgpilot.accounts import standing
from imgpilot.generation import references
from imgpilot.generation.models import Generation, Image, State
from imgpilot.leases import LeaseLost


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know once it has taken a row."""

    image_id: UUID
    account_id: UUID
    lease: UUID
    attempt: int
    model: str
    prompt: str
    width: int
    height: int
    reference_keys: tuple[str, ...]


def take(session: Session, image_id: UUID, now: datetime, span: timedelta) -> Job | None:
    """Take the row for `span` and mark it as being made.

    None if it is not free, or if nothing new is made for its account now: then it waits.
    """
    generation = session.scalar(
        select(Generation).join(Image, Image.generation_id == Generation.id).where(Image.id == image_id)
    )
    if generation is None or standing.against(session, generation.account_id) is not None:
        return None
    image = leases.take(session, Image, image_id, now, span)
    if image is None or image.lease is None:
        return None
    image.state, image.failure = State.MAKING, None
    image.started_at = now
    return Job(
        image_id=image.id,
        account_id=generation.account_id,
        lease=image.lease,
        attempt=image.attempts,
        model=generation.model,
        prompt=generation.prompt,
        width=generation.width,
        height=generation.height,
        reference_keys=tuple(each.object_key for each in references.of(session, generation.id)),
    )


def mine(session: Session, job: Job) -> Image:
    """The row, if it may still be written. Raises LeaseLost, also if nothing new is made for the account any more."""
    # The account before the row, as whoever erases it: the other way round each would wait for the other.
    if standing.against(session, job.account_id) is not None:
        raise LeaseLost("nothing new is made for the account")
    return leases.mine(session, Image, job.image_id, job.lease)
