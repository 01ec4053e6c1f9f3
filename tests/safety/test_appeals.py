"""A refused prompt and its appeal, as its writer sees them."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.billing.models import CreditEntry
from imgpilot.parts import Parts
from imgpilot.safety import appeals, expiry, refused, rules
from imgpilot.safety.models import PromptRefusal
from imgpilot.safety.refused import TooManyAppeals
from imgpilot.safety.screen import FoundPersonal, NotMade, note, screen
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.portal.test_centre import text_of
from tests.world import Somebody

PROMPT = "a naked baby robot of brass"


@pytest.fixture
def refusal(session: Session, parts: Parts, ana: Somebody) -> UUID:
    """A prompt of Ana's that was refused."""
    row = note(session, ana.account.id, PROMPT, rules.MINORS, parts.clock())
    session.commit()
    return row.id


@pytest.fixture
def browser(signed_in: Enter, ana: Somebody) -> Browser:
    """Ana's."""
    return signed_in(ana)


def test_p04_screening_asks_before_private_facts_leave_and_lets_go_on_knowingly(
    session: Session, ana: Somebody
) -> None:
    text = "a sign that says ana@example.com, +1 415 555 2671"
    with pytest.raises(FoundPersonal) as asked:
        screen(session, ana.account.id, text)
    assert asked.value.kinds == ("e-mail", "phone")
    assert "an e-mail address, a phone number" in asked.value.said("en")
    assert "ana@example.com" not in str(asked.value)
    with pytest.raises(FoundPersonal):
        screen(session, ana.account.id, text, knowing={"phone"})
    screen(session, ana.account.id, text, knowing={"phone", "e-mail"})
    screen(session, ana.account.id, "a lighthouse")


def test_going_on_knowingly_lifts_no_refusal(session: Session, ana: Somebody) -> None:
    with pytest.raises(NotMade) as refusal:
        screen(session, ana.account.id, f"{PROMPT}, ana@example.com", knowing={"e-mail"})
    assert refusal.value.rule == rules.MINORS
    assert refusal.value.status == 403


def test_the_same_prompt_refused_again_has_one_page(
    session: Session, parts: Parts, ana: Somebody, refusal: UUID
) -> None:
    assert note(session, ana.account.id, PROMPT, rules.MINORS, parts.clock()).id == refusal
    assert note(session, ana.account.id, PROMPT, rules.INTIMATE, parts.clock()).id != refusal
    assert note(session, ana.account.id, PROMPT + "!", rules.MINORS, parts.clock()).id != refusal


def test_the_page_says_the_stage_the_reason_the_cost_and_how_to_appeal(
    session: Session, browser: Browser, refusal: UUID
) -> None:
    lines = session.scalar(select(func.count()).select_from(CreditEntry))
    said = text_of(browser.get(f"/refusals/{refusal}").text)
    for words in (
        PROMPT,
        "before anything was sent",
        "children or teenagers",
        "credits are untouched",
        "Send the appeal",
    ):
        assert words in said
    assert "No sexual pictures of minors" in text_of(browser.get("/refusals").text)
    assert session.scalar(select(func.count()).select_from(CreditEntry)) == lines


def test_an_appeal_is_made_once_and_its_answer_is_read_on_the_page(
    session: Session, parts: Parts, browser: Browser, refusal: UUID
) -> None:
    page = f"/refusals/{refusal}"
    assert browser.post(f"{page}/appeal", {"appeal": "A robot is meant."}, on=page).status_code == 303
    said = text_of(browser.get(page).text)
    assert "A robot is meant." in said
    assert "Send the appeal" not in said
    browser.post(f"{page}/appeal", {"appeal": "Another text."}, on="/account")
    session.rollback()
    row = session.get_one(PromptRefusal, refusal)
    assert (row.appeal, row.appealed_at) == ("A robot is meant.", parts.clock())
    assert appeals.decide(session, refusal, "upheld", "It reads like a child.", 1, parts.clock())
    session.commit()
    said = text_of(browser.get(page).text)
    assert "The refusal stays" in said
    assert "It reads like a child." in said


@pytest.mark.parametrize(("text", "says"), [("   ", "Say in a few words"), ("x" * 2001, "2001 characters")])
def test_an_appeal_without_words_or_with_too_many_keeps_what_was_typed(
    session: Session, browser: Browser, refusal: UUID, text: str, says: str
) -> None:
    page = f"/refusals/{refusal}"
    answer = browser.post(f"{page}/appeal", {"appeal": text}, on=page)
    assert answer.status_code == 400
    assert says in text_of(answer.text)
    assert text.strip() in answer.text
    session.rollback()
    assert session.get_one(PromptRefusal, refusal).appealed_at is None


def test_nobody_floods_the_queue(session: Session, parts: Parts, clock: Clock, ana: Somebody) -> None:
    rows = [note(session, ana.account.id, f"{PROMPT} {n}", rules.MINORS, clock()) for n in range(11)]
    for row in rows[:10]:
        refused.appeal(session, parts.settings, ana.account.id, row.id, "why", clock())
    with pytest.raises(TooManyAppeals):
        refused.appeal(session, parts.settings, ana.account.id, rows[10].id, "why", clock())
    clock.tick(days=1)
    refused.appeal(session, parts.settings, ana.account.id, rows[10].id, "why", clock())
    assert appeals.count_waiting(session) == 11


def test_who_is_restricted_is_told_why_there_is_no_appeal(
    session: Session, parts: Parts, browser: Browser, ana: Somebody, refusal: UUID
) -> None:
    session.get_one(Account, ana.account.id).restricted_at = parts.clock()
    session.commit()
    assert "No appeal at the moment" in text_of(browser.get(f"/refusals/{refusal}").text)
    assert browser.post(f"/refusals/{refusal}/appeal", {"appeal": "why"}, on="/account").status_code == 403


def test_bob_finds_nothing_of_hers(signed_in: Enter, bob: Somebody, refusal: UUID) -> None:
    browser = signed_in(bob)
    assert browser.get(f"/refusals/{refusal}").status_code == 404
    assert browser.post(f"/refusals/{refusal}/appeal", {"appeal": "why"}, on="/account").status_code == 404
    assert PROMPT not in browser.get("/refusals").text


def test_a_lifted_refusal_is_hers_alone_and_for_this_prompt_alone(
    session: Session, parts: Parts, ana: Somebody, bob: Somebody, refusal: UUID
) -> None:
    refused.appeal(session, parts.settings, ana.account.id, refusal, "why", parts.clock())
    appeals.decide(session, refusal, "lifted", "Fine.", 1, parts.clock() + timedelta(hours=1))
    screen(session, ana.account.id, PROMPT)
    screen(session, ana.account.id, f" {PROMPT}\n")
    for account, text in ((bob, PROMPT), (ana, PROMPT + " nude")):
        with pytest.raises(NotMade):
            screen(session, account.account.id, text)


def test_nobody_who_is_not_signed_in_gets_in(site: Flask, refusal: UUID) -> None:
    answer = Browser(site).get(f"/refusals/{refusal}")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_refusals_go_after_twelve_months_and_not_while_they_are_held(
    session: Session, clock: Clock, ana: Somebody, bob: Somebody
) -> None:
    for who in (ana, bob):
        note(session, who.account.id, PROMPT, rules.MINORS, clock())
    session.get_one(Account, bob.account.id).held_at = clock()
    session.commit()
    clock.tick(days=364)
    assert expiry.expire(session, clock()) == 0
    clock.tick(days=1)
    expiry.expire(session, clock())
    assert set(session.scalars(select(PromptRefusal.account_id))) == {bob.account.id}
