"""Steps that write to the person. Each letter is a disclosure; a crash after sending may send it twice."""

from sqlalchemy.orm import Session

from compliance import letters
from compliance.errors import StepFailed
from compliance.letters import Letter
from compliance.requests.casework import RequestLetter
from compliance.requests.kinds import State
from compliance.requests.models import PrivacyRequest
from compliance.requests.steps import Evidence, Finish, Job
from imgpilot.mail import Attachment, MailNotSent, MailRefused
from imgpilot.purposes import RIGHTS


def tell(job: Job, name: str, kind: str) -> Finish:
    """Send the letter of this kind to the person's contact address. `name` is the step's.

    What an officer wrote for the step goes, else the draft. A mailbox that refuses for good holds nothing up: that it
    did is the evidence.
    """
    request = job.request
    if kind == "confirm" and request.state != State.PROVING:
        return lambda _session: {"sent": False, "because": "proved already"}
    if request.contact is None:
        raise StepFailed("There is no contact address to send the letter to.", again=False)
    with job.parts.sessions() as session:
        theirs = letters.waiting(session, request.id, name)
        letter = _letter(session, job, kind, theirs)
    if letter.missing:
        said = ", ".join(f"{{{each}}}" for each in letter.missing)
        raise StepFailed(f"The letter does not say {said} yet. Write it in the case, then try again.", again=False)
    evidence = _send(job, _opened(job, kind, letter), _attached(job, kind))
    return lambda session: _sent(session, job, name, kind, letter, theirs, evidence)


def _letter(session: Session, job: Job, kind: str, theirs: RequestLetter | None) -> Letter:
    settings = job.parts.settings
    if theirs is None:
        return letters.draft(session, settings, job.request, kind, now=job.now)
    subject, body = theirs.subject or "", theirs.body or ""
    return letters.preview(session, settings, job.request, kind, subject, body, theirs.language)


def _opened(job: Job, kind: str, letter: Letter) -> Letter:
    """The letter with the key behind its button, if it has one. The key is in the mail and nowhere else."""
    if not letters.proves(job.request, kind):
        return letter
    from compliance.identity import links

    return letter.leading_to(links.make(job.parts, job.request.id, "address", job.now, to=job.request.contact))


def _attached(job: Job, kind: str) -> tuple[Attachment, ...]:
    if kind != "erased":
        return ()
    data = b"".join(job.parts.storage.open(f"requests/{job.request.id}/certificate.pdf"))
    return (Attachment(f"{job.request.case}-certificate.pdf", "application/pdf", data),)


def _send(job: Job, letter: Letter, attachments: tuple[Attachment, ...]) -> Evidence:
    request = job.request
    assert request.contact
    try:
        line = job.parts.mailer.send(
            request.contact,
            letter.subject,
            letter.text(),
            letter.html(),
            purpose=RIGHTS,
            subject=request.account_id,
            language=letter.language,
            attachments=attachments,
        )
    except MailRefused:
        return {"delivered": False}
    except MailNotSent:
        # Its own words are for the person, in their language; this is read by an officer.
        raise StepFailed("The mail server did not take the letter.") from None
    return {"disclosure": str(line)}


def _sent(
    session: Session,
    job: Job,
    name: str,
    kind: str,
    letter: Letter,
    theirs: RequestLetter | None,
    evidence: Evidence,
) -> Evidence:
    """Keep what was sent with the case; the key of a link is not in it."""
    kept = session.get(RequestLetter, theirs.id, with_for_update=True) if theirs else None
    if kept is None:
        kept = RequestLetter(request_id=job.request.id, step=name, kind=kind, written_at=job.now)
        session.add(kept)
    kept.language, kept.subject, kept.body = letter.language, letter.subject, letter.body
    kept.sent_at, kept.delivered = job.parts.clock(), "disclosure" in evidence
    if kind == "acknowledgement" and kept.delivered:
        request = session.get_one(PrivacyRequest, job.request.id)
        request.acknowledged_at = request.acknowledged_at or kept.sent_at
    return evidence
