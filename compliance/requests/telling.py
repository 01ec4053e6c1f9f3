"""Steps that write to the person. Each letter is a disclosure; a crash after sending may send it twice."""

from compliance import letters
from compliance.errors import StepFailed
from compliance.requests.steps import Finish, Job
from imgpilot.mail import Attachment, MailNotSent, MailRefused
from imgpilot.purposes import RIGHTS


def send(job: Job, letter: letters.Letter, attachments: tuple[Attachment, ...] = ()) -> Finish:
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


def tell(job: Job, name: str, kind: str) -> Finish:
    """Send the letter of this kind. `name` is the step's: a letter an officer wrote for it goes instead."""
    request, settings = job.request, job.parts.settings
    match kind:
        case "erased":
            data = b"".join(job.parts.storage.open(f"requests/{request.id}/certificate.pdf"))
            attachment = Attachment(f"{request.case}-certificate.pdf", "application/pdf", data)
            return send(job, letters.erased(request, settings), (attachment,))
        case "refusal":
            return send(job, letters.refused(request, settings))
        case "ready" | "portable":
            return send(job, letters.ready(request, settings))
    return send(job, letters.received(request, settings))
