"""The plan: what answering a request would touch, counted exactly, before anybody approves it.

What is approved is the digest of this; what runs is checked against it again (GDPR Art. 5(2), 25).
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from compliance import bare, holds, inventory, portability, reach
from compliance.reach import Person
from compliance.requests.grounds import GROUNDS
from compliance.requests.kinds import Kind
from imgpilot.disclosures import Disclosure
from imgpilot.language import marked as _
from imgpilot.privacy import AtErasure

#: {table: {"ground": key of a Ground, "until": day or ""}}: lines that are not granted.
Aside = Mapping[str, Mapping[str, str]]
NOTHING: Aside = {}

#: Said of an account that stays only because something below it does.
BARE = _("Something that is kept hangs on it. Name, portrait and settings are not kept.")

#: What becomes of a row, by kind, where it does not depend on the table.
_BECOMES = {Kind.ACCESS: "copy", Kind.PORTABILITY: "copy", Kind.RESTRICTION: "restrict"}


def draw(session: Session, kind: Kind, person: Person, aside: Aside = NOTHING) -> dict[str, Any]:
    """Count what a request of this kind would touch: rows and objects per table, recipients, totals.

    `aside` are the lines an officer does not grant. Of a deletion, what a hold names is kept besides, and with every
    kept row the rows above it, up to the account. An account that is kept for what is below it alone is stripped
    (compliance.bare); its line says of how many rows as `strips`.
    """
    kept = holds.kept(session, person.account_id, aside) if kind is Kind.DELETION else aside
    lines = [line for table in reach.held() if (line := _line(session, kind, table, person, kept))]
    return {
        "kind": kind,
        "tables": lines,
        "recipients": [{"processor": key, "times": times} for key, times in recipients(session, person)],
        "goes": _sum(lines, "delete"),
        "stays": _sum(lines, "scrub"),
        "kept": _sum(lines, "keep"),
        "copied": _sum(lines, "copy"),
        "withheld": _sum(lines, "withhold"),
        "restricted": _sum(lines, "restrict"),
        "objects": sum(
            line["objects"] for line in lines if line["becomes"] not in ("keep", "withhold") or strips(line)
        ),
    }


def strips(line: Mapping[str, Any]) -> int:
    """Of how many rows of this line something goes although they stay."""
    return int(line.get("strips", 0))


def recipients(session: Session, person: Person) -> list[tuple[str, int]]:
    """Who received something of this person, and how often, by the disclosure log."""
    found = session.execute(
        select(Disclosure.processor, func.count())
        .where(Disclosure.account_id == person.account_id)
        .group_by(Disclosure.processor)
        .order_by(Disclosure.processor)
    )
    return [(key, times) for key, times in found]


def _sum(lines: list[dict[str, Any]], becomes: str) -> int:
    return sum(line["rows"] for line in lines if line["becomes"] == becomes)


def _line(session: Session, kind: Kind, table: Table, person: Person, aside: Aside) -> dict[str, Any] | None:
    if kind is Kind.PORTABILITY and not portability.portable(table):
        return None
    condition = reach.doomed(table, person) if kind is Kind.DELETION else reach.hers(table, person)
    if condition is None:
        return None
    names = inventory.object_columns(table)
    counts = session.execute(
        select(func.count(), *(func.count(column) for column in names)).select_from(table).where(condition)
    ).one()
    if not counts[0]:
        return None
    said = inventory.why(table)
    line = {
        "table": table.name,
        "noun": said.noun,
        "rows": counts[0],
        "objects": sum(counts[1:]),
        "becomes": _BECOMES.get(kind, str(said.at_erasure)),
        "ground": said.ground if said.at_erasure is AtErasure.SCRUB and kind is Kind.DELETION else "",
        "until": said.kept.words if kind is Kind.DELETION and said.at_erasure is AtErasure.SCRUB else "",
    }
    if table.name in aside:
        line |= {"becomes": "keep" if kind is Kind.DELETION else "withhold"} | _why(aside[table.name])
        if kind is Kind.DELETION and aside[table.name]["ground"] == holds.ABOVE and bare.values(table):
            more = select(func.count()).select_from(table).where(condition, bare.says_more(table))
            line |= {"ground": BARE, "strips": session.scalar(more) or 0}
    return line


def _why(said: Mapping[str, str]) -> dict[str, str]:
    ground = GROUNDS.get(said["ground"])
    words = ground.words if ground else _("Something that is kept hangs on it.")
    return {"ground": words, "law": ground.law if ground else "", "until": said.get("until", "")}


#: What can still come and go after approval: somebody asks for a sign-in link at the door, signs in to take the
#: request back, asks in her name; and what was expired is tidied away. With `disclosure`, what our letters leave. While
#: a deletion can be taken back its owner uses the privacy centre: she chooses, asks, and fetches what is ready.
AT_THE_DOOR = (
    "usage",
    "policy_shown",
    "choice",
    "sign_in_link",
    "sign_in",
    "disclosure",
    "privacy_request",
    "request_attachment",
    "request_event",
    "request_plan",
    "request_step",
    "request_letter",
    "request_package",
    "request_download",
    "package_link",
    "identity_check",
    "request_alert",
    "choice",
)


def still_holds(approved: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether what is held now is what was approved, but for what came and went at the door since.

    Otherwise anybody who knows the address could keep an erasure from happening by asking for links.
    """
    then = {line["table"]: line for line in approved.get("tables", ())}
    here = {line["table"]: line for line in now.get("tables", ())}
    for name in then.keys() | here.keys():
        old, new = then.get(name), here.get(name)
        if old == new:
            continue
        if name not in AT_THE_DOOR or (old and new and old["becomes"] != new["becomes"]):
            return False
    return True


def is_partial(body: Mapping[str, Any]) -> bool:
    """Whether the plan leaves out part of what was asked."""
    return any(line["becomes"] in ("keep", "withhold") for line in body.get("tables", ()))


def digest(body: dict[str, Any]) -> str:
    """SHA-256 of the plan's canonical form (RFC 8785), in hex. This is what an officer approves."""
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()
