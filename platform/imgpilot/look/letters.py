"""Letters by mail: the same words twice, as plain text and as a simple branded page. Needs no Flask.

A letter is two templates: `mail/<name>.txt` (with a block `subject`) on `mail/base.txt`, and `mail/<name>.html` on
`mail/base.html`.
"""

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

import config
from imgpilot import language
from imgpilot.look import figures

FOLDER = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True)
class Letter:
    """What goes into one mail, ready to be handed to the mailer."""

    subject: str
    text: str
    html: str


def letter(name: str, lang: str, *folders: Path, **values: Any) -> Letter:
    """The letter of that name in that language. `folders` are searched before our own templates."""
    env = _environment(language.known(lang), folders)
    text = env.get_template(f"mail/{name}.txt")
    html = env.get_template(f"mail/{name}.html")
    # The subject is a block of the text that the text itself does not print. One line: it becomes a header.
    subject = " ".join("".join(text.blocks["subject"](text.new_context(values))).split())
    return Letter(subject, text.render(values).strip() + "\n", html.render(values, subject=subject))


@cache
def _environment(lang: str, folders: tuple[Path, ...]) -> Environment:
    env = Environment(
        loader=FileSystemLoader([*folders, FOLDER]),
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = language.catalogue(lang)
    env.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(lang=language.tag(lang), product=config.PRODUCT, contact=config.CONTACT)
    for write in (figures.day, figures.moment, figures.number, figures.filesize):
        env.filters[write.__name__] = partial(write, lang=lang)
    return env
