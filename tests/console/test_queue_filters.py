"""What narrows the queue stands in its address, can be saved and shared, and never names a person who asked."""

from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from compliance.console import filters_saved, queue_filters
from compliance.console.queue_filters import Asked
from compliance.requests.casework import SavedFilter
from compliance.requests.models import PrivacyRequest
from tests.accounts.browser import Browser
from tests.console.conftest import FORM, Enter
from tests.portal.test_centre import text_of

EVERYTHING = (
    "view=soon&kind=deletion&kind=access&law=gdpr&state=review&channel=form&country=NL&outcome=granted"
    "&owner=me&owner=nobody&owner=3&due_from=2026-11-01&due_to=2026-12-24&sort=-received&column=due&column=owner"
)


def read(query: str) -> Asked:
    """What this query asks for."""
    return queue_filters.read(MultiDict(parse_qsl(query)))


def shown(browser: Browser, query: str, ids: list[UUID]) -> list[int]:
    """The places of the cases that this queue shows."""
    page = browser.get(f"/requests/?{query}").text
    return [place for place, id_ in enumerate(ids) if f"/requests/{id_}" in page]


@pytest.fixture
def cases(session: Session, many: Callable[[int], list[UUID]], staff: dict[str, int]) -> list[UUID]:
    """Three cases that differ in everything one can filter by."""
    ids = many(3)
    for place, id_ in enumerate(ids):
        one = session.get_one(PrivacyRequest, id_)
        one.kind = ("deletion", "access", "correction")[place]
        one.regime = ("gdpr", "ccpa", "uk-gdpr")[place]
        one.state = ("review", "proving", "received")[place]
        one.channel = ("form", "email", "centre")[place]
        one.country = ("NL", "US", None)[place]
        one.outcome = ("granted", "partial", None)[place]
        one.assigned_to = (staff["Privacy Officer"], staff["Privacy Agent"], None)[place]
    session.commit()
    return ids


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=deletion", [0]),
        ("kind=deletion&kind=access", [0, 1]),
        ("law=ccpa", [1]),
        ("state=received", [2]),
        ("channel=email", [1]),
        ("country=NL", [0]),
        ("outcome=partial", [1]),
        ("owner=me", [0]),
        ("owner=nobody", [2]),
        ("owner=me&owner=nobody", [0, 2]),
        ("due_to=2026-12-23", [0]),
        ("due_from=2026-12-24&due_to=2026-12-24", [1]),
        ("kind=deletion&law=ccpa", []),
    ],
)
def test_each_filter_shows_what_it_says(officer: Browser, cases: list[UUID], query: str, expected: list[int]) -> None:
    assert shown(officer, query, cases) == expected


def test_a_colleague_s_cases_can_be_asked_for_by_name(
    officer: Browser, cases: list[UUID], staff: dict[str, int]
) -> None:
    query = f"owner={staff['Privacy Agent']}"
    assert shown(officer, query, cases) == [1]
    assert "Owner Privacy Agent" in text_of(officer.get(f"/requests/?{query}").text)


def test_every_filter_that_holds_can_be_taken_away(officer: Browser, cases: list[UUID]) -> None:
    page = officer.get("/requests/?kind=deletion&kind=access&owner=me&due_to=2026-12-24").text
    assert 'href="/requests/?view=open&amp;kind=access&amp;owner=me&amp;due_to=2026-12-24"' in page
    assert 'href="/requests/?view=open&amp;kind=deletion&amp;kind=access&amp;due_to=2026-12-24"' in page
    assert 'href="/requests/?view=open&amp;kind=deletion&amp;kind=access&amp;owner=me"' in page
    assert "Due until Thu 24 Dec" in text_of(page)


def test_filters_that_nothing_fits_say_so_and_can_be_left(officer: Browser, cases: list[UUID]) -> None:
    page = officer.get("/requests/?kind=objection").text
    assert "No case is like that" in text_of(page)
    assert "Take the filters away" in text_of(page)


def test_an_address_is_read_and_written_again_without_loss(officer: Browser) -> None:
    assert read(EVERYTHING).query == EVERYTHING
    assert officer.get(f"/requests/?{EVERYTHING}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "kind=ana@example.com&law=x&state=&country=nl&owner=ana&owner=-1&owner=99999999999999",
        "due_from=yesterday&due_to=2026-13-01&sort=contact&column=contact&view=ana",
        "contact=ana@example.com&q=ana",
    ],
)
def test_what_is_not_known_is_left_out_of_what_is_kept(officer: Browser, query: str) -> None:
    assert read(query).query == "view=open"
    assert officer.get(f"/requests/?{query}").status_code == 200


@pytest.mark.parametrize("order", ["due", "-due", "received", "-received", "number", "-number", "-closed"])
def test_every_order_is_a_page(officer: Browser, cases: list[UUID], order: str) -> None:
    page = officer.get(f"/requests/?sort={order}").text
    places = [page.index(str(id_)) for id_ in cases]
    assert places == sorted(places, reverse=order in ("-due", "-received", "-number", "-closed"))


def test_a_heading_turns_the_order_round(officer: Browser, cases: list[UUID]) -> None:
    page = officer.get("/requests/?kind=deletion").text
    assert 'aria-sort="ascending"' in page
    assert 'href="/requests/?view=open&amp;kind=deletion&amp;sort=-due"' in page
    assert 'aria-sort="descending"' in officer.get("/requests/?sort=-due").text


def test_chosen_columns_are_shown_in_their_order(officer: Browser, cases: list[UUID]) -> None:
    said = text_of(officer.get("/requests/?column=outcome&column=law&column=country&column=channel").text)
    assert "Case Law Came by Lives in Outcome" in said
    assert "CCPA E-mail United States Granted in part" in said


def test_kept_columns_are_there_wherever_one_signs_in(signed_in: Enter, cases: list[UUID]) -> None:
    officer, agent = signed_in("Privacy Officer"), signed_in("Privacy Agent")
    fields = {"act": "columns", "column": "law", "query": "view=mine&column=law"}
    assert officer.post("/requests/filter", fields, on=FORM).location == "/requests/?view=mine"
    assert "Case Law IP-2026" in text_of(signed_in("Privacy Officer").get("/requests/").text)
    assert "Case Asks for Deadline" in text_of(agent.get("/requests/").text)
    officer.post("/requests/filter", {"act": "columns"}, on=FORM)
    assert "Case Asks for Deadline" in text_of(officer.get("/requests/").text)


def test_a_saved_filter_is_seen_by_oneself_and_when_shared_by_the_team(
    session: Session, signed_in: Enter, cases: list[UUID]
) -> None:
    officer, agent = signed_in("Privacy Officer"), signed_in("Privacy Agent")
    fields = {"act": "add", "name": "  Dutch   deletions ", "query": "view=open&kind=deletion&country=NL"}
    assert officer.post("/requests/filter", fields, on=FORM).location == f"/requests/?{fields['query']}"
    link = "view=open&amp;kind=deletion&amp;country=NL"
    page = officer.get("/requests/").text
    assert "Dutch deletions" in page
    assert link in page
    assert "Dutch deletions" not in agent.get("/requests/").text
    saved = session.scalars(select(SavedFilter)).one()
    officer.post(
        "/requests/filter", {"act": "change", "filter": str(saved.id), "name": "Deletions, NL", "shared": "1"}, on=FORM
    )
    assert "Deletions, NL Privacy Officer" in text_of(agent.get("/requests/").text)


def test_only_what_is_known_of_an_address_is_saved(session: Session, officer: Browser) -> None:
    fields = {"act": "add", "name": "X", "query": "view=mine&contact=ana@example.com&kind=ana"}
    officer.post("/requests/filter", fields, on=FORM)
    assert session.scalars(select(SavedFilter.query)).one() == "view=mine"


def test_nobody_changes_or_deletes_a_filter_of_somebody_else(
    session: Session, signed_in: Enter, staff: dict[str, int]
) -> None:
    made = filters_saved.add(session, staff["Privacy Officer"], "Mine", Asked(), shared=True)
    session.commit()
    agent = signed_in("Privacy Agent")
    for act in ("change", "delete"):
        answer = agent.post("/requests/filter", {"act": act, "filter": str(made.id), "name": "Hers"}, on=FORM)
        assert "You have no such filter." in text_of(agent.get(answer.location).text)
    session.expire_all()
    assert session.get_one(SavedFilter, made.id).name == "Mine"


def test_one_s_own_filter_can_be_deleted(session: Session, officer: Browser, staff: dict[str, int]) -> None:
    made = filters_saved.add(session, staff["Privacy Officer"], "Mine", Asked("mine"), shared=False)
    session.commit()
    assert "Rename or delete" in text_of(officer.get("/requests/?view=mine").text)
    answer = officer.post("/requests/filter", {"act": "delete", "filter": str(made.id)}, on=FORM)
    assert "“Mine” deleted" in text_of(officer.get(answer.location).text)
    assert session.scalars(select(SavedFilter)).all() == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give the filter a name."),
        (" ", "Give the filter a name."),
        ("x" * 61, "A name has 60 letters at most."),
        ("Taken", "You have a filter of that name already."),
    ],
)
def test_a_name_that_will_not_do_is_said(
    session: Session, officer: Browser, staff: dict[str, int], name: str, said: str
) -> None:
    filters_saved.add(session, staff["Privacy Officer"], "Taken", Asked(), shared=False)
    session.commit()
    answer = officer.post("/requests/filter", {"act": "add", "name": name}, on=FORM)
    assert said in text_of(officer.get(answer.location).text)


def test_a_filter_that_is_gone_or_too_long_or_one_too_many_is_refused(
    session: Session, officer: Browser, staff: dict[str, int]
) -> None:
    me = staff["Privacy Officer"]
    for fields in ({"act": "delete", "filter": str(uuid4())}, {"act": "change", "filter": "x", "name": "y"}):
        answer = officer.post("/requests/filter", fields, on=FORM)
        assert "You have no such filter." in text_of(officer.get(answer.location).text)
    long = "&".join(f"owner={100_000_000 + n}" for n in range(70))
    answer = officer.post("/requests/filter", {"act": "add", "name": "Long", "query": long}, on=FORM)
    assert "more than a saved filter can hold" in text_of(officer.get("/requests/").text)
    for number in range(filters_saved.MOST + 1):
        session.add(SavedFilter(staff=me, name=f"F{number}", query="", shared=False))
    session.commit()
    officer.post("/requests/filter", {"act": "add", "name": "One more"}, on=FORM)
    assert "You have 50 saved filters. Delete one first." in text_of(officer.get("/requests/").text)


def test_a_hostile_name_is_only_a_name(session: Session, officer: Browser, staff: dict[str, int]) -> None:
    filters_saved.add(session, staff["Privacy Officer"], "<script>%(x)s 100%</script>", Asked("mine"), shared=True)
    session.commit()
    page = officer.get("/requests/?view=mine").text
    assert "&lt;script&gt;%(x)s 100%&lt;/script&gt;" in page
    assert "<script>%" not in page


def test_the_days_of_an_address_are_dates() -> None:
    asked = read(EVERYTHING)
    assert (asked.due_from, asked.due_to) == (date(2026, 11, 1), date(2026, 12, 24))
