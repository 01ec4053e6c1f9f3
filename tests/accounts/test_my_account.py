"""One's own account: where one is signed in, language and theme."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account, SignIn
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser

ANA = "ana@example.com"
Another = Callable[[], Browser]


def sign_in_of(session: Session, email: str) -> SignIn:
    found = select(SignIn).join(Account, Account.id == SignIn.account_id).where(Account.email == email)
    return session.scalars(found.where(SignIn.ended_at.is_(None)).order_by(SignIn.created_at)).all()[-1]


def test_p01_the_account_page_shows_all_there_is_to_an_account(browser: Browser, sandbox: Sandbox) -> None:
    browser.sign_in(sandbox, ANA)
    page = browser.get("/account").text
    for shown in (
        ANA,
        "a member since",
        "23 Nov",
        "Firefox · Linux",
        "this one",
        'href="/privacy"',
        "<b>40</b> credits",
    ):
        assert shown in page, shown


def test_an_account_in_other_letters_is_shown_as_its_owner_writes_it(browser: Browser, sandbox: Sandbox) -> None:
    browser.ask("ana@bücher.example")
    browser.open_link(next(link for link in sandbox.mail.to("ana@xn--bcher-kva.example")[0].links))
    assert "ana@bücher.example" in browser.get("/account").text


def test_one_ends_another_browser_of_ones_own(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    phone = another_browser()
    phone.sign_in(sandbox, ANA)
    phones = sign_in_of(session, ANA)
    browser.sign_in(sandbox, ANA)
    answer = browser.post(f"/account/sign-ins/{phones.id}/end", on="/account")
    assert answer.location == "/account"
    assert "That browser is signed out." in browser.get("/account").text
    assert phone.get("/account").status_code == 302
    assert browser.get("/account").status_code == 200


def test_ending_this_browser_signs_it_out(browser: Browser, sandbox: Sandbox, session: Session) -> None:
    browser.sign_in(sandbox, ANA)
    answer = browser.post(f"/account/sign-ins/{sign_in_of(session, ANA).id}/end", on="/account")
    assert answer.location == "/sign-in"
    assert browser.token is None


def test_another_persons_browser_cannot_end_my_sign_in(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    browser.sign_in(sandbox, ANA)
    mine = sign_in_of(session, ANA)
    bob = another_browser()
    bob.sign_in(sandbox, "bob@example.com")
    answer = bob.post(f"/account/sign-ins/{mine.id}/end", on="/account")
    assert answer.status_code == 404
    assert "There is no such sign-in on your account." in answer.text
    assert browser.get("/account").status_code == 200
    assert ANA not in bob.get("/account").text


def test_nobody_signed_out_ends_anything(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    browser.sign_in(sandbox, ANA)
    mine = sign_in_of(session, ANA)
    answer = another_browser().post(f"/account/sign-ins/{mine.id}/end", on="/sign-in")
    assert answer.location == "/sign-in"
    assert browser.get("/account").status_code == 200


def test_preferences_are_kept_with_the_account_and_in_the_browser(
    browser: Browser, sandbox: Sandbox, session: Session
) -> None:
    browser.sign_in(sandbox, ANA)
    answer = browser.post("/preferences", {"lang": "zh_Hans", "theme": "dark", "next": "/account"}, on="/account")
    assert answer.location == "/account"
    ana = session.scalars(select(Account)).one()
    assert (ana.language, ana.theme) == ("zh_Hans", "dark")
    assert '<html lang="zh-Hans" data-theme="dark"' in browser.get("/account").text
    browser.post("/sign-out", on="/account")
    assert '<html lang="zh-Hans" data-theme="dark"' in browser.get("/sign-in").text


def test_preferences_come_along_to_the_next_browser(
    browser: Browser, another_browser: Another, sandbox: Sandbox
) -> None:
    browser.sign_in(sandbox, ANA)
    browser.post("/preferences", {"lang": "zh_Hans", "theme": "dark"}, on="/account")
    phone = another_browser()
    phone.sign_in(sandbox, ANA)
    assert '<html lang="zh-Hans" data-theme="dark"' in phone.get("/account").text


def test_what_was_chosen_signed_out_becomes_the_new_accounts(
    browser: Browser, sandbox: Sandbox, session: Session
) -> None:
    browser.post("/preferences", {"lang": "zh_Hans"}, on="/sign-in")
    browser.post("/preferences", {"theme": "dark"}, on="/sign-in")
    browser.sign_in(sandbox, ANA)
    ana = session.scalars(select(Account)).one()
    assert (ana.language, ana.theme) == ("zh_Hans", "dark")


@pytest.mark.parametrize("fields", [{"lang": "xx"}, {"theme": "pink"}, {"lang": "en", "theme": "<b>"}])
def test_a_language_or_theme_that_we_do_not_have_changes_nothing(
    browser: Browser, sandbox: Sandbox, session: Session, fields: dict[str, str]
) -> None:
    browser.sign_in(sandbox, ANA)
    answer = browser.post("/preferences", fields, on="/account")
    assert answer.status_code == 400
    assert "We do not have that language or theme." in answer.text
    ana = session.scalars(select(Account)).one()
    assert (ana.language, ana.theme) == ("en", "system")


@pytest.mark.parametrize(
    ("fields", "referer", "reached"),
    [
        ({"next": "/sign-in?next=/studio"}, "", "/sign-in?next=/studio"),
        ({}, "http://127.0.0.1:8000/sign-in", "/sign-in"),
        ({}, "", "/"),
        ({}, "https://evil.example/sign-in", "/"),
        ({"next": "https://evil.example/"}, "", "/"),
        ({"next": "//evil.example"}, "https://evil.example/", "/"),
        ({"next": "/sign-out"}, "", "/"),
        ({"next": "/not/a/page"}, "", "/"),
    ],
)
def test_a_choice_leads_back_to_the_page_it_was_made_on(
    browser: Browser, fields: dict[str, str], referer: str, reached: str
) -> None:
    sent = {"csrf_token": browser.csrf("/sign-in"), "theme": "dark"} | fields
    assert browser.send("/preferences", sent, **({"Referer": referer} if referer else {})).location == reached
