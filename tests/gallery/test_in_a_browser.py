"""The gallery in a real browser at 10,000 pictures: scrolled, searched, starred, sorted out; with keys alone; quiet."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from PIL import Image as Pillow
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from imgpilot.accounts import sign_ins
from imgpilot.accounts.models import Account
from imgpilot.accounts.people import COOKIE
from imgpilot.gallery import collecting
from imgpilot.generation.models import Image
from imgpilot.parts import Parts
from tests.conftest import PATIENCE
from tests.gallery import many
from tests.serving import TOASTS_STAY, served

#: What moved by itself since the page was opened; nothing may (web.dev/cls).
SHIFTS = """window.shifts = []; window.pressed = -1e9;
for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => pressed = performance.now(), true);
new PerformanceObserver(seen => {
  for (const one of seen.getEntries()) if (!one.hadRecentInput)
    shifts.push([one.value, one.startTime - pressed,
      ...one.sources.map(s => (s.node?.outerHTML || s.node?.nodeName || '?').slice(0, 90))])
}).observe({ type: 'layout-shift', buffered: true })"""
UPSCALED = """() => [...document.querySelectorAll('.gal-row img')].filter(image => image.complete && image.naturalWidth
  && getComputedStyle(image).objectFit !== 'scale-down' && image.clientWidth > image.naturalWidth).length"""


class Window:
    """A person's window, and what must not have happened in it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address, self.page = context, address, context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        context.set_default_timeout(PATIENCE)
        self.page.add_init_script(SHIFTS)
        self.page.add_init_script(TOASTS_STAY)
        self.page.on("request", lambda request: self.asked.append(f"{request.method} {request.url}"))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def has_kept_to_the_rules(self, pressed_ms: int = 0) -> None:
        """No foreign host, no complaint, nothing stored, nothing moved but for so long after somebody's own press."""
        assert [url for url in self.asked if url.split()[1].split(":")[0] != "data" and self.address not in url] == []
        assert self.complaints == []
        assert self.page.evaluate("localStorage.length + sessionStorage.length") == 0
        pressed = f"(since >= 0 && since < {pressed_ms})"
        assert self.page.evaluate(f"shifts.filter(([value, since]) => value > 0.001 && !{pressed})") == []


Open = Callable[..., Window]


@pytest.fixture
def filled(request: pytest.FixtureRequest, session: Session, parts: Parts, ana: Account) -> Account:
    """Ana with ten thousand pictures, or as many as the test says."""
    held = io.BytesIO()
    Pillow.linear_gradient("L").resize((640, 427)).convert("RGB").save(held, "WEBP")
    store = many.Same(parts.settings.home / "objects")
    store.thumbnail = store.picture = held.getvalue()
    parts.storage = store  # type: ignore[misc]
    many.fill(session, ana.id, getattr(request, "param", 10_000), parts.clock())
    return ana


@pytest.fixture
def opened(chromium: Browser, site: Flask, session: Session, parts: Parts, filled: Account) -> Iterator[Open]:
    """Open a window in which Ana is signed in."""
    windows = []

    def window(width: int = 1280, height: int = 900, **options: object) -> Window:
        token = sign_ins.start(session, parts.settings, filled, "Chromium", parts.clock())
        session.commit()
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )  # type: ignore[arg-type]
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        windows.append(context)
        return Window(context, address)

    with served(site) as address:
        yield window
        for context in windows:
            context.close()


def onward(page: Page, pages: int) -> None:
    """Scroll down until that many pages are there; as somebody who looks, not faster than they come."""
    for _ in range(200):
        there = page.locator(".gal-page").count()
        if there >= pages:
            return
        if page.evaluate("document.documentElement.scrollHeight - scrollY - innerHeight") > 2000:
            page.mouse.wheel(0, 1500)
            page.evaluate("() => new Promise(requestAnimationFrame)")
        else:
            expect(page.locator(".gal-page")).not_to_have_count(there)
    raise AssertionError("older pages do not come")


def removed(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(Image.removed_at.is_not(None))) or 0


def test_scrolled_searched_starred_selected_and_deleted_without_a_jump(
    opened: Open, session: Session, tmp_path: Path
) -> None:
    window = opened()
    page = window.page
    page.goto("/gallery")
    expect(page.get_by_text("9,990 pictures. Only you see them.")).to_be_visible()
    page.evaluate("window.sameDocument = true")
    page.mouse.move(600, 600)
    onward(page, 9)
    # Of pages far away only the height is left, and the address has come along.
    page.wait_for_function("document.querySelectorAll('figure').length < 60 * 6")
    page.wait_for_url("**after=**")
    assert page.evaluate(UPSCALED) == 0
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".gal-page").first.locator("figure").first).to_be_visible()
    page.wait_for_function("document.querySelectorAll('figure').length < 60 * 6")
    assert abs(page.evaluate("document.documentElement.scrollHeight") - tall) < 2

    # A star: nothing is fetched, nothing scrolls.
    figure = page.locator("figure").nth(8)
    figure.scroll_into_view_if_needed()
    figure.hover()
    at, before = page.evaluate("scrollY"), len(window.asked)
    with page.expect_response("**/favourite"):
        figure.locator(".star").click()
    expect(figure.locator(".star")).to_have_attribute("aria-pressed", "true")
    assert [one.split()[0] for one in window.asked[before:] if "/thumbnail" not in one] == ["POST"]
    assert page.evaluate("scrollY") == at

    # A range with Shift; a file of them; delete, and undo: each place stays. A browser tells what a click moves from
    # what moves by itself by half a second, which a busy machine misses: here it has thirty, and places are compared.
    window.has_kept_to_the_rules()
    page.locator("#gal-choose").click()
    page.locator("figure").nth(2).locator("a.f").click()
    page.locator("figure").nth(6).locator(".tickbox input").click(modifiers=["Shift"])
    expect(page.locator("#gal-count")).to_have_text("5 pictures selected")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    waiting.value.save_as(tmp_path / "chosen.zip")
    with zipfile.ZipFile(tmp_path / "chosen.zip") as archive:
        assert len(archive.namelist()) == 10
    places = "[...document.querySelectorAll('figure')].slice(0, 20).map(f => f.getBoundingClientRect().top + scrollY)"
    stood, there = page.evaluate(places), removed(session)
    page.get_by_role("button", name="Delete", exact=True).click()
    dialog = page.get_by_role("dialog", name="Delete 5 pictures?")
    expect(dialog.get_by_role("button", name="Keep")).to_be_focused()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("5 pictures removed")).to_be_visible()
    assert removed(session) == there + 5
    expect(page.locator("figure.gone")).to_have_count(5)
    assert page.evaluate(places) == stood
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("5 pictures are back")).to_be_visible()
    assert removed(session) == there
    expect(page.locator("figure.gone")).to_have_count(0)
    assert page.evaluate("window.sameDocument") is True
    window.has_kept_to_the_rules(pressed_ms=3_000)

    # Words, a filter, a month; then a picture, the ones beside it, and back to the place.
    page.get_by_role("searchbox", name="Search prompts").fill("lighthouse")
    page.keyboard.press("Enter")
    expect(page.get_by_text("25 pictures", exact=True)).to_be_visible()
    page.get_by_role("link", name="Remove the filter Words").click()
    expect(page.get_by_text("9,990 pictures. Only you see them.")).to_be_visible()
    page.get_by_label("Go to a month").select_option("2024-03")
    page.wait_for_url("**on=2024-03**")
    expect(page.locator("figure time").first).to_have_attribute("datetime", re.compile("^2024-03-31"))
    page.get_by_role("link", name="Newer ones").first.click()
    expect(page.locator("figure time").last).to_have_attribute("datetime", re.compile("^2024-04-01"))
    third = page.locator("figure").nth(3).get_attribute("id")
    page.locator("figure").nth(3).locator("a.f").click()
    page.wait_for_url("**/images/**")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: str(third)[2:] not in url)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/images/{str(third)[2:]}**")
    window.has_kept_to_the_rules()


@pytest.mark.parametrize("filled", [1200], indirect=True)
def test_with_keys_alone_on_a_phone_in_the_dark(opened: Open, session: Session) -> None:
    window = opened(390, 844, color_scheme="dark")
    page = window.page
    page.goto("/gallery")
    first = page.locator("figure").first.locator("a.f")
    first.focus()
    here = "document.activeElement.closest('figure')?.id"
    ids = page.evaluate("[...document.querySelectorAll('figure')].map(f => f.id)")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(here) == ids[2]
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(here) == ids[1]
    page.keyboard.press("ArrowDown")
    assert page.evaluate(here) not in ids[:2]
    page.keyboard.press("Home")
    assert page.evaluate(here) == ids[0]
    assert page.evaluate("document.querySelectorAll('a.f[tabindex=\"0\"]').length") == 1
    page.keyboard.press("f")
    expect(page.locator("figure").first.locator(".star")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+X")
    expect(page.get_by_role("status").filter(has_text="3 pictures selected")).to_be_visible()
    there = removed(session)
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 pictures removed")).to_be_visible()
    assert removed(session) == there + 3
    assert page.evaluate(here) == ids[3], "the focus is on the next one that is there"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "gal-q"
    page.locator("figure").nth(3).locator("a.f").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/images/{ids[3][2:]}**")
    star = page.get_by_role("button", name="Favourite")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    with page.expect_response("**/favourite"):
        star.click()
    expect(star).to_have_attribute("aria-pressed", "false")
    window.has_kept_to_the_rules()


@pytest.mark.parametrize("filled", [1200], indirect=True)
def test_every_page_is_accessible_and_fits(
    opened: Open, session: Session, parts: Parts, filled: Account, sandbox: object
) -> None:
    shores = collecting.create(session, filled.id, "Shores 海", parts.clock())
    image = session.scalars(select(Image.id).where(Image.removed_at.is_(None)).limit(1)).one()
    collecting.put(session, filled.id, shores.id, [image], parts.clock())
    session.commit()
    for width, scheme, language in ((1280, "light", "en"), (390, "dark", "zh_Hans")):
        filled.language = language
        session.merge(filled)
        session.commit()
        window = opened(width, color_scheme=scheme)
        page = window.page
        pages = ("/gallery?q=pears", "/gallery?removed=1", f"/gallery?collection={shores.id}", "/collections")
        for path in (*pages, f"/images/{image}?q=pears", "/gallery?q=plums"):
            page.goto(path)
            if path == pages[0]:
                page.locator("figure").first.locator(".tickbox input").check(force=True)
                page.locator(".gal-find details summary").click()
                box = page.locator(".gal-filters").bounding_box()
                assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
            found = Axe().run(page).response["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], (path, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        window.has_kept_to_the_rules()


@pytest.mark.parametrize("filled", [1200], indirect=True)
def test_without_script_everything_is_there(opened: Open, session: Session) -> None:
    window = opened(java_script_enabled=False)
    page = window.page
    page.goto("/gallery?ratio=1%3A1")
    page.locator("figure").first.locator(".star").click()
    expect(page.locator("figure").first.locator(".star")).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith("/gallery?ratio=1%3A1")
    page.locator("figure").first.locator(".tickbox input").check()
    there = removed(session)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete 1 picture").click()
    page.get_by_role("button", name="Undo").hover()  # it stays for as long as somebody is about to press it
    assert removed(session) == there + 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert removed(session) == there
    page.get_by_role("link", name="Show older ones").click()
    page.wait_for_url("**after=**")
    assert page.locator("figure").count() > 40
