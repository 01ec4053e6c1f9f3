"""What people add to a case: proofs, letters, comments, files, warnings. And the filters staff save for the queue."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from compliance.requests.models import GROUND, WITH_REQUEST
from imgpilot.columns import At, Count, Fact, Flag, Key, ObjectKey
from imgpilot.db import Base
from imgpilot.language import marked as _
from imgpilot.privacy import AtErasure, Kept, owner, personal, record, rows, secret
from imgpilot.purposes import CONFIGURATION, RIGHTS, STAFF


class IdentityCheck(Base):
    """One attempt to know who asks. What was shown for it is an attachment, destroyed when the check is decided."""

    __tablename__ = "identity_check"
    __table_args__ = rows(
        RIGHTS, noun=_("identity checks"), kept=WITH_REQUEST, at_erasure=AtErasure.SCRUB, ground=GROUND
    )

    id: Mapped[Key]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    #: "address", "new address" (of a correction), "further" or "permission".
    method: Mapped[Fact]
    asked_at: Mapped[At]
    #: Of the link that was mailed; none where nothing was.
    digest: Mapped[str | None] = mapped_column(
        String(64), unique=True, info=secret(_("It is a key, not knowledge about you: it would prove who you are."))
    )
    expires_at: Mapped[At | None]
    passed_at: Mapped[At | None]
    failed_at: Mapped[At | None]
    #: What was compared, as codes ("two facts", "document seen"); never what it said.
    checked: Mapped[Fact | None]
    decided_by: Mapped[int | None] = mapped_column(info=record())


class Attachment(Base):
    """A file that came with a request. It is kept as it came, encrypted, and never rendered."""

    __tablename__ = "request_attachment"
    __table_args__ = (
        CheckConstraint("wrapped_key <> ''", name="is_locked"),
        rows(
            RIGHTS,
            noun=_("files that came with your requests"),
            kept=Kept(_("identity evidence until the check is decided, the rest with the request")),
            at_erasure=AtErasure.DELETE,
        ),
    )

    id: Mapped[Key]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    #: "evidence" (of identity), "permission" (of an agent), "original" (of a letter), "other".
    role: Mapped[Fact]
    name: Mapped[str] = mapped_column(String(200), info=personal("user.content.private"))
    object_key: Mapped[ObjectKey]
    wrapped_key: Mapped[str] = mapped_column(
        String(400), info=secret(_("It is a key, not knowledge about you: it opens the file."))
    )
    bytes: Mapped[Count]
    sha256: Mapped[Fact]
    at: Mapped[At]
    #: "person" or "staff:<number>".
    by: Mapped[Fact]


class RequestLetter(Base):
    """A letter about a request, as it was or will be sent."""

    __tablename__ = "request_letter"
    __table_args__ = rows(
        RIGHTS, noun=_("letters about your requests"), kept=WITH_REQUEST, at_erasure=AtErasure.SCRUB, ground=GROUND
    )

    id: Mapped[Key]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    #: The step that sends it; its kind is the step's name without "tell ".
    step: Mapped[Fact]
    kind: Mapped[Fact]
    language: Mapped[Fact]
    subject: Mapped[str | None] = mapped_column(String(300), info=personal("user.content.private"))
    body: Mapped[str | None] = mapped_column(Text, info=personal("user.content.private"))
    written_at: Mapped[At]
    #: The member of staff who edited it; none for one that goes by itself.
    written_by: Mapped[int | None] = mapped_column(info=record())
    sent_at: Mapped[At | None]
    #: False: the mailbox refused it for good.
    delivered: Mapped[bool | None] = mapped_column(info=record())


class Comment(Base):
    """What staff say to each other about a case."""

    __tablename__ = "request_comment"
    __table_args__ = rows(
        RIGHTS, noun=_("notes of staff on your requests"), kept=WITH_REQUEST, at_erasure=AtErasure.DELETE
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True, info=record())
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    at: Mapped[At]
    by: Mapped[int] = mapped_column(info=record())
    text: Mapped[str] = mapped_column(Text, info=personal("user.content.private"))


class CommentMention(Base):
    """That a comment calls for a member of staff, until they have seen it."""

    __tablename__ = "request_comment_mention"
    __table_args__ = (
        Index("ix_request_comment_mention_staff", "staff", "seen_at"),
        rows(RIGHTS, noun=_("calls on staff in notes"), kept=WITH_REQUEST, at_erasure=AtErasure.DELETE),
    )

    id: Mapped[Key]
    comment_id: Mapped[int] = mapped_column(ForeignKey("request_comment.id"), index=True, info=owner())
    staff: Mapped[int] = mapped_column(info=record())
    seen_at: Mapped[At | None]


class Alert(Base):
    """That staff were warned of a deadline. Written once a level and deadline, so that nobody is warned twice."""

    __tablename__ = "request_alert"
    __table_args__ = (
        Index("uq_request_alert_once", "request_id", "level", "due", unique=True),
        rows(RIGHTS, noun=_("deadline warnings"), kept=WITH_REQUEST, at_erasure=AtErasure.SCRUB, ground=GROUND),
    )

    id: Mapped[Key]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("privacy_request.id"), index=True, info=owner())
    #: "acknowledge", "soon", "tomorrow", "late".
    level: Mapped[Fact]
    #: The deadline that was meant, as a date.
    due: Mapped[Fact]
    at: Mapped[At]


class Digested(Base):
    """That a member of staff got the morning's digest of a day. Written once."""

    __tablename__ = "staff_digest"
    __table_args__ = (
        Index("uq_staff_digest_once", "staff", "day", unique=True),
        rows(STAFF, noun=_("digests sent to staff"), kept=Kept(_("30 days"), timedelta(days=30), "at")),
    )

    id: Mapped[Key]
    staff: Mapped[int] = mapped_column(info=record())
    day: Mapped[Fact]
    at: Mapped[At]


class SavedFilter(Base):
    """A view of the queue that a member of staff saved: a name and a query, and the columns it shows."""

    __tablename__ = "saved_filter"
    __table_args__ = (
        Index("uq_saved_filter_name", "staff", "name", unique=True),
        rows(STAFF, noun=_("saved filters of staff"), kept=CONFIGURATION),
    )

    id: Mapped[Key]
    staff: Mapped[int] = mapped_column(info=record())
    name: Mapped[Fact]
    #: The query part of the queue's address; it names kinds, states and members of staff, never a person.
    query: Mapped[str] = mapped_column(String(1000), info=record())
    shared: Mapped[Flag] = mapped_column(default=False)
