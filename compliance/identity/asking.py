"""The public form: somebody asks of whom we know nothing but the address they typed.

Nothing here looks at whether there is an account with that address, so nobody learns it: not from the answer, not
from its time. An account that is claimed is looked up the same way whether it is there or not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from compliance import attachments
from compliance.errors import ComplianceError
from compliance.identity import evidence
from compliance.portal.places import Place
from compliance.requests import moves, regimes
from compliance.requests.kinds import Channel, Kind
from compliance.requests.models import PrivacyRequest
from compliance.requests.opening import ABOUT, LONGEST_DETAILS, Asked, open_unproved
from imgpilot import digests
from imgpilot.accounts import addresses
from imgpilot.accounts.errors import BadAddress
from imgpilot.accounts.models import Account
from imgpilot.errors import PersonalError
from imgpilot.language import marked as _
from imgpilot.parts import Parts

#: So many requests an hour with one address, lest somebody fills another person's mailbox.
AN_HOUR, MOST = timedelta(hours=1), 5


class NotFilledIn(ComplianceError, PersonalError):
    """Something in the form is missing or wrong. `fields`: what to do, by field. Nothing was sent."""

    status = 422

    def __init__(self, fields: dict[str, PersonalError]) -> None:
        super().__init__(_("Nothing was sent yet."))
        self.fields = fields


class TooManyAsked(ComplianceError, PersonalError):
    """Several requests came with this address just now. The same whether there is an account with it or not."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            _("Several requests were sent with this address within the hour. Open our newest mail, or ask again later.")
        )


NOWHERE = Place()


@dataclass(frozen=True)
class Form:
    """What was typed, as it was typed. `claimed`: the address of the account that is meant, if it is another one."""

    kind: Kind
    address: str = ""
    place: Place = NOWHERE
    about: str = ""
    details: str = ""
    proposed: str = ""
    claimed: str = ""
    for_other: bool = False


@dataclass(frozen=True)
class Upload:
    """A file that came with the form."""

    name: str
    pieces: Iterable[bytes] = field(repr=False)


def ask(
    session: Session, parts: Parts, form: Form, permission: Upload | None, language: str, now: datetime
) -> PrivacyRequest:
    """Write the request down and mail a link to the address; the caller commits. Raises NotFilledIn, TooManyAsked.

    With `for_other` an agent asks: the address is that of the person, who confirms the permission (11 CCR 7063).
    """
    contact, claimed = _checked(form, permission)
    _spare_the_mailbox(session, parts, contact, now)
    asked = Asked(
        about=form.about,
        details=form.details,
        proposed=form.proposed if form.kind is Kind.CORRECTION else "",
        country=form.place.country,
        subdivision=form.place.part or None,
        zone=form.place.zone,
        language=language,
        channel=Channel.AGENT if form.for_other else Channel.FORM,
        cooling=form.kind is Kind.DELETION,
        claimed_id=session.scalar(select(Account.id).where(Account.email == claimed)) if claimed else None,
    )
    law = regimes.for_place(form.place.country, form.place.part)
    request = open_unproved(session, parts.settings, contact, form.kind, law.key, now, moves.PERSON, asked)
    if form.for_other and permission is not None:
        try:
            attachments.add(
                parts, session, request, evidence.PERMISSION, permission.name, permission.pieces, moves.PERSON, now
            )
        except attachments.FileRefused as error:
            raise NotFilledIn({"permission": error}) from None
    return request


def _checked(form: Form, permission: Upload | None) -> tuple[str, str]:
    """The two addresses as we know them. Raises NotFilledIn with everything that is wrong, not only the first."""
    wrong: dict[str, PersonalError] = {}
    contact = _address(form.address, "address", wrong)
    claimed = _address(form.claimed, "claimed", wrong) if form.claimed.strip() and not form.for_other else ""
    if not form.place.country:
        wrong["country"] = PersonalError(_("Say where you live: the time we have to answer depends on it."))
    elif not form.place.known:
        wrong["part"] = PersonalError(_("Choose the state or province: its law may give you more."))
    if form.about not in ABOUT.get(form.kind, ("",)):
        wrong["about"] = PersonalError(_("Say what exactly you mean: it decides what we do."))
    if form.kind is Kind.CORRECTION and form.about == "email":
        _address(form.proposed, "proposed", wrong)
    elif form.kind is Kind.CORRECTION and not form.details.strip():
        wrong["details"] = PersonalError(_("Say what is wrong, and how it should be."))
    if len(form.details) > LONGEST_DETAILS:
        wrong["details"] = PersonalError(_("Say it in at most 5,000 characters."))
    if form.for_other and permission is None:
        wrong["permission"] = PersonalError(_("Attach the signed permission. Without it we cannot act for them."))
    if wrong:
        raise NotFilledIn(wrong)
    return contact, claimed


def _address(typed: str, name: str, wrong: dict[str, PersonalError]) -> str:
    try:
        return addresses.read(typed)
    except BadAddress as error:
        wrong[name] = error
        return ""


def _spare_the_mailbox(session: Session, parts: Parts, contact: str, now: datetime) -> None:
    # Two at once are counted one after the other.
    number = int(digests.of_address(parts.settings, contact)[:15], 16)
    session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
    lately = select(func.count()).where(
        PrivacyRequest.contact == contact,
        PrivacyRequest.channel.in_((Channel.FORM, Channel.AGENT)),
        PrivacyRequest.received_at > now - AN_HOUR,
    )
    if (session.scalar(lately) or 0) >= MOST:
        raise TooManyAsked
