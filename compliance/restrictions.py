"""Restriction (GDPR Art. 18): data is stored and nothing else is done with it, until the person was told it ends."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from compliance.audit.append import record
from compliance.errors import MoveRefused
from compliance.requests import queueing
from compliance.requests.casework import RequestLetter
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Written
from compliance.standing import Restriction
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.language import marked as _

#: The letter that says that a restriction will end.
LETTER = "lifting"


def restrict(
    session: Session, settings: config.Settings, request: PrivacyRequest, account: Account, now: datetime
) -> dict[str, Any]:
    """Restrict everything of this account from now on. The caller holds the account's row. Evidence comes back.

    What that stops stands in imgpilot.accounts.standing. A request that is carried out again finds its restriction.
    """
    stands = next((one for one in standing(session, account.id) if one.request_id == request.id), None)
    if stands is not None:
        return {"ground": stands.ground, "since": stands.since.isoformat()}
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
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    _lift(session, settings, account_id, standing(session, account_id), "person", now)


def announce(
    session: Session,
    settings: config.Settings,
    restriction_id: UUID,
    staff: int,
    now: datetime,
    letter: Written | None = None,
) -> Restriction:
    """Tell the person that it will end (GDPR 18(3)): the letter goes on its way and that it did is written down.

    It goes with the request that the restriction was set for; `letter` is what an officer wrote instead of the usual
    text. Announcing again sends nothing, and neither does it where such a letter is on its way already. Raises
    MoveRefused if the restriction does not stand, or if there is no address to write to.
    """
    found = _standing(session, restriction_id)
    if found.announced_at is None:
        request = _request(session, found)
        if request is None or not request.contact:
            raise MoveRefused(_("There is no address to write to. The person has to be told in another way first."))
        if _last_letter(session, found) in (None, "done", "skipped", "dropped"):
            _send(session, request, staff, now, letter)
        found.announced_at = now
        _log(session, settings, "restriction end announced", f"staff:{staff}", found.account_id, now, found.ground)
    return found


def lift(session: Session, settings: config.Settings, restriction_id: UUID, staff: int, now: datetime) -> None:
    """End a restriction. Raises MoveRefused if the person was not told before (GDPR 18(3)).

    Told means that the letter is out, not that it waits: a mail server that is away keeps the restriction standing.
    """
    found = _standing(session, restriction_id)
    if found.announced_at is None:
        raise MoveRefused(_("Tell the person first that it will end (GDPR 18(3))."))
    if _last_letter(session, found) not in ("done", "skipped"):
        raise MoveRefused(_("The letter that tells the person is not out yet. Wait for it, or look why it is not."))
    _lift(session, settings, found.account_id, [found], f"staff:{staff}", now)


def _standing(session: Session, restriction_id: UUID) -> Restriction:
    # The account before what hangs on it, as whoever restricts or erases it.
    on = select(Restriction.account_id).where(Restriction.id == restriction_id).scalar_subquery()
    session.execute(select(Account.id).where(Account.id == on).with_for_update())
    found = session.get(Restriction, restriction_id, with_for_update=True, populate_existing=True)
    if found is None or found.lifted_at is not None:
        raise MoveRefused(_("This restriction does not stand any more."))
    return found


def _request(session: Session, found: Restriction) -> PrivacyRequest | None:
    return session.get(PrivacyRequest, found.request_id) if found.request_id else None


def _last_letter(session: Session, found: Restriction) -> str | None:
    """Where the newest letter is that announces the end: the state of its step; None if there is none."""
    return session.scalar(
        select(Step.state)
        .where(Step.request_id == found.request_id, Step.name.regexp_match(f"^tell {LETTER}( [0-9]+)?$"))
        .order_by(Step.position.desc())
        .limit(1)
    )


def _send(session: Session, request: PrivacyRequest, staff: int, now: datetime, letter: Written | None) -> None:
    step = queueing.tell(session, request, LETTER)
    if letter is not None:
        session.add(
            RequestLetter(
                request_id=request.id,
                step=step.name,
                kind=LETTER,
                language=request.language,
                subject=letter.subject,
                body=letter.body,
                written_at=now,
                written_by=staff,
            )
        )


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
