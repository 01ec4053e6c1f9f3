"""The look at a prompt before it leaves (policy P04): private facts in it, and pictures that we do not make.

Nothing is sent, charged or stored by looking. The order (`generation.order`) and the API call `screen`; who shows
the answer to a person keeps the refusal with `note`, so that they can appeal.
"""

from collections.abc import Iterable, Set
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Session

from imgpilot.errors import PersonalError
from imgpilot.language import marked as _
from imgpilot.language import translate
from imgpilot.safety import contacts, identities, numbers, refused, rules
from imgpilot.safety.found import KINDS, Finding, apart
from imgpilot.safety.models import PromptRefusal
from imgpilot.safety.plain import plain
from imgpilot.safety.rules import Rule

__all__ = ["Finding", "FoundPersonal", "NotMade", "findings", "note", "screen", "without"]

#: What stands around a gap.
_OPENS, _CLOSES = ("(", "\uff08", "<", "[", "\u300a"), (")", "\uff09", ">", "]", "\u300b")
_COMMAS = (",", "\uff0c", "\u3001", ";", "\uff1b")
_MARKS = (*_COMMAS, ".", ":", "!", "?", "\n", "\u3002", "\uff1a", "\uff01", "\uff1f")

#: Who looks for private facts; each yields kind, start and end.
LOOKS = (numbers, identities, contacts)


class FoundPersonal(PersonalError):
    """There are private facts in the prompt that its writer was not asked about yet. `findings` says which."""

    status = 422
    field: ClassVar[str] = "prompt"

    def __init__(self, found: tuple[Finding, ...]) -> None:
        super().__init__(
            _(
                "This prompt seems to hold %(what)s. It would go to an outside provider. "
                "Take it out, or send it all the same."
            )
        )
        self.findings = found

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of what was found, each once, in the order of KINDS."""
        return tuple(kind for kind in KINDS if any(each.kind == kind for each in self.findings))

    def __str__(self) -> str:
        return self.said("en")

    def said(self, language: str) -> str:
        """The message in that language, with everything that was found by its name."""
        names = [translate(language, KINDS[kind]) for kind in self.kinds]
        return translate(language, self.text, what=translate(language, _(", ")).join(names))


class NotMade(PersonalError):
    """A picture that we do not make, by a rule of our own. Nothing was sent and nothing was charged."""

    status = 403
    field: ClassVar[str] = "prompt"

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.said)
        self.rule = rule


def findings(text: str) -> tuple[Finding, ...]:
    """The private facts in a text, in its order, none overlapping. Offsets are those of `text`."""
    read = plain(text)
    return apart(Finding(kind, *read.span(start, end)) for look in LOOKS for kind, start, end in look.found(read.text))


def without(text: str, found: Iterable[Finding]) -> str:
    """The text with those taken out and the gaps closed."""
    return _tidy(text, sorted(found, key=lambda one: one.start))


def screen(
    session: Session, account_id: UUID, text: str, *, knowing: Set[str] = frozenset(), reference: bool = False
) -> None:
    """Look at a prompt before it leaves. `knowing`: the kinds of findings that its writer chose to send all the same.

    `reference`: whether a picture goes with it; then asking to undress who is on it is refused in fewer words.
    Raises NotMade, unless staff lifted that refusal for this account and this prompt; else FoundPersonal.
    """
    rule = rules.against(text, reference=reference)
    if rule is not None and not refused.lifted(session, account_id, text, rule):
        raise NotMade(rule)
    asked = tuple(each for each in findings(text) if each.kind not in knowing)
    if asked:
        raise FoundPersonal(asked)


def note(session: Session, account_id: UUID, prompt: str, rule: Rule, now: datetime) -> PromptRefusal:
    """The row of a refusal, so that its page can be shown and appealed against. The caller commits.

    The same prompt refused again by the same rule has one row: there is one page about it and one appeal.
    """
    return refused.note(session, account_id, prompt, rule, now)


def _tidy(text: str, found: list[Finding]) -> str:
    made, at = "", 0
    for each in found:
        before, after = made + text[at : each.start], text[each.end :]
        gap = before.endswith((" ", "\t")) or after.startswith((" ", "\t"))
        before, after = before.rstrip(" \t"), after.lstrip(" \t")
        if before.endswith(_OPENS) and after.startswith(_CLOSES):  # the brackets that held it go too
            before, after = before[:-1], after[1:]
            gap = before.endswith((" ", "\t")) or after.startswith((" ", "\t"))
            before, after = before.rstrip(" \t"), after.lstrip(" \t")
        if before.endswith(_COMMAS) and after.startswith(_COMMAS):
            before = before[:-1]
        if gap and before and after and not before.endswith("\n") and not after.startswith((*_CLOSES, *_MARKS)):
            before += " "
        made, at = before, len(text) - len(after)
    return (made + text[at:]).strip()
