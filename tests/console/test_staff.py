"""Staff accounts: whatever is changed about one is in the audit log, by number and never by name."""

import logging
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.console import staff
from tests.accounts.browser import Browser
from tests.console.conftest import FORM, PASSWORD, Enter, address

STRONG = "COrrect-horse-42"
#: Names that must not be in the log.
NAMED = ("Lin", "Wei", "lin.wei")


def log(session: Session) -> list[tuple[str, str, Any]]:
    """Who did what with which facts, but for signing in."""
    session.rollback()
    found = session.scalars(select(Entry).order_by(Entry.seq)).all()
    assert not any(name in str(entry.facts) for entry in found for name in NAMED)
    return [(e.actor, e.action, e.facts) for e in found if e.action != "staff signed in"]


def number(session: Session, username: str) -> int:
    """The number of this account."""
    return int(session.scalars(select(User.id).where(User.username == username)).one())


def role(session: Session, name: str) -> str:
    """The number of this role, as a form sends it."""
    return str(session.scalars(select(Role.id).where(Role.name == name)).one())


def form(session: Session, **other: str) -> dict[str, str]:
    """An account, filled in."""
    return {
        "first_name": "Lin",
        "last_name": "Wei",
        "username": "lin.wei",
        "email": "lin.wei@imgpilot.example",
        "active": "y",
        "roles": role(session, "Privacy Agent"),
    } | other


@pytest.fixture
def admin(signed_in: Enter) -> Browser:
    """The browser of an administrator."""
    return signed_in("Admin")


@pytest.fixture
def me(session: Session, console: Flask) -> str:
    """The administrator as the log names them."""
    return f"staff:{number(session, address('Admin'))}"


@pytest.fixture
def lin(session: Session, admin: Browser) -> int:
    """Whom the administrator has added."""
    admin.post("/users/add", form(session, password=STRONG, conf_password=STRONG))
    return number(session, "lin.wei")


def test_adding_somebody_is_written_down(session: Session, me: str, lin: int) -> None:
    facts = {"staff": lin, "roles": ["privacy-agent"], "active": True}
    assert log(session) == [(me, "staff account added", facts)]


def test_adding_somebody_by_a_command_is_written_down(session: Session, console: Flask) -> None:
    with console.app_context():
        manager = console.extensions["appbuilder"].sm
        assert manager.add_user("lin.wei", "Lin", "Wei", "lin.wei@x.example", manager.find_role("Auditor"), PASSWORD)
    facts = {"staff": number(session, "lin.wei"), "roles": ["auditor"], "active": True}
    assert log(session) == [("system", "staff account added", facts)]


def test_what_is_not_written_down_does_not_happen(
    session: Session, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_more: object) -> int:
        raise RuntimeError("no log today")

    monkeypatch.setattr(staff, "record", broken)
    admin.post("/users/add", form(session, password=STRONG, conf_password=STRONG))
    assert session.scalars(select(User).where(User.username == "lin.wei")).all() == []


def test_changing_somebody_says_what_and_not_into_what(session: Session, admin: Browser, me: str, lin: int) -> None:
    admin.post(f"/users/edit/{lin}", form(session, email="wei@imgpilot.example"))
    facts = {"staff": lin, "changed": ["email"], "active": True}
    assert log(session)[1:] == [(me, "staff account changed", facts)]


def test_deactivating_somebody_is_written_down(session: Session, admin: Browser, me: str, lin: int) -> None:
    fields = form(session)
    del fields["active"]
    admin.post(f"/users/edit/{lin}", fields)
    facts = {"staff": lin, "changed": ["active"], "active": False}
    assert log(session)[1:] == [(me, "staff account changed", facts)]


def test_another_role_is_written_down(session: Session, admin: Browser, me: str, lin: int) -> None:
    admin.post(f"/users/edit/{lin}", form(session, roles=role(session, "Privacy Officer")))
    assert log(session)[1:] == [(me, "staff roles changed", {"staff": lin, "roles": ["privacy-officer"]})]


def test_a_role_made_in_the_console_is_written_down_by_its_number(
    session: Session, admin: Browser, me: str, lin: int
) -> None:
    admin.post("/roles/add", {"name": "Lin Wei"})
    made = role(session, "Lin Wei")
    admin.post(f"/users/edit/{lin}", form(session, roles=made))
    assert log(session)[1:] == [
        (me, "staff roles changed", {"role": f"role-{made}"}),
        (me, "staff roles changed", {"staff": lin, "roles": [f"role-{made}"]}),
    ]


def test_a_group_that_brings_roles_is_written_down(session: Session, admin: Browser, me: str, lin: int) -> None:
    admin.post("/groups/add", {"name": "Wei", "users": str(lin), "roles": role(session, "Admin")})
    assert (me, "staff roles changed", {"group": 1}) in log(session)


def test_removing_somebody_is_written_down(session: Session, admin: Browser, me: str, lin: int) -> None:
    admin.post(f"/users/delete/{lin}", on=FORM)
    assert session.get(User, lin) is None
    assert log(session)[1:] == [(me, "staff account removed", {"staff": lin})]


def test_nobody_deletes_themselves(session: Session, admin: Browser) -> None:
    mine = number(session, address("Admin"))
    admin.post(f"/users/delete/{mine}", on=FORM)
    assert "You cannot delete your own account. Deactivate it instead." in admin.get("/").text
    session.rollback()
    assert session.get(User, mine) is not None
    assert log(session) == []


def test_resetting_somebodys_password_is_written_down(session: Session, admin: Browser, me: str, lin: int) -> None:
    admin.post(f"/resetpassword/form?pk={lin}", {"password": STRONG + "x", "conf_password": STRONG + "x"})
    assert log(session)[1:] == [(me, "staff password reset", {"staff": lin})]


def test_resetting_ones_own_password_is_written_down(session: Session, officer: Browser) -> None:
    officer.post("/resetmypassword/form", {"password": STRONG, "conf_password": STRONG})
    mine = number(session, address("Privacy Officer"))
    assert log(session) == [(f"staff:{mine}", "staff password reset", {"staff": mine})]


def test_a_simple_password_is_refused(session: Session, officer: Browser) -> None:
    answer = officer.post("/resetmypassword/form", {"password": "password", "conf_password": "password"})
    assert "Must have at least two capital letters" in answer.text
    assert log(session) == []


def test_changing_ones_own_name_is_written_down(session: Session, officer: Browser) -> None:
    officer.post("/userinfoeditview/form", {"first_name": "Lin", "last_name": "Wei"})
    mine = number(session, address("Privacy Officer"))
    [(actor, action, facts)] = log(session)
    assert (actor, action) == (f"staff:{mine}", "staff account changed")
    assert facts["changed"] == ["first_name", "last_name"]


@pytest.mark.parametrize("password", ["wrong horse", "\0"])
def test_an_unknown_name_is_written_down_without_it(session: Session, browser: Browser, password: str) -> None:
    browser.post("/login/", {"username": "lin.wei", "password": password})
    assert log(session) == [("system", "staff sign-in failed", {})]


def test_a_library_that_logs_what_the_database_says_gives_no_values(
    console: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with console.app_context():
        who = address("Auditor")
        assert not console.extensions["appbuilder"].sm.add_user(who, "Lin", "Wei", who, [])
    [record] = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert "UniqueViolation" in record.getMessage() or "IntegrityError" in record.getMessage()
    assert who not in caplog.text


@pytest.mark.parametrize("page", ["users", "roles", "groups"])
def test_an_action_that_there_is_not_is_not_found(console: Flask, browser: Browser, admin: Browser, page: str) -> None:
    for who, token_on in ((browser, "/login/"), (admin, FORM)):
        assert who.post(f"/{page}/action/nothing/1", on=token_on).status_code == 404
        assert who.get(f"/{page}/action/nothing/1").status_code == 404
        assert who.post(f"/{page}/action_post", {"action": "nothing"}, on=token_on).status_code == 404


def test_an_action_that_there_is_still_works(admin: Browser, lin: int) -> None:
    answer = admin.post(f"/users/action/resetpasswords/{lin}", on=FORM)
    assert answer.location == f"/resetpassword/form?pk={lin}"
