"""Asking for a copy or for deletion, following it, taking it back, fetching the package."""

import re
from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.portal import places
from compliance.requests.kinds import Kind, Proof
from compliance.requests.models import Download, PrivacyRequest, Step
from imgpilot.accounts.browsers import COOKIE
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.portal.test_centre import text_of
from tests.requests.conftest import approve, work_off
from tests.world import Somebody


@pytest.fixture
def browser(ana: Somebody, bob: Somebody, signed_in: Enter) -> Browser:
    """Ana's browser."""
    return signed_in(ana)


Ask = Callable[..., UUID]


@pytest.fixture
def ask(browser: Browser) -> Ask:
    """Ask by the form; the request's id."""

    def send(kind: Kind = Kind.DELETION, country: str = "DE", part: str = "", **given: str) -> UUID:
        answer = browser.post(f"/privacy/ask/{kind}", {"country": country, "part": part} | given)
        assert answer.status_code == 302, text_of(answer.text)
        return UUID(answer.location.rpartition("/")[2])

    return send


def open_ones(session: Session) -> int:
    """How many requests are open."""
    session.rollback()
    return session.scalar(select(func.count()).where(PrivacyRequest.closed_at.is_(None))) or 0


@pytest.mark.parametrize(
    ("country", "part", "regime", "days"), [("DE", "", "gdpr", 30), ("US", "US-CA", "ccpa", 45), ("KR", "", "kr", 10)]
)
def test_p17_the_place_decides_the_law_and_the_page_says_by_when(
    session: Session, browser: Browser, ask: Ask, country: str, part: str, regime: str, days: int
) -> None:
    request = session.get_one(PrivacyRequest, ask(Kind.ACCESS, country, part))
    assert (request.regime, request.kind, request.country) == (regime, "access", country)
    page = text_of(browser.get(f"/privacy/requests/{request.id}").text)
    assert f"in {days} days." in page
    assert request.case in page


def test_asking_twice_leads_to_the_same_request(session: Session, ask: Ask) -> None:
    assert ask() == ask()
    assert open_ones(session) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Say where you live: the time we have to answer depends on it."),
        ({"country": "the moon"}, "Say where you live: the time we have to answer depends on it."),
        ({"country": "US"}, "Choose your state or province: the law differs from one to the next."),
        ({"country": "US", "part": "CA-QC"}, "Choose your state or province: the law differs from one to the next."),
    ],
)
def test_without_a_place_nothing_is_written_and_the_page_says_what_to_do(
    session: Session, browser: Browser, fields: dict[str, str], said: str
) -> None:
    answer = browser.post("/privacy/ask/deletion", fields)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert open_ones(session) == 0


def test_what_cannot_be_asked_for_is_not_there(browser: Browser) -> None:
    assert browser.get("/privacy/ask/everything").status_code == 404


def test_before_asking_for_deletion_one_sees_what_goes_and_what_stays(browser: Browser) -> None:
    page = text_of(browser.get("/privacy/ask/deletion").text)
    assert "Nothing is deleted before a person has checked the list." in page
    assert "stay without you, as the law asks" in page


def test_a_request_can_be_taken_back_and_asked_again(session: Session, browser: Browser, ask: Ask) -> None:
    first = ask()
    page = f"/privacy/requests/{first}"
    answer = browser.post(f"{page}/withdraw", on=page)
    assert (answer.status_code, answer.location) == (302, page)
    said = text_of(browser.get(page).text)
    assert "is withdrawn. Nothing was changed." in said
    assert "You took this request back." in said
    work = select(Step.state).where(Step.request_id == first, Step.phase != "letter").distinct()
    assert session.scalars(work).all() == ["dropped"], "its letters still go"
    assert ask() != first


def test_taking_back_what_is_decided_is_refused_in_one_sentence(
    session: Session, parts: Parts, browser: Browser, ask: Ask
) -> None:
    page = f"/privacy/requests/{ask(Kind.ACCESS)}"
    work_off(parts)
    token = browser.csrf(page)
    approve(session, parts, UUID(page.rpartition("/")[2]))
    answer = browser.send(f"{page}/withdraw", {"csrf_token": token})
    assert answer.status_code == 409
    assert "Somebody else was just before you." in text_of(answer.text)


def test_while_it_is_checked_the_page_shows_what_goes(browser: Browser, parts: Parts, ask: Ask) -> None:
    page = f"/privacy/requests/{ask()}"
    work_off(parts)
    said = text_of(browser.get(page).text)
    assert "A person is checking what we found." in said
    assert "What goes and what stays" in said


@pytest.mark.parametrize("path", ["/privacy/ask/deletion", "/privacy/requests/{id}/withdraw"])
def test_a_form_without_its_token_changes_nothing(session: Session, browser: Browser, ask: Ask, path: str) -> None:
    request_id = ask(Kind.ACCESS)
    answer = browser.send(path.format(id=request_id), {"country": "DE"})
    assert answer.status_code == 400
    assert "Nothing was changed." in text_of(answer.text)
    assert open_ones(session) == 1
    assert session.get_one(PrivacyRequest, request_id, populate_existing=True).state == "received"


def of_one_request(site: Flask) -> list[tuple[str, str]]:
    """(method, path with {id}) of every page of the portal that names a request."""
    return [
        (method, re.sub(r"<uuid:\w+>", "{id}", rule.rule))
        for rule in site.url_map.iter_rules()
        if rule.endpoint.startswith("portal.") and "uuid:" in rule.rule
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_p18_somebody_elses_request_is_not_there(
    site: Flask, session: Session, ana: Somebody, bob: Somebody, signed_in: Enter, browser: Browser, ask: Ask
) -> None:
    hers = [ask(), ana.request.id]
    his = signed_in(bob)
    fields = {"csrf_token": his.csrf("/privacy/ask/access")}
    routes = of_one_request(site)
    assert len(routes) >= 3
    for method, path in routes:
        for request_id in hers:
            there, nowhere = (path.format(id=id_) for id_ in (request_id, uuid4()))
            answers = [his.get(p) if method == "GET" else his.send(p, fields) for p in (there, nowhere)]
            assert [a.status_code for a in answers] == [404, 404], path
            assert len({_without_what_is_new_each_time(a.text) for a in answers}) == 1, path
    assert open_ones(session) == 1
    assert session.scalar(select(func.count()).select_from(Download)) == 2, "one each, from before"


def _without_what_is_new_each_time(page: str) -> str:
    return re.sub(r'nonce[-="][^"\']*|value="[^"]*"|[0-9a-f-]{36}', "", page)


def test_who_is_signed_out_signs_in_first_and_comes_back(site: Flask, ana: Somebody) -> None:
    stranger = Browser(site)
    for rule in site.url_map.iter_rules():
        if not rule.endpoint.startswith("portal.") or "GET" not in (rule.methods or ()):
            continue
        if rule.endpoint == "portal.centre":  # it shows the two ways to ask
            continue
        path = rule.rule.replace("<uuid:request_id>", str(ana.request.id)).replace("<kind>", "access")
        answer = stranger.get(path)
        assert answer.status_code == 302, path
        assert answer.location == f"/sign-in?next={quote(path, safe='/')}", path


def test_what_is_sent_while_signed_out_changes_nothing(session: Session, browser: Browser, ask: Ask) -> None:
    page = f"/privacy/requests/{ask()}"
    token = browser.csrf(page)
    browser.client.delete_cookie(COOKIE, domain="127.0.0.1")
    answer = browser.send(f"{page}/withdraw", {"csrf_token": token})
    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert open_ones(session) == 1


def test_a_request_page_answers_in_chinese_too(session: Session, browser: Browser, ana: Somebody, ask: Ask) -> None:
    page = f"/privacy/requests/{ask()}"
    account = session.get_one(type(ana.account), ana.account.id)
    account.language = "zh_Hans"
    session.commit()
    assert '<html lang="zh-Hans"' in browser.get(page).text


WANTED: dict[Kind, dict[str, str]] = {
    Kind.ACCESS: {},
    Kind.PORTABILITY: {},
    Kind.DELETION: {},
    Kind.CORRECTION: {"about": "email", "proposed": "Ana.New@example.com", "details": "I moved."},
    Kind.RESTRICTION: {"about": "claims", "details": "I am in court."},
    Kind.OBJECTION: {"about": "statistics"},
    Kind.CONSENT_WITHDRAWAL: {"about": "news"},
    Kind.OPT_OUT: {"about": "sale-sharing"},
}


@pytest.mark.parametrize("kind", list(Kind))
def test_p16_every_right_can_be_asked_for_in_the_centre(
    session: Session, browser: Browser, ask: Ask, kind: Kind
) -> None:
    page = text_of(browser.get(f"/privacy/ask/{kind}").text)
    assert "What happens" in page
    made = session.get_one(PrivacyRequest, ask(kind, **WANTED[kind]))
    assert (made.kind, made.country, made.zone) == (kind, "DE", "Europe/Berlin")
    assert made.proof == Proof.FRESH
    assert made.about == WANTED[kind].get("about", "")
    assert made.details == WANTED[kind].get("details")
    assert made.proposed == WANTED[kind].get("proposed")
    assert text_of(browser.get(f"/privacy/requests/{made.id}").text).count(made.case) >= 1


def test_what_was_typed_comes_back_with_what_is_wrong_with_it(session: Session, browser: Browser) -> None:
    typed = {"about": "email", "proposed": "ana@", "details": 'It is <b>wrong</b> "here".', "country": "FR"}
    answer = browser.post("/privacy/ask/correction", typed)
    assert answer.status_code == 400
    assert 'value="ana@"' in answer.text
    assert "It is &lt;b&gt;wrong&lt;/b&gt; &#34;here&#34;." in answer.text
    assert '<option value="FR" selected>' in answer.text
    assert 'href="#f-proposed"' in answer.text
    assert open_ones(session) == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose one: it decides what we do."),
        ({"about": "everything"}, "Choose one: it decides what we do."),
        ({"about": "email", "proposed": "ANA@example.com"}, "That is the address we have. Type the new one."),
        ({"about": "other", "details": "wrong"}, "Say in a sentence what is wrong and what would be right."),
        ({"about": "other", "details": "x" * 5001}, "Say it in at most 5,000 characters."),
    ],
)
def test_a_correction_needs_what_it_needs(
    session: Session, browser: Browser, fields: dict[str, str], said: str
) -> None:
    answer = browser.post("/privacy/ask/correction", {"country": "DE"} | fields)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert open_ones(session) == 0


@pytest.mark.parametrize(("chosen", "cooling"), [({}, True), ({"cooling": "wait"}, True), ({"cooling": "now"}, False)])
def test_a_deletion_waits_unless_the_person_says_otherwise(
    session: Session, ask: Ask, chosen: dict[str, str], cooling: bool
) -> None:
    assert session.get_one(PrivacyRequest, ask(Kind.DELETION, **chosen)).cooling is cooling


@pytest.mark.parametrize("kind", [Kind.ACCESS, Kind.PORTABILITY, Kind.DELETION, Kind.CORRECTION])
def test_p18_a_browser_that_was_left_open_cannot_ask_for_everything(
    session: Session, browser: Browser, clock: Clock, kind: Kind
) -> None:
    clock.tick(minutes=11)
    answer = browser.post(f"/privacy/ask/{kind}", {"country": "DE"} | WANTED[kind])
    assert answer.status_code == 403
    said = text_of(answer.text)
    assert "Nothing was sent yet: first prove once more that it is you" in said
    assert '<option value="DE" selected>' in answer.text, "what was typed stays"
    assert open_ones(session) == 0


def test_what_shows_and_deletes_nothing_needs_no_further_proof(session: Session, ask: Ask, clock: Clock) -> None:
    clock.tick(minutes=11)
    made = session.get_one(PrivacyRequest, ask(Kind.OBJECTION, about="statistics"))
    assert made.proof == Proof.SIGNED_IN


@pytest.mark.parametrize("kind", [Kind.OPT_OUT, Kind.CONSENT_WITHDRAWAL])
def test_what_counts_at_once_asks_for_no_place(session: Session, ask: Ask, kind: Kind) -> None:
    made = session.get_one(PrivacyRequest, ask(kind, "", **WANTED[kind]))
    assert (made.regime, made.country) == ("gdpr", None)


def test_the_law_of_a_place_is_named_with_its_days(browser: Browser) -> None:
    def law(country: str, part: str = "") -> str:
        fields = {"country": country, "part": part}
        return text_of(browser.post("/privacy/ask/access/law", fields, on="/privacy/ask/access").text)

    for words in ("CCPA", "45 days", "10 working days", "Cal. Civ. Code 1798.110", "Thu 7 Jan 2027"):
        assert words in law("US", "US-CA")
    assert "one month" in law("FR")
    assert "We know of no privacy law there" in law("AQ")
    assert "72 hours" in law("ID")


def test_the_place_of_the_last_request_is_chosen_already(browser: Browser, ask: Ask) -> None:
    assert '<option value="AT" selected>' in browser.get("/privacy/ask/access", **{"Accept-Language": "de-AT"}).text
    ask(Kind.OBJECTION, "US", "US-VA", about="statistics")
    page = browser.get("/privacy/ask/access", **{"Accept-Language": "de-AT"}).text
    assert '<option value="US" selected>' in page
    assert '<option value="US-VA" selected>' in page


def test_without_script_the_law_of_the_chosen_place_is_shown_and_nothing_sent(
    session: Session, browser: Browser
) -> None:
    answer = browser.post("/privacy/ask/deletion", {"country": "KR", "cooling": "now", "show": "1"})
    assert answer.status_code == 200
    assert "PIPA (Korea)" in text_of(answer.text)
    assert re.search(r'value="now" checked', answer.text)
    assert open_ones(session) == 0


def test_somebody_who_is_not_signed_in_reads_how_to_ask(site: Flask) -> None:
    answer = Browser(site).get("/privacy")
    assert answer.status_code == 200
    assert "/sign-in?next=/privacy" in answer.text
    assert "/privacy/ask-without-account" in answer.text


def test_every_country_has_its_time_zone_or_utc_and_a_mangled_place_is_none() -> None:
    assert len(places.countries("en")) > 240
    assert places.read("uk", "").country == "GB"
    assert places.read("US", "va") == places.Place("US", "VA")
    assert places.read("US", "CA-QC") == places.Place("US", "")
    assert places.read("<script>", "x") == places.Place()
    assert places.Place("US", "CA").zone == "America/Los_Angeles"
    assert places.Place("AQ").zone == "UTC"
    assert all(ZoneInfo(zone) for zone in places._ZONES.values())
