"""Choices count the moment they are turned, each with its proof; and only one's own can be turned."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.standing import Restriction
from imgpilot.accounts import choices
from imgpilot.accounts.models import Account, Choice
from imgpilot.parts import Parts
from imgpilot.policy import in_force
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.portal.test_centre import text_of
from tests.world import Somebody


@pytest.fixture
def browser(ana: Somebody, bob: Somebody, signed_in: Enter) -> Browser:
    """Ana's browser."""
    return signed_in(ana)


def turn(browser: Browser, what: str, allowed: str) -> str:
    """Turn a switch; what the page says then."""
    answer = browser.post(f"/privacy/choices/{what}", {"allowed": allowed}, on="/privacy")
    assert (answer.status_code, answer.location) == (302, "/privacy#choices"), text_of(answer.text)
    return text_of(browser.get("/privacy").text)


def test_p16_a_consent_is_given_and_taken_back_by_the_same_switch(
    session: Session, browser: Browser, ana: Somebody, bob: Somebody, clock: Clock
) -> None:
    clock.tick(minutes=1)
    assert "Saved: News about ImgPilot by e-mail is off. It counts from now on." in turn(browser, "news", "0")
    assert choices.allows(session, ana.account.id, "news") is False
    clock.tick(minutes=1)
    assert "Saved: News about ImgPilot by e-mail is on." in turn(browser, "news", "1")
    session.rollback()
    assert choices.allows(session, ana.account.id, "news") is True
    assert [c.allowed for c in choices.history(session, ana.account.id)] == [True, False, True]
    assert [c.allowed for c in choices.history(session, bob.account.id)] == [True], "his is as it was"


def test_an_objection_by_switch_stops_the_statistics_at_once(session: Session, browser: Browser, ana: Somebody) -> None:
    said = turn(browser, "statistics", "0")
    assert "You object to it, and we have stopped." in said
    stopped = session.scalars(select(Account.email).where(~choices.who_allows("statistics"))).all()
    assert stopped == [ana.account.email]


def test_an_opt_out_is_confirmed_in_words_and_is_not_turned_back(
    session: Session, browser: Browser, ana: Somebody
) -> None:
    said = turn(browser, "sale-sharing", "0")
    assert "Saved: opt-out request honoured." in said
    assert "Opt-out request honoured since 23 Nov, 14:40, said here, in the privacy centre" in said
    answer = browser.post("/privacy/choices/sale-sharing", {"allowed": "1"}, on="/privacy")
    assert answer.status_code == 409
    assert "Your opt-out stands." in text_of(answer.text)
    assert choices.allows(session, ana.account.id, "sale-sharing") is False


def test_every_choice_has_its_proof_on_the_page_and_in_the_audit_log(
    session: Session, browser: Browser, clock: Clock
) -> None:
    page = turn(browser, "statistics", "0")
    assert f"Counting what is used No Here, in the privacy centre {in_force(clock())}" in page
    entry = session.scalars(select(Entry)).one()
    assert (entry.action, entry.actor) == ("choice made", "person")
    assert entry.facts == {"what": "statistics", "allowed": False, "via": "centre", "policy": in_force(clock())}
    turn(browser, "statistics", "0")
    assert len(session.scalars(select(Entry)).all()) == 1, "saying it again changes nothing"


def test_what_cannot_be_chosen_is_not_there(browser: Browser) -> None:
    assert browser.post("/privacy/choices/everything", {"allowed": "1"}, on="/privacy").status_code == 404


@pytest.mark.parametrize("path", ["/privacy/choices/news", "/privacy/restriction/end"])
def test_a_form_without_its_token_chooses_nothing(session: Session, browser: Browser, path: str) -> None:
    before = len(session.scalars(select(Choice)).all())
    assert browser.send(path, {"allowed": "0"}).status_code == 400
    assert len(session.scalars(select(Choice)).all()) == before


def test_a_browser_that_sends_global_privacy_control_opts_its_owner_out_once(
    session: Session, browser: Browser, ana: Somebody, bob: Somebody
) -> None:
    page = text_of(browser.get("/studio", **{"Sec-GPC": "1"}).text)
    assert page
    made = choices.newest(session, ana.account.id, "sale-sharing")
    assert made is not None
    assert (made.allowed, made.via) == (False, "browser")
    assert choices.newest(session, bob.account.id, "sale-sharing") is None
    shown = text_of(browser.get("/privacy", **{"Sec-GPC": "1"}).text)
    assert "Opt-out request honoured" in shown
    assert "by your browser (Global Privacy Control)" in shown
    assert len(choices.history(session, ana.account.id)) == 2, "the one from before, and this"


def test_the_signal_of_a_browser_leaves_an_account_that_is_being_closed_as_it_was_planned(
    session: Session, parts: Parts, browser: Browser, ana: Somebody
) -> None:
    session.get_one(Account, ana.account.id).closing_at = parts.clock()
    session.commit()
    browser.get("/privacy", **{"Sec-GPC": "1"})
    assert choices.newest(session, ana.account.id, "sale-sharing") is None


def test_a_restriction_is_shown_with_its_reason_and_ended_by_its_owner(
    session: Session, parts: Parts, browser: Browser, ana: Somebody, bob: Somebody
) -> None:
    for somebody in (ana, bob):
        session.add(Restriction(account_id=somebody.account.id, ground="accuracy", since=parts.clock()))
        session.get_one(Account, somebody.account.id).restricted_at = parts.clock()
    session.commit()
    page = browser.get("/privacy").text
    assert "Stands since 23 Nov, 14:40, because something in it is wrong." in text_of(page)
    assert re.search(r'<dialog[^>]* id="end-restriction"', page), "it asks first"
    answer = browser.post("/privacy/restriction/end", on="/privacy")
    assert answer.location == "/privacy#choices"
    assert "Saved: the restriction is over." in text_of(browser.get("/privacy").text)
    session.rollback()
    still = session.scalars(select(Account.email).where(Account.restricted_at.is_not(None))).all()
    assert still == [bob.account.email]
    assert session.scalars(select(Entry.action)).all() == ["restriction lifted"]
