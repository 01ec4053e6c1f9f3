"""The audit log's tables. Nothing personal lies here: people are keyed digests, staff are account numbers.

Database triggers refuse UPDATE, DELETE and TRUNCATE on both (see the migration); whoever goes round them is
found by `imgpilot audit verify`.
"""

from datetime import timedelta

from sqlalchemy import BigInteger, Identity, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Fact, Facts
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import Kept, record, rows
from imgpilot.purposes import ACCOUNTABILITY

SIX_YEARS = Kept(_("6 years"), timedelta(days=6 * 365), "at")


class Entry(Base):
    """One thing that was done, by whom, about whom (as a digest), with which facts."""

    __tablename__ = "audit_entry"
    __table_args__ = rows(ACCOUNTABILITY, noun=_("audit log entries"), kept=SIX_YEARS)

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, info=record())
    at: Mapped[At]
    #: "person", "system", or "staff:<number>".
    actor: Mapped[Fact]
    action: Mapped[Fact]
    #: Keyed digest of the person concerned (imgpilot.digests.of_subject), or none.
    subject: Mapped[Fact | None] = mapped_column(index=True)
    facts: Mapped[Facts]
    #: RFC 9162 leaf hash over the canonical form of everything above, the number included.
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32), info=record())


class Segment(Base):
    """A sealed run of entries: their leaves, the Merkle root over them, the root before; the head is signed.

    The same stands in an object outside the database; see compliance.audit.outside.
    """

    __tablename__ = "audit_segment"
    __table_args__ = rows(ACCOUNTABILITY, noun=_("audit log seals"), kept=SIX_YEARS)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, info=record())
    at: Mapped[At]
    first_seq: Mapped[int] = mapped_column(BigInteger, info=record())
    last_seq: Mapped[int] = mapped_column(BigInteger, info=record())
    #: The entries' seq numbers and leaf hashes, 8 + 32 bytes each, in order.
    leaves: Mapped[bytes] = mapped_column(LargeBinary, info=record())
    root: Mapped[bytes] = mapped_column(LargeBinary(32), info=record())
    #: Root of the segment before; 32 zero bytes for the first.
    previous: Mapped[bytes] = mapped_column(LargeBinary(32), info=record())
    #: Ed25519 over the RFC 8785 form of the head; see compliance.audit.sealed.
    signature: Mapped[bytes] = mapped_column(LargeBinary(64), info=record())
