"""The step that marks who was erased, so that a restored backup is erased again."""

from sqlalchemy.orm import Session

from compliance.requests.steps import Evidence, Finish, Job
from compliance.standing import Tombstone


def keep(job: Job) -> Finish:
    """Keep the mark with us."""

    def finish(session: Session) -> Evidence:
        session.add(
            Tombstone(subject=job.request.subject, request_id=job.request.id, case=job.request.case, at=job.now)
        )
        return {"subject": job.request.subject}

    return finish
