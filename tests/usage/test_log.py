"""What the usage log notes of a request, what it never notes, and that no page waits for it or fails by it (P05)."""

import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from imgpilot.accounts import tokens
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.usage import expiry
from imgpilot.usage import lines as of_the_log
from imgpilot.usage.models import Usage
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.usage.conftest import Lines
from tests.world import Somebody

SECRET = "swordfish"


def ask(browser: Browser, path: str, **headers: str) -> None:
    """Ask, and read the answer to its end."""
    browser.get(path, **headers).close()


def test_p05_a_line_says_who_used_what_from_where_and_how_it_went(
    ana: Somebody, signed_in: Enter, lines: Lines, clock: Clock
) -> None:
    page = {"Sec-Fetch-Dest": "document", "Referer": f"https://news.example/{SECRET}?q={SECRET}"}
    ask(signed_in(ana), f"/account?q={SECRET}", **page)
    (line,) = lines()
    assert (line.at, line.account_id, line.ip) == (clock(), ana.account.id, "127.0.0.1")
    assert (line.feature, line.method, line.status, line.error) == ("accounts.account", "GET", 200, None)
    assert (line.browser, line.device, line.referrer) == ("Firefox · Linux", "computer", "news.example")
    assert 0 <= line.took_ms < 60_000


def test_p05_no_address_no_form_and_no_header_is_in_the_log(
    site: Flask, ana: Somebody, signed_in: Enter, lines: Lines
) -> None:
    browser = signed_in(ana)
    ask(browser, f"/sign-in/{SECRET}", Cookie=f"x={SECRET}")
    ask(browser, f"/nothing/{SECRET}")
    browser.send("/preferences", {"lang": SECRET, "csrf_token": SECRET}, **{"X-Odd": SECRET}).close()
    Browser(site, agent=f"Mozilla {SECRET} Firefox/1").get("/sign-in", Referer=f"https://{SECRET}@a.example/").close()
    found = lines()
    assert len(found) == 4
    assert {line.feature for line in found} >= {"accounts.confirm", "nothing there", "accounts.sign_in"}
    for line in found:
        assert SECRET not in repr({column.name: getattr(line, column.name) for column in Usage.__table__.columns})


def test_visitors_are_noted_without_a_name(site: Flask, ana: Somebody, lines: Lines) -> None:
    ask(Browser(site), "/")
    (line,) = lines()
    assert (line.account_id, line.feature) == (None, "site.home")


@pytest.mark.parametrize("stands", ["restricted_at", "closing_at"])
def test_p05_of_somebody_whose_data_is_restricted_or_being_deleted_no_line_says_who_it_was(
    session: Session, ana: Somebody, bob: Somebody, signed_in: Enter, lines: Lines, clock: Clock, stands: str
) -> None:
    hers, his = signed_in(ana), signed_in(bob)
    setattr(session.get_one(Account, ana.account.id), stands, clock())
    session.commit()
    ask(hers, "/account")
    ask(his, "/account")
    assert {line.account_id for line in lines()} == {None, bob.account.id}


def test_an_account_that_is_gone_when_the_page_is_out_gets_a_line_without_it(
    session: Session, ana: Somebody, lines: Lines, clock: Clock
) -> None:
    gone = of_the_log.Line(clock(), uuid4(), "", "", "", "x", "GET", 200, 1)
    of_the_log.write(session, gone)
    session.commit()
    (line,) = lines()
    assert line.account_id is None


def test_what_belongs_to_a_page_gets_no_line_of_its_own(site: Flask, ana: Somebody, lines: Lines) -> None:
    browser = Browser(site)
    for path in ("/static/img/mark.svg", "/healthz", "/readyz", "/.well-known/security.txt", "/.well-known/gpc.json"):
        ask(browser, path)
    ask(browser, "/test/picture")
    ask(browser, "/test/stream")
    ask(browser, "/sign-in", **{"HX-Request": "true"})
    ask(browser, "/sign-in", **{"Sec-Fetch-Dest": "empty"})
    assert lines() == []
    ask(browser, "/test/save")
    assert [line.feature for line in lines()] == ["test.save"], "a picture that is saved is a feature"


def test_p05_an_error_is_noted_by_its_class_and_never_by_its_text(
    site: Flask, ana: Somebody, lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    site.testing = False
    for headers in ({}, {"HX-Request": "true"}):
        answer = Browser(site).get("/test/broken", **headers)
        assert answer.status_code == 500
        answer.close()
    assert [(line.status, line.error) for line in lines()] == [(500, "LookupError")] * 2
    assert "ana@example.com" not in caplog.text


def test_a_page_is_out_before_its_line_and_does_not_fail_with_it(
    parts: Parts,
    site: Flask,
    ana: Somebody,
    lines: Lines,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = Browser(site).get("/")
    assert answer.status_code == 200
    assert lines() == [], "the page was there first"
    too_long = of_the_log.Line(parts.clock(), None, "x" * 46, "", "", "x", "GET", 200, 1)
    monkeypatch.setattr("imgpilot.usage.web._line", lambda _response: too_long)
    with caplog.at_level(logging.WARNING):
        broken = Browser(site).get("/")
        broken.close()
    assert broken.status_code == 200
    assert "a line of the usage log was not written: DataError" in caplog.text
    answer.close()
    assert [line.feature for line in lines()] == ["site.home"]


def test_a_line_costs_one_insert(parts: Parts, ana: Somebody, clock: Clock) -> None:
    said: list[str] = []

    def heard(*given: Any) -> None:
        said.append(given[2])

    event.listen(parts.engine, "before_cursor_execute", heard)
    try:
        with parts.sessions.begin() as session:
            of_the_log.write(session, of_the_log.Line(clock(), ana.account.id, "", "", "", "x", "GET", 200, 1))
    finally:
        event.remove(parts.engine, "before_cursor_execute", heard)
    assert [statement.split()[0] for statement in said] == ["SELECT", "INSERT"], "and its settings, in one call"


def test_p05_lines_go_after_90_days_but_not_what_is_held_or_restricted(
    session: Session, parts: Parts, ana: Somebody, bob: Somebody, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "BATCH", 2)
    session.execute(delete(Usage))
    session.get_one(Account, bob.account.id).held_at = clock()
    for who in (ana.account.id, bob.account.id, None):
        for days in (89, 90, 91):
            of_the_log.write(
                session,
                of_the_log.Line(clock() - timedelta(days=days), who, "", "", "", f"{days}", "GET", 200, 1),
            )
    session.commit()
    assert expiry.expire(parts.sessions, clock()) == 4
    assert expiry.expire(parts.sessions, clock()) == 0
    left = session.execute(select(Usage.account_id, Usage.feature)).all()
    assert sorted((str(who), days) for who, days in left) == sorted(
        [(str(ana.account.id), "89"), ("None", "89"), *((str(bob.account.id), days) for days in ("89", "90", "91"))]
    )


def test_p05_a_person_sees_their_lines_in_the_privacy_centre(ana: Somebody, signed_in: Enter) -> None:
    page = signed_in(ana).get("/privacy").text
    start = page.index("Lines in the usage log")
    held = page[start : page.index("</details>", start)]
    for words in ("90 days", "IP address", "Browser", "Device", "What was used", "Came from", "Milliseconds taken"):
        assert words in held


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Mobile/15E148 Safari/604", "phone"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605 Mobile/15E148 Safari/604", "tablet"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537 Chrome/140 Mobile Safari/537", "phone"),
        ("Mozilla/5.0 (Linux; Android 15; SM-X710) AppleWebKit/537 Chrome/140 Safari/537", "tablet"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537 Chrome/140 Safari/537", "computer"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Safari/605", "computer"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541) AppleWebKit/537 Chrome/140", "computer"),
        ("curl/8.5.0", "program"),
        ("", ""),
    ],
)
def test_the_kind_of_device_is_all_that_is_kept_of_it(agent: str, device: str) -> None:
    assert of_the_log.device_of(agent) == device


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://news.example/a?b=c#d", "news.example"),
        ("HTTP://News.Example:8080", "news.example"),
        ("https://ana:secret@news.example/", "news.example"),
        ("https://imgpilot.app/account", ""),
        ("android-app://com.example", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://a b.example/", ""),
        ("https://" + "a" * 300 + ".example/", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_p05_of_a_referrer_only_the_host_of_another_site_is_kept(referrer: str | None, host: str) -> None:
    assert of_the_log.host_of(referrer, "imgpilot.app") == host


def test_p05_what_a_program_does_with_a_person_s_token_is_theirs(
    session: Session, site: Flask, parts: Parts, ana: Somebody, lines: Lines
) -> None:
    scopes = ["account:read"]
    _token, key = tokens.create(session, parts.settings, ana.account.id, "script", scopes, None, parts.clock())
    session.commit()
    program = Browser(site, agent="curl/8.5.0")
    program.get("/api/v1/account", Authorization=f"Bearer {key}").close()
    program.get("/api/v1/account", Authorization=f"Bearer {SECRET}").close()
    told = [(line.account_id, line.device, line.status) for line in lines()]
    assert sorted(told, key=repr) == sorted([(ana.account.id, "program", 200), (None, "program", 401)], key=repr)
