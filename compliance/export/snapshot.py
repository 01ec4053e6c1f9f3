"""One unchanging view of the database for a whole package, read a batch at a time."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, DateTime, Engine, Select, Table, text

from compliance import inventory, reach
from compliance.reach import Person

#: Rows in memory at once, and between two signs of life.
BATCH = 500
#: Times by which rows are newer or older than others, the most telling first.
_TIMES = ("at", "created_at", "received_at", "made_at", "finished_at")

Row = dict[str, Any]
#: Columns of one table, at least one.
Columns = Sequence[Column[Any]]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection on which every question is answered as of the same moment, and nothing can be written."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # Between two batches large pictures may stream for minutes; that is work, not a forgotten transaction.
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '1h'"))
        yield connection
        connection.rollback()


def rows(
    connection: Connection,
    columns: Columns,
    person: Person,
    beat: Callable[[], None] | None = None,
) -> Generator[list[Row], None, None]:
    """These columns of all of her rows of a table, in the order of their key, in batches from a server-side cursor.

    Close it if you stop early.
    """
    with connection.execute(
        _her(columns, person), execution_options={"stream_results": True, "yield_per": BATCH}
    ) as streamed:
        for batch in streamed.mappings().partitions():
            yield [dict(row) for row in batch]
            if beat is not None:
                beat()


def newest(connection: Connection, columns: Columns, person: Person, limit: int) -> list[Row]:
    """These columns of her newest rows of a table, the newest first."""
    query, table = _her(columns, person), columns[0].table
    by = time_column(table)
    keys = list(table.primary_key.columns)
    order = [table.c[by].desc().nulls_last(), *keys] if by else [key.desc() for key in keys]
    found = connection.execute(query.order_by(None).order_by(*order).limit(limit))
    return [dict(row) for row in found.mappings()]


def _her(columns: Columns, person: Person) -> Select[Any]:
    query: Select[Any] = reach.her_rows(columns[0].table, person)
    return query.with_only_columns(*columns)


def time_column(table: Table) -> str | None:
    """The time that says how new a row is."""
    times = [column.name for column in inventory.shown(table) if isinstance(column.type, DateTime)]
    return next((name for name in _TIMES if name in times), times[0] if times else None)
