"""The policy's pages in a real browser, in both themes and at both widths, for axe and for the eye."""

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect, sync_playwright
from sqlalchemy.orm import Session

from imgpilot.accounts import sign_ins
from imgpilot.accounts.browsers import COOKIE
from imgpilot.parts import Parts
from tests.journey.looking import FEW, Faults, look
from tests.serving import served
from tests.world import Somebody


@pytest.fixture
def address(site: Flask) -> Iterator[str]:
    """The site, served on loopback."""
    with served(site) as url:
        yield url


def test_the_policy_what_changed_and_the_cookies_are_read_by_everybody(
    session: Session, parts: Parts, address: str, long_here: Somebody
) -> None:
    token = sign_ins.start(session, parts.settings, long_here.account, "Chromium", parts.clock())
    session.commit()
    faults = Faults(pictures=FEW)
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        window = chromium.new_context(
            base_url=address,
            reduced_motion="reduce",
            viewport={"width": 1280, "height": 900},
            extra_http_headers={"Sec-GPC": "1"},
        )
        window.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        page = window.new_page()
        page.goto("/account")
        banner = page.get_by_role("complementary", name="The privacy policy changes")
        expect(banner).to_be_visible()
        look(page, "policy-banner", faults)
        banner.get_by_role("button", name="Close this notice").click()
        expect(banner).to_have_count(0)
        assert page.url.endswith("/account")
        for name, path in (
            ("policy", "/privacy-policy"),
            ("policy-changes", "/privacy-policy/changes/2026-11-22/2026-11-23"),
            ("policy-versions", "/privacy-policy/versions"),
            ("cookies", "/cookies"),
        ):
            page.goto(path)
            look(page, name, faults)
        window.close()
        chromium.close()
    assert faults == []
