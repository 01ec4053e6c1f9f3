"""Sign-ins: one row for every browser that is signed in. The browser has an opaque token; we keep its digest."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

import config
from imgpilot.accounts.models import Account, SignIn
from imgpilot.digests import keyed
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

#: A sign-in that is not used for so long has ended.
LASTS = timedelta(days=30)
#: Its last use is written down at most this often.
NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Found:
    """Who a browser is signed in as. `noted`: its last use was written down just now, so its cookie is renewed."""

    account: Account
    sign_in_id: UUID
    noted: bool


def start(session: Session, settings: config.Settings, account: Account, browser: str, now: datetime) -> str:
    """Sign this browser ("Firefox · Linux") in; the token for its cookie. Never one that the browser brought."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            account_id=account.id,
            digest=_digest(settings, token),
            browser=browser[:400],
            created_at=now,
            seen_at=now,
            proved_at=now,
        )
    )
    return token


def is_new(session: Session, account_id: UUID, browser: str) -> bool:
    """Whether this account was signed in to before, and never by a browser of this name ("Firefox · Linux").

    As far back as sign-ins are kept.
    """
    known = session.scalars(select(SignIn.browser).where(SignIn.account_id == account_id).distinct()).all()
    return bool(known) and browser[:400] not in known


def find(session: Session, settings: config.Settings, token: str, now: datetime) -> Found | None:
    """Who this token signs in, if anybody: not if it ended, was unused for 30 days, or the account is frozen."""
    row = session.execute(
        select(Account, SignIn.id, SignIn.seen_at)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(
            SignIn.digest == _digest(settings, token),
            SignIn.ended_at.is_(None),
            SignIn.seen_at > now - LASTS,
            Account.frozen_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    account, sign_in_id, seen_at = row
    late = now - seen_at >= NOTED_EVERY
    if late:
        _change(session, update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))
    return Found(account, sign_in_id, late)


def prove(session: Session, sign_in_id: UUID, now: datetime) -> bool:
    """Write down that whoever uses this browser proved to be the person just now; False if the sign-in is over."""
    there = select(SignIn.id).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    if session.scalar(there) is None:
        return False
    _change(session, update(SignIn).where(SignIn.id == sign_in_id).values(proved_at=now, seen_at=now))
    return True


def of(session: Session, account_id: UUID, now: datetime) -> list[SignIn]:
    """The browsers that are signed in to this account, the one used last first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.seen_at > now - LASTS)
            .order_by(SignIn.seen_at.desc(), SignIn.created_at.desc(), SignIn.id)
        )
    )


def end(session: Session, account_id: UUID, sign_in_id: UUID, now: datetime) -> None:
    """End one sign-in of this account; ending it again changes nothing. Raises NotYours."""
    theirs = select(SignIn.id).where(SignIn.id == sign_in_id, SignIn.account_id == account_id)
    if session.scalar(theirs) is None:
        raise NotYours(_("There is no such sign-in on your account. Nothing was ended."))
    _end(session, update(SignIn).where(SignIn.id == sign_in_id), now)


def end_all(session: Session, account_id: UUID, now: datetime, *, but: UUID | None = None) -> None:
    """End every sign-in of this account; `but` leaves one alone."""
    which = update(SignIn).where(SignIn.account_id == account_id)
    _end(session, which if but is None else which.where(SignIn.id != but), now)


def end_here(session: Session, settings: config.Settings, token: str, now: datetime) -> None:
    """End the sign-in of the browser that has this token. An unknown token ends nothing."""
    _end(session, update(SignIn).where(SignIn.digest == _digest(settings, token)), now)


def _end(session: Session, which: Update, now: datetime) -> None:
    _change(session, which.where(SignIn.ended_at.is_(None)).values(ended_at=now))


def _change(session: Session, what: Update) -> None:
    # A statement, not an attribute: the row may be erased at this moment, and then there is nothing to write.
    session.execute(what.execution_options(synchronize_session=False))


def _digest(settings: config.Settings, token: str) -> str:
    return keyed(settings, "sign-in", token)
