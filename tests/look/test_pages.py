"""The frame: language, theme, links that lead somewhere, messages, errors."""

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.look.conftest import site


def test_the_page_says_its_language(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.get("/").text
    client.set_cookie("lang", "zh_Hans")
    assert '<html lang="zh-Hans">' in client.get("/").text


@pytest.mark.parametrize(("cookie", "said"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"')])
def test_the_theme_that_was_chosen_wins(client: FlaskClient, cookie: str, said: str) -> None:
    client.set_cookie("theme", cookie)
    assert f'<html lang="en"{said}>' in client.get("/").text


def test_any_other_theme_is_the_systems(client: FlaskClient) -> None:
    client.set_cookie("theme", '"><script>')
    assert '<html lang="en">' in client.get("/").text


def test_the_frame_links_only_to_what_there_is(client: FlaskClient) -> None:
    for path in ("/", "/?as=ana"):
        for address in set(re.findall(r'<a\b[^>]*href="(/[^"#?]*)', client.get(path).text)):
            assert client.get(address).status_code == 200, address


def test_a_person_sees_credits_and_the_way_out(client: FlaskClient) -> None:
    page = client.get("/?as=ana").text
    assert "<b>1,240</b> credits" in page
    assert 'action="/sign-out"' in page
    assert "ana@example.com" in page
    assert "credits" not in client.get("/").text.partition("<main")[0]


def test_every_form_that_changes_something_carries_the_token(client: FlaskClient) -> None:
    forms = re.findall(r'<form[^>]*method="post".*?</form>', client.get("/?as=ana").text, re.DOTALL)
    assert len(forms) >= 4
    for form in forms:
        assert 'name="csrf_token"' in form


def test_htmx_may_not_evaluate_inject_or_leave(client: FlaskClient) -> None:
    found = re.search(r'<meta name="htmx-config" content="([^"]*)"', client.get("/").text)
    assert found
    given = json.loads(unescape(found[1]))
    assert given["allowEval"] is False
    assert given["includeIndicatorStyles"] is False
    assert given["selfRequestsOnly"] is True
    assert "nonce" not in str(given).lower()


@pytest.mark.parametrize("category", ["success", "message"])
def test_good_news_is_a_toast(client: FlaskClient, category: str) -> None:
    page = client.get(f"/?flash={category}").text
    assert '<div class="toast"><span>Something happened' in page
    assert 'class="alert' not in page


@pytest.mark.parametrize(
    ("category", "tone"), [("warning", "soon"), ("error", "late"), ("danger", "late"), ("info", "go")]
)
def test_what_has_to_be_read_stays(client: FlaskClient, category: str, tone: str) -> None:
    page = client.get(f"/?flash={category}").text
    assert f'<div class="alert {tone}"' in page
    assert '<div class="toast">' not in page


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 418, 422, 429, 500, 502, 503])
def test_an_error_says_what_happened_and_what_to_do(client: FlaskClient, status: int) -> None:
    answer = client.get(f"/error/{status}")
    assert answer.status_code == status
    assert f"Error {status}" in answer.text
    assert re.search(r"<h1[^>]*>[^<]{8,}</h1>", answer.text)
    assert re.search(r'class="lede">[^<]{15,}</p>', answer.text)
    assert len(re.findall("btn-primary", answer.text)) == 1


def test_an_error_says_our_own_words_where_there_are_some(client: FlaskClient) -> None:
    assert "&lt;Say this&gt;" in client.get("/error/404?said=<Say this>").text


def test_errors_need_nobody_and_no_endpoint(client: FlaskClient) -> None:
    page = client.get("/error/500?as=ana").text
    assert "ana@example.com" not in page


def test_there_is_a_specimen_but_not_in_production(client: FlaskClient) -> None:
    assert client.get("/specimen").status_code == 200
    assert site(production=True).test_client().get("/specimen").status_code == 404
