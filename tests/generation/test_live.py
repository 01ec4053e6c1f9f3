"""Whoever watches an order is told of every change of it, and holds nothing but a thread while waiting."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.generation import batches, live, stopping
from imgpilot.generation.batches import Seen
from imgpilot.generation.live import Listener, NoRoom, Watcher
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation
from imgpilot.parts import Parts
from imgpilot.running.lineup import gunicorn
from tests.accounts.browser import Browser
from tests.generation.conftest import images_of

Order = Callable[..., Generation]
Enter = Callable[[Account], Browser]


@pytest.fixture
def listener(parts: Parts) -> Iterator[Listener]:
    """A listener of this test's own, and the only one: those of tests before have ended."""
    _until(lambda: not any(one.name == "live" for one in threading.enumerate()))
    made = Listener(parts.engine)
    yield made
    made.close()


@pytest.fixture
def nobody_looks_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is not told waits for ever."""
    monkeypatch.setattr(live, "HEARTBEAT", 600.0)
    monkeypatch.setattr(live, "LINGERS", 600.0)


def watched(parts: Parts, who: UUID, order: UUID) -> Callable[[], Seen]:
    def look() -> Seen:
        with parts.sessions() as session:
            return batches.seen(session, who, order, parts.clock())

    return look


def words(told: Iterator[str]) -> Iterator[str]:
    """The names of the events, one after the other."""
    for piece in told:
        for line in piece.splitlines():
            if line.startswith("event: "):
                yield line.removeprefix("event: ")


@pytest.mark.usefixtures("nobody_looks_unasked")
def test_every_change_is_told_and_the_end(
    session: Session, parts: Parts, ana: Account, ordered: Order, listener: Listener
) -> None:
    order = ordered(ana, count=2)
    first, second = images_of(session, order)
    look = watched(parts, ana.id, order.id)
    with listener.watching(ana.id) as watcher:
        said = words(live.stream(watcher, look, look().word))
        began = time.monotonic()
        stopping.stop(session, ana.id, first.id, parts.clock())
        session.commit()
        assert next(said) == "changed"
        stopping.stop(session, ana.id, second.id, parts.clock())
        session.commit()
        assert list(said) == ["changed", "done"]
        assert time.monotonic() - began < live.HEARTBEAT / 2, "it was told and did not look by chance"


def test_what_changed_before_the_watching_began_is_told_at_once(
    parts: Parts, ana: Account, ordered: Order, listener: Listener
) -> None:
    order = ordered(ana)
    with listener.watching(ana.id) as watcher:
        said = words(live.stream(watcher, watched(parts, ana.id, order.id), "an older word"))
        assert next(said) == "changed"


def test_other_orders_under_way_are_told_of_too(
    session: Session, parts: Parts, ana: Account, ordered: Order, listener: Listener
) -> None:
    other = ordered(ana)
    shown = ordered(ana)
    look = watched(parts, ana.id, shown.id)
    with listener.watching(ana.id) as watcher:
        said = words(live.stream(watcher, look, ""))
        assert next(said) == "changed"
        make(parts, images_of(session, other)[0].id, parts.clock())
        assert next(said) == "changed"


def test_a_connection_that_breaks_is_made_again_and_nothing_is_missed(
    session: Session, parts: Parts, ana: Account, ordered: Order, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "AGAIN", 0.05)
    order = ordered(ana)
    (image,) = images_of(session, order)
    look = watched(parts, ana.id, order.id)
    with listener.watching(ana.id) as watcher:
        said = words(live.stream(watcher, look, ""))
        assert next(said) == "changed"
        _until(lambda: _listening(parts) == 1)
        _end_the_listeners(parts)
        stopping.stop(session, ana.id, image.id, parts.clock())
        session.commit()
        assert list(said) == ["changed", "done"]


def test_while_it_waits_it_holds_no_connection_of_the_pool_and_no_transaction(
    session: Session, parts: Parts, ana: Account, ordered: Order, signed_in: Enter
) -> None:
    order = ordered(ana)
    browser = signed_in(ana)
    session.close()
    before = parts.engine.pool.checkedout()  # type: ignore[attr-defined]
    answer = browser.client.get(f"/studio/{order.id}/events", base_url=browser.base, buffered=False)
    said = iter(answer.response)
    assert b"retry" in _bytes(next(said))
    assert answer.mimetype == "text/event-stream" and answer.headers["Cache-Control"] == "no-store"
    assert b"event: changed" in _bytes(next(said))
    assert parts.engine.pool.checkedout() == before  # type: ignore[attr-defined]
    answer.close()


def _bytes(piece: object) -> bytes:
    return piece.encode() if isinstance(piece, str) else bytes(piece)  # type: ignore[call-overload]


def test_there_is_room_for_some_and_whoever_leaves_makes_room(
    site: Flask, ana: Account, bob: Account, ordered: Order, signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = site.extensions["live"]
    order = ordered(ana)
    browser = signed_in(ana)
    open_ = [
        browser.client.get(f"/studio/{order.id}/events", base_url=browser.base, buffered=False)
        for _ in range(live.MOST_EACH)
    ]
    full = browser.get(f"/studio/{order.id}/events")
    assert (full.status_code, full.headers["Retry-After"]) == (503, "30"), "the page asks every few seconds instead"
    with listener.watching(bob.id):
        pass  # her tabs leave room for others
    for answer in open_:
        answer.close()
    again = browser.client.get(f"/studio/{order.id}/events", base_url=browser.base, buffered=False)
    assert again.status_code == 200
    again.close()


def test_all_together_they_leave_half_of_the_threads_to_pages() -> None:
    command = gunicorn("imgpilot.app:site()", 8000)
    assert int(command[command.index("--threads") + 1]) >= 2 * live.MOST


def test_nobody_watches_what_is_somebody_elses(ana: Account, bob: Account, ordered: Order, signed_in: Enter) -> None:
    order = ordered(ana)
    assert signed_in(bob).get(f"/studio/{order.id}/events").status_code == 404


@pytest.mark.usefixtures("nobody_looks_unasked")
def test_when_the_process_is_told_to_end_everybody_is_let_go_within_a_second(
    parts: Parts, ana: Account, ordered: Order, listener: Listener
) -> None:
    assert live.BREATH < 1, "but for a busy machine: all else is told at once"
    order = ordered(ana)
    told: list[int] = []

    class Worker:
        def handle(self, number: int, _frame: object) -> None:
            told.append(number)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)}
    signal.signal(signal.SIGTERM, Worker().handle)
    try:
        listener.close_with_process()
        began = threading.Event()

        def listen(watcher: Watcher) -> None:
            for _piece in live.stream(watcher, watched(parts, ana.id, order.id), "an older word"):
                began.set()

        with listener.watching(ana.id) as watcher:
            thread = threading.Thread(target=listen, args=(watcher,))
            thread.start()
            assert began.wait(60)
            signal.raise_signal(signal.SIGTERM)
            thread.join(60)
            assert not thread.is_alive()
        assert told == [signal.SIGTERM], "and gunicorn's own handler was called"
        with pytest.raises(NoRoom), listener.watching(ana.id):
            pass
        _until(lambda: not any(one.name == "live" for one in threading.enumerate()))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listening(parts: Parts) -> int:
    with parts.engine.connect() as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN pictures' AND datname = current_database()"
        return int(connection.execute(text(asked)).scalar_one())


def _end_the_listeners(parts: Parts) -> None:
    with parts.engine.connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN pictures'")
        )


def _until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.01)
