"""Random walks through everything that can happen to a request, with workers killed at random statements.

Whoever does what in whatever order: the request only ever moves as the table says, its clock never passes what the
law allows, nothing is erased that two people did not agree to where two are needed, and it never gets stuck.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit.seal import seal
from compliance.audit.verify import verify
from compliance.errors import MoveRefused, PlanChanged
from compliance.requests import appeals, clock_moves, conditions, decisions, handling, laws, moves, steps
from compliance.requests.kinds import CLOSED, Channel, Kind, Proof, State
from compliance.requests.models import Happening, Plan, PrivacyRequest
from compliance.requests.moves import BACK, MOVES, Actor, Move, Who
from compliance.requests.opening import ABOUT, Asked, open_request
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.requests import ending
from tests.requests.conftest import look
from tests.requests.dying import at_statement, run_apart
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("plain_documents")

OFFICER = Actor(Who.OFFICER, 1)
COLLEAGUE = Actor(Who.OFFICER, 2, frozenset({Who.APPROVER}))
CLERK = Actor(Who.CLERK, 3)
#: Where the first two may not decide any more: one's decision was overturned, the other proposed.
THIRD = Actor(Who.OFFICER, 5)
REASON = "We looked at this with care, and this is why."
Deed = Callable[[Session, UUID, Parts, random.Random], object]


def _digest(session: Session, request_id: UUID) -> str:
    plan = decisions.newest_plan(session, request_id)
    return plan.digest if plan else ""


def _set_aside(session: Session, request_id: UUID, parts: Parts, chance: random.Random) -> object:
    table = chance.choice(["generation", "image", "sign_in", "credit_entry"])
    ground = chance.choice(["claims", "rights-of-others", "security"])
    return decisions.set_aside(session, request_id, {table: {"ground": ground}}, OFFICER, parts.clock())


#: What people do to a request; each may be refused, and then nothing has changed.
DEEDS: dict[str, Deed] = {
    "approve": lambda s, r, p, _c: decisions.approve(s, r, _digest(s, r), OFFICER, p.clock()),
    "second approves": lambda s, r, p, _c: decisions.approve(s, r, _digest(s, r), COLLEAGUE, p.clock()),
    "clerk approves": lambda s, r, p, _c: decisions.approve(s, r, _digest(s, r), CLERK, p.clock()),
    "send back": lambda s, r, p, _c: decisions.send_back(s, r, "Look again", COLLEAGUE, p.clock()),
    "refuse": lambda s, r, p, c: decisions.refuse(s, r, REASON, OFFICER, p.clock(), c.choice(["other", "excessive"])),
    "withdraw": lambda s, r, p, _c: decisions.withdraw(s, r, p.clock()),
    "extend": lambda s, r, p, _c: clock_moves.extend(s, r, REASON, OFFICER, p.clock()),
    "pause": lambda s, r, p, c: clock_moves.pause(s, r, c.choice(["identity", "clarification"]), CLERK, p.clock()),
    "resume": lambda s, r, p, _c: clock_moves.resume(s, r, CLERK, p.clock()),
    "appeal": lambda s, r, p, _c: appeals.appeal(s, r, "This is not right at all.", moves.PERSON, p.clock()),
    "uphold": lambda s, r, p, _c: appeals.uphold(s, r, COLLEAGUE, p.clock()),
    "deny": lambda s, r, p, _c: appeals.deny(s, r, REASON, COLLEAGUE, p.clock()),
    "reopen": lambda s, r, p, _c: appeals.reopen(s, r, REASON, OFFICER, p.clock()),
    "assign": lambda s, r, p, c: handling.assign(s, r, c.choice([1, 2, None]), CLERK, p.clock()),
    "set aside": _set_aside,
}


def do(session: Session, parts: Parts, request_id: UUID, deed: Deed, chance: random.Random) -> None:
    """Do it; a plan that changed is kept, any other refusal leaves no trace."""
    session.rollback()
    session.expire_all()
    try:
        deed(session, request_id, parts, chance)
        session.commit()
    except PlanChanged:
        session.commit()
    except MoveRefused:
        session.rollback()


def holds(session: Session, parts: Parts, request_id: UUID, ana: Somebody) -> None:
    """Everything that must be true of a request at any moment."""
    request = look(session, request_id)
    assert (request.closed_at is not None) == (request.state in CLOSED)
    assert request.outcome is not None or request.state not in CLOSED
    lines = session.scalars(select(Happening).where(Happening.request_id == request_id).order_by(Happening.id)).all()
    _walked_by_the_table(request, [line.what for line in lines])
    days = laws.deadlines(session, request)
    if not any(line.what in ("paused", "appealed") for line in lines):
        assert request.due_on in (days.answer, days.latest)
    assert Counter(line.what for line in lines)["extended"] <= 1
    _decided_by_others(lines)
    again = max((n for n, line in enumerate(lines) if line.what in ("reopened", "appeal upheld")), default=0)
    done = Counter(line.facts["step"] for line in lines[again:] if line.what == "step done")
    assert not [name for name, times in done.items() if times > 1], "no step is done twice"
    account = session.get(Account, ana.account.id, populate_existing=True)
    if account is None:
        plan = session.scalars(select(Plan).where(Plan.request_id == request_id, Plan.approved_at.is_not(None))).all()
        assert request.kind == Kind.DELETION
        assert plan, "nothing is erased that nobody approved"
        if conditions.needs_second(request):
            assert request.proposed_by is not None
            assert request.decided_by != request.proposed_by, "two people agreed"
    else:
        assert (account.closing_at is not None and account.frozen_at is None) == (request.state == State.COOLING)
        if request.state in (State.WITHDRAWN, State.REFUSED):
            assert account.frozen_at is None, "nothing will be erased, so it may be used"


def _decided_by_others(lines: Sequence[Happening]) -> None:
    """Whoever decided last before an appeal that succeeded decides nothing after it."""
    deciding = ("proposed", "approved", "confirmed", "refused", "part set aside")
    for at, line in enumerate(lines):
        if line.what == "appeal upheld":
            last = next(one.actor for one in reversed(lines[:at]) if one.what in deciding[1:4])
            assert last not in {one.actor for one in lines[at:] if one.what in deciding}


def _walked_by_the_table(request: PrivacyRequest, said: list[str]) -> None:
    """The timeline, read from its beginning, is a walk along the table, and ends where the request is."""
    at: State = State.RECEIVED
    for what in said:
        with suppress(ValueError):
            rule = MOVES[Move(what)]
            assert at in rule.leaves, f"{what} from {at}"
            if rule.reaches == BACK:
                at = State.ANSWERED if request.outcome == "partial" else State.REFUSED
            elif rule.reaches is not None:
                at = State(str(rule.reaches))
    assert request.state == at


def a_worker(session: Session, parts: Parts, clock: Clock, chance: random.Random) -> None:
    """A worker takes something up; sometimes it is killed at some statement and its lease runs out."""
    session.rollback()
    due = steps.recover(parts)
    if not due:
        clock.tick(hours=chance.choice([1, 24, 24 * 7, 24 * 29]))
        return
    step_id = chance.choice(due)
    if chance.random() < 0.35:
        run_apart(parts, step_id, at_statement(chance.randrange(1, 80)))
        clock.now += steps.LEASE + timedelta(seconds=1)
    else:
        steps.run(parts, step_id)


def finish(session: Session, parts: Parts, clock: Clock, request_id: UUID) -> None:
    """From wherever it is, ordinary work brings it to its end."""
    for _round in range(60):
        while due := steps.recover(parts):
            for step_id in due:
                steps.run(parts, step_id)
        request = look(session, request_id)
        if request.state in CLOSED:
            return
        match request.state:
            case State.REVIEW | State.SECOND:
                before = request.state
                for who in (OFFICER, COLLEAGUE, THIRD):
                    with suppress(MoveRefused):
                        decisions.approve(session, request_id, _digest(session, request_id), who, parts.clock())
                        session.commit()
                    session.commit()
                if look(session, request_id).state == before:
                    decisions.refuse(session, request_id, REASON, THIRD, parts.clock())
                    session.commit()
            case State.APPEALED:
                judge = COLLEAGUE if request.decided_by != 2 else Actor(Who.APPROVER, 4)
                appeals.deny(session, request_id, REASON, judge, parts.clock())
                session.commit()
            case _:
                clock.tick(days=1)
    raise AssertionError(f"it is stuck in {look(session, request_id).state}")


@pytest.mark.parametrize("seed", range(14))
def test_however_people_and_workers_get_in_each_others_way_every_rule_holds_and_it_ends(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, bob: Somebody, seed: int
) -> None:
    chance = random.Random(seed)
    his = ending.everything_of(session, parts, bob)
    kind = chance.choice([Kind.DELETION, Kind.DELETION, *Kind])
    about = ABOUT.get(kind, ("",))[-1]
    asked = Asked(
        about=about,
        details="ANA says it is wrong",
        cooling=chance.random() < 0.5,
        channel=chance.choice([Channel.CENTRE, Channel.EMAIL]),
        country="DE",
    )
    proof = chance.choice([Proof.FRESH, Proof.SIGNED_IN, Proof.FURTHER])
    regime = chance.choice(["gdpr", "uk-gdpr", "ccpa", "us-va", "lgpd"])
    account = session.get_one(Account, ana.account.id)
    request_id = open_request(session, parts.settings, account, kind, regime, parts.clock(), OFFICER, proof, asked).id
    session.commit()
    for _ in range(28):
        if chance.random() < 0.5:
            a_worker(session, parts, clock, chance)
        else:
            do(session, parts, request_id, DEEDS[chance.choice(sorted(DEEDS))], chance)
        holds(session, parts, request_id, ana)
    finish(session, parts, clock, request_id)
    holds(session, parts, request_id, ana)
    # What was refused or left out stays; whatever was erased is gone to the last mark.
    if session.get(Account, ana.account.id, populate_existing=True) is None:
        ending.is_erased(session, parts, request_id, ana)
    assert ending.everything_of(session, parts, bob) == his
    assert seal(parts, parts.clock()) > 0
    with parts.sessions() as own:
        verify(own, parts.storage, parts.settings.signing.public_key())


def test_the_table_lets_everybody_out_of_every_open_state() -> None:
    for state in set(State) - set(CLOSED):
        ways = {str(rule.reaches) for rule in MOVES.values() if state in rule.leaves and rule.reaches is not None}
        assert ways - {state}, state


def test_only_an_appeal_a_reopening_and_nothing_else_leaves_a_closed_state() -> None:
    leaving = {what for what, rule in MOVES.items() if set(rule.leaves) & set(CLOSED)}
    assert leaving == {Move.APPEAL, Move.REOPEN}


def test_no_move_that_decides_is_open_to_clerks() -> None:
    decides = {
        Move.APPROVE,
        Move.PROPOSE,
        Move.CONFIRM,
        Move.REFUSE,
        Move.UPHOLD,
        Move.DENY,
        Move.EXTEND,
        Move.SET_ASIDE,
    }
    assert not [what for what in decides if Who.CLERK in MOVES[what].by]
