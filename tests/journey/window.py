"""One person at one device: a browser that remembers everything it asked for and every complaint it had."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Download, Page

from imgpilot import cookies
from tests.conftest import PATIENCE
from tests.journey.looking import WIDTHS
from tests.journey.running import Platform
from tests.serving import TOASTS_STAY

#: Every cookie there is; another one would have to be declared first.
DECLARED = set(cookies.names())
#: What the policy of the page forbids becomes a complaint of the browser.
POLICY = """addEventListener('securitypolicyviolation', event =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`))"""


class Window:
    """A person's browser. They click and type; `page` is the tab in front."""

    def __init__(self, browser: Browser, platform: Platform, width: int) -> None:
        self.platform = platform
        self.width = width
        self.context = browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]}, reduced_motion="reduce", accept_downloads=True
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(POLICY)
        self.context.add_init_script(TOASTS_STAY)
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page = self.context.new_page()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} {message.location['url']}")

    def open(self, address: str) -> Page:
        """Type an address."""
        self.page.goto(address)
        return self.page

    def press(self, name: str, page: Page | None = None) -> None:
        """Click the button or link with this name."""
        page = page or self.page
        page.get_by_role("button", name=name, exact=True).or_(
            page.get_by_role("link", name=name, exact=True)
        ).first.click()

    def place(self, name: str) -> None:
        """Go to one of the site's places by its navigation: at the top, on a phone at the bottom."""
        where = "Main, at the bottom" if self.width < 720 else "Main"
        self.page.get_by_role("navigation", name=where, exact=True).get_by_role("link", name=name).click()
        # What a page says can be read before its styles have come, and then it reads differently.
        self.page.wait_for_load_state()

    def fetch(self, name: str, folder: Path, page: Page | None = None) -> Path:
        """Click a download and keep it."""
        with (page or self.page).expect_download() as waiting:
            self.press(name, page)
        got: Download = waiting.value
        return _kept(got, folder)

    def fetch_file(self, page: Page, ending: str, folder: Path) -> Path:
        """Click the link to a file whose name ends like this, and keep it."""
        with page.expect_download() as waiting:
            page.get_by_role("link", name=re.compile(re.escape(ending) + "$")).click()
        return _kept(waiting.value, folder)

    def mail(self, address: str, subject: str) -> Page:
        """A second tab: the mail catcher's page for this address, the newest letter with that subject."""
        tab = self.context.new_page()
        tab.goto(f"{self.platform.sandbox}/mail/")
        tab.get_by_label("Only mail to").fill(address)
        tab.get_by_role("button", name="Show this address").click()
        letter = tab.get_by_role("link").filter(has_text=subject).first
        for _ in range(PATIENCE // 500):
            if letter.count():
                break
            tab.wait_for_timeout(500)
            tab.reload()
        letter.click()
        return tab

    def marked(self) -> bool:
        """Whether this is still the page that was marked: a reload loses the mark."""
        return bool(self.page.evaluate("window.stillHere === true"))

    def mark(self) -> None:
        """Mark the page, so that a reload shows."""
        self.page.evaluate("window.stillHere = true")

    def has_kept_to_the_rules(self, *forgiven: str) -> None:
        """No complaint of the browser, no foreign host, no cookie and no storage that is not declared."""
        assert [c for c in self.complaints if not any(f in c for f in forgiven)] == []
        allowed = {urlsplit(a).netloc for a in (self.platform.site, self.platform.console, self.platform.sandbox)}
        hosts = {urlsplit(u).netloc for u in self.asked if urlsplit(u).scheme not in ("data", "blob")}
        assert hosts <= allowed, hosts - allowed
        assert {cookie["name"] for cookie in self.context.cookies()} <= DECLARED
        assert self.page.evaluate("localStorage.length + sessionStorage.length") == 0


def _kept(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path
