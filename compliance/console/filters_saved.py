"""Filters of the queue that staff save under a name, for themselves or for the team; and the columns each one keeps.

The columns somebody keeps are a row too, under the name "": so they are the same wherever that person signs in.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from compliance.console import queue_filters
from compliance.console.queue_filters import Asked
from compliance.errors import MoveRefused
from compliance.requests.casework import SavedFilter
from imgpilot.language import marked as _

#: A list that is longer is no help; and no member of staff can fill the table.
MOST = 50
LONGEST_NAME = 60
TAKEN = _("You have a filter of that name already.")


@dataclass(frozen=True)
class Saved:
    """What somebody sees: the filters of their own and the team's, by name, and the columns they keep, if any."""

    filters: list[SavedFilter]
    columns: tuple[str, ...]

    def named(self, asked: Asked) -> SavedFilter | None:
        """The filter that is this very queue, if one is."""
        return next((one for one in self.filters if one.query == asked.query), None)


def seen_by(session: Session, staff: int) -> Saved:
    """What this member of staff sees, in one query."""
    rows = list(session.scalars(select(SavedFilter).where(or_(SavedFilter.staff == staff, SavedFilter.shared))))
    kept = next((row.query for row in rows if row.staff == staff and row.name == ""), "")
    columns = queue_filters.read(MultiDict(parse_qsl(kept))).columns
    return Saved(sorted((row for row in rows if row.name), key=lambda row: row.name.casefold()), columns)


def add(session: Session, staff: int, name: str, asked: Asked, *, shared: bool) -> SavedFilter:
    """Save this queue under a name. Raises MoveRefused for a name that is taken, empty or too long."""
    own = list(session.scalars(select(SavedFilter).where(SavedFilter.staff == staff)))
    if len(own) > MOST:
        raise MoveRefused(_("You have %(number)s saved filters. Delete one first."), number=MOST)
    made = SavedFilter(staff=staff, name=_checked(name, own), query=_short(asked), shared=shared)
    with _taken(session):
        session.add(made)
    return made


def change(session: Session, staff: int, filter_id: UUID, name: str, *, shared: bool) -> SavedFilter:
    """Rename one of one's own filters, and say whether the team sees it. Raises MoveRefused."""
    own = list(session.scalars(select(SavedFilter).where(SavedFilter.staff == staff)))
    row = _own(own, filter_id)
    called = _checked(name, [other for other in own if other is not row])
    with _taken(session):
        row.name, row.shared = called, shared
    return row


def remove(session: Session, staff: int, filter_id: UUID) -> str:
    """Delete one of one's own filters; its name. Raises MoveRefused."""
    row = _own(list(session.scalars(select(SavedFilter).where(SavedFilter.staff == staff))), filter_id)
    session.delete(row)
    return row.name


def keep_columns(session: Session, staff: int, columns: Sequence[str]) -> None:
    """Show this member of staff these columns from now on; none: the usual ones."""
    query = Asked(columns=tuple(columns)).query
    kept = insert(SavedFilter).values(id=uuid4(), staff=staff, name="", query=query, shared=False)
    one_each = [SavedFilter.staff, SavedFilter.name]
    session.execute(kept.on_conflict_do_update(index_elements=one_each, set_={"query": query}))


def _own(rows: list[SavedFilter], filter_id: UUID) -> SavedFilter:
    row = next((row for row in rows if row.id == filter_id and row.name), None)
    if row is None:
        raise MoveRefused(_("You have no such filter."))
    return row


def _checked(name: str, others: list[SavedFilter]) -> str:
    said = " ".join(name.split())
    if not said:
        raise MoveRefused(_("Give the filter a name."))
    if len(said) > LONGEST_NAME:
        raise MoveRefused(_("A name has %(number)s letters at most."), number=LONGEST_NAME)
    if any(other.name == said for other in others):
        raise MoveRefused(TAKEN)
    return said


@contextmanager
def _taken(session: Session) -> Iterator[None]:
    """What is written in the block is written at once. Raises MoveRefused if another one got the name just before."""
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError:
        raise MoveRefused(TAKEN) from None


def _short(asked: Asked) -> str:
    if len(asked.query) > 1000:
        raise MoveRefused(_("That is more than a saved filter can hold. Take some of it away."))
    return asked.query
