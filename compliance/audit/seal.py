"""Seals the audit log: a run of entries under one signed root, in the database and in a copy outside it.

One transaction first sees to the outside copy of the newest seal, then adds the next seal. So at most the newest
seal has no copy after a crash, and while the object store is away nothing more is sealed.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.audit import numbering, outside, segments
from compliance.audit.leaf import written
from compliance.audit.merkle import root_of
from compliance.audit.models import Entry
from compliance.audit.sealed import NO_ROOT, Seal, from_json, pack
from compliance.errors import AuditBroken
from imgpilot.parts import Parts

#: Entries under one seal at most: what sealing and proving hold in memory, and the size of an outside copy.
LARGEST = 10_000
LOOK = "its copy outside the database says otherwise; run imgpilot audit verify."


def seal(parts: Parts, now: datetime) -> int:
    """Seal every entry that is settled; returns how many. 0 if another process is sealing.

    Raises StorageError if the copy outside could not be written (the next call writes it), and AuditBroken if the
    copy outside is not the newest seal: then somebody rewrote the log, and nothing is built on top of that.
    """
    count = 0
    while True:
        with parts.sessions() as session:
            session.connection(execution_options={"isolation_level": "READ COMMITTED"})
            if not numbering.seals_alone(session):
                return count
            newest = segments.newest(session)
            if newest is not None:
                _copy_outside(parts, newest)
            following = _next(session, newest, now)
            if following is None:
                return count
            if outside.read(parts.storage, following.number) is not None:
                raise AuditBroken(f"Seal {following.number} was removed: {LOOK}")
            segments.add(session, following.signed(parts.settings.signing))
            session.commit()
            count += following.count


def _copy_outside(parts: Parts, newest: Seal) -> None:
    """Check the newest seal, which the next will build on, and its copy; write the copy if there is none."""
    copy = outside.read(parts.storage, newest.number)
    if copy is not None and from_json(copy) != newest:
        raise AuditBroken(f"Seal {newest.number} was changed: {LOOK}")
    if not newest.holds(parts.settings.signing.public_key(), newest.number, newest.previous):
        raise AuditBroken(f"Seal {newest.number} is not one of ours; run imgpilot audit verify.")
    if copy is None:
        outside.write(parts.storage, newest)


def _next(session: Session, newest: Seal | None, now: datetime) -> Seal | None:
    below = numbering.settled_below(session)
    last = newest.last if newest else -1
    lines = session.execute(
        select(Entry.seq, Entry.leaf).where(Entry.seq > last, Entry.seq < below).order_by(Entry.seq).limit(LARGEST)
    ).all()
    if not lines:
        return None
    return Seal(
        number=newest.number + 1 if newest else 1,
        at=written(now),
        first=lines[0].seq,
        last=lines[-1].seq,
        leaves=pack((line.seq, line.leaf) for line in lines),
        root=root_of(line.leaf for line in lines),
        previous=newest.root if newest else NO_ROOT,
    )
