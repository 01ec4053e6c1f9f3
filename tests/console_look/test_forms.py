"""Forms: the browser's own inputs, and errors in their place."""

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.console_look import world


def test_inputs_are_the_browsers_own(ana: FlaskClient) -> None:
    form = ana.get("/books/edit/1").text
    for made in ('type="date"', 'type="number"', '<select id="mood"', '<select id="shelf"', 'type="checkbox"'):
        assert made in form


def test_roles_are_boxes_to_tick(ana: FlaskClient) -> None:
    form = ana.get("/users/edit/1").text
    assert re.search(r'<input type="checkbox" name="roles" value="\d" checked><span>Admin</span>', form)
    assert "<legend" in form


def test_long_lists_of_boxes_can_be_narrowed(ana: FlaskClient) -> None:
    assert 'data-narrow="permissions-list"' in ana.get("/roles/edit/1").text


def test_optional_fields_say_so_and_required_ones_do_not(ana: FlaskClient) -> None:
    form = ana.get("/groups/add").text
    assert '<label for="name">Name</label>' in form
    assert '<label for="label">Label <span class="optional">optional</span></label>' in form


def test_an_error_stands_at_its_field_and_is_announced(ana: FlaskClient) -> None:
    form = ana.post("/users/add", data={"first_name": "Cem"}).text
    field = form[form.index('id="last_name"') - 200 : form.index('id="last_name-help"') + 400]
    assert 'aria-invalid="true"' in field
    assert "This cannot be empty." in field
    assert form.count("autofocus") == 1


def test_what_the_inputs_send_is_saved(ana: FlaskClient, console: Flask) -> None:
    sent = {"title": "Book 29", "pages": "7", "bought": "2026-11-23", "mood": "BAD", "shelf": "__None"}
    answer = ana.post("/books/edit/30", data=sent, follow_redirects=True)
    assert "Saved." in answer.text
    with console.app_context():
        book = console.extensions["appbuilder"].session.get(world.Book, 30)
        assert (book.pages, str(book.bought), book.mood, book.shelf) == (7, "2026-11-23", world.Mood.BAD, None)


def test_the_password_page_says_whose_it_is(ana: FlaskClient) -> None:
    assert "<h1>Bob Lind</h1>" in ana.get("/resetpassword/form?pk=2").text
