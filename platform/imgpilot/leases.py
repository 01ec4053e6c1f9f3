"""Work as rows: a state, a lease and an attempt count. The broker only wakes workers; nothing is lost with it.

A worker takes a row for a while (`take`), works, and finishes it in one transaction that checks the lease is
still its own (`mine`). When the lease of a worker that died runs out the row is due again. Where the work is long the
lease is short and renewed while it lasts (`renewed`), so that a death shows soon.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from imgpilot.columns import At, Key
from imgpilot.db import Sessions
from imgpilot.errors import ImgPilotError
from imgpilot.privacy import record

#: How long a lease lasts that is renewed, and how often that is done. Several may be missed before it runs out.
BRIEF, EVERY = timedelta(seconds=45), timedelta(seconds=10)

log = logging.getLogger(__name__)


class LeaseLost(ImgPilotError):
    """Somebody else works on this row now; what was done here must not be written."""


class Leased:
    """Columns of a row that is worked on. The class says which states are still to do in `TO_DO`."""

    TO_DO: tuple[str, ...] = ()

    id: Mapped[Key]
    state: Mapped[str] = mapped_column(index=True, info=record())
    lease: Mapped[UUID | None] = mapped_column(info=record())
    lease_until: Mapped[At | None]
    attempts: Mapped[int] = mapped_column(default=0, info=record())
    not_before: Mapped[At | None]


Work = TypeVar("Work", bound=Leased)


def _free(kind: type[Work], now: datetime) -> list[object]:
    return [
        kind.state.in_(kind.TO_DO),
        or_(kind.lease_until.is_(None), kind.lease_until < now),
        or_(kind.not_before.is_(None), kind.not_before <= now),
    ]


def due(session: Session, kind: type[Work], now: datetime, limit: int = 100, *also: ColumnElement[bool]) -> list[UUID]:
    """Ids of rows that nobody works on, whose time has come and for which `also` holds, longest waiting first."""
    return list(
        session.scalars(
            select(kind.id)
            .where(*_free(kind, now), *also)  # type: ignore[arg-type]
            .order_by(kind.not_before.nulls_first(), kind.id)
            .limit(limit)
        )
    )


def take(session: Session, kind: type[Work], id_: UUID, now: datetime, span: timedelta) -> Work | None:
    """Take the row for `span`, if it is free and to do; else None. Commit before working."""
    row = session.scalar(
        select(kind)
        .where(kind.id == id_, *_free(kind, now))  # type: ignore[arg-type]
        .with_for_update(skip_locked=True, of=kind)
    )
    if row is not None:
        row.lease, row.lease_until, row.attempts = uuid4(), now + span, row.attempts + 1
    return row


def mine(session: Session, kind: type[Work], id_: UUID, lease: UUID | None) -> Work:
    """The row, locked, if the lease is still ours. Raises LeaseLost."""
    row = session.scalar(
        select(kind).where(kind.id == id_).with_for_update(of=kind).execution_options(populate_existing=True)
    )
    if row is None or lease is None or row.lease != lease:
        raise LeaseLost("the row was taken over or is gone")
    return row


@contextmanager
def renewed(
    sessions: Sessions, kind: type[Work], id_: UUID, lease: UUID, clock: Callable[[], datetime], last: datetime
) -> Iterator[None]:
    """While the block runs its lease is renewed, until `last` at most: who hangs is found out like who died.

    A database that does not answer is asked again the next time. A lease that was lost or given back stays so.
    """
    enough = threading.Event()

    def renew() -> None:
        while not enough.wait(EVERY.total_seconds()):
            until = min(clock() + BRIEF, last)
            try:
                with sessions.begin() as session:
                    held = (kind.id == id_, kind.lease == lease)
                    session.execute(update(kind).where(*held).values(lease_until=until))
            except SQLAlchemyError as error:
                log.warning("a lease was not renewed: %s", type(error).__name__)

    thread = threading.Thread(target=renew, name="renews a lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def let_go(row: Leased, *, not_before: datetime | None = None) -> None:
    """Give the row back: it is free from `not_before` on."""
    row.lease = row.lease_until = None
    row.not_before = not_before
