"""Every word on a page can be translated, and Flask-AppBuilder's are said as we say things."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import lazy_gettext
from jinja2 import Environment, nodes

from compliance.console.look.words import lucide, plainly, titled
from imgpilot.look.icons import FOLDER

TEMPLATES = Path(__file__).parents[2] / "compliance" / "console" / "templates"
#: What is called the same in every language.
NAMES = {"SHA", "IP"}
#: Attributes that are read out or shown.
SPOKEN = {"aria-label", "title", "placeholder", "alt"}


class Words(HTMLParser):
    """Collects the words of a piece of HTML that a reader meets."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value or "" for name, value in attrs if name in SPOKEN]


def literal(template: Path) -> Iterator[str]:
    """The template's own text, with every expression replaced by nothing."""
    made = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(template.read_text())
    classes = [part for block in made.find_all(nodes.Block) if block.name == "body_class" for part in block.body]
    yield "".join(
        part.data if isinstance(part, nodes.TemplateData) else "\x00"
        for output in made.find_all(nodes.Output)
        if output not in classes
        for part in output.nodes
    )


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.glob("**/*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_word_escapes_translation(template: Path) -> None:
    words = Words()
    for text in literal(template):
        words.feed(text)
    assert {word for said in words.said for word in re.findall(r"[A-Za-z]{2,}", said)} - NAMES == set()


def test_fabs_labels_are_said_plainly(console: Flask) -> None:
    with console.test_request_context("/"):
        assert plainly(lazy_gettext("List Users")) == "Staff"
        assert plainly("Record Count") == "Record Count"
        assert plainly("") == ""
        assert titled("List Book") == "Book"
        assert plainly("List price") == "List price"


def test_labels_are_never_markup(console: Flask) -> None:
    with console.test_request_context("/"):
        assert not hasattr(plainly("<b>bold</b>"), "__html__")


def test_fabs_chinese_is_used_under_our_name_for_it(ana: FlaskClient) -> None:
    ana.get("/lang/zh_Hans")
    page = ana.get("/users/list/").text
    assert '<html lang="zh-Hans"' in page
    assert "用户名" in page
    ana.get("/lang/en")


def test_every_icon_of_the_menu_is_there() -> None:
    for name in ("fa-user", "fa-group", "fa-lock", "fa-cogs", "fa-something-new", "", None, "inbox"):
        assert (FOLDER / f"{lucide(name)}.svg").is_file()


def test_the_stylesheet_knows_every_class() -> None:
    """A class that means nothing is a typing error."""
    sheets = (Path(__file__).parents[2] / "platform/imgpilot/static").glob("*.css")
    known = {word for sheet in sheets for word in re.findall(r"\.([a-z][\w-]*)", sheet.read_text(), re.IGNORECASE)}
    used: set[str] = set()
    for template in TEMPLATES.glob("**/*.html"):
        for value in re.findall(r'class="([^"]*)"', template.read_text()):
            used |= {word for word in re.sub(r"\{[{%].*?[}%]\}", "… ", value).split() if "…" not in word}
    assert {word for word in used - known if not word.endswith("-")} == set()
