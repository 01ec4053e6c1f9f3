"""Sharing in a real browser: published, opened by a stranger without cookies, taken back; for axe and for the eye."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, expect
from sqlalchemy.orm import Session

from imgpilot.accounts import sign_ins
from imgpilot.accounts.browsers import COOKIE
from imgpilot.accounts.models import Account
from imgpilot.language import tag, translate
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


@pytest.fixture
def address(site: Flask, parts: Parts) -> Iterator[str]:
    """The site, served on loopback, which knows where it is."""
    with served(site) as url:
        parts.settings = parts.settings.model_copy(update={"site_url": url})
        yield url


def window(chromium: Chromium, address: str, requests: list[str], width: int, locale: str) -> BrowserContext:
    """A fresh browser; every address that it asks is noted."""
    context = chromium.new_context(
        base_url=address, reduced_motion="reduce", viewport={"width": width, "height": 900}, locale=locale
    )
    context.on("request", lambda request: requests.append(request.url))
    return context


@pytest.mark.parametrize(("width", "language", "locale"), [(1280, "en", "en-GB"), (390, "zh_Hans", "zh-CN")])
def test_p11_shared_opened_by_anybody_and_taken_back(
    chromium: Chromium,
    address: str,
    session: Session,
    parts: Parts,
    ana: Account,
    picture: UUID,
    faults: Faults,
    width: int,
    language: str,
    locale: str,
) -> None:
    requests: list[str] = []
    said = partial(translate, language)
    ana.language = language
    token = sign_ins.start(session, parts.settings, ana, "Chromium", parts.clock())
    session.commit()
    hers = window(chromium, address, requests, width, locale)
    hers.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    page = hers.new_page()
    page.goto(f"/images/{picture}/share")
    page.get_by_text(said("Publish it…")).click()
    look(page, f"share-publish-{language}", faults)
    page.get_by_role("button", name=said("Publish")).click()
    expect(page.get_by_text(said("Your picture has a public page."))).to_be_visible()
    at = page.get_by_label(said("Address of the public page")).input_value()
    assert at.startswith(f"{address}/share/")
    look(page, f"share-published-{language}", faults)

    theirs = window(chromium, address, requests, width, locale)
    public = theirs.new_page()
    public.route("**/shown.webp", lambda route: route.abort())
    public.goto(at)
    place = public.get_by_role("img").first.bounding_box()
    public.unroute("**/shown.webp")
    public.goto(at)
    assert public.evaluate(SHIFTS) == 0
    assert public.get_by_role("img").first.bounding_box() == place, "where it would be if it had not come"
    expect(public.get_by_role("heading", name=said("A picture made with AI"))).to_be_visible()
    assert public.evaluate("document.images[0].decode().then(() => document.images[0].naturalWidth)") == 1280
    links = public.get_by_role("group", name=said("Share this page"))
    for name in ("X", "Facebook", "Pinterest"):
        expect(
            links.get_by_role("link", name=f"{said('Share on')} {name} {said('(opens in a new tab)')}")
        ).to_be_visible()
    look(public, f"share-page-{language}", faults)
    public.get_by_role("link", name="简体中文" if language == "en" else "English").first.click()
    expect(public.locator("html")).to_have_attribute("lang", tag("en" if language != "en" else "zh_Hans"))
    assert theirs.cookies() == []
    public.goto(at)
    public.get_by_role("link", name=said("Report this picture")).first.click()
    public.get_by_label(said("It deceives: it passes for a real event or a real person")).check()
    public.get_by_label(said("Your e-mail address")).fill("nowhere")
    public.get_by_role("button", name=said("Send the report")).click()
    expect(public.get_by_label(said("It deceives: it passes for a real event or a real person"))).to_be_checked()
    look(public, f"share-report-{language}", faults)
    public.get_by_label(said("Your e-mail address")).fill("kim@example.com")
    public.get_by_role("button", name=said("Send the report")).click()
    expect(public.get_by_role("heading", name=said("Thank you"))).to_be_visible()
    look(public, f"share-reported-{language}", faults)

    page.goto("/shares")
    look(page, f"share-list-{language}", faults)
    page.get_by_role("button", name=said("Take back")).click()
    dialog = page.get_by_role("dialog", name=said("Take this page back?"))
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=said("Take it back")).click()
    expect(page.get_by_text(said("Nothing of yours is public"))).to_be_visible()
    look(page, f"share-none-{language}", faults)
    answer = public.goto(at)
    assert answer and answer.status == 410
    expect(public.get_by_text(said("This page was taken back. It does not come back at this address."))).to_be_visible()
    look(public, f"share-gone-{language}", faults)
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
