"""The credit ledger: entries are only ever added; the balance is their sum."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Fact, Key, OwnerId
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import link, record, rows
from imgpilot.purposes import ACCOUNT_LIVES, CREDITS


class Kind(StrEnum):
    """What an entry does. A hold is taken before the work, then captured (kept) or released (given back)."""

    GRANT = "grant"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"


class CreditEntry(Base):
    """One line of the ledger."""

    __tablename__ = "credit_entry"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'grant' AND amount > 0) OR (kind = 'hold' AND amount < 0)"
            " OR (kind = 'capture' AND amount = 0) OR (kind = 'release' AND amount > 0)",
            name="sign_fits_kind",
        ),
        Index("uq_credit_entry_once", "image_id", "kind", unique=True),
        # An image's hold is settled once: captured or released, never both.
        Index(
            "uq_credit_entry_settled",
            "image_id",
            unique=True,
            postgresql_where=text("kind IN ('capture', 'release')"),
        ),
        rows(CREDITS, noun=_("lines in your credit ledger"), kept=ACCOUNT_LIVES),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    kind: Mapped[Fact]
    amount: Mapped[int] = mapped_column(info=record())
    #: The picture it pays for; the index above serves look-ups.
    image_id: Mapped[UUID | None] = mapped_column(ForeignKey("image.id"), info=link())
    why: Mapped[Fact]
    at: Mapped[At]
