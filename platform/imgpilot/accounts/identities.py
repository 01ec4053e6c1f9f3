"""Which account of Google's is which person of ours: found, linked, unlinked (policy P01)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import config
from imgpilot.accounts import addresses
from imgpilot.accounts.errors import AccountFrozen, BadAddress, GoogleNotAnew, GoogleOther, GoogleTaken, GoogleUnsure
from imgpilot.accounts.google import LEEWAY, Said
from imgpilot.accounts.models import Account, Identity
from imgpilot.disclosures import Disclosure

GOOGLE = "google"


def enter(session: Session, said: Said, now: datetime) -> tuple[Account, bool] | None:
    """The account of whoever Google says is there, and whether it was linked just now; None: there is none yet.

    A known subject is known. An unknown one is linked to the account that has its address only if Google vouches for
    the address, which is then as good a proof as a link in its mailbox. Else GoogleUnsure: Google may only repeat what
    was typed there, or what was true years ago, and neither opens an account nor makes one in somebody's name.
    Raises AccountFrozen, GoogleTaken.
    """
    known = session.scalar(
        select(Identity.account_id).where(Identity.provider == GOOGLE, Identity.subject == said.subject)
    )
    if known is not None:
        account = _awake(session, Account.id == known)
        if account is not None:
            session.execute(
                update(Identity)
                .where(Identity.provider == GOOGLE, Identity.subject == said.subject)
                .values(used_at=now)
                .execution_options(synchronize_session=False)
            )
            return account, False
    if not said.vouched:
        raise GoogleUnsure
    account = _awake(session, Account.email == address(said))
    if account is None:
        return None
    link(session, account, said, now)
    return account, True


def address(said: Said) -> str:
    """The address as we know it. Raises GoogleUnsure for what is none."""
    try:
        return addresses.read(said.email)
    except BadAddress:
        raise GoogleUnsure from None


def link(session: Session, account: Account, said: Said, now: datetime) -> None:
    """This account of Google's signs in to this account from now on. Raises GoogleTaken.

    Their name is taken if the person has given none here; later sign-ins change nothing.
    """
    session.execute(
        insert(Identity)
        .values(
            id=uuid4(),
            account_id=account.id,
            provider=GOOGLE,
            subject=said.subject,
            email=said.email[:320],
            linked_at=now,
            used_at=now,
        )
        .on_conflict_do_nothing()
    )
    there = of(session, account.id)
    if there is None or there.subject != said.subject:
        raise GoogleTaken
    if account.name is None and said.name:
        account.name = said.name


def of(session: Session, account_id: UUID) -> Identity | None:
    """The account of Google's that is linked to this one."""
    return session.scalar(select(Identity).where(Identity.provider == GOOGLE, Identity.account_id == account_id))


def unlink(session: Session, account_id: UUID) -> bool:
    """Google lets nobody in to this account any more; whether it did before. A link by mail always does."""
    there = of(session, account_id)
    session.execute(
        delete(Identity)
        .where(Identity.provider == GOOGLE, Identity.account_id == account_id)
        .execution_options(synchronize_session=False)
    )
    return there is not None


def prove(session: Session, account_id: UUID, said: Said, began: datetime) -> None:
    """Raises GoogleOther unless it is the linked account.

    Raises GoogleNotAnew unless Google says that the person signed in there since the round trip `began`.
    """
    there = of(session, account_id)
    if there is None or there.subject != said.subject:
        raise GoogleOther
    if said.proved_at is None or (began - said.proved_at).total_seconds() > LEEWAY:
        raise GoogleNotAnew


def own_what_was_sent(session: Session, account_id: UUID, digest: str) -> None:
    """The call to Google that told us who it is (see google.finish) stands in the person's own disclosure log too."""
    session.execute(
        update(Disclosure)
        .where(Disclosure.account_id.is_(None), Disclosure.digest == digest)
        .values(account_id=account_id)
        .execution_options(synchronize_session=False)
    )


def _awake(session: Session, which: object) -> Account | None:
    account = session.scalars(select(Account).where(which).with_for_update(read=True)).one_or_none()  # type: ignore[arg-type]
    if account is not None and account.frozen_at is not None:
        raise AccountFrozen(contact=config.CONTACT)
    return account
