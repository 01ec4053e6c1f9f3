"""Staff sign in: every attempt is in the audit log, and a visitor gets nowhere."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.console.roles import add_staff
from imgpilot import visitors
from imgpilot.errors import ImgPilotError
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.console.conftest import PASSWORD, Enter, address


def log(session: Session) -> list[tuple[str, str]]:
    """Who did what."""
    session.rollback()
    return [(e.actor, e.action) for e in session.scalars(select(Entry).order_by(Entry.seq))]


def test_signing_in_is_in_the_audit_log(session: Session, console: Flask, signed_in: Enter) -> None:
    page = signed_in("Auditor").get("/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store", "nobody finds it with the Back button"
    [(actor, action)] = log(session)
    assert actor.startswith("staff:")
    assert action == "staff signed in"


def test_a_wrong_password_is_in_the_audit_log_and_lets_nobody_in(session: Session, browser: Browser) -> None:
    browser.post("/login/", {"username": address("Auditor"), "password": "wrong horse"})
    assert browser.get("/requests/").status_code == 302
    assert [action for _actor, action in log(session)] == ["staff sign-in failed"]


def test_guessing_passwords_is_slowed_down(session: Session, browser: Browser) -> None:
    fields = {"username": address("Auditor"), "password": "wrong horse", "csrf_token": browser.csrf("/login/")}
    answers = [browser.send("/login/", fields).status_code for _ in range(11)]
    assert answers[-1] == 429
    assert 429 not in answers[:10]


def test_passwords_cannot_be_guessed_past_the_page(session: Session, browser: Browser) -> None:
    """The sign-in of other systems has a limit of its own, writes every attempt down, and knows one provider."""

    def attempt(provider: str) -> int:
        sent = {"username": address("Admin"), "password": "wrong horse", "provider": provider}
        return browser.client.post("/api/v1/security/login", json=sent, base_url=browser.base).status_code

    assert attempt("ldap") == 422
    assert log(session) == []
    assert [attempt("db") for _ in range(10)] == [401] * 9 + [429]
    assert [action for _actor, action in log(session)] == ["staff sign-in failed"] * 9


@pytest.mark.parametrize("by_token", [False, True])
@pytest.mark.parametrize(("trusted", "others_go_on"), [("127.0.0.1/32", True), ("", False)])
def test_behind_a_proxy_that_is_trusted_each_visitor_is_counted_alone(
    console: Flask,
    browser: Browser,
    parts: Parts,
    monkeypatch: pytest.MonkeyPatch,
    by_token: bool,
    trusted: str,
    others_go_on: bool,
) -> None:
    monkeypatch.setattr(parts, "settings", parts.settings.model_copy(update={"trusted_proxies": trusted}))
    # Only the counting is looked at; checking a password takes a third of a second.
    monkeypatch.setattr(console.extensions["appbuilder"].sm, "auth_user_db", lambda *_given: None)
    fields = {"username": "nobody", "password": "wrong horse", "csrf_token": browser.csrf("/login/")}

    def attempt(visitor: str) -> bool:
        headers = {visitors.HEADER: visitor}
        if not by_token:
            return browser.send("/login/", fields, **headers).status_code != 429
        sent = {"username": "nobody", "password": "wrong horse"}
        path = "/api/v1/security/login"
        return browser.client.post(path, json=sent, base_url=browser.base, headers=headers).status_code != 429

    assert [attempt("203.0.113.7") for _ in range(11)] == [True] * 10 + [False]
    assert attempt("203.0.113.8") is others_go_on


def test_a_link_signs_nobody_out_and_the_button_does(officer: Browser) -> None:
    page = officer.get("/logout/")
    assert (page.status_code, "You are signed in as Privacy Officer." in page.text) == (200, True)
    assert officer.get("/requests/").status_code == 200
    assert officer.send("/logout/", {}).status_code == 400, "a form of another page has no token"
    assert officer.get("/requests/").status_code == 200
    assert officer.post("/logout/", on="/").status_code == 302
    assert officer.get("/requests/").status_code == 302
    assert officer.get("/logout/").location.startswith("/login/")


@pytest.mark.parametrize(
    ("role", "address", "said"),
    [("Emperor", "new@imgpilot.example", "There is no role"), ("Auditor", "twice@imgpilot.example", "already")],
)
def test_staff_who_cannot_be_added_are_refused_in_a_sentence(
    parts: Parts, console: Flask, monkeypatch: pytest.MonkeyPatch, role: str, address: str, said: str
) -> None:
    monkeypatch.setattr("imgpilot.app.console", lambda _parts: console)
    with console.app_context():
        manager = console.extensions["appbuilder"].sm
        manager.add_user("twice@imgpilot.example", "T", "T", "twice@imgpilot.example", manager.find_role("Auditor"))
    with pytest.raises(ImgPilotError, match=said):
        add_staff(parts, address, role, "New Person", PASSWORD)


def test_whoever_is_added_can_sign_in(
    session: Session, parts: Parts, console: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imgpilot.app.console", lambda _parts: console)
    add_staff(parts, "mei@imgpilot.example", "Privacy Officer", "Mei Tan", PASSWORD)
    browser.post("/login/", {"username": "mei@imgpilot.example", "password": PASSWORD})
    assert "Mei Tan" in browser.get("/").text
