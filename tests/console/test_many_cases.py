"""Ten thousand open cases: the queue opens at once. By the plans PostgreSQL makes, not by the speed of a machine."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, Select
from sqlalchemy.orm import Session

from compliance.console import queue
from compliance.console.queue import Look
from compliance.requests.models import PrivacyRequest
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.console.conftest import Enter, statements
from tests.console.crowd import crowd

MANY = 10_000
PATHS = ["/", *(f"/requests/?view={key}" for key in queue.KEYS), "/requests/?kind=deletion&owner=nobody&sort=-received"]


def scanned(session: Session, chosen: Select[PrivacyRequest]) -> set[str]:
    """How the plan of this query reads the table of requests."""
    sql = chosen.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
    # A driver-level statement, so that values are bound as in earnest.
    bound = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", dict(sql.params))
    return {node["Node Type"] for node in nodes(bound.scalar_one()[0]["Plan"]) if reads_requests(node)}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's node and all below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def reads_requests(node: dict[str, Any]) -> bool:
    return node.get("Relation Name") == "privacy_request" or "privacy_request" in node.get("Index Name", "")


@pytest.fixture
def many(session: Session, parts: Parts, clock: Clock) -> None:
    """Ten thousand that are open, and more that are closed."""
    crowd(session, clock(), MANY, closed=3 * MANY)


def test_the_first_page_of_every_view_is_read_off_an_index(many: None, session: Session, clock: Clock) -> None:
    look = Look(clock(), 2)
    for key in queue.KEYS:
        kinds = scanned(session, queue.rows_of(key, look, (), queue.usual_order(key)))
        assert kinds, key
        assert "Seq Scan" not in kinds, key
    assert "Seq Scan" not in scanned(session, queue.for_a_person(look, 6))


@pytest.mark.parametrize("order", ["due", "-due", "received", "-received", "number"])
def test_open_cases_are_read_off_an_index_in_every_order(
    many: None, session: Session, clock: Clock, order: str
) -> None:
    assert "Seq Scan" not in scanned(session, queue.rows_of("open", Look(clock(), 2), (), order))


def test_every_page_takes_as_many_queries_for_ten_thousand_cases_as_for_ten(
    session: Session, parts: Parts, signed_in: Enter, clock: Clock
) -> None:
    officer = signed_in("Privacy Officer")
    crowd(session, clock(), 90, closed=90)
    count(parts.engine, officer)  # what is read once and kept
    few = count(parts.engine, officer)
    crowd(session, clock(), MANY, closed=MANY)
    assert count(parts.engine, officer) == few
    assert max(few.values()) < 30


def count(engine: Engine, browser: Browser) -> dict[str, int]:
    """How many statements each page takes."""
    found = {}
    for path in PATHS:
        with statements(engine) as sent:
            assert browser.get(path).status_code == 200, path
        found[path] = len(sent)
    return found
