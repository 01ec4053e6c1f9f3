"""A person asks in the privacy centre."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest
from compliance.requests.opening import open_request
from imgpilot.accounts.models import Account
from imgpilot.errors import NotYours, PersonalError
from imgpilot.language import marked as _
from imgpilot.parts import Parts

#: Where a person says they live, and the law that is then applied. Where we know no law, we act by the GDPR.
PLACES = {
    "eu": (_("In the European Union, Norway, Iceland or Liechtenstein"), "gdpr"),
    "california": (_("In California"), "ccpa"),
    "elsewhere": (_("Somewhere else"), "gdpr"),
}


class WhereFirst(PersonalError):
    """Which law applies depends on where the person lives."""


def kind(text: str) -> Kind:
    """The kind that an address names."""
    try:
        return Kind(text)
    except ValueError:
        raise NotYours(_("There is nothing of that kind to ask for.")) from None


def ask(session: Session, parts: Parts, me: Account, what: Kind, place: str) -> PrivacyRequest:
    """Write the request down under the law of the place. Raises WhereFirst without a place."""
    if place not in PLACES:
        raise WhereFirst(_("Say where you live: the time we have to answer depends on it. Nothing was sent."))
    return open_request(session, parts.settings, me, what, PLACES[place][1], parts.clock())


def of(session: Session, account_id: UUID) -> list[PrivacyRequest]:
    """The person's requests, the open ones first, then the newest."""
    return list(
        session.scalars(
            select(PrivacyRequest)
            .where(PrivacyRequest.account_id == account_id)
            .order_by(PrivacyRequest.closed_at.is_not(None), PrivacyRequest.received_at.desc())
        )
    )
