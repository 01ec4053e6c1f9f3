"""What day it is for a request, inside a query: a deadline ends with the day of the place where the person lives."""

from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import ARRAY, ColumnElement, Date, String, any_, case, func, literal

from compliance.requests.models import PrivacyRequest


def day_there(now: datetime, plus: int = 0) -> ColumnElement[date]:
    """The date where the person lives, or the day on which the clock stopped if that is earlier.

    `plus` days later where the clock runs. The same as `progress.clock` says of one request. A zone that nobody
    knows counts as UTC. The database is not asked about zones: a name that it does not know would be an error for
    the whole queue.
    """
    utc = now.date() + timedelta(days=plus)
    ahead, behind = _elsewhere(now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0))
    there = case(
        (PrivacyRequest.zone == any_(literal(ahead, ARRAY(String))), literal(utc + timedelta(days=1), Date)),
        (PrivacyRequest.zone == any_(literal(behind, ARRAY(String))), literal(utc - timedelta(days=1), Date)),
        else_=literal(utc, Date),
    )
    return func.least(there, PrivacyRequest.paused_on, type_=Date)


@lru_cache(maxsize=4)
def _elsewhere(now: datetime) -> tuple[list[str], list[str]]:
    """The zones in which it is tomorrow, and those in which it is yesterday. They change on quarters of an hour."""
    today = now.date()
    days = {zone.key: now.astimezone(zone).date() for zone in _zones()}
    return sorted(k for k, d in days.items() if d > today), sorted(k for k, d in days.items() if d < today)


@cache
def _zones() -> tuple[ZoneInfo, ...]:
    return tuple(ZoneInfo(name) for name in sorted(available_timezones()))
