"""Steps that erase: the rows in one transaction, then the objects, then the certificate of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from compliance import erasure, inventory, reach
from compliance.errors import StepFailed
from compliance.export import certificate
from compliance.reach import Person
from compliance.requests import decisions
from compliance.requests.models import Package, Plan, Removal, Step
from compliance.requests.steps import Evidence, Finish, Job
from imgpilot.generation.models import Generation, Image
from imgpilot.purposes import RIGHTS

#: Objects removed in one call and one transaction.
AT_ONCE = 500


def approved(session: Session, request_id: UUID) -> Plan:
    plan = decisions.newest_plan(session, request_id)
    if plan is None or plan.approved_at is None:
        raise StepFailed("There is no approved plan.", again=False)
    return plan


def erase_rows(job: Job) -> Finish:
    """Erase, in the transaction that notes it."""
    request = job.request
    if request.account_id is None:
        raise StepFailed("The account of this request is gone.", again=False)
    person = Person(request.account_id, except_request=request.id)

    def finish(session: Session) -> Evidence:
        plan = approved(session, request.id)
        _nothing_is_being_made(session, person, job.now)
        done = erasure.erase(session, person, plan.body, request.set_aside)
        return {
            "deleted": done.deleted,
            "scrubbed": done.scrubbed,
            "files": done.files,
            "objects": done.objects,
            "recipients": done.recipients,
            "kept": done.kept,
        }

    return finish


def _nothing_is_being_made(session: Session, person: Person, now: datetime) -> None:
    """A worker that waits for the provider would store a picture of somebody who is gone. None begins any more."""
    until = session.scalar(
        select(func.max(Image.lease_until))
        .join(Generation, Generation.id == Image.generation_id)
        .where(Generation.account_id == person.account_id, Image.lease_until > now)
    )
    if until is not None:
        raise StepFailed("A picture of this person is still being made; it is tried again in a moment.", until=until)


def remove_objects(job: Job) -> Finish:
    """Remove every object that was written down, batch by batch; then whatever else lies in her folder."""
    while True:
        with job.parts.sessions() as session:
            batch = session.execute(
                select(Removal.id, Removal.object_key)
                .where(Removal.request_id == job.request.id, ~Removal.object_key.endswith("/"))
                .limit(AT_ONCE)
            ).all()
        if not batch:
            break
        job.parts.storage.remove(key for _, key in batch)
        with job.parts.sessions.begin() as session:
            session.execute(delete(Removal).where(Removal.id.in_([id_ for id_, _ in batch])))
        job.beat()
    with job.parts.sessions() as session:
        hers = folder(session, job.request.id)
        named = kept_objects(session, UUID(hers.rstrip("/")), erased(session, job.request.id)["kept"])
        stray = [key for key in job.parts.storage.keys(hers) if key not in named]
        waiting = select(func.count()).where(Removal.request_id == job.request.id, ~Removal.object_key.endswith("/"))
        # Not counted one by one: a worker before this one may have removed some of them and died.
        removed = erased(session, job.request.id)["objects"] - (session.scalar(waiting) or 0)
    job.parts.storage.remove(stray)
    return lambda _session: {"removed": removed, "stray": len(stray)}


def kept_objects(session: Session, account_id: UUID, kept: dict[str, int]) -> set[str]:
    """The objects that rows name which a hold or a ground of the law keeps."""
    found: set[str] = set()
    for table in reach.held():
        condition = reach.doomed(table, Person(account_id))
        if table.name in kept and condition is not None:
            for column in inventory.object_columns(table):
                found |= {str(key) for key in session.scalars(select(column).where(condition)) if key}
    return found


def erased(session: Session, request_id: UUID) -> Evidence:
    """The evidence of the erasing transaction."""
    found = session.scalars(select(Step.evidence).where(Step.request_id == request_id, Step.name == "erase rows")).one()
    # An erasure of the release before kept nothing.
    return {"kept": {}, **found}


def folder(session: Session, request_id: UUID) -> str:
    """The folder that all of the person's objects shared: the id of her account, and a slash."""
    return session.scalars(
        select(Removal.object_key).where(Removal.request_id == request_id, Removal.object_key.endswith("/"))
    ).one()


def certify(job: Job) -> Finish:
    """Make the certificate from the plan and the evidence of the steps before."""
    request = job.request
    with job.parts.sessions() as session:
        plan = decisions.newest_plan(session, request.id)
        if plan is None:
            raise StepFailed("There is no approved plan.", again=False)
        steps = session.scalars(select(Step).where(Step.request_id == request.id, Step.state.in_(("done", "skipped"))))
        evidence = {step.name: {"at": step.done_at, "state": step.state, **step.evidence} for step in steps}
    data = certificate.erasure_certificate(
        request=request, plan=plan, evidence=evidence, settings=job.parts.settings, now=job.now
    )
    stored = job.parts.storage.put(
        f"requests/{request.id}/certificate.pdf", [data], "application/pdf", subject=None, purpose=RIGHTS
    )

    def finish(session: Session) -> Evidence:
        session.add(
            Package(
                request_id=request.id,
                kind="certificate",
                object_key=stored.key,
                media_type="application/pdf",
                bytes=stored.bytes,
                sha256=stored.sha256,
                made_at=job.now,
                expires_at=None,
            )
        )
        return {"sha256": stored.sha256, "bytes": stored.bytes}

    return finish
