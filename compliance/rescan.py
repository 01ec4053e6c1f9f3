"""The second look after an erasure, independent of everything that planned and did it.

It asks PostgreSQL's own catalogue for every column of every table, whatever our declarations say, and searches
each for the person's account id and address; and it lists the object store. The declarations are asked one thing
only: whether a row that holds the address is somebody else's. Otherwise anybody could keep an erasure from ending
by typing her address into a prompt.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, and_, cast, false, func, literal_column, or_, select, table, text
from sqlalchemy.orm import Session

from compliance import inventory, reach
from compliance.requests.kinds import Proof
from compliance.requests.models import PrivacyRequest
from imgpilot.db import Base
from imgpilot.privacy import Edge
from imgpilot.storage import Storage

#: Column types that cannot hold an identifier: numbers, times, truth values.
_NEVER = (
    "('bigint', 'integer', 'smallint', 'boolean', 'real', 'double precision', 'numeric', 'date', "
    "'timestamp with time zone', 'timestamp without time zone')"
)
Places = dict[str, int]


@dataclass(frozen=True)
class Found:
    """What was searched, and where something was found: {"table.column": rows}.

    `left` is hers; `elsewhere` are rows of other people and of staff that mention the address; `returned` are rows of
    an account made anew with it, and of requests that came in with it since.
    """

    tables: int
    columns: int
    left: Places
    elsewhere: Places
    returned: Places
    objects: int


def scan(
    session: Session,
    storage: Storage,
    account_id: UUID,
    address: str,
    beat: Callable[[], None] = lambda: None,
    at_the_door: Collection[UUID] = (),
) -> Found:
    """Search every table for this id and address, and the object store for her folder. `beat` is called per table.

    `at_the_door`: requests that anybody sent with this address since; they and what hangs on them are not hers.
    """
    columns = session.execute(
        text(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' "
            f"AND c.data_type NOT IN {_NEVER} ORDER BY 1, 2"
        )
    ).all()
    by_table: dict[str, list[str]] = {}
    for name, of_it in columns:
        by_table.setdefault(name, []).append(of_it)
    left: Places = {}
    elsewhere: Places = {}
    returned: Places = {}
    declared = {each.name: each for each in inventory.tables()}
    for name, names in by_table.items():
        beat()
        others, again = _somebody_elses(declared.get(name), account_id, address)
        again = or_(again, _hangs_on(declared.get(name), PrivacyRequest.__table__.c.id.in_(at_the_door)))
        counts = []
        for each in names:
            held = func.lower(cast(literal_column(f'"{name}"."{each}"'), Text))
            key = func.coalesce(held.op("~")(str(account_id)), false())
            mark = and_(held.op("~")(_pattern(address.lower())), ~key) if address else false()
            counts += [
                func.count().filter(key | and_(mark, ~others, ~again)),
                func.count().filter(mark, others),
                func.count().filter(mark, again),
            ]
        # One statement a table: what is written meanwhile cannot be counted in one place and not in the other.
        row = session.execute(select(*counts).select_from(declared.get(name, table(name)))).one()
        for places, found in ((left, row[0::3]), (elsewhere, row[1::3]), (returned, row[2::3])):
            places |= {f"{name}.{each}": n for each, n in zip(names, found, strict=True) if n}
    objects = sum(1 for _ in storage.keys(f"{account_id}/"))
    return Found(len(by_table), len(columns), left, elsewhere, returned, objects)


def _somebody_elses(
    known: Table | None, account_id: UUID, address: str
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions under which a row belongs to another person or to staff, and to an account made anew."""
    if known is None:
        return false(), false()
    if known.metadata is not Base.metadata:
        return ~false(), false()
    account = inventory.person_table()
    other = account.c.id != account_id
    here, again = (
        reach.belongs(known, and_(other, same))
        for same in (account.c.email != address.lower(), account.c.email == address.lower())
    )
    written = _hangs_on(known, _under_another(address))
    return (
        or_(written, false() if here is None else func.coalesce(here, false())),
        false() if again is None else func.coalesce(again, false()),
    )


def _under_another(address: str) -> ColumnElement[bool]:
    """Requests that were never anybody's we know, with another address: what is written there is somebody else's."""
    request = PrivacyRequest.__table__.c
    never = request.proof.in_((Proof.NONE, Proof.ADDRESS, Proof.PERMISSION))
    return and_(request.account_id.is_(None), never, func.lower(request.contact) != address.lower())


def _hangs_on(known: Table | None, requests: ColumnElement[bool], path: tuple[Table, ...] = ()) -> ColumnElement[bool]:
    """The condition under which a row is such a request, or hangs on one."""
    if known is None:
        return false()
    if known is PrivacyRequest.__table__:
        return func.coalesce(requests, false())
    ways: list[ColumnElement[bool]] = []
    for column, key in inventory.edges(known, Edge.OWNER):
        parent = key.column.table
        if parent is not known and parent not in path and parent is not inventory.person_table():
            above = _hangs_on(parent, requests, (*path, known))
            ways.append(func.coalesce(column.in_(select(key.column).where(above)), false()))
    return or_(false(), *ways)


def _pattern(address: str) -> str:
    """A regular expression of PostgreSQL's that finds the address; diana@example.com is not ana@example.com."""
    return rf"(?<![a-z0-9._%+-]){re.escape(address)}(?![a-z0-9_-]|\.[a-z0-9])"
