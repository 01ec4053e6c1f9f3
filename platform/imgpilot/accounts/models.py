"""What we keep about an account and how its owner gets in (policy P01)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Browser, Digest, Email, Fact, Flag, Key, ObjectKey, OwnerId, Preference
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import Kept, link, personal, record, rows, secret
from imgpilot.purposes import ACCOUNT, ACCOUNT_LIVES, GENERATION, PROGRAMS, RIGHTS, SIGN_IN


class Account(Base):
    """A person with an account. The e-mail address is all we ask for; a name and a picture are theirs to give."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        rows(ACCOUNT, noun=_("your account"), kept=ACCOUNT_LIVES, subject="customer"),
    )

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(unique=True, info=personal("user.contact.email", identity=True))
    language: Mapped[Preference] = mapped_column(default="en")
    theme: Mapped[Preference] = mapped_column(default="system")
    #: An IANA zone; "" until the person chooses one: then times are shown in UTC.
    timezone: Mapped[Preference] = mapped_column(default="")
    #: What they want to be called; from Google or typed. None: nothing.
    name: Mapped[str | None] = mapped_column(String(200), info=personal("user.name"))
    #: Their own picture, in our store, so that no page loads it from elsewhere.
    picture_key: Mapped[ObjectKey | None]
    #: "Old enough on this day by the rule of this country": all that is kept of the birth date (policy P19). None for
    #: an account from before the question was asked.
    old_enough_on: Mapped[At | None]
    old_enough_in: Mapped[str | None] = mapped_column(String(2), info=personal("user.contact.address.country"))
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
    __table_args__ = (
        # Addresses are compared without regard to case.
        Index("ix_sign_in_link_lower_email", func.lower(text("email"))),
        rows(
            SIGN_IN,
            noun=_("sign-in links"),
            kept=Kept(_("24 hours after it expired"), timedelta(hours=24), "expires_at"),
        ),
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


class Identity(Base):
    """That somebody with this account at another company is this person: so far Google (policy P01).

    No token of that company is kept: the sign-in needs it for a moment only.
    """

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("provider", "subject", name="uq_identity_subject"),
        UniqueConstraint("account_id", "provider", name="uq_identity_one_each"),
        rows(SIGN_IN, noun=_("accounts elsewhere that you sign in with"), kept=ACCOUNT_LIVES),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    #: "google".
    provider: Mapped[Fact]
    #: How the company names the person: opaque, and never another person's.
    subject: Mapped[str] = mapped_column(String(255), info=personal("user.unique_id"))
    #: The address it had there when it was linked, to show which one it is.
    email: Mapped[Email]
    linked_at: Mapped[At]
    used_at: Mapped[At]


class EmailChange(Base):
    """A new address that was asked for: it counts when links to both addresses were opened."""

    __tablename__ = "email_change"
    __table_args__ = rows(
        ACCOUNT,
        noun=_("changes of your e-mail address"),
        kept=Kept(_("24 hours after it expired"), timedelta(hours=24), "expires_at"),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    email: Mapped[Email]
    #: Of the link that went to the address so far, and of the one to the new address.
    old_digest: Mapped[Digest]
    new_digest: Mapped[Digest]
    created_at: Mapped[At]
    expires_at: Mapped[At]
    old_confirmed_at: Mapped[At | None]
    new_confirmed_at: Mapped[At | None]
    #: Set when it was carried out, called off, or replaced by a newer one.
    ended_at: Mapped[At | None]


class ApiToken(Base):
    """A key that a person gave to a program of theirs. The key itself is shown once and not kept."""

    __tablename__ = "api_token"
    __table_args__ = rows(
        PROGRAMS,
        noun=_("API tokens"),
        kept=Kept(_("12 months after it ended"), timedelta(days=365), "ended_at"),
    )

    id: Mapped[Key]
    account_id: Mapped[OwnerId]
    #: What the person calls it.
    name: Mapped[str] = mapped_column(String(80), info=personal("user.account.settings"))
    digest: Mapped[Digest]
    #: The last four characters, to tell it from others.
    ending: Mapped[str] = mapped_column(String(4), info=record())
    #: What it may do; see accounts/tokens.py.
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(40)), info=record())
    created_at: Mapped[At]
    #: None: it does not run out.
    expires_at: Mapped[At | None]
    used_at: Mapped[At | None]
    ended_at: Mapped[At | None]


class AgeRefusal(Base):
    """That an address said just now that it belongs to somebody too young: so that trying again at once does not help.

    It is all that is stored of that (policy P19): no address, no birth date, no country.
    """

    __tablename__ = "age_refusal"
    __table_args__ = rows(
        ACCOUNT, noun=_("marks against trying again at once"), kept=Kept(_("24 hours"), timedelta(hours=24), "at")
    )

    id: Mapped[Key]
    #: Keyed digest of the address.
    digest: Mapped[str] = mapped_column(
        String(64), unique=True, info=secret(_("It names nobody; only the same address leads to it."))
    )
    at: Mapped[At]


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
