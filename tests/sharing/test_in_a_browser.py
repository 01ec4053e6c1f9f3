"""Sharing in a real browser: published, opened by a stranger without cookies, taken back; for axe and for the eye."""

import shutil
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, expect, sync_playwright
from sqlalchemy.orm import Session

from imgpilot.accounts import sign_ins
from imgpilot.accounts.browsers import COOKIE
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.journey.looking import FEW, Faults, look
from tests.serving import served

#: How far things moved while the page loaded: the sum of layout shifts, as browsers measure it.
SHIFTS = """() => new Promise(done => {
  let sum = 0
  new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value }))
    .observe({ type: 'layout-shift', buffered: true })
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 50)))
})"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A Chromium: the system's, else Playwright's own."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def address(site: Flask, parts: Parts) -> Iterator[str]:
    """The site, served on loopback, which knows where it is."""
    with served(site) as url:
        parts.settings = parts.settings.model_copy(update={"site_url": url})
        yield url


def window(chromium: Chromium, address: str, requests: list[str], language: str = "en-GB") -> BrowserContext:
    """A fresh browser; every address that it asks is noted."""
    context = chromium.new_context(
        base_url=address, reduced_motion="reduce", viewport={"width": 1280, "height": 900}, locale=language
    )
    context.on("request", lambda request: requests.append(request.url))
    context.set_default_timeout(15_000)
    return context


def test_p11_shared_opened_by_anybody_and_taken_back(
    chromium: Chromium, address: str, session: Session, parts: Parts, ana: Account, picture: UUID, faults: Faults
) -> None:
    requests: list[str] = []
    token = sign_ins.start(session, parts.settings, ana, "Chromium", parts.clock())
    session.commit()
    hers = window(chromium, address, requests)
    hers.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    page = hers.new_page()
    page.goto(f"/images/{picture}/share")
    page.get_by_text("Publish it…").click()
    look(page, "share-publish", faults)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Your picture has a public page.")).to_be_visible()
    at = page.get_by_label("Address of the public page").input_value()
    assert at.startswith(f"{address}/share/")
    look(page, "share-published", faults)

    theirs = window(chromium, address, requests)
    public = theirs.new_page()
    public.route("**/shown.webp", lambda route: route.abort())
    public.goto(at)
    place = public.get_by_role("img").first.bounding_box()
    public.unroute("**/shown.webp")
    public.goto(at)
    assert public.evaluate(SHIFTS) == 0
    assert public.get_by_role("img").first.bounding_box() == place, "where it would be if it had not come"
    expect(public.get_by_role("heading", name="A picture made with AI")).to_be_visible()
    assert public.evaluate("document.images[0].decode().then(() => document.images[0].naturalWidth)") == 1280
    links = public.get_by_role("group", name="Share this page")
    for name in ("X", "Facebook", "Pinterest"):
        expect(links.get_by_role("link", name=f"Share on {name} (opens in a new tab)")).to_be_visible()
    look(public, "share-page", faults)
    public.get_by_role("link", name="简体中文").first.click()
    expect(public.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert theirs.cookies() == []
    public.goto(at)
    public.get_by_role("link", name="Report this picture").first.click()
    public.get_by_label("It deceives").check()
    public.get_by_label("Your e-mail address").fill("nowhere")
    public.get_by_role("button", name="Send the report").click()
    expect(public.get_by_label("It deceives")).to_be_checked()
    look(public, "share-report", faults)
    public.get_by_label("Your e-mail address").fill("kim@example.com")
    public.get_by_role("button", name="Send the report").click()
    expect(public.get_by_role("heading", name="Thank you")).to_be_visible()
    look(public, "share-reported", faults)

    page.goto("/shares")
    look(page, "share-list", faults)
    page.get_by_role("button", name="Take back").click()
    dialog = page.get_by_role("dialog", name="Take this page back?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Nothing of yours is public")).to_be_visible()
    look(page, "share-none", faults)
    answer = public.goto(at)
    assert answer and answer.status == 410
    expect(public.get_by_text("This page was taken back.")).to_be_visible()
    look(public, "share-gone", faults)
    hers.close()
    theirs.close()
    elsewhere = {url for url in requests if not url.startswith((address, "data:", "blob:"))}
    assert elsewhere == set(), "nothing of anybody else's is loaded"
    assert faults == []


def test_everything_works_without_script(
    chromium: Chromium,
    address: str,
    session: Session,
    parts: Parts,
    ana: Account,
    publish: Callable[..., object],
    picture: UUID,
) -> None:
    publish(picture, show_prompt=True)
    token = sign_ins.start(session, parts.settings, ana, "Chromium", parts.clock())
    session.commit()
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    page = context.new_page()
    page.goto(f"/images/{picture}/share")
    page.get_by_text("What the page shows").click()
    page.get_by_label("Let search engines list it").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. The page shows it so from now on.")).to_be_visible()
    page.get_by_role("link", name="Open the page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zanzibar lighthouse")
    page.go_back()
    page.get_by_role("button", name="Take it back", exact=True).first.click()
    page.locator("#take-back button").click()
    expect(page.get_by_text("Taken back. The page is gone.")).to_be_visible()
    context.close()


@pytest.fixture
def faults() -> Faults:
    """What is found; two pictures of each page."""
    return Faults(pictures=FEW)
