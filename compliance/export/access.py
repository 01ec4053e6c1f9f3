"""What is held about a person, why, how long, and who received it (GDPR Art. 15(1)), read off the declarations."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, and_, func, or_, select
from sqlalchemy.orm import Session

from compliance import inventory, reach
from compliance.reach import Person
from imgpilot.disclosures import Disclosure
from imgpilot.privacy import Origin, Purpose, Rows
from imgpilot.processors import Processor, known_as
from imgpilot.purposes import ACCOUNTABILITY, RIGHTS

#: The place of a line in the disclosure log: its time and its id.
Line = tuple[datetime, UUID]


@dataclass(frozen=True)
class Holding:
    """One kind of thing held about a person."""

    table: Table
    rows: int
    objects: int
    #: Keys of the processors that received something for the same purpose.
    recipients: tuple[str, ...]

    @property
    def said(self) -> Rows:
        """What the table says of itself: noun, purpose, how long."""
        return inventory.why(self.table)

    @property
    def purpose(self) -> Purpose:
        """Why it is held."""
        return self.said.purpose

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Where the facts came from, the most frequent word first."""
        found = {inventory.what(c).origin for c in self.table.columns if inventory.what(c).personal}
        return tuple(origin for origin in Origin if origin in found) or (Origin.OBSERVED,)

    @property
    def withheld(self) -> dict[str, str]:
        """Columns that are not shown, each with its reason."""
        return inventory.withheld(self.table)


@dataclass(frozen=True)
class Recipient:
    """A company that received something, as the disclosure log has it."""

    processor: Processor
    times: int
    first: datetime
    last: datetime
    categories: tuple[str, ...]
    purposes: tuple[str, ...]


def holdings(session: Session, account_id: UUID) -> list[Holding]:
    """Everything held, table by table, empty ones left out; our own record-keeping last. One query a table."""
    by_purpose: dict[str, set[str]] = {}
    for key, purpose in session.execute(
        select(Disclosure.processor, Disclosure.purpose).where(Disclosure.account_id == account_id).distinct()
    ):
        by_purpose.setdefault(purpose, set()).add(key)
    found = _counted(session, account_id, by_purpose)
    return sorted(found, key=lambda one: (one.purpose in (RIGHTS, ACCOUNTABILITY), -one.rows))


def _counted(session: Session, account_id: UUID, by_purpose: dict[str, set[str]]) -> Iterator[Holding]:
    for table in reach.held():
        condition = reach.hers(table, Person(account_id))
        if condition is None:
            continue
        names = inventory.object_columns(table)
        counts = session.execute(
            select(func.count(), *(func.count(name) for name in names)).select_from(table).where(condition)
        ).one()
        if counts[0]:
            recipients = by_purpose.get(inventory.why(table).purpose.key, set())
            yield Holding(table, counts[0], sum(counts[1:]), tuple(sorted(recipients)))


def recipients(session: Session, account_id: UUID) -> list[Recipient]:
    """Every company that received something about the person, the most frequent first. Two queries."""
    what: dict[str, tuple[set[str], set[str]]] = {}
    for key, purpose, categories in session.execute(
        select(Disclosure.processor, Disclosure.purpose, Disclosure.categories)
        .where(Disclosure.account_id == account_id)
        .distinct()
    ):
        seen = what.setdefault(key, (set(), set()))
        seen[0].update(categories)
        seen[1].add(purpose)
    found = session.execute(
        select(Disclosure.processor, func.count(), func.min(Disclosure.at), func.max(Disclosure.at))
        .where(Disclosure.account_id == account_id)
        .group_by(Disclosure.processor)
        .order_by(func.count().desc(), Disclosure.processor)
    )
    return [
        Recipient(known_as(key), times, first, last, tuple(sorted(what[key][0])), tuple(sorted(what[key][1])))
        for key, times, first, last in found
    ]


def ledger(session: Session, account_id: UUID, after: Line | None, limit: int) -> list[Disclosure]:
    """Lines of the person's disclosure log, newest first, from the one that follows `after` on."""
    query = select(Disclosure).where(Disclosure.account_id == account_id)
    if after is not None:
        at, id_ = after
        # Many lines may have the same time; their ids say where we are among them.
        query = query.where(or_(Disclosure.at < at, and_(Disclosure.at == at, Disclosure.id > id_)))
    return list(session.scalars(query.order_by(Disclosure.at.desc(), Disclosure.id).limit(limit)))
