"""One line of the usage log (policy P05)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Browser, Fact, Key
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import Kept, Origin, owner, personal, record, rows
from imgpilot.purposes import SECURITY


class Usage(Base):
    """That a page or a feature was used. Never an address of a page (it may hold a key) and never what was sent."""

    __tablename__ = "usage"
    __table_args__ = (
        Index("ix_usage_account_id_at", "account_id", "at"),
        rows(SECURITY, noun=_("lines in the usage log"), kept=Kept(_("90 days"), timedelta(days=90), "at")),
    )

    id: Mapped[Key]
    at: Mapped[At]
    #: Who was signed in; None for visitors.
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), info=owner())
    #: The address that the request came from; see imgpilot/visitors.py for which one is believed.
    ip: Mapped[str] = mapped_column(String(45), info=personal("user.device.ip_address", origin=Origin.OBSERVED))
    browser: Mapped[Browser]
    #: "phone", "tablet", "computer", "program" or "".
    device: Mapped[str] = mapped_column(String(20), info=personal("user.device", origin=Origin.OBSERVED))
    #: The feature, as the code names it ("generation.order"; in words: usage/words.py), and how it was asked for.
    feature: Mapped[str] = mapped_column(String(100), info=personal("user.behavior", origin=Origin.OBSERVED))
    method: Mapped[str] = mapped_column(String(10), info=record())
    status: Mapped[int] = mapped_column(info=record())
    took_ms: Mapped[int] = mapped_column(info=record())
    #: The host that a link led here from; no more of that address. "" if it was one of ours, or unknown.
    referrer: Mapped[str] = mapped_column(String(253), info=personal("user.behavior", origin=Origin.OBSERVED))
    #: Class of the error, if there was one; never its text.
    error: Mapped[Fact | None]
