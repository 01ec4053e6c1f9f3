"""A case for another system: opened by the functions of the domain, and followed without what people wrote."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from compliance.console.case import Case
from compliance.errors import MoveRefused
from compliance.portal import places
from compliance.requests import regimes
from compliance.requests.kinds import Channel, Kind, Proof
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import Asked, open_request, open_unproved
from imgpilot.accounts import addresses
from imgpilot.accounts.errors import BadAddress
from imgpilot.accounts.models import Account
from imgpilot.language import known
from imgpilot.language import marked as _

#: A date further back is a slip of the pen.
OLDEST = timedelta(days=366)
#: What a case says of itself: codes, numbers and days. Nothing that people wrote, and no address.
FACTS = (
    "id",
    "number",
    "case",
    "kind",
    "about",
    "regime",
    "country",
    "subdivision",
    "language",
    "channel",
    "state",
    "outcome",
    "refused_for",
    "proof",
    "received_at",
    "due_on",
    "acknowledge_by",
    "acknowledged_at",
    "extended_at",
    "paused_on",
    "paused_for",
    "cool_until",
    "answered_at",
    "closed_at",
    "appealed_at",
    "assigned_to",
    "proposed_by",
    "decided_by",
)
#: What is shown for a reason only.
MASKED = ("account_id", "contact", "details", "proposed", "refusal", "appeal")


def opened(
    session: Session, settings: config.Settings, sent: dict[str, Any], actor: Actor, now: datetime
) -> PrivacyRequest:
    """The request that was sent (rest_fields.Opening), written down. Raises MoveRefused. The caller commits.

    With an address only, the person proves who they are by the link that goes there. For an account an officer
    vouches, and a deletion then needs a second one.
    """
    kind, place = Kind(sent["kind"]), places.read(sent["country"], sent["subdivision"])
    if not sent["regime"] and not place.known:
        raise _bad(_("Say where they live, or which law counts: the time to answer depends on it."))
    if sent["country"] and not place.known:
        raise _bad(_("This place is not known. Send a code of ISO 3166."))
    law = sent["regime"] or regimes.for_place(place.country, place.part).key
    asked = Asked(
        about=sent["about"],
        details=sent["details"],
        proposed=sent["proposed"],
        country=place.country or None,
        subdivision=place.part or None,
        zone=place.zone if place.known else "UTC",
        language=known(sent["language"]),
        channel=Channel.API,
        received_at=_received(sent["received_at"], now),
        cooling=kind is Kind.DELETION,
    )
    if bool(sent["contact"].strip()) == bool(sent["account"]):
        raise _bad(_("Send either the person's address or their account."))
    if not sent["account"]:
        return open_unproved(session, settings, _address(sent["contact"]), kind, law, now, actor, asked)
    if Who.OFFICER not in actor.hats:
        raise MoveRefused(_("Only an officer can vouch for who asks. Send the person's address instead."))
    account = session.scalar(select(Account).where(Account.id == sent["account"]))
    if account is None:
        raise _bad(_("There is no such account."))
    return open_request(session, settings, account, kind, law, now, actor, Proof.STAFF, asked)


class _Bad(MoveRefused):
    status = 422


def _bad(text: str) -> MoveRefused:
    return _Bad(text)


def _address(typed: str) -> str:
    try:
        return addresses.read(typed)
    except BadAddress:
        raise _bad(_("This is no e-mail address.")) from None


def _received(at: datetime | None, now: datetime) -> datetime | None:
    if at is None:
        return None
    if not now - OLDEST <= at <= now:
        raise _bad(_("The request was received at most a year ago, and not in the future."))
    return at.astimezone(UTC)


def facts(request: PrivacyRequest) -> dict[str, Any]:
    """The case in codes, numbers and days."""
    return {name: _plain(getattr(request, name)) for name in FACTS}


def followed(case: Case) -> dict[str, Any]:
    """The case with its plan, its steps and its timeline: how far it is, and what was done."""
    plan = case.plan
    return facts(case.request) | {
        "plan": {
            "digest": plan.digest,
            "tables": [
                {"table": line["table"], "rows": line.get("rows"), "becomes": line.get("becomes")}
                for line in plan.body.get("tables", ())
            ],
        }
        if plan
        else None,
        "steps": [
            {"name": one.name, "phase": one.phase, "state": one.state, "done_at": _plain(one.done_at)}
            for one in case.steps
        ],
        "timeline": [
            {"at": _plain(one.at), "by": one.actor, "what": one.what, "facts": one.facts} for one in case.timeline
        ],
    }


def whole(request: PrivacyRequest) -> dict[str, Any]:
    """What people wrote and how they are reached."""
    return {name: _plain(getattr(request, name)) for name in MASKED}


def number(text: str) -> UUID | None:
    """The id in an address of the interface; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
