"""Signing up both ways in a real Chromium, at a desk and on a phone in Chinese, and the account page."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from imgpilot import app
from imgpilot.language import translate
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests import signing_up
from tests.accounts.browser import link_path
from tests.conftest import Clock
from tests.journey.looking import FEW, Faults, look
from tests.serving import address_of, free, served


@pytest.fixture
def address(parts: Parts) -> Iterator[str]:
    """The site, served on loopback, under the address that it knows itself by."""
    with free() as listening:
        parts.settings.site_url = address_of(listening)
        site = app.site(parts)
        site.testing = True
        with served(site, listening) as url:
            yield url


@pytest.mark.parametrize(("width", "language", "locale"), [(1280, "en", "de-AT"), (390, "zh_Hans", "zh-CN")])
def test_p01_a_person_joins_by_mail_links_google_and_comes_back_with_it(
    chromium: Chromium,
    address: str,
    sandbox: Sandbox,
    clock: Clock,
    tmp_path: Path,
    width: int,
    language: str,
    locale: str,
) -> None:
    sandbox.google.clock = lambda: clock().timestamp()
    said = partial(translate, language)
    faults, complaints = Faults(tmp_path, FEW), list[str]()
    context = chromium.new_context(
        base_url=address, viewport={"width": width, "height": 900}, reduced_motion="reduce", locale=locale
    )
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page = context.new_page()

    page.goto("/sign-in")
    look(page, f"sign-in-{language}", faults)
    page.get_by_label(said("E-mail address")).fill("ana@gmail.com")
    page.get_by_role("button", name=said("Send me a link")).click()
    expect(page.get_by_role("heading", name=said("Open your mail"))).to_be_visible()
    page.goto(link_path(sandbox, "ana@gmail.com"))
    expect(page.get_by_label(said("Country you live in"))).to_have_value(locale[-2:])
    look(page, f"join-{language}", faults)
    signing_up.press(page, language)
    expect(page).to_have_url(re.compile("/studio$"))

    page.goto("/account")
    page.get_by_role("link", name=said("Link Google")).click()
    page.get_by_role("button", name="Mira Sample").click()
    expect(page.locator("#sign-in-ways")).to_contain_text("mira@gmail.com")
    expect(page.locator("input[name=name]")).to_have_value("Mira Sample")
    expect(page.get_by_role("img", name=said("Your picture"))).to_be_visible()
    page.locator("summary", has_text=said("Make a token")).click()
    look(page, f"account-{language}", faults)

    context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("link", name=said("Go on with Google")).click()
    page.get_by_role("button", name="Mira Sample").click()
    expect(page).to_have_url(re.compile("/studio$"))

    context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("link", name=said("Go on with Google")).click()
    page.get_by_role("button", name="Ana Sample").click()
    expect(page).to_have_url(re.compile("/sign-up$"))
    look(page, f"sign-up-{language}", faults)
    signing_up.press(page, language)
    expect(page).to_have_url(re.compile("/studio$"))
    context.close()
    assert not faults, "\n".join(faults)
    assert complaints == []
