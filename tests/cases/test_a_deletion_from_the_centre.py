"""GDPR 17, from the privacy centre: Ana asks, changes her mind while there is time, asks again; all of it goes.

The tests are one story and run in this order.
"""

import re
from dataclasses import dataclass, field

import pikepdf
import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tests.cases.people import OFFICER, Cast
from tests.journey.running import until
from tests.journey.story import GROWS_BY_LOOKING
from tests.journey.window import Window

ANA, BOB = "ana@example.com", "bob@example.com"
HERS, HIS = "A heron in the reeds at dawn, woodcut", "Two pears on a white plate, soft side light"


@dataclass
class Story:
    """Who takes part, and what they keep between the steps."""

    ana: Window
    bob: Window
    officer: Window
    first: str = ""
    bobs: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def story(cast: Cast) -> Story:
    """Ana and Bob have a picture each; an officer is at work."""
    told = Story(cast.signs_in(ANA), cast.signs_in(BOB, 390), cast.comes_to_work(OFFICER, "Mei Tan"))
    cast.makes(told.ana, HERS)
    cast.makes(told.bob, HIS)
    told.bobs = _what_bob_sees(cast, told.bob)
    return told


def _what_bob_sees(cast: Cast, bob: Window) -> list[str]:
    """What is held about him, where it went, and the bytes of his picture."""
    page = bob.open(f"{cast.platform.site}/privacy")
    held = page.locator("#held .held summary").all_inner_texts()
    held = [line for line in held if not line.strip().lower().startswith(GROWS_BY_LOOKING)]
    seen = [*held, page.locator("#ledger table").inner_text()]
    page = bob.open(f"{cast.platform.site}/gallery")
    source = page.locator(".gal-row img").first.get_attribute("src")
    assert source
    return [*seen, page.locator("main").inner_text(), repr(page.request.get(cast.platform.site + source).body())]


def test_ana_asks_with_time_to_change_her_mind(story: Story, cast: Cast) -> None:
    page = cast.asks(story.ana, "deletion", "Ask for deletion", "Wait, so that I can change my mind")
    story.first = cast.case
    expect(page.get_by_text("You have our answer by")).to_be_visible()
    cast.look(page, "request")
    received = cast.letter(ANA, f"We have your request {cast.case}")
    assert "Germany" not in received["subject"]
    assert ANA not in received["subject"]


def test_an_officer_approves_by_digest(story: Story, cast: Cast) -> None:
    page = cast.finds(story.officer, "To decide")
    cast.look(page, "case")
    cast.approves(story.officer, "approve")
    expect(page.get_by_text(re.compile("cooling off until"))).to_be_visible()
    cast.look(page, "case-cooling")


def test_she_sees_until_when_and_takes_it_back(story: Story, cast: Cast) -> None:
    page = story.ana.open(f"{cast.platform.site}/privacy")
    banner = page.get_by_role("complementary", name="Your account is being closed")
    expect(banner).to_contain_text(re.compile(r"will be erased on \w+"))
    cast.look(page, "banner")
    day = re.search(r"erased on (\w+) (\d+) (\w+)\.", banner.inner_text())
    assert day
    written = rf"{day[1]}\w*, {day[2]} {day[3]}\w*"
    assert re.search(written, cast.letter(ANA, "about to be deleted")["text"]), "the letter names the same day"
    story.ana.press("See it or keep my account")
    expect(page.get_by_text(f"It is erased on {' '.join(day.groups())}")).to_be_visible()
    cast.look(page, "cooling")
    story.ana.press("Keep my account")
    expect(page.get_by_text("You took this request back.")).to_be_visible()
    cast.look(page, "taken-back")
    page = story.ana.open(f"{cast.platform.site}/gallery")
    expect(banner).to_have_count(0)
    expect(page.locator(".gal-row figure")).to_have_count(1)
    cast.letter(ANA, f"Your request {story.first} is taken back")


def test_she_asks_again_for_at_once_and_everything_goes(story: Story, cast: Cast) -> None:
    cast.asks(story.ana, "deletion", "Ask for deletion", "Delete as soon as it is approved")
    assert cast.case != story.first
    cast.finds(story.officer, "To decide")
    cast.approves(story.officer)
    last = cast.letter(ANA, f"Your data is deleted: {cast.case}")
    [file] = [one for one in last["attachments"] if one["name"].endswith("certificate.pdf")]
    path = cast.folder / "certificate.pdf"
    path.write_bytes(story.ana.context.request.get(file["url"]).body())
    with pikepdf.open(path) as pdf:
        assert pdf.open_metadata()["pdfaid:part"] == "3"


def test_she_is_signed_out_and_nobody_knows_her_address(story: Story, cast: Cast) -> None:
    page = story.ana.open(f"{cast.platform.site}/privacy")
    expect(page.get_by_role("link", name="I have an account")).to_be_visible()
    cast.look(page, "signed-out")
    page = story.officer.page
    until(lambda: page.reload() and "Done: answered" in page.locator("main").inner_text(), 120, "the end of the case")
    assert _columns_with(cast, ANA) == []
    assert _columns_with(cast, HERS) == []


def _columns_with(cast: Cast, words: str) -> list[str]:
    """Every column of the database in which these words stand: the rows are read as they are written out."""
    with cast.platform.as_owner_of_the_database() as database:
        tables = database.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return [
            table
            for table in tables
            if database.scalar(text(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE :w'), {"w": f"%{words}%"})
        ]


def test_the_staff_see_every_step_and_who_was_told(story: Story, cast: Cast) -> None:
    page = story.officer.page
    expect(page.locator("main")).to_contain_text("0 found")
    expect(page.locator("main")).not_to_contain_text(ANA)
    notices = page.locator("section.panel").filter(has=page.get_by_role("heading", name="Notices to companies"))
    expect(notices.locator("li")).not_to_have_count(0)
    cast.look(page, "case-closed")


def test_bob_is_untouched_and_every_letter_to_ana_was_about_her_requests(story: Story, cast: Cast) -> None:
    assert _what_bob_sees(cast, story.bob) == story.bobs
    about = [mail["subject"] for mail in cast.letters(ANA) if "sign in" not in mail["subject"].lower()]
    assert all(story.first in subject or cast.case in subject for subject in about), about
    assert not [mail for mail in cast.letters(BOB) if "sign in" not in mail["subject"].lower()]


def test_the_log_is_whole_and_every_page_was_in_order(story: Story, cast: Cast) -> None:
    cast.proves_the_log()
    cast.behaved()
