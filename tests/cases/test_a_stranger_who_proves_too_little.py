"""Somebody asks for Cleo's data from an address of his own. He proves that the address is his, and nothing else.

The tests are one story and run in this order.
"""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.cases.people import OFFICER, Cast
from tests.journey.running import until
from tests.journey.window import Window

CLEO, STRANGER = "cleo.marin@example.com", "stranger@elsewhere.example"
HERS = "Four foxes under a red bridge"
WHY = "The paper you sent shows a name, but nothing that ties it to the account you mean."


@dataclass
class Story:
    """Who takes part, everything the stranger was shown, and what lay in the store before his paper came."""

    cleo: Window
    stranger: Window
    officer: Window
    shown: list[str] = field(default_factory=list)
    mails: int = 0

    def sees(self, page: Page) -> None:
        """Keep what stands on the page: all of it, not only what is visible."""
        self.shown.append(page.content())


@pytest.fixture(scope="module")
def story(cast: Cast) -> Story:
    """Cleo has an account with a picture; an officer is at work."""
    cleo = cast.signs_in(CLEO)
    cast.makes(cleo, HERS)
    return Story(cleo, cast.window(), cast.comes_to_work(OFFICER, "Mei Tan"), mails=len(cast.letters(CLEO)))


def test_he_asks_from_his_own_address_and_names_her_account(story: Story, cast: Cast) -> None:
    page = story.stranger.open(f"{cast.platform.site}/privacy/ask-without-account?kind=access")
    page.get_by_label("E-mail address of the person it is about").fill(STRANGER)
    page.get_by_text("I cannot read the mail of the account it is about").click()
    page.get_by_label("Address of that account").fill(CLEO)
    page.get_by_label("Anything we should know").fill("I lost my old mailbox. Send everything here.")
    page.get_by_label("Country").select_option("FR")
    cast.look(page, "form")
    story.stranger.press("Send the request")
    expect(page.get_by_role("heading", name="One more step: look into the mail")).to_be_visible()
    story.sees(page)


def test_the_link_proves_his_own_address_only(story: Story, cast: Cast) -> None:
    page = story.stranger.open(cast.link(STRANGER, "Was it you who asked?"))
    expect(page.get_by_role("heading", name="Did you ask for this?")).to_be_visible()
    story.sees(page)
    cast.look(page, "confirm")
    story.stranger.press("Yes, I asked for this")
    expect(page.get_by_role("heading", name="Thank you. It is confirmed")).to_be_visible()
    story.sees(page)
    cast.case = cast.letter(STRANGER, "Was it you who asked?")["subject"].split()[-1]


def test_cleo_gets_nothing_and_sees_nothing_of_it(story: Story, cast: Cast) -> None:
    assert len(cast.letters(CLEO)) == story.mails
    page = story.cleo.open(f"{cast.platform.site}/privacy")
    expect(page.locator("main")).not_to_contain_text(cast.case)
    expect(page.locator("#seen")).to_contain_text("Nobody of our staff has looked at your data.")
    cast.look(page, "cleos-centre")


def test_the_officer_asks_for_more(story: Story, cast: Cast) -> None:
    page = cast.finds(story.officer, "Identity to prove")
    expect(page.locator("main")).not_to_contain_text(CLEO)
    expect(page.get_by_role("link", name="Approve the plan")).to_have_count(0)
    todo = page.get_by_role("region", name="Next action")
    expect(todo).to_contain_text("Check first who asks: they name an account with another address")
    cast.look(page, "case-proving")
    story.officer.press("Ask for more")
    page.get_by_label("What we need").select_option("document")
    story.officer.press("Go on to the letter")
    story.officer.press("See the letter")
    letter = page.frame_locator("iframe.letter-preview")
    expect(letter.get_by_text("Something that shows that you are the person.")).to_be_visible()
    cast.look(page, "ask-for-more")
    story.officer.press("Ask for more and send the letter")
    expect(page.get_by_text("Asked. The letter is on its way.")).to_be_visible()
    expect(todo).to_contain_text("Waiting for the person")
    cast.letter(STRANGER, f"We need one more thing for your request {cast.case}")


def test_what_he_sends_is_not_enough_and_is_destroyed(story: Story, cast: Cast) -> None:
    page, requests = story.officer.page, cast.platform.home / "objects" / "requests"
    paper = cast.folder / "paper.jpg"
    paper.write_bytes(b"\xff\xd8\xff\xe0 a paper with somebody's name on it")
    page.locator("#files summary", has_text="Add a file").click()
    page.get_by_label("What it is").select_option("evidence")
    page.get_by_label("The file").set_input_files(paper)
    story.officer.press("Add the file")
    expect(page.locator("#files")).to_contain_text("paper.jpg")
    [kept] = requests.glob("*/files/*")
    assert b"somebody" not in kept.read_bytes(), "it lies encrypted"
    cast.look(page, "case-evidence")

    story.officer.press("Reject the proof")
    page.get_by_label("What you checked").select_option("document seen")
    cast.look(page, "reject")
    page.get_by_role("button", name="Reject the proof").click()
    expect(page.get_by_text("Rejected. What was shown is destroyed.")).to_be_visible()
    until(lambda: not kept.exists(), 120, "the end of the paper")
    until(lambda: page.reload() and "No files." in page.locator("#files").inner_text(), 120, "the end of its row")


def test_the_officer_refuses_with_reasons(story: Story, cast: Cast) -> None:
    page = story.officer.page
    story.officer.press("Refuse")
    page.get_by_label("On which ground").select_option("not-proved")
    page.get_by_label("Why", exact=True).fill(WHY)
    story.officer.press("Go on to the letter")
    cast.look(page, "refuse")
    story.officer.press("Refuse and send the letter")
    expect(page.get_by_text("Refused. The person gets your reasons and the ways to complain.")).to_be_visible()
    answer = cast.letter(STRANGER, f"Our answer to your request {cast.case}")
    assert WHY in answer["text"]
    for way in ("appeal", "complain", "CNIL"):
        assert way in answer["text"], way
    until(lambda: page.reload() and "Done: refused" in page.locator("main").inner_text(), 120, "the end of the case")
    identity = page.locator("section.panel").filter(has=page.get_by_role("heading", name="Identity", exact=True))
    expect(identity.locator(".chip")).to_have_text("Not proved")
    cast.look(page, "case-refused")


def test_a_used_link_says_nothing_either(story: Story, cast: Cast) -> None:
    page = story.stranger.open(cast.link(STRANGER, "Was it you who asked?"))
    story.sees(page)
    cast.look(page, "link-dead")


def test_nothing_of_cleo_was_in_anything_he_got(story: Story, cast: Cast) -> None:
    got = cast.letters(STRANGER)
    assert len(got) >= 3
    everything = [*story.shown, *(repr(mail) for mail in got)]
    for words in (CLEO, CLEO.partition("@")[0], HERS, *_ids_of(cast)):
        assert not [one for one in everything if words.lower() in one.lower()]
    assert not any(mail["attachments"] for mail in got)


def _ids_of(cast: Cast) -> list[str]:
    """What names her and her things in our addresses."""
    with cast.platform.as_owner_of_the_database() as database:
        account = database.scalar(text("SELECT id FROM account WHERE email = :email"), {"email": CLEO})
        pictures = database.scalars(
            text("SELECT image.id FROM image JOIN generation ON generation.id = generation_id WHERE account_id = :id"),
            {"id": account},
        ).all()
    assert pictures
    return [str(account), *map(str, pictures)]


def test_cleo_still_has_everything_and_heard_nothing(story: Story, cast: Cast) -> None:
    assert len(cast.letters(CLEO)) == story.mails
    page = story.cleo.open(f"{cast.platform.site}/privacy")
    expect(page.locator("main")).not_to_contain_text(cast.case)
    expect(page.locator("#held summary").filter(has_text="ictures you made").locator(".n")).to_have_text("1")


def test_the_log_is_whole_and_every_page_was_in_order(story: Story, cast: Cast) -> None:
    cast.proves_the_log()
    cast.behaved("410 (GONE)")
