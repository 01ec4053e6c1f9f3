"""The studio in a real browser: from the form to the picture, live, on a desk and on a phone, with script and without.

A few long walks, as people walk: each looks on its way at what a page must never do.
"""

import io
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from PIL import ExifTags
from PIL import Image as Pillow
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts import sign_ins
from imgpilot.accounts.browsers import COOKIE
from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation, Image, Reference
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.generation.conftest import images_of, photo
from tests.serving import served

SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts += one.value;
}).observe({ type: 'layout-shift', buffered: true });
"""
#: A picture pasted as from another program.
PASTE = """bytes => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }));
  const at = document.querySelector('[name=prompt]');
  at.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def address(site: Flask) -> Iterator[str]:
    """The site, served on loopback."""
    with served(site) as url:
        yield url
        site.extensions["live"].close()


@pytest.fixture
def enter(
    chromium: Browser, address: str, session: Session, parts: Parts, ana: Account
) -> Iterator[Callable[..., BrowserContext]]:
    """A browser window in which Ana is signed in."""
    opened: list[BrowserContext] = []

    def window(**options: object) -> BrowserContext:
        token = sign_ins.start(session, parts.settings, ana, "Chromium", parts.clock())
        session.commit()
        context = chromium.new_context(base_url=address, **options)  # type: ignore[arg-type]
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        opened.append(context)
        return context

    yield window
    for context in opened:
        context.close()


class Watch:
    """Notes what a page must never do: an error in its script, a request to another host, things that jump."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.add_init_script(SHIFTS)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: None if self._ours(asked.url, address) else self.wrong.append(asked.url))

    @staticmethod
    def _ours(url: str, address: str) -> bool:
        return url.startswith((f"{address}/", "data:", "blob:"))

    def look(self, width: int) -> None:
        """Nothing went wrong so far, nothing jumped, nothing is too wide, and everybody can use it."""
        self.page.wait_for_load_state()  # a page without its stylesheet is wide
        # A browser calls every answer of 400 and more an error, also the form that comes back with what is wrong.
        answers = "Failed to load resource: the server responded with a status of"
        assert [said for said in self.wrong if answers not in said] == []
        assert self.page.evaluate("window.shifts") < 0.02
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(self.page).response["violations"]
        assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def falls_silent(page: Page) -> None:
    """When all is there the page asks for nothing more; what it had begun to ask for may still be on its way."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(10):
        asked.clear()
        page.wait_for_timeout(500)
        if not asked:
            return
    raise AssertionError(f"it still asks for {asked}")


def pictures(session: Session) -> list[UUID]:
    """The pictures of the newest order."""
    session.rollback()
    newest = select(Generation).order_by(Generation.created_at.desc()).limit(1)
    return [image.id for image in images_of(session, session.scalars(newest).one())]


def heic() -> bytes:
    """A photo as an iPhone takes it: HEIC, with the place where it was taken."""
    exif = Pillow.Exif()
    exif[ExifTags.Base.Make] = "Canary Cameras"
    exif[ExifTags.Base.GPSInfo] = {1: "N", 2: (52.0, 30.0, 59.0)}
    made = io.BytesIO()
    Pillow.linear_gradient("L").resize((320, 240)).convert("RGB").save(made, "HEIF", exif=exif)
    return made.getvalue()


def test_on_a_desk_from_the_form_to_the_pictures(
    enter: Callable[..., BrowserContext], address: str, session: Session, parts: Parts, ana: Account, sandbox: Sandbox
) -> None:
    context = enter(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = context.new_page()
    watch = Watch(page, address)
    page.goto("/studio")

    # The form follows the model, and so does the price.
    expect(page.locator("[data-able=seed]")).to_be_attached()
    page.fill("[name=prompt]", "two pears, for ana@example.com")
    expect(page.locator("#f-prompt-count")).to_have_text("30")
    page.click("[data-step='1']")
    expect(page.locator(".paybar .sum b")).to_have_text("12")
    page.click(".settings summary")
    expect(page.locator("[name=seed]")).to_be_visible()
    page.check("[name=model][value=sandbox-draft]")
    expect(page.locator(".paybar .sum b")).to_have_text("2")
    expect(page.locator("[name=seed]")).to_be_hidden()
    expect(page.locator("[name=seed]")).to_be_disabled()

    # A photo of a phone is taken in at once; what is no picture says so, and one that does not fit too.
    field = "#f-reference"
    page.set_input_files(field, [FilePayload(name="IMG_1.HEIC", mimeType="", buffer=heic())])
    expect(page.locator("[data-kept] img")).to_be_visible()
    expect(page.locator(".add")).to_be_hidden()
    (reference,) = session.scalars(select(Reference))
    assert (reference.media_type, reference.width) == ("image/png", 320)
    page.check("[name=model][value=sandbox-painter]")
    expect(page.locator(".add")).to_be_visible()
    page.set_input_files(field, [FilePayload(name="no.txt", mimeType="text/plain", buffer=b"no")])
    expect(page.locator("[data-files] .help-block")).to_contain_text("no.txt is not a picture")
    page.set_input_files(field, [FilePayload(name="broken.png", mimeType="image/png", buffer=b"no")])
    expect(page.locator("[data-files] .help-block")).to_contain_text("not a still picture")
    page.set_input_files(
        field, [FilePayload(name=f"{n}.png", mimeType="image/png", buffer=photo(size=(40 + n, 40))) for n in (1, 2)]
    )
    expect(page.locator("[data-kept]")).to_have_count(3)
    last = page.locator("[name=reference_id]").nth(2).get_attribute("value")
    page.locator("[data-earlier]").nth(2).click()
    expect(page.locator("[name=reference_id]").nth(1)).to_have_value(str(last))
    page.locator("[data-later]").nth(1).click()
    expect(page.locator("[name=reference_id]").nth(2)).to_have_value(str(last))
    tiles = page.locator("[data-kept]")
    tiles.nth(2).drag_to(tiles.first, target_position={"x": 5, "y": 38})
    expect(page.locator("[name=reference_id]").first).to_have_value(str(last))
    page.locator("[data-later]").first.press("Enter")
    expect(page.locator("[name=reference_id]").nth(1)).to_have_value(str(last))
    page.locator("[data-remove]").nth(2).click()
    page.locator("[data-remove]").nth(1).click()
    expect(page.locator("[data-kept]")).to_have_count(1)
    page.check("[name=model][value=sandbox-draft]")

    # What is private is shown before anything is sent.
    page.check("[name=acknowledged]")
    page.click(".paybar .btn")
    expect(page.locator(".found mark")).to_have_text("ana@example.com")
    expect(page.locator(".found li")).to_contain_text("an e-mail address")
    watch.look(1280)
    page.click("#take-out")
    expect(page.locator("[name=prompt]")).to_have_value("two pears, for")
    expect(page.locator("[data-kept]")).to_have_count(1)
    assert session.scalars(select(Generation)).all() == []
    page.fill("[name=prompt]", "two pears")
    page.click(".paybar .btn")

    # They wait; one is stopped; a reload and a second window find the other.
    expect(page.locator(".shot")).to_have_count(2)
    expect(page.locator(".credits")).to_have_text("38 credits")
    expect(page.locator("#shot-1")).to_contain_text("next in line")
    expect(page.locator("#shot-2")).to_contain_text("number 2 in line")
    watch.look(1280)
    page.click("#shot-1-stop")
    expect(page.locator("#shot-1")).to_contain_text("You stopped this one")
    expect(page.locator(".credits")).to_have_text("39 credits")
    expect(page.locator(".paybar .help-block")).to_contain_text("You will have 37 left.")
    page.reload()
    expect(page.locator("#shot-2")).to_contain_text("next in line")
    other = context.new_page()
    other.goto("/studio")
    expect(other.locator("#shot-2")).to_contain_text("next in line")
    page.evaluate("window.sameDocument = true")
    page.focus("#use-this")
    make(parts, pictures(session)[1], parts.clock())
    for window in (page, other):
        shown = window.locator("#shot-2 img")
        expect(shown).to_be_visible()
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    expect(page.locator("#batch-said")).to_contain_text("1 of 2 pictures are there. Nothing more is being made.")
    assert page.evaluate("window.sameDocument && document.activeElement.id") == "use-this"
    falls_silent(page)
    watch.look(1280)
    assert ledger.balance(session, ana.id) == 39


def test_on_a_phone_in_chinese_in_the_dark_where_the_server_can_tell_nothing(
    enter: Callable[..., BrowserContext],
    address: str,
    session: Session,
    parts: Parts,
    ana: Account,
    ordered: Callable[..., Generation],
    sandbox: Sandbox,
) -> None:
    ana.language = "zh_Hans"
    waiting = ordered(ana, prompt="W" * 300)
    context = enter(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True, is_mobile=True)
    context.route("**/events?*", lambda route: route.fulfill(status=503))
    page = context.new_page()
    watch = Watch(page, address)
    page.goto("/studio")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    page.fill("[name=prompt]", "两只梨")
    page.evaluate(PASTE, list(photo()))
    expect(page.locator("[data-kept]")).to_have_count(1)
    page.check("[name=model][value=sandbox-draft]")
    page.click("[data-step='1']")
    page.click("[data-step='1']")
    parts.clock.tick(seconds=1)  # type: ignore[attr-defined]
    page.click(".paybar .btn")
    expect(page.locator(".shot")).to_have_count(3)
    expect(page.locator(".under-way a")).to_have_attribute("href", f"/studio/{waiting.id}")
    watch.look(390)
    sandbox.faults.add("blocked")
    sandbox.faults.add("quota")
    for image in pictures(session):
        make(parts, image, parts.clock())
    expect(page.locator("#shot-3 img")).to_be_visible()
    expect(page.locator(".pic.none")).to_have_count(2)
    watch.look(390)


def test_without_script_an_order_arrives_too(
    enter: Callable[..., BrowserContext], session: Session, parts: Parts
) -> None:
    page = enter(java_script_enabled=False).new_page()
    page.goto("/studio")
    page.fill("[name=prompt]", "two pears")
    page.set_input_files(
        "#f-reference",
        [FilePayload(name=f"{n}.png", mimeType="image/png", buffer=photo(size=(40 + n, 40))) for n in (1, 2)],
    )
    page.check("[name=acknowledged]")
    page.click("[name=change]")
    expect(page.locator("[data-kept]")).to_have_count(2)
    first = page.locator("[name=reference_id]").first.get_attribute("value")
    page.locator("[data-earlier]").nth(1).click()
    expect(page.locator("[name=reference_id]").nth(1)).to_have_value(str(first))
    page.locator("[data-later]").first.click()
    expect(page.locator("[name=reference_id]").first).to_have_value(str(first))
    page.locator("[data-earlier]").nth(1).click()
    page.locator("[data-remove]").first.click()
    expect(page.locator("[data-kept]")).to_have_count(1)
    page.check("[name=model][value=sandbox-draft]")
    page.click("[name=change]")
    expect(page.locator(".paybar .sum b")).to_have_text("1")
    page.click(".paybar .btn")
    expect(page.locator("#shot-1")).to_contain_text("Waiting its turn")
    make(parts, pictures(session)[0], parts.clock())
    expect(page.locator("#shot-1")).to_contain_text("Finished")


def test_two_presses_of_the_button_make_one_order(enter: Callable[..., BrowserContext], session: Session) -> None:
    page = enter().new_page()
    page.goto("/studio")
    page.fill("[name=prompt]", "two pears")
    page.check("[name=acknowledged]")
    page.dblclick(".paybar .btn")
    expect(page.locator(".shot")).to_have_count(1)
    page.wait_for_load_state("domcontentloaded")
    assert len(session.scalars(select(Image)).all()) == 1
