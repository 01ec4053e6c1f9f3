"""The components in a real browser: the policy holds, nothing overflows, axe is content, script is a comfort."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page

from tests.look.conftest import site
from tests.serving import browsing, served

PAGES = ("/specimen", "/", "/?as=ana&flash=error", "/error/404")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The site, served on loopback."""
    with served(site()) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with browsing() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without memory."""
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_accessible_and_keep_to_themselves(browser: Browser, address: str, theme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    opened, asked, said = context.new_page(), [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES:
        opened.goto(address + path)
        opened.wait_for_load_state("networkidle")
        found = Axe().run(opened).response["violations"]
        assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found], path
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, path
    assert {url for url in asked if not url.startswith((address, "data:", "blob:"))} == set()
    assert [text for text in said if "404 (NOT FOUND)" not in text] == []
    assert opened.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()


def test_a_dialog_opens_with_its_safe_choice_and_gives_the_focus_back(page: Page, address: str) -> None:
    page.goto(f"{address}/specimen")
    page.click("[data-opens=ask]")
    assert page.evaluate("document.activeElement.textContent") == "Keep them"
    page.keyboard.press("Escape")
    assert not page.locator("#ask").is_visible()
    assert page.evaluate("document.activeElement.dataset.opens") == "ask"


def test_without_script_a_dialog_opens_and_closes_too(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/specimen")
    page.click("[data-opens=ask]")
    assert page.locator("#ask").is_visible()
    page.click("#ask [data-closes]")
    assert not page.locator("#ask").is_visible()
    assert not page.locator(".stepper button").first.is_visible()
    context.close()


def test_the_cost_follows_the_form(page: Page, address: str) -> None:
    page.goto(f"{address}/specimen")
    page.click("[data-step='-1']")
    page.click("[data-step='-1']")
    assert page.inner_text(".paybar .btn") == "Make 1 picture"
    page.check("input[name=model][value=b]")
    assert page.inner_text(".paybar .sum b") == "1"
    assert "1,239" in page.inner_text(".paybar .help-block")


def test_chosen_pictures_are_shown_and_what_is_none_is_said(page: Page, address: str) -> None:
    page.goto(f"{address}/specimen")
    pixel = bytes.fromhex("89504e470d0a1a0a")
    field = "[data-files] input[type=file]"
    page.set_input_files(field, [FilePayload(name="one.png", mimeType="image/png", buffer=pixel)])
    page.set_input_files(field, [FilePayload(name="two.txt", mimeType="text/plain", buffer=b"two")])
    assert page.locator("[data-files] .ref[data-fresh]").count() == 1
    assert "two.txt is not a picture" in page.inner_text("[data-files] .help-block")
    page.click("[data-drops='0']")
    assert page.locator("[data-files] .ref[data-fresh]").count() == 0


def test_the_font_is_there(page: Page, address: str) -> None:
    page.goto(address)
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('600 16px \"Instrument Sans\"'))")
