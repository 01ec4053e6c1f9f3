"""Pages that people published, what is left of those they took back, and reports about them (policy P11)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Fact, Flag, Key, ObjectKey, OwnerId
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import Kept, dependent, link, personal, record, rows
from imgpilot.purposes import SAFETY, SHARING


class Share(Base):
    """A page that anybody with its address can open. Taking it back deletes the row; see GoneShare."""

    __tablename__ = "share"
    __table_args__ = rows(
        SHARING, noun=_("public pages of your pictures"), kept=Kept(_("until you take it back, or the picture goes"))
    )

    #: 128 random bits, as they stand in the address: 22 letters and digits. It is no key of anything else.
    id: Mapped[str] = mapped_column(String(22), primary_key=True, info=personal("user.content.public"))
    account_id: Mapped[OwnerId]
    #: One page a picture; it goes with the picture.
    image_id: Mapped[UUID] = mapped_column(ForeignKey("image.id"), unique=True, info=dependent())
    show_prompt: Mapped[Flag]
    #: Whether search engines are invited; the default asks them to stay away.
    listed: Mapped[Flag]
    #: The 1200 × 630 card for link previews.
    card_key: Mapped[ObjectKey | None]
    #: The picture as the page shows it: at most 1280 pixels a side, WebP.
    shown_key: Mapped[ObjectKey | None]
    published_at: Mapped[At]
    changed_at: Mapped[At]


class GoneShare(Base):
    """That there was a page at an address: it answers 410 for good. Written by a trigger when a share is deleted."""

    __tablename__ = "share_gone"
    __table_args__ = (
        Index("ix_share_gone_waiting", "at", postgresql_where=text("purged_at IS NULL")),
        rows(
            SHARING,
            noun=_("addresses of pages that were taken back"),
            kept=Kept(_("for good: it names no person and no picture")),
        ),
    )

    #: SHA-256 of the page's id, in hex.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True, info=record())
    at: Mapped[At]
    #: When the delivery network was told to forget it; until then it is told again.
    purged_at: Mapped[At | None]


class ShareReport(Base):
    """Somebody says that a public picture should not be there."""

    __tablename__ = "share_report"
    __table_args__ = (
        # Addresses are compared without regard to case.
        Index("ix_share_report_lower_contact", func.lower(text("contact"))),
        Index("ix_share_report_waiting", "at", postgresql_where=text("decided_at IS NULL")),
        rows(
            SAFETY,
            noun=_("reports about public pictures"),
            kept=Kept(_("90 days after the decision"), timedelta(days=90), "decided_at"),
        ),
    )

    id: Mapped[Key]
    at: Mapped[At]
    #: The page, while it is there.
    share_id: Mapped[str | None] = mapped_column(ForeignKey("share.id"), index=True, info=link())
    #: A key of sharing/reports.py.
    reason: Mapped[Fact]
    #: What the reporter wrote, and where they can be answered, if they want that.
    details: Mapped[str] = mapped_column(info=personal("user.content.private"))
    contact: Mapped[str | None] = mapped_column(info=personal("user.contact.email", identity=True))
    language: Mapped[Fact]
    decided_at: Mapped[At | None]
    #: "left" or "taken down".
    decision: Mapped[Fact | None]
    decided_by: Mapped[int | None] = mapped_column(info=record())
