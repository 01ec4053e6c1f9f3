"""Links that prove an address: mailed, looked at as often as one likes, used once. We keep a digest; only the mail
has the link.

A link proves the address that it was mailed to, for the request that it was made for, and nothing else: the token
carries a keyed digest of the address, so a link is dead as soon as the request has another one.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import config
from compliance.errors import ComplianceError, MoveRefused, StepFailed
from compliance.requests import moves
from compliance.requests.casework import IdentityCheck
from compliance.requests.kinds import Channel, State
from compliance.requests.models import PrivacyRequest
from imgpilot.accounts import addresses
from imgpilot.accounts.errors import BadAddress
from imgpilot.digests import keyed
from imgpilot.errors import PersonalError
from imgpilot.language import marked as _
from imgpilot.parts import Parts

#: How long a link works.
LASTS = timedelta(days=7)
#: What can be proved, as `IdentityCheck.method` says it.
ADDRESS, NEW_ADDRESS, PERMISSION, FURTHER = "address", "new address", "permission", "further"
#: Of a token: the digest of the address behind the secret.
_MARK = 32


class LinkDead(ComplianceError, PersonalError):
    """The link does nothing: never sent, cut off, run out, replaced, used, or not needed any more.

    One answer for all of these, so that it tells nothing about the request.
    """

    status = 410

    def __init__(self) -> None:
        super().__init__(
            _(
                "Each link works once, for 7 days, and only the newest one. Open the newest mail from us, or copy the "
                "link whole. If you answered already, there is nothing more to do."
            )
        )


@dataclass(frozen=True)
class Link:
    """A link that works: what it would prove, for which request, of which address."""

    check: IdentityCheck
    request: PrivacyRequest
    address: str


def make(parts: Parts, request_id: UUID, method: str, now: datetime, to: str | None = None) -> str:
    """Make a link and end the older ones of the same method; its URL comes back, to be mailed at once.

    `method` is "address" (of the request; "permission" where an agent asks) or "new address" (of a correction). `to`:
    the address it is about to be mailed to, if the caller read that before; a link mailed to an address that is not
    the request's any more proves nothing. Committed before it returns. Raises StepFailed if there is nothing to prove.
    """
    with parts.sessions.begin() as session:
        try:
            request = moves.locked(session, request_id)
        except MoveRefused as error:
            raise StepFailed(str(error), again=False) from None
        address = to or address_of(request, method)
        if address is None or not _waits_for(request, method):
            raise StepFailed("The request does not wait for this proof any more.", again=False)
        if method == ADDRESS and request.channel in (Channel.AGENT, Channel.DRP):
            method = PERMISSION
        end(session, request, method, now)
        token = secrets.token_urlsafe(32)
        token += _mark(parts.settings, token, address)
        session.add(
            IdentityCheck(
                request_id=request.id,
                method=method,
                asked_at=now,
                digest=_digest(parts.settings, token),
                expires_at=now + LASTS,
            )
        )
    return f"{parts.settings.site_url}/privacy/confirm/{token}"


def end(session: Session, request: PrivacyRequest, method: str, now: datetime) -> None:
    """End the links of this method that were not used."""
    session.execute(
        update(IdentityCheck)
        .where(
            IdentityCheck.request_id == request.id,
            IdentityCheck.method == method,
            IdentityCheck.digest.is_not(None),
            IdentityCheck.passed_at.is_(None),
            IdentityCheck.failed_at.is_(None),
        )
        .values(expires_at=now, digest=None)
    )


def look(session: Session, settings: config.Settings, token: str, now: datetime) -> Link:
    """What the link would prove now; nothing is changed. Raises LinkDead."""
    check = session.scalar(select(IdentityCheck).where(IdentityCheck.digest == _digest(settings, token)))
    request = session.get(PrivacyRequest, check.request_id) if check else None
    return _working(settings, token, check, request, now)


def take(session: Session, settings: config.Settings, token: str, now: datetime) -> Link:
    """The same, with the request and the link locked, to be used in this transaction. Raises LinkDead."""
    seen = look(session, settings, token, now)
    # The request first, as everywhere; of two at once the second finds the link used.
    request = moves.locked(session, seen.request.id)
    check = session.scalar(
        select(IdentityCheck)
        .where(IdentityCheck.id == seen.check.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return _working(settings, token, check, request, now)


def address_of(request: PrivacyRequest, method: str) -> str | None:
    """The address that a link of this method proves."""
    if method != NEW_ADDRESS:
        return request.contact
    try:
        return addresses.read(request.proposed or "")
    except BadAddress:
        return None


def _waits_for(request: PrivacyRequest, method: str) -> bool:
    if method == NEW_ADDRESS:
        return request.closed_at is None
    return request.state == State.PROVING


def _working(
    settings: config.Settings,
    token: str,
    check: IdentityCheck | None,
    request: PrivacyRequest | None,
    now: datetime,
) -> Link:
    if check is None or request is None or check.passed_at or check.failed_at:
        raise LinkDead
    if check.expires_at is None or now >= check.expires_at or not _waits_for(request, check.method):
        raise LinkDead
    address = address_of(request, check.method)
    secret, mark = token[:-_MARK], token[-_MARK:]
    if address is None or not hmac.compare_digest(mark, _mark(settings, secret, address)):
        raise LinkDead
    return Link(check, request, address)


def _mark(settings: config.Settings, token: str, address: str) -> str:
    return keyed(settings, "identity-link-address", f"{token}\0{address.lower()}")[:_MARK]


def _digest(settings: config.Settings, token: str) -> str:
    return keyed(settings, "identity-link", token)
