"""What was found in a text: where, of which kind, and its words for people."""

from collections.abc import Iterable
from dataclasses import dataclass

from imgpilot.language import marked as _

#: The kinds of private facts we look for, with their words. Where two overlap, the first one here counts.
KINDS = {
    "card": _("a payment card number"),
    "iban": _("a bank account number"),
    "identity": _("a national identity number"),
    "e-mail": _("an e-mail address"),
    "phone": _("a phone number"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A private fact in a text: its kind, the half-open range of characters it takes, the kind's words."""

    kind: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """What it is, marked for translation: "an e-mail address"."""
        return KINDS[self.kind]


def apart(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that do not overlap, in the order of the text; of two that do, the kind that comes first in KINDS."""
    kept: list[Finding] = []
    for each in sorted(found, key=lambda one: (list(KINDS).index(one.kind), one.start - one.end, one.start)):
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda one: one.start))
