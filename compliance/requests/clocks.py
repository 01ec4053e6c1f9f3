"""When an answer is due, by law. Regimes are data; the arithmetic is here once.

Days are calendar dates in the person's time zone; the day of receipt is day 0 (Regulation 1182/71 Art. 3(1)).
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

#: The account does not know where a person lives; UTC decides the day of receipt until it does.
ZONE = ZoneInfo("UTC")


class Unit(StrEnum):
    """What a period is counted in."""

    MONTHS = "months"
    CALENDAR_DAYS = "calendar days"
    BUSINESS_DAYS = "business days"


@dataclass(frozen=True)
class Period:
    """A stretch of time as a law states it, and whether its end rolls off weekends and holidays."""

    count: int
    unit: Unit
    rolls: bool = False
    law: str = ""


@dataclass(frozen=True)
class Regime:
    """A privacy law's clock."""

    key: str
    name: str
    answer: Period
    acknowledge: Period | None
    #: The article each right stands on.
    rights: tuple[tuple[str, str], ...]


GDPR = Regime(
    "gdpr",
    "GDPR",
    Period(1, Unit.MONTHS, rolls=True, law="GDPR 12(3); Regulation 1182/71 Art. 3"),
    None,
    (("access", "GDPR 15"), ("deletion", "GDPR 17")),
)
CCPA = Regime(
    "ccpa",
    "CCPA",
    Period(45, Unit.CALENDAR_DAYS, law="Cal. Civ. Code 1798.130; 11 CCR 7021(b)"),
    Period(10, Unit.BUSINESS_DAYS, law="11 CCR 7021(a)"),
    (("access", "Cal. Civ. Code 1798.110"), ("deletion", "Cal. Civ. Code 1798.105")),
)
REGIMES = {regime.key: regime for regime in (GDPR, CCPA)}


def received_on(received: datetime, zone: ZoneInfo) -> date:
    """The local date of receipt: it decides, not the UTC one. `received` must carry a zone."""
    if received.tzinfo is None:
        raise ValueError("a time of receipt needs its time zone")
    return received.astimezone(zone).date()


def due(period: Period, day0: date, country: str | None = None) -> date:
    """The last day of the period that began on `day0`. `country` (ISO 3166) adds its public holidays."""
    match period.unit:
        case Unit.MONTHS:
            end = _months_later(day0, period.count)
        case Unit.CALENDAR_DAYS:
            end = day0 + timedelta(days=period.count)
        case Unit.BUSINESS_DAYS:
            end = day0
            for _ in range(period.count):
                end = _next_working_day(end + timedelta(days=1), country)
    return _next_working_day(end, country) if period.rolls else end


def _months_later(day: date, months: int) -> date:
    """The same day number; where the month has none, its last day (Regulation 1182/71 Art. 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _next_working_day(day: date, country: str | None) -> date:
    while day.weekday() >= 5 or (country and day in _holidays(country, day.year)):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
