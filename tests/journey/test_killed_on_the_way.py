"""Whatever dies while a picture is being made, it arrives; and nothing is left after the end."""

import signal
import time

import psutil
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from tests.journey.running import Platform, until
from tests.journey.story import ANA, Story
from tests.runtime.runtime_driver import gone


def test_a_killed_site_and_a_killed_worker_come_back_and_the_pictures_arrive(story: Story, platform: Platform) -> None:
    story.sign_in(story.ana, ANA)
    page = story.ana.page
    story.order(story.ana, "Short dark waves under a grey sky, gouache", 4)
    story.ana.mark()
    expect(page.locator("#batch .chip.go")).not_to_have_count(0)
    killed = [platform.child(words) for words in ("imgpilot worker", "imgpilot.app:site()")]
    for process in killed:
        process.send_signal(signal.SIGKILL)
    assert gone(killed)
    until(platform.serves, 30, "the site's return")
    _let_the_lease_of_the_dead_run_out(platform)
    expect(page.locator("#batch .chip.ok")).to_have_count(4)
    assert story.ana.marked(), "the page went on by itself"
    page.reload()
    expect(page.locator("#batch .chip.ok")).to_have_count(4)
    expect(page.locator(".site-head .credits")).to_have_text("16 credits")


def _let_the_lease_of_the_dead_run_out(platform: Platform) -> None:
    """Four minutes, for whoever can wait."""
    with platform.as_owner_of_the_database() as database:
        database.execute(text("UPDATE image SET lease_until = now() WHERE state = 'making'"))


def test_sigterm_leaves_no_process(browser: Browser, platform: Platform) -> None:
    below = psutil.Process(platform.process.pid).children(recursive=True)
    database = [p for p in psutil.process_iter(["cmdline"]) if str(platform.home) in " ".join(p.info["cmdline"] or [])]
    assert len(below) > 4
    began = time.monotonic()
    assert platform.stop() == 0, platform.said
    assert time.monotonic() - began < 15
    assert gone([*below, *database])
