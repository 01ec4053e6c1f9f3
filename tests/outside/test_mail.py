"""What the mail server says no to: for good, or only for now."""

import smtplib

import pytest

from imgpilot.mail import Mailer, MailNotSent, MailRefused
from imgpilot.parts import Parts
from imgpilot.purposes import SIGN_IN

ANA = "ana@example.com"


@pytest.mark.parametrize(
    ("said", "for_good"),
    [
        (smtplib.SMTPRecipientsRefused({ANA: (550, b"no such user ana@example.com")}), True),
        (smtplib.SMTPDataError(554, b"ana@example.com is not wanted"), True),
        (smtplib.SMTPRecipientsRefused({ANA: (450, b"mailbox busy")}), False),
        (smtplib.SMTPRecipientsRefused({ANA: (550, b"no"), "bob@example.com": (451, b"later")}), False),
        (smtplib.SMTPDataError(451, b"later"), False),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), False),
        (smtplib.SMTPSenderRefused(550, b"not you", "hi@imgpilot.app"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError(), False),
    ],
)
def test_a_mail_that_is_refused_for_good_is_told_from_one_that_is_not(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, said: Exception, for_good: bool
) -> None:
    def refusing(*_given: object) -> None:
        raise said

    monkeypatch.setattr(Mailer, "_hand_over", refusing)
    with pytest.raises(MailNotSent) as told:
        parts.mailer.send(ANA, "Hello", "text", "<p>text</p>", purpose=SIGN_IN, subject=None)
    assert isinstance(told.value, MailRefused) is for_good
    assert ANA not in str(told.value)
    assert told.value.__suppress_context__
