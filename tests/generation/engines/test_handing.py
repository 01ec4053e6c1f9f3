"""Pictures that are handed in: nobody waits for them, and whatever happens they are ordered and billed once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.generation import handing
from imgpilot.generation import make as making
from imgpilot.generation.engines import fal as fal_engine
from imgpilot.generation.engines.fal import Fal
from imgpilot.generation.make import make, recover
from imgpilot.generation.models import Generation
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.generation import test_worker_killed as killing
from tests.generation.conftest import images_of, look
from tests.generation.engines.doubles import BflDouble, FalDouble, ReplicateDouble, answer

Order = Callable[..., Generation]


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """Who was woken: the picture's id and in how many seconds. No message goes out."""
    found: list[tuple[str, float]] = []
    send = lambda _name, args, countdown=0.0: found.append((args[0], countdown))  # noqa: E731
    monkeypatch.setattr(making.worker.celery, "send_task", send)
    return found


@pytest.fixture
def pear(fal: FalDouble, ordered: Order, ana: Account, session: Session) -> UUID:
    """The id of a picture that Ana ordered from fal, for 2 of her 40 credits."""
    (image,) = images_of(session, ordered(ana, model="flux-1-dev"))
    return image.id


QUEUED = {"status": "IN_QUEUE", "queue_position": 3}


def test_it_is_handed_in_then_asked_after_then_kept_and_removed_there(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble, woken: list[Any]
) -> None:
    woken.clear()
    make(parts, pear, clock())
    image = look(session, pear)
    assert (image.state, image.attempts, image.polls, image.lease) == ("making", 1, 0, None)
    assert image.handle and image.handle["id"] == "fal-1"
    assert image.handed_in_at == clock() and image.not_before == clock() + timedelta(seconds=1)
    assert woken == [(str(pear), 1.0)], "somebody is woken when it is time"
    assert fal.kinds == ["order"]

    make(parts, pear, clock())
    assert fal.kinds == ["order"], "not before its time"

    make(parts, pear, clock.tick(seconds=1))
    image = look(session, pear)
    assert (image.state, image.attempts, image.polls, image.seed) == ("finished", 1, 1, 77)
    assert (image.handle, image.lease, image.not_before) == (None, None, None)
    assert (image.media_type, image.width, image.height) == ("image/png", 64, 48)
    assert ledger.balance(session, ana.id) == 38
    assert fal.kinds == ["order", "status", "result", "picture", "remove"]

    make(parts, pear, clock.tick(hours=1))
    assert fal.orders == 1


def test_questions_come_further_apart_and_are_no_attempts(
    session: Session, parts: Parts, clock: Clock, pear: UUID, fal: FalDouble
) -> None:
    make(parts, pear, clock())
    waits = []
    for _ in range(6):
        fal.say("status", answer(202, QUEUED))
        image = look(session, pear)
        assert image.not_before
        clock.now = image.not_before
        make(parts, pear, clock())
        image = look(session, pear)
        assert image.not_before and image.handle
        waits.append((image.not_before - clock()).total_seconds())
    assert waits == [1.5, 2.25, 3.375, 5, 5, 5]
    assert (image.state, image.attempts, image.polls) == ("making", 1, 6)
    assert image.handle["position"] == 4, "its place in the provider's line, for the page"
    fal.say("status", answer(202, {"status": "IN_PROGRESS"}))
    make(parts, pear, clock.tick(seconds=5))
    handle = look(session, pear).handle
    assert handle is not None and "position" not in handle
    assert fal.orders == 1


def test_after_ten_minutes_it_is_called_off_with_a_refund(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble
) -> None:
    make(parts, pear, clock())
    fal.say("status", answer(202, QUEUED), answer(202, QUEUED))
    make(parts, pear, clock.tick(minutes=9))
    assert look(session, pear).state == "making"
    make(parts, pear, clock.tick(minutes=1))
    image = look(session, pear)
    assert (image.state, image.failure, image.handle) == ("failed", "TimedOut", None)
    assert ledger.balance(session, ana.id) == 40
    assert fal.kinds[-3:] == ["status", "cancel", "remove"]


def test_what_was_ready_while_our_workers_were_away_is_kept(
    session: Session, parts: Parts, clock: Clock, pear: UUID
) -> None:
    make(parts, pear, clock())
    make(parts, pear, clock.tick(minutes=30))
    assert look(session, pear).state == "finished"


def stopping(session: Session, picture: UUID, clock: Clock) -> None:
    """Its person presses stop."""
    image = look(session, picture)
    image.stop_at = clock()
    session.commit()


def test_a_picture_that_is_stopped_is_called_off_at_once_and_paid_back(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble
) -> None:
    make(parts, pear, clock())
    stopping(session, pear, clock)
    make(parts, pear, clock())
    image = look(session, pear)
    assert (image.state, image.failure, image.handle, image.lease) == ("cancelled", None, None, None)
    assert ledger.balance(session, ana.id) == 40
    assert fal.kinds == ["order", "cancel", "remove"]
    make(parts, pear, clock.tick(hours=1))
    assert fal.orders == 1


def test_a_picture_that_cannot_be_stopped_any_more_is_finished(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble
) -> None:
    make(parts, pear, clock())
    stopping(session, pear, clock)
    fal.say("cancel", answer(400, {"status": "ALREADY_COMPLETED"}))
    make(parts, pear, clock())
    assert look(session, pear).state == "finished"
    assert ledger.balance(session, ana.id) == 38


def test_where_nothing_can_be_called_off_it_is_finished(
    session: Session, parts: Parts, clock: Clock, ana: Account, ordered: Order, bfl: BflDouble
) -> None:
    (image,) = images_of(session, ordered(ana, model="flux-2-pro", size="2K"))
    make(parts, image.id, clock())
    stopping(session, image.id, clock)
    make(parts, image.id, clock())
    image = look(session, image.id)
    assert (image.state, image.seed) == ("finished", 42)


def test_a_picture_stopped_before_a_second_attempt_is_not_ordered_again(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble, monkeypatch: Any
) -> None:
    hand_in = Fal.hand_in

    def pressing(*given: Any) -> Any:
        stopping(session, pear, clock)
        return hand_in(*given)

    monkeypatch.setattr(Fal, "hand_in", pressing)
    fal.say("order", answer(429))
    make(parts, pear, clock())
    image = look(session, pear)
    assert (image.state, image.failure) == ("cancelled", None)
    assert ledger.balance(session, ana.id) == 40
    assert fal.orders == 0


def test_two_workers_at_once_order_once_and_keep_once(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble
) -> None:
    for _ in range(2):
        workers = [threading.Thread(target=make, args=(parts, pear, clock())) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        clock.tick(seconds=2)
    image = look(session, pear)
    assert image.state == "finished" and fal.orders == 1
    assert sorted(parts.storage.keys()) == sorted([image.object_key, image.thumbnail_key])
    assert ledger.balance(session, ana.id) == 38


def test_a_worker_that_was_too_slow_with_storing_leaves_the_others_picture_alone(
    session: Session, parts: Parts, clock: Clock, pear: UUID, fal: FalDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = making.keeping.keep

    def slow(*given: Any, **named: Any) -> object:
        kept = keep(*given, **named)
        monkeypatch.setattr(making.keeping, "keep", keep)
        make(parts, pear, clock.tick(minutes=5))
        return kept

    make(parts, pear, clock())
    monkeypatch.setattr(making.keeping, "keep", slow)
    make(parts, pear, clock.tick(seconds=1))
    image = look(session, pear)
    assert (image.state, image.polls, fal.orders) == ("finished", 2, 1)
    assert sorted(parts.storage.keys()) == sorted([image.object_key, image.thumbnail_key])


def test_an_end_that_is_not_billed_is_handed_in_once_more_and_then_given_up(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble
) -> None:
    for attempt in (1, 2):
        make(parts, pear, clock())
        fal.say("result", answer(503, {"detail": "x", "error_type": "runner_scheduling_failure"}))
        make(parts, pear, clock.tick(seconds=1))
        image = look(session, pear)
        assert (image.attempts, image.handle, image.failure) == (attempt, None, "Transient")
        clock.tick(seconds=10)
    assert image.state == "failed"
    assert ledger.balance(session, ana.id) == 40
    assert fal.orders == 2


def test_a_blanked_picture_is_blocked_and_removed_there(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble
) -> None:
    make(parts, pear, clock())
    fal.say("result", answer(200, {"images": [{"url": f"{fal.url}/1.png"}], "has_nsfw_concepts": [True]}))
    make(parts, pear, clock.tick(seconds=1))
    image = look(session, pear)
    assert (image.state, image.failure) == ("blocked", "BlockedOutput")
    assert ledger.balance(session, ana.id) == 40
    assert fal.kinds[-1] == "remove"


def test_a_removal_that_fails_twice_is_logged_and_harms_nothing(
    session: Session, parts: Parts, clock: Clock, pear: UUID, fal: FalDouble, caplog: pytest.LogCaptureFixture
) -> None:
    make(parts, pear, clock())
    fal.say("remove", answer(403), answer(500))
    make(parts, pear, clock.tick(seconds=1))
    assert look(session, pear).state == "finished"
    assert len(fal.of("remove")) == 2
    assert f"picture {pear}: what the provider holds of it was not removed" in caplog.messages


def test_what_is_handed_in_while_the_account_is_frozen_is_called_off(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble, monkeypatch: Any
) -> None:
    hand_in = Fal.hand_in

    def freezing(*given: Any) -> Any:
        handle = hand_in(*given)
        ana.frozen_at = clock()
        session.commit()
        return handle

    monkeypatch.setattr(Fal, "hand_in", freezing)
    make(parts, pear, clock())
    assert look(session, pear).handle is None
    assert fal.kinds == ["order", "cancel", "remove"]
    make(parts, pear, clock.tick(hours=1))
    assert fal.orders == 1, "nothing is asked for an account that is being deleted"


def test_without_the_key_nothing_is_asked_and_the_credits_come_back(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble, monkeypatch: Any
) -> None:
    monkeypatch.setattr(parts.settings, "fal_key", None)
    make(parts, pear, clock())
    image = look(session, pear)
    assert (image.state, image.failure) == ("failed", "NotOffered")
    assert ledger.balance(session, ana.id) == 40
    assert fal.asked == []


def test_each_picture_of_an_order_has_a_seed_of_its_own(
    session: Session, parts: Parts, clock: Clock, ana: Account, ordered: Order, replicate: ReplicateDouble
) -> None:
    images = images_of(session, ordered(ana, model="qwen-image-2512", count=2, seed=2**31 - 1, negative="apples"))
    for image in images:
        make(parts, image.id, clock())
    assert [each.body["input"]["seed"] for each in replicate.of("order")] == [2**31 - 1, 0]
    assert {each.body["input"]["negative_prompt"] for each in replicate.of("order")} == {"apples"}
    done = {"status": "succeeded", "output": f"{replicate.url}/1.png"}
    replicate.say("status", answer(200, done), answer(200, done))
    for image in images:
        make(parts, image.id, clock.tick(seconds=1))
    assert [look(session, image.id).seed for image in images] == [2**31 - 1, 0], "the one it was told"


def test_every_end_is_told_to_the_persons_own_programs(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, ordered: Order, monkeypatch: Any
) -> None:
    from imgpilot.api import webhooks

    told: list[tuple[UUID, str]] = []

    def announce(own: Session, generation_id: UUID, _now: object) -> int:
        told.extend((generation_id, each.state) for each in images_of(own, own.get_one(Generation, generation_id)))
        return 0

    monkeypatch.setattr(webhooks, "announce", announce)
    stopped, failing = (images_of(session, ordered(ana, model="flux-1-dev"))[0] for _ in range(2))
    orders = [look(session, id_).generation_id for id_ in (pear, stopped.id, failing.id)]
    for id_ in (pear, stopped.id, failing.id):
        make(parts, id_, clock())
    assert told == [], "nothing has ended yet"
    make(parts, pear, clock.tick(seconds=1))
    stopping(session, stopped.id, clock)
    make(parts, stopped.id, clock())
    monkeypatch.setattr(fal_engine.Fal, "look", lambda *_: (_ for _ in ()).throw(fal_engine.BrokeOff()))
    make(parts, failing.id, clock())
    assert told == list(zip(orders, ("finished", "cancelled", "failed"), strict=True))


# ── whoever dies ─────────────────────────────────────────────────────────────────────────────────────────────────

die, then_die = killing.die, killing.then_die

#: Where the worker dies that hands it in, and how many orders fal then has.
HANDING_IN: dict[str, tuple[Callable[[], None], int]] = {
    "before it is ordered": (lambda: setattr(Fal, "hand_in", die), 0),
    # The provider has it, and we have no id to ask with.
    "before the row says so": (lambda: setattr(Fal, "hand_in", then_die(Fal.hand_in)), 1),
    "before the commit": (lambda: setattr(handing, "_wait", then_die(handing._wait)), 1),
}
#: Where the worker dies that asks.
ASKING: dict[str, Callable[[], None]] = {
    "before the first question": lambda: setattr(making, "_waiting", die),
    "before it asks": lambda: setattr(Fal, "look", die),
    "with the picture in its hands": lambda: setattr(Fal, "look", then_die(Fal.look)),
    "after the picture is stored": lambda: setattr(making.keeping, "keep", then_die(making.keeping.keep)),
    "before the commit": lambda: setattr(ledger, "capture", then_die(ledger.capture)),
    "before it is removed there": lambda: setattr(handing, "remove", die),
}


def others_go_on(parts: Parts, clock: Clock, woken: list[Any]) -> None:
    """Whatever is found when the lease of the dead has run out is taken up, until there is nothing more."""
    for _ in range(3):
        clock.now += killing.LEASE
        woken.clear()
        recover(parts, clock())
        for id_, _countdown in list(woken) * 2:
            make(parts, UUID(id_), clock())


@pytest.mark.parametrize("seam", HANDING_IN)
def test_whoever_dies_while_handing_in_it_is_not_ordered_again_and_the_credits_are_back(
    seam: str,
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    pear: UUID,
    fal: FalDouble,
    woken: list[Any],
) -> None:
    apply, orders = HANDING_IN[seam]
    session.rollback()
    killing.killed_at(apply, parts, pear)
    others_go_on(parts, clock, woken)
    image = look(session, pear)
    assert (image.state, image.failure) == ("failed", "AnswerLost")
    assert killing.lines(session, pear) == ["hold", "release"]
    assert ledger.balance(session, ana.id) == 40
    assert fal.orders == orders


def test_whoever_dies_once_it_is_written_down_what_to_ask_with_others_ask(
    session: Session, parts: Parts, clock: Clock, ana: Account, pear: UUID, fal: FalDouble, woken: list[Any]
) -> None:
    session.rollback()
    killing.killed_at(lambda: setattr(handing, "hand_in", then_die(handing.hand_in)), parts, pear)
    others_go_on(parts, clock, woken)
    assert look(session, pear).state == "finished"
    assert (fal.orders, ledger.balance(session, ana.id)) == (1, 38)


@pytest.mark.parametrize("seam", ASKING)
def test_whoever_dies_while_asking_nothing_is_ordered_again(
    seam: str,
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    pear: UUID,
    fal: FalDouble,
    woken: list[Any],
) -> None:
    make(parts, pear, clock())
    clock.tick(seconds=1)
    session.rollback()
    killing.killed_at(ASKING[seam], parts, pear)
    others_go_on(parts, clock, woken)
    image = look(session, pear)
    assert (image.state, image.attempts, fal.orders) == ("finished", 1, 1)
    assert killing.lines(session, pear) == ["capture", "hold"]
    assert ledger.balance(session, ana.id) == 38
    assert sorted(parts.storage.keys()) == sorted([image.object_key, image.thumbnail_key]), "and no orphan"
