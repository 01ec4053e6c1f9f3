"""The queue: soonest deadline first, its clocks in words, and as many queries for two hundred as for five."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance.console import queue
from compliance.requests import decisions
from compliance.requests.models import PrivacyRequest, Step
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.console.conftest import statements
from tests.portal.test_centre import text_of

Ask = Callable[..., UUID]


@pytest.fixture
def many(session: Session, parts: Parts, asked: Ask) -> Callable[[int], list[UUID]]:
    """So many requests, each a day later than the one before."""

    def make(count: int) -> list[UUID]:
        accounts = [Account(email=f"p{n}.{count}@example.com", created_at=parts.clock()) for n in range(count)]
        session.add_all(accounts)
        session.flush()
        made = [asked(account.id) for account in accounts]
        for days, id_ in enumerate(made):
            request = session.get_one(PrivacyRequest, id_)
            request.due_on += timedelta(days=days)
        session.commit()
        return made

    return make


def test_the_queue_says_in_words_when_each_answer_is_due(
    officer: Browser, many: Callable[[int], list[UUID]], clock: Clock
) -> None:
    many(1)
    assert "30 days left Due Wed 23 Dec" in text_of(officer.get("/requests/").text)
    clock.tick(days=29)
    assert "1 day left" in text_of(officer.get("/requests/").text)
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
    assert f"/requests/{made[0]}" in officer.get("/").text


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
    ("view", "said"),
    [
        ("open", "No requests are waiting."),
        ("decide", "Nothing waits for a decision."),
        ("overdue", "Nothing is overdue."),
        ("stuck", "No step needs a hand."),
        ("closed", "No request has been closed yet."),
    ],
)
def test_an_empty_view_says_so(officer: Browser, view: str, said: str) -> None:
    assert said in text_of(officer.get(f"/requests/?view={view}").text)
    assert "No requests are waiting." in text_of(officer.get("/").text)


def test_a_page_takes_as_many_queries_for_two_hundred_as_for_five(
    session: Session, parts: Parts, officer: Browser, many: Callable[[int], list[UUID]], clock: Clock
) -> None:
    paths = ["/", *(f"/requests/?view={view.key}" for view in queue.VIEWS)]

    def queries() -> dict[str, int]:
        """How many each page takes, with requests in every view."""
        for request in session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.number.desc()).limit(4)):
            request.state = "review"
            session.execute(update(Step).where(Step.request_id == request.id).values(state="failed"))
        session.commit()
        found = {}
        for path in paths:
            with statements(parts.engine) as sent:
                officer.get(path)
            found[path] = len(sent)
        return found

    many(5)
    clock.tick(days=31)
    queries()
    few = queries()
    many(195)
    assert queries() == few
    assert max(few.values()) < 25
