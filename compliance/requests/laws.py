"""The law of one request, with the numbers that staff changed, and its days as they fall where the person lives."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from compliance.managed import RegimeChange
from compliance.requests import clocks
from compliance.requests.clocks import Deadlines
from compliance.requests.models import PrivacyRequest
from compliance.requests.regimes import REGIMES, Regime, with_changes


def in_force(session: Session, key: str) -> Regime:
    """The regime as it counts now: as it ships, with the newest change that a second officer approved."""
    changes = session.scalar(
        select(RegimeChange.changes)
        .where(RegimeChange.regime == key, RegimeChange.approved_at.is_not(None))
        .order_by(RegimeChange.approved_at.desc(), RegimeChange.id)
        .limit(1)
    )
    return with_changes(REGIMES[key], changes) if changes else REGIMES[key]


def every(session: Session) -> list[Regime]:
    """All regimes as they count now, in the order in which they ship; in one query."""
    newest = (
        select(RegimeChange.regime, RegimeChange.changes)
        .where(RegimeChange.approved_at.is_not(None))
        .ext(distinct_on(RegimeChange.regime))
        .order_by(RegimeChange.regime, RegimeChange.approved_at.desc(), RegimeChange.id)
    )
    changed = {key: changes for key, changes in session.execute(newest) if changes}
    return [with_changes(law, changed[key]) if key in changed else law for key, law in REGIMES.items()]


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name; UTC for a name that is not known (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def today(request: PrivacyRequest, now: datetime) -> date:
    """The date it is where the person lives."""
    return clocks.received_on(now, zone_of(request.zone))


def deadlines(session: Session, request: PrivacyRequest, stood_still: int = 0) -> Deadlines:
    """The days that count for this request from its receipt, after so many days on which the clock stood still."""
    return _deadlines(in_force(session, request.regime), request, stood_still)


def _deadlines(law: Regime, request: PrivacyRequest, stood_still: int = 0) -> Deadlines:
    return clocks.deadline(
        law,
        request.kind,
        request.received_at,
        zone_of(request.zone),
        request.country,
        request.subdivision,
        stood_still=stood_still,
    )


def extended(session: Session, request: PrivacyRequest) -> date | None:
    """By when it is answered if it is extended: the law's longer time and the days that the clock stood still.

    These are read off the due date, as few as lead to it: a weekend that the due date skipped is not given twice.
    That can be a few days early, never late. None where the law allows no extension.
    """
    law = in_force(session, request.regime)
    longest = max((request.due_on - _deadlines(law, request).answer).days, 0)
    for stood_still in range(longest + 1):
        days = _deadlines(law, request, stood_still)
        if days.answer >= request.due_on:
            break
    return days.latest


def appeal_due(session: Session, request: PrivacyRequest, now: datetime) -> date:
    """By when an appeal is answered: by the law's time, or where it gives none by the time for a new request."""
    law, zone = in_force(session, request.regime), zone_of(request.zone)
    if law.appeal is not None:
        return clocks.appeal_due(law, now, zone, request.country, request.subdivision)
    return clocks.deadline(law, request.kind, now, zone, request.country, request.subdivision).answer


def after_pause(session: Session, request: PrivacyRequest, since: date, now: datetime) -> date:
    """The due date after the clock stood still since that day: later by as many days, rolled as the law rolls."""
    law = in_force(session, request.regime)
    until = max(today(request, now), since)
    place = clocks.calendar_of(law, request.country, request.subdivision)
    return clocks.paused(request.due_on, since, until, law.terms(request.kind).answer, *place)
