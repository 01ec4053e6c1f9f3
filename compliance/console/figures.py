"""The figures of the home page: what is open, how fast it comes and goes, and how long answers take. Counts only."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, Integer, case, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from compliance.console.queue import Look, late
from compliance.requests import laws
from compliance.requests.kinds import AT_ONCE
from compliance.requests.models import PrivacyRequest
from compliance.requests.regimes import REGIMES, Period, Unit

WEEKS = 12
#: How far back answers are looked at, in days.
LOOKS_BACK = 365
#: Ages of open cases, each by its first day since receipt.
AGES = (0, 8, 15, 31, 61)
#: Many laws at a time nobody compares; those with the fewest cases are counted together.
MOST_LAWS = 6

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Split:
    """How many open cases of one sort there are: in time, and late. `key` is a kind, a law, or "" for the others."""

    key: str
    in_time: int
    late: int


@dataclass(frozen=True)
class Open:
    """Everything that is open, by kind and by law (most first), and by age (youngest first; keys are AGES)."""

    kinds: list[Split]
    laws: list[Split]
    ages: list[Split]


def open_now(session: Session, look: Look) -> Open:
    """What is open, three times over, in one query: at most as many rows as there are kinds, laws and ages."""
    request, midnight = PrivacyRequest, datetime.combine(look.now.date(), time(), UTC)
    age = case(
        *((request.received_at < midnight - (first - 1) * _DAY, first) for first in reversed(AGES[1:])),
        else_=AGES[0],
    ).label("age")
    rows = session.execute(
        select(request.kind, request.regime, age, func.count(), func.count().filter(late(look)))
        .where(request.closed_at.is_(None))
        .group_by(request.kind, request.regime, age)
    ).all()

    def by(place: int) -> list[Split]:
        both: dict[Any, list[int]] = {}
        for row in rows:
            at = both.setdefault(row[place], [0, 0])
            at[0] += row[3] - row[4]
            at[1] += row[4]
        return [Split(str(key), *pair) for key, pair in sorted(both.items(), key=lambda one: (-sum(one[1]), one[0]))]

    ages = {one.key: one for one in by(2)}
    return Open(by(0), _few(by(1)), [ages.get(str(first), Split(str(first), 0, 0)) for first in AGES])


def _few(given: list[Split]) -> list[Split]:
    kept, rest = given[:MOST_LAWS], given[MOST_LAWS:]
    return [*kept, Split("", sum(o.in_time for o in rest), sum(o.late for o in rest))] if rest else kept


@dataclass(frozen=True)
class Week:
    """How many requests came in and were closed in the week that began on this Monday."""

    monday: date
    received: int
    closed: int


def by_week(session: Session, now: datetime) -> list[Week]:
    """The last WEEKS weeks, this one included, oldest first. One query; weeks are those of UTC."""
    this = now.date() - timedelta(days=now.weekday())
    mondays = [this - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    since = datetime.combine(mondays[0], time(), UTC)

    def counted(column: Any, what: int) -> Any:
        week = func.date_trunc("week", func.timezone("UTC", column), type_=Date)
        chosen = select(literal(what, Integer).label("what"), cast(week, Date).label("week"), func.count())
        return chosen.where(column >= since, column <= now).group_by(week)

    rows = session.execute(
        union_all(counted(PrivacyRequest.received_at, 0), counted(PrivacyRequest.closed_at, 1))
    ).all()
    found = {(row[0], row[1]): int(row[2]) for row in rows}
    return [Week(monday, found.get((0, monday), 0), found.get((1, monday), 0)) for monday in mondays]


@dataclass(frozen=True)
class Answers:
    """How many answers under one law took so many days, and how many days that law gives. `law` is its key."""

    law: str
    limit: int
    days: dict[int, int]


def answers(session: Session, look: Look) -> Answers | None:
    """How long answers took under the law most were given under; None if there were none within LOOKS_BACK.

    Only what somebody had to decide: an opt-out is done at once, and would make us look faster than we are.
    """
    request, since = PrivacyRequest, look.now - LOOKS_BACK * _DAY
    took = func.floor(func.extract("epoch", request.answered_at - request.received_at) / 86_400)
    rows = session.execute(
        select(request.regime, cast(took, Integer), func.count())
        .where(request.closed_at >= since, request.answered_at.is_not(None), request.kind.not_in(AT_ONCE))
        .group_by(request.regime, took)
    ).all()
    many: Counter[str] = Counter()
    for law, _days, count in rows:
        many[law] += count if law in REGIMES else 0
    if not many.total():
        return None
    most = min(many, key=lambda law: (-many[law], law))
    days = {max(int(days), 0): int(count) for law, days, count in rows if law == most}
    return Answers(most, in_days(laws.in_force(session, most).answer), days)


def in_days(period: Period) -> int:
    """About how many days a period is, never more: a month has 30, five business days are a week."""
    match period.unit:
        case Unit.MONTHS:
            return period.count * 30
        case Unit.BUSINESS_DAYS:
            return period.count + period.count // 5 * 2
        case Unit.HOURS:
            return math.ceil(period.count / 24)
    return period.count
