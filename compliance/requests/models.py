"""A privacy request and everything that happens to it, as rows."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from imgpilot.columns import At, Fact, Facts, Key, ObjectKey
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.leases import Leased
from imgpilot.privacy import AtErasure, Kept, owner, personal, record, rows
from imgpilot.purposes import RIGHTS

KEPT = Kept(_("36 months after closing"), timedelta(days=36 * 30), "closed_at")
WITH_REQUEST = Kept(_("with the request, 36 months after it is closed"))
GROUND = _(
    "GDPR 5(2), CCPA regulations §7101: proof that the request was answered; it no longer says by whom it was made"
)


class PrivacyRequest(Base):
    """What a person asked for, under which law, and where the answer is."""

    __tablename__ = "privacy_request"
    __table_args__ = (
        Index("ix_privacy_request_state_due_on", "state", "due_on"),
        # One open request of a kind at a time: asking twice finds the first.
        Index(
            "uq_privacy_request_open",
            "account_id",
            "kind",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
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
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True, info=owner())
    #: Where the answer goes. Outlives the account until the last letter is sent, then it is cleared.
    contact: Mapped[str | None] = mapped_column(String(320), info=personal("user.contact.email"))
    #: Recognises the person in the audit log after everything else is gone.
    subject: Mapped[Fact]
    language: Mapped[Fact]
    kind: Mapped[Fact]
    regime: Mapped[Fact]
    state: Mapped[Fact]
    #: How we know it is them: "signed-in" for now.
    proof: Mapped[Fact]
    received_at: Mapped[At]
    due_on: Mapped[date] = mapped_column(info=record())
    #: By when receipt must be confirmed, where the law asks for that (CCPA).
    acknowledge_by: Mapped[date | None] = mapped_column(info=record())
    closed_at: Mapped[At | None]
    #: Why it was refused, in the officer's words to the person.
    refusal: Mapped[str | None] = mapped_column(info=personal("user.content.private"))
    #: The member of staff who decided; a number in ab_user, not a foreign key, so that staff can leave.
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
    name: Mapped[Fact]
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
        rows(
            RIGHTS,
            noun=_("export packages and certificates"),
            kept=Kept(_("14 days after it was made ready"), timedelta(days=14), "made_at"),
            at_erasure=AtErasure.DELETE,
        ),
    )

    id: Mapped[Key]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    #: "export" or "certificate".
    kind: Mapped[Fact]
    object_key: Mapped[ObjectKey]
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
