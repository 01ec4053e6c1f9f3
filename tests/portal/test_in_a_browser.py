"""The privacy centre in a real browser: every page in both themes and at both widths, for axe and for the eye."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from compliance.audit.append import record
from compliance.requests.kinds import Kind, State
from compliance.requests.models import PrivacyRequest
from compliance.standing import Restriction
from imgpilot import digests
from imgpilot.accounts import choices, sign_ins
from imgpilot.accounts.browsers import COOKIE
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.journey.looking import Faults, look
from tests.portal import cases
from tests.portal.test_centre import disclosed
from tests.serving import served
from tests.world import Somebody


@pytest.fixture
def address(site: Flask) -> Iterator[str]:
    """The site, served on loopback."""
    with served(site) as url:
        yield url


@pytest.fixture
def window(chromium: Chromium, address: str, session: Session, parts: Parts, ana: Somebody) -> Iterator[BrowserContext]:
    """Ana's browser, without script if the test says so."""
    token = sign_ins.start(session, parts.settings, ana.account, "Chromium", parts.clock())
    session.commit()
    context = chromium.new_context(
        base_url=address, reduced_motion="reduce", viewport={"width": 1280, "height": 900}, locale="de-DE"
    )
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    yield context
    context.close()


@pytest.fixture
def without_script(chromium: Chromium, address: str, session: Session, parts: Parts, ana: Somebody) -> Iterator[Page]:
    """Ana's browser with script switched off."""
    token = sign_ins.start(session, parts.settings, ana.account, "Chromium", parts.clock())
    session.commit()
    context = chromium.new_context(base_url=address, java_script_enabled=False, locale="de-DE")
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    yield context.new_page()
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Page:
    """A page of hers."""
    return window.new_page()


def seen_by(session: Session, parts: Parts, ana: Somebody, action: str, **facts: str) -> None:
    """A member of staff looked."""
    subject = digests.of_subject(parts.settings, ana.account.id)
    record(session, at=parts.clock(), actor="staff:1", action=action, subject=subject, facts=facts)
    session.commit()


def test_the_centre_and_its_pages(session: Session, parts: Parts, page: Page, ana: Somebody, bob: Somebody) -> None:
    faults = Faults()
    disclosed(session, ana, 6, parts.clock, processor="openai")  # type: ignore[arg-type]
    case = cases.case(session, parts, ana, Kind.DELETION, State.REVIEW)
    choices.say(session, ana.account.id, "sale-sharing", False, "browser", parts.clock())
    session.add(Restriction(account_id=ana.account.id, ground="accuracy", since=parts.clock()))
    session.commit()
    seen_by(session, parts, ana, "staff read case", case=case.case)
    seen_by(session, parts, ana, "staff unmasked value", reason="checking identity", case=case.case)
    page.goto("/privacy")
    look(page, "portal-centre", faults)
    page.locator(".held details").first.click()
    page.locator("#choices details summary").click()
    look(page, "portal-centre-open", faults)
    for path in ("/privacy/ledger?company=openai&from=2026-01-01", "/privacy/seen", "/privacy/ask"):
        page.goto(path)
        look(page, "portal" + path.partition("?")[0].replace("/", "-"), faults)
    assert faults == []


def test_every_page_that_asks(page: Page, ana: Somebody, bob: Somebody) -> None:
    faults = Faults()
    for kind in Kind:
        page.goto(f"/privacy/ask/{kind}")
        look(page, f"portal-ask-{kind}", faults)
    page.goto("/privacy/ask/correction?about=email")
    page.get_by_label("Country").select_option("US")
    expect(page.locator("#law")).to_contain_text("Where you live decides")
    page.get_by_role("button", name="Ask for the correction").click()
    look(page, "portal-ask-correction-wrong", faults)
    assert faults == []


def test_a_form_that_was_open_for_too_long_keeps_what_was_typed(page: Page, clock: Clock, ana: Somebody) -> None:
    faults = Faults()
    clock.tick(minutes=11)
    page.goto("/privacy/ask/correction?about=email")
    page.get_by_label("New e-mail address").fill("ana.new@example.com")
    page.get_by_role("button", name="Ask for the correction").click()
    expect(page.get_by_role("alert")).to_contain_text("first prove once more that it is you")
    expect(page.get_by_label("New e-mail address")).to_have_value("ana.new@example.com")
    look(page, "portal-ask-stale", faults)
    assert faults == []


def test_a_request_in_every_state(session: Session, parts: Parts, page: Page, ana: Somebody, bob: Somebody) -> None:
    faults = Faults()
    for name, request in _in_every_state(session, parts, ana).items():
        page.goto(f"/privacy/requests/{request.id}")
        look(page, f"portal-request-{name}", faults)
        if name == "refused":
            page.goto(f"/privacy/requests/{request.id}/appeal")
            look(page, "portal-appeal", faults)
        if name == "paused":
            page.goto(f"/privacy/requests/{request.id}/write")
            look(page, "portal-write", faults)
    assert faults == []


def _in_every_state(session: Session, parts: Parts, ana: Somebody) -> dict[str, PrivacyRequest]:
    now = parts.clock()
    goes = {"noun": "pictures you made", "rows": 186, "becomes": "delete"}
    stays = {"noun": "lines in your disclosure log", "rows": 61, "becomes": "scrub", "ground": "GDPR 5(2): proof"}
    held = {"noun": "credit entries", "rows": 3, "becomes": "keep", "ground": "A law obliges us to keep it."}
    made: dict[str, PrivacyRequest] = {}
    made["partial"] = cases.case(session, parts, ana, Kind.DELETION, State.ANSWERED, outcome="partial", answered_at=now)
    cases.plan(session, made["partial"], parts, goes, stays, held | {"law": "GDPR 17(3)(b)"})
    cases.steps(session, made["partial"], parts, erase_rows="done", remove_objects="done", notify_mail="skipped")
    made["refused"] = cases.case(
        session,
        parts,
        ana,
        Kind.ACCESS,
        State.REFUSED,
        outcome="refused",
        refused_for="excessive",
        refusal="You asked for the same copy four times in this week, and each of them was answered with a package.",
    )
    cases.letter(session, made["refused"], "refusal", parts)
    made["paused"] = cases.case(
        session,
        parts,
        ana,
        Kind.ACCESS,
        State.REVIEW,
        regime="uk-gdpr",
        country="GB",
        paused_on=(now - timedelta(days=4)).date(),
        paused_for="clarification",
    )
    cases.happened(session, made["paused"], "paused", parts, reason="clarification")
    cases.letter(session, made["paused"], "acknowledgement", parts, "We have your request.\n\nIt is IP-1.")
    cases.letter(session, made["paused"], "extension", parts, "It takes longer, because there is so much of it.")
    cases.file(session, made["paused"], parts, "what I mean.pdf")
    made["address"] = cases.case(
        session, parts, ana, Kind.CORRECTION, State.REVIEW, about="email", proposed="ana.new@example.com"
    )
    made["appealed"] = cases.case(
        session,
        parts,
        ana,
        Kind.OBJECTION,
        State.APPEALED,
        about="statistics",
        appealed_at=now,
        appeal="I do not see why you need to count anything.",
        outcome="refused",
        refused_for="compelling",
    )
    made["proving"] = cases.case(session, parts, ana, Kind.PORTABILITY, State.PROVING)
    made["cooling"] = cases.case(
        session, parts, ana, Kind.DELETION, State.COOLING, cooling=True, cool_until=now + timedelta(days=14)
    )
    cases.plan(session, made["cooling"], parts, goes, stays)
    cases.happened(session, made["cooling"], "cooling", parts, until="2026-12-07")
    session.get_one(Account, ana.account.id).closing_at = now
    made["running"] = cases.case(session, parts, ana, Kind.RESTRICTION, State.RUNNING, about="claims")
    cases.steps(session, made["running"], parts, restrict="done", note_recipients="ready", notify_openai="failed")
    session.commit()
    return made


def test_the_door_for_somebody_who_is_not_signed_in(chromium: Chromium, address: str) -> None:
    faults = Faults()
    context = chromium.new_context(base_url=address, reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/privacy")
    look(page, "portal-door", faults)
    context.close()
    assert faults == []


def test_choosing_a_place_shows_its_law_without_sending_anything(page: Page, ana: Somebody) -> None:
    page.goto("/privacy/ask/access")
    expect(page.locator("#law")).to_contain_text("GDPR")
    expect(page.get_by_label("State or province")).to_be_hidden()
    page.get_by_label("Country").select_option("US")
    page.get_by_label("State or province").select_option("US-CA")
    expect(page.locator("#law")).to_contain_text("CCPA")
    expect(page.locator("#law")).to_contain_text("within 10 working days".replace("within ", ""))
    assert page.url.endswith("/privacy/ask/access")


def test_the_field_for_a_new_address_is_there_when_it_is_about_the_address(page: Page, ana: Somebody) -> None:
    page.goto("/privacy/ask/correction")
    expect(page.get_by_label("New e-mail address")).to_be_hidden()
    page.get_by_role("radio", name="My e-mail address").check()
    expect(page.get_by_label("New e-mail address")).to_be_visible()


def test_everything_is_reached_and_done_by_keyboard(page: Page, session: Session, ana: Somebody) -> None:
    page.goto("/privacy")
    switch = page.get_by_role("switch", name="News about ImgPilot by e-mail")
    expect(switch).to_be_checked()
    switch.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("Saved: News about ImgPilot by e-mail is off.")).to_be_visible()
    expect(switch).not_to_be_checked()
    page.get_by_role("button", name="Opt out: Sale or sharing of your data").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#choices")).to_contain_text("Opt-out request honoured")


def test_without_script_a_switch_turns_and_a_deletion_is_asked_for_and_kept_from_happening(
    session: Session, parts: Parts, without_script: Page, ana: Somebody
) -> None:
    page = without_script
    page.goto("/privacy")
    page.get_by_role("switch", name="Counting what is used").click()
    expect(page.get_by_role("switch", name="Counting what is used")).not_to_be_checked()
    page.get_by_role("link", name="Delete everything").click()
    page.get_by_label("Country").select_option("KR")
    page.get_by_role("button", name="Show by when for this place").click()
    expect(page.locator("#law")).to_contain_text("PIPA (Korea)")
    page.get_by_role("button", name="Ask for deletion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deletion of your account and pictures")
    page.get_by_role("button", name="Withdraw this request").click()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.locator("main")).to_contain_text("You took this request back.")


def test_a_page_that_stays_open_shows_what_changes_and_else_stays_as_it_is(
    session: Session, parts: Parts, page: Page, ana: Somebody
) -> None:
    request = cases.case(session, parts, ana, Kind.ACCESS, State.RECEIVED)
    page.goto(f"/privacy/requests/{request.id}")
    page.evaluate("document.querySelector('#story').dataset.mark = 'here'")
    with page.expect_response(lambda answer: "seen=" in answer.url) as waiting:
        pass
    assert waiting.value.status == 204
    assert page.locator("#story[data-mark]").count() == 1
    cases.happened(session, request, "planned", parts)
    expect(page.locator("main")).to_contain_text("Everything was found and counted")
