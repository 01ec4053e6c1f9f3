"""Every page of Flask-AppBuilder opens, and none of them brings what the look replaces or the policy refuses."""

import re

import pytest
from flask import Flask, g, render_template
from flask.testing import FlaskClient

#: Pages that need an argument.
RECORDS = [
    "/users/show/1",
    "/users/edit/1",
    "/roles/show/1",
    "/roles/edit/1",
    "/roles/show/3",
    "/resetpassword/form?pk=2",
    "/userstatschartview/chart/1",
    "/books/show/1",
    "/books/edit/1",
    "/shelves/show/1",
    "/shelves/edit/1",
    "/cascades/show/1",
    "/cascades/edit/1",
    "/master/list/1",
    "/swagger/v1",
    "/users/list/?_flt_2_first_name=a&_flt_0_roles=1&_flt_0_active=y",
    "/users/list/?_flt_2_first_name=nobody",
    "/books/list/?_oc_Books=pages&_od_Books=desc&page_Books=1",
    "/books/list/?page_Books=7",
]
REFUSED = {
    "what FAB is drawn with": r"bootstrap|font-?awesome|\bfa[ -]|jquery|select2|glyphicon|data-toggle=",
    "a style attribute": r"\sstyle=",
    "a handler in an attribute": r"<[^>]*\son[a-z]+=",
    "a script in an address": r"javascript:",
    "another host": r"(?:src|href|action)=[\"']?(?:https?:)?//",
    "an inline script": r"<script(?![^>]*\bsrc=)",
}


def test_every_page_without_arguments_opens(console: Flask, ana: FlaskClient) -> None:
    rules = [str(r) for r in console.url_map.iter_rules() if "GET" in (r.methods or ()) and not r.arguments]
    closed = ("/permissions/add", "/permissionviews/add", "/viewmenus/add")  # FAB gives nobody the right
    pages = [r for r in rules if r not in closed and not r.startswith(("/api/", "/logout", "/back", "/specimen"))]
    assert len(pages) > 25
    for page in pages:
        answer = ana.get(page, follow_redirects=True)
        assert answer.status_code == 200, page
        _holds_nothing_refused(page, answer.text)


@pytest.mark.parametrize("page", RECORDS)
def test_every_page_of_a_record_opens(ana: FlaskClient, page: str) -> None:
    answer = ana.get(page)
    assert answer.status_code == 200
    _holds_nothing_refused(page, answer.text)


def test_the_sign_in_page_is_ours(console: Flask) -> None:
    answer = console.test_client().get("/login/")
    assert answer.status_code == 200
    assert 'class="signin"' in answer.text
    assert 'autocomplete="current-password"' in answer.text
    _holds_nothing_refused("/login/", answer.text)


def test_a_wrong_password_is_said_in_a_sentence(console: Flask) -> None:
    answer = console.test_client().post("/login/", data={"username": "ana", "password": "no"}, follow_redirects=True)
    assert "do not belong together" in answer.text


def test_pages_have_one_first_heading_and_one_place_in_the_rail(ana: FlaskClient) -> None:
    for page in ["/users/list/", "/users/show/1", "/users/add", "/roles/edit/1", "/sample/queue", "/books/list/"]:
        text = ana.get(page).text
        assert text.count("<h1>") == 1, page
        rail = text[text.index('id="rail-menu"') : text.index("rail-end")]
        assert rail.count('aria-current="page"') == 1, page


def test_ids_are_given_once(ana: FlaskClient) -> None:
    for page in ["/users/list/", "/books/list/", "/shelves/show/1", "/users/add", "/both/list/", "/sample/case"]:
        ids = re.findall(r'\sid="([^"]+)"', ana.get(page).text)
        assert sorted(set(ids)) == sorted(ids), page


def _holds_nothing_refused(page: str, text: str) -> None:
    for what, pattern in REFUSED.items():
        found = re.search(pattern, text, re.IGNORECASE)
        assert not found, f"{page} holds {what}: {text[max(0, found.start() - 60) : found.end() + 40]}"


def test_an_error_is_bare_for_strangers(console: Flask) -> None:
    assert 'class="navbar"' not in console.test_client().get("/nothing-here").text


def test_an_error_keeps_the_rail_for_staff(ana: FlaskClient) -> None:
    staff = ana.get("/nothing-here")
    assert staff.status_code == 404
    assert 'class="navbar"' in staff.text
    assert "There is nothing at this address" in staff.text
    _holds_nothing_refused("/nothing-here", staff.text)


def test_when_we_fail_the_page_asks_nothing_of_the_database(console: Flask) -> None:
    with console.test_request_context("/"):
        g.user = None
        assert 'class="navbar"' not in render_template(["console/error.html", "error.html"], status=500, said=None)
