"""The erasure certificate's later tables: who had received something, and each step with what proves it."""

from collections.abc import Iterator
from datetime import date, datetime

from compliance.export.proof import SKIPPED, Facts
from compliance.export.voice import Voice
from compliance.requests.procedures import title
from compliance.words import country
from imgpilot.language import marked as _
from imgpilot.processors import PROCESSORS
from reports.blocks import Block, Note
from reports.table import Column, Stacked, Table


def recipients(voice: Voice, stated: Facts) -> Iterator[Block]:
    say = voice.say
    if not stated["recipients"]:
        yield Note(say(_("Nothing about this person had been sent to another company.")))
        return
    yield Table(
        [
            Column(say(_("Company"))),
            Column(say(_("Times")), "number"),
            Column(say(_("How long it keeps it"))),
            Column(say(_("What protects it abroad")), "quiet"),
            Column(say(_("Told of the erasure (UTC)")), "quiet"),
        ],
        [
            [
                Stacked(
                    _company(voice, each["processor"]),
                    country(each["country"], voice.language) or say(_("this machine")),
                ),
                voice.number(each["times"]),
                voice.begin(each["keeps"]),
                voice.begin(each["safeguard"]),
                _told(voice, each),
            ]
            for each in stated["recipients"]
        ],
        title=say(_("Who had received something")),
        note=say(_("Each of them deletes it on this clock of its own; our contract binds it to that.")),
    )


def steps(voice: Voice, stated: Facts) -> Block:
    say = voice.say
    return Table(
        [
            Column(say(_("Step"))),
            Column(say(_("What proves it")), "quiet"),
            Column(say(_("Done (UTC)")), "quiet", nowrap=True),
        ],
        [
            [
                _title(voice, each["step"]),
                _proves(voice, each),
                voice.moment(datetime.fromisoformat(each["at"])) if each["at"] and each["state"] == "done" else "",
            ]
            for each in stated["steps"]
            # Nobody asked for time to take it back: nothing was left out.
            if not (each["state"] == SKIPPED and each["step"] == "cool off")
        ],
        title=say(_("Step by step")),
    )


#: Why a company was not told.
NOT_TOLD = {
    "removed": _("Not told: we removed what it stored for us"),
    "stored only": _("Not told: it only stored what we held"),
    SKIPPED: _("Not told: it could not be, or only out of proportion (GDPR 19)"),
    "": _("Not told"),
}


def _company(voice: Voice, key: str) -> str:
    known = PROCESSORS.get(key)
    return voice.say(known.name) if known else key


def _told(voice: Voice, each: Facts) -> str:
    if each["told_at"]:
        return voice.moment(datetime.fromisoformat(each["told_at"]))
    return voice.say(NOT_TOLD.get(each["notice"], NOT_TOLD[""]))


def _title(voice: Voice, name: str) -> str:
    text, values = title(name)
    return voice.say(text, **{key: voice.say(value) for key, value in values.items()})


def _proves(voice: Voice, each: Facts) -> str:
    if each["state"] == SKIPPED:
        return voice.say(_("Not done: an officer left it out; the reason is in the case"))
    # An empty sum proves nothing, and a purge where there is no cache did not happen.
    told = {name: value for name, value in each["evidence"].items() if value != {} and not _hidden(each, name)}
    return "; ".join(_evidence(voice, name, value) for name, value in told.items())


def _hidden(each: Facts, name: str) -> bool:
    cached = each["evidence"].get("configured")
    return (name == "purged" and cached is False) or (name == "configured" and cached is True)


#: What each piece of evidence is called.
_EVIDENCE = {
    "kept": _("%(value)s items kept with the person"),
    "subject": _("mark %(value)s"),
    "configured": _("nothing is served through a cache"),
    "purged": _("%(value)s folders purged"),
    "notice": _("notice %(value)s"),
    "by": _("answer by %(value)s"),
    "plan": _("plan %(value)s"),
    "disclosure": _("line %(value)s of the disclosure log"),
    "delivered": _("the mail server refused the letter: it was not delivered"),
    "deleted": _("%(value)s items deleted"),
    "scrubbed": _("%(value)s items kept without the person"),
    "objects": _("%(value)s files"),
    "removed": _("%(value)s files removed"),
    "stray": _("%(value)s stray files removed"),
    "tables": _("%(value)s tables"),
    "columns": _("%(value)s columns"),
    "found": _("%(value)s found"),
}


def _evidence(voice: Voice, name: str, value: object) -> str:
    """A piece of evidence in words: counts as numbers, keys and digests by their beginning."""
    if isinstance(value, dict):
        value = sum(value.values())
    if name in ("delivered", "configured"):
        return voice.say(_EVIDENCE[name])
    if name == "by":
        return voice.say(_EVIDENCE[name], value=voice.day(date.fromisoformat(str(value))))
    if name == "notice":
        return voice.say(_EVIDENCE[name], value=value)
    said = voice.number(value) if isinstance(value, int) else f"{str(value)[:12]}…"
    return voice.say(_EVIDENCE[name], value=said)
