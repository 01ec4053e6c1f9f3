"""Legal holds: what an authority, a court or a claim keeps from being erased or expired (policy P13, GDPR 17(3))."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance import inventory, reach
from compliance.audit.append import record
from compliance.errors import MoveRefused
from compliance.requests import laws
from compliance.requests.kinds import Channel, Kind, Outcome, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import SYSTEM
from compliance.requests.opening import Asked, open_request
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
    held = held_tables(session, account_id)
    for name in held:
        named.setdefault(name, {"ground": "legal-hold", "until": ""})
    if not named:
        return {}
    for name in _above(named):
        named.setdefault(name, {"ground": ABOVE, "until": ""})
    if held:  # the hold itself must go on saying on whom it is
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
    """Lift a hold. Raises MoveRefused if it does not stand.

    When it was the last, what is due expires again; and what it kept back from a deletion is asked for again by a
    request of its own, which officers look at like any other. Until that is carried out the account stays closed.
    """
    # The account before the hold, as whoever places one or erases: two who lift the last two see each other.
    on = select(Hold.account_id).where(Hold.id == hold_id).scalar_subquery()
    session.execute(select(Account.id).where(Account.id == on).with_for_update())
    hold = session.get(Hold, hold_id, with_for_update=True, populate_existing=True)
    if hold is None or hold.lifted_at is not None:
        raise MoveRefused(_("This hold does not stand any more."))
    now = parts.clock()
    hold.lifted_at, hold.lifted_by = now, staff
    session.flush()
    if hold.account_id is not None:
        if not held_tables(session, hold.account_id):
            session.execute(update(Account).where(Account.id == hold.account_id).values(held_at=None))
        follow_up(parts, session, hold.account_id, now)
        _log(parts, session, "hold lifted", hold.account_id, staff, now, len(hold.records))
    return hold


def follow_up(parts: Parts, session: Session, account_id: UUID, now: datetime) -> PrivacyRequest | None:
    """Ask for the rest of a deletion that was carried out in part, as far as nothing stands against it any more.

    With the proof and the law of the first; what that one set aside on a ground of its own stays set aside until its
    day. None if no deletion was carried out in part, or if nothing more would go now.
    """
    first = session.scalar(
        select(PrivacyRequest)
        .where(
            PrivacyRequest.account_id == account_id,
            PrivacyRequest.kind == Kind.DELETION,
            PrivacyRequest.state == State.ANSWERED,
            PrivacyRequest.outcome == Outcome.PARTIAL,
        )
        .order_by(PrivacyRequest.closed_at.desc())
        .limit(1)
    )
    account = session.scalar(select(Account).where(Account.id == account_id).with_for_update())
    if first is None or account is None:
        return None
    today = laws.today(first, now).isoformat()
    aside = {table: why for table, why in first.set_aside.items() if not why.get("until") or why["until"] >= today}
    if not _kept_before(session, first) - kept(session, account_id, aside).keys():
        return None
    return _ask_for_the_rest(parts, session, first, account, aside, now)


def _kept_before(session: Session, first: PrivacyRequest) -> set[str]:
    done = select(Step.evidence).where(Step.request_id == first.id, Step.name == "erase rows")
    evidence = session.scalar(done) or {}
    return set(evidence.get("kept", ()))


def _ask_for_the_rest(
    parts: Parts,
    session: Session,
    first: PrivacyRequest,
    account: Account,
    aside: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> PrivacyRequest:
    asked = Asked(
        country=first.country,
        subdivision=first.subdivision,
        zone=first.zone,
        channel=Channel.FOLLOW_UP,
        agent_id=first.agent_id,
    )
    request = open_request(
        session, parts.settings, account, Kind.DELETION, first.regime, now, SYSTEM, first.proof, asked
    )
    request.set_aside = {table: dict(why) for table, why in aside.items()}
    session.flush()
    return request


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
