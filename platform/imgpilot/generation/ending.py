"""How a picture ends: finished, blocked, failed or stopped; or that it waits for another attempt.

Each end is one transaction: the row, the credits, and the word to the person's own programs.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from imgpilot import leases
from imgpilot.billing import ledger
from imgpilot.generation import catalogue, jobs, keeping, stopping
from imgpilot.generation.engines.protocol import Failure
from imgpilot.generation.jobs import Job
from imgpilot.generation.keeping import Kept
from imgpilot.generation.models import Image, State
from imgpilot.leases import LeaseLost
from imgpilot.parts import Parts

#: Attempts in all, those of workers that died included.
MOST_ATTEMPTS = 4
#: The wait before an attempt is repeated, if the provider names none; each further one is three times as long.
FIRST_WAIT = timedelta(seconds=3)

log = logging.getLogger(__name__)


def finish(parts: Parts, job: Job, kept: Kept, seed: int | None) -> bool:
    """Write down what was kept and take the credits; if the row is no longer ours, remove it instead.

    `seed` is what the provider said; else it is the one it was told. Whether the row was ours.
    """
    at, model = parts.clock(), catalogue.known(job.model)
    told = job.seed if model is not None and model.seed else None
    try:
        with parts.sessions.begin() as session:
            image = jobs.mine(session, job)
            image.object_key, image.thumbnail_key = kept.key, kept.thumbnail_key
            image.media_type, image.width, image.height = kept.media_type, kept.width, kept.height
            image.bytes, image.sha256, image.marked_by = kept.bytes, kept.sha256, kept.marked_by
            image.seed = seed if seed is not None else told
            _end(image, State.FINISHED, at)
            ledger.capture(session, job.image_id, at=at)
            _tell(session, job, at)
    except LeaseLost:
        keeping.drop(parts.storage, kept)
        return False
    # Any other error leaves the objects: a commit whose answer was lost may have named them. If it did not, the
    # next attempt sweeps them.
    return True


def give_up_or_wait(parts: Parts, job: Job, failure: Failure) -> bool:
    """Put the picture back for another attempt, or end it and give the credits back. Whether the row was ours."""
    at = parts.clock()
    again = job.attempt < min(failure.tries, MOST_ATTEMPTS)
    try:
        with parts.sessions.begin() as session:
            image = jobs.mine(session, job)
            image.failure = failure.name
            if again and image.stop_at is not None:  # nobody wants another attempt
                stopped(session, job, image, at)
            elif again:
                image.state = State.QUEUED
                image.handle = image.handed_in_at = None
                wait = failure.wait if failure.wait is not None else FIRST_WAIT * 3 ** (job.attempt - 1)
                leases.let_go(image, not_before=at + wait)
            else:
                _end(image, State.BLOCKED if failure.blocked else State.FAILED, at)
                ledger.release(session, job.image_id, at=at, why=failure.name)
                _tell(session, job, at)
    except LeaseLost:
        return False
    log.log(
        logging.ERROR if failure.alarming else logging.INFO,
        "picture %s: %s, %s",
        job.image_id,
        failure.name,
        "again later, if it is still wanted" if again else "given up, credits returned",
    )
    return True


def stopped(session: Session, job: Job, image: Image, at: datetime) -> None:
    """End the picture as its person wanted, with the credits back; the caller commits."""
    image.failure = None
    _end(image, State.CANCELLED, at)
    ledger.release(session, job.image_id, at=at, why=stopping.WHY)
    _tell(session, job, at)


def _end(image: Image, state: State, at: datetime) -> None:
    """The row reaches its end: nobody works on it or asks after it any more."""
    image.state, image.finished_at, image.handle = state, at, None
    leases.let_go(image)


def _tell(session: Session, job: Job, at: datetime) -> None:
    """The person's own programs are told when the order is done (imgpilot.api)."""
    from imgpilot.api.webhooks import announce

    session.flush()
    announce(session, job.generation_id, at)
