"""What each step does. A function does the outside work and returns what is to be done in the transaction."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from compliance import erasure, letters, rescan
from compliance.errors import StepFailed
from compliance.export import certificate, package
from compliance.reach import Person
from compliance.requests import decisions
from compliance.requests.models import Package, Plan, PrivacyRequest, Removal, Step
from compliance.requests.steps import Evidence, Finish, Job
from imgpilot.accounts.models import SignInLink
from imgpilot.generation.models import Generation, Image
from imgpilot.mail import Attachment, MailNotSent, MailRefused
from imgpilot.processors import PROCESSORS
from imgpilot.purposes import RIGHTS

#: How long a package can be fetched (the schedule of the policy).
PACKAGE_LIVES = timedelta(days=14)
#: Objects removed in one call and one transaction.
AT_ONCE = 500


def _send(job: Job, letter: letters.Letter, attachments: tuple[Attachment, ...] = ()) -> Finish:
    """Send a letter to the person's contact address. Sending again after a crash may deliver it twice.

    A mailbox that refuses for good holds nothing up: that it did is the evidence.
    """
    if job.request.contact is None:
        raise StepFailed("There is no contact address to send the letter to.", again=False)
    try:
        line = job.parts.mailer.send(
            job.request.contact,
            letter.subject,
            letter.text(),
            letter.html(),
            purpose=RIGHTS,
            subject=job.request.account_id,
            language=job.request.language,
            attachments=attachments,
        )
    except MailRefused:
        return lambda _session: {"delivered": False}
    except MailNotSent:
        # Its own words are for the person, in their language; this is read by an officer.
        raise StepFailed("The mail server did not take the letter.") from None
    return lambda _session: {"disclosure": str(line)}


def acknowledge(job: Job) -> Finish:
    """Tell the person that the request is here, and by when it is answered."""
    return _send(job, letters.received(job.request, job.parts.settings))


def count(job: Job) -> Finish:
    """Count what answering would touch."""

    def finish(session: Session) -> Evidence:
        plan = decisions.count(session, session.get_one(PrivacyRequest, job.request.id), job.now)
        return {"plan": plan.digest}

    return finish


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


def tell_ready(job: Job) -> Finish:
    """Tell the person that the package can be fetched, signed in. It never goes by mail."""
    return _send(job, letters.ready(job.request, job.parts.settings))


def _approved(session: Session, request_id: UUID) -> Plan:
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
        approved = _approved(session, request.id)
        _nothing_is_being_made(session, person, job.now)
        done = erasure.erase(session, person, approved.body)
        return {
            "deleted": done.deleted,
            "scrubbed": done.scrubbed,
            "files": done.files,
            "objects": done.objects,
            "recipients": done.recipients,
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
        stray = list(job.parts.storage.keys(_folder(session, job.request.id)))
        waiting = select(func.count()).where(Removal.request_id == job.request.id, ~Removal.object_key.endswith("/"))
        # Not counted one by one: a worker before this one may have removed some of them and died.
        removed = _erased(session, job.request.id)["objects"] - (session.scalar(waiting) or 0)
    job.parts.storage.remove(stray)
    return lambda _session: {"removed": removed, "stray": len(stray)}


def _erased(session: Session, request_id: UUID) -> Evidence:
    """The evidence of the erasing transaction."""
    return session.scalars(select(Step.evidence).where(Step.request_id == request_id, Step.name == "erase rows")).one()


def _folder(session: Session, request_id: UUID) -> str:
    """The folder that all of the person's objects shared: the id of her account, and a slash."""
    return session.scalars(
        select(Removal.object_key).where(Removal.request_id == request_id, Removal.object_key.endswith("/"))
    ).one()


def note_recipients(job: Job) -> Finish:
    """Write down who received data, and what becomes of it there (GDPR Art. 19).

    None of today's processors has an interface to delete one person's data; each deletes on its own clock.
    """

    def finish(session: Session) -> Evidence:
        times: dict[str, int] = _erased(session, job.request.id)["recipients"]
        return {
            "recipients": [
                {"processor": key, "times": count, "keeps": PROCESSORS[key].keeps} for key, count in times.items()
            ]
        }

    return finish


def look_again(job: Job) -> Finish:
    """Search everything for the person, independently of what planned and erased."""
    with job.parts.sessions() as session:
        found = rescan.scan(
            session,
            job.parts.storage,
            UUID(_folder(session, job.request.id).rstrip("/")),
            job.request.contact or "",
            job.beat,
        )
        new = _since_approval(session, job.request)
    # These two are still needed, and go in the last step: where to send the letter, and what to search for.
    expected = {"privacy_request.contact": 1, "removal.object_key": 1, **new}
    return _nothing_left(found, expected, new, "Erase it, then try this step again.")


def _nothing_left(found: rescan.Found, expected: rescan.Places, new: rescan.Places, advice: str) -> Finish:
    """The evidence of a search that found no more than what may be there."""
    left = {place: rows for place, rows in found.left.items() if expected.get(place) != rows}
    if left or found.objects:
        raise StepFailed(f"Something is left: {json.dumps(left)}, {found.objects} objects. {advice}")
    return lambda _session: {
        "tables": found.tables,
        "columns": found.columns,
        "found": sum(left.values()),
        "objects": found.objects,
        "new": {**new, **found.returned},
        "elsewhere": found.elsewhere,
    }


def _since_approval(session: Session, request: PrivacyRequest) -> rescan.Places:
    """Links asked for at the door since the approval, by place: nothing that the erasure left behind.

    What hangs on an account made since is told apart by the search itself.
    """
    since = _approved(session, request.id).approved_at
    links = select(func.count()).where(SignInLink.email == request.contact, SignInLink.created_at >= since)
    rows = session.scalar(links) or 0
    return {"sign_in_link.email": rows} if rows else {}


def certify(job: Job) -> Finish:
    """Make the certificate from the plan and the evidence of the steps before."""
    request = job.request
    with job.parts.sessions() as session:
        plan = decisions.newest_plan(session, request.id)
        if plan is None:
            raise StepFailed("There is no approved plan.", again=False)
        steps = session.scalars(select(Step).where(Step.request_id == request.id, Step.state == "done"))
        evidence = {step.name: {"at": step.done_at, **step.evidence} for step in steps}
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


def tell_erased(job: Job) -> Finish:
    """Send the certificate. It holds no personal data, so it may go by mail; the account is gone by now."""
    data = b"".join(job.parts.storage.open(f"requests/{job.request.id}/certificate.pdf"))
    attachment = Attachment(f"{job.request.case}-certificate.pdf", "application/pdf", data)
    return _send(job, letters.erased(job.request, job.parts.settings), (attachment,))


def close(job: Job) -> Finish:
    """Clear the contact address and what was searched for, and search one last time: now nothing may be left."""

    def finish(session: Session) -> Evidence:
        account_id = UUID(_folder(session, job.request.id).rstrip("/"))
        session.execute(delete(Removal).where(Removal.request_id == job.request.id))
        session.execute(update(PrivacyRequest).where(PrivacyRequest.id == job.request.id).values(contact=None))
        session.flush()  # the search below must see it
        # No beat: this transaction holds the step's row, so nobody can take it over, and renewing would wait for us.
        found = rescan.scan(session, job.parts.storage, account_id, job.request.contact or "")
        new = _since_approval(session, job.request)
        return _nothing_left(found, new, new, "Look where it comes from, then try this step again.")(session)

    return finish


def tell_refusal(job: Job) -> Finish:
    """Tell the person why not, and where to complain."""
    return _send(job, letters.refused(job.request, job.parts.settings))


WORK = {
    "acknowledge": acknowledge,
    "count": count,
    "build package": build_package,
    "tell ready": tell_ready,
    "erase rows": erase_rows,
    "remove objects": remove_objects,
    "note recipients": note_recipients,
    "look again": look_again,
    "certify": certify,
    "tell erased": tell_erased,
    "close": close,
    "tell refusal": tell_refusal,
}
