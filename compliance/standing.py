"""What stands about a person beyond one request: restrictions, holds, statements; and who must stay erased."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Fact, Key, OwnerId, Prose
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import AtErasure, Kept, link, owner, personal, record, rows
from imgpilot.purposes import ACCOUNT_LIVES, ACCOUNTABILITY, RIGHTS


class Restriction(Base):
    """That a person's data is stored and nothing else, and why (GDPR Art. 18)."""

    __tablename__ = "restriction"
    __table_args__ = rows(RIGHTS, noun=_("restrictions of your data"), kept=ACCOUNT_LIVES)

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=link())
    #: "accuracy", "unlawful", "claims" or "objection" (Art. 18(1)(a) to (d)).
    ground: Mapped[Fact]
    since: Mapped[At]
    #: When the person was told that it will end (Art. 18(3)); it does not end before.
    announced_at: Mapped[At | None]
    lifted_at: Mapped[At | None]
    lifted_by: Mapped[Fact | None]


class Hold(Base):
    """A legal hold: these records of this person are not erased and not expired while it stands (policy P13)."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index("ix_legal_hold_active", "account_id", "lifted_at"),
        rows(
            RIGHTS,
            noun=_("legal holds"),
            kept=Kept(_("36 months after it is lifted"), timedelta(days=36 * 30), "lifted_at"),
            at_erasure=AtErasure.SCRUB,
            ground=_("GDPR 17(3)(e): proof that a hold stood and was lifted; it no longer says on whom"),
        ),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True, info=owner())
    #: Tables whose rows are held; none named means all.
    records: Mapped[list[str]] = mapped_column(ARRAY(String(100)), info=record())
    #: The demand's or proceeding's number.
    reference: Mapped[str | None] = mapped_column(String(200), info=personal("user"))
    reason: Mapped[str | None] = mapped_column(Text, info=personal("user"))
    placed_at: Mapped[At]
    placed_by: Mapped[int] = mapped_column(info=record())
    lifted_at: Mapped[At | None]
    lifted_by: Mapped[int | None] = mapped_column(info=record())


class Statement(Base):
    """What a person adds to data of theirs that we did not change: a dispute or a completion (GDPR Art. 16)."""

    __tablename__ = "statement"
    __table_args__ = rows(RIGHTS, noun=_("statements you added to your data"), kept=ACCOUNT_LIVES)

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=link())
    about: Mapped[Fact]
    text: Mapped[Prose]
    at: Mapped[At]


class Tombstone(Base):
    """That somebody was erased, as keyed digests: replayed after a backup is restored, it erases them again."""

    __tablename__ = "tombstone"
    __table_args__ = rows(
        ACCOUNTABILITY,
        noun=_("marks of erased accounts"),
        kept=Kept(_("6 years: longer than any backup"), timedelta(days=6 * 365), "at"),
    )

    id: Mapped[Key]
    #: imgpilot.digests.of_subject of the account's id. Tells nothing to who has not the key and the id.
    subject: Mapped[str] = mapped_column(String(64), unique=True, info=record())
    request_id: Mapped[UUID] = mapped_column(info=record())
    case: Mapped[Fact]
    at: Mapped[At]
    #: What was kept then, and why: {table: {"ground": code, "until": day}} as JSON text; "{}" if nothing.
    kept: Mapped[str] = mapped_column(Text, default="{}", info=record())
    replayed_at: Mapped[At | None]


class Suppression(Base):
    """A choice of somebody without an account, known by a keyed digest of the address alone (11 CCR 7022)."""

    __tablename__ = "suppression"
    __table_args__ = (
        Index("uq_suppression_once", "digest", "what", unique=True),
        rows(
            RIGHTS,
            noun=_("choices of people without an account"),
            kept=Kept(_("for as long as the choice stands")),
        ),
    )

    id: Mapped[Key]
    #: imgpilot.digests.of_address.
    digest: Mapped[Fact]
    what: Mapped[Fact]
    at: Mapped[At]
