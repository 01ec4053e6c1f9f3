"""Companies without an interface that deletes one person's data: they get the notice by mail.

No image provider but fal offers one, and at fal what was left of a picture was removed when it was made
(imgpilot.generation.make); a mail server offers none for its delivery logs.
"""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import config
from compliance.errors import StepFailed
from compliance.processors.notice import Notice
from compliance.requests.kinds import Kind
from imgpilot.mail import MailNotSent, MailRefused
from imgpilot.parts import Parts
from imgpilot.processors import Processor
from imgpilot.purposes import RIGHTS

#: Every mail server has this mailbox (RFC 5321 4.5.1).
POSTMASTER = "postmaster"
NO_ANSWER = "no answer is needed"


class ByMail:
    """A processor that is told by mail, at the address of the register."""

    def __init__(self, processor: Processor) -> None:
        self.processor = processor

    def spared(self, kind: Kind) -> str:
        """It always gets one: what it holds is out of our reach."""
        return ""

    def notify(self, parts: Parts, notice: Notice, subject: UUID | None) -> dict[str, Any]:
        """Mail the notice."""
        to = address(self.processor, parts.settings)
        try:
            line = parts.mailer.send(
                to,
                notice.subject,
                notice.text(),
                notice.html(),
                purpose=RIGHTS,
                subject=subject,
                attachments=(notice.list(),),
            )
        except MailRefused:
            raise StepFailed(
                f"The mail server refused the notice to {to} for good. Correct the address in the register and try "
                "again, or tell them another way and leave this step out.",
                again=False,
            ) from None
        except MailNotSent:
            raise StepFailed("The mail server did not take the notice.") from None
        return {
            "processor": self.processor.key,
            "sent_to": to,
            "notice": notice.number,
            "calls": notice.received["times"],
            "by": notice.by.isoformat(),
            "disclosure": str(line),
            "answer": NO_ANSWER,
        }


def address(processor: Processor, settings: config.Settings) -> str:
    """Where a company takes notices: what the register says; for the mail server itself, its postmaster."""
    if processor.notices:
        return processor.notices
    host = urlsplit(settings.smtp_address).hostname or "localhost"
    return f"{POSTMASTER}@{'localhost' if host in ('127.0.0.1', '::1') else host}"
