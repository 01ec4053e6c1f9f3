"""One case, gathered for its page: the plan, the steps with their evidence, the timeline, the next action."""

from dataclasses import dataclass
from uuid import UUID

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.requests import decisions
from compliance.requests.models import Happening, Package, Plan, PrivacyRequest, Step
from imgpilot.accounts.models import Account
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

#: How a line of the timeline reads. %(step)s is a step's title.
HAPPENED = {
    "opened": _("Request received"),
    "planned": _("The plan is ready to be checked"),
    "approved": _("Plan approved"),
    "recounted": _("What is held changed: counted again"),
    "refused": _("Request refused"),
    "withdrawn": _("Withdrawn by the person"),
    "answered": _("Answered"),
    "step done": _("Done: %(step)s"),
    "step failed": _("Could not be done: %(step)s"),
    "step retried": _("Tried again: %(step)s"),
}


@dataclass(frozen=True)
class Case:
    """Everything the case page shows."""

    request: PrivacyRequest
    account: Account | None
    plan: Plan | None
    steps: list[Step]
    timeline: list[Happening]
    packages: dict[str, Package]
    staff: dict[str, str]


def gather(session: Session, request_id: UUID) -> Case:
    """The case. Raises NotYours if there is none of this id. A constant number of queries."""
    request = session.get(PrivacyRequest, request_id)
    if request is None:
        raise NotYours(_("There is no such case."))
    timeline = list(
        session.scalars(
            select(Happening).where(Happening.request_id == request_id).order_by(Happening.id.desc()).limit(200)
        )
    )
    return Case(
        request,
        session.get(Account, request.account_id) if request.account_id else None,
        decisions.newest_plan(session, request_id),
        list(session.scalars(select(Step).where(Step.request_id == request_id).order_by(Step.position))),
        timeline,
        {p.kind: p for p in session.scalars(select(Package).where(Package.request_id == request_id))},
        _names(session, {h.actor for h in timeline}),
    )


def _names(session: Session, actors: set[str]) -> dict[str, str]:
    """What staff who acted are called: {"staff:3": "Mei Tan"}."""
    numbers = [int(a.partition(":")[2]) for a in actors if a.startswith("staff:")]
    users: list[User] = list(session.scalars(select(User).where(User.id.in_(numbers)))) if numbers else []
    return {f"staff:{user.id}": f"{user.first_name} {user.last_name}".strip() for user in users}
