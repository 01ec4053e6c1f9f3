"""Whatever dies while pictures are being made, each comes to an end; and nothing is left after the end."""

import signal
import time

import httpx
import psutil
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from tests.journey.running import Platform, until
from tests.journey.story import ANA, Story
from tests.runtime.runtime_driver import gone


def orders(platform: Platform) -> int:
    """How many pictures the provider was asked for."""
    return len(httpx.get(f"{platform.sandbox}/api/calls").json()["calls"])


def test_a_worker_that_is_asked_to_stop_finishes_what_it_began(story: Story, platform: Platform) -> None:
    story.sign_in(story.ana, ANA)
    page = story.ana.page
    story.order(story.ana, "A narrow boat on still water at noon, gouache", 2)
    expect(page.locator("#batch .chip.go")).not_to_have_count(0)
    worker = platform.child("imgpilot worker")
    worker.send_signal(signal.SIGTERM)
    assert gone([worker], within=60)
    expect(page.locator("#batch .chip.ok")).to_have_count(2)
    assert orders(platform) == 2


def test_a_killed_site_and_a_killed_worker_come_back_and_nothing_is_ordered_twice(
    story: Story, platform: Platform
) -> None:
    page, before = story.ana.page, orders(platform)
    httpx.post(f"{platform.sandbox}/api/faults", json={"kind": "hang", "seconds": 60}).raise_for_status()
    story.ana.open(f"{platform.site}/studio")
    story.order(story.ana, "Short dark waves under a grey sky, gouache", 4)
    story.ana.mark()
    until(lambda: orders(platform) > before, 120, "the first order")
    killed = [platform.child(words) for words in ("imgpilot worker", "imgpilot.app:site()")]
    for process in killed:
        process.send_signal(signal.SIGKILL)
    assert gone(killed, within=60)
    _let_the_lease_of_the_dead_run_out(platform)
    until(platform.serves, 120, "the site's return")
    made, lost = page.locator("#batch .chip.ok"), page.locator("#batch .pic.failed")
    expect(made.or_(lost)).to_have_count(4)
    assert story.ana.marked(), "the page went on by itself"
    page.reload()
    expect(made.or_(lost)).to_have_count(4)
    expect(lost.first).to_contain_text("We ordered this picture and lost the answer")
    assert orders(platform) - before <= 4, "what was on its way is not ordered again"
    expect(page.locator(".site-head .credits")).to_have_text(f"{40 - 6 * (2 + made.count())} credits")


def _let_the_lease_of_the_dead_run_out(platform: Platform) -> None:
    """Three quarters of a minute, for whoever can wait."""
    with platform.as_owner_of_the_database() as database:
        database.execute(text("UPDATE image SET lease_until = now() WHERE state = 'making'"))


def test_sigterm_leaves_no_process(browser: Browser, platform: Platform) -> None:
    below = psutil.Process(platform.process.pid).children(recursive=True)
    database = [p for p in psutil.process_iter(["cmdline"]) if str(platform.home) in " ".join(p.info["cmdline"] or [])]
    assert len(below) > 4
    began = time.monotonic()
    assert platform.stop() == 0, platform.said
    assert time.monotonic() - began < 60, "nothing but a busy machine holds it up"
    assert gone([*below, *database], within=60)
