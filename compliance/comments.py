"""What staff say to each other about a case. A name after an @ calls that colleague; the home page shows them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance.errors import MoveRefused
from compliance.requests import moves
from compliance.requests.casework import Comment, CommentMention
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Actor
from imgpilot.language import marked as _

LONGEST = 5000
#: "@noor", "@noor.azri": the first name, or the address before its own @.
_CALL = re.compile(r"(?<![\w@.])@([\w][\w.+-]*)")


@dataclass(frozen=True)
class Colleague:
    """A member of staff who can be called: their number in ab_user, what they are called, what calls them."""

    id: int
    name: str
    first: str
    local: str
    active: bool = True

    @property
    def calls(self) -> frozenset[str]:
        """What may stand after the @, in small letters. A first name of two words is written with a dot."""
        return frozenset({self.first.lower().replace(" ", "."), self.local.lower()} - {""})


def called(text: str, staff: Iterable[Colleague]) -> list[Colleague]:
    """Whom this text calls. A first name that two people have calls both."""
    names = {found[1].rstrip(".").lower() for found in _CALL.finditer(text)}
    return [one for one in staff if one.calls & names]


def add(
    session: Session, request: PrivacyRequest, text: str, actor: Actor, now: datetime, staff: Iterable[Colleague] = ()
) -> Comment:
    """Add a comment, and call whom of the staff it names. Raises MoveRefused for one without words, or with too many.

    What was said stays out of the timeline and the log: only that something was.
    """
    said = text.strip()
    if not said:
        raise MoveRefused(_("There are no words in the comment. Nothing was added."))
    if len(said) > LONGEST:
        raise MoveRefused(_("A comment has at most 5,000 characters. Nothing was added."))
    assert actor.staff is not None
    comment = Comment(request_id=request.id, at=now, by=actor.staff, text=said)
    session.add(comment)
    session.flush()  # the calls need its number
    whom = [one for one in called(said, staff) if one.id != actor.staff]
    session.add_all(CommentMention(comment_id=comment.id, staff=one.id) for one in whom)
    moves.note(session, request, actor, "commented", now, {"called": len(whom)} if whom else {})
    return comment


def of(session: Session, request_id: UUID) -> list[Comment]:
    """The comments on a case, the newest first."""
    return list(session.scalars(select(Comment).where(Comment.request_id == request_id).order_by(Comment.id.desc())))


def saw(session: Session, request_id: UUID, staff: int, now: datetime) -> None:
    """This colleague has opened the case: what called them there is seen."""
    here = select(Comment.id).where(Comment.request_id == request_id)
    session.execute(
        update(CommentMention)
        .where(CommentMention.comment_id.in_(here), CommentMention.staff == staff, CommentMention.seen_at.is_(None))
        .values(seen_at=now)
    )
