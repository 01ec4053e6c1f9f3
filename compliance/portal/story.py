"""What happened to a request, told to its owner: the moves that mean something to her, in her words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from compliance.requests.models import Happening, PrivacyRequest
from imgpilot.language import marked as _

#: (icon, tone, words). What is missing here is our own housekeeping. %(day)s and %(case)s are filled in.
TOLD = {
    "opened": ("inbox", "", _("You asked for this")),
    "proof asked": ("user-search", "", _("We asked for more, to be sure that it is you")),
    "proved": ("circle-check", "ok", _("It is clear that it is you")),
    "proof failed": ("triangle-alert", "late", _("The proof was not enough")),
    "disowned": ("ban", "", _("You told us that you did not ask for this")),
    "planned": ("search", "", _("Everything was found and counted")),
    "approved": ("circle-check", "ok", _("An officer agreed")),
    "proposed": ("users", "", _("An officer agreed; a second one looks at it too")),
    "confirmed": ("circle-check", "ok", _("A second officer agreed too")),
    "sent back": ("rotate-ccw", "", _("The second officer asked for another look")),
    "cooling": ("hourglass", "", _("Your account is closed. You can take it back until %(day)s")),
    "cooled": ("hourglass", "", _("The time to take it back is over")),
    "recounted": ("rotate-ccw", "", _("What we hold changed, so it is counted and checked again")),
    "refused": ("ban", "", _("We did not grant it")),
    "lapsed": ("ban", "", _("Nobody proved who asked, and the time was over")),
    "withdrawn": ("undo-2", "", _("You took it back")),
    "withdrawn by staff": ("undo-2", "", _("We took it back, as you wished")),
    "answered": ("circle-check", "ok", _("Done and answered")),
    "merged": ("merge", "", _("Put together with %(case)s, which asks the same")),
    "appealed": ("scale", "", _("You appealed")),
    "appeal upheld": ("circle-check", "ok", _("You were right: we work on it again")),
    "appeal denied": ("ban", "", _("We looked again and did not change the answer")),
    "reopened": ("rotate-ccw", "", _("We opened it again")),
    "acknowledged": ("mail", "", _("We confirmed that we have it")),
    "extended": ("calendar-plus", "", _("It takes longer: until %(day)s")),
    "paused": ("pause", "", _("The clock stands still: %(reason)s")),
    "resumed": ("play", "", _("The clock runs again")),
    "part set aside": ("scissors", "", _("Parts of it are not granted; you see which and why")),
    "file added": ("paperclip", "", _("A file was added")),
}
#: Why a clock stands still; see regimes.Pause.
PAUSED_FOR = {
    "identity": _("we wait for proof that it is you"),
    "clarification": _("we wait to hear what exactly you mean"),
    "fee": _("we wait for the fee"),
}


@dataclass(frozen=True)
class Line:
    """One line of the story. `words` is marked for translation; `reason` in `values` is too."""

    sign: str
    tone: str
    at: datetime
    words: str
    day: date | None
    case: str
    reason: str


def told(request: PrivacyRequest, happened: Iterable[Happening]) -> list[Line]:
    """The lines that mean something to its owner, in the order given."""
    return [_line(request, one) for one in happened if one.what in TOLD]


def _line(request: PrivacyRequest, one: Happening) -> Line:
    key = "withdrawn by staff" if one.what == "withdrawn" and one.actor.startswith("staff:") else one.what
    sign, tone, words = TOLD[key]
    facts: dict[str, Any] = one.facts
    return Line(
        sign,
        tone,
        one.at,
        words,
        _day(facts.get("until")),
        str(facts.get("into") or facts.get("from") or request.case),
        PAUSED_FOR.get(str(facts.get("reason")), ""),
    )


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
