"""What the JSON interface remembers: calls that must not count twice, and where people want to be told."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Fact, Key, OwnerId
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.leases import Leased
from imgpilot.privacy import Kept, link, owner, personal, record, rows
from imgpilot.purposes import ACCOUNT_LIVES, PROGRAMS


class IdempotentCall(Base):
    """A call with an Idempotency-Key that was carried out: the same key gets the same answer for a day."""

    __tablename__ = "idempotent_call"
    __table_args__ = (
        Index("uq_idempotent_call_key", "account_id", "key", unique=True),
        rows(PROGRAMS, noun=_("calls of your programs"), kept=Kept(_("24 hours"), timedelta(hours=24), "at")),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    key: Mapped[str] = mapped_column(String(255), info=personal("user.unique_id.pseudonymous"))
    #: Digest of method, path and body: the same key for something else is a mistake.
    digest: Mapped[Fact]
    at: Mapped[At]
    #: None while it is being carried out.
    status: Mapped[int | None] = mapped_column(info=record())
    #: What was made, for the answer to be built again: its id.
    made: Mapped[Fact | None]


class WebhookEndpoint(Base):
    """An address of a person's own program that is told when pictures are finished (Standard Webhooks)."""

    __tablename__ = "webhook_endpoint"
    __table_args__ = rows(PROGRAMS, noun=_("webhooks of your programs"), kept=ACCOUNT_LIVES)

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    url: Mapped[str] = mapped_column(String(2000), info=personal("user.account.settings"))
    #: Counts up when the person asks for a new key. The key itself is worked out from ours (api/webhooks.py), not kept.
    key_version: Mapped[int] = mapped_column(default=1, info=record())
    events: Mapped[list[str]] = mapped_column(ARRAY(String(60)), info=record())
    created_at: Mapped[At]
    #: Set when it did not answer for too long; the person can switch it on again.
    stopped_at: Mapped[At | None]


class WebhookDelivery(Leased, Base):
    """One message to one endpoint: states "waiting", "delivered", "failed"."""

    __tablename__ = "webhook_delivery"
    __table_args__ = rows(
        PROGRAMS,
        noun=_("messages to your programs"),
        kept=Kept(_("30 days"), timedelta(days=30), "created_at"),
    )
    TO_DO = ("waiting",)

    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoint.id"), index=True, info=owner())
    #: What it is about: the order. The message is built when it is sent and holds what is true then.
    generation_id: Mapped[UUID | None] = mapped_column(ForeignKey("generation.id"), index=True, info=link())
    event: Mapped[Fact]
    created_at: Mapped[At]
    #: The status of the last answer; None if none came.
    status: Mapped[int | None] = mapped_column(info=record())
    delivered_at: Mapped[At | None]
