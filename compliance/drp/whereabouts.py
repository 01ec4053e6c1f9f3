"""Where one of our requests is, as its agent is told: the status object made from the rows."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from compliance.drp import status
from compliance.drp.status import Reason
from compliance.identity import links
from compliance.requests.casework import IdentityCheck
from compliance.requests.copying import PACKAGE_LIVES
from compliance.requests.kinds import Kind, Outcome, State
from compliance.requests.models import Package, PrivacyRequest
from imgpilot.language import DEFAULT, translate
from imgpilot.language import marked as _

#: The page that `user_verification_url` names. It says that we mailed a link, and has none.
MAILED = "/privacy/agents/mailed"
#: A request that was merged into another that was merged: so far it is followed.
_DEEPEST = 10

_FETCH = _("The person was told how to fetch the results, signed in on our site. They are never sent by this protocol.")
_DISOWNED = _("The person did not confirm the request.")
_LONGER = _("We take the longer time that the law allows. The person was told why.")


def of(session: Session, settings: config.Settings, request: PrivacyRequest, now: datetime) -> dict[str, str]:
    """The status object of this request (3.02), in English. Nothing in it is personal."""
    told = _followed(session, request)
    details, refused_for = _said(told)
    return status.of(
        request_id=request.id,
        state=told.state,
        received_at=request.received_at,
        expected_by=status.end_of(told.due_on, told.zone),
        now=now,
        agent_request_id=request.agent_reference,
        refused_for=refused_for,
        partly=told.outcome == Outcome.PARTIAL,
        details=details,
        user_verification_url=settings.site_url + MAILED,
        expires_at=_until(session, told),
    )


def _followed(session: Session, request: PrivacyRequest) -> PrivacyRequest:
    """The request, or the one that it went into: of the same person and kind, or it could not have been merged."""
    told = request
    for _time in range(_DEEPEST):
        if told.state != State.MERGED or told.merged_into is None:
            break
        told = session.get_one(PrivacyRequest, told.merged_into)
    return told


def _said(told: PrivacyRequest) -> tuple[str | None, str | None]:
    """The sentence that replaces the usual one, and the ground of a refusal."""
    sentences, ground = [], told.refused_for
    if told.state == State.ANSWERED and told.kind in (Kind.ACCESS, Kind.PORTABILITY):
        sentences = [status.PARTLY, _FETCH] if told.outcome == Outcome.PARTIAL else [_FETCH]
    elif told.state == State.REFUSED and told.outcome == Outcome.WITHDRAWN:
        sentences, ground = [_DISOWNED], Reason.INSUF_VERIFICATION
    elif told.closed_at is None and told.extended_at is not None and told.state != State.APPEALED:
        sentences = [_LONGER]
    return " ".join(translate(DEFAULT, each) for each in sentences) or None, ground


def _until(session: Session, told: PrivacyRequest) -> datetime | None:
    """Until when the mailed link works, or the results can be fetched."""
    if told.state == State.PROVING:
        return session.scalar(
            select(IdentityCheck.expires_at)
            .where(IdentityCheck.request_id == told.id, IdentityCheck.method == links.PERMISSION)
            .where(IdentityCheck.digest.is_not(None))
            .order_by(IdentityCheck.asked_at.desc(), IdentityCheck.id)
            .limit(1)
        )
    if told.state != State.ANSWERED or told.kind not in (Kind.ACCESS, Kind.PORTABILITY):
        return None
    made = select(Package.expires_at).where(Package.request_id == told.id, Package.kind != "certificate")
    until = session.scalar(made.limit(1))
    # When the package is gone, the row is too; its time is not forgotten.
    return until or (told.answered_at + PACKAGE_LIVES if told.answered_at else None)
