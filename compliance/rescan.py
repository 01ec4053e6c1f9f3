"""The second look after an erasure, independent of everything that planned and did it.

It asks PostgreSQL's own catalogue for every column of every table, whatever our declarations say, and searches
each for the person's marks; and it lists the object store.
"""

import re
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from imgpilot.storage import Storage

#: Column types that cannot hold an identifier: numbers, times, truth values.
_NEVER = (
    "('bigint', 'integer', 'smallint', 'boolean', 'real', 'double precision', 'numeric', 'date', "
    "'timestamp with time zone', 'timestamp without time zone')"
)


@dataclass(frozen=True)
class Found:
    """Where the marks were looked for, and where they were found: {"table.column": rows}."""

    tables: int
    columns: int
    left: dict[str, int]
    objects: int


def scan(session: Session, storage: Storage, marks: tuple[str, ...], prefix: str) -> Found:
    """Search every table and the object store. `marks`: identifiers that may not be found; `prefix`: her objects."""
    columns = session.execute(
        text(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' "
            f"AND c.data_type NOT IN {_NEVER} ORDER BY 1, 2"
        )
    ).all()
    by_table: dict[str, list[str]] = {}
    for table, column in columns:
        by_table.setdefault(table, []).append(column)
    left: dict[str, int] = {}
    patterns = [_pattern(mark.lower()) for mark in marks if mark]
    for table, names in by_table.items():
        counts = ", ".join(
            f"count(*) FILTER (WHERE EXISTS (SELECT FROM unnest(cast(:patterns AS text[])) AS pattern "
            f'WHERE lower("{name}"::text) ~ pattern))'
            for name in names
        )
        row = session.execute(text(f'SELECT {counts} FROM "{table}"'), {"patterns": patterns}).one()
        left |= {f"{table}.{name}": found for name, found in zip(names, row, strict=True) if found}
    return Found(
        tables=len(by_table),
        columns=len(columns),
        left=left,
        objects=sum(1 for _ in storage.keys(prefix)),
    )


def _pattern(mark: str) -> str:
    """A regular expression of PostgreSQL's that finds the mark; diana@example.com is not ana@example.com."""
    found = re.escape(mark)
    return rf"(?<![a-z0-9._%+-]){found}(?![a-z0-9_-]|\.[a-z0-9])" if "@" in mark else found
