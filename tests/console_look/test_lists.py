"""Lists: filters as sentences, sorting, pages, what can be done with rows."""

from threading import Barrier, Thread

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from tests.console_look import world


def test_the_filter_form_needs_no_script(ana: FlaskClient) -> None:
    answer = ana.get("/books/list/?_add_col=title&_add_op=2&_add_val=Book+0")
    assert answer.status_code == 302
    assert answer.location == "/books/list/?_flt_2_title=Book+0"


def test_a_second_filter_keeps_the_first_and_leaves_the_page(ana: FlaskClient) -> None:
    page = ana.get("/books/list/?_flt_2_title=Book&page_Books=1").text
    form = page[page.index('value="pages"') - 400 : page.index('value="pages"')]
    assert 'name="_flt_2_title" value="Book"' in form
    assert "page_Books" not in form


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("_flt_2_title=07", "Title contains <b>07</b>"),
        ("_flt_1_pages=120", "Pages is more than <b>120</b>"),
        ("_flt_0_lent=y", "Lent is <b>yes</b>"),
        ("_flt_0_shelf=1", "Shelf is <b>Kitchen</b>"),
        ("_flt_1_bought=2026-11-23", "Bought is after <b>2026-11-23</b>"),
        ("_flt_0_mood=GOOD", "Mood is <b>good</b>"),
    ],
)
def test_a_filter_reads_as_a_sentence(ana: FlaskClient, query: str, sentence: str) -> None:
    page = ana.get(f"/books/list/?{query}").text
    assert sentence in page
    assert '<a href="/books/list/" aria-label="Remove the filter on' in page


def test_what_was_searched_for_is_text_and_not_markup(ana: FlaskClient) -> None:
    page = ana.get("/books/list/?_flt_2_title=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "query",
    ["page_Books=x", "psize_Books=100000", "psize_Books=0", "_flt_9_lent=y", "_flt_0_pages=", "_oc_Books=nothing"],
)
def test_parameters_that_fab_would_stumble_over_are_dropped(ana: FlaskClient, query: str) -> None:
    answer = ana.get(f"/books/list/?{query}")
    assert (answer.status_code, answer.location) == (302, "/books/list/")


def test_tidying_never_leads_to_another_host(ana: FlaskClient) -> None:
    path = {"PATH_INFO": "//elsewhere.example/", "QUERY_STRING": "page_Books=x"}
    answer = ana.get("/", environ_overrides=path)
    assert (answer.status_code, answer.location) == (404, None)


def test_lists_say_where_one_is(ana: FlaskClient) -> None:
    page = ana.get("/books/list/?page_Books=1").text
    assert "26 to 30 of 30" in page
    assert 'rel="prev" href="/books/list/"' in page
    assert "disabled>Next" in page


def test_sorting_another_column_begins_ascending(ana: FlaskClient) -> None:
    page = ana.get("/books/list/?_oc_Books=title&_od_Books=asc&page_Books=1").text
    assert 'aria-sort="ascending"><a class="sort" href="/books/list/?_oc_Books=title&amp;_od_Books=desc"' in page
    assert 'href="/books/list/?_oc_Books=pages&amp;_od_Books=asc"' in page


def test_actions_belong_to_the_ticked_rows(ana: FlaskClient) -> None:
    page = ana.get("/books/list/").text
    assert page.count('name="rowid"') == page.count('form="bulk-Books" autocomplete') == 25
    assert '<button class="btn btn-default btn-sm" name="action" value="remind">' in page
    assert 'form="bulk-Books" name="action" value="burn">' in page
    answer = ana.post("/books/action_post", data={"action": "remind", "rowid": ["1", "2"]}, follow_redirects=True)
    assert "Reminded 2" in answer.text


def test_a_question_names_what_is_deleted_and_the_safe_choice_comes_first(ana: FlaskClient) -> None:
    page = ana.get("/users/list/").text
    question = page[page.index('<dialog class="modal-dialog" id="delete-UserDBModelView-2"') :]
    assert "Delete Bob Lind?" in question
    assert question.index("Keep it") < question.index("btn-danger solid")


def test_who_may_only_look_is_offered_nothing_else(bob: FlaskClient) -> None:
    page = bob.get("/books/list/").text
    assert "Book 00" in page
    for offer in ("/books/add", "/books/edit", "/books/delete", "rowid", 'value="burn"'):
        assert offer not in page


def test_an_empty_list_says_so(ana: FlaskClient) -> None:
    assert "Nothing is here yet" in ana.get("/groups/list/").text
    assert "No row fits all the filters" in ana.get("/books/list/?_flt_2_title=zzz").text


def test_what_one_person_searches_for_never_shows_in_anothers_list(console: Flask) -> None:
    """FAB keeps a view's filters on the view, for all threads."""
    view = next(v for v in console.extensions["appbuilder"].baseviews if isinstance(v, world.Books))
    meet, seen = Barrier(2), {}

    def ask(name: str, value: str | None) -> None:
        with console.test_request_context("/books/list/"):
            if value:
                view._filters.add_filter_index("title", 2, [value])
            meet.wait(60)
            seen[name] = [v for _filter, v in view._filters.get_filters_values()]
            assert g._view_filters

    threads = [Thread(target=ask, args=pair) for pair in (("ana", "secret"), ("bob", None))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == {"ana": [["secret"]], "bob": []}
