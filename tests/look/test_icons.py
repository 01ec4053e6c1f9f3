"""Icons and the mark."""

import logging

import pytest
from flask import Flask

from imgpilot.look.icons import UnknownIcon, icon, mark, shape_icon


def test_an_icon_beside_words_is_not_read_out(app: Flask) -> None:
    with app.app_context():
        assert 'aria-hidden="true"' in icon("lock")
        assert 'stroke-width="1.75"' in icon("lock")
        assert 'class="i"' in icon("lock")


def test_an_icon_alone_is_read_out_and_its_label_escaped(app: Flask) -> None:
    with app.app_context():
        drawn = icon("lock", '"><script>alert(1)</script>')
    assert 'role="img"' in drawn
    assert "<script>" not in drawn
    assert "&#34;&gt;&lt;script&gt;" in drawn


def test_an_unknown_icon_is_an_error_that_helps(app: Flask) -> None:
    with app.app_context(), pytest.raises(UnknownIcon, match=r"'circle-chek'.*circle-check"):
        icon("circle-chek")


@pytest.mark.parametrize("name", ["../../tokens", "..", "", "Lock", "lock.svg", "lock\n"])
def test_an_icon_is_only_ever_a_name(app: Flask, name: str) -> None:
    with app.app_context(), pytest.raises(UnknownIcon):
        icon(name)


def test_production_goes_on_without_the_icon(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.config["LOOK_STRICT"] = False
    with app.app_context(), caplog.at_level(logging.ERROR):
        assert icon("no-such-icon") == ""
        assert icon("no-such-icon", "<b>") == "&lt;b&gt;"
    assert "misses an icon" in caplog.text


def test_two_marks_share_no_id() -> None:
    assert " id=" not in mark()


def test_shapes_are_drawn_as_wide_and_high_as_they_are() -> None:
    assert 'width="22" height="22"' in shape_icon("1:1")
    assert 'width="27" height="18"' in shape_icon("3:2")
    assert 'width="15" height="27"' in shape_icon("9:16")
