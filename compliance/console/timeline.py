"""A case's timeline in words: every move and every note, with an icon, who did it, and what it says besides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from compliance.console.spoken import gettext, ngettext
from compliance.requests.grounds import GROUNDS
from compliance.requests.models import Happening
from compliance.requests.procedures import title
from imgpilot.language import marked as _
from imgpilot.look import figures

#: How a line reads, and its icon and tone. %(step)s is a step's title, %(day)s a day, %(case)s another case.
HAPPENED = {
    "opened": _("Request received"),
    "proof asked": _("Asked for more, to know who asks"),
    "proved": _("It is known who asks"),
    "proof failed": _("A proof did not hold"),
    "facts compared": _("Answers compared: %(matches)s of %(of)s match"),
    "disowned": _("Somebody else had asked: the owner of the address said so"),
    "planned": _("The plan is ready to be checked"),
    "begun": _("Begun: the law leaves nothing to decide"),
    "approved": _("Plan approved"),
    "proposed": _("Plan proposed to a second officer"),
    "confirmed": _("Plan agreed to by a second officer"),
    "sent back": _("Plan sent back"),
    "cooling": _("Can be taken back until %(day)s"),
    "cooled": _("The time to take it back is over"),
    "recounted": _("What is held changed: counted again"),
    "refused": _("Request refused"),
    "lapsed": _("Nobody proved who asks: refused when the time was over"),
    "withdrawn": _("Withdrawn"),
    "answered": _("Answered"),
    "merged": _("Merged with %(case)s"),
    "appealed": _("Appealed"),
    "appeal upheld": _("The appeal succeeded"),
    "appeal denied": _("The appeal failed"),
    "reopened": _("Opened again"),
    "acknowledged": _("Receipt confirmed"),
    "extended": _("Deadline extended to %(day)s"),
    "paused": _("The clock stands"),
    "resumed": _("The clock runs again"),
    "assigned": _("Given to %(who)s"),
    "part set aside": _("Parts set aside"),
    "commented": _("Commented"),
    "file added": _("File added"),
    "file destroyed": _("Files destroyed"),
    "letter written": _("Letter written"),
    "warned": _("Staff warned of the deadline"),
    "step done": _("Done: %(step)s"),
    "step failed": _("Could not be done: %(step)s"),
    "step retried": _("Tried again: %(step)s"),
    "step skipped": _("Left out: %(step)s"),
}
PAUSED_FOR = {
    "identity": _("we wait for proof of who asks"),
    "clarification": _("we wait to hear what exactly is meant"),
    "fee": _("we wait for the fee"),
}
_SIGNS = {
    "opened": ("inbox", ""),
    "proved": ("user-check", "ok"),
    "proof asked": ("user-search", ""),
    "proof failed": ("user-x", "late"),
    "disowned": ("user-x", "late"),
    "approved": ("circle-check", "ok"),
    "confirmed": ("circle-check", "ok"),
    "answered": ("circle-check", "ok"),
    "proposed": ("users", ""),
    "sent back": ("undo-2", ""),
    "cooling": ("hourglass", ""),
    "recounted": ("rotate-ccw", ""),
    "refused": ("ban", ""),
    "lapsed": ("ban", ""),
    "withdrawn": ("undo-2", ""),
    "merged": ("merge", ""),
    "appealed": ("scale", ""),
    "reopened": ("rotate-ccw", ""),
    "extended": ("calendar-plus", ""),
    "paused": ("pause", ""),
    "resumed": ("play", ""),
    "assigned": ("user-round", ""),
    "part set aside": ("scissors", ""),
    "commented": ("message-square", ""),
    "file added": ("paperclip", ""),
    "warned": ("bell", "late"),
    "step done": ("check", ""),
    "step failed": ("triangle-alert", "late"),
    "step retried": ("rotate-ccw", ""),
    "step skipped": ("skip-forward", ""),
}


@dataclass(frozen=True)
class Line:
    """One line: icon, tone, when, what; who of the staff, or nothing."""

    sign: str
    tone: str
    at: datetime
    words: str
    by: str


def lines(timeline: list[Happening], names: Mapping[int, str]) -> list[Line]:
    """The timeline in the page's language. `names` are those of staff by number."""
    return [_line(event, names) for event in timeline]


def _line(event: Happening, names: Mapping[int, str]) -> Line:
    sign, tone = _SIGNS.get(event.what, ("circle-dot", ""))
    number = event.actor.partition(":")[2]
    by = names.get(int(number), gettext("somebody who left")) if number else _others(event.actor)
    said = gettext(HAPPENED.get(event.what, event.what), **_values(event.facts, names))
    return Line(sign, tone, event.at, said + _besides(event), by)


def _others(actor: str) -> str:
    return gettext("the person") if actor == "person" else ""


def _values(facts: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, str]:
    text, values = title(str(facts.get("step", "")))
    to = facts.get("to")
    return {
        "step": gettext(text, **values) if text else "",
        "day": day(str(facts.get("until", ""))),
        "case": str(facts.get("into") or facts.get("from") or ""),
        "matches": str(facts.get("matches", "")),
        "of": str(facts.get("of", "")),
        "who": names.get(int(to), gettext("somebody who left")) if to else gettext("nobody"),
    }


def _besides(event: Happening) -> str:
    """What a line says after a colon: a ground, a reason, a number."""
    facts = event.facts
    if event.what == "refused" and facts.get("ground") in GROUNDS:
        return ": " + gettext(GROUNDS[str(facts["ground"])].words).rstrip(".。")
    if event.what == "paused" and facts.get("reason") in PAUSED_FOR:
        return ": " + gettext(PAUSED_FOR[str(facts["reason"])])
    if event.what == "commented" and facts.get("called"):
        return ", " + ngettext("%(num)s colleague called", "%(num)s colleagues called", int(facts["called"]))
    return ""


def day(text: str) -> str:
    """An ISO day as people write it; what is none stays as it is."""
    try:
        return str(figures.said(figures.day)(date.fromisoformat(text)))
    except ValueError:
        return text
