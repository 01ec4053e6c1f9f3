"""Objections to what rests on legitimate interests (GDPR Art. 21): it stands still while an officer looks at it."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.requests.models import PrivacyRequest
from imgpilot.accounts import choices
from imgpilot.accounts.choices import OFFERS
from imgpilot.accounts.models import Choice


def plan(session: Session, request: PrivacyRequest) -> dict[str, Any]:
    """What would stop: the purpose, its ground, and how often it was used for choices before."""
    offer = OFFERS[request.about]
    said = session.scalar(
        select(func.count())
        .select_from(Choice)
        .where(Choice.account_id == request.account_id, Choice.what == request.about)
    )
    return {
        "kind": request.kind,
        "stops": request.about,
        "purpose": offer.purpose.key if offer.purpose else "",
        "basis": str(offer.purpose.basis) if offer.purpose else "",
        "choices": said or 0,
    }


def suspend(session: Session, request: PrivacyRequest, now: datetime) -> None:
    """While the objection is pending the processing stands still (GDPR 18(1)(d))."""
    if request.account_id is not None:
        choices.say(session, request.account_id, request.about, False, "request", now)


def stop(session: Session, request: PrivacyRequest, now: datetime) -> dict[str, Any]:
    """The objection holds: it is stopped for good, until the person says otherwise."""
    assert request.account_id is not None
    made = choices.say(session, request.account_id, request.about, False, "request", now)
    return {"stopped": request.about, "since": made.at.isoformat()}


def resume(session: Session, request: PrivacyRequest, now: datetime) -> None:
    """The objection was refused or taken back: what only it had stopped goes on."""
    if request.account_id is None:
        return
    last = choices.newest(session, request.account_id, request.about)
    if last is not None and not last.allowed and last.via == "request" and last.at >= request.received_at:
        choices.say(session, request.account_id, request.about, True, "officer", now)
