"""Refused prompts go when their time is over (12 months), with the appeal and its answer."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.privacy import WORD, Kept
from imgpilot.safety.models import PromptRefusal

#: Rows of one statement.
AT_ONCE = 1000


def expire(session: Session, now: datetime) -> int:
    """Remove refusals whose time is over, the oldest AT_ONCE of them; how many. The caller commits and may repeat.

    Those of an account whose rows do not expire now (standing.may_expire) stay.
    """
    kept: Kept = cast(Table, PromptRefusal.__table__).info[WORD].kept
    assert kept.span
    over = (
        select(PromptRefusal.id)
        .join(Account, Account.id == PromptRefusal.account_id)
        .where(PromptRefusal.at <= now - kept.span, standing.may_expire())
        .order_by(PromptRefusal.at)
        .limit(AT_ONCE)
        # While this is held nobody begins to delete, restrict or hold the account.
        .with_for_update(read=True, of=Account, skip_locked=True)
    )
    gone = session.scalars(over).all()
    session.execute(delete(PromptRefusal).where(PromptRefusal.id.in_(gone)))
    return len(gone)
