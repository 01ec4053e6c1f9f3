"""Letters by mail: one text, twice."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from imgpilot.look.letters import Letter, letter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A letter of the test's own."""
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "hello.txt").write_text(
        '{% extends "mail/base.txt" %}{% block subject %}For\n{{ who }}{% endblock %}'
        "{% block title %}Hello{% endblock %}{% block body %}{{ link }}{% endblock %}"
    )
    (tmp_path / "mail" / "hello.html").write_text(
        '{% extends "mail/base.html" %}{% import "mail/parts.html" as parts %}'
        "{% block title %}Hello{% endblock %}{% block body %}{{ parts.act(who, link) }}{% endblock %}"
    )
    return tmp_path


def write(folder: Path, language: str = "en") -> Letter:
    """The letter, to somebody with a strange name."""
    return letter("hello", language, folder, who="<b>Ana</b>\nBcc: eve@example.com", link="https://a.example/?x=1&y=2")


def test_the_subject_is_one_line(folder: Path) -> None:
    assert write(folder).subject == "For <b>Ana</b> Bcc: eve@example.com"


def test_the_text_is_plain_and_the_page_escaped(folder: Path) -> None:
    made = write(folder)
    assert "https://a.example/?x=1&y=2" in made.text
    assert "&amp;" not in made.text
    assert 'href="https://a.example/?x=1&amp;y=2"' in made.html
    assert "<b>Ana" not in made.html


def test_a_letter_loads_nothing(folder: Path) -> None:
    made = write(folder)
    assert "<img" not in made.html
    assert "<link" not in made.html
    assert "url(" not in made.html


def test_a_letter_says_its_language(folder: Path) -> None:
    assert '<html lang="zh-Hans">' in write(folder, "zh-CN").html


def test_a_value_that_was_forgotten_is_an_error(folder: Path) -> None:
    with pytest.raises(UndefinedError):
        letter("hello", "en", folder, who="Ana")
