"""The notice of a new version by e-mail: one mail for each account, however often it is started (policy P21)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from imgpilot.accounts.models import Account
from imgpilot.errors import ImgPilotError, Refused
from imgpilot.look.letters import FOLDER, letter
from imgpilot.mail import MailNotSent, MailRefused
from imgpilot.parts import Parts
from imgpilot.policies import shown
from imgpilot.policies.shown import MAIL
from imgpilot.policies.versions import Version
from imgpilot.purposes import MESSAGES

#: So many accounts are looked up at once.
BATCH = 500
#: When the mail server did not take so many in a row, the rest would fail as well.
PATIENCE = 3
#: Where the letter is.
LETTERS: Path = FOLDER / "policies"


class MailServerAway(ImgPilotError):
    """The mail server takes no mail. What was sent stays noted; the command can be given again."""


@dataclass
class Told:
    """What became of the notices."""

    mailed: int = 0
    #: The address does not exist any more, or the server wants no mail for it.
    refused: int = 0
    #: The gateway let nothing out for this account.
    skipped: int = 0
    failed: int = 0


def waiting(parts: Parts, version: Version) -> int:
    """How many accounts would get the notice now."""
    with parts.sessions() as session:
        return session.scalar(select(func.count()).select_from(Account).where(shown.untold(version, MAIL))) or 0


def announce(parts: Parts, version: Version, each: Callable[[], object] = lambda: None) -> Told:
    """Mail the notice to everybody who has not got it; `each` is called after every account.

    Safe to repeat and to run twice at once: the note that an account was told is written with its mail. Raises
    MailServerAway.
    """
    told, in_a_row = Told(), 0
    for account_id in _accounts(parts, version):
        outcome = _tell(parts, version, account_id)
        in_a_row = in_a_row + 1 if outcome == "failed" else 0
        if outcome:
            setattr(told, outcome, getattr(told, outcome) + 1)
        if in_a_row >= PATIENCE:
            raise MailServerAway(
                f"the mail server takes no mail; {told.mailed} were told. Give the command again to go on"
            )
        each()
    return told


def _accounts(parts: Parts, version: Version) -> Iterator[UUID]:
    """Everybody to tell, in the order of their ids; found anew for each batch."""
    after: UUID | None = None
    while True:
        wanted = select(Account.id).where(shown.untold(version, MAIL)).order_by(Account.id).limit(BATCH)
        with parts.sessions() as session:
            found = session.scalars(wanted if after is None else wanted.where(Account.id > after)).all()
        yield from found
        if not found:
            return
        after = found[-1]


def _tell(parts: Parts, version: Version, account_id: UUID) -> str:
    """Tell one person; what became of it, "" if there was nothing to do."""
    try:
        with parts.sessions.begin() as session:
            # A second run waits at this row until the mail is out, and then finds it there.
            if not shown.note(session, account_id, version, MAIL, parts.clock()):
                return ""
            email, language = session.execute(
                select(Account.email, Account.language).where(Account.id == account_id)
            ).one()
            _send(parts, version, account_id, email, language)
    except MailRefused:
        return "refused"
    except MailNotSent:
        return "failed"
    except Refused:
        return "skipped"
    return "mailed"


def _send(parts: Parts, version: Version, account_id: UUID, email: str, language: str) -> None:
    said = version.text(language).changes
    mail = letter(
        "policy_changed",
        language,
        LETTERS,
        day=version.day(language),
        ahead=version.begins > parts.clock(),
        changes=[one.plain for one in said.paragraphs] if said else [],
        address=f"{parts.settings.site_url}/privacy-policy",
    )
    parts.mailer.send(
        email, mail.subject, mail.text, mail.html, purpose=MESSAGES, subject=account_id, language=language
    )
