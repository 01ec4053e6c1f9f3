"""How many calls the programs of an account may make, as they are told (draft-ietf-httpapi-ratelimit-headers-10)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

import config
from imgpilot import limits
from imgpilot.api.problems import TOO_MANY, Trouble
from imgpilot.limits import Limit, Standing

READS = Limit("api reads", 120, timedelta(minutes=1))
WRITES = Limit("api writes", 30, timedelta(minutes=1))


def count(session: Session, settings: config.Settings, account_id: UUID, now: datetime, *, writes: bool) -> Standing:
    """Count a call of this account, whichever of its tokens it came with: more tokens are not more calls.

    The caller commits at once, also if it was one too many: nobody waits for the row.
    """
    return limits.count(session, settings, WRITES if writes else READS, str(account_id), now)


def headers(standing: Standing, now: datetime) -> dict[str, str]:
    """How the account stands, for the answer."""
    limit = standing.limit
    name = limit.what.removeprefix("api ")
    return {
        "RateLimit-Policy": f'"{name}";q={limit.most};w={int(limit.span.total_seconds())}',
        "RateLimit": f'"{name}";r={standing.left};t={standing.seconds(now)}',
    }


def check(standing: Standing, now: datetime) -> None:
    """Raises Trouble if that was one too many."""
    if not standing.allowed:
        raise Trouble(TOO_MANY, headers={"Retry-After": str(standing.seconds(now))})
