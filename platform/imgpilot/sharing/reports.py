"""Somebody says that a public picture should not be there; staff leave it or take it down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

import config
from imgpilot.accounts import addresses
from imgpilot.accounts.errors import BadAddress
from imgpilot.accounts.models import Account
from imgpilot.errors import NotYours, PersonalError, Refused
from imgpilot.generation.models import Image
from imgpilot.language import marked as _
from imgpilot.language import translate
from imgpilot.limits import Limit, count
from imgpilot.look.letters import letter
from imgpilot.mail import MailNotSent
from imgpilot.parts import Parts
from imgpilot.purposes import MESSAGES, RIGHTS
from imgpilot.sharing import publishing
from imgpilot.sharing.errors import Gone
from imgpilot.sharing.models import Share, ShareReport

#: What can be wrong with a picture, in the order of the form.
REASONS = {
    "me": _("It shows me, or somebody I speak for"),
    "child": _("It shows a child in a sexual or abusive way"),
    "intimate": _("It shows somebody naked or intimate who did not agree"),
    "stolen": _("It is my work, or somebody else’s"),
    "hate": _("It is hateful, threatening or cruel"),
    "deceives": _("It deceives: it passes for a real event or a real person"),
    "other": _("Something else"),
}
#: Those that staff look at first.
FIRST = ("child", "intimate")
LEFT, TAKEN_DOWN = "left", "taken down"
#: The most characters of what a reporter writes.
LONGEST = 2000
LIMIT = Limit("picture report", 5, timedelta(hours=1))


class NotReported(PersonalError):
    """The form cannot be taken as it is. `field` names the part of it."""

    status = 422

    def __init__(self, field: str, text: str, **values: object) -> None:
        super().__init__(text, **values)
        self.field = field


class TooManyReports(PersonalError):
    """One client reported more than anybody needs to in an hour."""

    status = 429
    field: ClassVar[str] = "report"

    def __init__(self) -> None:
        super().__init__(
            _("From here came many reports within the hour. Write to %(contact)s, and say which pages you mean."),
            contact=config.CONTACT,
        )


class Decided(PersonalError):
    """Somebody else decided it meanwhile."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("This report is decided already. Nothing was changed."))


@dataclass(frozen=True, slots=True)
class Told:
    """Who is written to after a decision. `to` is an address."""

    words: str
    to: str
    language: str
    account_id: UUID | None
    why: str
    down: bool


def add(
    session: Session,
    parts: Parts,
    share_id: str,
    who: str,
    reason: str,
    details: str,
    contact: str,
    language: str,
    now: datetime,
) -> ShareReport:
    """Take a report; `who` is the client's address, which is counted and not kept.

    The caller has found the page, and commits also when too many came, so that they are counted. Raises NotReported,
    TooManyReports, and Gone if the page is taken back at this moment.
    """
    if reason not in REASONS:
        raise NotReported("reason", _("Choose what is wrong with it."))
    said, at = details.replace("\r\n", "\n").replace("\x00", "").strip(), contact.strip()
    if len(said) > LONGEST:
        raise NotReported("details", _("That is longer than %(limit)s characters. Make it shorter."), limit=LONGEST)
    if reason == "other" and not said:
        raise NotReported("details", _("Say in a sentence what is wrong with it."))
    if at:
        try:
            at = addresses.read(at)
        except BadAddress as error:
            raise NotReported("contact", error.text, **error.values) from None
    if not count(session, parts.settings, LIMIT, who, now).allowed:
        raise TooManyReports
    # Whoever takes the page back waits, or was first.
    page = select(Share.id).where(Share.id == share_id).with_for_update(read=True, key_share=True)
    if session.scalar(page) is None:
        raise Gone
    made = ShareReport(at=now, share_id=share_id, reason=reason, details=said, contact=at or None, language=language)
    session.add(made)
    session.flush()
    return made


def waiting(session: Session) -> int:
    """How many reports nobody has decided."""
    return session.scalar(select(func.count()).where(ShareReport.decided_at.is_(None))) or 0


def decide(
    parts: Parts, session: Session, report_id: UUID, take_down: bool, staff: int, now: datetime
) -> tuple[UUID | None, list[Told]]:
    """Leave the page or take it down; the account whose page it is (None: gone before), and who is to be told.

    Taking down answers every open report about the page, and the picture cannot be published again. The caller
    commits, then calls `tell`. Raises NotYours, Decided.
    """
    report, share, others = _locked(session, report_id)
    if report.decided_at is not None:
        raise Decided
    answered = [report, *(others if take_down else [])]
    told = []
    for each in answered:
        # A page that is gone already was left by us, whatever is chosen.
        each.decision = TAKEN_DOWN if take_down and share is not None else LEFT
        each.decided_at, each.decided_by = now, staff
        if each.contact:
            down = each.decision == TAKEN_DOWN or share is None
            told.append(Told("share_report_answered", each.contact, each.language, None, each.reason, down))
    if share is None:
        return None, told
    owner_id = share.account_id
    if take_down:
        owner = session.get_one(Account, owner_id)
        told.append(Told("share_taken_down", owner.email, owner.language, owner_id, report.reason, True))
        session.execute(update(Image).where(Image.id == share.image_id).values(barred_for=report.reason))
        publishing.end(parts, session, [share])
    return owner_id, told


def _locked(session: Session, report_id: UUID) -> tuple[ShareReport, Share | None, list[ShareReport]]:
    """The report, the page it is about and every other open report about that, all locked. Raises NotYours.

    The account, its picture, its page, then what was said of it: as whoever erases, removes or takes back. Two who
    decide two reports about one page meet at the page.
    """
    share_id = session.scalar(select(ShareReport.share_id).where(ShareReport.id == report_id))
    share = _locked_page(session, share_id) if share_id else None
    asked = ShareReport.id == report_id
    if share is not None:
        asked |= and_(ShareReport.share_id == share.id, ShareReport.decided_at.is_(None))
    wanted = select(ShareReport).where(asked).order_by(ShareReport.id).with_for_update()
    found = {each.id: each for each in session.scalars(wanted, execution_options={"populate_existing": True})}
    report = found.pop(report_id, None)
    if report is None:
        raise NotYours(_("There is no such report."))
    return report, share, list(found.values())


def _locked_page(session: Session, share_id: str) -> Share | None:
    where = session.execute(select(Share.account_id, Share.image_id).where(Share.id == share_id)).one_or_none()
    if where is None:
        return None
    session.execute(select(Account.id).where(Account.id == where.account_id).with_for_update(read=True))
    session.execute(select(Image.id).where(Image.id == where.image_id).with_for_update(key_share=True))
    page = select(Share).where(Share.id == share_id).with_for_update()
    return session.scalar(page, execution_options={"populate_existing": True})


def tell(parts: Parts, told: list[Told]) -> int:
    """Send these letters; how many could not be sent. The decision stands either way."""
    failed = 0
    for each in told:
        why = translate(each.language, REASONS.get(each.why, REASONS["other"]))
        mail = letter(each.words, each.language, why=why, down=each.down)
        # An owner is told as a customer; who reported gets the answer to what they asked for (GDPR 12(3), DSA 16(5)).
        purpose = MESSAGES if each.account_id else RIGHTS
        try:
            parts.mailer.send(
                each.to,
                mail.subject,
                mail.text,
                mail.html,
                purpose=purpose,
                subject=each.account_id,
                language=each.language,
            )
        except (MailNotSent, Refused):  # the server was away, or the owner's data is restricted meanwhile
            failed += 1
    return failed
