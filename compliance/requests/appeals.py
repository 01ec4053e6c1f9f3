"""A second look: the person appeals, somebody else judges, and a closed request is worked on again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import objections
from compliance.errors import MoveRefused
from compliance.letters import worded
from compliance.requests import deciders, laws, moves, queueing
from compliance.requests.conditions import REASON
from compliance.requests.decisions import stop
from compliance.requests.kinds import Kind, Proof, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Actor, Move
from compliance.requests.opening import begin
from imgpilot.language import marked as _


def appeal(session: Session, request_id: UUID, words: str, actor: Actor, now: datetime) -> PrivacyRequest:
    """The person does not accept the answer. Somebody who did not decide it looks again, by a clock of its own."""
    said = words.strip()
    if len(said) < 10:
        raise MoveRefused(_("Say in a sentence what we got wrong. Nothing was sent."))
    request = moves.locked(session, request_id)
    moves.move(session, request, Move.APPEAL, actor, now)
    request.appealed_at, request.appeal = now, said[:5000]
    request.due_on = laws.appeal_due(session, request, now)
    return request


def uphold(
    session: Session, request_id: UUID, officer: Actor, now: datetime, letter: moves.Written | None = None
) -> PrivacyRequest:
    """The appeal is right: the request is worked on again from its count, and somebody else decides it."""
    request = moves.locked(session, request_id)
    moves.move(session, request, Move.UPHOLD, officer, now, None, letter)
    _again(session, request, now)
    if request.assigned_to in deciders.overruled(session, request):
        # They cannot decide it any more, and nobody else would see that it waits.
        moves.note(session, request, officer, str(Move.ASSIGN), now, {"to": 0})
        request.assigned_to = None
    return request


def deny(
    session: Session,
    request_id: UUID,
    reason: str,
    officer: Actor,
    now: datetime,
    letter: moves.Written | None = None,
) -> PrivacyRequest:
    """The appeal fails; the letter says why and where to complain."""
    request = moves.locked(session, request_id)
    if len(reason.strip()) < 20:
        raise MoveRefused(REASON)
    request.refusal = reason.strip()
    moves.move(session, request, Move.DENY, officer, now, None, letter)
    return request


def reopen(
    session: Session, request_id: UUID, reason: str, officer: Actor, now: datetime, letter: moves.Written | None = None
) -> PrivacyRequest:
    """Work on a closed request again: an officer saw that the answer was wrong. Its clock runs from its receipt."""
    if len(reason.strip()) < 10:
        raise MoveRefused(_("Say why it is opened again. It stands in the letter to the person."))
    request = moves.locked(session, request_id)
    if letter is None and request.contact:
        letter = worded(session, request, "reopened", now, reason=reason.strip())
    if request.state == State.WITHDRAWN:
        # She took it back, so how she asked proves nothing any more; a deletion needs a second officer from here on.
        request.proof = Proof.STAFF
    moves.move(session, request, Move.REOPEN, officer, now, None, letter)
    _again(session, request, now)
    return request


def _again(session: Session, request: PrivacyRequest, now: datetime) -> None:
    request.outcome, request.proposed_by, request.decided_by = None, None, None
    request.refusal, request.refused_for, request.set_aside = None, None, {}
    stop(session, request)
    # What was carried out is carried out again from the new plan; its steps stay as evidence under another name.
    done = session.scalars(
        select(Step).where(Step.request_id == request.id, Step.phase == queueing.CARRY_OUT).order_by(Step.position)
    ).all()
    for step in done:
        step.phase, step.name = "before", f"{step.name} (before {now:%Y-%m-%d %H:%M:%S})"
    session.flush()
    if request.state == State.PROVING:
        if request.contact:
            queueing.tell(session, request, "confirm")
        return
    if request.kind == Kind.OBJECTION:
        objections.suspend(session, request, now)
    begin(session, request, now)
