"""A person asks: the request is written down with its clock, and work on it begins."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from compliance.errors import MoveRefused
from compliance.requests import clocks, moves
from compliance.requests.kinds import Kind, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.procedures import BEFORE_REVIEW
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.language import marked as _
from imgpilot.worker import wake


def open_request(
    session: Session,
    settings: config.Settings,
    account: Account,
    kind: Kind,
    regime: str,
    now: datetime,
    actor: moves.Actor = moves.PERSON,
    proof: str = "signed-in",
) -> PrivacyRequest:
    """Write the request down, or find the one of this kind that is open. `regime` is a key of clocks.REGIMES.

    `proof` says how we know it is them: "signed-in" (GDPR 12(6), 11 CCR 7061), or "staff" who checked it themselves;
    the caller saw to that.
    """
    law = clocks.REGIMES.get(regime)
    if law is None:
        raise MoveRefused(f"No privacy law is known here by the name {regime}.")
    # Asking twice at once must not make two: both wait here for the account's row.
    frozen = session.scalar(select(Account.frozen_at).where(Account.id == account.id).with_for_update())
    already = session.scalar(
        select(PrivacyRequest).where(
            PrivacyRequest.account_id == account.id,
            PrivacyRequest.kind == kind,
            PrivacyRequest.closed_at.is_(None),
        )
    )
    if already:
        return already
    if frozen is not None:
        raise MoveRefused(_("This account is being deleted. Nothing new can be asked for it."))
    day0 = clocks.received_on(now, clocks.ZONE)
    request = PrivacyRequest(
        account_id=account.id,
        contact=account.email,
        subject=digests.of_subject(settings, account.id),
        language=account.language,
        kind=kind,
        regime=law.key,
        state=State.RECEIVED,
        proof=proof,
        received_at=now,
        due_on=clocks.due(law.answer, day0),
        acknowledge_by=clocks.due(law.acknowledge, day0) if law.acknowledge else None,
    )
    session.add(request)
    session.flush()  # the database gives the number that the timeline quotes
    for position, name in enumerate(BEFORE_REVIEW):
        step = Step(request_id=request.id, position=position, name=name, state="waiting" if position else "ready")
        session.add(step)
        if not position:
            session.flush()  # and the step its id
            wake(session, "requests.run", str(step.id))
    moves.note(session, request, actor, "opened", now, {"due": str(request.due_on), "regime": law.key})
    return request
