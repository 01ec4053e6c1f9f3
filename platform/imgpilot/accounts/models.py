"""What we keep about an account and how its owner gets in (policy P01)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Browser, Digest, Fact, Flag, Key, OwnerId, Preference
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import Kept, link, personal, rows
from imgpilot.purposes import ACCOUNT, ACCOUNT_LIVES, GENERATION, RIGHTS, SIGN_IN


class Account(Base):
    """A person with an account. The e-mail address is all we ask for."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        rows(ACCOUNT, noun=_("your account"), kept=ACCOUNT_LIVES, subject="customer"),
    )

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(unique=True, info=personal("user.contact.email", identity=True))
    language: Mapped[Preference] = mapped_column(default="en")
    theme: Mapped[Preference] = mapped_column(default="system")
    created_at: Mapped[At]
    #: Set while a deletion is being carried out: nobody signs in and nothing new is made.
    frozen_at: Mapped[At | None]
    #: Set while a decided deletion can still be taken back: its owner signs in, but nothing new is made.
    closing_at: Mapped[At | None]
    #: Set while the data is restricted (GDPR Art. 18): it is stored, and nothing else is done with it.
    restricted_at: Mapped[At | None]
    #: Set while a legal hold stands on any of it: nothing of it expires.
    held_at: Mapped[At | None]


class SignInLink(Base):
    """A magic link that was mailed. The link itself is not kept, only a digest of it."""

    __tablename__ = "sign_in_link"
    __table_args__ = rows(
        SIGN_IN,
        noun=_("sign-in links"),
        kept=Kept(_("24 hours after it expired"), timedelta(hours=24), "expires_at"),
    )

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(index=True, info=personal("user.contact.email", identity=True))
    digest: Mapped[Digest]
    created_at: Mapped[At]
    expires_at: Mapped[At]
    used_at: Mapped[At | None]
    #: The disclosure that mailing it was; the account's once the link made one.
    disclosure_id: Mapped[UUID | None] = mapped_column(ForeignKey("disclosure.id"), index=True, info=link())


class SignIn(Base):
    """One browser that is or was signed in."""

    __tablename__ = "sign_in"
    __table_args__ = rows(
        SIGN_IN,
        noun=_("sign-ins"),
        kept=Kept(_("12 months after the last use"), timedelta(days=365), "seen_at"),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    digest: Mapped[Digest]
    browser: Mapped[Browser]
    created_at: Mapped[At]
    seen_at: Mapped[At]
    ended_at: Mapped[At | None]
    #: When whoever uses this browser last proved to be the person: at sign-in, and again before dangerous acts.
    proved_at: Mapped[At | None]


class Acknowledgement(Base):
    """That a person was told something and said yes to it, under which version of the policy (P10)."""

    __tablename__ = "acknowledgement"
    __table_args__ = (
        Index("uq_acknowledgement_once", "account_id", "what", "policy_version", unique=True),
        rows(GENERATION, noun=_("acknowledgements"), kept=ACCOUNT_LIVES),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    what: Mapped[Fact]
    policy_version: Mapped[Fact]
    at: Mapped[At]


class Choice(Base):
    """A consent given or withdrawn, an objection, an opt-out. The newest of a kind counts; the rest are its proof."""

    __tablename__ = "choice"
    __table_args__ = (
        Index("ix_choice_newest", "account_id", "what", "at"),
        rows(RIGHTS, noun=_("choices you made about your data"), kept=ACCOUNT_LIVES),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    what: Mapped[Fact]
    #: Whether the processing that is meant may happen.
    allowed: Mapped[Flag]
    policy_version: Mapped[Fact]
    at: Mapped[At]
    #: Where it was said: "centre", "request", "browser" (Global Privacy Control) or "officer".
    via: Mapped[Fact]
