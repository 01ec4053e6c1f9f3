"""The steps that build packages: each locked with a key of its own, which lies in the row and nowhere else."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import vault
from compliance.errors import StepFailed
from compliance.export import package
from compliance.export.asked import Asked
from compliance.requests import downloads
from compliance.requests.models import Package
from compliance.requests.steps import Evidence, Finish, Job

#: How long a package can be fetched (the schedule of the policy).
PACKAGE_LIVES = timedelta(days=14)


def build_package(job: Job) -> Finish:
    """Build the export package into the object store."""
    return _build(job, "export")


def build_portable_package(job: Job) -> Finish:
    """Build the portable package (GDPR Art. 20): only what compliance.portability calls portable."""
    return _build(job, "portable")


def _build(job: Job, kind: str) -> Finish:
    request, settings = job.request, job.parts.settings
    if request.account_id is None:
        raise StepFailed("The account of this request is gone.", again=False)
    # The package of whoever took over meanwhile must not be overwritten.
    job.beat()
    # The id before the row: the key is bound to it. Until the row commits the key is in this process alone, so
    # what a worker that is killed leaves in the store is noise (docs/decisions/0012).
    id_, key = uuid4(), vault.new_key()
    stored = package.build(job.parts, Asked.of(request, request.account_id, job.now), key, job.beat)

    def finish(session: Session) -> Evidence:
        # A request that was opened again has a package from before: its object is overwritten, its row goes.
        before = select(Package.id).where(Package.request_id == request.id, Package.kind == kind)
        downloads.forget(session, list(session.scalars(before)))
        session.add(
            Package(
                id=id_,
                request_id=request.id,
                kind=kind,
                object_key=stored.key,
                wrapped_key=vault.wrapped(settings, key, str(id_)),
                media_type="application/zip",
                bytes=stored.bytes,
                sha256=stored.sha256,
                made_at=job.now,
                expires_at=job.now + PACKAGE_LIVES,
            )
        )
        return {"bytes": stored.bytes, "sha256": stored.sha256}

    return finish
