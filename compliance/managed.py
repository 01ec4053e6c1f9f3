"""What staff manage: the texts of letters, the numbers of regimes, the agents we know. Versioned; nothing personal."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Fact, Facts, Flag, Key
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import Kept, link, record, rows, secret
from imgpilot.purposes import CONFIGURATION, RIGHTS


class LetterTemplate(Base):
    """A letter's text as staff changed it. The newest of a kind and language counts; none means ours."""

    __tablename__ = "letter_template"
    __table_args__ = (
        Index("ix_letter_template_newest", "kind", "language", "at"),
        rows(RIGHTS, noun=_("texts of letters"), kept=CONFIGURATION),
    )

    id: Mapped[Key]
    kind: Mapped[Fact]
    language: Mapped[Fact]
    subject: Mapped[str] = mapped_column(String(300), info=record())
    body: Mapped[str] = mapped_column(Text, info=record())
    at: Mapped[At]
    by: Mapped[int] = mapped_column(info=record())


class RegimeChange(Base):
    """The numbers of a regime as staff changed them. The newest that a second officer approved counts.

    A proposal that was withdrawn or declined is followed by a row whose author and approver are the same: it says why,
    and repeats the numbers that count, so nothing changes. See compliance.regime_changes.
    """

    __tablename__ = "regime_change"
    __table_args__ = (
        Index("ix_regime_change_newest", "regime", "at"),
        rows(RIGHTS, noun=_("changes to deadlines"), kept=CONFIGURATION),
    )

    id: Mapped[Key]
    regime: Mapped[Fact]
    changes: Mapped[Facts]
    reason: Mapped[str] = mapped_column(Text, info=record())
    at: Mapped[At]
    by: Mapped[int] = mapped_column(info=record())
    approved_at: Mapped[At | None]
    approved_by: Mapped[int | None] = mapped_column(info=record())


class AuthorisedAgent(Base):
    """An organisation that makes requests for people (11 CCR 7063; Data Rights Protocol)."""

    __tablename__ = "authorised_agent"
    __table_args__ = rows(RIGHTS, noun=_("authorised agents"), kept=CONFIGURATION)

    id: Mapped[Key]
    name: Mapped[Fact]
    #: What the agent calls itself in the protocol.
    agent_key: Mapped[str] = mapped_column(String(200), unique=True, info=record())
    #: Ed25519, 32 bytes, base64; none for an agent that only writes letters.
    verify_key: Mapped[Fact | None]
    #: Keyed digest of the bearer token.
    token_digest: Mapped[str | None] = mapped_column(
        String(64), unique=True, info=secret(_("It is a key: whoever has it could ask in the agent's name."))
    )
    active: Mapped[Flag] = mapped_column(default=True)
    added_at: Mapped[At]
    added_by: Mapped[int | None] = mapped_column(info=record())


class AgentMessage(Base):
    """A signed message of an agent's system that was acted on: the same one again is not acted on twice."""

    __tablename__ = "agent_message"
    __table_args__ = (
        Index("uq_agent_message_once", "agent_id", "fingerprint", unique=True),
        rows(
            RIGHTS,
            noun=_("messages of agents"),
            kept=Kept(_("30 days"), timedelta(days=30), "at"),
        ),
    )

    id: Mapped[Key]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorised_agent.id"), info=link())
    #: SHA-256 of what was signed, keyed: it tells nothing to who has not the message.
    fingerprint: Mapped[Fact]
    at: Mapped[At]
    #: The agent's own number for it, and what was answered where it opened no request.
    reference: Mapped[Fact | None]
    answer: Mapped[Facts | None]
