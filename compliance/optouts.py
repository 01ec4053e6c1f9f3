"""Opt-outs and withdrawn consents: done at once, nobody decides (GDPR 7(3), 11 CCR 7026, 7027)."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import config
from compliance.errors import StepFailed
from compliance.requests.models import PrivacyRequest
from compliance.standing import Suppression
from imgpilot import digests
from imgpilot.accounts import choices
from imgpilot.accounts.models import Account


def withdraw_consent(session: Session, request: PrivacyRequest, now: datetime) -> dict[str, Any]:
    """The consent that the request names ends now; what was done before stays lawful (GDPR 7(3))."""
    if request.account_id is None:
        raise StepFailed("The account of this request is gone.", again=False)
    made = choices.say(session, request.account_id, request.about, False, "request", now)
    return {"withdrawn": request.about, "since": made.at.isoformat()}


def opt_out(session: Session, settings: config.Settings, request: PrivacyRequest, now: datetime) -> dict[str, Any]:
    """Keep the choice with the account, or where none is proved with a keyed digest of the address (11 CCR 7022).

    Whoever gives an address need not prove that it is theirs (11 CCR 7060(b)), so the account that has it is opted
    out too. That opens nothing of it to anybody, and the evidence does not say whether there is one.
    """
    if request.account_id is not None:
        made = choices.say(session, request.account_id, request.about, False, "request", now)
        return {"opted out": request.about, "since": made.at.isoformat()}
    if request.contact is None:
        raise StepFailed("There is neither an account nor an address to opt out.", again=False)
    _alone(session, settings, request.contact)
    there = session.scalar(select(Account.id).where(Account.email == request.contact.lower()))
    if there is not None:
        choices.say(session, there, request.about, False, "request", now)
    session.execute(
        insert(Suppression)
        .values(id=uuid4(), digest=digests.of_address(settings, request.contact), what=request.about, at=now)
        .on_conflict_do_nothing()
    )
    return {"opted out": request.about, "since": now.isoformat()}


def recall(session: Session, settings: config.Settings, account: Account, now: datetime) -> None:
    """Write down for the account what was chosen for its address before it had it (config.ARRIVALS).

    What its owner chose since then counts more.
    """
    _alone(session, settings, account.email)
    digest = digests.of_address(settings, account.email)
    for kept in session.scalars(select(Suppression).where(Suppression.digest == digest).order_by(Suppression.what)):
        made = choices.newest(session, account.id, kept.what)
        if made is None or made.at <= kept.at:
            choices.say(session, account.id, kept.what, False, "request", now)


def _alone(session: Session, settings: config.Settings, address: str) -> None:
    """Let nobody else keep a choice for this address or make an account with it until this transaction ends.

    Of two at once each would miss what the other is about to write.
    """
    key = int(digests.keyed(settings, "choices of an address", address.lower())[:15], 16)
    session.execute(select(func.pg_advisory_xact_lock(key)))
