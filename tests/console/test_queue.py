"""The queue: soonest deadline first, its clocks in words, its views with their counts."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from compliance.console import queue
from compliance.console.queue import Look
from compliance.requests import decisions, progress
from compliance.requests.models import PrivacyRequest, Step
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.console.conftest import FORM
from tests.portal.test_centre import text_of

Ask = Callable[..., UUID]


def test_the_queue_says_in_words_when_each_answer_is_due(
    officer: Browser, many: Callable[[int], list[UUID]], clock: Clock
) -> None:
    many(1)
    assert "30 days left Due Wed 23 Dec" in text_of(officer.get("/requests/").text)
    clock.tick(days=29)
    assert "Due tomorrow" in text_of(officer.get("/requests/").text)
    clock.tick(days=1)
    assert "Due today" in text_of(officer.get("/requests/").text)
    clock.tick(days=2)
    assert "2 days late Was due Wed 23 Dec" in text_of(officer.get("/requests/").text)


def test_what_is_overdue_has_a_tab_of_its_own(
    officer: Browser, many: Callable[[int], list[UUID]], clock: Clock
) -> None:
    first, second = many(2)
    clock.now += timedelta(days=31)
    page = officer.get("/requests/?view=overdue").text
    assert f"/requests/{first}" in page
    assert f"/requests/{second}" not in page
    assert "1 request is overdue." in text_of(officer.get("/").text)


def test_the_soonest_deadline_comes_first(officer: Browser, many: Callable[[int], list[UUID]]) -> None:
    made = many(3)
    page = officer.get("/requests/").text
    places = [page.index(f"/requests/{id_}") for id_ in made]
    assert places == sorted(places)


def test_a_step_that_failed_is_in_the_tab_of_what_needs_a_hand(session: Session, officer: Browser, case: UUID) -> None:
    assert str(case) not in officer.get("/requests/?view=stuck").text
    session.add(Step(request_id=case, position=9, name="certify", state="failed", failure="no"))
    session.commit()
    page = text_of(officer.get("/requests/?view=stuck").text)
    assert "Could not be done: Certificate made and signed" in page


def test_a_closed_request_moves_to_the_closed_ones(
    session: Session, parts: Parts, officer: Browser, case: UUID
) -> None:
    decisions.withdraw(session, case, parts.clock())
    session.commit()
    assert str(case) not in officer.get("/requests/").text
    page = officer.get("/requests/?view=closed").text
    assert str(case) in page
    assert "Withdrawn" in page


def test_pages_of_the_queue_say_where_one_is(officer: Browser, many: Callable[[int], list[UUID]]) -> None:
    many(30)
    page = text_of(officer.get("/requests/?page=2").text)
    assert "26 to 30 of 30" in page


@pytest.mark.parametrize("query", ["page=x", "page=-1", "page=0", "view=nowhere", "page=99999999999999999999"])
def test_a_mangled_address_is_still_a_page(officer: Browser, query: str) -> None:
    assert officer.get(f"/requests/?{query}").status_code == 200


@pytest.mark.parametrize(
    "view",
    queue.VIEWS,
    ids=lambda view: view.key,
)
def test_an_empty_view_says_so(officer: Browser, view: queue.View) -> None:
    assert view.nothing in text_of(officer.get(f"/requests/?view={view.key}").text)


def test_a_clock_that_stands_says_since_when(
    session: Session, officer: Browser, many: Callable[[int], list[UUID]], clock: Clock
) -> None:
    (paused,) = many(1)
    session.get_one(PrivacyRequest, paused).paused_on = clock().date()
    session.commit()
    clock.tick(days=40)
    assert "Clock paused Paused since Mon 23 Nov" in text_of(officer.get("/requests/").text)
    assert "Nothing is overdue." in text_of(officer.get("/requests/?view=overdue").text)


def test_a_clock_that_was_extended_says_until_when(
    session: Session, officer: Browser, many: Callable[[int], list[UUID]], clock: Clock
) -> None:
    (extended,) = many(1)
    session.get_one(PrivacyRequest, extended).extended_at = clock()
    session.commit()
    assert "30 days left Extended to Wed 23 Dec" in text_of(officer.get("/requests/").text)


#: The state a case is in, and the view that shows it.
SHOWN_IN = {
    "proving": "proving",
    "review": "decide",
    "second": "second",
    "cooling": "cooling",
    "appealed": "appealed",
}


def test_each_view_shows_what_it_is_called_and_counts_it(
    session: Session, officer: Browser, staff: dict[str, int], many: Callable[[int], list[UUID]], clock: Clock
) -> None:
    made = many(len(SHOWN_IN) + 1)
    for id_, state in zip(made, SHOWN_IN, strict=False):
        session.get_one(PrivacyRequest, id_).state = state
    session.get_one(PrivacyRequest, made[-1]).assigned_to = staff["Privacy Officer"]
    session.commit()
    expected = {view: [made[place]] for place, view in enumerate(SHOWN_IN.values())}
    expected |= {"mine": [made[-1]], "unassigned": made[:-1], "open": made, "overdue": [], "stuck": []}
    found = queue.waiting(session, Look(clock(), 0))
    for view, cases in expected.items():
        page = officer.get(f"/requests/?view={view}").text
        assert {id_ for id_ in made if f"/requests/{id_}" in page} == set(cases), view
        if view != "mine":
            assert found.by_view[view] == len(cases), view


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "No/Where"])
def test_what_is_late_or_due_today_is_so_where_the_person_lives(
    session: Session, many: Callable[[int], list[UUID]], clock: Clock, zone: str
) -> None:
    (id_,) = many(1)
    request = session.get_one(PrivacyRequest, id_)
    request.zone, due = zone, request.due_on
    session.commit()
    for hours in range(-30, 54, 3):
        clock.now = datetime.combine(due, time(), UTC) + timedelta(hours=hours)
        found = queue.waiting(session, Look(clock(), 0))
        left = progress.clock(request, clock()).left
        assert (found.by_view["overdue"], found.today, found.by_view["soon"]) == (left < 0, left == 0, left >= 0)
        clock.now -= timedelta(days=queue.AHEAD)
        left = progress.clock(request, clock()).left
        assert queue.waiting(session, Look(clock(), 0)).by_view["soon"] == (0 <= left <= queue.AHEAD)


def test_what_is_closed_is_ordered_by_its_end(
    session: Session, parts: Parts, officer: Browser, many: Callable[[int], list[UUID]], clock: Clock
) -> None:
    first, second = many(2)
    for id_ in (second, first):
        decisions.withdraw(session, id_, clock.tick(hours=1))
    session.commit()
    page = officer.get("/requests/?view=closed").text
    assert page.index(str(first)) < page.index(str(second))


@pytest.mark.parametrize("typed", ["{}", " {} ", "1", "0001"])
def test_a_case_is_found_by_its_number(
    session: Session, officer: Browser, many: Callable[[int], list[UUID]], typed: str
) -> None:
    (id_,) = many(1)
    case = session.get_one(PrivacyRequest, id_).case
    answer = officer.post("/requests/", {"case": typed.format(case.lower())}, on=FORM)
    assert answer.location == f"/requests/{id_}"


@pytest.mark.parametrize("typed", ["IP-2025-0001", "2", "ana@example.com", "", "IP-2026-99999999999"])
def test_what_is_no_case_number_is_said_and_stands_in_no_address(
    officer: Browser, many: Callable[[int], list[UUID]], typed: str
) -> None:
    many(1)
    answer = officer.post("/requests/", {"case": typed, "query": "view=mine"}, on=FORM)
    assert answer.location == "/requests/?view=mine"
    assert "There is no case of that number." in text_of(officer.get(answer.location).text)
