"""When an answer is due. The vectors are those of the regulation notes; hypothesis looks at the rest."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.errors import MoveRefused
from compliance.requests.clocks import (
    BREACH,
    CCPA,
    GDPR,
    REGIMES,
    Period,
    Unit,
    appeal_due,
    appeal_until,
    breach_notice_due,
    calendar_of,
    deadline,
    due,
    extended,
    may_pause,
    paused,
    received_on,
)
from compliance.requests.kinds import Kind
from compliance.requests.regimes import EEA, Regime, for_place

UTC_ZONE = ZoneInfo("UTC")
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(
    ["UTC", "Europe/Amsterdam", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Jakarta", "Pacific/Pago_Pago"]
).map(ZoneInfo)
LAWS = st.sampled_from(sorted(REGIMES)).map(REGIMES.__getitem__)
KINDS = st.sampled_from([str(kind) for kind in Kind])
LANDS = st.sampled_from(sorted({place.partition("-")[0] for law in REGIMES.values() for place in law.places}))


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("law", "kind", "asked", "country", "answer", "latest"),
    [
        ("gdpr", "access", date(2026, 1, 31), None, date(2026, 3, 2), date(2026, 4, 30)),
        ("gdpr", "access", date(2026, 3, 5), "NL", date(2026, 4, 7), date(2026, 6, 5)),
        ("gdpr", "deletion", date(2026, 8, 31), "DE", date(2026, 9, 30), date(2026, 11, 30)),
        ("uk-gdpr", "access", date(2026, 9, 3), "GB", date(2026, 10, 5), date(2026, 12, 3)),
        ("ccpa", "access", date(2026, 11, 22), "US", date(2027, 1, 6), date(2027, 2, 20)),
        ("ccpa", "opt-out", date(2026, 11, 22), "US", date(2026, 12, 11), None),
        ("us-va", "deletion", date(2026, 11, 22), "US", date(2027, 1, 6), date(2027, 2, 20)),
        ("us-ia", "access", date(2026, 11, 22), "US", date(2027, 2, 20), date(2027, 4, 6)),
        ("us-fl", "access", date(2026, 11, 22), "US", date(2027, 1, 6), date(2027, 1, 21)),
        ("us-ri", "consent-withdrawal", date(2026, 11, 22), "US", date(2026, 12, 7), None),
        ("us-other", "access", date(2026, 11, 22), "US", date(2027, 1, 6), None),
        ("lgpd", "access", date(2026, 11, 22), "BR", date(2026, 12, 7), None),
        ("pipeda", "access", date(2026, 11, 22), "CA", date(2026, 12, 22), date(2027, 1, 21)),
        ("us-or", "opt-out", date(2026, 11, 22), "US", date(2027, 1, 6), date(2027, 2, 20)),
        ("kr", "access", date(2026, 11, 22), "KR", date(2026, 12, 2), date(2026, 12, 12)),
        ("kr", "deletion", date(2026, 11, 22), "KR", date(2026, 12, 2), None),
        ("tw", "access", date(2026, 11, 22), "TW", date(2026, 12, 7), date(2026, 12, 22)),
        ("tw", "deletion", date(2026, 11, 22), "TW", date(2026, 12, 22), date(2027, 1, 21)),
    ],
)
def test_each_law_gives_its_own_days(
    law: str, kind: str, asked: date, country: str | None, answer: date, latest: date | None
) -> None:
    days = deadline(REGIMES[law], kind, at_noon(asked), UTC_ZONE, country)
    assert (days.answer, days.latest, days.answer_at) == (answer, latest, None)


def test_ccpa_business_days_skip_weekends_only_because_that_is_earlier() -> None:
    days = deadline(CCPA, "access", at_noon(date(2026, 11, 22)), UTC_ZONE, "US", "CA")
    assert days.acknowledge == date(2026, 12, 4)
    # A law that does say "holidays too" would have until the 8th: Thanksgiving and the day after it.
    assert due(Period(10, Unit.BUSINESS_DAYS), date(2026, 11, 22), "US", "CA") == date(2026, 12, 8)


def test_an_opt_out_is_not_acknowledged_extended_or_verified() -> None:
    days = deadline(CCPA, "opt-out", at_noon(date(2026, 11, 22)), UTC_ZONE, "US")
    assert (days.acknowledge, days.latest) == (None, None)
    assert not CCPA.terms("opt-out").verify
    assert CCPA.terms("deletion").verify


def test_hours_run_through_the_weekend_and_end_at_an_instant() -> None:
    friday_evening = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)  # 21:30 in Jakarta
    days = deadline(REGIMES["id"], "access", friday_evening, ZoneInfo("Asia/Jakarta"), "ID")
    assert days.answer_at == datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    assert days.answer == date(2026, 11, 23)


def test_a_change_to_winter_time_gives_no_hour_more() -> None:
    """72 hours, also where the clocks are set back in between."""
    asked = datetime(2026, 10, 24, 0, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
    days = deadline(REGIMES["id"], "access", asked, ZoneInfo("Europe/Amsterdam"), "NL")
    assert days.answer_at is not None
    assert days.answer_at - asked.astimezone(UTC) == timedelta(hours=72)
    assert days.answer == date(2026, 10, 26)


def test_hours_without_an_instant_give_whole_days() -> None:
    assert due(Period(72, Unit.HOURS), date(2026, 11, 20)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("aware", "told_by"),
    [
        # Over a weekend, and over Christmas: hours do not roll.
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), datetime(2026, 11, 23, 16, 0, tzinfo=UTC)),
        (datetime(2026, 12, 23, 9, 30, tzinfo=UTC), datetime(2026, 12, 26, 9, 30, tzinfo=UTC)),
        # Over the change to winter time, and to summer time: 72 hours all the same.
        (
            datetime(2026, 10, 23, 12, 0, tzinfo=ZoneInfo("Europe/Berlin")),
            datetime(2026, 10, 26, 11, 0, tzinfo=ZoneInfo("Europe/Berlin")),
        ),
        (
            datetime(2027, 3, 27, 12, 0, tzinfo=ZoneInfo("Europe/Berlin")),
            datetime(2027, 3, 30, 13, 0, tzinfo=ZoneInfo("Europe/Berlin")),
        ),
    ],
)
def test_the_authority_is_told_of_a_breach_in_72_clock_hours(aware: datetime, told_by: datetime) -> None:
    assert breach_notice_due(aware) == told_by
    assert (BREACH.count, BREACH.unit, BREACH.rolls) == (72, Unit.HOURS, False)


def test_a_breach_without_a_zone_has_no_deadline() -> None:
    with pytest.raises(ValueError, match="time zone"):
        breach_notice_due(datetime(2026, 11, 22, 12, 0))  # noqa: DTZ001


def test_a_law_without_extension_is_not_extended() -> None:
    with pytest.raises(MoveRefused, match="allows no extension"):
        extended(REGIMES["lgpd"], "access", at_noon(date(2026, 1, 1)), UTC_ZONE, "BR")
    with pytest.raises(MoveRefused, match="CCPA allows no extension"):
        extended(CCPA, "opt-out", at_noon(date(2026, 1, 1)), UTC_ZONE, "US")
    assert extended(GDPR, "access", at_noon(date(2026, 1, 31)), UTC_ZONE, "DE") == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("law", "reason", "kind", "may"),
    [
        ("gdpr", "identity", "access", True),
        ("gdpr", "clarification", "access", False),
        ("uk-gdpr", "identity", "deletion", True),
        ("uk-gdpr", "clarification", "access", True),
        ("uk-gdpr", "clarification", "deletion", False),
        ("uk-gdpr", "fee", None, True),
        ("ccpa", "identity", None, False),
        ("us-va", "identity", None, False),
        ("lgpd", "identity", None, False),
        ("gdpr", "holiday of the officer", None, False),
    ],
)
def test_the_clock_stops_only_where_the_law_says_so(law: str, reason: str, kind: str | None, may: bool) -> None:
    assert may_pause(REGIMES[law], reason, kind) is may


def test_a_pause_shifts_the_day_and_then_rolls() -> None:
    wednesday = date(2026, 9, 30)
    assert paused(wednesday, date(2026, 9, 7), date(2026, 9, 10), GDPR.answer) == date(2026, 10, 5)  # the 3rd: Saturday
    assert paused(wednesday, date(2026, 9, 7), date(2026, 9, 10), CCPA.answer) == date(2026, 10, 3)
    assert paused(wednesday, date(2026, 9, 7), date(2026, 9, 7), GDPR.answer) == wednesday


def test_a_weekend_is_not_given_twice() -> None:
    """Asked on 31 January: due on Saturday the 28th, rolled to Monday. Ten days later is Tuesday, not Thursday."""
    exact = deadline(GDPR, "access", at_noon(date(2026, 1, 31)), UTC_ZONE, None, stood_still=10)
    assert exact.answer == date(2026, 3, 10)
    assert exact.latest == date(2026, 5, 11)  # 30 April and ten days is a Sunday
    assert paused(date(2026, 3, 2), date(2026, 2, 3), date(2026, 2, 13), GDPR.answer) == date(2026, 3, 10)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="pause"):
        paused(date(2026, 9, 30), date(2026, 9, 8), date(2026, 9, 7), GDPR.answer)


def test_an_appeal_has_its_own_clock() -> None:
    appealed = at_noon(date(2026, 11, 22))
    assert appeal_due(REGIMES["us-va"], appealed, UTC_ZONE, "US") == date(2027, 1, 21)
    assert appeal_due(REGIMES["us-co"], appealed, UTC_ZONE, "US") == date(2027, 1, 6)
    assert appeal_due(REGIMES["us-co"], appealed, UTC_ZONE, "US", longer=True) == date(2027, 3, 7)
    assert appeal_due(REGIMES["us-mn"], appealed, UTC_ZONE, "US", longer=True) == date(2027, 3, 7)
    assert appeal_due(REGIMES["us-nj"], appealed, UTC_ZONE, "US") == date(2027, 1, 6)
    assert appeal_due(REGIMES["us-or"], appealed, UTC_ZONE, "US") == date(2027, 1, 6)
    assert appeal_until(REGIMES["us-va"], appealed, UTC_ZONE) == date(2027, 1, 21)


def test_where_there_is_no_appeal_none_is_due() -> None:
    for law in ("gdpr", "ccpa", "us-ut"):
        assert appeal_until(REGIMES[law], at_noon(date(2026, 11, 22)), UTC_ZONE) is None
        with pytest.raises(MoveRefused, match="gives no appeal"):
            appeal_due(REGIMES[law], at_noon(date(2026, 11, 22)), UTC_ZONE)
    for law in ("us-va", "us-or"):
        with pytest.raises(MoveRefused, match="no extension for an appeal"):
            appeal_due(REGIMES[law], at_noon(date(2026, 11, 22)), UTC_ZONE, longer=True)


def test_the_holidays_of_a_country_whose_law_we_only_borrowed_do_not_count() -> None:
    """3 May is a holiday in Japan; but the GDPR, which we apply to whom we know no law for, does not know it."""
    asked = at_noon(date(2027, 4, 3))  # due on Monday, 3 May 2027
    assert deadline(GDPR, "access", asked, UTC_ZONE, "JP").answer == date(2027, 5, 3)
    assert deadline(GDPR, "access", asked, UTC_ZONE, "PL").answer == date(2027, 5, 4)  # Constitution Day
    assert calendar_of(GDPR, "JP", None) == (None, None)
    assert calendar_of(GDPR, "pl", None) == ("PL", None)


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    asked = at_noon(date(2026, 10, 1))  # 1 November is a Sunday; All Saints' on it, nothing on the Monday
    assert deadline(GDPR, "access", asked, UTC_ZONE, "DE").answer == date(2026, 11, 2)
    easter_monday = at_noon(date(2026, 3, 6))
    scotland = deadline(REGIMES["uk-gdpr"], "access", easter_monday, UTC_ZONE, "GB", "SCT").answer
    england = deadline(REGIMES["uk-gdpr"], "access", easter_monday, UTC_ZONE, "GB", "GB-ENG").answer
    assert (scotland, england) == (date(2026, 4, 6), date(2026, 4, 7))


def test_an_unknown_part_or_country_has_the_holidays_we_know() -> None:
    assert due(GDPR.answer, date(2026, 3, 5), "NL", "nowhere") == date(2026, 4, 7)
    assert due(GDPR.answer, date(2026, 3, 5), "XX") == date(2026, 4, 6)


@given(LAWS, KINDS, TIMES, ZONES, LANDS)
@settings(deadline=None)
def test_no_deadline_falls_before_receipt_and_none_is_extended_backwards(
    law: Regime, kind: str, received: datetime, zone: ZoneInfo, country: str
) -> None:
    days = deadline(law, kind, received, zone, country)
    day0 = received_on(received, zone)
    assert days.answer > day0
    assert days.acknowledge is None or day0 < days.acknowledge <= days.answer
    assert days.latest is None or days.latest > days.answer
    assert days.answer_at is None or days.answer_at > received


@given(DAYS, st.sampled_from(EEA), st.integers(0, 120))
@settings(deadline=None)
def test_what_rolls_never_ends_on_a_weekend_or_holiday(asked: date, country: str, stood_still: int) -> None:
    days = deadline(for_place(country), "access", at_noon(asked), UTC_ZONE, country, stood_still=stood_still)
    for day in (days.answer, days.latest):
        assert day is not None
        assert day.weekday() < 5
        assert day not in holidays.country_holidays(country, years=day.year)


@given(DAYS, st.integers(0, 60), st.integers(0, 60), st.sampled_from(["gdpr", "ccpa", "lgpd"]), st.sampled_from(EEA))
@settings(deadline=None)
def test_a_longer_pause_never_gives_an_earlier_day(day: date, one: int, other: int, law: str, country: str) -> None:
    one, other = sorted((one, other))
    period = REGIMES[law].answer
    due_on = due(period, day, country)
    shorter = paused(due_on, day, day + timedelta(days=one), period, country)
    assert shorter <= paused(due_on, day, day + timedelta(days=other), period, country)
    assert shorter >= due_on


@given(DAYS, st.integers(0, 60), st.sampled_from(EEA))
@settings(deadline=None)
def test_a_shifted_day_is_never_later_than_the_exact_one(asked: date, days: int, country: str) -> None:
    exact = deadline(GDPR, "access", at_noon(asked), UTC_ZONE, country, stood_still=days).answer
    due_on = deadline(GDPR, "access", at_noon(asked), UTC_ZONE, country).answer
    assert paused(due_on, asked, asked + timedelta(days=days), GDPR.answer, country) <= exact


@given(DAYS, st.integers(1, 36))
def test_months_never_skip_a_month(day: date, months: int) -> None:
    end = due(Period(months, Unit.MONTHS), day)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@given(DAYS, ZONES, st.integers(-120, 120))
def test_around_midnight_the_zone_decides(day: date, zone: ZoneInfo, minutes: int) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    received = (midnight.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(UTC)
    assert received_on(received, zone) == (day if minutes >= 0 else day - timedelta(days=1))
