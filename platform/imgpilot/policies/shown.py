"""Who was shown which version of the policy, and who still has to be told (policy P21)."""

from collections.abc import Set
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.policies.models import PolicyShown
from imgpilot.policies.versions import Version

#: Ways of being shown a version.
SIGN_UP, BANNER, PAGE, MAIL, CLOSED = "sign-up", "banner", "page", "mail", "closed"
#: After these the banner does not come again: it was closed, or there is nothing to tell.
SEEN = (SIGN_UP, PAGE, CLOSED)


def note(session: Session, account_id: UUID, version: Version, how: str, now: datetime) -> bool:
    """Write down that this person was shown the version in this way; whether that was new. The caller commits.

    Nothing is written for an account with which nothing new happens (standing.may_act), nor for one that is gone.
    """
    there = select(Account.id).where(Account.id == account_id, standing.may_act()).with_for_update(read=True)
    if session.scalar(there) is None:
        return False
    made = session.execute(
        insert(PolicyShown)
        .values(id=uuid4(), account_id=account_id, version=version.key, how=how, at=now)
        .on_conflict_do_nothing()
        .returning(PolicyShown.id)
    )
    return made.scalar() is not None


def ways(session: Session, account_id: UUID, version: Version) -> Set[str]:
    """How this person was shown the version so far."""
    rows = select(PolicyShown.how).where(PolicyShown.account_id == account_id, PolicyShown.version == version.key)
    return set(session.scalars(rows))


def untold(version: Version, how: str) -> ColumnElement[bool]:
    """The condition on Account that its owner knows an older version and was not shown this one in this way."""
    told = exists().where(
        PolicyShown.account_id == Account.id,
        PolicyShown.version == version.key,
        # Whoever joined under it needs no notice of it.
        PolicyShown.how.in_((SIGN_UP, how)),
    )
    return (Account.created_at < version.begins) & standing.may_act() & ~told
