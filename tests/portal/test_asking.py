"""Asking for a copy or for deletion, following it, taking it back, fetching the package."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.requests.kinds import Kind
from compliance.requests.models import Download, Package, PrivacyRequest, Step
from imgpilot.accounts.people import COOKIE
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

    def send(kind: Kind = Kind.DELETION, place: str = "eu") -> UUID:
        answer = browser.post(f"/privacy/ask/{kind}", {"place": place})
        assert answer.status_code == 302, text_of(answer.text)
        return UUID(answer.location.rpartition("/")[2])

    return send


def open_ones(session: Session) -> int:
    """How many requests are open."""
    session.rollback()
    return session.scalar(select(func.count()).where(PrivacyRequest.closed_at.is_(None))) or 0


@pytest.mark.parametrize(("place", "regime", "days"), [("eu", "gdpr", 30), ("california", "ccpa", 45)])
def test_p17_the_place_decides_the_law_and_the_page_says_by_when(
    session: Session, browser: Browser, ask: Ask, place: str, regime: str, days: int
) -> None:
    request = session.get_one(PrivacyRequest, ask(Kind.ACCESS, place))
    assert (request.regime, request.kind) == (regime, "access")
    page = text_of(browser.get(f"/privacy/requests/{request.id}").text)
    assert f"in {days} days." in page
    assert request.case in page


def test_asking_twice_leads_to_the_same_request(session: Session, ask: Ask) -> None:
    assert ask() == ask()
    assert open_ones(session) == 1


@pytest.mark.parametrize("fields", [{}, {"place": ""}, {"place": "the moon"}])
def test_without_a_place_nothing_is_written_and_the_page_says_what_to_do(
    session: Session, browser: Browser, fields: dict[str, str]
) -> None:
    answer = browser.post("/privacy/ask/deletion", fields)
    assert answer.status_code == 400
    assert "Say where you live: the time we have to answer depends on it." in text_of(answer.text)
    assert open_ones(session) == 0


def test_what_cannot_be_asked_for_is_not_there(browser: Browser) -> None:
    assert browser.get("/privacy/ask/everything").status_code == 404


def test_before_asking_for_deletion_one_sees_what_goes_and_what_stays(browser: Browser) -> None:
    page = text_of(browser.get("/privacy/ask/deletion").text)
    assert "Nothing is deleted before that, and you can take the request back until then." in page
    assert "stay without you, as the law asks" in page


def test_a_request_can_be_taken_back_and_asked_again(session: Session, browser: Browser, ask: Ask) -> None:
    first = ask()
    page = f"/privacy/requests/{first}"
    answer = browser.post(f"{page}/withdraw", on=page)
    assert (answer.status_code, answer.location) == (302, page)
    said = text_of(browser.get(page).text)
    assert "is withdrawn. Nothing was changed." in said
    assert "You took this request back." in said
    assert session.scalars(select(Step.state).where(Step.request_id == first).distinct()).all() == ["dropped"]
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
    assert "Somebody else decided this request just before you." in text_of(answer.text)


def test_while_it_is_checked_the_page_shows_what_goes(browser: Browser, parts: Parts, ask: Ask) -> None:
    page = f"/privacy/requests/{ask()}"
    work_off(parts)
    said = text_of(browser.get(page).text)
    assert "A person is checking what we found." in said
    assert "What goes and what stays" in said


@pytest.mark.parametrize("path", ["/privacy/ask/deletion", "/privacy/requests/{id}/withdraw"])
def test_a_form_without_its_token_changes_nothing(session: Session, browser: Browser, ask: Ask, path: str) -> None:
    request_id = ask(Kind.ACCESS)
    answer = browser.send(path.format(id=request_id), {"place": "eu"})
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


def test_a_download_is_the_package_and_is_written_down(session: Session, browser: Browser, ana: Somebody) -> None:
    answer = browser.get(f"/privacy/requests/{ana.request.id}/package")
    assert (answer.status_code, answer.data) == (200, b"ANA zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ana.request.case}.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    package = select(Package.id).where(Package.request_id == ana.request.id)
    downloads = session.scalars(select(Download).where(Download.package_id == package.scalar_subquery())).all()
    assert [d.actor for d in downloads] == ["person", "person"], "the one before, and this one"
    entry = session.scalars(select(Entry)).one()
    assert (entry.action, entry.actor, entry.subject) == ("package downloaded", "person", ana.request.subject)


def test_p18_a_package_cannot_be_fetched_after_fourteen_days(
    session: Session, browser: Browser, ana: Somebody, clock: Clock
) -> None:
    package = session.scalars(select(Package).where(Package.request_id == ana.request.id)).one()
    package.expires_at = clock() + timedelta(days=14)
    session.commit()
    page = f"/privacy/requests/{ana.request.id}"
    clock.tick(days=13)
    assert "Download your data" in browser.get(page).text
    assert browser.get(f"{page}/package").status_code == 200
    clock.tick(days=2)
    assert "Download your data" not in browser.get(page).text
    answer = browser.get(f"{page}/package")
    assert answer.status_code == 404
    assert "its 14 days are over. You can ask again." in text_of(answer.text)
    assert session.scalars(select(Entry.action)).all() == ["package downloaded"]


def test_a_request_page_answers_in_chinese_too(session: Session, browser: Browser, ana: Somebody, ask: Ask) -> None:
    page = f"/privacy/requests/{ask()}"
    account = session.get_one(type(ana.account), ana.account.id)
    account.language = "zh_Hans"
    session.commit()
    assert '<html lang="zh-Hans"' in browser.get(page).text
