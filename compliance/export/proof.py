"""What an erasure certificate states, as plain facts: case number, counts, digests, times. No name, no address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785

import config
from compliance import inventory
from compliance.errors import StepFailed
from compliance.export.values import moment
from compliance.requests.models import Plan, PrivacyRequest
from compliance.requests.queueing import done_name
from imgpilot.processors import PROCESSORS

FORMAT = "imgpilot-erasure-certificate-1"
#: Of each step's evidence only this is stated: what is listed here is known to hold nothing of a person.
STATED = {
    "tell acknowledgement": ("disclosure", "delivered"),
    "count": ("plan",),
    "erase rows": ("deleted", "scrubbed", "kept", "objects"),
    "keep tombstone": ("subject",),
    "remove objects": ("removed", "stray"),
    "purge copies": ("configured", "purged"),
    "look again": ("tables", "columns", "found", "objects"),
}
#: The same of each notice to a company: the number it can answer to, and our line of the disclosure log.
OF_A_NOTICE = ("notice", "disclosure", "by")
NOTIFY = "notify "
#: What a step's state is called in its evidence here; an officer left out what is "skipped".
SKIPPED = "skipped"

#: Without these there is nothing to certify.
PROVES = ("erase rows", "remove objects", "look again")

Facts = dict[str, Any]


def facts(request: PrivacyRequest, plan: Plan, evidence: Mapping[str, Mapping[str, Any]], now: datetime) -> Facts:
    """The facts, ready to be signed. Raises StepFailed if they do not prove an erasure.

    A step that an officer left out has "state": "skipped" in its evidence; the officer's reason is not stated.
    """
    for name in PROVES:
        if name not in evidence:
            raise StepFailed(f"Nothing proves that this step was done: {name}.", again=False)
    erased, removed, searched = (evidence[name] for name in PROVES)
    if searched["found"] or searched["objects"]:
        raise StepFailed("The second search found something, so there is no certificate.", again=False)
    kept = erased.get("kept", {})
    if erased["deleted"].get(inventory.PERSON) != 1 and inventory.PERSON not in kept:
        raise StepFailed("The account itself was not deleted, so there is no certificate.", again=False)
    if removed["removed"] != erased["objects"]:
        raise StepFailed("Some files were not removed, so there is no certificate.", again=False)
    return {
        "format": FORMAT,
        "case": request.case,
        "request": str(request.id),
        "regime": request.regime,
        "subject": request.subject,
        "received_at": moment(request.received_at),
        "due_on": request.due_on.isoformat(),
        "made_at": moment(now),
        "plan": {
            "sha256": plan.digest,
            "approved_at": moment(plan.approved_at) if plan.approved_at else None,
        },
        # What was done, in the words of the inventory; not what was planned.
        "went": [
            {
                "table": table.name,
                "what": inventory.why(table).noun,
                "rows": erased["deleted"][table.name],
                "objects": erased["files"].get(table.name, 0),
            }
            for table in inventory.tables()
            if table.name in erased["deleted"]
        ],
        "stays": [
            {
                "table": table.name,
                "what": inventory.why(table).noun,
                "rows": erased["scrubbed"][table.name],
                "ground": inventory.why(table).ground,
                "until": inventory.why(table).kept.words,
            }
            for table in inventory.tables()
            if table.name in erased["scrubbed"]
        ],
        # What a hold or a ground of the law keeps with the person: this certificate is of a part.
        "kept": [
            {
                "table": line["table"],
                "what": line["noun"],
                "rows": kept[line["table"]],
                "ground": line["ground"],
                "law": line.get("law", ""),
                "until": line["until"],
            }
            for line in plan.body["tables"]
            if line["table"] in kept
        ],
        "objects": {"named": erased["objects"], "removed": removed["removed"], "stray": removed["stray"]},
        "searched_again": {
            "at": _at(searched),
            **{name: searched[name] for name in ("tables", "columns", "found", "objects", "elsewhere")},
        },
        "recipients": _recipients(evidence),
        "steps": [
            {
                "step": name,
                "state": _state(said),
                "at": _at(said),
                "evidence": {key: said[key] for key in _stated(name) if key in said and _state(said) != SKIPPED},
            }
            for name, said in sorted(evidence.items(), key=lambda item: _at(item[1]))
        ],
        "contact": config.CONTACT,
    }


def canonical(stated: Facts) -> bytes:
    """The bytes that are signed (RFC 8785)."""
    return rfc8785.dumps(stated)


def _at(said: Mapping[str, Any]) -> str:
    at = said.get("at")
    return moment(at) if isinstance(at, datetime) else ""


def _state(said: Mapping[str, Any]) -> str:
    return str(said.get("state", "done"))


def _stated(name: str) -> tuple[str, ...]:
    plain = done_name(name)
    return OF_A_NOTICE if plain.startswith(NOTIFY) else STATED.get(plain, ())


def _recipients(evidence: Mapping[str, Mapping[str, Any]]) -> list[Facts]:
    return [_recipient(each, evidence) for each in evidence.get("note recipients", {}).get("recipients", ())]


def _recipient(each: Mapping[str, Any], evidence: Mapping[str, Mapping[str, Any]]) -> Facts:
    # A company may have left the register since: it received something all the same.
    known, notice = PROCESSORS.get(each["processor"]), evidence.get(f"{NOTIFY}{each['processor']}")
    told = notice is not None and _state(notice) != SKIPPED
    return {
        "processor": each["processor"],
        "country": known.country if known else "",
        "safeguard": known.transfer if known else "",
        "times": each["times"],
        "keeps": each["keeps"],
        # "told" with its time; "skipped" by an officer; or why it needs no notice; "" if nothing is known.
        "notice": "told" if told else SKIPPED if notice is not None else _spared(each),
        "told_at": _at(notice) if told and notice is not None else "",
    }


def _spared(each: Mapping[str, Any]) -> str:
    said = str(each.get("notice", ""))
    return "" if said == "due" else said
