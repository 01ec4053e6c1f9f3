"""The first time somebody comes in, they get an account; every time after, it is the same one.

A new account is for somebody who said that they are old enough (policy P19), on a page that links the privacy policy.
"""

from datetime import datetime
from importlib import import_module
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import config
from imgpilot.accounts.ages import AgeUnanswered, OldEnough
from imgpilot.accounts.models import Account, SignInLink
from imgpilot.billing import ledger
from imgpilot.disclosures import Disclosure
from imgpilot.policies.models import PolicyShown
from imgpilot.policy import in_force

#: Credits that a new account begins with.
WELCOME = 40


def account_of(
    session: Session,
    settings: config.Settings,
    email: str,
    language: str,
    now: datetime,
    old_enough: OldEnough | None = None,
) -> tuple[Account, bool]:
    """The account with this proven address, and whether it was made just now. Two at once get the same one.

    The row is locked against being frozen until this transaction ends. Raises AgeUnanswered if there is none yet and
    nobody said that its owner is old enough.
    """
    there = select(Account).where(Account.email == email).with_for_update(read=True)
    if old_enough is None:
        account = session.scalars(there).one_or_none()
        if account is None:
            raise AgeUnanswered
        return account, False
    made = session.scalar(
        insert(Account)
        .values(
            id=uuid4(),
            email=email,
            language=language,
            theme="system",
            created_at=now,
            old_enough_on=old_enough.on,
            old_enough_in=old_enough.country,
        )
        .on_conflict_do_nothing(index_elements=[Account.email])
        .returning(Account.id)
    )
    account = session.scalars(there).one()
    if made is not None:
        session.add(PolicyShown(account_id=account.id, version=in_force(now), how="sign-up", at=now))
        ledger.grant(session, account.id, WELCOME, why="welcome", at=now)
        _own_what_was_mailed(session, account)
        recall(session, settings, account, now)
    return account, made is not None


def recall(session: Session, settings: config.Settings, account: Account, now: datetime) -> None:
    """Have the account take over what was said about its address before it was the account's (config.ARRIVALS)."""
    for hook in config.ARRIVALS:
        module, _, function = hook.partition(":")
        getattr(import_module(module), function)(session, settings, account, now)


def is_known(session: Session, email: str) -> bool:
    """Whether there is an account with this address. To be said only to who proved to have the address."""
    return session.scalar(select(Account.id).where(Account.email == email)) is not None


def _own_what_was_mailed(session: Session, account: Account) -> None:
    """The mails that went to this address before there was an account are in its owner's disclosure log too."""
    mailed = select(SignInLink.disclosure_id).where(SignInLink.email == account.email)
    session.execute(
        update(Disclosure)
        .where(Disclosure.id.in_(mailed), Disclosure.account_id.is_(None))
        .values(account_id=account.id)
        .execution_options(synchronize_session=False)
    )
