"""Mail goes out over SMTP, through the gateway: one message, one disclosure."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit
from uuid import UUID

import config
from imgpilot.errors import PersonalError, Refused
from imgpilot.gateway import Gateway
from imgpilot.language import translate
from imgpilot.privacy import Purpose
from imgpilot.processors import MAIL
from imgpilot.purposes import RIGHTS, SIGN_IN, STAFF

#: What can be mailed to somebody who has no account: the answer to their request, the way in, what staff need.
#: Whatever else goes by mail says whose account it is about, so that the gateway can ask what they allow.
TO_ANYBODY = (RIGHTS, SIGN_IN, STAFF)
#: A person waits for this: the mail server has this long to take the message.
PATIENCE = 15


class MailNotSent(PersonalError):
    """The mail server did not take the message. Nothing was lost; it can be asked for again."""

    status = 503


class MailRefused(MailNotSent):
    """The mail server refused the address or the message for good: sending it again would be refused again."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    media_type: str
    data: bytes


class Mailer:
    """Sends messages. `smtp://` turns to TLS where the server offers STARTTLS; `smtps://` is TLS at once."""

    def __init__(self, settings: config.Settings, gateway: Gateway) -> None:
        self._settings = settings
        self._gateway = gateway

    def send(
        self,
        to: str,
        subject_line: str,
        text: str,
        html: str,
        *,
        purpose: Purpose,
        subject: UUID | None,
        language: str = "en",
        attachments: Sequence[Attachment] = (),
    ) -> UUID:
        """Send one message; the id of its line in the disclosure log comes back.

        Raises MailNotSent, and of those MailRefused where sending again is of no use. Raises Refused (Stopped, if it
        is for the person's sake) before anything leaves: their data is restricted, or they did not agree to this.
        """
        if subject is None and purpose not in TO_ANYBODY:
            raise Refused(f"a mail for {purpose.key} must say whose account it is about")
        message = EmailMessage()
        message["From"] = self._settings.mail_from
        message["To"] = to
        message["Subject"] = subject_line
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=urlsplit(self._settings.site_url).hostname)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        for attachment in attachments:
            kind, _, sub = attachment.media_type.partition("/")
            message.add_attachment(attachment.data, kind, sub, filename=attachment.name)
        # Last: whatever sets content clears the Content-* headers that are there.
        message["Content-Language"] = language.replace("_", "-")
        try:
            with self._gateway.disclosing(
                MAIL,
                purpose,
                subject=subject,
                categories=("user.contact.email",),
                sent=message.as_bytes(),
            ) as line:
                self._hand_over(message)
                line.status = 250
        except (OSError, smtplib.SMTPException) as error:
            # `from None`: what the server says quotes the address.
            raise (MailRefused if _for_good(error) else MailNotSent)(
                translate(
                    language,
                    "The mail server did not take our message. Nothing was lost. Ask again in a few minutes.",
                )
            ) from None
        return line.id

    def _hand_over(self, message: EmailMessage) -> None:
        url = urlsplit(self._settings.smtp_address)
        secure = url.scheme == "smtps"
        host, port = url.hostname or "localhost", url.port or (465 if secure else 587)
        context = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
            if secure
            else smtplib.SMTP(host, port, timeout=PATIENCE)
        )
        with server:
            server.ehlo()
            if not secure and not server.has_extn("starttls") and self._settings.is_production:
                raise smtplib.SMTPNotSupportedError("the mail server offers no TLS")  # P18: never in clear text
            if not secure and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)


def _for_good(error: Exception) -> bool:
    """Whether this message would be refused again. A sender or a password that is refused is our mistake, not its."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
        return bool(codes) and all(500 <= code < 600 for code in codes)
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600
