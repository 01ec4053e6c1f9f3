"""The first time somebody comes in, they get an account; every time after, it is the same one."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account, SignInLink
from imgpilot.billing import ledger
from imgpilot.disclosures import Disclosure

#: Credits that a new account begins with.
WELCOME = 40


def account_of(session: Session, email: str, language: str, now: datetime) -> tuple[Account, bool]:
    """The account with this proven address, and whether it was made just now. Two at once get the same one.

    The row is locked against being frozen until this transaction ends.
    """
    made = session.scalar(
        insert(Account)
        .values(id=uuid4(), email=email, language=language, theme="system", created_at=now)
        .on_conflict_do_nothing(index_elements=[Account.email])
        .returning(Account.id)
    )
    account = session.scalars(select(Account).where(Account.email == email).with_for_update(read=True)).one()
    if made is not None:
        ledger.grant(session, account.id, WELCOME, why="welcome", at=now)
        _own_what_was_mailed(session, account)
    return account, made is not None


def _own_what_was_mailed(session: Session, account: Account) -> None:
    """The mails that went to this address before there was an account are in its owner's disclosure log too."""
    mailed = select(SignInLink.disclosure_id).where(SignInLink.email == account.email)
    session.execute(
        update(Disclosure)
        .where(Disclosure.id.in_(mailed), Disclosure.account_id.is_(None))
        .values(account_id=account.id)
        .execution_options(synchronize_session=False)
    )
