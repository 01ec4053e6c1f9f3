"""When an answer is due. The vectors are those of the regulation notes; hypothesis looks at the rest."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.requests.clocks import CCPA, GDPR, Period, Unit, due, received_on

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("asked", "country", "answered_by"),
    [
        (date(2026, 1, 31), None, date(2026, 3, 2)),  # no 31 February; the 28th is a Saturday
        (date(2026, 3, 5), "NL", date(2026, 4, 7)),  # 5 April is Easter Sunday, 6 April Easter Monday
        (date(2026, 8, 31), None, date(2026, 9, 30)),  # September has 30 days
        (date(2026, 9, 3), None, date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2027, 12, 31), None, date(2028, 1, 31)),
        (date(2028, 1, 31), None, date(2028, 2, 29)),  # a leap year
    ],
)
def test_gdpr_gives_one_calendar_month_rolled_to_a_working_day(
    asked: date, country: str | None, answered_by: date
) -> None:
    assert due(GDPR.answer, asked, country) == answered_by


def test_ccpa_gives_45_calendar_days_that_do_not_roll() -> None:
    assert due(CCPA.answer, date(2026, 11, 22)) == date(2027, 1, 6)
    saturday = due(CCPA.answer, date(2026, 11, 18))
    assert saturday == date(2027, 1, 2)
    assert saturday.weekday() == 5


def test_ccpa_receipt_is_acknowledged_within_10_business_days() -> None:
    assert CCPA.acknowledge is not None
    assert due(CCPA.acknowledge, date(2026, 11, 22)) == date(2026, 12, 4)


def test_the_local_date_of_receipt_decides() -> None:
    late_evening_in_london = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert received_on(late_evening_in_london, ZoneInfo("Europe/London")) == date(2026, 11, 22)
    assert received_on(late_evening_in_london, ZoneInfo("Europe/Amsterdam")) == date(2026, 11, 23)
    assert received_on(late_evening_in_london, ZoneInfo("America/Los_Angeles")) == date(2026, 11, 22)


def test_a_time_of_receipt_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        received_on(datetime(2026, 11, 22), ZoneInfo("UTC"))  # noqa: DTZ001


@given(DAYS)
def test_gdpr_never_ends_on_a_weekend_nor_later_than_the_roll_explains(asked: date) -> None:
    end = due(GDPR.answer, asked)
    assert end.weekday() < 5
    assert timedelta(days=28) <= end - asked <= timedelta(days=33)


@given(DAYS, DAYS)
def test_whoever_asks_later_is_never_answered_earlier(first: date, second: date) -> None:
    first, second = sorted((first, second))
    for period in (GDPR.answer, CCPA.answer):
        assert due(period, first) <= due(period, second)


@given(DAYS, st.integers(1, 30))
def test_business_days_count_only_working_days(start: date, count: int) -> None:
    end = due(Period(count, Unit.BUSINESS_DAYS), start)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(day.weekday() < 5 for day in between) == count
    assert end.weekday() < 5


@given(DAYS)
@settings(deadline=None)  # the first look at a country's holidays takes its time
def test_public_holidays_can_only_make_the_day_later(asked: date) -> None:
    assert due(GDPR.answer, asked, "DE") >= due(GDPR.answer, asked)
