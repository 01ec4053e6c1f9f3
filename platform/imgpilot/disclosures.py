"""The disclosure log: every time something left the house, to whom, why and how much. Never what."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Count, Fact, Key
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import AtErasure, Kept, owner, record, rows
from imgpilot.purposes import ACCOUNTABILITY


class Disclosure(Base):
    """One thing that left: written before it leaves, completed when the answer is in."""

    __tablename__ = "disclosure"
    __table_args__ = (
        Index("ix_disclosure_account_id_at", "account_id", "at"),
        rows(
            ACCOUNTABILITY,
            noun=_("lines in your disclosure log"),
            kept=Kept(_("3 years"), timedelta(days=3 * 365), "at"),
            at_erasure=AtErasure.SCRUB,
            ground=_("GDPR 5(2): the log must show what was sent to whom; after erasure it no longer says about whom"),
        ),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True, info=owner())
    processor: Mapped[Fact]
    purpose: Mapped[Fact]
    categories: Mapped[list[str]] = mapped_column(ARRAY(String(100)), info=record())
    at: Mapped[At]
    #: HTTP or SMTP status; none while under way, or if no answer came.
    status: Mapped[int | None] = mapped_column(info=record())
    bytes_out: Mapped[Count] = mapped_column(default=0)
    bytes_in: Mapped[Count] = mapped_column(default=0)
    latency_ms: Mapped[int | None] = mapped_column(info=record())
    #: Keyed digest of what was sent: proves what it was to who has it, tells nothing to who has not.
    digest: Mapped[Fact | None]
    #: Class of the failure, if it failed; never its text.
    failure: Mapped[Fact | None]
