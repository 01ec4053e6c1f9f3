"""Sign-in links go when their time is over (policy: 24 hours after they expired)."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Table, delete, exists
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account, SignInLink
from imgpilot.privacy import WORD, Kept


def tidy(session: Session, now: datetime) -> int:
    """Delete every link whose declared time is over; how many. Safe to repeat.

    Those of an account whose rows do not expire now (standing.may_expire) stay.
    """
    kept: Kept = cast(Table, SignInLink.__table__).info[WORD].kept
    assert kept.span
    stays = exists().where(Account.email == SignInLink.email, ~standing.may_expire())
    gone = session.execute(
        delete(SignInLink)
        .where(SignInLink.expires_at <= now - kept.span, ~stays)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], gone).rowcount
