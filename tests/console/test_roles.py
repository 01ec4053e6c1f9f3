"""Route by route and role by role: who may do what is exactly what stands in compliance/console/roles.py."""

import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_appbuilder.const import PERMISSION_PREFIX
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.console import deeds
from compliance.console.roles import ALL_ROLES, EVERYBODY, PERMISSIONS, ROLES, who_may
from compliance.console.signed_in import HATS
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import MOVES, STAFF
from tests.accounts.browser import Browser
from tests.console.conftest import FORM, Enter

#: For everybody: machines ask these, or they lead to the sign-in; Today shows nothing to who has no part in it.
OPEN = (
    "static",
    "appbuilder.static",
    "machine.",
    "specimen.",
    "AuthDBView.",
    "LocaleView.",
    "UtilView.",
    "Today.",
    "SignInByToken.",
)
#: Flask-AppBuilder's own, which change staff and roles: what an Admin does there is not tried out here.
THEIRS = ("UserDBModelView", "RoleModelView", "UserGroupModelView", "UserStatsChartView", "ResetPasswordView")
#: For other systems, which send a token: a browser's cookie gets nowhere there (tests/console/test_rest.py).
BY_TOKEN = ("RequestApi.", "OpenApi.")
#: One deed of each group, for its route.
DEED = {"Deeds.work": "pause", "Deeds.decide": "refuse", "Deeds.second": "confirm"}


def routes(console: Flask, case: UUID, step: UUID) -> list[tuple[str, str, str]]:
    """(endpoint, method, path) of every route there is, ids filled in."""
    known = {"request_id": str(case), "step_id": str(step), "pk": "1"}

    def filled(rule: Any) -> str:
        def value(found: re.Match[str]) -> str:
            kind, name = found[1] or "", found[2]
            if name == "deed":
                return DEED[rule.endpoint]
            return known.get(name) or {"uuid:": str(case), "int:": "1"}.get(kind, "x")

        return re.sub(r"<(\w+:)?(\w+)>", value, rule.rule)

    return [
        (rule.endpoint, method, filled(rule))
        for rule in console.url_map.iter_rules()
        # FAB checks an action by its name, and there is none on its own pages.
        if not rule.endpoint.startswith(OPEN) and not rule.endpoint.endswith((".action", ".action_post"))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def pages(console: Flask, case: UUID, step: UUID) -> list[tuple[str, str, str]]:
    """The same without what is for other systems."""
    return [one for one in routes(console, case, step) if not one[0].startswith(BY_TOKEN)]


def right(console: Flask, endpoint: str) -> tuple[str, str]:
    """The view and the permission that FAB asks for there."""
    name, _, method = endpoint.rpartition(".")
    view = next(v for v in console.extensions["appbuilder"].baseviews if v.endpoint == name)
    return view.class_permission_name, PERMISSION_PREFIX + view.get_method_permission(method)


@pytest.fixture
def a_step(session: Session, case: UUID) -> UUID:
    """A step of the case."""
    return session.scalars(select(Step.id).where(Step.request_id == case)).first() or UUID(int=0)


def refused(browser: Browser, method: str, path: str, fields: dict[str, str]) -> bool:
    """Whether this browser is sent away. What it did is told to nobody."""
    answer = browser.get(path) if method == "GET" else browser.send(path, fields)
    return answer.status_code in (401, 403) or (
        answer.status_code == 302 and answer.location in ("/", f"/login/?next={browser.base}{path}")
    )


def test_every_route_has_a_row_in_the_table(console: Flask, case: UUID, a_step: UUID) -> None:
    without = {
        right(console, endpoint)
        for endpoint, _method, _path in routes(console, case, a_step)
        if who_may(*right(console, endpoint)) is None
    }
    assert not without, "say in compliance/console/roles.py who may do this"


def test_every_row_is_of_something_that_is_there(console: Flask) -> None:
    builder = console.extensions["appbuilder"]
    there = {(v.class_permission_name, name) for v in builder.baseviews for name in v.base_permissions or ()}
    for row in PERMISSIONS:
        for name in row.names:
            assert name == "menu_access" or (row.view, name) in there or row.view == "MenuApi", (row.view, name)


def test_no_two_views_share_their_permissions(console: Flask) -> None:
    """FAB would take from the Admin what only the first of them has."""
    names = [v.class_permission_name for v in console.extensions["appbuilder"].baseviews]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("role", EVERYBODY)
def test_fab_reads_the_table_as_it_is_meant(console: Flask, role: str) -> None:
    """It compares beginnings of names only: "can_list" would also open "can_list_all"."""
    manager = console.extensions["appbuilder"].sm
    with console.app_context():
        of_fab = manager.find_role(role)
        for view in console.extensions["appbuilder"].baseviews:
            for name in view.base_permissions or ():
                may = manager._has_access_builtin_roles(of_fab, name, view.class_permission_name)
                assert may is (role in (who_may(view.class_permission_name, name) or ())), (role, name)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reaches_exactly_what_the_table_gives_it(
    console: Flask, case: UUID, a_step: UUID, signed_in: Enter, role: str
) -> None:
    browser = signed_in(role)
    fields = {"csrf_token": browser.csrf(FORM)}
    for endpoint, method, path in pages(console, case, a_step):
        may = role in (who_may(*right(console, endpoint)) or ())
        assert refused(browser, method, path, fields) is not may, f"{role}: {method} {path}"


def test_an_administrator_reaches_everything_of_ours(
    console: Flask, case: UUID, a_step: UUID, signed_in: Enter
) -> None:
    browser = signed_in("Admin")
    fields = {"csrf_token": browser.csrf(FORM)}
    for endpoint, method, path in pages(console, case, a_step):
        if not endpoint.startswith((*THEIRS, "MenuApi")):
            assert not refused(browser, method, path, fields), f"{method} {path}"


def test_a_visitor_gets_nowhere(session: Session, console: Flask, case: UUID, a_step: UUID, browser: Browser) -> None:
    before = session.get_one(PrivacyRequest, case).state
    fields = {"csrf_token": browser.csrf("/login/"), "ground": "other", "reason": "x" * 40, "do": "act"}
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
    for _endpoint, method, path in pages(console, case, a_step):
        if method == "POST":
            answer = browser.send(path, {"ground": "other", "reason": "x" * 40, "do": "act"})
            assert answer.status_code in (400, 404), path
    session.expire_all()
    assert session.get_one(PrivacyRequest, case).state == "review"


def test_every_deed_belongs_to_who_may_make_its_move() -> None:
    hats = {role: set(worn) for role, worn in HATS.items() if role != "Admin"}
    for deed in deeds.DEEDS.values():
        roles = set(who_may("Deeds", f"can_{deed.by}") or ())
        assert roles == {role for role, worn in hats.items() if worn & deeds.HATS[deed.by]}, deed.key
        if deed.move:
            movers = {role for role, worn in hats.items() if worn & set(MOVES[deed.move].by) & set(STAFF)}
            assert roles <= movers, deed.key


def test_every_role_that_works_here_is_in_the_table() -> None:
    assert {"Admin", *ROLES} == set(ALL_ROLES)
    assert "Auditor" not in HATS


@pytest.mark.parametrize(
    ("role", "decides"),
    [("Privacy Officer", True), ("Approver", False), ("Privacy Agent", False), ("Auditor", False)],
)
def test_who_may_not_decide_is_shown_no_button(case: UUID, signed_in: Enter, role: str, decides: bool) -> None:
    page = signed_in(role).get(f"/requests/{case}").text
    assert ("Approve the plan" in page) is decides
    assert (f"/requests/{case}/decide/" in page) is decides


def test_an_auditor_is_shown_nothing_to_press_but_what_is_read(case: UUID, signed_in: Enter) -> None:
    page = signed_in("Auditor").get(f"/requests/{case}").text
    forms = set(re.findall(rf'action="/requests/{case}/([a-z]+)', page))
    assert forms == {"unmask"}
