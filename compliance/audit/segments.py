"""Seals as rows of audit_segment."""

from typing import TypeAlias

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from compliance.audit.leaf import read_written, without_era, written_by_database
from compliance.audit.models import Segment
from compliance.audit.sealed import Seal

_Wanted: TypeAlias = Select[int, str, int, int, bytes, bytes, bytes, bytes]

_SEAL: _Wanted = select(
    Segment.number,
    written_by_database(Segment.at).label("at"),
    Segment.first_seq,
    Segment.last_seq,
    Segment.leaves,
    Segment.root,
    Segment.previous,
    Segment.signature,
)


def newest(session: Session) -> Seal | None:
    """The seal with the highest number."""
    return _one(session, _SEAL.order_by(Segment.number.desc()))


def numbered(session: Session, number: int) -> Seal | None:
    """The seal with this number."""
    return _one(session, _SEAL.where(Segment.number == number))


def any_after(session: Session, number: int) -> bool:
    """Whether there is a seal with a higher number."""
    return bool(session.scalar(select(exists().where(Segment.number > number))))


def count_to(session: Session, number: int) -> int:
    """How many seals have this number or a lower one."""
    return session.scalar(select(func.count()).where(Segment.number <= number)) or 0


def add(session: Session, seal: Seal) -> None:
    """Store a new seal."""
    session.add(
        Segment(
            number=seal.number,
            at=read_written(seal.at),
            first_seq=seal.first,
            last_seq=seal.last,
            leaves=seal.leaves,
            root=seal.root,
            previous=seal.previous,
            signature=seal.signature,
        )
    )


def _one(session: Session, wanted: _Wanted) -> Seal | None:
    row = session.execute(wanted.limit(1)).one_or_none()
    if row is None:
        return None
    number, at, first, last, leaves, root, previous, signature = row
    return Seal(number, without_era(at), first, last, leaves, root, previous, signature)
