"""Signing up both ways in a real Chromium, at a desk and on a phone, and the account page; axe finds nothing."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect, sync_playwright

from imgpilot import app
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests import signing_up
from tests.accounts.browser import link_path
from tests.conftest import Clock
from tests.journey.looking import FEW, Faults, look
from tests.serving import address_of, free, served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A Chromium: the system's, else Playwright's own."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def address(parts: Parts) -> Iterator[str]:
    """The site, served on loopback, under the address that it knows itself by."""
    with free() as listening:
        parts.settings.site_url = address_of(listening)
        site = app.site(parts)
        site.testing = True
        with served(site, listening) as url:
            yield url


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_p01_a_person_joins_by_mail_links_google_and_comes_back_with_it(
    chromium: Chromium, address: str, sandbox: Sandbox, clock: Clock, tmp_path: Path, width: int, height: int
) -> None:
    sandbox.google.clock = lambda: clock().timestamp()
    faults, complaints = Faults(tmp_path, FEW), list[str]()
    context = chromium.new_context(
        base_url=address, viewport={"width": width, "height": height}, reduced_motion="reduce", locale="de-AT"
    )
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page = context.new_page()
    wide = width > 720

    page.goto("/sign-in")
    if wide:
        look(page, "sign-in", faults)
    page.get_by_label("E-mail address").fill("ana@gmail.com")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Open your mail")).to_be_visible()
    page.goto(link_path(sandbox, "ana@gmail.com"))
    expect(page.get_by_label("Country you live in")).to_have_value("AT")
    if wide:
        look(page, "join", faults)
    signing_up.press(page)
    expect(page).to_have_url(re.compile("/studio$"))

    page.goto("/account")
    page.get_by_role("link", name="Link Google").click()
    page.get_by_role("button", name="Mira Sample").click()
    expect(page.locator("#sign-in-ways")).to_contain_text("mira@gmail.com")
    expect(page.get_by_label("Name optional")).to_have_value("Mira Sample")
    expect(page.get_by_role("img", name="Your picture")).to_be_visible()
    if wide:
        page.get_by_text("Make a token").click()
    look(page, f"account-{width}", faults)

    context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("link", name="Go on with Google").click()
    page.get_by_role("button", name="Mira Sample").click()
    expect(page).to_have_url(re.compile("/studio$"))

    context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("link", name="Go on with Google").click()
    page.get_by_role("button", name="Ana Sample").click()
    expect(page).to_have_url(re.compile("/sign-up$"))
    if wide:
        look(page, "sign-up", faults)
    signing_up.press(page)
    expect(page).to_have_url(re.compile("/studio$"))
    context.close()
    assert not faults, "\n".join(faults)
    assert complaints == []
