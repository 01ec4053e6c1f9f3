"""Steps that tell the companies which received data (GDPR Art. 19) and purge their copies."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import plans
from compliance.reach import Person
from compliance.requests.kinds import Kind
from compliance.requests.models import Step
from compliance.requests.steps import Evidence, Finish, Job
from imgpilot.processors import PROCESSORS


def note_recipients(job: Job) -> Finish:
    """Write down who received data, and what becomes of it there; each is told by a step of its own."""

    def finish(session: Session) -> Evidence:
        if job.request.kind == Kind.DELETION:
            erased = select(Step.evidence).where(Step.request_id == job.request.id, Step.name == "erase rows")
            times: dict[str, int] = session.scalars(erased).one()["recipients"]
        else:
            assert job.request.account_id is not None
            times = dict(plans.recipients(session, Person(job.request.account_id)))
        return {
            "recipients": [
                {"processor": key, "times": count, "keeps": PROCESSORS[key].keeps} for key, count in times.items()
            ]
        }

    return finish


def notify(job: Job, processor: str) -> Finish:
    """Tell one company."""
    return lambda _session: {"processor": processor}


def purge_copies(job: Job) -> Finish:
    """Purge what the delivery network holds."""
    return lambda _session: {"purged": 0}
