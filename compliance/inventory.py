"""Reads what every table says it holds, and refuses to start when one is silent or contradicts itself.

Everything else in compliance (reach, access, export, erasure, the record) asks here and nowhere else.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, Table, UniqueConstraint

from compliance.errors import Contradiction, Unclassified
from imgpilot.db import Base, every_metadata
from imgpilot.privacy import WORD, AtErasure, Datum, Edge, Erase, Rows

#: The table whose rows are the people who use the site.
PERSON = "account"


def tables() -> list[Table]:
    """Every table there is, ours and Flask-AppBuilder's, parents before children."""
    return [table for metadata in every_metadata() for table in metadata.sorted_tables]


def why(table: Table) -> Rows:
    """What the table says of its rows."""
    said: Rows = table.info[WORD]
    return said


def what(column: Column[object]) -> Datum:
    """What the column says it holds."""
    said: Datum = column.info[WORD]
    return said


def edges(table: Table, *kinds: Edge) -> Iterator[tuple[Column[object], ForeignKey]]:
    """The table's foreign keys of these kinds, with their columns."""
    for column in table.columns:
        for key in column.foreign_keys:
            if what(column).edge in kinds:
                yield column, key


def shown(table: Table) -> list[Column[object]]:
    """The columns that a person gets to see of her own rows: all but secrets."""
    return [column for column in table.columns if not what(column).withheld]


def withheld(table: Table) -> dict[str, str]:
    """The columns held back from her, each with its reason."""
    return {column.name: what(column).withheld for column in table.columns if what(column).withheld}


def object_columns(table: Table) -> list[Column[object]]:
    """The columns that name objects in the object store."""
    return [column for column in table.columns if what(column).names_object]


def _silent(found: Iterable[Table]) -> Iterator[str]:
    for table in found:
        if WORD not in table.info:
            yield f"{table.name}: add rows(PURPOSE, noun=…, kept=…) to __table_args__"
        for column in table.columns:
            if WORD not in column.info:
                hint = (
                    "owner(), dependent(), mention(role) or link()"
                    if column.foreign_keys
                    else "personal(category), record() or secret(reason)"
                )
                yield f"{table.name}.{column.name}: give it info={hint}"


def check_declarations() -> None:
    """Raise Unclassified or Contradiction, naming every column at fault and what to write. Silence is consent."""
    check(tables())


def check(found: list[Table]) -> None:
    """The same for these tables."""
    gaps = sorted(_silent(found))
    if gaps:
        raise Unclassified("these do not say what they hold:\n  " + "\n  ".join(gaps))
    wrong = sorted(fault for table in found for fault in _faults(table))
    if wrong:
        raise Contradiction("these declarations cannot be true:\n  " + "\n  ".join(wrong))


def _faults(table: Table) -> Iterator[str]:
    said = why(table)
    scrubbed = said.at_erasure is AtErasure.SCRUB
    if said.kept.since and said.kept.since not in table.columns:
        yield f"{table.name}: kept since {said.kept.since}, which is no column of it"
    if scrubbed and not said.ground:
        yield f"{table.name}: rows that outlive the person need a ground"
    for column in table.columns:
        datum, name = what(column), f"{table.name}.{column.name}"
        if column.foreign_keys and datum.edge is None:
            yield f"{name}: a foreign key must say whose the row is"
        if datum.edge is not None and not column.foreign_keys:
            yield f"{name}: says {datum.edge}, but is no foreign key"
        if scrubbed and datum.personal and datum.erase is Erase.CLEAR and not column.nullable:
            yield f"{name}: is cleared when the row is scrubbed, but is NOT NULL"
        if scrubbed and datum.names_object:
            yield f"{name}: names an object, but the row outlives it"
        for key in column.foreign_keys:
            yield from _edge_faults(table, column, key, datum, scrubbed)
    if any(what(c).personal for c in table.columns) and not _leads_to_somebody(table):
        yield f"{table.name}: holds personal data, but no owner() or identity leads to the person"


def _edge_faults(table: Table, column: Column[object], key: ForeignKey, datum: Datum, scrubbed: bool) -> Iterator[str]:
    name = f"{table.name}.{column.name}"
    parent_goes = why(key.column.table).at_erasure is AtErasure.DELETE
    if datum.edge in (Edge.MENTION, Edge.LINK) and not column.nullable and not table.name.startswith("ab_"):
        yield f"{name}: is cleared when the other end goes, but is NOT NULL"
    if datum.edge is Edge.MENTION and (key.ondelete or "").upper() == "CASCADE":
        yield f"{name}: a mention must not delete somebody else's row"
    if scrubbed and datum.edge is Edge.OWNER and parent_goes and not column.nullable:
        yield f"{name}: the owner goes and the row stays, but the key is NOT NULL"
    if datum.edge in (Edge.OWNER, Edge.DEPENDENT) and not _indexed(table, column):
        yield f"{name}: is searched for a person's rows, but has no index"


def _indexed(table: Table, column: Column[object]) -> bool:
    return bool(
        column.primary_key
        or column.index
        or column.unique
        or any(next(iter(index.columns)) is column for index in table.indexes)
        or any(
            next(iter(constraint.columns), None) is column
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint)
        )
    )


def _leads_to_somebody(table: Table, seen: frozenset[str] = frozenset()) -> bool:
    if why(table).subject or any(what(c).identity for c in table.columns):
        return True
    return any(
        _leads_to_somebody(key.column.table, seen | {table.name})
        for _, key in edges(table, Edge.OWNER)
        if key.column.table.name not in seen | {table.name}
    )


def person_table() -> Table:
    """The table of people who use the site."""
    return Base.metadata.tables[PERSON]
