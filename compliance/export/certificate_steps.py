"""The erasure certificate's later tables: who had received something, and each step with what proves it."""

from collections.abc import Iterator
from datetime import datetime

from compliance.export.proof import Facts
from compliance.export.voice import Voice
from compliance.requests.procedures import TITLES
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
        ],
        [
            [
                Stacked(
                    say(PROCESSORS[each["processor"]].name),
                    country(each["country"], voice.language) or say(_("this machine")),
                ),
                voice.number(each["times"]),
                voice.begin(each["keeps"]),
                voice.begin(each["safeguard"]),
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
                say(TITLES.get(each["step"], each["step"])),
                "; ".join(_evidence(voice, name, value) for name, value in each["evidence"].items()),
                voice.moment(datetime.fromisoformat(each["at"])) if each["at"] else "",
            ]
            for each in stated["steps"]
        ],
        title=say(_("Step by step")),
    )


#: What each piece of evidence is called.
_EVIDENCE = {
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
    if name == "delivered":
        return voice.say(_EVIDENCE[name])
    said = voice.number(value) if isinstance(value, int) else f"{str(value)[:12]}…"
    return voice.say(_EVIDENCE[name], value=said)
