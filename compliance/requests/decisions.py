"""What officers decide, and what a person takes back. Each changes the request by a move of `moves.MOVES`."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance import corrections, objections, plans
from compliance.errors import MoveRefused, PlanChanged
from compliance.reach import Person
from compliance.requests import clock_moves, conditions, laws, moves, queueing
from compliance.requests.grounds import GROUNDS, for_part
from compliance.requests.kinds import Channel, Kind, Outcome, State
from compliance.requests.models import Plan, PrivacyRequest, Step
from compliance.requests.moves import Actor, Move, Who
from compliance.requests.procedures import PROCEDURE
from imgpilot.accounts.models import Account, SignIn
from imgpilot.language import marked as _
from imgpilot.worker import wake

#: How long a person can take a decided deletion back (the schedule of the policy), and how long before the deadline
#: that ends at the latest: the law's month is for the answer, not for our patience.
COOLING_OFF = timedelta(days=30)
BEFORE_DUE = timedelta(days=2)


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
    person = Person(request.account_id, request.id)
    match request.kind:
        case Kind.CORRECTION:
            return corrections.plan(session, request, person)
        case Kind.OBJECTION:
            return objections.plan(session, request)
    return plans.draw(session, Kind(request.kind), person, request.set_aside)


def approve(session: Session, request_id: UUID, digest: str, officer: Actor, now: datetime) -> PrivacyRequest:
    """Approve the plan with this digest: propose it where a second officer is needed, else start carrying it out.

    A plan that differs only by what strangers and our letters bring to the door is approved as it is counted now.
    Raises PlanChanged (the caller commits: the new plan is kept and shown) if what is held is different otherwise,
    AlreadyDecided if somebody else was first.
    """
    request = moves.locked(session, request_id)
    what = _approval(request)
    plan = newest_plan(session, request_id)
    if plan is None or request.state not in moves.MOVES[what].leaves:
        moves.check(session, request, what, officer, now, {})  # says why not
        raise MoveRefused(_("The plan is not counted yet. It takes a few seconds; load the page again."))
    account = session.scalar(select(Account).where(Account.id == request.account_id).with_for_update())
    _nothing_stands_in_the_way(session, request)
    fresh = count(session, request, now)
    if not _was_shown(session, request, digest, fresh):
        if request.state == State.SECOND:
            moves.move(session, request, Move.RECOUNT, moves.SYSTEM, now, {"plan": fresh.digest})
            request.proposed_by = None
        raise PlanChanged(_("What is held has changed since you opened this page. This is the new plan; check it."))
    if request.paused_on is not None:
        # Whoever decides waits for nobody any more, and a case whose clock stands is watched by nobody.
        clock_moves.let_run(session, request, moves.SYSTEM, now)
    moves.move(session, request, what, officer, now, {"plan": fresh.digest})
    if what is Move.PROPOSE:
        request.proposed_by = officer.staff
        return request
    fresh.approved_at, fresh.approved_by = now, officer.staff
    request.decided_by = officer.staff
    request.outcome = Outcome.PARTIAL if plans.is_partial(fresh.body) else Outcome.GRANTED
    if request.kind == Kind.DELETION and account is not None:
        cool(session, request, account, now)
    start(session, request)
    return request


def _approval(request: PrivacyRequest) -> Move:
    if request.state == State.SECOND:
        return Move.CONFIRM
    return Move.PROPOSE if conditions.needs_second(request) else Move.APPROVE


def _was_shown(session: Session, request: PrivacyRequest, digest: str, fresh: Plan) -> bool:
    """Whether the plan with this digest, which the officer saw, is the fresh one but for what came to the door."""
    if digest == fresh.digest:
        return True
    seen = session.scalar(select(Plan).where(Plan.request_id == request.id, Plan.digest == digest).limit(1))
    return seen is not None and plans.still_holds(seen.body, fresh.body)


def _nothing_stands_in_the_way(session: Session, request: PrivacyRequest) -> None:
    """A copy that is asked for, too, is answered first: afterwards there is nothing to copy, and nobody to tell."""
    if request.kind == Kind.CORRECTION:
        corrections.check(session, request)
    if request.kind != Kind.DELETION:
        return
    other = copy_asked_for(session, request)
    if other is not None:
        said = _("This person asked for a copy too. Answer %(case)s first: after the deletion nothing can be copied.")
        raise MoveRefused(said, case=other.case)


def copy_asked_for(session: Session, request: PrivacyRequest) -> PrivacyRequest | None:
    """A request for a copy, by the same person, that is not answered yet."""
    return session.scalar(
        select(PrivacyRequest)
        .where(
            PrivacyRequest.account_id == request.account_id,
            PrivacyRequest.kind.in_((Kind.ACCESS, Kind.PORTABILITY)),
            PrivacyRequest.closed_at.is_(None),
        )
        .order_by(PrivacyRequest.due_on, PrivacyRequest.id)
        .limit(1)
    )


def cool(session: Session, request: PrivacyRequest, account: Account, now: datetime) -> None:
    """Close the account: at once, or first for the time in which its owner can take the deletion back."""
    latest = datetime.combine(request.due_on, time(), laws.zone_of(request.zone)) - BEFORE_DUE
    until = min(now + COOLING_OFF, latest)
    if request.cooling and until > now:
        account.closing_at = account.closing_at or now
        request.cool_until = until
        moves.move(session, request, Move.COOL, moves.SYSTEM, now, {"until": until.date().isoformat()})
    else:
        freeze(session, account, now)


def freeze(session: Session, account: Account, now: datetime) -> None:
    """From here on nothing new is made of hers and nobody signs in, so that what was approved is what is erased."""
    account.frozen_at = account.frozen_at or now
    session.execute(
        update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None)).values(ended_at=now)
    )


def reopen_account(session: Session, request: PrivacyRequest) -> None:
    """Nothing will be erased, so the account may be used again; not one of which a part is erased already."""
    if request.kind == Kind.DELETION and request.channel != Channel.FOLLOW_UP:
        session.execute(update(Account).where(Account.id == request.account_id).values(frozen_at=None, closing_at=None))


def start(session: Session, request: PrivacyRequest) -> None:
    """Write down the steps of the procedure, or take up those that a recount interrupted."""
    steps = {step.name: step for step in session.scalars(select(Step).where(Step.request_id == request.id))}
    for work in PROCEDURE[Kind(request.kind)]:
        step = steps.get(work.name) or queueing.add(
            session, request, queueing.CARRY_OUT, work.name, work.after, waits=True
        )
        if step.state in ("done", "skipped"):
            continue
        step.state, step.attempts, step.failure, step.not_before = "waiting", 0, None, None
        if work.name == "cool off" and request.state != State.COOLING:
            step.state = "skipped"
        elif not work.after:
            step.state = "ready"
            step.not_before = request.cool_until if work.name == "cool off" else None
            wake(session, "requests.run", str(step.id))
    queueing.free(session, request)


def refuse(
    session: Session,
    request_id: UUID,
    reason: str,
    officer: Actor,
    now: datetime,
    ground: str = "other",
    letter: moves.Written | None = None,
) -> PrivacyRequest:
    """Refuse on a ground, with the reason that the person will read (GDPR 12(4)). Raises MoveRefused without one."""
    said = reason.strip()
    if len(said) < 20 and (ground == "other" or ground not in GROUNDS):
        raise MoveRefused(conditions.REASON)
    request = moves.locked(session, request_id)
    request.refusal, request.refused_for, request.decided_by = said or None, ground, officer.staff
    moves.move(session, request, Move.REFUSE, officer, now, {"ground": ground}, letter)
    reopen_account(session, request)
    if request.kind == Kind.CORRECTION:
        corrections.keep_dispute(session, request, now)
    if request.kind == Kind.OBJECTION:
        objections.resume(session, request, now)
    stop(session, request)
    return request


def send_back(session: Session, request_id: UUID, reason: str, officer: Actor, now: datetime) -> PrivacyRequest:
    """The second officer does not agree: back to review. The reason is a comment for the first, not kept here."""
    request = moves.locked(session, request_id)
    if len(reason.strip()) < 5:
        raise MoveRefused(_("Say what should be looked at again."))
    moves.move(session, request, Move.SEND_BACK, officer, now)
    request.proposed_by = None
    return request


def set_aside(
    session: Session, request_id: UUID, parts: Mapping[str, Mapping[str, str]], officer: Actor, now: datetime
) -> PrivacyRequest:
    """Leave lines of the plan undone, each on its ground; the others are granted. An empty mapping grants all again."""
    request = moves.locked(session, request_id)
    plan = newest_plan(session, request_id)
    tables = {line["table"] for line in plan.body.get("tables", ()) if line["becomes"] != "scrub"} if plan else set()
    fits = {ground.key for ground in for_part(Kind(request.kind))}
    for table, why in parts.items():
        if table not in tables or why.get("ground") not in fits:
            raise MoveRefused(_("Choose a ground of the law for each part that is not granted."))
        _checked_day(why.get("until", ""))
    if parts and set(parts) >= tables:
        raise MoveRefused(_("Nothing would be left of the request. Refuse it instead."))
    moves.move(session, request, Move.SET_ASIDE, officer, now, {t: why["ground"] for t, why in parts.items()})
    request.set_aside = {t: {"ground": w["ground"], "until": w.get("until", "")} for t, w in parts.items()}
    count(session, request, now)
    return request


def _checked_day(until: str) -> None:
    try:
        if until:
            datetime.fromisoformat(until)
    except ValueError:
        raise MoveRefused(_("A day is written like 2027-03-31.")) from None


def withdraw(session: Session, request_id: UUID, now: datetime, actor: Actor = moves.PERSON) -> PrivacyRequest:
    """The person takes the request back before it is carried out; a deletion, until the cooling-off is over."""
    request = moves.locked(session, request_id)
    moves.move(session, request, Move.WITHDRAW, actor, now)
    reopen_account(session, request)
    if request.kind == Kind.OBJECTION:
        objections.resume(session, request, now)
    stop(session, request)
    return request


def stop(session: Session, request: PrivacyRequest) -> None:
    """What was still to be prepared or carried out is not needed any more. Letters still go, but for the first one."""
    session.execute(
        update(Step)
        .where(
            Step.request_id == request.id,
            (Step.phase != queueing.LETTER) | Step.name.in_(("tell acknowledgement", "tell confirm")),
            Step.state.in_(("ready", "waiting", "failed")),
        )
        .values(state="dropped", lease=None, lease_until=None)
    )


def merge(session: Session, request_id: UUID, into_id: UUID, actor: Actor, now: datetime) -> PrivacyRequest:
    """Close a duplicate; the other goes on, with the earlier of the two clocks. Returns the other.

    Raises MoveRefused if they are not the same person's, or not of the same kind.
    """
    # In the order of their ids, so that two who merge the other way round do not wait for each other for ever.
    both = {id_: moves.locked(session, id_) for id_ in sorted({request_id, into_id})}
    request, into = both[request_id], both[into_id]
    request.merged_into = into.id
    moves.move(session, request, Move.MERGE, actor, now, {"into": into.case})
    if actor.who is Who.SYSTEM or request.account_id is not None:
        # Joined by its proof, or proved before. An unproved duplicate may be anybody's: it sets no clock of hers.
        into.received_at = min(into.received_at, request.received_at)
        into.due_on = min(into.due_on, request.due_on)
    stop(session, request)
    moves.note(session, into, actor, "merged", now, {"from": request.case})
    return into


def possible(request: PrivacyRequest) -> set[Move]:
    """The moves that can be made from where the request is, as far as its state says."""
    return {what for what, rule in moves.MOVES.items() if request.state in rule.leaves}
