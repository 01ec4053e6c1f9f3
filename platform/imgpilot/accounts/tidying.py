"""Sign-in links and the like go when their time is over (policy: 24 hours after they expired)."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Table, delete, exists
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account, AgeRefusal, EmailChange, SignInLink
from imgpilot.db import Base
from imgpilot.privacy import WORD, Kept


def tidy(session: Session, now: datetime) -> int:
    """Delete every link whose declared time is over; how many. Safe to repeat.

    Those of an account whose rows do not expire now (standing.may_expire) stay.
    """
    stays = exists().where(Account.email == SignInLink.email, ~standing.may_expire())
    gone = session.execute(
        delete(SignInLink)
        .where(SignInLink.expires_at <= now - _span(SignInLink), ~stays)
        .execution_options(synchronize_session=False)
    )
    _tidy_the_rest(session, now)
    return cast(CursorResult[Any], gone).rowcount


def _tidy_the_rest(session: Session, now: datetime) -> None:
    """Marks of refused addresses, and changes of address that nobody finished."""
    awake = exists().where(Account.id == EmailChange.account_id, standing.may_expire())
    for which in (
        delete(AgeRefusal).where(AgeRefusal.at <= now - _span(AgeRefusal)),
        delete(EmailChange).where(EmailChange.expires_at <= now - _span(EmailChange), awake),
    ):
        session.execute(which.execution_options(synchronize_session=False))


def _span(model: type[Base]) -> timedelta:
    kept: Kept = cast(Table, model.__table__).info[WORD].kept
    assert kept.span
    return kept.span
