"""Another language is the same page in another language; and what was searched for is not kept on the way."""

from uuid import UUID

import pytest
from flask import Flask

from compliance.console.history import without_searches
from tests.accounts.browser import Browser
from tests.console.conftest import Enter


@pytest.mark.parametrize("path", ["/", "/requests/?view=closed&page=2", "/requests/{case}"])
def test_switching_the_language_stays_on_the_page(officer: Browser, case: UUID, path: str) -> None:
    here = path.format(case=case)
    officer.get("/")
    officer.get(here)
    assert officer.get("/lang/zh_Hans").location == officer.base + here
    assert 'lang="zh-Hans"' in officer.get(here).text


def test_what_was_searched_for_is_not_in_the_cookie(console: Flask, signed_in: Enter) -> None:
    admin = signed_in("Admin")
    for path in ("/requests/?view=open&q=ana@example.com", "/users/list/?_flt_0_email=ana@example.com", "/?q=ana"):
        assert admin.get(path).status_code == 200
    with admin.client.session_transaction(base_url=admin.base) as kept:
        pages = [page.removeprefix(admin.base) for page in kept["page_history"]]
        assert "ana" not in str(dict(kept))
    assert pages[-3:] == ["/requests/?view=open", "/users/list/", "/"]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://c.example/resetpassword/form?pk=3", "https://c.example/resetpassword/form?pk=3"),
        ("https://c.example/requests/?view=ana@example.com&page=Ana", "https://c.example/requests/"),
        ("https://c.example/requests/?q=ana#ana", "https://c.example/requests/"),
    ],
)
def test_an_address_keeps_which_page_it_is_and_no_more(address: str, kept: str) -> None:
    assert without_searches(address) == kept
