"""What staff do with a case besides deciding it: who has it, its receipt, a step that failed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import comments
from compliance.errors import MoveRefused
from compliance.requests import moves, queueing
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Actor, Move, Who
from compliance.requests.procedures import SKIPPED_FOR, can_be_skipped
from imgpilot.language import marked as _
from imgpilot.worker import wake


def assign(session: Session, request_id: UUID, staff: int | None, actor: Actor, now: datetime) -> PrivacyRequest:
    """Give the case to a member of staff, or to nobody."""
    request = moves.locked(session, request_id)
    if request.assigned_to == staff:
        return request
    moves.move(session, request, Move.ASSIGN, actor, now, {"to": staff or 0})
    request.assigned_to = staff
    return request


def acknowledge(session: Session, request_id: UUID, actor: Actor, now: datetime) -> PrivacyRequest:
    """Confirm receipt to the person now, where that did not go by itself."""
    request = moves.locked(session, request_id)
    if not request.contact:
        raise MoveRefused(_("There is no address to write to."))
    moves.move(session, request, Move.ACKNOWLEDGE, actor, now)
    request.acknowledged_at = now
    return request


def retry(session: Session, request_id: UUID, step_id: UUID, officer: Actor, now: datetime) -> PrivacyRequest:
    """Try a failed step again."""
    request, step = _failed_step(session, request_id, step_id)
    step.state, step.attempts, step.failure, step.not_before = "ready", 0, None, None
    moves.note(session, request, officer, "step retried", now, {"step": step.name})
    wake(session, "requests.run", str(step.id))
    return request


def skip(
    session: Session, request_id: UUID, step_id: UUID, reason: str, words: str, officer: Actor, now: datetime
) -> PrivacyRequest:
    """Leave out a failed step that may be left out, such as a notice to a company that cannot be told (GDPR 19).

    `reason`, a key of procedures.SKIPPED_FOR, stays in the step's evidence. `words` may name people: they are kept as
    a comment, and go as comments go.
    """
    from compliance.requests import steps

    if len(words.strip()) < 20:
        raise MoveRefused(_("Say why it cannot be done or would be out of proportion (GDPR 19)."))
    if reason not in SKIPPED_FOR:
        raise MoveRefused(_("Choose why the step is left out: that stays in the evidence."))
    if Who.OFFICER not in officer.hats:
        raise MoveRefused(_("That is not yours to decide."))
    request, step = _failed_step(session, request_id, step_id)
    if not can_be_skipped(step.name, request.contact is not None):
        raise MoveRefused(_("This step cannot be left out: without it the request is not answered."))
    step.state, step.evidence, step.done_at = "skipped", {"skipped by": officer.staff, "reason": reason}, now
    comments.add(session, request, words, officer, now)
    moves.note(session, request, officer, "step skipped", now, {"step": step.name})
    queueing.free(session, request)
    steps.advance(session, request, now)
    return request


def _failed_step(session: Session, request_id: UUID, step_id: UUID) -> tuple[PrivacyRequest, Step]:
    # The request first, as everywhere: two who lock in different orders wait for each other for ever.
    request = moves.locked(session, request_id)
    step = session.scalar(
        select(Step)
        .where(Step.id == step_id, Step.request_id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if step is None or step.state != "failed":
        raise MoveRefused(_("This step is not waiting for anybody. Load the page again."))
    return request, step
