"""What an officer decides, and what a person takes back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from compliance import plans
from compliance.errors import MoveRefused, PlanChanged
from compliance.reach import Person
from compliance.requests import moves
from compliance.requests.kinds import Kind
from compliance.requests.models import Plan, PrivacyRequest, Step
from compliance.requests.moves import Actor, Move
from compliance.requests.procedures import AFTER_APPROVAL
from imgpilot.accounts.models import Account, SignIn
from imgpilot.language import marked as _
from imgpilot.worker import wake


def newest_plan(session: Session, request_id: UUID) -> Plan | None:
    """The plan that is shown to the officer."""
    return session.scalar(
        select(Plan).where(Plan.request_id == request_id).order_by(Plan.made_at.desc(), Plan.id).limit(1)
    )


def count(session: Session, request: PrivacyRequest, now: datetime) -> Plan:
    """Count again and keep the plan, unless it is the same as the newest."""
    body = draw(session, request)
    before = newest_plan(session, request.id)
    if before and before.digest == plans.digest(body):
        return before
    # Two counts in one instant would have no order; the newest wins by its time.
    at = max(now, before.made_at + timedelta(microseconds=1)) if before else now
    plan = Plan(request_id=request.id, made_at=at, body=body, digest=plans.digest(body))
    session.add(plan)
    return plan


def draw(session: Session, request: PrivacyRequest) -> dict[str, Any]:
    """What carrying out this request would touch now."""
    if request.account_id is None:
        raise MoveRefused(_("The account of this request is gone."))
    return plans.draw(session, Kind(request.kind), Person(request.account_id, request.id))


def approve(session: Session, request_id: UUID, digest: str, officer: Actor, now: datetime) -> PrivacyRequest:
    """Approve the plan with this digest, and start carrying it out.

    A deletion that differs only by what strangers can bring to the door is approved as it is counted now. Raises
    PlanChanged (the caller commits: the new plan is kept and shown) if what is held is different otherwise,
    AlreadyDecided if somebody else was first.
    """
    request = moves.locked(session, request_id)
    plan = newest_plan(session, request_id)
    if plan is None or moves.Move.APPROVE not in possible(request):
        moves.move(session, request, Move.APPROVE, officer, now)  # says why not
        raise MoveRefused(_("The plan is not counted yet. It takes a few seconds; load the page again."))
    account = session.scalar(select(Account).where(Account.id == request.account_id).with_for_update())
    if request.kind == Kind.DELETION:
        _nothing_is_owed_that_needs_the_data(session, request)
    fresh = count(session, request, now)
    if not _was_shown(session, request, digest, fresh):
        raise PlanChanged(_("What is held has changed since you opened this page. This is the new plan; check it."))
    moves.move(session, request, Move.APPROVE, officer, now, {"plan": fresh.digest})
    fresh.approved_at, fresh.approved_by = now, officer.staff
    request.decided_by = officer.staff
    if request.kind == Kind.DELETION and account is not None:
        _freeze(session, account, now)
    _start(session, request)
    return request


def _was_shown(session: Session, request: PrivacyRequest, digest: str, fresh: Plan) -> bool:
    """Whether the plan with this digest, which the officer saw, is the fresh one but for what came to the door."""
    if digest == fresh.digest:
        return True
    seen = session.scalar(select(Plan).where(Plan.request_id == request.id, Plan.digest == digest).limit(1))
    return request.kind == Kind.DELETION and seen is not None and plans.still_holds(seen.body, fresh.body)


def _nothing_is_owed_that_needs_the_data(session: Session, request: PrivacyRequest) -> None:
    """A copy that is asked for, too, is answered first: afterwards there is nothing to copy, and nobody to tell."""
    other = session.scalar(
        select(PrivacyRequest).where(
            PrivacyRequest.account_id == request.account_id,
            PrivacyRequest.kind == Kind.ACCESS,
            PrivacyRequest.closed_at.is_(None),
        )
    )
    if other is not None:
        said = _("This person asked for a copy too. Answer %(case)s first: after the deletion nothing can be copied.")
        raise MoveRefused(said, case=other.case)


def _freeze(session: Session, account: Account, now: datetime) -> None:
    """From approval on nothing new is made of hers, so that what was approved is what is erased."""
    account.frozen_at = account.frozen_at or now
    session.execute(
        update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None)).values(ended_at=now)
    )


def _start(session: Session, request: PrivacyRequest) -> None:
    """Write down the steps after approval, the first one ready."""
    steps = {step.name: step for step in session.scalars(select(Step).where(Step.request_id == request.id))}
    first: Step | None = None
    after = session.scalar(select(func.max(Step.position)).where(Step.request_id == request.id)) or 0
    for position, name in enumerate(AFTER_APPROVAL[Kind(request.kind)], after + 1):
        step = steps.get(name)
        if step is None:
            step = Step(request_id=request.id, position=position, name=name, state="waiting")
            session.add(step)
        if step.state != "done" and first is None:
            first = step
    if first is not None:
        first.state, first.attempts, first.failure = "ready", 0, None
        session.flush()  # the step's id goes into the wake-up
        wake(session, "requests.run", str(first.id))


def refuse(session: Session, request_id: UUID, reason: str, officer: Actor, now: datetime) -> PrivacyRequest:
    """Refuse, with the reason that the person will read (GDPR 12(4)). Raises MoveRefused without one."""
    if len(reason.strip()) < 20:
        raise MoveRefused(_("Say why, in a sentence or two: the person will read it (GDPR 12(4))."))
    request = moves.locked(session, request_id)
    moves.move(session, request, Move.REFUSE, officer, now)
    request.refusal, request.decided_by = reason.strip(), officer.staff
    if request.kind == Kind.DELETION:
        # Nothing will be erased, so the account may be used again.
        session.execute(update(Account).where(Account.id == request.account_id).values(frozen_at=None))
    _stop_counting(session, request)
    step = Step(
        request_id=request.id,
        position=1 + (session.scalar(select(func.max(Step.position)).where(Step.request_id == request.id)) or 0),
        name="tell refusal",
        state="ready",
    )
    session.add(step)
    session.flush()  # the step's id goes into the wake-up
    wake(session, "requests.run", str(step.id))
    return request


def withdraw(session: Session, request_id: UUID, now: datetime) -> PrivacyRequest:
    """The person takes the request back before it was decided."""
    request = moves.locked(session, request_id)
    moves.move(session, request, Move.WITHDRAW, moves.PERSON, now)
    _stop_counting(session, request)
    return request


def _stop_counting(session: Session, request: PrivacyRequest) -> None:
    """What was still to be prepared is not needed any more."""
    session.execute(
        update(Step)
        .where(Step.request_id == request.id, Step.state.in_(("ready", "waiting", "failed")))
        .values(state="dropped", lease=None, lease_until=None)
    )


def retry(session: Session, request_id: UUID, step_id: UUID, officer: Actor, now: datetime) -> PrivacyRequest:
    """Try a failed step again."""
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
    step.state, step.attempts, step.failure, step.not_before = "ready", 0, None, None
    moves.note(session, request, officer, "step retried", now, {"step": step.name})
    wake(session, "requests.run", str(step.id))
    return request


def possible(request: PrivacyRequest) -> set[Move]:
    """The moves that can be made from where the request is."""
    return {what for what, rule in moves.MOVES.items() if request.state in rule.leaves}
