"""The texts of the policy, one file a version and language: `texts/2026-11-23.en.md`.

A small part of Markdown: `# title` and what the policy is about, then clauses, `## p07: Heading`, each with paragraphs,
`- items` and `[links](/here)`. `## p02, not yet: Heading` marks a clause that promises nothing yet, `in part` one that
is not whole. `## changes:` says in a few lines what is new.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

FOLDER = Path(__file__).parent / "texts"
CHANGES = "changes"
#: What a heading may say of its clause.
STATES = ("", "not yet", "in part")

_HEADING = re.compile(r"## (?P<key>p\d\d|changes)(?:, (?P<state>[a-z ]+))?: (?P<title>.+)")
#: Links lead to pages of ours or to the mail program, nowhere else.
_LINK = re.compile(r"\[([^\]]+)\]\((/[^)\s]*|mailto:[^)\s]+)\)")


class BadText(ValueError):
    """A file that does not keep to the form; the message says where."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or an item of a list, as it stands in the file."""

    text: str
    item: bool = False

    @property
    def plain(self) -> str:
        """Its words alone."""
        return _LINK.sub(r"\1", self.text)

    @property
    def html(self) -> Markup:
        """The same with its links."""
        parts, end = [], 0
        for found in _LINK.finditer(self.text):
            parts += [escape(self.text[end : found.start()]), _anchor(found[1], found[2])]
            end = found.end()
        return Markup("").join([*parts, escape(self.text[end:])])


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its id, what it is about, and whether it promises anything yet."""

    key: str
    title: str
    state: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A version in one language. `changes` is a clause of its own, or none."""

    title: str
    lede: tuple[Paragraph, ...]
    clauses: tuple[Clause, ...]
    changes: Clause | None

    def clause(self, key: str) -> Clause | None:
        """The clause with this id, if this version has it."""
        return next((one for one in self.clauses if one.key == key), None)


def there_are() -> list[str]:
    """Every version there is a text of, the oldest first."""
    return sorted({path.name.partition(".")[0] for path in FOLDER.glob("*.md")})


@cache
def text(version: str, language: str) -> Text:
    """The text of this version in one of our languages. Raises BadText, FileNotFoundError."""
    return read((FOLDER / f"{version}.{language}.md").read_text(encoding="utf-8"))


def read(source: str) -> Text:
    """The text in this source. Raises BadText."""
    head, *sections = re.split(r"^(?=## )", source, flags=re.MULTILINE)
    title, _, lede = head.partition("\n")
    if not title.startswith("# "):
        raise BadText("it begins with no title")
    found = [_clause(section) for section in sections]
    named = [one.key for one in found]
    if len(set(named)) < len(named):
        raise BadText("a clause is there twice")
    clauses = tuple(one for one in found if one.key != CHANGES)
    changes = next((one for one in found if one.key == CHANGES), None)
    return Text(title[2:].strip(), _paragraphs(lede), clauses, changes)


def _clause(section: str) -> Clause:
    first, _, rest = section.partition("\n")
    found = _HEADING.fullmatch(first.strip())
    if found is None or (found["state"] or "") not in STATES:
        raise BadText(f"no heading of a clause: {first}")
    return Clause(found["key"], found["title"], found["state"] or "", _paragraphs(rest))


def _paragraphs(source: str) -> tuple[Paragraph, ...]:
    made = []
    for block in re.split(r"\n\s*\n", source.strip()):
        lines = block.splitlines()
        if lines and all(line.startswith("- ") for line in lines):
            made += [Paragraph(line[2:], item=True) for line in lines]
        elif lines:
            made.append(Paragraph(" ".join(lines)))
    return tuple(made)


def _anchor(words: str, target: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(target, words)
