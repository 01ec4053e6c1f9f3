"""Filters of the queue that staff save under a name, for themselves or for the team; and the columns each one keeps.

The columns somebody keeps are a row too, under the name "": so they are the same wherever that person signs in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl
from uuid import UUID

from sqlalchemy import or_, select
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
    session.add(made)
    return made


def change(session: Session, staff: int, filter_id: UUID, name: str, *, shared: bool) -> SavedFilter:
    """Rename one of one's own filters, and say whether the team sees it. Raises MoveRefused."""
    own = list(session.scalars(select(SavedFilter).where(SavedFilter.staff == staff)))
    row = _own(own, filter_id)
    row.name, row.shared = _checked(name, [other for other in own if other is not row]), shared
    return row


def remove(session: Session, staff: int, filter_id: UUID) -> str:
    """Delete one of one's own filters; its name. Raises MoveRefused."""
    row = _own(list(session.scalars(select(SavedFilter).where(SavedFilter.staff == staff))), filter_id)
    session.delete(row)
    return row.name


def keep_columns(session: Session, staff: int, columns: Sequence[str]) -> None:
    """Show this member of staff these columns from now on; none: the usual ones."""
    row = session.scalar(select(SavedFilter).where(SavedFilter.staff == staff, SavedFilter.name == ""))
    if row is None:
        row = SavedFilter(staff=staff, name="", query="", shared=False)
        session.add(row)
    row.query = Asked(columns=tuple(columns)).query


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
        raise MoveRefused(_("You have a filter of that name already."))
    return said


def _short(asked: Asked) -> str:
    if len(asked.query) > 1000:
        raise MoveRefused(_("That is more than a saved filter can hold. Take some of it away."))
    return asked.query
