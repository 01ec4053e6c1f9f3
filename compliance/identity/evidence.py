"""Files that proved who asks are destroyed as soon as they have: objects first, then the rows that name them.

Identity evidence goes when the check is decided, an agent's permission when the request is (GDPR 5(1)(c), (e);
11 CCR 7060(d)).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from compliance.requests import moves, queueing
from compliance.requests.casework import Attachment, IdentityCheck
from compliance.requests.kinds import State
from compliance.requests.models import PrivacyRequest
from compliance.requests.steps import Evidence, Finish, Job
from imgpilot.parts import Parts

#: The name of the step.
STEP = "destroy evidence"
IDENTITY, PERMISSION = "evidence", "permission"
#: Before these the request is not decided, and an officer may still want to read the permission.
_UNDECIDED = (State.PROVING, State.RECEIVED, State.REVIEW, State.SECOND)


def due(session: Session, request: PrivacyRequest) -> None:
    """Set the destruction going, if there is anything to destroy. Call it when a check or the request is decided."""
    if _spent(session, request):
        queueing.add(session, request, queueing.LETTER, STEP)


def destroy(job: Job) -> Finish:
    """The step: remove the objects, then the rows in the finishing transaction. Repeating it is safe."""
    with job.parts.sessions() as session:
        files = _spent(session, session.get_one(PrivacyRequest, job.request.id))
        ids, keys = [file.id for file in files], [file.object_key for file in files]
    job.parts.storage.remove(keys)
    return lambda session: _forgotten(session, job.request.id, ids, job.now)


def destroy_evidence(parts: Parts, request_id: UUID, now: datetime) -> int:
    """The same at once, for a command or a test; how many files went."""
    with parts.sessions() as session:
        files = _spent(session, session.get_one(PrivacyRequest, request_id))
        ids, keys = [file.id for file in files], [file.object_key for file in files]
    parts.storage.remove(keys)
    with parts.sessions.begin() as session:
        return int(_forgotten(session, request_id, ids, now)["destroyed"])


def _spent(session: Session, request: PrivacyRequest) -> Sequence[Attachment]:
    """The files that have done their work."""
    session.flush()
    files = select(Attachment).where(Attachment.request_id == request.id)
    if request.state not in _UNDECIDED:
        return session.scalars(files.where(Attachment.role.in_((IDENTITY, PERMISSION)))).all()
    # What came after the last decision belongs to a check that is still open.
    decided = session.scalar(
        select(func.max(func.coalesce(IdentityCheck.passed_at, IdentityCheck.failed_at))).where(
            IdentityCheck.request_id == request.id
        )
    )
    if decided is None:
        return []
    return session.scalars(files.where(Attachment.role == IDENTITY, Attachment.at <= decided)).all()


def _forgotten(session: Session, request_id: UUID, ids: Sequence[UUID], now: datetime) -> Evidence:
    gone = session.execute(delete(Attachment).where(Attachment.id.in_(ids)).returning(Attachment.role)).all()
    if gone:
        request = session.get_one(PrivacyRequest, request_id)
        moves.note(session, request, moves.SYSTEM, "file destroyed", now, {"files": len(gone)})
    return {"destroyed": len(gone)}
