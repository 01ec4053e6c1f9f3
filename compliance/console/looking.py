"""What staff look at is written down, each time: who, which case, and where a reason is asked, which."""

from sqlalchemy.orm import Session

from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.console.reasons import checked
from compliance.console.signed_in import officer
from compliance.requests.models import PrivacyRequest
from imgpilot import web


def wrote_down(session: Session, request: PrivacyRequest, action: Action, **facts: object) -> None:
    """Note that whoever is signed in did this with this case. The caller commits."""
    record(
        session,
        at=web.parts().clock(),
        actor=str(officer()),
        action=action,
        subject=request.subject,
        facts={"case": request.case, **facts},
    )


def with_reason(session: Session, request: PrivacyRequest, action: Action, reason: str, **facts: object) -> None:
    """The same, of what asks for a reason. Raises MoveRefused for one that is not on the list."""
    wrote_down(session, request, action, reason=checked(reason), **facts)
