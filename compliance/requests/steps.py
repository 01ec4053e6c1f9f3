"""Runs one step: takes its lease, does the work, and finishes it in one transaction that checks the lease.

A step's work is a function of Job that returns what is to be done in that transaction and gives the evidence.
So what changes the database (an erasure, say) commits together with the note that it was done: a crash before
means it is done again from the start, a crash after means it is not done twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from compliance.errors import PlanChanged, StepFailed
from compliance.requests import decisions, moves, queueing
from compliance.requests.kinds import AT_ONCE, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Move
from imgpilot import leases
from imgpilot.errors import ImgPilotError
from imgpilot.parts import Parts

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
#: After so many failures in a row an officer is asked.
TRIES = 6
FIRST_WAIT = timedelta(seconds=5)
GAVE_OUT = "Every worker that tried this stopped in the middle of it. Look at the worker's log, then try again."

Evidence = dict[str, Any]
Finish = Callable[[Session], Evidence]


@dataclass(frozen=True)
class Job:
    """What a step works with. `beat` renews the lease; long work calls it as it goes."""

    parts: Parts
    request: PrivacyRequest
    now: datetime
    beat: Callable[[], None]


def run(parts: Parts, step_id: UUID) -> None:
    """Run the step if it is its turn and nobody else does. Repeating this is safe, at any moment."""
    from compliance.requests import work

    now = parts.clock()
    with parts.sessions.begin() as session:
        step = leases.take(session, Step, step_id, now, LEASE)
        if step is None:
            return
        request = session.get_one(PrivacyRequest, step.request_id)
        # Kept apart: a transaction that is rolled back takes the attributes of its rows with it.
        request_id = request.id
        name, lease, tried = step.name, step.lease, step.attempts
    if tried > TRIES:
        _failed(parts, request_id, step_id, lease, StepFailed(GAVE_OUT, again=False))
        return
    job = Job(parts, request, now, lambda: _renew(parts, step_id, lease))
    try:
        try:
            finish = work.of(name)(job)
            with parts.sessions.begin() as session:
                request = moves.locked(session, request_id)
                step = leases.mine(session, Step, step_id, lease)
                evidence = finish(session)
                _done(session, request, step, evidence, parts.clock())
        except PlanChanged:
            _look_again(parts, request_id, step_id, lease)
    except leases.LeaseLost:
        return
    except (ImgPilotError, OSError, SQLAlchemyError) as error:
        _failed(parts, request_id, step_id, lease, error)


def _renew(parts: Parts, step_id: UUID, lease: UUID | None) -> None:
    with parts.sessions.begin() as session:
        leases.mine(session, Step, step_id, lease).lease_until = parts.clock() + LEASE


def _done(session: Session, request: PrivacyRequest, step: Step, evidence: Evidence, now: datetime) -> None:
    step.state, step.evidence, step.failure, step.done_at = "done", evidence, None, now
    leases.let_go(step)
    moves.note(session, request, moves.SYSTEM, "step done", now, {"step": step.name})
    queueing.free(session, request)
    advance(session, request, now)


def advance(session: Session, request: PrivacyRequest, now: datetime) -> None:
    """When the last step of what is under way is done, the request moves on by itself."""
    session.flush()
    match request.state:
        case State.RECEIVED if not _remains(session, request, queueing.PREPARE):
            if request.kind in AT_ONCE:
                moves.move(session, request, Move.BEGIN, moves.SYSTEM, now)
                decisions.start(session, request)
            else:
                moves.move(session, request, Move.SHOW_PLAN, moves.SYSTEM, now)
        case State.RUNNING if not _remains(session, request, queueing.CARRY_OUT):
            moves.move(session, request, Move.ANSWER, moves.SYSTEM, now)


def _remains(session: Session, request: PrivacyRequest, phase: str) -> bool:
    left = select(Step.id).where(
        Step.request_id == request.id, Step.phase == phase, Step.state.not_in(("done", "skipped", "dropped"))
    )
    return session.scalar(left.limit(1)) is not None


def _look_again(parts: Parts, request_id: UUID, step_id: UUID, lease: UUID | None) -> None:
    """What is held is not what was approved: count again and go back to the officer."""
    with parts.sessions.begin() as session:
        request = moves.locked(session, request_id)
        step = leases.mine(session, Step, step_id, lease)
        leases.let_go(step)
        step.state = "waiting"
        session.execute(
            update(Step)
            .where(Step.request_id == request_id, Step.state == "ready", Step.phase == queueing.CARRY_OUT)
            .values(state="waiting")
        )
        plan = decisions.count(session, request, parts.clock())
        moves.move(session, request, Move.RECOUNT, moves.SYSTEM, parts.clock(), {"plan": plan.digest})
        request.proposed_by = None


def _said(error: Exception) -> str:
    """What the officer reads: no personal data, so of the database's errors, which quote rows, the name alone."""
    match error:
        case ImgPilotError():
            return str(error)
        case OSError():
            return f"{type(error).__name__}: {error.strerror}"
        case DBAPIError() if error.orig:
            return type(error.orig).__name__
    return type(error).__name__


def _failed(parts: Parts, request_id: UUID, step_id: UUID, lease: UUID | None, error: Exception) -> None:
    """Wait and try again, or after too many times ask an officer."""
    log.warning("step %s failed: %s", step_id, type(error).__name__)
    with parts.sessions.begin() as session:
        request = moves.locked(session, request_id)
        try:
            step = leases.mine(session, Step, step_id, lease)
        except leases.LeaseLost:
            return
        step.failure = _said(error)[:200]
        hopeless = isinstance(error, StepFailed) and not error.again
        if hopeless or step.attempts >= TRIES:
            step.state = "failed"
            leases.let_go(step)
            moves.note(session, request, moves.SYSTEM, "step failed", parts.clock(), {"step": step.name})
        else:
            soon = parts.clock() + FIRST_WAIT * 2 ** (step.attempts - 1)
            until = error.until if isinstance(error, StepFailed) else None
            leases.let_go(step, not_before=max(soon, until) if until else soon)


def recover(parts: Parts) -> list[UUID]:
    """The steps that are due and nobody works on: a worker died, the broker lost a message, a wait is over."""
    with parts.sessions() as session:
        return leases.due(session, Step, parts.clock())
