"""A person stops pictures: what has not begun is never made, and its credits are back at once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.errors import NotYours
from imgpilot.generation import jobs, stopping
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation, State
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser
from tests.generation.conftest import images_of, look

Order = Callable[..., Generation]
Enter = Callable[[Account], Browser]


def test_a_picture_that_waits_is_cancelled_and_its_credits_are_back(
    session: Session, parts: Parts, ana: Account, ordered: Order, sandbox: Sandbox
) -> None:
    first, second = images_of(session, ordered(ana, count=2))
    stopping.stop(session, ana.id, first.id, parts.clock())
    session.commit()
    stopped = look(session, first.id)
    assert (stopped.state, stopped.finished_at) == (State.CANCELLED, parts.clock())
    assert ledger.balance(session, ana.id) == 39
    make(parts, first.id, parts.clock())
    assert look(session, first.id).state == State.CANCELLED
    assert len(sandbox.calls.all()) == 0, "and nobody was asked for it"
    assert look(session, second.id).state == State.QUEUED


def test_stopping_twice_gives_back_once(session: Session, parts: Parts, ana: Account, ordered: Order) -> None:
    (image,) = images_of(session, ordered(ana))
    for _ in range(2):
        stopping.stop(session, ana.id, image.id, parts.clock())
        session.commit()
    assert ledger.balance(session, ana.id) == 40


def test_one_that_is_being_made_is_marked_for_the_worker(
    session: Session, parts: Parts, ana: Account, ordered: Order
) -> None:
    (image,) = images_of(session, ordered(ana))
    with parts.sessions.begin() as own:
        assert jobs.take(own, image.id, parts.clock(), timedelta(minutes=4))
    stopping.stop(session, ana.id, image.id, parts.clock())
    session.commit()
    stopped = look(session, image.id)
    assert (stopped.state, stopped.stop_at) == (State.MAKING, parts.clock())
    assert ledger.balance(session, ana.id) == 39, "it may still be made, and then it is paid"


def test_one_that_has_ended_stays_as_it_is(session: Session, parts: Parts, ana: Account, ordered: Order) -> None:
    (image,) = images_of(session, ordered(ana))
    make(parts, image.id, parts.clock())
    session.rollback()
    stopping.stop(session, ana.id, image.id, parts.clock())
    session.commit()
    assert look(session, image.id).state == State.FINISHED
    assert ledger.balance(session, ana.id) == 39


def test_nobody_stops_what_is_somebody_elses(
    session: Session, parts: Parts, ana: Account, bob: Account, ordered: Order
) -> None:
    order = ordered(ana)
    (image,) = images_of(session, order)
    for act, id_ in ((stopping.stop, image.id), (stopping.stop_waiting, order.id), (stopping.stop, uuid4())):
        with pytest.raises(NotYours):
            act(session, bob.id, id_, parts.clock())
        session.rollback()
    assert look(session, image.id).state == State.QUEUED


def test_all_that_has_not_begun_stops_at_once(
    session: Session, parts: Parts, ana: Account, ordered: Order, signed_in: Enter
) -> None:
    order = ordered(ana, count=3)
    begun, *others = images_of(session, order)
    with parts.sessions.begin() as own:
        assert jobs.take(own, begun.id, parts.clock(), timedelta(minutes=4))
    browser = signed_in(ana)
    answer = browser.post(f"/studio/{order.id}/stop", on="/studio")
    assert (answer.status_code, answer.location) == (303, f"/studio/{order.id}")
    assert look(session, begun.id).state == State.MAKING
    assert {look(session, one.id).state for one in others} == {State.CANCELLED}
    page = browser.get(answer.location).text
    assert page.count("You stopped this one") == page.count("1 credit refunded") == 2
    assert "Stop all" not in page


def test_the_button_of_a_picture_stops_it_and_brings_the_piece_anew(
    session: Session, ana: Account, ordered: Order, signed_in: Enter
) -> None:
    order = ordered(ana, count=2)
    first, _second = images_of(session, order)
    browser = signed_in(ana)
    assert browser.get("/studio").text.count("Stop and refund") == 2
    token = browser.csrf("/studio")
    path = f"/studio/pictures/{first.id}/stop"
    piece = browser.send(path, {"csrf_token": token}, **{"HX-Request": "true"}).text
    assert piece.lstrip().startswith("<div") and "You stopped this one" in piece and "1 credit refunded" in piece
    assert "<b>39</b> credits" in piece, "and the page's head says what is there now"
    assert browser.send(path, {"csrf_token": token}).location == f"/studio/{order.id}"
