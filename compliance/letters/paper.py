"""A letter as it is sent: the same words as plain text and as a page for mail programs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

import config
from compliance.letters.filling import paragraphs
from compliance.letters.rights import Right
from imgpilot import language as languages
from imgpilot.language import marked as _
from imgpilot.look import letters as site

#: Where the button stands. In the database this stays in the place of a link that proves something.
LINK = "[link]"
_FOLDER = Path(__file__).parent.parent / "templates"
_POINT = re.compile(r"^[–•*-] +")


@dataclass(frozen=True)
class Action:
    """The one thing to do: words and the address of a page. `secret`: the address is a key, it is kept nowhere."""

    words: str
    address: str
    secret: bool = False


@dataclass(frozen=True)
class Letter:
    """A letter in one language. `missing`: placeholders of which nobody has said the value."""

    language: str
    subject: str
    body: str
    case: str
    rights: tuple[Right, ...]
    action: Action | None = None
    missing: tuple[str, ...] = ()

    def leading_to(self, address: str) -> "Letter":
        """The same letter with the real address behind its button."""
        return replace(self, action=replace(self.action, address=address)) if self.action else self

    def text(self) -> str:
        """The letter as plain text."""
        parts: list[str] = []
        for form, lines in self.blocks():
            if form == "link":
                assert self.action
                parts.append(f"{self.action.words}:\n{self.action.address}")
            else:
                mark = "– " if form == "list" else ""
                parts.append("\n".join(f"{mark}{line}" for line in lines))
        parts.append("\n".join([self.rights_title, *(f"– {right}" for right in self.rights)]))
        parts.append(f"{self.case} · {config.PRODUCT} · {config.CONTACT}")
        return "\n\n".join(parts) + "\n"

    def html(self) -> str:
        """The letter as HTML for mail programs. Everything that was written is escaped."""
        return _template(languages.known(self.language)).render(
            letter=self,
            subject=self.subject,
            lang=languages.tag(self.language),
            product=config.PRODUCT,
            contact=config.CONTACT,
        )

    @property
    def rights_title(self) -> str:
        """What stands over the rights."""
        return languages.translate(self.language, _("Your rights"))

    @property
    def preview(self) -> str:
        """What a list of mails shows after the subject."""
        return next((lines[0] for form, lines in self.blocks() if form == "text"), "")[:140]

    def blocks(self) -> list[tuple[str, list[str]]]:
        """The body in pieces: ("text", lines), ("list", points) and, once, ("link", [])."""
        found = list(_blocks(self.body))
        if self.action is None:
            return [block for block in found if block[0] != "link"]
        at = next((n for n, block in enumerate(found) if block[0] == "link"), len(found))
        return [*(block for block in found[:at]), ("link", []), *(b for b in found[at:] if b[0] != "link")]


def _blocks(body: str) -> Iterator[tuple[str, list[str]]]:
    for paragraph in paragraphs(body):
        if paragraph == LINK:
            yield "link", []
            continue
        form, held = "text", list[str]()
        for line in paragraph.split("\n"):
            now = "list" if _POINT.match(line) else "text"
            if now != form and held:
                yield form, held
                held = []
            form = now
            held.append(_POINT.sub("", line).strip())
        yield form, held


@cache
def _template(language: str) -> Template:
    env = Environment(
        loader=FileSystemLoader([_FOLDER, site.FOLDER]),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = languages.catalogue(language)
    env.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return env.get_template("letter.html")
