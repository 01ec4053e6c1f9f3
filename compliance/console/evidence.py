"""The steps of a case as its page shows them: what was done, what proves it, and what can be done where one failed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compliance.console.spoken import gettext, ngettext
from compliance.requests.models import Step
from compliance.requests.procedures import SKIPPED_FOR, can_be_skipped, title
from compliance.requests.queueing import done_name
from imgpilot.look.figures import filesize, moment, number, said
from imgpilot.processors import known_as

_number, _size, _moment = said(number), said(filesize), said(moment)
_STATES = {"done": "ok", "skipped": "off", "ready": "go", "failed": "late"}


@dataclass(frozen=True)
class Line:
    """One step: `state` is ok, off (left out), go, late or none (not yet)."""

    step: Step
    state: str | None
    what: str
    proof: str
    at: datetime | None
    skippable: bool


def lines(steps: Iterable[Step], has_address: bool = True) -> list[Line]:
    """The steps in their order; what is not needed any more is left out. `has_address`: letters go by e-mail."""
    return [_line(step, has_address) for step in steps if step.state != "dropped"]


def named(step: Step) -> str:
    """What a step is called, in the page's language."""
    text, values = title(step.name.partition(" (before ")[0])
    return gettext(text, **values)


def _line(step: Step, has_address: bool) -> Line:
    state = _STATES.get(step.state)
    if step.state == "ready" and step.not_before is not None and not step.attempts:
        state = None  # it waits for its time
    what = named(step)
    if step.phase == "before":
        what = gettext("%(step)s, before it was opened again", step=what)
    return Line(step, state, what, _proof(step), step.done_at, can_be_skipped(step.name, has_address))


def _proof(step: Step) -> str:
    facts = step.evidence
    if step.state not in ("done", "skipped"):
        return _trouble(step)
    if step.state == "skipped":
        if "skipped by" not in facts:
            return gettext("Not needed")
        # Older evidence holds free text, which is not shown any more.
        said_ = SKIPPED_FOR.get(facts.get("reason", ""))
        return gettext("Left out: %(reason)s", reason=gettext(said_)) if said_ else ""
    return "; ".join(filter(None, (_of(done_name(step.name), facts), _common(facts))))


def _trouble(step: Step) -> str:
    if step.failure:
        again = gettext("We try again at %(moment)s.", moment=_moment(step.not_before)) if step.not_before else ""
        return f"{step.failure} {again}".strip()
    if step.not_before and not step.attempts:
        return gettext("Begins %(moment)s", moment=_moment(step.not_before))
    return ""


def _of(name: str, facts: dict[str, Any]) -> str:
    """What proves this very step."""
    if name == "erase rows" and "deleted" in facts:
        gone, kept = sum(facts["deleted"].values()), sum(facts["scrubbed"].values())
        said_ = gettext(
            "%(rows)s rows deleted, %(kept)s kept without the person", rows=_number(gone), kept=_number(kept)
        )
        held = sum(facts.get("kept", {}).values())
        return f"{said_}, {gettext('%(rows)s kept on a ground', rows=_number(held))}" if held else said_
    if name == "remove objects" and "removed" in facts:
        return ngettext("%(num)s object removed", "%(num)s objects removed", int(facts["removed"]))
    if name in ("look again", "close") and "tables" in facts:
        return _searched(facts)
    if name == "note recipients" and "recipients" in facts:
        count = len(facts["recipients"])
        return ngettext("%(num)s company received data", "%(num)s companies received data", count)
    if name.startswith("notify ") and "keeps" in facts:
        return str(facts["keeps"])
    return ""


def _searched(facts: dict[str, Any]) -> str:
    looked = gettext(
        "%(columns)s columns of %(tables)s tables searched, %(found)s found",
        columns=facts["columns"],
        tables=facts["tables"],
        found=facts["found"],
    )
    rows = sum(facts.get("elsewhere", {}).values())
    if not rows:
        return looked
    others = ngettext(
        "%(num)s row of other people or of staff mentions the address.",
        "%(num)s rows of other people or of staff mention the address.",
        rows,
    )
    return f"{looked}. {others}"


def _common(facts: dict[str, Any]) -> str:
    """What any step may have left."""
    if facts.get("delivered") is False:
        return gettext("The mail server refused the letter: it was not delivered.")
    if "sha256" in facts and "bytes" in facts:
        return f"{_size(facts['bytes'])}, SHA-256 {str(facts['sha256'])[:16]}…"
    if facts.get("disclosure"):
        return gettext("Disclosure %(id)s", id=str(facts["disclosure"])[:8])
    if facts.get("until"):
        return ""
    return ""


@dataclass(frozen=True)
class Notice:
    """What a company that received data was told, and how that stands."""

    company: str
    line: Line


def notices(found: list[Line]) -> list[Notice]:
    """The notices among the steps, company by company (GDPR 19)."""
    made = []
    for line in found:
        plain = done_name(line.step.name)
        if plain.startswith("notify "):
            key = plain.removeprefix("notify ")
            made.append(Notice(known_as(key).name, line))
    return made
