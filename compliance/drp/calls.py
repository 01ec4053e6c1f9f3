"""Notes that an agent is to be told of a change, in the transaction of the change. `calling` then does it."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from compliance.requests import queueing
from compliance.requests.models import PrivacyRequest, Step

CALL = "call agent"


def due(session: Session, request: PrivacyRequest) -> None:
    """Add the call, where this request or one that was merged into it has somebody to call."""
    session.flush()
    concerned = session.scalars(
        select(PrivacyRequest).where(
            or_(PrivacyRequest.id == request.id, PrivacyRequest.merged_into == request.id),
            PrivacyRequest.callback.is_not(None),
        )
    ).all()
    for each in concerned:
        before = session.scalars(
            select(Step.name).where(
                Step.request_id == each.id,
                Step.name.regexp_match(f"^{CALL}( [0-9]+)?$"),
                Step.state.in_(("ready", "waiting")),
            )
        )
        # One after the other, so that what is told last is what is true.
        queueing.add(session, each, queueing.LETTER, CALL, tuple(before))
