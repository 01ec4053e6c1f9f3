"""The studio and the gallery in a real browser: live without a reload, quiet when done, whole without script."""

import shutil
from collections.abc import Callable, Iterator
from threading import Thread
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from imgpilot.accounts import sign_ins
from imgpilot.accounts.models import Account
from imgpilot.accounts.people import COOKIE
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation, Image
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.generation.conftest import images_of


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A Chromium: the system's, else Playwright's own."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def address(site: Flask) -> Iterator[str]:
    """The site, served on loopback."""
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def enter(
    chromium: Browser, address: str, session: Session, parts: Parts, ana: Account
) -> Iterator[Callable[..., BrowserContext]]:
    """A browser window in which Ana is signed in."""
    opened: list[BrowserContext] = []

    def window(**options: object) -> BrowserContext:
        token = sign_ins.start(session, parts.settings, ana, "Chromium", parts.clock())
        session.commit()
        context = chromium.new_context(base_url=address, reduced_motion="reduce", **options)  # type: ignore[arg-type]
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        opened.append(context)
        return context

    yield window
    for context in opened:
        context.close()


def pictures(session: Session) -> list[UUID]:
    """The pictures of the only order there is."""
    session.rollback()
    return [image.id for image in images_of(session, session.scalars(select(Generation)).one())]


def test_pictures_arrive_without_a_reload_and_the_page_falls_silent_when_all_are_there(
    enter: Callable[..., BrowserContext], session: Session, parts: Parts, sandbox: Sandbox
) -> None:
    page = enter().new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/studio")
    page.fill("[name=prompt]", "two pears")
    expect(page.locator("#f-prompt-count")).to_have_text("9")
    page.check("[name=model][value=sandbox-draft]")
    page.click("[data-step='1']")
    page.check("[name=acknowledged]")
    page.click(".paybar .btn")
    expect(page.locator(".shot")).to_have_count(2)
    expect(page.locator(".credits")).to_have_text("38 credits")
    page.evaluate("window.sameDocument = true")
    page.focus("#use-this")

    first, second = pictures(session)
    sandbox.faults.add("blocked")
    make(parts, first, parts.clock())
    expect(page.locator("#shot-1")).to_contain_text("1 credit refunded")
    expect(page.locator(".credits")).to_have_text("39 credits")
    expect(page.locator(".paybar .help-block")).to_contain_text("You will have 37 left.")
    make(parts, second, parts.clock())
    shown = page.locator("#shot-2 img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    expect(page.locator("#batch-said")).to_contain_text("1 of 2 pictures are there. Nothing more is being made.")
    assert page.evaluate("window.sameDocument && document.activeElement.id") == "use-this"

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(1500)
    assert asked == []
    assert said == []
    page.reload()
    expect(page.locator("#shot-1")).to_contain_text("1 credit refunded")
    expect(page.locator("#shot-2 img")).to_be_visible()


def test_without_script_an_order_arrives_too(
    enter: Callable[..., BrowserContext], session: Session, parts: Parts
) -> None:
    page = enter(java_script_enabled=False).new_page()
    page.goto("/studio")
    page.fill("[name=prompt]", "two pears")
    page.check("[name=model][value=sandbox-draft]")
    page.check("[name=acknowledged]")
    page.click(".paybar .btn")
    expect(page.locator("#shot-1")).to_contain_text("Waiting its turn")
    make(parts, pictures(session)[0], parts.clock())
    expect(page.locator("#shot-1")).to_contain_text("Finished", timeout=10_000)


def test_two_presses_of_the_button_make_one_order(enter: Callable[..., BrowserContext], session: Session) -> None:
    page = enter().new_page()
    page.goto("/studio")
    page.fill("[name=prompt]", "two pears")
    page.check("[name=acknowledged]")
    page.dblclick(".paybar .btn")
    expect(page.locator(".shot")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert len(session.scalars(select(Image)).all()) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_accessible_and_fit(
    enter: Callable[..., BrowserContext],
    session: Session,
    parts: Parts,
    ana: Account,
    ordered: Callable[..., Generation],
    sandbox: Sandbox,
    width: int,
    theme: str,
) -> None:
    waiting = ordered(ana, prompt="one that waits")
    order = ordered(ana, count=3, ratio="9:16", prompt="W" * 300)
    sandbox.faults.add("blocked")
    sandbox.faults.add("quota")
    for image in images_of(session, order):
        make(parts, image.id, parts.clock())
    finished = images_of(session, order)[-1]
    page = enter(viewport={"width": width, "height": 900}, color_scheme=theme).new_page()
    for path in (f"/studio/{order.id}", f"/studio/{waiting.id}", "/gallery", f"/images/{finished.id}"):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
