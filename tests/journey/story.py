"""Who takes part, and what they do more than once."""

import re
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests import signing_up
from tests.conftest import PATIENCE
from tests.journey.looking import Faults
from tests.journey.running import Platform
from tests.journey.window import Window

ANA, BOB, OFFICER = "ana@example.com", "bob@example.com", "officer@imgpilot.example"
#: What is held about a person and grows when they look at their own page.
GROWS_BY_LOOKING = ("lines in the usage log", "versions of the policy that you were shown")


class Story:
    """Ana at her desk, Bob on his phone, an officer at theirs, and what they keep between the steps."""

    def __init__(self, browser: Browser, platform: Platform, downloads: Path) -> None:
        self.browser, self.platform, self.downloads = browser, platform, downloads
        self.ana, self.bob, self.officer = (Window(browser, platform, width) for width in (1280, 390, 1280))
        self.faults = Faults()
        self.link = ""  # the one that let Ana in
        self.case = ""  # the number of the request that is on
        self.bobs: list[str] = []  # what he saw before anything was deleted

    def ask_for_a_link(self, who: Window, address: str) -> str:
        """Type the address on the sign-in page; the link, as it stands in the mail."""
        who.open(f"{self.platform.site}/")
        who.press("Sign in")
        who.page.get_by_label("E-mail address").fill(address)
        who.press("Send me a link")
        expect(who.page.get_by_role("heading", name="Open your mail")).to_be_visible()
        tab = who.mail(address, "Sign in")
        link = tab.locator(".letter").get_by_role("link").first.get_attribute("href")
        tab.close()
        assert link
        return link

    def sign_in(self, who: Window, address: str) -> None:
        """From the front page by mail into the studio, the link clicked in the letter."""
        self.ask_for_a_link(who, address)
        self.follow_the_link(who, address)

    def follow_the_link(self, who: Window, address: str) -> None:
        """Click the link in the mail, then the button on the page it leads to."""
        who.page.close()
        who.page = who.mail(address, "Sign in")
        who.page.locator(".letter").get_by_role("link").first.click()
        expect(who.page.locator("#main").get_by_text(address)).to_be_visible()
        signing_up.press(who.page)
        expect(who.page.get_by_label("What should the picture show?")).to_be_visible()

    def order(self, who: Window, prompt: str, count: int, reference: Path | None = None) -> None:
        """Fill in the studio's form and press the button with the price beside it."""
        page = who.page
        page.get_by_label("What should the picture show?").fill(prompt)
        if reference:
            with page.expect_file_chooser() as chooser:
                page.locator("label.add").click()
            chooser.value.set_files(reference)
            expect(page.locator(".ref[data-fresh]")).to_have_count(1)
        field = page.get_by_role("spinbutton", name="How many")
        while int(field.input_value()) != count:
            step = "One more" if int(field.input_value()) < count else "One fewer"
            page.get_by_role("button", name=step).click()
        box = page.get_by_role("checkbox", name=re.compile("go to the provider named here"))
        if box.count():
            box.check()
        page.locator(".paybar button").click()
        expect(page.locator("#batch .prompt-said")).to_have_text(prompt)

    def find(self) -> None:
        """Open the case from the queue, once its plan waits for a decision."""
        page = self.officer.page
        page.get_by_role("navigation", name="Console").get_by_role("link", name=re.compile("^Requests")).click()
        page.get_by_role("navigation", name="Views").get_by_role("link", name=re.compile("^To decide")).click()
        row = page.get_by_role("row").filter(has_text=self.case)
        for _ in range(PATIENCE // 500):
            if row.count():
                break
            page.wait_for_timeout(500)
            page.reload()
        expect(row).to_contain_text(re.compile(r"Due \w+"))
        row.get_by_role("link", name=self.case).click()

    def approve(self) -> None:
        """The page of the deed says what will happen; the button on it does it."""
        page = self.officer.page
        self.officer.press("Approve the plan")
        expect(page.get_by_role("heading", name="Approve the plan", level=1)).to_be_visible()
        page.get_by_role("button", name="Approve the plan").click()
        expect(page.get_by_text("Plan approved. It is being carried out.")).to_be_visible()

    def asks(self, what: str, button: str, choice: str = "") -> Page:
        """Ana, who lives in Germany, asks in the privacy centre; the page that follows it."""
        page = self.ana.page
        self.ana.place("Your data")
        page.locator("main").get_by_role("link", name=re.compile(what)).first.click()
        page.get_by_label("Country").select_option("DE")
        expect(page.locator("#law")).to_contain_text("GDPR")
        if choice:
            page.get_by_role("radio", name=choice).check()
        self.ana.press(button)
        self.case = re.search(r"IP-\d{4}-\d{4,}", page.locator("#request").inner_text())[0]  # type: ignore[index]
        return page

    def what_bob_sees(self) -> list[str]:
        """All that is Bob's: what is held, where it went, his pictures, their bytes."""
        page = self.bob.page
        self.bob.place("Your data")
        held = page.locator("#held .held summary").all_inner_texts()
        held = [line for line in held if not line.strip().lower().startswith(GROWS_BY_LOOKING)]
        seen = [*held, page.locator("#ledger table").inner_text()]
        self.bob.place("My pictures")
        expect(page.locator(".gal-row a.f").first).to_be_visible()  # the page is there before it is read
        seen.append(page.locator("main").inner_text())
        page.locator(".gal-row a.f").first.click()
        page.wait_for_load_state()
        file = self.bob.fetch("Download", self.downloads)
        return [*seen, page.locator("main").inner_text(), sha256(file.read_bytes()).hexdigest()]
