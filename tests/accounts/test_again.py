"""Proving once more that it is the person: ten minutes after a link was opened in this browser, it is asked again."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from imgpilot.accounts import again, people, sign_ins
from imgpilot.accounts.models import SignIn
from imgpilot.app import create_app
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser, link_path
from tests.conftest import Clock

ANA, BOB = "ana@example.com", "bob@example.com"
Another = Callable[[], Browser]


@again.fresh_required
def dangerous() -> ResponseReturnValue:
    """What nobody does with a browser that was left open."""
    return f"done as {people.person().email}"


def form() -> ResponseReturnValue:
    """The page that it is done from."""
    return "a form"


def mounted(app: Flask) -> None:
    app.add_url_rule("/dangerous", "dangerous", dangerous, methods=["GET", "POST"])
    app.add_url_rule("/form", "form", form)


@pytest.fixture
def site(parts: Parts) -> Flask:
    made = create_app(
        "site",
        ["imgpilot.accounts.views:mount", "tests.accounts.elsewhere:mount", "tests.accounts.test_again:mounted"],
        parts,
    )
    made.testing = True
    return made


def ask_again(browser: Browser, wanted: str = "/dangerous") -> TestResponse:
    """Press the button that mails a link."""
    return browser.post(f"/prove?next={wanted}")


def test_right_after_signing_in_nothing_more_is_asked(browser: Browser, sandbox: Sandbox) -> None:
    browser.sign_in(sandbox, ANA)
    assert browser.get("/dangerous").text == "done as ana@example.com"


def test_p18_a_sign_in_of_ten_minutes_ago_is_not_enough_and_a_link_opened_here_is(
    browser: Browser, sandbox: Sandbox, session: Session, clock: Clock
) -> None:
    browser.sign_in(sandbox, ANA)
    clock.tick(minutes=9, seconds=59)
    assert browser.get("/dangerous").status_code == 200
    clock.tick(seconds=1)
    answer = browser.get("/dangerous?a=1")
    assert (answer.status_code, answer.location) == (303, "/prove?next=/dangerous?a%3D1")
    page = browser.get(answer.location)
    assert "Prove that it is you once more" in page.text and ANA in page.text
    assert page.headers["Cache-Control"] == "no-store"
    sent = ask_again(browser)
    assert sent.location == "/prove/sent"
    assert "Open it in this browser" in browser.get("/prove/sent").text
    token = browser.token
    link = link_path(sandbox, ANA)
    assert "You are signed in as" in browser.get(link).text
    back = browser.post(link)
    assert (back.status_code, back.location) == (302, "/dangerous")
    assert browser.token == token, "the same sign-in, proved again"
    assert browser.get("/dangerous").status_code == 200
    assert session.scalars(select(SignIn.proved_at)).all() == [clock()]


def test_looking_at_the_link_proves_nothing_and_it_works_once(browser: Browser, sandbox: Sandbox, clock: Clock) -> None:
    browser.sign_in(sandbox, ANA)
    clock.tick(minutes=10)
    ask_again(browser)
    link = link_path(sandbox, ANA)
    browser.get(link)
    assert browser.get("/dangerous").status_code == 303
    assert browser.post(link).status_code == 302
    assert browser.get(link).status_code == 410
    clock.tick(minutes=10)
    assert browser.get("/dangerous").status_code == 303


def test_opened_in_another_browser_it_signs_that_one_in_and_proves_nothing_here(
    browser: Browser, another_browser: Another, sandbox: Sandbox, clock: Clock
) -> None:
    browser.sign_in(sandbox, ANA)
    clock.tick(minutes=10)
    ask_again(browser)
    other = another_browser()
    page = other.get(link_path(sandbox, ANA))
    assert "You are about to sign in as" in page.text
    assert other.post(link_path(sandbox, ANA)).location == "/studio"
    assert other.get("/dangerous").status_code == 200
    assert browser.get("/dangerous").status_code == 303


def test_anas_link_in_bobs_browser_does_not_prove_that_it_is_bob(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session, clock: Clock
) -> None:
    browser.sign_in(sandbox, ANA)
    bobs = another_browser()
    bobs.sign_in(sandbox, BOB)
    before = bobs.token
    clock.tick(minutes=10)
    ask_again(browser)
    assert "You are about to sign in as" in bobs.get(link_path(sandbox, ANA)).text
    bobs.post(link_path(sandbox, ANA))
    assert bobs.token != before
    assert bobs.get("/dangerous").text == "done as ana@example.com"
    proved = session.execute(select(SignIn.proved_at, SignIn.ended_at).where(SignIn.ended_at.is_not(None))).all()
    assert [at < clock() for at, _ended in proved] == [True], "Bob's sign-in ended as it was"


def test_signed_out_one_signs_in_first(browser: Browser) -> None:
    assert browser.get("/dangerous").location == "/sign-in?next=/dangerous"
    assert browser.get("/prove").location == "/sign-in?next=/prove"


def test_a_form_that_was_sent_leads_back_to_the_page_that_it_stood_on(
    browser: Browser, sandbox: Sandbox, clock: Clock
) -> None:
    browser.sign_in(sandbox, ANA)
    token = browser.csrf("/account")
    clock.tick(minutes=10)
    sent = {"csrf_token": token}
    assert browser.send("/dangerous", sent, Referer="http://127.0.0.1:8000/form").location == "/prove?next=/form"
    assert browser.send("/dangerous", sent | {"next": "/form"}).location == "/prove?next=/form"
    piece = browser.send("/dangerous", sent | {"next": "/form"}, **{"HX-Request": "true"})
    assert (piece.status_code, piece.headers["HX-Redirect"]) == (204, "/prove?next=/form")


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "evil", "/nowhere/"])
def test_one_comes_back_to_a_page_of_ours_or_to_the_account(
    browser: Browser, sandbox: Sandbox, clock: Clock, wanted: str
) -> None:
    browser.sign_in(sandbox, ANA)
    token = browser.csrf("/account")
    clock.tick(minutes=10)
    sent = browser.send("/dangerous", {"csrf_token": token, "next": wanted})
    assert sent.location == "/prove?next=/account"
    if wanted != "/nowhere/":
        ask_again(browser, wanted)
        assert browser.post(link_path(sandbox, ANA)).location == "/account"


def test_who_proved_it_meanwhile_is_not_asked(browser: Browser, sandbox: Sandbox) -> None:
    browser.sign_in(sandbox, ANA)
    assert browser.get("/prove?next=/dangerous").location == "/dangerous"
    assert browser.get("/prove/sent").location == "/account"


def test_too_many_links_are_refused_in_words_and_nothing_is_lost(
    browser: Browser, sandbox: Sandbox, clock: Clock
) -> None:
    browser.sign_in(sandbox, ANA)
    clock.tick(minutes=14)
    for _ in range(9):
        ask_again(browser)
    answer = ask_again(browser)
    assert answer.status_code == 429
    assert "The link was not sent" in answer.text and "Several links were sent" in answer.text


def test_the_letter_says_why_it_came_and_what_to_do_if_it_was_somebody_else(
    browser: Browser, sandbox: Sandbox, clock: Clock
) -> None:
    browser.sign_in(sandbox, ANA)
    clock.tick(minutes=10)
    ask_again(browser)
    letter = sandbox.mail.to(ANA)[0]
    assert "Prove that it is you" in letter.subject
    assert "sign the other one out" in re.sub(r"\s+", " ", letter.text)
    assert "typed your address" not in letter.text


def test_a_sign_in_from_before_the_column_is_never_fresh(
    browser: Browser, sandbox: Sandbox, session: Session, parts: Parts
) -> None:
    browser.sign_in(sandbox, ANA)
    row = session.scalars(select(SignIn)).one()
    assert again.is_fresh(session, row.id, parts.clock())
    row.proved_at = None
    session.commit()
    assert browser.get("/dangerous").status_code == 303
    sign_ins.end(session, row.account_id, row.id, parts.clock())
    assert not sign_ins.prove(session, row.id, parts.clock()), "what has ended is not proved"
