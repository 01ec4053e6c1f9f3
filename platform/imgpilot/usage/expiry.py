"""Lines of the usage log go when their time is over (policy: 90 days)."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Table, delete, exists, or_, select

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.db import Sessions
from imgpilot.privacy import WORD, Kept
from imgpilot.usage.models import Usage

#: So many go in one transaction.
BATCH = 5000


def expire(sessions: Sessions, now: datetime) -> int:
    """Delete every line whose declared time is over; how many. Safe to repeat and to stop in.

    Those of an account whose rows do not expire now (standing.may_expire) stay.
    """
    kept: Kept = cast(Table, Usage.__table__).info[WORD].kept
    assert kept.span
    goes = or_(Usage.account_id.is_(None), exists().where(Account.id == Usage.account_id, standing.may_expire()))
    over = select(Usage.id).where(Usage.at <= now - kept.span, goes).order_by(Usage.at).limit(BATCH)
    total = 0
    while True:
        with sessions.begin() as session:
            gone = session.execute(
                delete(Usage)
                .where(Usage.id.in_(over.with_for_update(skip_locked=True)))
                .execution_options(synchronize_session=False)
            )
        count = cast(CursorResult[Any], gone).rowcount
        total += count
        if count < BATCH:
            return total
