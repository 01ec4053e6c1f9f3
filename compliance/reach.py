"""Which rows lead to a person: the one place that follows the owner edges."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, func, or_, select

from compliance import inventory
from imgpilot.db import Base
from imgpilot.privacy import Edge

#: Requests are the person's own rows too, but the one being carried out must outlive what it does.
REQUESTS = "privacy_request"


@dataclass(frozen=True)
class Person:
    """Whose rows are meant. `except_request`: the request under way, whose own record is left out."""

    account_id: UUID
    except_request: UUID | None = None


def held() -> list[Table]:
    """Every table that can hold something of a person of the site, parents before children."""
    return [table for table in inventory.tables() if hers(table, Person(UUID(int=0))) is not None]


def hers(table: Table, person: Person) -> ColumnElement[bool] | None:
    """The condition under which a row of `table` is this person's own; None if no row can be."""
    return _reach(table, person, (Edge.OWNER,), ())


def doomed(table: Table, person: Person) -> ColumnElement[bool] | None:
    """The same, and the rows that fall with hers although they are not her data."""
    return _reach(table, person, (Edge.OWNER, Edge.DEPENDENT), ())


def _reach(
    table: Table, person: Person, kinds: tuple[Edge, ...], path: tuple[Table, ...]
) -> ColumnElement[bool] | None:
    account = inventory.person_table()
    if table is account:
        return account.c.id == person.account_id
    ways: list[ColumnElement[bool]] = []
    for column, key in inventory.edges(table, *kinds):
        parent = key.column.table
        if parent is table or parent in path:
            continue
        if parent is account:
            ways.append(column == person.account_id)
            continue
        above = _reach(parent, person, kinds, (*path, table))
        if above is not None:
            ways.append(column.in_(select(key.column).where(above)))
    ways += [
        func.lower(column) == select(account.c.email).where(account.c.id == person.account_id).scalar_subquery()
        for column in table.columns
        if inventory.what(column).identity and table.metadata is Base.metadata  # staff addresses are not customers'
    ]
    if not ways:
        return None
    found = or_(*ways)
    if table.name == REQUESTS and person.except_request is not None:
        return and_(found, table.c.id != person.except_request)
    return found


def belongs(table: Table, to: ColumnElement[bool], path: tuple[Table, ...] = ()) -> ColumnElement[bool] | None:
    """The condition under which an owner edge leads from a row of `table` to an account for which `to` holds."""
    if table is inventory.person_table():
        return to
    ways: list[ColumnElement[bool]] = []
    for column, key in inventory.edges(table, Edge.OWNER):
        parent = key.column.table
        if parent is table or parent in path:
            continue
        above = belongs(parent, to, (*path, table))
        if above is not None:
            ways.append(column.in_(select(key.column).where(above)))
    return or_(*ways) if ways else None


def her_rows(table: Table, person: Person) -> Any:
    """A select of what she gets to see of her rows, in the order of their key, so that two exports compare."""
    condition = hers(table, person)
    if condition is None:
        raise LookupError(f"no row of {table.name} can be a person's")
    return select(*inventory.shown(table)).where(condition).order_by(*table.primary_key.columns)
