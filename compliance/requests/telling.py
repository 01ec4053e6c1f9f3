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


def acknowledge(job: Job) -> Finish:
    """Tell the person that the request is here, and by when it is answered."""
    return send(job, letters.received(job.request, job.parts.settings))


def tell_ready(job: Job) -> Finish:
    """Tell the person that the package can be fetched, signed in. It never goes by mail."""
    return send(job, letters.ready(job.request, job.parts.settings))


def tell_erased(job: Job) -> Finish:
    """Send the certificate. It holds no personal data, so it may go by mail; the account is gone by now."""
    data = b"".join(job.parts.storage.open(f"requests/{job.request.id}/certificate.pdf"))
    attachment = Attachment(f"{job.request.case}-certificate.pdf", "application/pdf", data)
    return send(job, letters.erased(job.request, job.parts.settings), (attachment,))


def tell_refusal(job: Job) -> Finish:
    """Tell the person why not, and where to complain."""
    return send(job, letters.refused(job.request, job.parts.settings))
