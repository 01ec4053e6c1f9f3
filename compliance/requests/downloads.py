"""Fetching what was made for a request: who, when; and not after it has expired."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.requests.models import Download, Package, PrivacyRequest
from imgpilot.errors import PersonalError
from imgpilot.language import marked as _

ACTIONS = {"export": Action.PACKAGE_DOWNLOADED, "certificate": Action.CERTIFICATE_DOWNLOADED}


class NotReady(PersonalError):
    """There is nothing to fetch, not yet or not any more."""

    status = 404


def ready(session: Session, request_id: UUID, kind: str, now: datetime) -> Package | None:
    """What can be fetched of this kind ("export", "certificate") now."""
    return session.scalar(
        select(Package).where(
            Package.request_id == request_id,
            Package.kind == kind,
            or_(Package.expires_at.is_(None), Package.expires_at > now),
        )
    )


def fetch(session: Session, request: PrivacyRequest, kind: str, actor: str, now: datetime) -> Package:
    """The package, with the fetching written down in the caller's transaction. Raises NotReady."""
    found = ready(session, request.id, kind, now)
    if found is None:
        raise NotReady(_("This file is not there: it is not made yet, or its 14 days are over. You can ask again."))
    session.add(Download(package_id=found.id, at=now, actor=actor))
    record(session, at=now, actor=actor, action=ACTIONS[kind], subject=request.subject, facts={"case": request.case})
    return found
