"""Dates, numbers and sizes in words: Thu 3 Dec · 3 Nov, 10:14 · 1,240 · 38.6 GB; in Chinese as is usual there."""

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import TypeVar

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import has_app_context
from flask_babel import get_locale, get_timezone

from imgpilot import language

T = TypeVar("T")

#: What stands where there is no value.
NOTHING = "–"

#: The year is said when it is not this one.
_DAY = {"en": ("EEE d MMM", "EEE d MMM y"), "zh_Hans": ("M 月 d 日（EEE）", "y 年 M 月 d 日（EEE）")}
_MOMENT = {"en": ("d MMM, HH:mm", "d MMM y, HH:mm"), "zh_Hans": ("M 月 d 日 HH:mm", "y 年 M 月 d 日 HH:mm")}
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def day(value: date | None, lang: str) -> str:
    """Thu 3 Dec."""
    if value is None:
        return NOTHING
    local = _local(value)
    return format_date(local, _DAY[lang][local.year != _today().year], locale=language.locale(lang))


def moment(value: datetime | None, lang: str) -> str:
    """3 Nov, 10:14."""
    if value is None:
        return NOTHING
    local = _local(value)
    return format_datetime(local, _MOMENT[lang][local.year != _today().year], locale=language.locale(lang))


def number(value: int | float | Decimal | None, lang: str) -> str:
    """1,240."""
    return NOTHING if value is None else format_decimal(value, locale=language.locale(lang))


def filesize(value: int | None, lang: str) -> str:
    """38.6 GB, in thousands, as disks are sold and people compare."""
    if value is None:
        return NOTHING
    size, unit = float(value), 0
    # 999.95 and more would be written as 1000.0, so the next unit begins there.
    while size >= (999.95 if unit else 1000) and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    written = format_decimal(round(size, 1 if unit else 0), locale=language.locale(lang))
    return f"{written} {'byte' if value == 1 else _UNITS[unit]}"


def said(format_in: Callable[[T, str], str]) -> Callable[[T], str]:
    """The same, in the language of the request."""
    return lambda value: format_in(value, language.known(str(get_locale())))


def _local(value: date) -> date:
    """The person's own time, where a zone is known; without a zone it is taken as it is."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(_zone())
    return value


def _today() -> date:
    return datetime.now(_zone()).date()


def _zone() -> tzinfo:
    """That of the request; letters are written where there is none, in UTC."""
    zone: tzinfo | None = get_timezone() if has_app_context() else None
    return zone or UTC
