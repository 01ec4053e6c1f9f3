"""Sign-in links go when their time is over (policy: 24 hours after they expired)."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Table, delete, exists
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account, SignInLink
from imgpilot.privacy import WORD, Kept


def tidy(session: Session, now: datetime) -> int:
    """Delete every link whose declared time is over; how many. Safe to repeat.

    Those of an account that is being deleted go with it: its approved plan has counted them.
    """
    kept: Kept = cast(Table, SignInLink.__table__).info[WORD].kept
    assert kept.span
    dying = exists().where(Account.email == SignInLink.email, Account.frozen_at.is_not(None))
    gone = session.execute(
        delete(SignInLink)
        .where(SignInLink.expires_at <= now - kept.span, ~dying)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], gone).rowcount
