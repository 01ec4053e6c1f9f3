"""Staff write down a request that came by e-mail, post or telephone, with the date of the original."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

import config
from compliance.errors import MoveRefused
from compliance.identity import proofs
from compliance.portal.places import Place
from compliance.requests import identity_levels, laws, queueing, regimes
from compliance.requests.kinds import Channel, Kind
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import NOTHING_MORE, Asked, open_unproved
from imgpilot import digests
from imgpilot.accounts import addresses
from imgpilot.accounts.errors import BadAddress
from imgpilot.language import marked as _

CHANNELS = (Channel.EMAIL, Channel.POST, Channel.PHONE, Channel.AGENT)
#: A date further back is a slip of the pen.
OLDEST = timedelta(days=366)


@dataclass(frozen=True)
class Stated:
    """How staff already know who asks: whose account it is, and what was checked (proofs.CHECKED)."""

    account_id: UUID
    checked: str


def enter(
    session: Session,
    settings: config.Settings,
    staff: Actor,
    channel: Channel,
    contact: str,
    kind: Kind,
    place: Place,
    received_on: date | None,
    now: datetime,
    asked: Asked = NOTHING_MORE,
    stated: Stated | None = None,
) -> PrivacyRequest:
    """Write the request down; it is about no account until that is proved. The caller commits.

    `contact` is the e-mail address of the person (also where an agent asks), or "" if they gave none. `received_on`
    is the day of the original where they live; none means now. A link goes to the address, unless an officer states
    how the identity was proved. `asked` says what exactly; its place, time and channel are set here. Raises
    MoveRefused with what is wrong.
    """
    if not staff.hats & {Who.CLERK, Who.OFFICER}:
        raise MoveRefused(_("That is not yours to decide."))
    if channel not in CHANNELS:
        raise MoveRefused(_("Say how it came in."))
    if not place.known:
        raise MoveRefused(_("Say where they live: the law and the time to answer depend on it."))
    if kind in identity_levels.WITHOUT_ACCOUNT and not contact.strip():
        # Done at once and for nobody: it would fail for ever.
        raise MoveRefused(_("Without an e-mail address there is nothing to opt out. Ask for the address they use."))
    request = open_unproved(
        session,
        settings,
        _address(contact),
        kind,
        regimes.for_place(place.country, place.part).key,
        now,
        staff,
        replace(
            asked,
            country=place.country,
            subdivision=place.part or None,
            zone=place.zone,
            channel=channel,
            received_at=_received(received_on, place.zone, now),
            cooling=kind is Kind.DELETION,
        ),
    )
    if request.contact == "":
        _without_address(session, settings, request)
    if stated is not None and not identity_levels.enough(request):
        proofs.accept_further(session, settings, request.id, stated.account_id, stated.checked, staff, now)
    return request


def _address(typed: str) -> str:
    try:
        return addresses.read(typed) if typed.strip() else ""
    except BadAddress:
        raise MoveRefused(_("This is no e-mail address. Leave it empty if they gave none.")) from None


def _received(day: date | None, zone: str, now: datetime) -> datetime:
    """The beginning of that day where they live: where the law counts hours, none is won."""
    if day is None:
        return now
    at = datetime.combine(day, time(), laws.zone_of(zone))
    if at > now:
        raise MoveRefused(_("A request cannot have been received in the future."))
    if at < now - OLDEST:
        raise MoveRefused(_("That is more than a year ago. Check the date of the original."))
    return at


def _without_address(session: Session, settings: config.Settings, request: PrivacyRequest) -> None:
    """There is nowhere to mail to: staff answer by post, and nobody else is taken for the same person."""
    request.contact, request.subject = None, digests.of_subject(settings, request.id)
    session.execute(
        update(Step).where(Step.request_id == request.id, Step.phase == queueing.LETTER).values(state="dropped")
    )
