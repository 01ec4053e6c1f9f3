"""Every page of the console as staff see it: on a desk by day in English, and on a phone by night in Chinese."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Literal
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import agents, regime_changes
from compliance.requests.casework import RequestLetter
from compliance.requests.regimes import REGIMES
from compliance.standing import Hold
from imgpilot.parts import Parts
from imgpilot.safety import refused, rules
from imgpilot.sharing.models import ShareReport
from tests.console.conftest import Enter
from tests.journey.looking import AXE, RUN
from tests.serving import served
from tests.world import Somebody

#: What is no page, and what is the page of another deed. Those that FAB has besides are in tests/console_look.
NO_PAGE = {"Cases.certificate", "Reports.picture", "RequestApi.get", "RequestApi.get_list", "Deeds.second"}
#: Width, theme, language.
LOOKS = (1280, "light", "en"), (390, "dark", "zh_Hans")


@pytest.fixture
def pages(session: Session, parts: Parts, ana: Somebody, case: UUID, staff: dict[str, int]) -> dict[str, str]:
    """The path of each page by its endpoint, with something on it to look at."""
    now, officer = parts.clock(), staff["Privacy Officer"]
    letter = RequestLetter(
        request_id=case,
        step="tell more",
        kind="more",
        language="en",
        subject="We need one more thing",
        body="Good day,\n\nwrite to us.",
        written_at=now,
    )
    hold = Hold(account_id=ana.account.id, records=["credit_entry"], reference="AZ 3/26", reason="A claim.")
    hold.placed_at, hold.placed_by = now, officer
    appeal = refused.note(session, ana.account.id, "a naked baby robot of brass", rules.MINORS, now)
    refused.appeal(session, parts.settings, ana.account.id, appeal.id, "It is a robot of brass.", now)
    report = session.scalars(select(ShareReport)).first()
    assert report
    session.add_all([letter, hold])
    agents.add(session, "Permission Slip", "slip", None, officer, now)
    why = "The regulator shortened its guideline to twenty days."
    regime_changes.propose(session, "gdpr", {"answer": REGIMES["gdpr"].answer.count + 1}, why, officer, now)
    session.commit()
    return {
        "Today.index": "/",
        "Requests.list": "/requests/?view=all",
        "Entry.enter": "/requests/new",
        "Cases.show": f"/requests/{case}",
        "Deeds.decide": f"/requests/{case}/decide/refuse",
        "Deeds.work": f"/requests/{case}/work/withdraw",
        "Letters.read": f"/requests/{case}/letters/{letter.id}",
        "People.find": "/people/",
        "People.show": f"/people/{ana.account.id}",
        "Holds.standing": "/holds/",
        "Holds.place": f"/holds/new/{ana.account.id}",
        "Holds.lift": f"/holds/{hold.id}/lift",
        "Appeals.queue": "/appeals/",
        "Appeals.open": f"/appeals/{appeal.id}",
        "Reports.listed": "/reported/",
        "Reports.show": f"/reported/{report.id}",
        "Texts.all_texts": "/setup/letters/",
        "Texts.one_text": "/setup/letters/refusal/{language}",
        "Regimes.every_law": "/setup/laws/",
        "Regimes.one_law": "/setup/laws/gdpr",
        "Agents.registry": "/setup/agents/",
        "Team.everybody": "/setup/team/",
        "AuthDBView.logout": "/logout/",
    }


def test_every_page_is_walked(console: Flask, pages: dict[str, str]) -> None:
    """A new page of ours arrives with its line in `pages`."""
    ours = {
        rule.endpoint
        for rule in console.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and console.view_functions[rule.endpoint].__module__.startswith("compliance.console")
    }
    assert ours == set(pages) | NO_PAGE


@pytest.fixture
def window(chromium: Browser, console: Flask, signed_in: Enter) -> Iterator[Callable[..., Page]]:
    """A window of a signed-in administrator."""
    cookie = signed_in("Admin").client.get_cookie(str(console.config["SESSION_COOKIE_NAME"]), domain="127.0.0.1")
    assert cookie
    with served(console) as address, ExitStack() as closing:

        def opened(width: int = 1280, theme: Literal["light", "dark"] = "light") -> Page:
            context = chromium.new_context(
                base_url=address, color_scheme=theme, reduced_motion="reduce", viewport={"width": width, "height": 900}
            )
            closing.callback(context.close)
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
            return context.new_page()

        yield opened


def test_every_page_by_day_on_a_desk_and_by_night_on_a_phone(
    window: Callable[..., Page], pages: dict[str, str]
) -> None:
    found: list[str] = []
    for width, theme, language in LOOKS:
        page = window(width, theme)
        page.goto(f"/lang/{language}")
        for name, path in pages.items():
            answer = page.goto(path.format(language=language))
            assert answer
            assert (answer.status, page.locator("html").get_attribute("lang")) == (200, language.replace("_", "-"))
            found += [f"{name}, {theme}: {fault}" for fault in _faults(page, width, theme)]
    assert found == []


def test_a_double_press_says_it_once(window: Callable[..., Page], pages: dict[str, str]) -> None:
    page = window()
    page.goto(pages["Cases.show"])
    page.locator("#comments textarea").fill("Asked the registry.")
    page.get_by_role("button", name="Add the comment").dblclick()
    expect(page.locator("#comments li")).not_to_have_count(0)
    page.reload()
    expect(page.locator("#comments li")).to_have_count(1)


def _faults(page: Page, width: int, theme: str) -> list[str]:
    """What axe finds, and whether one has to scroll sideways. Another theme changes colours and nothing else."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN, theme == "dark")
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, f"{wide} px wide in a window of {width}"] if wide > width else found
