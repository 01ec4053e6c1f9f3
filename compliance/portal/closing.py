"""The banner on every page of an account that is being closed: until when, and the way back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import g
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from compliance.requests import clocks, laws
from compliance.requests.kinds import Kind, State
from compliance.requests.models import PrivacyRequest
from imgpilot import web
from imgpilot.accounts.models import Account


@dataclass(frozen=True)
class Closing:
    """The deletion that can still be taken back."""

    request_id: UUID
    until: date


def notice() -> Closing | None:
    """The deletion that whoever is signed in can still take back; none for nearly everybody.

    Never an error: it stands on the pages that say that something failed, too.
    """
    if g.get("person") is None:
        return None
    session = web.session()
    try:
        # The account was loaded with the sign-in: for nearly everybody this asks the database nothing.
        account = session.get(Account, g.person.id)
        if account is None or account.closing_at is None:
            return None
        found = session.scalars(
            select(PrivacyRequest).where(
                PrivacyRequest.account_id == account.id,
                PrivacyRequest.kind == Kind.DELETION,
                PrivacyRequest.state == State.COOLING,
            )
        ).first()
        until = erased_on(found) if found else None
    except SQLAlchemyError:
        return None
    return Closing(found.id, until) if found and until else None


def erased_on(request: PrivacyRequest) -> date | None:
    """The day on which a deletion can be taken back no longer, by the calendar where the person lives."""
    return clocks.received_on(request.cool_until, laws.zone_of(request.zone)) if request.cool_until else None
