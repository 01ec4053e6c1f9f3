"""Erasing a person: one set-based transaction that does exactly what the approved plan says, or nothing.

Children go before parents. Rows that a law keeps are scrubbed of the person; everything else is deleted.
Objects are written down for removal in the same transaction and removed after it (GDPR Art. 17).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Table, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from compliance import bare, inventory, plans, reach
from compliance.errors import PlanChanged
from compliance.processors.received import Received, received
from compliance.reach import Person
from compliance.requests.kinds import Kind, Outcome, State
from compliance.requests.models import PrivacyRequest, Removal, Step
from imgpilot.accounts.models import Account
from imgpilot.privacy import AtErasure, Edge, Erase


@dataclass(frozen=True)
class Erased:
    """What went and what stayed, by table; and to whom something of hers had gone, by processor."""

    deleted: dict[str, int]
    scrubbed: dict[str, int]
    files: dict[str, int]
    recipients: dict[str, Received]
    #: What a hold or a ground of the law keeps with the person: {table: rows}. Empty, mostly.
    kept: dict[str, int]

    @property
    def objects(self) -> int:
        """How many objects her rows named."""
        return sum(self.files.values())


def erase(session: Session, person: Person, approved: dict[str, Any], aside: plans.Aside = plans.NOTHING) -> Erased:
    """Carry out the plan that was approved, in the caller's transaction. `aside`: the lines that are not granted.

    The request that asks for it (`person.except_request`) keeps its record and its contact address, until the last
    letter is sent; only its key to the account is let go. Raises PlanChanged, having changed nothing that will be
    committed, if counting now gives another plan.
    """
    # Whoever would add a row of hers needs a share of this lock (the foreign key takes it), so nothing is added
    # between the count and the commit.
    session.execute(select(Account.id).where(Account.id == person.account_id).with_for_update())
    body = plans.draw(session, Kind.DELETION, person, aside)
    if not plans.still_holds(approved, body):
        raise PlanChanged("What is held has changed since the plan was approved. Check the new plan.")
    expected = {line["table"]: line["rows"] for line in body["tables"]}
    kept = {line["table"]: line["rows"] for line in body["tables"] if line["becomes"] == "keep"}
    stripped = {line["table"] for line in body["tables"] if plans.strips(line)}
    _close_other_requests(session, person)
    # Before the log forgets about whom it is.
    recipients = received(session, person.account_id)
    files = _note_objects(session, person, kept.keys() - stripped)
    if inventory.PERSON not in kept:
        own = update(PrivacyRequest).where(PrivacyRequest.id == person.except_request)
        session.execute(own.values(account_id=None))
    deleted: dict[str, int] = {}
    scrubbed: dict[str, int] = {}
    for table in reversed(inventory.tables()):
        condition = reach.doomed(table, person)
        if condition is None:
            continue
        if table.name in kept:
            if table.name in stripped:
                session.execute(update(table).where(condition).values(bare.values(table)))
            continue
        if inventory.why(table).at_erasure is AtErasure.SCRUB:
            done = _scrub(session, table, condition)
            scrubbed |= {table.name: done} if done else {}
        else:
            _let_go(session, table, condition)
            done = _rows(session, delete(table).where(condition))
            deleted |= {table.name: done} if done else {}
        if done != expected.get(table.name, 0):
            raise PlanChanged("What is held changed while it was being erased. Nothing was erased.")
    return Erased(deleted, scrubbed, files, recipients, kept)


def _rows(session: Session, statement: Any) -> int:
    # An INSERT's count is thrown away by SQLAlchemy unless it is told not to.
    kept = {"preserve_rowcount": True}
    return cast(CursorResult[Any], session.execute(statement, execution_options=kept)).rowcount


def _close_other_requests(session: Session, person: Person) -> None:
    """What else she asked for is done with the erasure: those requests end as merged into this one.

    With them those that anybody made in her name and nobody proved: there is nobody left to prove them.
    """
    address = session.scalar(select(Account.email).where(Account.id == person.account_id))
    others = session.scalars(
        select(PrivacyRequest)
        .where(
            (PrivacyRequest.account_id == person.account_id)
            | (PrivacyRequest.account_id.is_(None) & (PrivacyRequest.contact == address)),
            PrivacyRequest.id != person.except_request,
            PrivacyRequest.closed_at.is_(None),
        )
        .with_for_update()
    ).all()
    for other in others:
        other.state, other.outcome, other.closed_at = State.MERGED, Outcome.MERGED, func.now()
        other.merged_into = person.except_request
    ids = [other.id for other in others]
    session.execute(
        update(Step)
        .where(Step.request_id.in_(ids), Step.state.in_(("ready", "waiting", "failed")))
        .values(state="dropped", lease=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    session.flush()


def _note_objects(session: Session, person: Person, kept: Collection[str]) -> dict[str, int]:
    """Write down every object that her rows name, and the folder all her objects share; how many, by table."""
    noted: dict[str, int] = {}
    for table in reach.held():
        if table.name in kept:
            continue
        condition = reach.doomed(table, person)
        for column in inventory.object_columns(table):
            named = select(func.gen_random_uuid(), literal(_request(person)), column).where(
                condition,  # type: ignore[arg-type]
                column.is_not(None),
            )
            done = _rows(session, insert(Removal).from_select(["id", "request_id", "object_key"], named))
            if done:
                noted[table.name] = noted.get(table.name, 0) + done
    session.add(Removal(request_id=_request(person), object_key=f"{person.account_id}/"))
    return noted


def _request(person: Person) -> UUID:
    if person.except_request is None:
        raise LookupError("an erasure is carried out for a request")
    return person.except_request


def _scrub(session: Session, table: Table, condition: Any) -> int:
    """Take the person out of rows that stay: clear what is personal, and the key that leads to her.

    A row that holds nothing of hers by itself (it only hangs on a row that stays) is left as it is, but counted.
    """
    cleared = {
        column.name: None
        for column in table.columns
        if (datum := inventory.what(column)).erase is Erase.CLEAR
        and (datum.personal or datum.withheld or _leads_to_deleted(column))
    }
    statement = update(table).where(condition)
    if not cleared:
        return len(session.execute(select(*table.primary_key.columns).where(condition)).all())
    return _rows(session, statement.values(cleared))


def _leads_to_deleted(column: Any) -> bool:
    if inventory.what(column).edge not in (Edge.OWNER, Edge.MENTION):
        return False
    return any(inventory.why(k.column.table).at_erasure is AtErasure.DELETE for k in column.foreign_keys)


def _let_go(session: Session, table: Table, condition: Any) -> None:
    """Clear every link and mention in other rows that points at rows about to be deleted."""
    for other in inventory.tables():
        for column, key in inventory.edges(other, Edge.LINK, Edge.MENTION):
            if key.column.table is table and column.nullable:
                going = select(key.column).where(condition)
                session.execute(update(other).where(column.in_(going)).values({column.name: None}))
