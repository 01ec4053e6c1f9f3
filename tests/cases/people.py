"""The people of a case: who writes from home, who works in the office, and what they do more than once."""

import re
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect

from tests import signing_up
from tests.journey.looking import FEW, Faults, look
from tests.journey.running import Platform, until
from tests.journey.window import Window

OFFICER, CLERK = ("officer@imgpilot.example", "Privacy Officer"), ("clerk@imgpilot.example", "Privacy Agent")


class Cast:
    """Windows by name, what was found in them, and what lies in the mailboxes."""

    def __init__(self, browser: Browser, platform: Platform, office: dict[str, str], folder: Path) -> None:
        self.browser, self.platform, self.folder = browser, platform, folder
        self.faults = Faults(folder / "pictures", FEW)
        self.case = ""
        self.number = 0
        self._office = office
        self.windows: list[Window] = []

    def window(self, width: int = 1280) -> Window:
        """Somebody's browser, fresh from the shop."""
        opened = Window(self.browser, self.platform, width)
        self.windows.append(opened)
        return opened

    def leave(self) -> None:
        """Everybody closes their browser."""
        for one in self.windows:
            one.context.close()

    def look(self, page: Page, name: str) -> None:
        """What a reviewer does at each station: axe in both themes, both widths, a picture."""
        self.number += 1
        look(page, f"{self.number:02}-{name}", self.faults)

    # ── at home ──

    def signs_in(self, address: str, width: int = 1280) -> Window:
        """A person with an account, made by the first link."""
        who = self.window(width)
        who.open(f"{self.platform.site}/sign-in")
        who.page.get_by_label("E-mail address").fill(address)
        who.press("Send me a link")
        expect(who.page.get_by_role("heading", name="Open your mail")).to_be_visible()
        who.open(self.link(address, "Sign in"))
        signing_up.press(who.page)
        expect(who.page.get_by_label("What should the picture show?")).to_be_visible()
        return who

    def makes(self, who: Window, prompt: str) -> None:
        """One picture."""
        page = who.page
        page.get_by_label("What should the picture show?").fill(prompt)
        field = page.get_by_role("spinbutton", name="How many")
        while int(field.input_value()) > 1:
            page.get_by_role("button", name="One fewer").click()
        box = page.get_by_role("checkbox", name=re.compile("go to the provider named here"))
        if box.count():
            box.check()
        page.locator(".paybar button").click()
        expect(page.locator("#batch .chip.ok")).to_have_count(1)

    def asks(self, who: Window, kind: str, button: str, choice: str = "") -> Page:
        """Somebody in Germany asks in the privacy centre; the page that follows it. `case` is its number then."""
        page = who.open(f"{self.platform.site}/privacy/ask/{kind}")
        page.get_by_label("Country").select_option("DE")
        if choice:
            page.get_by_role("radio", name=choice).check()
        self.look(page, f"ask-{kind}")
        who.press(button)
        expect(page.locator("#request")).to_be_visible()
        self.case = _case(page.locator("#request").inner_text())
        return page

    # ── the post ──

    def letters(self, to: str) -> list[dict[str, Any]]:
        """Every mail to this address, newest first."""
        found: list[dict[str, Any]] = httpx.get(f"{self.platform.sandbox}/api/mail", params={"to": to}).json()[
            "messages"
        ]
        return found

    def letter(self, to: str, subject: str, seconds: float = 120) -> dict[str, Any]:
        """The newest mail to this address with these words in its subject, once it is there."""

        def there() -> dict[str, Any] | None:
            return next((mail for mail in self.letters(to) if subject.lower() in mail["subject"].lower()), None)

        found: dict[str, Any] = until(there, seconds, f"the letter “{subject}”")
        return found

    def link(self, to: str, subject: str) -> str:
        """The first link into the site in that mail."""
        links = self.letter(to, subject)["links"]
        return str(next(one for one in links if re.search(r"/(sign-in|confirm)/", one)))

    # ── in the office ──

    def comes_to_work(self, who: tuple[str, str], name: str) -> Window:
        """A member of staff, signed in to the console."""
        address, role = who
        if address not in self._office:
            said = self.platform.run("staff", "add", address, "--role", role, "--name", name)
            assert said.returncode == 0, said.stderr
            self._office[address] = said.stdout.split()[-1]
        desk = self.window()
        page = desk.open(self.platform.console)
        page.get_by_label("User name").fill(address)
        page.get_by_label("Password").fill(self._office[address])
        desk.press("Sign in")
        expect(page.get_by_role("navigation", name="Console")).to_contain_text("Requests")
        return desk

    def finds(self, desk: Window, view: str, case: str = "") -> Page:
        """Open a case from the queue, by the view in which it stands."""
        page = desk.page
        page.get_by_role("navigation", name="Console").get_by_role("link", name=re.compile("^Requests")).click()
        page.get_by_role("navigation", name="Views").get_by_role("link", name=re.compile(f"^{view}")).click()
        row = page.get_by_role("row").filter(has_text=case or self.case)
        until(lambda: row.count() or (page.reload() and row.count()), 120, "the case in its view")
        row.get_by_role("link", name=case or self.case).click()
        expect(page.get_by_role("heading", name=case or self.case)).to_be_visible()
        return page

    def approves(self, desk: Window, picture: str = "") -> None:
        """On the page of the deed, which carries the digest of the plan that was shown."""
        page = desk.page
        shown = re.search(r"[0-9a-f]{64}", page.locator("main").inner_text())
        assert shown, "the plan has a digest"
        desk.press("Approve the plan")
        assert page.locator("input[name=digest]").input_value() == shown.group()
        if picture:
            self.look(page, picture)
        page.get_by_role("button", name="Approve the plan").click()
        expect(page.get_by_text("Plan approved. It is being carried out.")).to_be_visible()

    def proves_the_log(self) -> None:
        """`imgpilot audit verify` finds it whole."""
        said = self.platform.run("audit", "verify")
        assert said.returncode == 0, said.stdout + said.stderr

    def behaved(self, *forgiven: str) -> None:
        """No browser complained, nothing was asked of anybody else, every page is accessible and fits."""
        for one in self.windows:
            one.has_kept_to_the_rules(*forgiven)
        assert not self.faults, "\n".join(self.faults)


def _case(text: str) -> str:
    found = re.search(r"IP-\d{4}-\d{4,}", text)
    assert found
    return found.group()
