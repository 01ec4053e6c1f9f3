"""Every page of the site in a real browser: only declared cookies, no other host (P06), and no careless link (P20)."""

import re
import shutil
from collections.abc import Iterator
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from imgpilot import cookies
from imgpilot.accounts import sign_ins
from imgpilot.accounts.browsers import COOKIE
from imgpilot.cookies import Kind
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.portal.conftest import Enter
from tests.portal.test_centre import text_of
from tests.site_cookies import anchors
from tests.site_cookies.conftest import Place
from tests.world import Somebody

ROOT = Path(__file__).parents[2]
SITE = "127.0.0.1:8000"
#: Everything that pages can store beside cookies.
STORED = """async () => ({
  localStorage: Object.keys(localStorage),
  sessionStorage: Object.keys(sessionStorage),
  indexedDB: (await indexedDB.databases()).map(one => one.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).map(one => one.scope),
})"""


def given(answer: TestResponse) -> Iterator[Morsel[str]]:
    """The cookies that an answer sets."""
    for line in answer.headers.getlist("Set-Cookie"):
        yield from SimpleCookie(line).values()


def check(morsel: Morsel[str], path: str) -> None:
    """What is set is declared, with the life that was declared, for us alone and for no script."""
    declared = {one.name: one for one in cookies.EVERYTHING}
    assert morsel.key in declared, f"{path} sets {morsel.key}"
    assert morsel["httponly"] and morsel["samesite"] == "Lax" and not morsel["domain"], path
    if morsel["max-age"] != "0":
        assert morsel["max-age"] == (str(declared[morsel.key].seconds) if declared[morsel.key].lasts else ""), path


@pytest.fixture
def pages(site: Flask, places: list[Place], ana: Somebody, signed_in: Enter) -> dict[str, list[Place]]:
    """The places that answer with a page: for a visitor, and for Ana. On the way every answer is checked."""
    found: dict[str, list[Place]] = {}
    ours = urlsplit(site.extensions["parts"].settings.site_url).netloc
    for who, browser in (("visitor", Browser(site)), ("ana", signed_in(ana))):
        found[who] = []
        for place in places:
            answer = browser.get(place.path)
            for morsel in given(answer):
                check(morsel, place.path)
            if answer.mimetype == "text/html" and answer.status_code < 300:
                careless = list(anchors.wrong(answer.text, ours, SITE))
                assert not careless, f"{place.path}: {careless}"
                found[who].append(place)
            answer.close()
    return found


def test_p06_and_p20_on_every_page_only_what_is_declared_is_stored_and_nothing_comes_from_elsewhere(
    session: Session, parts: Parts, address: str, pages: dict[str, list[Place]], ana: Somebody
) -> None:
    assert len(pages["visitor"]) > 12 and len(pages["ana"]) > 25, pages
    token = sign_ins.start(session, parts.settings, ana.account, "Chromium", parts.clock())
    session.commit()
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for who, some in pages.items():
            window = chromium.new_context(base_url=address, reduced_motion="reduce")
            if who == "ana":
                window.add_cookies([{"name": COOKIE, "value": token, "url": address}])
            walk(window, some, urlsplit(address).netloc)
            window.close()
        chromium.close()


def walk(window: BrowserContext, some: list[Place], ours: str) -> None:
    """Open one page after the other in one tab."""
    asked: list[tuple[str, str]] = []
    page = window.new_page()
    window.on("request", lambda request: asked.append((page.url, request.url)))
    for place in some:
        page.goto(place.path, wait_until="load")
    kept: dict[str, list[Any]] = page.evaluate(STORED)
    elsewhere = {
        (urlsplit(on).path, urlsplit(url).netloc)
        for on, url in asked
        if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != ours
    }
    assert elsewhere == set()
    assert {cookie["name"] for cookie in window.cookies()} <= cookies.names()
    assert set(kept.pop("localStorage")) <= cookies.names(Kind.LOCAL)
    assert set(kept.pop("sessionStorage")) <= cookies.names(Kind.SESSION)
    assert not any(kept.values()), kept


def test_p06_the_page_tells_of_every_cookie_its_use_and_its_life(site: Flask, ana: Somebody) -> None:
    said = text_of(Browser(site).get("/cookies").text)
    for one in cookies.EVERYTHING:
        assert one.name in said
        assert one.what in said
    for words in ("30 days", "1 year", "24 hours", "Until the browser is closed", "No advertising", "No pixels"):
        assert words in said


def test_what_sets_cookies_takes_name_and_life_from_the_declaration(
    site: Flask, ana: Somebody, signed_in: Enter, sandbox: Any
) -> None:
    assert site.config["SESSION_COOKIE_NAME"] == cookies.SESSION.name
    browser = signed_in(ana)
    chosen = browser.post("/preferences", {"lang": "en", "theme": "dark"}, on="/account")
    left = browser.post("/sign-out", on="/account")
    browser.ask("ana@example.com")
    path = next(link for link in sandbox.mail.to("ana@example.com")[0].links if "/sign-in/" in link)
    entered = browser.post(urlsplit(path).path)
    seen = [morsel for answer in (chosen, left, entered) for morsel in given(answer)]
    for morsel in seen:
        check(morsel, "a form")
    assert {morsel.key for morsel in seen} >= {"lang", "theme", cookies.SIGN_IN.name, cookies.SESSION.name}


def test_p06_no_script_of_ours_stores_what_is_not_declared() -> None:
    """Also what only a click would store."""
    declared = {one.name for one in cookies.EVERYTHING} | {"htmx-current-path-for-history"}  # which is taken away
    for path in (ROOT / "platform/imgpilot/static").glob("*.js"):
        source = path.read_text()
        assert not re.search(r"document\.cookie|indexedDB|caches\.open|serviceWorker|cookieStore", source), path.name
        for use in re.findall(r"(?:local|session)Storage\b(\S{0,60})", source):
            named = re.match(r"\??\.(?:get|set|remove)Item\(['\"]([\w-]+)['\"]", use)
            assert named and named[1] in declared, f"{path.name}: {use}"


def test_p20_no_template_has_a_careless_link_to_another_site() -> None:
    """Also on pages that are shown in rare cases only. Mail is no page."""
    found = 0
    for folder in ("platform/imgpilot", "compliance"):
        for path in (ROOT / folder).rglob("*.html"):
            if {"mail", "vendor"} & set(path.parts) or path.name == "letter.html":
                continue
            for tag in re.findall(
                r"<(?:a|area|form)\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\}|\{)*>", path.read_text(), re.DOTALL
            ):
                outside = re.search(r"""(?:href|action)=["'](?:https?:)?//""", tag) or ".website" in tag
                found += bool(outside)
                assert not outside or "noopener noreferrer" in tag, f"{path.name}: {tag}"
                assert "_blank" not in tag or "noopener" in tag, f"{path.name}: {tag}"
    assert found, "the pattern finds none: it is wrong"


def test_the_one_way_to_link_elsewhere_names_the_host(site: Flask) -> None:
    with site.test_request_context():
        ui = site.jinja_env.get_template("macros.html").module
        link = str(ui.elsewhere("The authority", "https://www.authority.example/complain"))  # type: ignore[attr-defined]
    assert not list(anchors.wrong(link, SITE))
    assert text_of(link) == "The authority (authority.example)"


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://x.example">x</a>',
        '<a href="//x.example" rel="noopener">x</a>',
        '<a href="https://x.example/?utm_source=a" rel="noopener noreferrer">x</a>',
        '<a href="https://x.example/" ping="/p" rel="noopener noreferrer">x</a>',
        '<form action="https://x.example"></form>',
    ],
)
def test_a_careless_link_would_be_found(link: str) -> None:
    assert list(anchors.wrong(link, SITE))
