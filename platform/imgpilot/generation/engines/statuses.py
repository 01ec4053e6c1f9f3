"""What an HTTP status means where the provider says no more, and how long it asks us to wait."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from imgpilot.generation.engines.protocol import (
    AuthRefused,
    Failure,
    InvalidInput,
    QuotaExhausted,
    RateLimited,
    Transient,
    Unusable,
)

#: If it wants us to wait longer, it is not worth it to the person: the picture fails with a refund.
LONGEST_WAIT = timedelta(minutes=10)


def failure_of(status: int, headers: Mapping[str, str], now: datetime) -> Failure:
    """The failure that this status is, when something was ordered. `headers` know lower-case names."""
    if status == 402:
        return QuotaExhausted()
    if status in {401, 403}:
        return AuthRefused()
    if status == 429:
        return limited(wait_of(headers, now))
    if status == 409:
        return Transient(wait=wait_of(headers, now))
    return refused(status)


def refused(status: int) -> Failure:
    """What a status of no other meaning is: the request was no good, or whatever was begun may be billed."""
    return InvalidInput() if 400 <= status < 500 and status != 408 else Unusable()


def passes(status: int) -> bool:
    """Whether the same question may get a better answer a little later. For questions only: orders may be billed."""
    return status in {408, 409, 429} or status >= 500


def wait_of(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the provider asks us to wait: in milliseconds, in seconds, or until a date."""
    for name, unit in (("retry-after-ms", timedelta(milliseconds=1)), ("retry-after", timedelta(seconds=1))):
        try:
            return _sane(float(headers.get(name, "")) * unit)
        except (ValueError, OverflowError):
            continue
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return _sane((until if until.tzinfo else until.replace(tzinfo=UTC)) - now)


def _sane(wait: timedelta) -> timedelta:
    return max(wait, timedelta(0))


def limited(wait: timedelta | None, *, never: bool = False) -> RateLimited:
    """Too many requests. `never`: the provider does not want us to try again."""
    too_long = wait is not None and wait > LONGEST_WAIT
    return RateLimited(wait=wait, tries=1 if never or too_long else None)
