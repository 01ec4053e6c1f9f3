"""Restriction (GDPR Art. 18): data is stored and nothing else is done with it, until the person was told it ends."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from compliance.audit.append import record
from compliance.errors import MoveRefused
from compliance.requests.models import PrivacyRequest
from compliance.standing import Restriction
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.language import marked as _


def restrict(
    session: Session, settings: config.Settings, request: PrivacyRequest, account: Account, now: datetime
) -> dict[str, Any]:
    """Restrict everything of this account from now on. The caller holds the account's row. Evidence comes back."""
    session.add(Restriction(account_id=account.id, request_id=request.id, ground=request.about, since=now))
    account.restricted_at = account.restricted_at or now
    _log(session, settings, "restriction set", "system", account.id, now, request.about)
    return {"ground": request.about, "since": now.isoformat()}


def standing(session: Session, account_id: UUID) -> list[Restriction]:
    """The restrictions that stand on an account."""
    return list(
        session.scalars(
            select(Restriction)
            .where(Restriction.account_id == account_id, Restriction.lifted_at.is_(None))
            .order_by(Restriction.since)
        )
    )


def lift_own(session: Session, settings: config.Settings, account_id: UUID, now: datetime) -> None:
    """The person ends her own restrictions, at once: they stood for her sake."""
    _lift(session, settings, account_id, standing(session, account_id), "person", now)


def announce(
    session: Session, settings: config.Settings, restriction_id: UUID, staff: int, now: datetime
) -> Restriction:
    """Write down that the person was told that it will end (GDPR 18(3)). The letter goes before this is called."""
    found = session.get(Restriction, restriction_id, with_for_update=True)
    if found is None or found.lifted_at is not None:
        raise MoveRefused(_("This restriction does not stand any more."))
    if found.announced_at is None:
        found.announced_at = now
        _log(session, settings, "restriction end announced", f"staff:{staff}", found.account_id, now, found.ground)
    return found


def lift(session: Session, settings: config.Settings, restriction_id: UUID, staff: int, now: datetime) -> None:
    """End a restriction. Raises MoveRefused if the person was not told before (GDPR 18(3))."""
    found = session.get(Restriction, restriction_id, with_for_update=True)
    if found is None or found.lifted_at is not None:
        raise MoveRefused(_("This restriction does not stand any more."))
    if found.announced_at is None:
        raise MoveRefused(_("Tell the person first that it will end (GDPR 18(3))."))
    _lift(session, settings, found.account_id, [found], f"staff:{staff}", now)


def _lift(
    session: Session, settings: config.Settings, account_id: UUID, which: list[Restriction], by: str, now: datetime
) -> None:
    account = session.scalar(select(Account).where(Account.id == account_id).with_for_update())
    for each in which:
        each.lifted_at, each.lifted_by = now, by
        _log(session, settings, "restriction lifted", by, account_id, now, each.ground)
    session.flush()
    if account is not None and not standing(session, account_id):
        account.restricted_at = None


def _log(
    session: Session, settings: config.Settings, action: str, actor: str, account_id: UUID, now: datetime, ground: str
) -> None:
    subject = digests.of_subject(settings, account_id)
    record(session, at=now, actor=actor, action=action, subject=subject, facts={"ground": ground})
