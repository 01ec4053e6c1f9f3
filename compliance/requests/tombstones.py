"""The step that marks who was erased, so that a restored backup is erased again."""

from uuid import UUID

from sqlalchemy.orm import Session

from compliance import holds, tombstones
from compliance.requests.deleting import erased, folder
from compliance.requests.steps import Evidence, Finish, Job
from imgpilot import digests


def keep(job: Job) -> Finish:
    """Keep the mark with us and outside the database. Repeating it writes the same."""
    request = job.request
    with job.parts.sessions() as session:
        # Not the request's own subject: before its account was known, that was a digest of an address.
        account_id = UUID(folder(session, request.id).rstrip("/"))
        kept = _grounds(session, account_id, job, erased(session, request.id)["kept"])
    subject = digests.of_subject(job.parts.settings, account_id)
    mark = tombstones.Mark(subject, request.id, request.case, job.now, kept)
    key = tombstones.write(job.parts, mark)

    def finish(session: Session) -> Evidence:
        tombstones.remember(session, mark)
        return {"subject": subject, "object": key, "kept": len(kept)}

    return finish


def _grounds(session: Session, account_id: UUID, job: Job, kept: dict[str, int]) -> tombstones.Kept:
    """Why each table was kept: an officer's ground, a hold, or that something below it is kept."""
    held = holds.held_tables(session, account_id) if kept else []
    found: tombstones.Kept = {}
    for table in sorted(kept):
        by_rule = {"ground": "legal-hold" if table in held else holds.ABOVE, "until": ""}
        found[table] = dict(job.request.set_aside.get(table, by_rule))
    return found
