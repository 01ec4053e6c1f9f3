"""index.html in a real browser: offline, whole, at desk and phone width, and nothing typed becomes markup."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from imgpilot.generation.models import Generation
from tests.export.conftest import contents
from tests.serving import browsing
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("unprinted")

TYPED = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with browsing() as launched:
        yield launched


@pytest.fixture
def folder(session: Session, ana: Somebody, packed: Callable[..., Path], tmp_path: Path) -> Path:
    """The unpacked package of somebody who typed markup."""
    prompt = session.get_one(Generation, ana.image.generation_id)
    prompt.prompt = TYPED
    session.commit()
    path = packed(ana)
    with zipfile.ZipFile(path) as package:
        package.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


def opened(browser: Browser, folder: Path, **screen: Any) -> tuple[Page, list[str], list[str]]:
    """The page, what it asked for, what went wrong."""
    page = browser.new_page(**screen)
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto((folder / "index.html").as_uri())
    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    page.wait_for_function("[...document.images].every(i => i.complete)")
    return page, asked, wrong


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_p16_the_page_opens_offline_asks_for_nothing_else_and_fits(
    browser: Browser, folder: Path, width: int, scheme: str
) -> None:
    page, asked, wrong = opened(
        browser, folder, viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    inside = folder.as_uri() + "/"
    assert asked and all(url.startswith(inside) for url in asked)
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[...document.images].every(i => i.naturalWidth > 0) && document.images.length") == 4
    assert page.evaluate("document.querySelectorAll('script').length") == 0
    page.close()


def test_every_link_leads_to_a_file_and_every_file_has_a_link(browser: Browser, folder: Path) -> None:
    page, _asked, _wrong = opened(browser, folder)
    links = page.evaluate("[...document.links].map(a => a.href).filter(h => !h.includes('#'))")
    led = {Path(unquote(urlsplit(link).path)) for link in links}
    assert led == {path for path in folder.rglob("*") if path.is_file()}
    anchors = page.evaluate("[...document.links].map(a => a.getAttribute('href')).filter(h => h.startsWith('#'))")
    assert all(page.locator(anchor).count() == 1 for anchor in anchors)
    page.close()


def test_what_somebody_typed_is_shown_and_never_run(browser: Browser, folder: Path) -> None:
    page, _asked, _wrong = opened(browser, folder)
    assert "taken" not in page.title()
    assert page.get_by_text(TYPED).count() >= 2
    page.close()


def test_without_script_it_says_the_same_on_paper(browser: Browser, folder: Path) -> None:
    page, _asked, _wrong = opened(browser, folder, java_script_enabled=True)
    page.emulate_media(media="print")
    assert page.locator("nav").is_hidden()
    assert len(page.pdf()) > 10_000
    page.close()


def test_the_page_is_in_her_language(ana: Somebody, packed: Callable[..., Path]) -> None:
    page = contents(packed(ana, language="zh_Hans"))["index.html"].decode()
    assert '<html lang="zh-Hans">' in page
    assert "2026年11月23日" in page
