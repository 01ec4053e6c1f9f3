"""Reads the entries as they lie in the table, and compares them with what was sealed."""

from collections.abc import Callable, Generator
from contextlib import closing

from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.orm import Session

from compliance.audit import broken
from compliance.audit.broken import Found
from compliance.audit.leaf import without_era, written_by_database
from compliance.audit.models import Entry
from compliance.audit.sealed import Seal

#: Rows fetched at once: memory stays flat however long the log is.
BATCH = 1_000

_FOUND = select(
    Entry.seq,
    written_by_database(Entry.at).label("at"),
    Entry.actor,
    Entry.action,
    Entry.subject,
    cast(Entry.facts, Text).label("facts"),
    Entry.leaf,
)


def compare(session: Session, after: int | None, seal: Seal) -> None:
    """Lay the entries from `after` to the seal's last beside its leaves; AuditBroken at the first difference."""
    sealed = seal.lines()
    expected = next(sealed, None)
    with closing(_found(session, after, seal.last)) as entries:
        for entry in entries:
            if expected is not None and expected[0] < entry.seq:
                break
            if expected is None or entry.seq < expected[0]:
                raise broken.inserted(entry)
            if entry.leaf != expected[1] or not entry.is_whole():
                raise broken.changed(entry)
            expected = next(sealed, None)
    if expected is not None:
        raise broken.removed(expected[0])


def count_whole(session: Session, after: int | None, seen: Callable[[int], object]) -> int:
    """Count the entries that no seal covers yet; each must at least be what it says itself."""
    count = 0
    with closing(_found(session, after)) as entries:
        for count, entry in enumerate(entries, 1):
            if not entry.is_whole():
                raise broken.changed(entry)
            if count % BATCH == 0:
                seen(BATCH)
    return count


def _found(session: Session, after: int | None, last: int | None = None) -> Generator[Found, None, None]:
    """Entries in order, by a cursor on the server, which is closed with the generator."""
    where: list[ColumnElement[bool]] = []
    if after is not None:
        where.append(Entry.seq > after)
    if last is not None:
        where.append(Entry.seq <= last)
    with session.execute(_FOUND.where(*where).order_by(Entry.seq).execution_options(yield_per=BATCH)) as rows:
        for seq, at, actor, action, subject, facts, leaf in rows:
            yield Found(seq, without_era(at), actor, action, subject, facts, leaf)
