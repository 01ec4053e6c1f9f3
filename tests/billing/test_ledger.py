"""The ledger: what is held is settled once, the balance is the sum of the lines and never below nothing."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.billing.ledger import NoHold, NotEnoughCredits
from imgpilot.billing.models import CreditEntry, Kind
from imgpilot.parts import Parts

Pictures = Callable[[Account, int], list[UUID]]


def lines(session: Session, account: Account) -> list[tuple[str, int]]:
    found = select(CreditEntry.kind, CreditEntry.amount).where(CreditEntry.account_id == account.id)
    return sorted((kind, amount) for kind, amount in session.execute(found))


def test_an_account_begins_with_nothing(session: Session, account: Account) -> None:
    assert ledger.balance(session, account.id) == 0


def test_a_finished_picture_costs_what_was_held(
    session: Session, account: Account, pictures: Pictures, parts: Parts
) -> None:
    (picture,) = pictures(account, 1)
    ledger.grant(session, account.id, 40, why="welcome", at=parts.clock())
    ledger.hold(session, account.id, picture, 6, at=parts.clock())
    assert ledger.balance(session, account.id) == 34
    assert ledger.capture(session, picture, at=parts.clock())
    assert ledger.balance(session, account.id) == 34
    assert lines(session, account) == [("capture", 0), ("grant", 40), ("hold", -6)]


def test_a_picture_that_failed_gives_its_credits_back(
    session: Session, account: Account, pictures: Pictures, parts: Parts
) -> None:
    (picture,) = pictures(account, 1)
    ledger.grant(session, account.id, 40, why="welcome", at=parts.clock())
    ledger.hold(session, account.id, picture, 6, at=parts.clock())
    assert ledger.release(session, picture, at=parts.clock(), why="TimedOut")
    assert ledger.balance(session, account.id) == 40
    assert ledger.refunds(session, [picture, uuid4()]) == {picture: 6}


def test_too_few_credits_say_what_is_there_and_what_is_needed(
    session: Session, account: Account, pictures: Pictures, parts: Parts
) -> None:
    (picture,) = pictures(account, 1)
    ledger.grant(session, account.id, 5, why="welcome", at=parts.clock())
    with pytest.raises(NotEnoughCredits) as told:
        ledger.hold(session, account.id, picture, 6, at=parts.clock())
    assert (told.value.there, told.value.needed) == (5, 6)
    assert "6" in told.value.said("en") and "5" in told.value.said("en")
    assert lines(session, account) == [("grant", 5)]


def test_holding_twice_holds_once(session: Session, account: Account, pictures: Pictures, parts: Parts) -> None:
    (picture,) = pictures(account, 1)
    ledger.grant(session, account.id, 10, why="welcome", at=parts.clock())
    for _ in range(2):
        ledger.hold(session, account.id, picture, 6, at=parts.clock())
    assert ledger.balance(session, account.id) == 4
    with pytest.raises(NoHold):
        ledger.hold(session, account.id, picture, 5, at=parts.clock())


def test_a_picture_nobody_paid_for_cannot_be_settled(
    session: Session, account: Account, pictures: Pictures, parts: Parts
) -> None:
    (picture,) = pictures(account, 1)
    with pytest.raises(NoHold):
        ledger.capture(session, picture, at=parts.clock())
    with pytest.raises(NoHold):
        ledger.release(session, picture, at=parts.clock(), why="TimedOut")


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_is_neither_given_nor_held(
    session: Session, account: Account, pictures: Pictures, parts: Parts, amount: int
) -> None:
    (picture,) = pictures(account, 1)
    with pytest.raises(ValueError, match="at least one"):
        ledger.grant(session, account.id, amount, why="welcome", at=parts.clock())
    with pytest.raises(ValueError, match="at least one"):
        ledger.hold(session, account.id, picture, amount, at=parts.clock())


@pytest.mark.parametrize("kind, amount", [("hold", 6), ("release", -6), ("capture", 1), ("grant", -1), ("gift", 1)])
def test_the_database_refuses_a_line_with_the_wrong_sign(
    session: Session, account: Account, parts: Parts, kind: str, amount: int
) -> None:
    session.add(CreditEntry(account_id=account.id, kind=kind, amount=amount, why="x", at=parts.clock()))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_the_database_refuses_a_second_settlement(
    session: Session, account: Account, pictures: Pictures, parts: Parts
) -> None:
    (picture,) = pictures(account, 1)
    ledger.grant(session, account.id, 10, why="welcome", at=parts.clock())
    ledger.hold(session, account.id, picture, 6, at=parts.clock())
    ledger.capture(session, picture, at=parts.clock())
    session.add(
        CreditEntry(account_id=account.id, kind=Kind.RELEASE, amount=6, image_id=picture, why="x", at=parts.clock())
    )
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_repetition_leaves_a_true_balance(
    data: st.DataObject, session: Session, parts: Parts, pictures: Pictures
) -> None:
    account = Account(email=f"{uuid4()}@example.com", created_at=parts.clock())
    session.add(account)
    session.flush()
    shots = pictures(account, 3)
    step = st.one_of(
        st.tuples(st.just("grant"), st.integers(1, 20), st.just(None)),
        st.tuples(st.just("hold"), st.integers(1, 12), st.sampled_from(shots)),
        st.tuples(st.sampled_from(["capture", "release"]), st.just(0), st.sampled_from(shots)),
    )
    model: dict[UUID, list[Any]] = {}  # picture -> [amount, how it was settled]
    given_in_all = 0
    for what, amount, shot in data.draw(st.lists(step, max_size=20)):
        at = parts.clock()
        before = ledger.balance(session, account.id)
        if what == "grant":
            ledger.grant(session, account.id, amount, why="pack", at=at)
            given_in_all += amount
        elif what == "hold":
            try:
                ledger.hold(session, account.id, shot, amount, at=at)
            except NotEnoughCredits:
                assert shot not in model and before < amount
            except NoHold:
                assert model[shot][0] != amount
            else:
                assert model.setdefault(shot, [amount, None])[0] == amount
        elif shot not in model:
            with pytest.raises(NoHold):
                ledger.capture(session, shot, at=at)
        else:
            settle = (
                ledger.capture(session, shot, at=at)
                if what == "capture"
                else ledger.release(session, shot, at=at, why="TimedOut")
            )
            assert settle == (model[shot][1] is None)
            model[shot][1] = model[shot][1] or what
        spent = sum(amount for amount, settled in model.values() if settled != "release")
        there = ledger.balance(session, account.id)
        assert there == given_in_all - spent
        assert there >= 0
        total = select(func.coalesce(func.sum(CreditEntry.amount), 0)).where(CreditEntry.account_id == account.id)
        assert session.scalar(total) == there
    session.commit()


def test_two_who_spend_the_last_credits_at_once_spend_them_once(
    session: Session, account: Account, pictures: Pictures, parts: Parts
) -> None:
    shots = pictures(account, 8)
    ledger.grant(session, account.id, 6, why="welcome", at=parts.clock())
    session.commit()
    start, outcomes = threading.Barrier(8), []

    def spend(shot: UUID) -> None:
        with parts.sessions() as own:
            start.wait()
            try:
                ledger.hold(own, account.id, shot, 6, at=parts.clock())
                own.commit()
                outcomes.append("held")
            except NotEnoughCredits:
                outcomes.append("too few")

    threads = [threading.Thread(target=spend, args=(shot,)) for shot in shots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["held"] + ["too few"] * 7
    assert ledger.balance(session, account.id) == 0


def test_capture_and_release_at_once_settle_once(
    session: Session, account: Account, pictures: Pictures, parts: Parts
) -> None:
    (shot,) = pictures(account, 1)
    ledger.grant(session, account.id, 6, why="welcome", at=parts.clock())
    ledger.hold(session, account.id, shot, 6, at=parts.clock())
    session.commit()
    start, settled = threading.Barrier(2), []

    def settle(how: Callable[[Session], bool]) -> None:
        with parts.sessions.begin() as own:
            start.wait()
            settled.append(how(own))

    threads = [
        threading.Thread(target=settle, args=(how,))
        for how in (
            lambda own: ledger.capture(own, shot, at=parts.clock()),
            lambda own: ledger.release(own, shot, at=parts.clock(), why="TimedOut"),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(settled) == [False, True]


def test_who_spends_does_not_keep_the_gateway_from_noting_a_disclosure(
    session: Session, account: Account, parts: Parts
) -> None:
    from imgpilot.processors import MAIL
    from imgpilot.purposes import MESSAGES

    ledger.grant(session, account.id, 6, why="welcome", at=parts.clock())
    ledger.afford(session, account.id, 6)  # the account is locked
    with parts.gateway.disclosing(
        MAIL, MESSAGES, subject=account.id, categories=("user.contact.email",), sent=b"hello"
    ):
        pass
    # but who freezes the account waits
    with parts.sessions() as other, pytest.raises(Exception, match="lock timeout"):
        other.connection().exec_driver_sql("SET lock_timeout = '50ms'")
        other.execute(update(Account).where(Account.id == account.id).values(frozen_at=parts.clock()))
