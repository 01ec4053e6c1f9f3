"""One case, gathered for its page in a constant number of queries."""

from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from compliance import comments
from compliance.comments import Colleague
from compliance.console.colleagues import everybody
from compliance.console.spoken import gettext
from compliance.console.timeline import HAPPENED  # noqa: F401  (others read the words here)
from compliance.requests import deciders, decisions
from compliance.requests.casework import Attachment, Comment, IdentityCheck, RequestLetter
from compliance.requests.models import Happening, Package, Plan, PrivacyRequest, Step
from compliance.standing import Hold, Restriction
from imgpilot.accounts.models import Account
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

_T = TypeVar("_T", RequestLetter, Attachment, IdentityCheck)
#: A timeline longer than this is read in the audit log.
LINES = 200
RELATED = 20


@dataclass(frozen=True)
class Case:
    """Everything the case page shows. `staff` are names by number."""

    request: PrivacyRequest
    account: Account | None
    plan: Plan | None
    steps: list[Step]
    timeline: list[Happening]
    packages: dict[str, Package]
    letters: list[RequestLetter]
    comments: list[Comment]
    attachments: list[Attachment]
    checks: list[IdentityCheck]
    related: list[PrivacyRequest]
    holds: list[Hold]
    restrictions: list[Restriction]
    colleagues: list[Colleague] = field(default_factory=list)
    staff: dict[int, str] = field(default_factory=dict)
    #: Who may not decide it again: an appeal overturned what they decided.
    overruled: frozenset[int] = frozenset()

    @property
    def stuck(self) -> Step | None:
        """The first step that waits for a hand."""
        return next((step for step in self.steps if step.state == "failed"), None)

    @property
    def standing_holds(self) -> list[Hold]:
        """The holds that stand now."""
        return [hold for hold in self.holds if hold.lifted_at is None]

    def name(self, staff: int | None) -> str:
        """What this member of staff is called; nothing for nobody."""
        return self.staff.get(staff, gettext("somebody who left")) if staff is not None else ""


def gather(session: Session, request_id: UUID) -> Case:
    """The case. Raises NotYours if there is none of this id."""
    request = session.get(PrivacyRequest, request_id)
    if request is None:
        raise NotYours(_("There is no such case."))
    mine = request.account_id
    timeline = select(Happening).where(Happening.request_id == request_id).order_by(Happening.id.desc()).limit(LINES)
    staff = everybody(session)
    return Case(
        request,
        session.get(Account, mine) if mine else None,
        decisions.newest_plan(session, request_id),
        list(session.scalars(select(Step).where(Step.request_id == request_id).order_by(Step.position))),
        list(session.scalars(timeline)),
        {p.kind: p for p in session.scalars(select(Package).where(Package.request_id == request_id))},
        list(session.scalars(_about(RequestLetter, request_id).order_by(RequestLetter.written_at))),
        comments.of(session, request_id),
        list(session.scalars(_about(Attachment, request_id).order_by(Attachment.at))),
        list(session.scalars(_about(IdentityCheck, request_id).order_by(IdentityCheck.asked_at))),
        related(session, request),
        list(session.scalars(select(Hold).where(Hold.account_id == mine).order_by(Hold.placed_at))) if mine else [],
        _restrictions(session, mine),
        [one for one in staff if one.active],
        {one.id: one.name for one in staff},
        deciders.overruled(session, request),
    )


def number_of(session: Session, number: str) -> PrivacyRequest | None:
    """The request that people quote as IP-2026-0412, however they write it."""
    digits = number.strip().rpartition("-")[2]
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 12:
        return None
    found = session.scalar(select(PrivacyRequest).where(PrivacyRequest.number == int(digits)))
    return found if found is not None and number.strip().upper() in (found.case, digits) else None


def related(session: Session, request: PrivacyRequest) -> list[PrivacyRequest]:
    """Other requests of the same person; of one who is not proved, those with the same address. Newest first."""
    same = [
        column == value
        for column, value in (
            (PrivacyRequest.account_id, request.account_id),
            (PrivacyRequest.contact, request.contact),
            (PrivacyRequest.id, request.merged_into),
        )
        if value is not None
    ]
    if not same:
        return []
    found = select(PrivacyRequest).where(or_(*same), PrivacyRequest.id != request.id)
    return list(session.scalars(found.order_by(PrivacyRequest.received_at.desc()).limit(RELATED)))


def _about(table: type[_T], request_id: UUID) -> Select[_T]:
    return select(table).where(table.request_id == request_id)


def _restrictions(session: Session, account_id: UUID | None) -> list[Restriction]:
    if account_id is None:
        return []
    standing = Restriction.account_id == account_id, Restriction.lifted_at.is_(None)
    return list(session.scalars(select(Restriction).where(*standing).order_by(Restriction.since)))
