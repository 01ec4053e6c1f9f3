"""Making one picture: take its row for a while, ask the provider, store what came, settle the credits.

Every way out leaves the row true. A worker that dies says nothing: its lease runs out and `recover` wakes another.
Each attempt writes under keys of its own, so a worker that lost its lease removes what it wrote and hurts nobody.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from imgpilot import leases, worker
from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.accounts.standing import Stopped
from imgpilot.billing import ledger
from imgpilot.errors import NotThere, StorageError
from imgpilot.generation import jobs, keeping
from imgpilot.generation.engines import engine_for
from imgpilot.generation.engines.protocol import Failure, Interrupted, ReferenceGone, ReferenceNotRead, Request
from imgpilot.generation.jobs import Job
from imgpilot.generation.keeping import Kept
from imgpilot.generation.models import Generation, Image, State
from imgpilot.leases import LeaseLost
from imgpilot.parts import Parts

#: The most that one call may take, from the first byte out to the last one in.
PATIENCE = timedelta(seconds=180)
#: The time beside the call: to look at what came and store it. Both together are how long a worker may be silent.
STORING = timedelta(seconds=60)
#: Attempts in all, those of workers that died included.
MOST_ATTEMPTS = 4
#: The wait before an attempt is repeated, if the provider names none; each further one is three times as long.
FIRST_WAIT = timedelta(seconds=3)
#: How many rows a look for forgotten work wakes at most: more would only fill the broker with repeated messages.
WOKEN = 20

log = logging.getLogger(__name__)


def make(parts: Parts, image_id: UUID, now: datetime, *, patience: timedelta = PATIENCE) -> None:
    """Make the picture if it is still to be made and nobody else is at it. May be called any number of times."""
    with parts.sessions.begin() as session:
        job = jobs.take(session, image_id, now, patience + STORING)
    if job is None:
        return
    try:
        if job.attempt > 1:
            keeping.sweep(parts.storage, job.account_id, job.image_id)
        if job.attempt > MOST_ATTEMPTS:
            raise Interrupted
        data = engine_for(parts, patience).make(_request(parts, job))
        _still_wanted(parts, job)
        kept = keeping.keep(parts.storage, job.account_id, f"{job.image_id}-{job.attempt}", data)
    except (LeaseLost, Stopped):
        return  # the picture waits as it is; when it may be made again, its lease has run out
    except Failure as failure:
        _give_up_or_wait(parts, job, failure)
    else:
        _finish(parts, job, kept)


def recover(parts: Parts, now: datetime) -> None:
    """Wake workers for pictures that are due: forgotten by the broker, held by the dead, or waiting their time."""
    acting = Image.generation_id.in_(select(Generation.id).join(Account).where(standing.may_act()))
    with parts.sessions.begin() as session:
        for image_id in leases.due(session, Image, now, WOKEN, acting):
            worker.wake(session, "pictures.make", str(image_id))


def _request(parts: Parts, job: Job) -> Request:
    try:
        used = tuple(b"".join(parts.storage.open(key)) for key in job.reference_keys)
    except NotThere:
        raise ReferenceGone from None
    except StorageError:
        raise ReferenceNotRead from None
    return Request(job.model, job.prompt, job.width, job.height, job.account_id, used)


def _still_wanted(parts: Parts, job: Job) -> None:
    """Raises LeaseLost if what came must not be stored: the account does not act now, or the row is another's."""
    with parts.sessions.begin() as session:
        jobs.mine(session, job)


def _finish(parts: Parts, job: Job, kept: Kept) -> None:
    """Write down what was kept and take the credits; if the row is no longer ours, remove it instead."""
    at = parts.clock()
    try:
        with parts.sessions.begin() as session:
            image = jobs.mine(session, job)
            image.state = State.FINISHED
            image.object_key, image.thumbnail_key = kept.key, kept.thumbnail_key
            image.media_type, image.width, image.height = kept.media_type, kept.width, kept.height
            image.bytes, image.sha256 = kept.bytes, kept.sha256
            image.finished_at = at
            leases.let_go(image)
            ledger.capture(session, job.image_id, at=at)
    except LeaseLost:
        keeping.drop(parts.storage, kept)
    # Any other error leaves the objects: a commit whose answer was lost may have named them. If it did not, the
    # next attempt sweeps them.


def _give_up_or_wait(parts: Parts, job: Job, failure: Failure) -> None:
    """Put the picture back for another attempt, or end it and give the credits back."""
    at = parts.clock()
    again = job.attempt < min(failure.tries, MOST_ATTEMPTS)
    try:
        with parts.sessions.begin() as session:
            image = jobs.mine(session, job)
            image.failure = failure.name
            if again:
                image.state = State.QUEUED
                wait = failure.wait if failure.wait is not None else FIRST_WAIT * 3 ** (job.attempt - 1)
                leases.let_go(image, not_before=at + wait)
            else:
                image.state = State.BLOCKED if failure.blocked else State.FAILED
                image.finished_at = at
                leases.let_go(image)
                ledger.release(session, job.image_id, at=at, why=failure.name)
    except LeaseLost:
        return
    log.log(
        logging.ERROR if failure.alarming else logging.INFO,
        "picture %s: %s, %s",
        job.image_id,
        failure.name,
        "again later" if again else "given up, credits returned",
    )
