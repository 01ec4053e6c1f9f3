"""When an answer is due, by law. The laws are data (regimes.py); the arithmetic is here once.

Days are calendar dates in the person's time zone; the day of receipt is day 0 (Regulation 1182/71 Art. 3(1)).
"""

import calendar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from compliance.errors import MoveRefused
from compliance.requests.regimes import (
    CCPA,
    GDPR,
    REGIMES,
    Extension,
    Pause,
    Period,
    Regime,
    Unit,
    country_code,
)
from imgpilot.language import marked as _

__all__ = [
    "BREACH",
    "CCPA",
    "GDPR",
    "REGIMES",
    "ZONE",
    "Deadlines",
    "Period",
    "Regime",
    "Unit",
    "appeal_due",
    "appeal_until",
    "breach_notice_due",
    "calendar_of",
    "deadline",
    "due",
    "extended",
    "may_pause",
    "paused",
    "received_on",
]

#: The account does not know where a person lives; UTC decides the day of receipt until it does.
ZONE = ZoneInfo("UTC")

#: The authority is told of a breach of personal data in clock hours: they do not roll (Regulation 1182/71 Art. 3(4)).
BREACH = Period(72, Unit.HOURS, law="GDPR 33(1); UK GDPR 33(1)")


@dataclass(frozen=True)
class Deadlines:
    """The days that matter for one request: each is the last day on which it is still in time."""

    answer: date
    acknowledge: date | None
    #: The last day after an extension, if the law allows one; its notice is due by `answer`.
    latest: date | None
    #: The exact end, in UTC, where the law counts hours.
    answer_at: datetime | None = None


def received_on(received: datetime, zone: ZoneInfo) -> date:
    """The local date of receipt: it decides, not the UTC one. `received` must carry a zone."""
    if received.tzinfo is None:
        raise ValueError("a time of receipt needs its time zone")
    return received.astimezone(zone).date()


def due(
    period: Period, day0: date, country: str | None = None, subdivision: str | None = None, *, stood_still: int = 0
) -> date:
    """The last day of the period that began on `day0`, if its clock stood still for so many days in all.

    `country` (ISO 3166) and its part add their public holidays; they matter only where the period rolls or counts
    business days. Hours give the day on which the last of them falls; `deadline` gives the instant.
    """
    match period.unit:
        case Unit.MONTHS:
            end = _months_later(day0, period.count)
        case Unit.CALENDAR_DAYS:
            end = day0 + timedelta(days=period.count)
        case Unit.BUSINESS_DAYS:
            end = day0
            for _n in range(period.count):
                end += timedelta(days=1)
                end = _working_day(end) if period.weekends_only else _working_day(end, country, subdivision)
        case Unit.HOURS:
            end = day0 + timedelta(hours=period.count)  # a date keeps the whole days
    end += timedelta(days=stood_still)
    return _working_day(end, country, subdivision) if period.rolls else end


def deadline(
    regime: Regime,
    kind: str,
    received_at: datetime,
    zone: ZoneInfo,
    country: str | None,
    subdivision: str | None = None,
    *,
    stood_still: int = 0,
) -> Deadlines:
    """By when a request of this kind, received then, must be answered, confirmed, and answered if extended.

    `zone` is the person's: the local date of receipt decides. `stood_still`: the days of all pauses together; receipt
    is confirmed no later for them.
    """
    terms = regime.terms(kind)
    day0 = received_on(received_at, zone)
    place = calendar_of(regime, country, subdivision)
    acknowledge = due(terms.acknowledge, day0, *place) if terms.acknowledge else None
    latest = _longest(terms.answer, terms.extension, day0, place, stood_still) if terms.extension else None
    if terms.answer.unit is Unit.HOURS:
        end = _hours_later(received_at, terms.answer.count) + timedelta(days=stood_still)
        return Deadlines(end.astimezone(zone).date(), acknowledge, latest, end)
    return Deadlines(due(terms.answer, day0, *place, stood_still=stood_still), acknowledge, latest)


def extended(
    regime: Regime,
    kind: str,
    received_at: datetime,
    zone: ZoneInfo,
    country: str | None,
    subdivision: str | None = None,
    *,
    stood_still: int = 0,
) -> date:
    """The last day once the time was extended. Raises MoveRefused where the law allows no extension.

    The notice must be sent by the first deadline; whoever extends checks that.
    """
    latest = deadline(regime, kind, received_at, zone, country, subdivision, stood_still=stood_still).latest
    if latest is None:
        raise MoveRefused(_("%(law)s allows no extension for this request."), law=regime.name)
    return latest


def may_pause(regime: Regime, reason: str, kind: str | None = None) -> bool:
    """Whether this law lets the clock stand still for this reason (a value of Pause), for this kind if it is given."""
    if reason not in regime.pauses:
        return False
    kinds = regime.pauses[Pause(reason)]
    return kind is None or not kinds or kind in kinds


def paused(
    due_on: date,
    from_day: date,
    to_day: date,
    period: Period,
    country: str | None = None,
    subdivision: str | None = None,
) -> date:
    """The due date of `period` after the clock stood still from one day to another: later by the days between them.

    A period that rolls is shifted before it rolls: from the earliest day that would have rolled to `due_on`, so that a
    weekend is not given twice. That can be a few days early, never late; `deadline(stood_still=…)`, which knows the day
    of receipt, is exact. Raises ValueError if the pause ends before it begins.
    """
    if to_day < from_day:
        raise ValueError("a pause cannot end before it begins")
    waited = to_day - from_day
    if not period.rolls:
        return due_on + waited
    unrolled = due_on
    while not _works(unrolled - timedelta(days=1), country, subdivision):
        unrolled -= timedelta(days=1)
    return _working_day(unrolled + waited, country, subdivision)


def appeal_due(
    regime: Regime,
    appealed_at: datetime,
    zone: ZoneInfo,
    country: str | None = None,
    subdivision: str | None = None,
    *,
    longer: bool = False,
) -> date:
    """By when an appeal must be decided; `longer`: with the extension. Raises MoveRefused where there is none."""
    if regime.appeal is None:
        raise MoveRefused(_("%(law)s gives no appeal; a complaint goes to the authority."), law=regime.name)
    day0 = received_on(appealed_at, zone)
    place = calendar_of(regime, country, subdivision)
    if not longer:
        return due(regime.appeal.period, day0, *place)
    if regime.appeal.extension is None:
        raise MoveRefused(_("%(law)s allows no extension for an appeal."), law=regime.name)
    return _longest(regime.appeal.period, regime.appeal.extension, day0, place)


def appeal_until(regime: Regime, answered_at: datetime, zone: ZoneInfo) -> date | None:
    """The last day on which the person may appeal against an answer sent then; None where the law gives no appeal."""
    return received_on(answered_at, zone) + timedelta(days=regime.appeal.within) if regime.appeal else None


def _longest(
    answer: Period, extension: Extension, day0: date, place: tuple[str | None, str | None], stood_still: int = 0
) -> date:
    more = extension.period
    if extension.from_receipt and more.unit is answer.unit:
        return due(replace(more, count=answer.count + more.count), day0, *place, stood_still=stood_still)
    return due(more, due(answer, day0, *place, stood_still=stood_still), *place)


def breach_notice_due(aware_at: datetime) -> datetime:
    """By when the authority is told of a breach of personal data, in UTC: 72 clock hours after we were aware of it.

    Nothing stops them and they end on any day. A later notice says why it is late. Raises ValueError for a time without
    a zone.
    """
    if aware_at.tzinfo is None:
        raise ValueError("the time of awareness needs its time zone")
    return _hours_later(aware_at, BREACH.count)


def calendar_of(regime: Regime, country: str | None, subdivision: str | None) -> tuple[str | None, str | None]:
    """The country and part whose holidays count, for `due` and `paused`.

    (None, None), weekends only, where we merely borrow the law for a country: it knows none of its holidays.
    """
    code = country_code(country or "")
    ours = any(place.partition("-")[0] == code for place in regime.places)
    return (code, subdivision) if ours else (None, None)


def _hours_later(start: datetime, hours: int) -> datetime:
    """In UTC, so that a change to summer time neither gives nor takes an hour."""
    return start.astimezone(UTC) + timedelta(hours=hours)


def _months_later(day: date, months: int) -> date:
    """The same day number; where the month has none, its last day (Regulation 1182/71 Art. 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _works(day: date, country: str | None, subdivision: str | None) -> bool:
    return day.weekday() < 5 and not (country and day in _holidays(country, subdivision, day.year))


def _working_day(day: date, country: str | None = None, subdivision: str | None = None) -> date:
    """That day, or the first working day after it."""
    while not _works(day, country, subdivision):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=256)
def _holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """The public holidays of a place. A part that is not known has those of its country; an unknown country none."""
    code = country_code(country)
    part = (subdivision or "").upper().removeprefix(f"{code}-") or None
    try:
        return frozenset(holidays.country_holidays(code, subdiv=part, years=year))
    except NotImplementedError:
        return _holidays(code, None, year) if part else frozenset()
