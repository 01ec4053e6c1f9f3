"""The way in and out, through the pages, with real mail and a real database."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from imgpilot.accounts import links
from imgpilot.accounts.browsers import COOKIE
from imgpilot.accounts.models import Account, SignIn, SignInLink
from imgpilot.app import create_app
from imgpilot.digests import keyed
from imgpilot.mail import Mailer, MailNotSent
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import TOKEN, Browser, link_path, link_token
from tests.conftest import Clock
from tests.signing_up import ANSWER

ANA = "ana@example.com"
PHONE = "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
Another = Callable[[], Browser]


def cookies(answer: TestResponse) -> dict[str, str]:
    """Each Set-Cookie header by the name of its cookie."""
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_p01_a_person_comes_in_by_a_mailed_link_and_no_password(
    browser: Browser, sandbox: Sandbox, session: Session
) -> None:
    page = browser.get("/sign-in")
    assert page.status_code == 200
    assert 'type="password"' not in page.text
    answer = browser.ask(" Ana@Example.com ")
    assert answer.location == "/sign-in/sent"
    assert ANA in browser.get("/sign-in/sent").text
    path = link_path(sandbox, ANA)
    assert ANA in browser.get(path).text
    answer = browser.open_link(path)
    assert (answer.status_code, answer.location) == (302, "/studio")
    assert ANA in browser.get("/account").text
    assert session.scalar(select(Account.email)) == ANA


def test_p01_the_link_works_in_a_browser_that_did_not_ask_for_it(
    browser: Browser, another_browser: Another, sandbox: Sandbox
) -> None:
    browser.ask(ANA)
    phone = another_browser()
    assert phone.open_link(link_path(sandbox, ANA)).location == "/studio"
    assert phone.get("/account").status_code == 200
    assert browser.get("/account").status_code == 302


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_p01_a_scanner_that_opens_the_link_does_not_use_it_up(
    site: Flask, browser: Browser, sandbox: Sandbox, session: Session, method: str
) -> None:
    browser.ask(ANA)
    path = link_path(sandbox, ANA)
    scanner = getattr(site.test_client(), method)
    for _ in range(3):
        answer = scanner(path)
        assert answer.status_code == 200
        assert COOKIE not in cookies(answer)
    assert session.scalar(select(SignInLink.used_at)) is None
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    assert browser.open_link(path).status_code == 302


def test_p01_a_link_lets_one_of_two_posts_at_once_in(
    another_browser: Another, browser: Browser, sandbox: Sandbox, session: Session
) -> None:
    browser.ask(ANA)
    path = link_path(sandbox, ANA)
    ready, ended = threading.Barrier(2), []

    def press(mine: Browser, token: str) -> None:
        ready.wait()
        ended.append(mine.send(path, {"csrf_token": token} | ANSWER).status_code)

    threads = [threading.Thread(target=press, args=(b, b.csrf(path))) for b in (browser, another_browser())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == [302, 410]
    assert session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_each_link_that_does_not_work_says_what_to_do(
    browser: Browser, another_browser: Another, sandbox: Sandbox, clock: Clock
) -> None:
    def says(path: str, status: int, words: str) -> None:
        page = another_browser().get(path)
        assert page.status_code == status
        assert words in page.text
        assert "Ask for a new link" in page.text
        csrf = browser.csrf("/sign-in") if browser.token is None else browser.csrf("/account")
        pressed = browser.send(path, {"csrf_token": csrf})
        assert pressed.status_code == status
        assert words in pressed.text

    browser.ask(ANA)
    old = link_path(sandbox, ANA)
    clock.tick(minutes=1)
    browser.ask(ANA)
    new = link_path(sandbox, ANA)
    says(old, 410, "A newer link was sent after this one.")
    says(new[:-1], 404, "We do not know this link.")
    clock.tick(minutes=15)
    says(new, 410, "This link has run out.")
    browser.sign_in(sandbox, ANA)
    says(link_path(sandbox, ANA), 410, "This link was used already.")


def test_known_and_unknown_addresses_get_the_same_answer_by_the_same_work(
    site: Flask, parts: Parts, session: Session, sandbox: Sandbox
) -> None:
    session.add(Account(email="known@example.com", created_at=parts.clock()))
    session.add(Account(email="frozen@example.com", created_at=parts.clock(), frozen_at=parts.clock()))
    session.commit()

    def asked(address: str) -> tuple[object, ...]:
        mine = Browser(site)
        csrf = mine.csrf("/sign-in")
        with statements(parts) as said:
            answer = mine.send("/sign-in", {"csrf_token": csrf, "email": address})
        page = TOKEN.sub("", mine.get("/sign-in/sent").text.replace(address, ""))
        return answer.status_code, answer.location, answer.text, len(page), said

    answers = [asked(f"{who}@example.com") for who in ("known", "unknown", "frozen")]
    assert answers[0] == answers[1] == answers[2]
    texts = {m.text.replace(m.links[0], "") for m in sandbox.mail}
    assert len(texts) == 1, "the mails are the same too"


@contextmanager
def statements(parts: Parts) -> Iterator[list[str]]:
    """What is asked of the database."""
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(parts.engine, "before_cursor_execute", note)
    yield said
    event.remove(parts.engine, "before_cursor_execute", note)


def test_a_mistake_in_the_address_is_shown_beside_it_and_nothing_is_sent(
    browser: Browser, sandbox: Sandbox, session: Session
) -> None:
    answer = browser.ask("ana@example")
    assert answer.status_code == 400
    assert "Did you mean ana@example.com?" in answer.text
    assert 'value="ana@example"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert len(sandbox.mail) == 0
    assert session.scalar(select(func.count()).select_from(SignInLink)) == 0


def test_what_was_typed_cannot_write_into_the_page(browser: Browser) -> None:
    answer = browser.ask('"><script>alert(1)</script>')
    assert "<script>alert" not in answer.text


def test_a_mail_server_that_is_down_is_said_and_the_address_stays(
    site: Flask, parts: Parts, browser: Browser, sandbox: Sandbox
) -> None:
    up = parts.settings.smtp_url
    browser.ask(ANA)
    before = link_path(sandbox, ANA)
    with refusing(parts):
        answer = browser.ask(ANA)
    assert parts.settings.smtp_url == up
    assert answer.status_code == 503
    assert "The mail server did not take our message. Nothing was lost." in answer.text
    assert f'value="{ANA}"' in answer.text
    assert browser.open_link(before).status_code == 302, "the link from before works"


@contextmanager
def refusing(parts: Parts) -> Iterator[None]:
    """Nobody answers where the mail server was."""
    up = parts.settings.smtp_url
    parts.settings.smtp_url = type(up)("smtp://127.0.0.1:1")  # type: ignore[misc]
    yield
    parts.settings.smtp_url = up


def test_too_many_links_to_one_address_are_refused_alike(browser: Browser, sandbox: Sandbox) -> None:
    for _ in range(links.AT_ONCE):
        assert browser.ask(ANA).status_code == 302
    answer = browser.ask(ANA)
    assert answer.status_code == 429
    assert "Several links were sent to this address just now." in answer.text
    assert len(sandbox.mail) == links.AT_ONCE


def test_a_frozen_account_is_refused_in_words(
    browser: Browser, sandbox: Sandbox, session: Session, parts: Parts
) -> None:
    session.add(Account(email=ANA, created_at=parts.clock(), frozen_at=parts.clock()))
    session.commit()
    browser.ask(ANA)
    answer = browser.open_link(link_path(sandbox, ANA))
    assert answer.status_code == 403
    assert "This account is being deleted" in answer.text
    assert browser.token is None
    assert session.scalar(select(SignInLink.used_at)) is None


def test_an_account_that_is_frozen_is_signed_out_everywhere(
    browser: Browser, sandbox: Sandbox, session: Session, parts: Parts
) -> None:
    browser.sign_in(sandbox, ANA)
    session.execute(update(Account).values(frozen_at=parts.clock()))
    session.commit()
    assert browser.get("/account").status_code == 302


def phone_letters(sandbox: Sandbox) -> list[str]:
    """What the letters about a new browser say, in either language."""
    return [mail.text for mail in sandbox.mail.to(ANA) if "Chrome · Android" in mail.text]


def test_a_browser_that_the_account_was_never_seen_with_brings_its_owner_a_letter_in_their_language(
    browser: Browser, site: Flask, sandbox: Sandbox, session: Session
) -> None:
    browser.sign_in(sandbox, ANA)
    Browser(site).sign_in(sandbox, ANA)
    assert {mail.subject for mail in sandbox.mail.to(ANA)} == {"Your link to sign in to ImgPilot"}
    ana = session.scalars(select(Account)).one()
    ana.language, ana.timezone = "zh_Hans", "Asia/Tokyo"
    session.commit()
    Browser(site, agent=PHONE).sign_in(sandbox, ANA)
    (letter,) = phone_letters(sandbox)
    assert "23:40" in letter, "14:40 in UTC"
    assert "Asia/Tokyo" in letter
    assert "http://127.0.0.1:8000/account#browsers" in letter
    Browser(site, agent=PHONE).sign_in(sandbox, ANA)
    assert len(phone_letters(sandbox)) == 1, "that browser is known now"


def test_restricted_data_is_not_used_for_a_letter_that_nobody_asked_for(
    browser: Browser, site: Flask, sandbox: Sandbox, session: Session, clock: Clock
) -> None:
    browser.sign_in(sandbox, ANA)
    session.scalars(select(Account)).one().restricted_at = clock()
    session.commit()
    assert Browser(site, agent=PHONE).sign_in(sandbox, ANA).location == "/studio"
    assert phone_letters(sandbox) == []


def test_a_letter_that_the_mail_server_does_not_take_keeps_nobody_out(
    browser: Browser, site: Flask, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(sandbox, ANA)
    phone = Browser(site, agent=PHONE)
    phone.ask(ANA)
    path = link_path(sandbox, ANA)

    def refuse(*_given: object, **_more: object) -> None:
        raise MailNotSent

    monkeypatch.setattr(Mailer, "send", refuse)
    assert phone.open_link(path).location == "/studio"


def test_signing_out_ends_the_row_and_the_cookie(
    browser: Browser, sandbox: Sandbox, session: Session, clock: Clock
) -> None:
    browser.sign_in(sandbox, ANA)
    token = browser.token
    assert token
    answer = browser.post("/sign-out", on="/account")
    assert (answer.status_code, answer.location) == (302, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache"', "the pictures that the browser keeps go too"
    assert browser.token is None
    assert session.scalar(select(SignIn.ended_at)) == clock()
    browser.client.set_cookie(COOKIE, token, domain="127.0.0.1")
    assert browser.get("/account").status_code == 302, "the old token is worth nothing"


def test_the_cookie_is_opaque_and_kept_from_scripts_and_other_sites(
    browser: Browser, sandbox: Sandbox, session: Session, parts: Parts
) -> None:
    answer = browser.sign_in(sandbox, ANA)
    line = cookies(answer)[COOKIE]
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/" in line
    assert "Domain" not in line
    assert "Secure" not in line
    assert f"Max-Age={30 * 24 * 3600}" in line
    token = browser.token
    assert token
    assert len(token) >= 43
    assert session.scalar(select(SignIn.digest)) == keyed(parts.settings, "sign-in", token)


def test_over_https_cookies_are_secure_and_the_link_page_needs_no_referer(parts: Parts, sandbox: Sandbox) -> None:
    settings = parts.settings.model_copy(update={"site_url": "https://imgpilot.example"})
    secure = Parts(settings, parts.engine, parts.clock)
    app = create_app("site", ["imgpilot.accounts.views:mount", "tests.accounts.elsewhere:mount"], secure)
    app.testing = True
    mine = Browser(app, base="https://imgpilot.example")
    answer = mine.sign_in(sandbox, ANA)
    assert answer.status_code == 302
    assert all("Secure" in line for line in cookies(answer).values())
    assert sandbox.mail.to(ANA)[0].links[0].startswith("https://imgpilot.example/sign-in/")


def test_a_use_after_ten_minutes_renews_the_cookie(browser: Browser, sandbox: Sandbox, clock: Clock) -> None:
    browser.sign_in(sandbox, ANA)
    clock.tick(minutes=9)
    assert COOKIE not in cookies(browser.get("/account"))
    clock.tick(days=29)
    assert COOKIE in cookies(browser.get("/account"))
    clock.tick(days=29)
    assert browser.get("/account").status_code == 200
    clock.tick(days=30)
    assert browser.get("/account").status_code == 302


def test_a_token_that_somebody_planted_is_never_taken_over(
    browser: Browser, sandbox: Sandbox, session: Session, parts: Parts
) -> None:
    browser.client.set_cookie(COOKIE, "planted", domain="127.0.0.1")
    browser.sign_in(sandbox, ANA)
    assert browser.token
    assert browser.token != "planted"
    assert keyed(parts.settings, "sign-in", "planted") not in session.scalars(select(SignIn.digest)).all()


def test_the_address_is_in_the_session_cookie_only_until_it_was_shown(browser: Browser) -> None:
    browser.ask(ANA)
    assert ANA in browser.get("/sign-in/sent").text
    with browser.client.session_transaction(base_url=browser.base) as held:
        assert ANA not in held.values()
    assert ANA not in browser.get("/sign-in/sent").text


def test_a_cookie_of_the_site_is_none_to_the_console(parts: Parts) -> None:
    site, console = (create_app(name, [], parts).secret_key for name in ("site", "console"))
    assert site != console
    assert parts.settings.secret not in (site, console)


def test_signing_in_rotates_the_session_and_its_csrf_token(browser: Browser, sandbox: Sandbox) -> None:
    before = browser.csrf("/sign-in")
    browser.sign_in(sandbox, ANA)
    with browser.client.session_transaction(base_url=browser.base) as held:
        assert "asked" not in held
    assert browser.send("/preferences", {"csrf_token": before, "theme": "dark"}).status_code == 400
    assert browser.post("/preferences", {"theme": "dark"}, on="/account").status_code == 302


def test_signing_in_as_another_ends_the_sign_in_before(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    browser.sign_in(sandbox, ANA)
    another_browser().ask("bob@example.com")
    path = link_path(sandbox, "bob@example.com")
    assert "bob@example.com" in browser.get(path).text, "she sees as whom she would sign in"
    assert browser.open_link(path).headers["Clear-Site-Data"] == '"cache"', "her pictures are none of his"
    assert "bob@example.com" in browser.get("/account").text
    assert session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) == 1


def test_no_form_is_taken_without_its_token(browser: Browser, sandbox: Sandbox, session: Session) -> None:
    browser.ask(ANA)
    path = link_path(sandbox, ANA)
    for target in ("/sign-in", path, "/sign-out", "/preferences"):
        assert browser.send(target, {"email": ANA, "theme": "dark"}).status_code == 400, target
    assert session.scalar(select(SignInLink.used_at)) is None
    assert len(sandbox.mail) == 1


def test_the_page_of_a_stale_form_still_knows_the_person(browser: Browser, sandbox: Sandbox) -> None:
    browser.sign_in(sandbox, ANA)
    browser.post("/preferences", {"lang": "zh_Hans"}, on="/account")
    answer = browser.send("/sign-out", {})
    assert answer.status_code == 400
    assert '<html lang="zh-Hans"' in answer.text
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/gallery?page=2", "/gallery?page=2"),
        ("https://evil.example/", "/studio"),
        ("//evil.example", "/studio"),
        ("/\\evil.example", "/studio"),
    ],
)
def test_after_signing_in_one_goes_on_where_one_was_but_never_to_another_host(
    browser: Browser, sandbox: Sandbox, wanted: str, reached: str
) -> None:
    page = f"/sign-in?next={quote(wanted)}"
    assert browser.sign_in(sandbox, ANA, page=page).location == reached
    assert browser.get(page).location == reached, "who is signed in already goes there at once"


def test_a_page_for_members_leads_through_sign_in_and_back(browser: Browser, sandbox: Sandbox) -> None:
    answer = browser.get("/account?from=mail")
    assert answer.location == "/sign-in?next=/account?from%3Dmail"
    assert browser.sign_in(sandbox, ANA, page=answer.location).location == "/account?from=mail"


def test_a_piece_of_a_page_sends_the_whole_page_to_sign_in(browser: Browser) -> None:
    answer = browser.get("/account", **{"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1:8000/account?x=1"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/account?x%3D1"
    answer = browser.get("/account", **{"HX-Request": "true", "HX-Current-URL": "http://[broken"})
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_the_pages_whose_address_is_a_key_tell_nobody(browser: Browser, sandbox: Sandbox) -> None:
    browser.ask(ANA)
    path = link_path(sandbox, ANA)
    answers = [browser.get(path), browser.open_link(path), browser.get(path), browser.get("/sign-in/made-up")]
    assert [a.status_code for a in answers] == [200, 302, 410, 404]
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


def test_pages_of_a_person_are_not_kept_by_the_browser(browser: Browser, sandbox: Sandbox) -> None:
    browser.sign_in(sandbox, ANA)
    assert browser.get("/account").headers["Cache-Control"] == "no-store"
    assert browser.get("/studio").headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in Browser(browser.client.application).get("/studio").headers


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_whole_way_in_speaks_the_language_of_the_browser(
    browser: Browser, sandbox: Sandbox, session: Session, language: str
) -> None:
    browser.client.set_cookie("lang", language, domain="127.0.0.1")
    tag = language.replace("_", "-")
    page = browser.get("/sign-in").text
    assert f'<html lang="{tag}"' in page
    assert {"en": "Send me a link", "zh_Hans": "给我发链接"}[language] in page
    mistake = browser.ask("ana@example").text
    assert {"en": "Did you mean ana@example.com?", "zh_Hans": "是 ana@example.com 吗？"}[language] in mistake
    browser.sign_in(sandbox, ANA)
    assert f'<html lang="{tag}"' in sandbox.mail.to(ANA)[0].html
    assert session.scalar(select(Account.language)) == language


def test_neither_token_nor_address_is_logged(
    browser: Browser,
    another_browser: Another,
    sandbox: Sandbox,
    caplog: pytest.LogCaptureFixture,
    parts: Parts,
    clock: Clock,
) -> None:
    caplog.set_level(logging.DEBUG)
    browser.ask("ana@example")
    browser.ask(ANA)
    token = link_token(sandbox, ANA)
    browser.get(f"/sign-in/{token}")
    another_browser().send(f"/sign-in/{token}", {})
    browser.open_link(f"/sign-in/{token}")
    browser.get(f"/sign-in/{token}")
    with refusing(parts):
        another_browser().ask(ANA)
    clock.tick(days=2)
    browser.get("/account")
    assert "disclosure" in caplog.text
    # mail.log is the sandbox's own SMTP server, which runs in this process only in tests.
    ours = "\n".join(caplog.handler.format(r) for r in caplog.records if r.name != "mail.log")
    for kept_secret in (token, browser.token, ANA, "ana@"):
        assert kept_secret
        assert kept_secret not in ours


def test_links_last_a_quarter_of_an_hour_as_the_pages_say(browser: Browser) -> None:
    assert timedelta(minutes=15) == links.LASTS
    browser.ask(ANA)
    assert "for 15 minutes" in browser.get("/sign-in/sent").text
    assert "the address you gave" in Browser(browser.client.application).get("/sign-in/sent").text


def test_a_page_about_a_failure_is_shown_to_the_person_even_if_the_database_failed(
    site: Flask, browser: Browser, sandbox: Sandbox
) -> None:
    browser.sign_in(sandbox, ANA)
    browser.post("/preferences", {"lang": "zh_Hans"}, on="/account")
    site.testing = False
    answer = browser.get("/broken")
    assert answer.status_code == 500
    assert '<html lang="zh-Hans"' in answer.text
    assert ANA not in answer.text
