"""Dates, numbers and sizes as they are written in each language."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import Flask

from imgpilot.look import figures

YEAR = 2026


@pytest.fixture(autouse=True)
def _this_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day of it."""
    monkeypatch.setattr(figures, "_today", lambda: date(YEAR, 11, 23))


def test_a_day_of_this_year_needs_no_year() -> None:
    assert figures.day(date(YEAR, 12, 3), "en").endswith("3 Dec")
    assert figures.day(date(2020, 12, 3), "en") == "Thu 3 Dec 2020"
    assert figures.day(date(2020, 12, 3), "zh_Hans") == "2020 年 12 月 3 日（周四）"


def test_a_moment_has_its_time() -> None:
    assert figures.moment(datetime(YEAR, 11, 3, 10, 14, tzinfo=UTC), "en") == "3 Nov, 10:14"
    assert figures.moment(datetime(2020, 11, 3, 10, 14, tzinfo=UTC), "en") == "3 Nov 2020, 10:14"
    assert figures.moment(datetime(YEAR, 11, 3, 10, 14, tzinfo=UTC), "zh_Hans") == "11 月 3 日 10:14"


def test_a_moment_of_another_zone_is_said_in_ours() -> None:
    there = datetime(YEAR, 11, 3, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert figures.moment(there, "en") == "4 Nov, 04:30"


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1 MB"),
        (38_600_000_000, "38.6 GB"),
        (5 * 10**18, "5,000 PB"),
    ],
)
def test_sizes(size: int, said: str) -> None:
    assert figures.filesize(size, "en") == said


def test_nothing_is_a_dash() -> None:
    for write in (figures.day, figures.moment, figures.number, figures.filesize):
        assert write(None, "en") == "–"


def test_filters_speak_the_language_of_the_request(app: Flask) -> None:
    page = app.jinja_env.from_string("{{ then | day }} {{ 1240 | number }}")
    with app.test_request_context(headers={"Cookie": "lang=zh_Hans"}):
        assert page.render(then=date(2020, 12, 3)) == "2020 年 12 月 3 日（周四） 1,240"
