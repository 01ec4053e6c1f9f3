"""Making one picture: take its row for a while, ask the provider, store what came, settle the credits.

Every way out leaves the row true. A worker that dies says nothing: its lease runs out and `recover` wakes another.
Nothing is ordered twice that may be billed twice: what left and was not answered ends, with the credits back.
Each attempt writes under keys of its own, so a worker that lost its lease removes what it wrote and hurts nobody.
Some providers give the picture later: then a worker hands it in, and others ask after it (generation/handing.py).
"""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from imgpilot import leases, worker
from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.accounts.standing import Stopped
from imgpilot.errors import NotThere, StorageError
from imgpilot.generation import catalogue, ending, handing, jobs, keeping
from imgpilot.generation.catalogue import Model
from imgpilot.generation.engines import WAITING, engine_for, waiting_engine_for
from imgpilot.generation.engines.protocol import (
    AnswerLost,
    Failure,
    Interrupted,
    Made,
    NotOffered,
    ReferenceGone,
    ReferenceNotRead,
    Request,
    WaitingEngine,
)
from imgpilot.generation.jobs import Job
from imgpilot.generation.models import Generation, Image
from imgpilot.leases import LeaseLost
from imgpilot.parts import Parts
from imgpilot.provenance.mark import Provenance

#: The most that one call may take, from the first byte out to the last one in.
PATIENCE = timedelta(seconds=180)
#: The same for a question to a provider that was handed it, and for what follows from the answer.
ASKING = timedelta(seconds=45)
#: The time beside the call: to look at what came and store it. Both together are how long a worker may be silent.
STORING = timedelta(seconds=60)
#: How many rows a look for forgotten work wakes at most: more would only fill the broker with repeated messages.
WOKEN = 20


def make(parts: Parts, image_id: UUID, now: datetime, *, patience: timedelta = PATIENCE) -> None:
    """Make the picture if it is still to be made and nobody else is at it. May be called any number of times."""
    longest = patience + STORING
    with parts.sessions.begin() as session:
        job = jobs.take(session, image_id, now, min(leases.BRIEF, longest))
    if job is None:
        return
    with leases.renewed(parts.sessions, Image, job.image_id, job.lease, parts.clock, now + longest):
        _make(parts, job, patience)


def recover(parts: Parts, now: datetime) -> None:
    """Wake workers for pictures that are due: forgotten by the broker, held by the dead, or waiting their time."""
    acting = Image.generation_id.in_(select(Generation.id).join(Account).where(standing.may_act()))
    with parts.sessions.begin() as session:
        for image_id in leases.due(session, Image, now, WOKEN, acting):
            worker.wake(session, "pictures.make", str(image_id))


def _make(parts: Parts, job: Job, patience: timedelta) -> None:
    try:
        made = _made(parts, job, patience)
        if made is None:
            return  # it waits with its provider, or was stopped
        _still_wanted(parts, job)
        _sweep_after_the_dead(parts, job)
        kept = keeping.keep(parts.storage, job.account_id, job.name, made.data, _provenance(parts, job))
    except (LeaseLost, Stopped):
        return  # the row waits as it is; when its account may act again, its lease has run out
    except Failure as failure:
        _sweep_after_the_dead(parts, job)
        ended = ending.give_up_or_wait(parts, job, failure)
    else:
        ended = ending.finish(parts, job, kept, made.seed)
    if ended:
        _remove_there(parts, job, patience)


def _made(parts: Parts, job: Job, patience: timedelta) -> Made | None:
    """The picture; None if it is not there yet, or was stopped. Raises a Failure, LeaseLost, Stopped."""
    if job.handle is None and job.attempt > 1:
        keeping.sweep(parts.storage, job.account_id, job.image_id)
    if job.unanswered:
        raise AnswerLost
    if job.stop_at is not None and _stopped(parts, job, patience):
        return None
    if job.attempt > ending.MOST_ATTEMPTS:
        raise Interrupted
    model = _model(job)
    if model.engine not in WAITING:
        engine, request = engine_for(parts, model.engine, patience), _request(parts, job, model)
        with jobs.ordering(parts, job):
            return engine.make(request)
    if job.handle is not None:
        return handing.ask(parts, job, _waiting(parts, model, patience), job.handle)
    handing.hand_in(parts, job, waiting_engine_for(parts, model.engine, patience), _request(parts, job, model))
    return None


def _waiting(parts: Parts, model: Model, patience: timedelta) -> WaitingEngine:
    return waiting_engine_for(parts, model.engine, min(patience, ASKING))


def _model(job: Job) -> Model:
    model = catalogue.known(job.model)
    if model is None:
        raise NotOffered
    return model


def _provenance(parts: Parts, job: Job) -> Provenance:
    """What the mark in the file says, if the provider put none there."""
    return Provenance(parts.settings, _model(job).name, len(job.reference_keys))


def _request(parts: Parts, job: Job, model: Model) -> Request:
    """What goes out: of the order only what this model can be told."""
    try:
        used = tuple(b"".join(parts.storage.open(key)) for key in job.reference_keys)
    except NotThere:
        raise ReferenceGone from None
    except StorageError:
        raise ReferenceNotRead from None
    return Request(
        model=model.name_there,
        prompt=job.prompt,
        width=job.width,
        height=job.height,
        subject=job.account_id,
        references=used,
        ratio=job.ratio,
        size=job.size,
        negative=job.negative if model.negative else "",
        seed=job.seed if model.seed else None,
        strength=job.strength if model.strength else None,
        knock=handing.knock(parts.settings, model.engine),
    )


def _stopped(parts: Parts, job: Job, patience: timedelta) -> bool:
    """Whether the picture that its person wants stopped is: nobody began it, or the provider called it off."""
    if job.handle is not None:
        engine = _waiting(parts, _model(job), patience)
        if not engine.call_off(job.handle):
            return False  # it is made all the same
        handing.remove(engine, job.handle, job.image_id)
    at = parts.clock()
    with parts.sessions.begin() as session:
        ending.stopped(session, job, jobs.mine(session, job), at)
    return True


def _still_wanted(parts: Parts, job: Job) -> None:
    """Raises LeaseLost if what came must not be stored: the account does not act now, or the row is another's."""
    with parts.sessions.begin() as session:
        jobs.mine(session, job)


def _sweep_after_the_dead(parts: Parts, job: Job) -> None:
    """Whoever asked before may have died while storing. Not at every question: the store has to be listed for it."""
    if job.handle is not None and job.polls > 1:
        keeping.sweep(parts.storage, job.account_id, job.image_id)


def _remove_there(parts: Parts, job: Job, patience: timedelta) -> None:
    """What a provider still holds of a picture that needs it no more. A failure of it is none of the picture."""
    if job.handle is None:
        return
    with suppress(Failure):
        handing.remove(_waiting(parts, _model(job), patience), job.handle, job.image_id)
