"""The moves a request can make: one table, checked in one place.

Every move locks the request, checks where it is, who asks and what must be true, changes the state, writes the
timeline and the audit log, and sets the letter going that tells the person, all in the caller's transaction.
Whoever comes second is told so and changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit.append import record
from compliance.drp import calls
from compliance.errors import AlreadyDecided, MoveRefused
from compliance.requests import conditions as must
from compliance.requests import queueing
from compliance.requests.casework import RequestLetter
from compliance.requests.identity_levels import WITHOUT_ACCOUNT
from compliance.requests.kinds import CLOSED, Outcome, State
from compliance.requests.models import Happening, PrivacyRequest
from imgpilot.language import marked as _


class Who(StrEnum):
    """Who may make a move. Staff wear one or more of the last hats, by their roles in the console."""

    PERSON = "person"
    SYSTEM = "system"
    CLERK = "clerk"  # prepares: Privacy Agent
    OFFICER = "officer"  # decides: Privacy Officer
    APPROVER = "approver"  # the second pair of eyes: Approver
    READER = "reader"  # looks, and makes no move: Auditor


STAFF = (Who.CLERK, Who.OFFICER, Who.APPROVER, Who.READER)


@dataclass(frozen=True)
class Actor:
    """Who is making a move. `staff` is the number in ab_user; `also` are further hats of the same person."""

    who: Who
    staff: int | None = None
    also: frozenset[Who] = field(default_factory=frozenset)

    def __str__(self) -> str:
        return f"staff:{self.staff}" if self.who in STAFF else str(self.who)

    @property
    def hats(self) -> frozenset[Who]:
        """Everything they may act as."""
        return self.also | {self.who}


@dataclass(frozen=True)
class Written:
    """A letter as a member of staff wrote it: it goes instead of the usual text."""

    subject: str
    body: str


PERSON = Actor(Who.PERSON)
SYSTEM = Actor(Who.SYSTEM)


class Move(StrEnum):
    """What can happen to a request. The values stand in the timeline and the audit log."""

    ASK_PROOF = "proof asked"
    PROVE = "proved"
    DISOWN = "disowned"
    LAPSE = "lapsed"
    SHOW_PLAN = "planned"
    BEGIN = "begun"
    APPROVE = "approved"
    PROPOSE = "proposed"
    CONFIRM = "confirmed"
    SEND_BACK = "sent back"
    COOL = "cooling"
    START = "cooled"
    RECOUNT = "recounted"
    REFUSE = "refused"
    WITHDRAW = "withdrawn"
    ANSWER = "answered"
    MERGE = "merged"
    APPEAL = "appealed"
    UPHOLD = "appeal upheld"
    DENY = "appeal denied"
    REOPEN = "reopened"
    ACKNOWLEDGE = "acknowledged"
    EXTEND = "extended"
    PAUSE = "paused"
    RESUME = "resumed"
    ASSIGN = "assigned"
    SET_ASIDE = "part set aside"


Condition = Callable[[Session, PrivacyRequest, Any, datetime, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Rule:
    """From where to where a move goes, who may make it, what must be true, and which letter tells the person."""

    leaves: tuple[State, ...]
    #: None: it stays where it is. BACK: to how it was answered before the appeal.
    reaches: "State | str | None"
    by: tuple[Who, ...]
    needs: tuple[Condition, ...] = ()
    tells: str = ""


BACK = "back"

PROVING, RECEIVED, REVIEW, SECOND, COOLING, RUNNING = (
    State.PROVING,
    State.RECEIVED,
    State.REVIEW,
    State.SECOND,
    State.COOLING,
    State.RUNNING,
)
ANSWERED, REFUSED, WITHDRAWN, MERGED, APPEALED = (
    State.ANSWERED,
    State.REFUSED,
    State.WITHDRAWN,
    State.MERGED,
    State.APPEALED,
)
#: Not decided yet; and everything that is open.
EARLY = (PROVING, RECEIVED, REVIEW)
OPEN = (*EARLY, SECOND, COOLING, RUNNING, APPEALED)
_SYSTEM, _PERSON, _DECIDES, _WORKS = (Who.SYSTEM,), (Who.PERSON,), (Who.OFFICER,), (Who.CLERK, Who.OFFICER)
_SECOND = (Who.OFFICER, Who.APPROVER)

MOVES = {
    #               from                            to         by                      needs                   tells
    Move.ASK_PROOF: Rule((PROVING, RECEIVED, REVIEW), PROVING, (*_WORKS, Who.SYSTEM), (), "more"),
    Move.PROVE: Rule((PROVING,), RECEIVED, (*_PERSON, *_SYSTEM, *_DECIDES), (must.know_whose,)),
    Move.DISOWN: Rule((PROVING,), REFUSED, _PERSON),
    # Nobody proved anything in the law's time; the letter says how to ask again.
    Move.LAPSE: Rule((PROVING,), REFUSED, _SYSTEM, (must.be_over,), "refusal"),
    Move.SHOW_PLAN: Rule((RECEIVED,), REVIEW, _SYSTEM, (must.be_proved,)),
    Move.BEGIN: Rule((RECEIVED,), RUNNING, _SYSTEM, (must.be_proved, must.need_no_decision)),
    Move.APPROVE: Rule((REVIEW,), RUNNING, _DECIDES, (must.be_proved, must.need_no_second, must.not_be_overruled)),
    Move.PROPOSE: Rule((REVIEW,), SECOND, _DECIDES, (must.be_proved, must.not_be_overruled)),
    Move.CONFIRM: Rule((SECOND,), RUNNING, _SECOND, (must.be_somebody_else, must.not_be_overruled)),
    Move.SEND_BACK: Rule((SECOND,), REVIEW, _SECOND),
    Move.COOL: Rule((RUNNING,), COOLING, _SYSTEM, (), "cooling"),
    Move.START: Rule((COOLING,), RUNNING, _SYSTEM, (must.have_cooled,)),
    # What is held changed between approval and run: an officer must look again.
    Move.RECOUNT: Rule((REVIEW, SECOND, COOLING, RUNNING), REVIEW, _SYSTEM),
    Move.REFUSE: Rule(EARLY, REFUSED, _DECIDES, (must.give_a_ground, must.not_be_overruled), "refusal"),
    Move.WITHDRAW: Rule((*EARLY, SECOND, COOLING), WITHDRAWN, (*_PERSON, *_WORKS), (), "withdrawal"),
    Move.ANSWER: Rule((RUNNING,), ANSWERED, _SYSTEM),
    Move.MERGE: Rule(EARLY, MERGED, (*_WORKS, *_SYSTEM), (must.be_the_same,)),
    Move.APPEAL: Rule((REFUSED, ANSWERED), APPEALED, (*_PERSON, *_WORKS), (must.be_appealable,), "appeal received"),
    # Of somebody unknown: to PROVING.
    Move.UPHOLD: Rule((APPEALED,), RECEIVED, _SECOND, (must.not_have_decided, must.be_alone), "appeal upheld"),
    Move.DENY: Rule((APPEALED,), BACK, _SECOND, (must.not_have_decided, must.give_reasons), "appeal denied"),
    Move.REOPEN: Rule(
        (REFUSED, WITHDRAWN, ANSWERED), RECEIVED, _DECIDES, (must.be_reopenable, must.be_alone), "reopened"
    ),
    # These change facts of the request and leave it where it is.
    Move.ACKNOWLEDGE: Rule(OPEN, None, (*_WORKS, *_SYSTEM), (must.not_be_acknowledged,), "acknowledgement"),
    Move.EXTEND: Rule((*EARLY, SECOND), None, _DECIDES, (must.be_extendable,), "extension"),
    Move.PAUSE: Rule(EARLY, None, _WORKS, (must.be_pausable,)),
    Move.RESUME: Rule(OPEN, None, (*_WORKS, *_PERSON, *_SYSTEM), (must.be_paused,)),
    Move.ASSIGN: Rule(OPEN, None, (*_WORKS, Who.APPROVER)),
    Move.SET_ASIDE: Rule((REVIEW,), None, _DECIDES, (must.be_divisible, must.not_be_overruled)),
}

#: With these it is decided, so what was shown to prove who asks has served.
DECIDED = (Move.APPROVE, Move.CONFIRM)

#: What a close means for the figures.
OUTCOMES = {
    Move.DISOWN: Outcome.WITHDRAWN,
    Move.LAPSE: Outcome.REFUSED,
    Move.REFUSE: Outcome.REFUSED,
    Move.WITHDRAW: Outcome.WITHDRAWN,
    Move.MERGE: Outcome.MERGED,
}


def locked(session: Session, request_id: UUID) -> PrivacyRequest:
    """The request, locked for this transaction, as it is now. Raises MoveRefused if it is not there."""
    request = session.scalar(
        select(PrivacyRequest)
        .where(PrivacyRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise MoveRefused(_("There is no such request."))
    return request


def move(
    session: Session,
    request: PrivacyRequest,
    what: Move,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    letter: Written | None = None,
) -> None:
    """Make the move, or raise MoveRefused (AlreadyDecided if somebody else was first).

    `facts` go into the timeline and the audit log: codes, numbers and digests, nothing personal. `letter` is what an
    officer wrote for the letter that the move sends.
    """
    rule = check(session, request, what, actor, now, facts or {})
    if rule.reaches is not None:
        _go(request, what, _target(request, what, rule), now)
    note(session, request, actor, str(what), now, facts)
    calls.due(session, request)
    if request.state in CLOSED or what in DECIDED:
        from compliance.identity import evidence  # it makes moves itself

        evidence.due(session, request)
    if rule.tells and request.contact:
        step = queueing.tell(session, request, rule.tells)
        if letter is not None:
            session.add(
                RequestLetter(
                    request_id=request.id,
                    step=step.name,
                    kind=rule.tells,
                    language=request.language,
                    subject=letter.subject,
                    body=letter.body,
                    written_at=now,
                    written_by=actor.staff,
                )
            )


def check(
    session: Session, request: PrivacyRequest, what: Move, actor: Actor, now: datetime, facts: Mapping[str, Any]
) -> Rule:
    """Whether the move can be made now; its rule. Raises MoveRefused with what stands in the way."""
    rule = MOVES[what]
    if not actor.hats & set(rule.by):
        raise MoveRefused(_("That is not yours to decide."))
    if request.state not in rule.leaves:
        raise AlreadyDecided(
            _("This request is closed already.")
            if request.state in CLOSED
            else _("Somebody else was just before you. Load the page to see what they did.")
        )
    for condition in rule.needs:
        condition(session, request, actor, now, facts)
    return rule


def _target(request: PrivacyRequest, what: Move, rule: Rule) -> State:
    if rule.reaches == BACK:
        return State.ANSWERED if request.outcome == Outcome.PARTIAL else State.REFUSED
    if what is Move.UPHOLD and request.account_id is None and request.kind not in WITHOUT_ACCOUNT:
        return State.PROVING  # it is still not known whose data is meant
    return State(str(rule.reaches))


def _go(request: PrivacyRequest, what: Move, to: State, now: datetime) -> None:
    request.state = to
    if what is Move.RECOUNT:
        request.cool_until = None
    if to not in CLOSED:
        request.closed_at = None
        return
    request.closed_at, request.paused_on, request.paused_for = now, None, None
    request.outcome = OUTCOMES.get(what) or request.outcome or Outcome.GRANTED
    if to in (State.ANSWERED, State.REFUSED):
        request.answered_at = request.answered_at or now


def note(
    session: Session,
    request: PrivacyRequest,
    actor: Actor,
    what: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """One line in the request's timeline and one entry in the audit log. Facts hold no personal data."""
    said = dict(facts or {})
    session.add(Happening(request_id=request.id, at=now, actor=str(actor), what=what, facts=said))
    record(
        session,
        at=now,
        actor=str(actor),
        action=f"request {what}",
        subject=request.subject,
        facts={"case": request.case, "kind": request.kind, **said},
    )
