"""Placeholders: which ones a text has, what is wrong with it, and the text with their values."""

import re
from collections.abc import Callable, Iterable

from compliance.errors import MoveRefused
from compliance.letters.texts import IN_SUBJECT, TEXTS
from imgpilot.language import marked as _

_ANY = re.compile(r"\{([^{}\n]*)\}")
_GAP = re.compile(r"\n\s*\n")
LONGEST_SUBJECT, LONGEST_BODY = 300, 10_000

#: The value of a placeholder: "" leaves its paragraph out, None means that nobody has said it yet.
Value = Callable[[str], str | None]


def names(text: str) -> list[str]:
    """What stands in braces, in order."""
    return _ANY.findall(text)


def check_text(kind: str, subject: str, body: str) -> None:
    """Whether this can be the text of a kind of letter. Raises MoveRefused with what is wrong and what to do."""
    if kind not in TEXTS:
        raise MoveRefused(_("There is no such letter."))
    _has_words(subject, body)
    for name in names(subject):
        if name not in IN_SUBJECT:
            raise MoveRefused(_("A subject cannot say {%(name)s}: it is read on locked screens."), name=name)
    for name in names(body):
        if name not in TEXTS[kind].knows:
            raise MoveRefused(_("Nobody knows what {%(name)s} is in this letter."), name=name)
    for name in TEXTS[kind].needs:
        if name not in names(body):
            raise MoveRefused(_("This letter has to say {%(name)s}: the law asks for it."), name=name)


def check_letter(kind: str, subject: str, body: str) -> None:
    """Whether this, written for one person, can go out. Raises MoveRefused with what is missing."""
    _has_words(subject, body)
    if left := gaps(kind, subject, body):
        raise MoveRefused(_("Write what belongs in the place of {%(name)s}."), name=left[0])


def gaps(kind: str, subject: str, body: str) -> list[str]:
    """The placeholders of this kind that still stand in a letter. Other words in braces are just words."""
    return [name for name in names(f"{subject}\n{body}") if name in TEXTS[kind].knows]


def _has_words(subject: str, body: str) -> None:
    if not one_line(subject) or not body.strip():
        raise MoveRefused(_("A letter needs a subject and a text."))
    if len(subject) > LONGEST_SUBJECT or len(body) > LONGEST_BODY:
        raise MoveRefused(_("That is too long: 300 characters for the subject, 10,000 for the text."))


def fill(template: str, value: Value) -> str:
    """The text with its values. What a value holds in braces stays as it is."""
    return "\n\n".join(
        _filled(paragraph, value)
        for paragraph in paragraphs(template)
        if all(value(name) != "" for name in names(paragraph))
    )


def fill_line(template: str, value: Value) -> str:
    """The same for a subject: one line, nothing is left out."""
    return one_line(_filled(template, value))


def _filled(text: str, value: Value) -> str:
    def put(found: re.Match[str]) -> str:
        said = value(found[1])
        return found[0] if said is None else said

    return _ANY.sub(put, text)


def paragraphs(text: str) -> Iterable[str]:
    """The paragraphs of a text: empty lines part them."""
    return [part.strip() for part in _GAP.split(text.replace("\r\n", "\n").strip()) if part.strip()]


def one_line(text: str) -> str:
    """A subject becomes a header: one line."""
    return " ".join(text.split())
