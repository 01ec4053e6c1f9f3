"""The plan: what answering a request would touch, counted exactly, before anybody approves it.

What is approved is the digest of this; what runs is checked against it again (GDPR Art. 5(2), 25).
"""

import hashlib
from typing import Any

import rfc8785
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from compliance import inventory, reach
from compliance.reach import Person
from compliance.requests.kinds import Kind
from imgpilot.disclosures import Disclosure
from imgpilot.privacy import AtErasure


def draw(session: Session, kind: Kind, person: Person) -> dict[str, Any]:
    """Count what a request of this kind would touch: rows and objects per table, recipients, totals."""
    lines = [line for table in reach.held() if (line := _line(session, kind, table, person))]
    recipients = session.execute(
        select(Disclosure.processor, func.count())
        .where(Disclosure.account_id == person.account_id)
        .group_by(Disclosure.processor)
        .order_by(Disclosure.processor)
    ).all()
    return {
        "kind": kind,
        "tables": lines,
        "recipients": [{"processor": key, "times": times} for key, times in recipients],
        "goes": sum(line["rows"] for line in lines if line["becomes"] == "delete"),
        "stays": sum(line["rows"] for line in lines if line["becomes"] == "scrub"),
        "copied": sum(line["rows"] for line in lines if line["becomes"] == "copy"),
        "objects": sum(line["objects"] for line in lines),
    }


def _line(session: Session, kind: Kind, table: Table, person: Person) -> dict[str, Any] | None:
    condition = reach.hers(table, person) if kind is Kind.ACCESS else reach.doomed(table, person)
    if condition is None:
        return None
    names = inventory.object_columns(table)
    counts = session.execute(
        select(func.count(), *(func.count(column) for column in names)).select_from(table).where(condition)
    ).one()
    if not counts[0]:
        return None
    said = inventory.why(table)
    becomes = "copy" if kind is Kind.ACCESS else str(said.at_erasure)
    return {
        "table": table.name,
        "noun": said.noun,
        "rows": counts[0],
        "objects": sum(counts[1:]),
        "becomes": becomes,
        "ground": said.ground if said.at_erasure is AtErasure.SCRUB and kind is Kind.DELETION else "",
        "until": said.kept.words if becomes == "scrub" else "",
    }


#: What can still come and go after approval, when the account is frozen: somebody asks for a sign-in link at the
#: door, and links are tidied away a day after they expired.
AT_THE_DOOR = ("sign_in_link", "disclosure")


def still_holds(approved: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether what is held now is what was approved, but for what came and went at the door since.

    Otherwise anybody who knows the address could keep an erasure from happening by asking for links.
    """
    then = {line["table"]: line for line in approved["tables"]}
    here = {line["table"]: line for line in now["tables"]}
    for name in then.keys() | here.keys():
        old, new = then.get(name), here.get(name)
        if old == new:
            continue
        if name not in AT_THE_DOOR or (old and new and old["becomes"] != new["becomes"]):
            return False
    return True


def digest(body: dict[str, Any]) -> str:
    """SHA-256 of the plan's canonical form (RFC 8785), in hex. This is what an officer approves."""
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()
