"""A privacy request and everything that happens to it, as rows."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Digest, Fact, Facts, Key, ObjectKey
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.leases import Leased
from imgpilot.privacy import AtErasure, Kept, link, owner, personal, record, rows, secret
from imgpilot.purposes import RIGHTS

KEPT = Kept(_("36 months after closing"), timedelta(days=36 * 30), "closed_at")
WITH_REQUEST = Kept(_("with the request, 36 months after it is closed"))
GROUND = _(
    "GDPR 5(2), CCPA regulations §7101: proof that the request was answered; it no longer says by whom it was made"
)


class PrivacyRequest(Base):
    """What somebody asked for, under which law, how we know who asks, and what became of it."""

    __tablename__ = "privacy_request"
    __table_args__ = (
        Index("ix_privacy_request_state_due_on", "state", "due_on", "number"),
        Index(
            "ix_privacy_request_mine",
            "assigned_to",
            "due_on",
            "number",
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_privacy_request_unassigned",
            "due_on",
            "number",
            postgresql_where=text("closed_at IS NULL AND assigned_to IS NULL"),
        ),
        # Addresses are compared without regard to case.
        Index("ix_privacy_request_lower_contact", func.lower(text("contact"))),
        Index("ix_privacy_request_received_at", "received_at", "number"),
        Index("ix_privacy_request_open_due_on", "due_on", "number", postgresql_where=text("closed_at IS NULL")),
        Index("ix_privacy_request_closed_at", "closed_at", "number"),
        # One open request of a kind about one thing at a time: asking twice finds the first.
        Index(
            "uq_privacy_request_open",
            "account_id",
            "kind",
            "about",
            unique=True,
            postgresql_where=text("closed_at IS NULL AND state <> 'appealed'"),
        ),
        # An agent's system that sends the same request twice gets the same answer.
        Index("uq_privacy_request_agent_reference", "agent_id", "agent_reference", unique=True),
        rows(
            RIGHTS,
            noun=_("privacy requests"),
            kept=KEPT,
            at_erasure=AtErasure.SCRUB,
            ground=GROUND,
        ),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True, info=record())
    #: Whose data it is about, once that is proved. Before, nobody's.
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True, info=owner())
    #: The account that an unproved request says it is about. Nothing is done for it or shown of it.
    claimed_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True, info=link())
    #: Where the answer goes. Outlives the account until the last letter is sent, then it is cleared.
    contact: Mapped[str | None] = mapped_column(
        String(320), index=True, info=personal("user.contact.email", identity=True)
    )
    #: Recognises the person in the audit log after everything else is gone.
    subject: Mapped[Fact]
    language: Mapped[Fact]
    kind: Mapped[Fact]
    #: The narrower thing that is asked, as a code: which fact to correct, which consent, which ground. "" for all.
    about: Mapped[Fact] = mapped_column(default="")
    #: What they wrote: the reason, the fact as it should be. Cleared when the person is erased.
    details: Mapped[str | None] = mapped_column(Text, info=personal("user.content.private"))
    #: The right value, in a correction.
    proposed: Mapped[str | None] = mapped_column(String(400), info=personal("user.contact.email"))
    regime: Mapped[Fact]
    #: Where they say they live: ISO 3166-1, and for the US and Canada the state. Decides law, holidays, authority.
    country: Mapped[Fact | None]
    subdivision: Mapped[Fact | None]
    zone: Mapped[Fact] = mapped_column(default="UTC")
    channel: Mapped[Fact] = mapped_column(default="centre")
    state: Mapped[Fact]
    outcome: Mapped[Fact | None]
    #: How we know it is them; see kinds.Proof.
    proof: Mapped[Fact]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorised_agent.id"), info=link())
    agent_reference: Mapped[Fact | None]
    #: Where an agent's system wants to hear of changes.
    callback: Mapped[str | None] = mapped_column(String(400), info=record())

    #: When the request reached us; entered by staff, it is the date of the original.
    received_at: Mapped[At]
    due_on: Mapped[date] = mapped_column(info=record())
    #: By when receipt must be confirmed, where the law asks for that (CCPA).
    acknowledge_by: Mapped[date | None] = mapped_column(info=record())
    acknowledged_at: Mapped[At | None]
    extended_at: Mapped[At | None]
    #: Since when the clock stands still, and how many days it stood still before that.
    paused_on: Mapped[date | None] = mapped_column(info=record())
    paused_for: Mapped[Fact | None]
    #: When the person can no longer take a decided deletion back; whether they want that time.
    cooling: Mapped[bool] = mapped_column(default=False, info=record())
    cool_until: Mapped[At | None]
    closed_at: Mapped[At | None]
    #: When it was answered the first time; an appeal does not change it.
    answered_at: Mapped[At | None]

    #: Lines of the plan that are not granted: {table: {"ground": code, "until": day or ""}}. See grounds.
    set_aside: Mapped[Facts] = mapped_column(default=dict)
    #: Why it was refused, in the officer's words to the person.
    refusal: Mapped[str | None] = mapped_column(info=personal("user.content.private"))
    #: The ground of a refusal, as a code; see grounds.
    refused_for: Mapped[Fact | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=link())
    appealed_at: Mapped[At | None]
    appeal: Mapped[str | None] = mapped_column(Text, info=personal("user.content.private"))

    #: Members of staff are numbers in ab_user, not foreign keys, so that staff can leave.
    assigned_to: Mapped[int | None] = mapped_column(info=record())
    proposed_by: Mapped[int | None] = mapped_column(info=record())
    decided_by: Mapped[int | None] = mapped_column(info=record())

    @property
    def case(self) -> str:
        """The number people quote: IP-2026-0412."""
        return f"IP-{self.received_at.year}-{self.number:04d}"


class Happening(Base):
    """One line of a request's timeline. Facts hold no personal data."""

    __tablename__ = "request_event"
    __table_args__ = rows(
        RIGHTS,
        noun=_("timeline lines of your requests"),
        kept=WITH_REQUEST,
        at_erasure=AtErasure.SCRUB,
        ground=GROUND,
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, info=record())
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    at: Mapped[At]
    actor: Mapped[Fact]
    what: Mapped[Fact]
    facts: Mapped[Facts]


class Plan(Base):
    """What answering would do, counted exactly, as it was shown to the officer."""

    __tablename__ = "request_plan"
    __table_args__ = rows(
        RIGHTS, noun=_("plans for your requests"), kept=WITH_REQUEST, at_erasure=AtErasure.SCRUB, ground=GROUND
    )

    id: Mapped[Key]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    made_at: Mapped[At]
    #: Counts per table and what becomes of them; SHA-256 over its canonical JSON is what is approved.
    body: Mapped[Facts]
    digest: Mapped[Fact]
    approved_at: Mapped[At | None]
    approved_by: Mapped[int | None] = mapped_column(info=record())


class Step(Leased, Base):
    """One piece of carrying out a request, with its evidence."""

    __tablename__ = "request_step"
    __table_args__ = (
        Index("uq_request_step_name", "request_id", "name", unique=True),
        Index("ix_request_step_failed", "request_id", postgresql_where=text("state = 'failed'")),
        rows(
            RIGHTS,
            noun=_("steps of your requests"),
            kept=WITH_REQUEST,
            at_erasure=AtErasure.SCRUB,
            ground=GROUND,
        ),
    )
    TO_DO = ("ready",)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    position: Mapped[int] = mapped_column(info=record())
    #: "prepare", "carry out" or "letter": a letter that cannot be sent holds no work up.
    phase: Mapped[Fact] = mapped_column(default="carry out")
    name: Mapped[Fact]
    #: The steps that must be done before this one; "notify *" means all that begin so.
    after: Mapped[list[str]] = mapped_column(ARRAY(String(200)), default=list, info=record())
    #: What proves it was done: counts, digests, times. Nothing personal.
    evidence: Mapped[Facts] = mapped_column(default=dict)
    #: Class and plain sentence of what went wrong last, for the officer.
    failure: Mapped[Fact | None]
    done_at: Mapped[At | None]


class Removal(Base):
    """An object to remove once the rows are gone: written in the erasing transaction, so it cannot be forgotten."""

    __tablename__ = "removal"
    __table_args__ = rows(
        RIGHTS,
        noun=_("objects being removed"),
        kept=Kept(_("until the object is gone")),
        at_erasure=AtErasure.SCRUB,
        ground=_("The list of what still has to be removed; each line goes with its object"),
    )

    id: Mapped[Key]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    object_key: Mapped[Fact]


class Package(Base):
    """A finished document or export package in the object store."""

    __tablename__ = "request_package"
    __table_args__ = (
        Index("uq_request_package_kind", "request_id", "kind", unique=True),
        Index("ix_request_package_expires_at", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
        # Only a certificate, which holds no personal data, may lie open.
        CheckConstraint("kind = 'certificate' OR wrapped_key <> ''", name="is_locked"),
        rows(
            RIGHTS,
            noun=_("export packages and certificates"),
            kept=Kept(_("14 days after it was made ready"), timedelta(days=14), "made_at"),
            at_erasure=AtErasure.DELETE,
        ),
    )

    id: Mapped[Key]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    #: "export", "portable" or "certificate".
    kind: Mapped[Fact]
    object_key: Mapped[ObjectKey]
    #: The package's own key, wrapped; "" for what holds no personal data and lies open (certificates).
    wrapped_key: Mapped[str] = mapped_column(
        String(400), default="", info=secret(_("It is a key, not knowledge about you: it opens the package."))
    )
    media_type: Mapped[Fact]
    bytes: Mapped[int] = mapped_column(BigInteger, info=record())
    sha256: Mapped[Fact]
    made_at: Mapped[At]
    expires_at: Mapped[At | None]


class Download(Base):
    """That a package was fetched, when, and by whom."""

    __tablename__ = "request_download"
    __table_args__ = rows(RIGHTS, noun=_("downloads of your packages"), kept=WITH_REQUEST, at_erasure=AtErasure.DELETE)

    id: Mapped[Key]
    package_id: Mapped[UUID] = mapped_column(ForeignKey("request_package.id"), index=True, info=owner())
    at: Mapped[At]
    actor: Mapped[Fact]


class PackageLink(Base):
    """A way to fetch a package once. The link itself is not kept, only a digest of it."""

    __tablename__ = "package_link"
    __table_args__ = rows(
        RIGHTS,
        noun=_("links to your packages"),
        kept=Kept(_("24 hours after it expired"), timedelta(hours=24), "expires_at"),
    )

    id: Mapped[Key]
    package_id: Mapped[UUID] = mapped_column(ForeignKey("request_package.id"), index=True, info=owner())
    digest: Mapped[Digest]
    created_at: Mapped[At]
    expires_at: Mapped[At]
    used_at: Mapped[At | None]
