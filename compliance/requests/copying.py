"""The step that builds the export package."""

from datetime import timedelta

from sqlalchemy.orm import Session

from compliance.errors import StepFailed
from compliance.export import package
from compliance.requests.models import Package
from compliance.requests.steps import Evidence, Finish, Job

#: How long a package can be fetched (the schedule of the policy).
PACKAGE_LIVES = timedelta(days=14)


def build_package(job: Job) -> Finish:
    """Build the export package into the object store."""
    request = job.request
    if request.account_id is None:
        raise StepFailed("The account of this request is gone.", again=False)
    # The package of whoever took over meanwhile must not be overwritten.
    job.beat()
    stored = package.build(
        job.parts,
        request_id=request.id,
        account_id=request.account_id,
        case=request.case,
        regime=request.regime,
        received_at=request.received_at,
        due_on=request.due_on,
        language=request.language,
        now=job.now,
        beat=job.beat,
    )

    def finish(session: Session) -> Evidence:
        session.add(
            Package(
                request_id=request.id,
                kind="export",
                object_key=stored.key,
                media_type="application/zip",
                bytes=stored.bytes,
                sha256=stored.sha256,
                made_at=job.now,
                expires_at=job.now + PACKAGE_LIVES,
            )
        )
        return {"bytes": stored.bytes, "sha256": stored.sha256}

    return finish


def build_portable_package(job: Job) -> Finish:
    """Build the portable package."""
    return build_package(job)
