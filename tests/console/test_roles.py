"""Route by route and role by role: who may do what is exactly what stands in compliance/console/roles.py."""

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.console.roles import ROLES
from compliance.requests.models import PrivacyRequest, Step
from imgpilot.parts import Parts
from tests.accounts.browser import Browser
from tests.console.conftest import FORM, Enter

#: For everybody: machines ask these, or they lead to the sign-in.
OPEN = ("static", "appbuilder.static", "machine.", "specimen.", "AuthDBView.", "LocaleView.", "UtilView.", "Today.")


def routes(console: Flask, case: UUID, step: UUID) -> list[tuple[str, str, str]]:
    """(endpoint, method, path) of every route there is, ids filled in."""
    fills = {"request_id": str(case), "step_id": str(step), "pk": "1", "group_by": "x", "name": "x", "filename": "x"}
    return [
        (rule.endpoint, method, re.sub(r"<(?:\w+:)?(\w+)>", lambda found: fills[found[1]], rule.rule))
        for rule in console.url_map.iter_rules()
        # FAB checks an action by its name, and there is none on its own pages.
        if not rule.endpoint.startswith(OPEN) and not rule.endpoint.endswith((".action", ".action_post"))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def ours(console: Flask, case: UUID, step: UUID) -> list[tuple[str, str, str]]:
    """The same, of our own view."""
    return [r for r in routes(console, case, step) if r[0].startswith("Requests.")]


@pytest.fixture
def a_step(session: Session, case: UUID) -> UUID:
    """A step of the case."""
    return session.scalars(select(Step.id).where(Step.request_id == case)).first() or UUID(int=0)


def refused(console: Flask, browser: Browser, method: str, path: str, fields: dict[str, str]) -> bool:
    """Whether this browser is sent away. What it did is told to nobody."""
    answer = browser.get(path) if method == "GET" else browser.send(path, fields)
    return answer.status_code in (401, 403) or (
        answer.status_code == 302 and answer.location in ("/", f"/login/?next={browser.base}{path}")
    )


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reaches_exactly_what_the_table_gives_it(
    console: Flask, case: UUID, a_step: UUID, signed_in: Enter, role: str
) -> None:
    browser = signed_in(role)
    given = {tuple(right) for right in ROLES[role]}
    fields = {"csrf_token": browser.csrf(FORM)}
    for endpoint, method, path in ours(console, case, a_step):
        may = ("Requests", f"can_{endpoint.partition('.')[2]}") in given
        assert refused(console, browser, method, path, fields) is not may, f"{role}: {method} {path}"


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_an_administrator_manages_staff(
    console: Flask, case: UUID, a_step: UUID, signed_in: Enter, role: str
) -> None:
    browser = signed_in(role)
    mine = {f"{view}.{right.removeprefix('can_')}" for view, right in ROLES[role]}
    fields = {"csrf_token": browser.csrf(FORM)}
    for endpoint, method, path in routes(console, case, a_step):
        if endpoint.startswith(("Requests.", "MenuApi.")) or endpoint in mine:
            continue
        assert refused(console, browser, method, path, fields), f"{role}: {method} {path}"


def test_an_administrator_reaches_everything_of_ours(
    console: Flask, case: UUID, a_step: UUID, signed_in: Enter
) -> None:
    browser = signed_in("Admin")
    for _endpoint, method, path in ours(console, case, a_step):
        assert not refused(console, browser, method, path, {"csrf_token": browser.csrf(FORM)}), path


def test_a_visitor_gets_nowhere(session: Session, console: Flask, case: UUID, a_step: UUID, browser: Browser) -> None:
    before = session.get_one(PrivacyRequest, case).state
    fields = {"csrf_token": browser.csrf("/login/"), "decision": "refuse", "reason": "x" * 40}
    for _endpoint, method, path in routes(console, case, a_step):
        answer = browser.get(path) if method == "GET" else browser.send(path, fields)
        assert answer.status_code in (302, 400, 401, 403, 404, 405), f"{method} {path}"
        assert "IP-2026" not in answer.text, path
        assert "ana@example.com" not in answer.text, path
    session.expire_all()
    assert session.get_one(PrivacyRequest, case).state == before
    assert browser.get("/").location.startswith("/login/")


def test_no_form_is_taken_without_its_token(
    session: Session, console: Flask, case: UUID, a_step: UUID, signed_in: Enter
) -> None:
    browser = signed_in("Admin")
    for _endpoint, method, path in routes(console, case, a_step):
        if method == "POST":
            answer = browser.send(path, {"decision": "refuse", "reason": "x" * 40})
            assert answer.status_code in (400, 404), path
    session.expire_all()
    assert session.get_one(PrivacyRequest, case).state == "review"


@pytest.mark.parametrize(
    ("role", "decides"),
    [("Privacy Officer", True), ("Approver", True), ("Privacy Agent", False), ("Auditor", False)],
)
def test_who_may_not_decide_is_shown_no_button(
    console: Flask, parts: Parts, case: UUID, signed_in: Enter, role: str, decides: bool
) -> None:
    page = signed_in(role).get(f"/requests/{case}").text
    assert ("Approve the plan" in page) is decides
    assert (f"/requests/{case}/approve" in page) is decides
