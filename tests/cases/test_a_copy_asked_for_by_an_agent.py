"""CCPA, right to know, asked by an agent (11 CCR 7063): Bea confirms, the answer takes longer, she fetches it.

The tests are one story and run in this order.
"""

import re
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tests.cases.people import CLERK, OFFICER, Cast
from tests.journey.running import until
from tests.journey.window import Window

BEA = "bea@example.com"
HERS = "A lighthouse in fog, long exposure"
WHY = "You asked in a week in which many people did, and every copy is checked by hand."
KINDLY = "We are sorry that you have to wait."


@dataclass
class Story:
    """Who takes part. Bea reads her mail on her phone, and is signed in at her desk."""

    bea: Window
    phone: Window
    agent: Window
    clerk: Window
    officer: Window
    used: str = ""


@pytest.fixture(scope="module")
def story(cast: Cast) -> Story:
    """Bea, in California, has an account with a picture."""
    bea = cast.signs_in(BEA)
    cast.makes(bea, HERS)
    clerk, officer = cast.comes_to_work(CLERK, "Jo Park"), cast.comes_to_work(OFFICER, "Mei Tan")
    return Story(bea, cast.window(390), cast.window(), clerk, officer)


def test_an_agent_asks_with_a_signed_permission(story: Story, cast: Cast) -> None:
    page = story.agent.open(f"{cast.platform.site}/privacy")
    cast.look(page, "door")
    page.get_by_role("link", name=re.compile("^I have none")).click()
    page.locator("main").get_by_role("link", name=re.compile("^Get a copy")).click()
    permission = cast.folder / "permission.pdf"
    permission.write_bytes(b"%PDF-1.7 I, Bea, let Agents Inc. ask for me. Signed: Bea")
    page.get_by_role("radio", name="For somebody who gave me a signed permission").check()
    page.get_by_label("E-mail address of the person it is about").fill(BEA)
    page.locator("input[type=file]").set_input_files(permission)
    page.get_by_label("Country").select_option("US")
    page.get_by_label("State or province").select_option("US-CA")
    cast.look(page, "agent-form")
    story.agent.press("Send the request")
    expect(page.get_by_text("The person opens it and confirms that you may ask.")).to_be_visible()
    cast.look(page, "agent-sent")


def test_bea_confirms_by_the_mailed_link(story: Story, cast: Cast) -> None:
    link = cast.link(BEA, "Was it you who asked?")
    cast.case = re.findall(r"IP-\d{4}-\d{4,}", cast.letter(BEA, "Was it you who asked?")["subject"])[0]
    page = story.phone.open(link)
    expect(page.get_by_role("heading", name="Did you send somebody to ask for this?")).to_be_visible()
    expect(page.locator("main")).to_contain_text("CCPA")
    cast.look(page, "confirm")
    story.phone.press("Yes, I sent them")
    expect(page.get_by_role("heading", name="Thank you. It is confirmed")).to_be_visible()
    cast.letter(BEA, f"We have your request {cast.case}")


def test_a_clerk_takes_the_case(story: Story, cast: Cast) -> None:
    page = cast.finds(story.clerk, "Nobody’s")
    expect(page.locator("main")).to_contain_text("An agent showed a permission that the person confirmed.")
    story.clerk.press("Take it")
    expect(page.get_by_text("Given to Jo Park.").first).to_be_visible()
    expect(page.get_by_role("link", name="Approve the plan")).to_have_count(0)
    cast.look(page, "case-clerk")


def test_an_officer_extends_with_a_letter_of_her_own(story: Story, cast: Cast) -> None:
    received, due = _days(cast)
    assert (due - received).days == 45
    page = cast.finds(story.officer, "To decide")
    story.officer.press("Extend the deadline")
    page.get_by_label("Why it takes longer").fill(WHY)
    story.officer.press("Go on to the letter")
    letter = page.get_by_label("Text", exact=True)
    expect(letter).to_have_value(re.compile(re.escape(WHY)))
    letter.fill(f"{letter.input_value()}\n\n{KINDLY}")
    story.officer.press("See the letter")
    expect(page.frame_locator("iframe.letter-preview").get_by_text(KINDLY)).to_be_visible()
    cast.look(page, "extend")
    story.officer.press("Extend the deadline and send the letter")
    expect(page.get_by_text("Extended. The notice with your reason is on its way.")).to_be_visible()
    received, due = _days(cast)
    assert (due - received).days == 90
    cast.look(page, "case-extended")
    said = cast.letter(BEA, f"We need more time for your request {cast.case}")["text"]
    assert WHY in said
    assert KINDLY in said
    assert f"{due.day} {due:%b}" in said
    page.reload()
    expect(page.get_by_role("link", name="Extend the deadline")).to_have_count(0)


def _days(cast: Cast) -> tuple[date, date]:
    """The day of receipt where she lives, and the day of the answer."""
    with cast.platform.as_owner_of_the_database() as database:
        found = database.execute(
            text("SELECT (received_at AT TIME ZONE zone)::date, due_on FROM privacy_request WHERE number = :number"),
            {"number": int(cast.case.rpartition("-")[2])},
        ).one()
    return found[0], found[1]


def test_bea_sees_it_and_the_officer_approves(story: Story, cast: Cast) -> None:
    page = story.bea.open(f"{cast.platform.site}/privacy")
    expect(page.locator("#requests")).to_contain_text("It takes longer than usual")
    page.locator("#requests").get_by_role("link", name=re.compile("copy", re.I)).first.click()
    expect(page.get_by_text(KINDLY)).to_be_visible()
    cast.look(page, "request-extended")
    cast.approves(story.officer)
    cast.letter(BEA, "Your data is ready")


def test_she_proves_herself_and_downloads_once(story: Story, cast: Cast) -> None:
    page = story.bea.page
    expect(page.get_by_role("heading", name="Your copy is ready")).to_be_visible()
    with cast.platform.as_owner_of_the_database() as database:  # she signed in a while ago
        database.execute(
            text(
                "UPDATE sign_in SET proved_at = proved_at - interval '11 minutes'"
                " WHERE account_id = (SELECT id FROM account WHERE email = :email)"
            ),
            {"email": BEA},
        )
    story.bea.press("Download your data")
    expect(page.get_by_role("heading", name="Prove that it is you once more")).to_be_visible()
    cast.look(page, "prove")
    before = len(cast.letters(BEA))
    story.bea.press("Mail me a link")
    expect(page.get_by_role("heading", name="Open your mail")).to_be_visible()
    until(lambda: len(cast.letters(BEA)) > before, 30, "the link")
    story.bea.open(next(one for one in cast.letters(BEA)[0]["links"] if "/sign-in/" in one))
    story.bea.press("It is me")
    expect(page.get_by_role("heading", name="Your copy is ready")).to_be_visible()

    with page.expect_download() as waiting:
        story.bea.press("Download your data")
    package = cast.folder / waiting.value.suggested_filename
    waiting.value.save_as(package)
    _is_hers(package)
    story.used = waiting.value.url
    story.bea.open(story.used)
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    cast.look(page, "link-used")


def _is_hers(package: Path) -> None:
    with zipfile.ZipFile(package) as opened:
        assert HERS in opened.read("data/generation.json").decode()


def test_the_link_is_nobody_elses_either(story: Story, cast: Cast) -> None:
    page = story.agent.open(story.used)
    expect(page.get_by_role("button", name="Send me a link")).to_be_visible()


def test_she_reads_which_letters_went_out_and_who_looked(story: Story, cast: Cast) -> None:
    page = story.bea.open(f"{cast.platform.site}/privacy/ledger")
    letters = page.locator("tbody tr").filter(has_text="Mail delivery")
    about = [mail for mail in cast.letters(BEA) if cast.case in mail["subject"]]
    assert letters.count() == len(cast.letters(BEA)), "a line for every mail"
    assert len(about) >= 4
    cast.look(page, "ledger")
    page = story.bea.open(f"{cast.platform.site}/privacy/seen")
    for who in ("A privacy officer", "A privacy clerk"):
        expect(page.get_by_role("row").filter(has_text=who).first).to_contain_text("opened your request")
    expect(page.locator("main")).not_to_contain_text("Mei Tan")
    cast.look(page, "seen")


def test_the_permission_is_destroyed_the_log_whole_every_page_in_order(story: Story, cast: Cast) -> None:
    page = story.officer.page
    until(lambda: page.reload() and "Done: answered" in page.locator("main").inner_text(), 120, "the end of the case")
    expect(page.locator("#files")).to_contain_text("No files.")
    cast.look(page, "case-answered")
    cast.proves_the_log()
    cast.behaved("410 (GONE)")
