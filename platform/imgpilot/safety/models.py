"""Prompts that we did not send on, and what their writers said about that."""

from datetime import timedelta

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Fact, Key, OwnerId, Prose
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import Kept, personal, record, rows
from imgpilot.purposes import SAFETY


class PromptRefusal(Base):
    """A prompt that our own rules stopped before it left. Its writer can appeal, and staff look at it then."""

    __tablename__ = "prompt_refusal"
    __table_args__ = (
        Index("ix_prompt_refusal_decided_at", "decided_at", postgresql_where=text("decided_at IS NOT NULL")),
        Index(
            "ix_prompt_refusal_waiting",
            "appealed_at",
            postgresql_where=text("appealed_at IS NOT NULL AND decided_at IS NULL"),
        ),
        rows(
            SAFETY,
            noun=_("prompts that we did not send on"),
            kept=Kept(_("12 months"), timedelta(days=365), "at"),
        ),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    at: Mapped[At]
    prompt: Mapped[Prose]
    #: Which rule: a key of safety/rules.py.
    rule: Mapped[Fact]
    appealed_at: Mapped[At | None]
    #: What the writer says about it.
    appeal: Mapped[Prose | None]
    decided_at: Mapped[At | None]
    #: "upheld" (the refusal stays) or "lifted" (this account may send this prompt).
    decision: Mapped[Fact | None]
    #: What staff answered, in the writer's language; part of their data.
    answer: Mapped[str | None] = mapped_column(info=personal("user.content.private"))
    #: The member of staff, by number.
    decided_by: Mapped[int | None] = mapped_column(info=record())
