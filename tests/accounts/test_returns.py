"""Where a person may be sent back to."""

import pytest

from imgpilot.accounts.returns import local_path, path_of

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "studio",
    "",
    None,
    "/" + "x" * 3000,
    "/a\r\nSet-Cookie: x=y",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_way_leads_to_another_host(wanted: str | None) -> None:
    assert local_path(wanted, "/here") == "/here"


@pytest.mark.parametrize("wanted", ["/", "/studio", "/gallery?page=2", "/images/1#top"])
def test_a_path_of_ours_is_taken(wanted: str) -> None:
    assert local_path(wanted, "/here") == wanted


def test_only_our_own_pages_count_as_the_page_one_came_from() -> None:
    assert path_of("https://site.example/gallery?page=2", "https://site.example", "/") == "/gallery?page=2"
    assert path_of("https://evil.example/gallery", "https://site.example", "/") == "/"
    assert path_of("http://site.example/gallery", "https://site.example", "/") == "/"
    assert path_of("https://site.example//evil.example", "https://site.example", "/") == "/"
    assert path_of("http://[broken", "https://site.example", "/") == "/"
    assert path_of(None, "https://site.example", "/") == "/"
