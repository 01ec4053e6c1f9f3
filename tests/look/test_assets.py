"""Addresses of static files follow what is in them."""

from pathlib import Path

import pytest
from flask import Flask

from imgpilot.look.assets import asset


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A static folder of the test's own."""
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "font.woff2").write_bytes(b"font")
    (tmp_path / "a.css").write_text("a {}")
    app.static_folder = str(tmp_path)
    return tmp_path


def address(app: Flask, path: str) -> str:
    """The address that a page would use."""
    with app.test_request_context():
        return asset(path)


def test_the_address_changes_with_the_content(app: Flask, folder: Path) -> None:
    before = address(app, "a.css")
    assert before == address(app, "a.css")
    (folder / "a.css").write_text("a { color: red }")
    assert address(app, "a.css") != before
    (folder / "a.css").write_text("a {}")
    assert address(app, "a.css") == before


def test_what_cannot_change_is_kept_for_good(app: Flask, folder: Path) -> None:
    client = app.test_client()
    assert "immutable" in client.get(address(app, "a.css"), buffered=True).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/a.css", buffered=True).headers["Cache-Control"]
    assert "max-age=604800" in client.get("/static/vendor/font.woff2", buffered=True).headers["Cache-Control"]


def test_a_page_that_is_not_a_file_is_not_kept(app: Flask, folder: Path) -> None:
    app.add_url_rule("/plain", "plain", lambda: "a page")
    client = app.test_client()
    for path in ("/plain?v=1", "/static/nothing.css?v=1"):
        assert "immutable" not in client.get(path, buffered=True).headers.get("Cache-Control", "")


def test_a_missing_file_is_an_error_except_in_production(app: Flask, folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        address(app, "nothing.css")
    app.config["LOOK_STRICT"] = False
    assert address(app, "nothing.css") == "/static/nothing.css"
