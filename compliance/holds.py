"""Legal holds: what an authority, a court or a claim keeps from being erased or expired (policy P13, GDPR 17(3))."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance import inventory, reach
from compliance.audit.append import record
from compliance.errors import MoveRefused
from compliance.standing import Hold
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.language import marked as _
from imgpilot.parts import Parts
from imgpilot.privacy import AtErasure, Edge

#: The ground of what is kept only because something below it is.
ABOVE = "above"


def kept(session: Session, account_id: UUID, aside: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """What a deletion keeps, by table: what is set aside, what a hold names, and the rows above either.

    {table: {"ground": key of a Ground or ABOVE, "until": day or ""}}. Tables whose rows outlive the person anyway are
    not in it.
    """
    named = {name: dict(why) for name, why in aside.items()}
    for name in held_tables(session, account_id):
        named.setdefault(name, {"ground": "legal-hold", "until": ""})
    if not named:
        return {}
    for name in _above(named):
        named.setdefault(name, {"ground": ABOVE, "until": ""})
    # The hold itself must go on saying on whom it is.
    named.setdefault("legal_hold", {"ground": ABOVE, "until": ""})
    return named


def held_tables(session: Session, account_id: UUID) -> list[str]:
    """The tables of which this person's rows are held now. A hold that names none holds all."""
    found: set[str] = set()
    for records in session.scalars(select(Hold.records).where(Hold.account_id == account_id, Hold.lifted_at.is_(None))):
        found |= set(records or can_be_held())
    return sorted(found)


def can_be_held() -> list[str]:
    """The tables that a hold can name: those whose rows would be deleted with the person."""
    return [t.name for t in reach.held() if inventory.why(t).at_erasure is AtErasure.DELETE]


def _above(names: Iterable[str]) -> set[str]:
    tables = {table.name: table for table in reach.held()}
    found: set[str] = set()
    todo = [tables[name] for name in names if name in tables]
    while todo:
        for _column, key in inventory.edges(todo.pop(), Edge.OWNER, Edge.DEPENDENT):
            parent = key.column.table
            if parent.name in tables and parent.name not in found:
                found.add(parent.name)
                todo.append(parent)
    return {n for n in found | {inventory.PERSON} if inventory.why(tables[n]).at_erasure is AtErasure.DELETE}


def place(
    parts: Parts, session: Session, account_id: UUID, records: list[str], reference: str, reason: str, staff: int
) -> Hold:
    """Place a hold. Raises MoveRefused without a reference and a reason, or for a record that is not known."""
    if not reference.strip() or len(reason.strip()) < 10:
        raise MoveRefused(_("Give the demand's reference and say why: a hold suspends a right."))
    if unknown := set(records) - set(can_be_held()):
        raise MoveRefused(_("These records cannot be held: %(names)s."), names=", ".join(sorted(unknown)))
    if session.scalar(select(Account.id).where(Account.id == account_id).with_for_update()) is None:
        raise MoveRefused(_("There is no such account."))
    now = parts.clock()
    hold = Hold(
        account_id=account_id,
        records=sorted(records),
        reference=reference.strip()[:200],
        reason=reason.strip(),
        placed_at=now,
        placed_by=staff,
    )
    session.add(hold)
    session.execute(update(Account).where(Account.id == account_id).values(held_at=now))
    _log(parts, session, "hold placed", account_id, staff, now, len(records))
    return hold


def lift(parts: Parts, session: Session, hold_id: UUID, staff: int) -> Hold:
    """Lift a hold. Raises MoveRefused if it does not stand. When it was the last, what is due expires again."""
    hold = session.get(Hold, hold_id, with_for_update=True)
    if hold is None or hold.lifted_at is not None:
        raise MoveRefused(_("This hold does not stand any more."))
    now = parts.clock()
    hold.lifted_at, hold.lifted_by = now, staff
    session.flush()
    if hold.account_id is not None:
        if not held_tables(session, hold.account_id):
            session.execute(update(Account).where(Account.id == hold.account_id).values(held_at=None))
        _log(parts, session, "hold lifted", hold.account_id, staff, now, len(hold.records))
    return hold


def of(session: Session, account_id: UUID) -> list[Hold]:
    """The holds on a person, those that stand first."""
    return list(
        session.scalars(
            select(Hold)
            .where(Hold.account_id == account_id)
            .order_by(Hold.lifted_at.is_not(None), Hold.placed_at.desc())
        )
    )


def _log(
    parts: Parts, session: Session, action: str, account_id: UUID, staff: int, now: datetime, records: int
) -> None:
    record(
        session,
        at=now,
        actor=f"staff:{staff}",
        action=action,
        subject=digests.of_subject(parts.settings, account_id),
        facts={"records": records},
    )
