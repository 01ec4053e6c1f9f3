"""Who decided what a person then appealed with success: somebody else decides it now (four eyes)."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.requests.models import Happening, PrivacyRequest

#: The moves by which somebody decides, and those after which nothing that was decided before counts.
_DECIDES = ("proposed", "approved", "confirmed", "refused")
_FORGETS = ("sent back", "recounted", "reopened")


def overruled(session: Session, request: PrivacyRequest) -> frozenset[int]:
    """The members of staff, by their number in ab_user, whose decision of this request an appeal overturned.

    The timeline knows: the request itself forgets who decided when it is worked on again.
    """
    if request.appealed_at is None:
        return frozenset()
    lines = select(Happening.what, Happening.actor).where(Happening.request_id == request.id).order_by(Happening.id)
    return _read((line.what, line.actor) for line in session.execute(lines))


def _read(lines: Iterable[tuple[str, str]]) -> frozenset[int]:
    decided: set[int] = set()
    overturned: set[int] = set()
    for what, actor in lines:
        if what in _DECIDES and actor.startswith("staff:"):
            decided.add(int(actor.removeprefix("staff:")))
        elif what in _FORGETS:
            decided.clear()
        elif what == "appeal upheld":
            overturned |= decided
            decided = set()
    return frozenset(overturned)
