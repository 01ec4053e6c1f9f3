"""One request as its owner sees it: where it is, what happened, what was sent and not granted, what can be done."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.errors import MoveRefused
from compliance.portal.story import Line, told
from compliance.requests import authorities, clocks, decisions, downloads, laws, moves, progress
from compliance.requests.authorities import Authority
from compliance.requests.casework import Attachment, IdentityCheck, RequestLetter
from compliance.requests.grounds import GROUNDS, Ground
from compliance.requests.kinds import CLOSED, Kind, State
from compliance.requests.models import Happening, Package, Plan, PrivacyRequest, Step
from compliance.requests.moves import Move
from compliance.requests.queueing import CARRY_OUT
from compliance.requests.regimes import APPEAL_WITHIN, Regime

#: Packages by the kind of request that makes them.
PACKAGES = {Kind.ACCESS: "export", Kind.PORTABILITY: "portable"}


@dataclass(frozen=True)
class Address:
    """How far the confirmation of a new e-mail address is; `asked_at`: a link was mailed there."""

    asked_at: datetime | None
    passed_at: datetime | None


@dataclass(frozen=True)
class Track:
    """What the ruler draws: days in all, days gone, days late, and the days of the pause that is on."""

    total: int
    done: int
    over: int
    pause: tuple[int, int] | None


@dataclass(frozen=True)
class Following:
    """Everything the page of one request shows."""

    request: PrivacyRequest
    regime: Regime
    plan: Plan | None
    letters: list[RequestLetter]
    files: list[Attachment]
    package: Package | None
    story: list[Line]
    steps: list[Step]
    ground: Ground | None
    authority: Authority | None
    address: Address | None
    merged: PrivacyRequest | None
    may_withdraw: bool
    #: The last day to appeal, if it can be appealed now.
    appeal_until: date | None

    @property
    def live(self) -> bool:
        """Whether something can change by itself."""
        return self.request.state not in CLOSED

    @property
    def busy(self) -> bool:
        """Whether it changes within seconds."""
        return self.request.state in (State.RECEIVED, State.RUNNING)

    @property
    def not_granted(self) -> list[dict[str, Any]]:
        """The lines of the plan that were not granted, each with its ground and law."""
        if self.plan is None or self.request.state == State.REFUSED:
            return []
        return [line for line in self.plan.body.get("tables", ()) if line["becomes"] in ("keep", "withhold")]

    @property
    def work(self) -> list[Step]:
        """The steps of carrying it out that say something to its owner; letters stand among the letters."""
        return [s for s in self.steps if s.phase == CARRY_OUT and not s.name.startswith(("tell ", "close", "cool off"))]

    @property
    def extension(self) -> RequestLetter | None:
        """The letter that says why it takes longer."""
        return next((letter for letter in self.letters if letter.kind == "extension"), None)

    @property
    def print(self) -> str:
        """Changes when the page would look different: a page that asks again and shows the same gets nothing."""
        seen = [self.request.state, self.request.due_on, self.request.paused_on, self.request.acknowledged_at]
        seen += [line.at for line in self.story] + [(s.name, s.state) for s in self.work]
        seen += [letter.id for letter in self.letters] + [file.id for file in self.files]
        seen += [self.package and self.package.id, self.address, self.plan and self.plan.digest]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def gather(session: Session, request: PrivacyRequest, now: datetime) -> Following:
    """The whole page of a request that its owner looks at. A constant number of queries."""
    kind = Kind(request.kind)
    happened = list(
        session.scalars(
            select(Happening).where(Happening.request_id == request.id).order_by(Happening.id.desc()).limit(200)
        )
    )
    return Following(
        request=request,
        regime=laws.in_force(session, request.regime),
        plan=decisions.newest_plan(session, request.id),
        letters=list(
            session.scalars(
                select(RequestLetter)
                .where(RequestLetter.request_id == request.id, RequestLetter.sent_at.is_not(None))
                .order_by(RequestLetter.sent_at.desc(), RequestLetter.id)
            )
        ),
        files=list(
            session.scalars(
                select(Attachment)
                .where(Attachment.request_id == request.id, Attachment.by == "person")
                .order_by(Attachment.at.desc(), Attachment.id)
            )
        ),
        package=downloads.ready(session, request.id, PACKAGES[kind], now) if kind in PACKAGES else None,
        story=told(request, happened),
        steps=list(session.scalars(select(Step).where(Step.request_id == request.id).order_by(Step.position))),
        ground=GROUNDS.get(request.refused_for or "") if request.state in (State.REFUSED, State.APPEALED) else None,
        authority=authorities.for_person(request.country, request.subdivision),
        address=_address(session, request),
        merged=session.get(PrivacyRequest, request.merged_into) if request.merged_into else None,
        may_withdraw=request.state in moves.MOVES[Move.WITHDRAW].leaves,
        appeal_until=appeal_until(session, request, now),
    )


def appeal_until(session: Session, request: PrivacyRequest, now: datetime) -> date | None:
    """The last day on which its owner can appeal; None if she cannot appeal now."""
    try:
        moves.check(session, request, Move.APPEAL, moves.PERSON, now, {})
    except MoveRefused:
        return None
    if request.closed_at is None:
        return None
    day = clocks.received_on(request.closed_at, laws.zone_of(request.zone))
    return date.fromordinal(day.toordinal() + APPEAL_WITHIN)


def track(request: PrivacyRequest, now: datetime) -> Track:
    """The request's clock for the ruler; while it stands still the days since are hollow."""
    clock = progress.clock(request, now)
    if request.paused_on is None or request.closed_at is not None:
        return Track(clock.total, clock.done, clock.over, None)
    gone = min(max((laws.today(request, now) - clock.start).days, 0), clock.total)
    return Track(clock.total, gone, 0, (clock.done, gone) if gone > clock.done else None)


def _address(session: Session, request: PrivacyRequest) -> Address | None:
    if request.kind != Kind.CORRECTION or request.about != "email":
        return None
    found = session.execute(
        select(IdentityCheck.asked_at, IdentityCheck.passed_at)
        .where(IdentityCheck.request_id == request.id, IdentityCheck.method == "new address")
        .order_by(IdentityCheck.passed_at.is_(None), IdentityCheck.asked_at.desc(), IdentityCheck.id)
        .limit(1)
    ).first()
    return Address(*found) if found else Address(None, None)
