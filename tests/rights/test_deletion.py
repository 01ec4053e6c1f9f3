"""A deletion: with time to take it back or without, decided by one officer or by two."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.errors import AlreadyDecided, MoveRefused
from compliance.requests import decisions
from compliance.requests.kinds import Kind
from compliance.requests.models import Happening, Step
from imgpilot.accounts import choices, sign_ins, tidying
from imgpilot.accounts.models import Account
from imgpilot.accounts.standing import Closing
from imgpilot.billing import ledger
from imgpilot.generation import expiry
from imgpilot.generation.models import Generation, Image, Reference
from imgpilot.generation.order import order
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.generation.conftest import wish
from tests.requests.conftest import step, work_off
from tests.requests.ending import His, is_erased
from tests.rights.conftest import (
    APPROVER,
    COLLEAGUE,
    OFFICER,
    Ask,
    account_of,
    approve,
    letters_to,
    look,
)
from tests.world import Somebody


def test_p16_a_deletion_that_cools_off_can_be_taken_back_and_everything_is_as_before(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    request_id = ask(Kind.DELETION, cooling=True)
    request = approve(session, parts, request_id)
    assert (request.state, request.closed_at) == ("cooling", None)
    assert letters_to(session, request_id)[-1] == "cooling"
    account = account_of(session, ana)
    assert account.closing_at == clock()
    assert account.frozen_at is None

    token = sign_ins.start(session, parts.settings, account, "Firefox", clock())
    session.commit()
    assert sign_ins.find(session, parts.settings, token, clock()), "she can still sign in"
    with pytest.raises(Closing, match="take the deletion back"):
        order(session, parts.settings, account, wish(), clock())
    session.rollback()

    decisions.withdraw(session, request_id, clock.tick(days=3))
    session.commit()
    work_off(parts)
    assert look(session, request_id).state == "withdrawn"
    assert letters_to(session, request_id)[-1] == "withdrawal"
    account = account_of(session, ana)
    assert (account.closing_at, account.frozen_at) == (None, None)
    assert order(session, parts.settings, account, wish(), clock())
    session.rollback()
    clock.tick(days=60)
    work_off(parts)
    assert account_of(session, ana).email == "ana@example.com", "nothing of the plan is left to be run"
    assert his() == before


def test_p16_a_deletion_that_nobody_takes_back_is_carried_out_when_the_time_is_over(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    request_id = ask(Kind.DELETION, cooling=True)
    until = approve(session, parts, request_id).cool_until
    assert until
    clock.now = until - timedelta(minutes=1)
    work_off(parts)
    assert look(session, request_id).state == "cooling"
    clock.now = until
    work_off(parts)
    request = look(session, request_id)
    assert (request.state, request.outcome) == ("answered", "granted")
    assert request.closed_at
    assert request.closed_at.date() < request.due_on
    is_erased(session, parts, request_id, ana)
    assert his() == before
    with pytest.raises(AlreadyDecided):
        decisions.withdraw(session, request_id, clock())


@pytest.mark.parametrize(
    ("regime", "days_later", "until"),
    [
        # One month from 23 November is 23 December: two days before it the day begins on which it ends.
        ("gdpr", 0, datetime(2026, 12, 21, tzinfo=UTC)),
        ("gdpr", 20, datetime(2026, 12, 21, tzinfo=UTC)),
        # 45 days leave all of the thirty.
        ("ccpa", 0, datetime(2026, 12, 23, 14, 40, tzinfo=UTC)),
    ],
)
def test_p17_the_time_to_take_it_back_never_takes_the_deadlines_last_two_days(
    session: Session, parts: Parts, clock: Clock, ask: Ask, regime: str, days_later: int, until: datetime
) -> None:
    request_id = ask(Kind.DELETION, regime=regime, cooling=True)
    clock.tick(days=days_later)
    request = approve(session, parts, request_id)
    assert request.cool_until == until
    assert request.cool_until.date() <= request.due_on - decisions.BEFORE_DUE


def test_a_deletion_approved_on_its_last_day_does_not_cool_off(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    request_id = ask(Kind.DELETION, cooling=True)
    clock.tick(days=29)
    assert approve(session, parts, request_id).state == "answered"
    is_erased(session, parts, request_id, ana)


def test_p16_a_deletion_asked_for_at_once_waits_for_nothing(
    session: Session, parts: Parts, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    request_id = ask(Kind.DELETION)
    assert approve(session, parts, request_id).state == "answered"
    assert step(session, request_id, "cool off").state == "skipped"
    is_erased(session, parts, request_id, ana)
    assert his() == before


def test_nothing_expires_while_it_can_be_taken_back_so_the_plan_stays_true(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    request_id = ask(Kind.DELETION, regime="ccpa", cooling=True)
    until = approve(session, parts, request_id).cool_until
    assert until
    clock.tick(days=29)
    assert expiry.expire(parts, clock() + timedelta(days=10)) == 1, "Bob's reference goes, hers stays"
    with parts.sessions.begin() as own:
        assert tidying.tidy(own, clock() + timedelta(days=10)) == 1, "and his link"
    assert session.scalars(select(Reference.account_id)).all() == [ana.account.id]
    clock.now = until
    work_off(parts)
    assert look(session, request_id).state == "answered"
    happened = session.scalars(select(Happening.what).where(Happening.request_id == request_id)).all()
    assert "recounted" not in happened, "no second look was needed"


def test_a_choice_made_while_it_can_be_taken_back_does_not_send_it_back_to_the_officer(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    request_id = ask(Kind.DELETION, cooling=True)
    until = approve(session, parts, request_id).cool_until
    assert until
    choices.say(session, ana.account.id, "news", False, "centre", clock.tick(days=1))
    session.commit()
    clock.now = until
    work_off(parts)
    assert look(session, request_id).state == "answered"


def test_a_picture_under_way_when_it_is_decided_waits_and_is_made_if_it_is_taken_back(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    from imgpilot.generation import make

    ledger.grant(session, ana.account.id, 40, why="welcome", at=clock())
    placed = order(session, parts.settings, account_of(session, ana), wish(), clock())
    session.commit()
    [picture] = session.scalars(select(Image.id).where(Image.generation_id == placed.id)).all()
    request_id = ask(Kind.DELETION, cooling=True)
    approve(session, parts, request_id)
    make.make(parts, picture, clock())
    session.rollback()
    assert session.get_one(Image, picture, populate_existing=True).state == "queued"
    decisions.withdraw(session, request_id, clock())
    session.commit()
    make.make(parts, picture, clock())
    session.rollback()
    assert session.get_one(Image, picture, populate_existing=True).state == "finished"


def test_p18_whoever_proposes_a_deletion_cannot_confirm_it(
    session: Session, parts: Parts, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    request_id = ask(Kind.DELETION, proof="further")
    assert approve(session, parts, request_id).state == "second"
    with pytest.raises(MoveRefused, match="Somebody else has to agree"):
        approve(session, parts, request_id, OFFICER)
    session.rollback()
    assert look(session, request_id).state == "second"
    assert account_of(session, ana).frozen_at is None, "nothing happens before the second has agreed"
    assert approve(session, parts, request_id, APPROVER).state == "answered"
    is_erased(session, parts, request_id, ana)
    deeds = session.execute(select(Entry.actor, Entry.action).where(Entry.action.in_(_DECIDED)).order_by(Entry.seq))
    assert [tuple(deed) for deed in deeds] == [("staff:1", "request proposed"), ("staff:3", "request confirmed")]
    assert his() == before


_DECIDED = ("request proposed", "request confirmed", "request approved")


def test_p18_an_officer_needs_no_second_for_somebody_who_asked_signed_in(
    session: Session, parts: Parts, ask: Ask
) -> None:
    request_id = ask(Kind.DELETION)
    assert approve(session, parts, request_id, COLLEAGUE).decided_by == 2
    assert session.scalars(select(Entry.action).where(Entry.action.in_(_DECIDED))).all() == ["request approved"]


def test_an_approver_alone_decides_nothing(session: Session, parts: Parts, ask: Ask) -> None:
    request_id = ask(Kind.DELETION)
    with pytest.raises(MoveRefused, match="not yours to decide"):
        approve(session, parts, request_id, APPROVER)


def test_what_a_second_officer_sends_back_can_be_proposed_again(session: Session, parts: Parts, ask: Ask) -> None:
    request_id = ask(Kind.DELETION, proof="further")
    approve(session, parts, request_id)
    decisions.send_back(session, request_id, "The address differs.", APPROVER, parts.clock())
    session.commit()
    request = look(session, request_id)
    assert (request.state, request.proposed_by) == ("review", None)
    assert approve(session, parts, request_id, COLLEAGUE).state == "second"
    assert approve(session, parts, request_id, OFFICER).state == "answered"


def test_part_of_a_deletion_is_left_undone_on_a_ground_and_the_rest_goes(
    session: Session, parts: Parts, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    request_id = ask(Kind.DELETION)
    decisions.set_aside(
        session, request_id, {"image": {"ground": "claims", "until": "2027-03-31"}}, OFFICER, parts.clock()
    )
    session.commit()
    request = approve(session, parts, request_id)
    assert (request.state, request.outcome) == ("answered", "partial")
    assert account_of(session, ana).frozen_at, "it stays closed"
    evidence = step(session, request_id, "erase rows").evidence
    # A picture hangs on its order, and that on the account.
    assert evidence["kept"] == {"image": 1, "generation": 1, "account": 1}
    assert session.scalar(select(func.count()).where(Generation.account_id == ana.account.id)) == 1
    stays = [ana.image.object_key, ana.image.thumbnail_key]
    assert sorted(parts.storage.keys(f"{ana.account.id}/")) == sorted(stays)
    gone = {"acknowledgement", "choice", "credit_entry", "reference", "sign_in", "sign_in_link", "statement"}
    assert gone <= evidence["deleted"].keys()
    assert step(session, request_id, "close").evidence["kept"] == sum(evidence["kept"].values())
    assert session.get(Account, ana.account.id)
    assert his() == before


def test_every_step_of_a_deletion_is_done_once(session: Session, parts: Parts, ask: Ask) -> None:
    request_id = ask(Kind.DELETION, cooling=True)
    until = approve(session, parts, request_id).cool_until
    assert until
    parts.clock.now = until  # type: ignore[attr-defined]
    work_off(parts)
    session.rollback()
    assert set(session.scalars(select(Step.state).where(Step.request_id == request_id))) == {"done"}
