"""A new e-mail address: it counts when the links that went to both addresses were opened (policy P01).

The link to the old address shows that it is the account's owner who asks, the one to the new address that it is theirs
and reached by mail. Of an address that has an account already nothing is said to whoever asks: its owner gets a letter.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import config
from imgpilot.accounts import addresses, arrivals, sign_ins
from imgpilot.accounts.errors import AccountError, AccountFrozen, LinkExpired, LinkUnknown, LinkUsed
from imgpilot.accounts.models import Account, EmailChange, SignInLink
from imgpilot.db import every_metadata
from imgpilot.digests import keyed
from imgpilot.language import marked as _
from imgpilot.look.letters import letter
from imgpilot.mail import MailNotSent
from imgpilot.parts import Parts
from imgpilot.privacy import WORD
from imgpilot.purposes import SIGN_IN

#: How long both links work.
LASTS = timedelta(minutes=60)
#: So many changes can be asked for within that time, lest somebody fills other people's mailboxes.
AT_ONCE = 3


class SameAddress(AccountError):
    """It is the account's address already."""

    SAYS = _("This is your address already.")


class TooManyChanges(AccountError):
    """Several changes were asked for just now."""

    status = 429
    SAYS = _("You asked for several changes just now. Open the newest links, or ask again in an hour.")


class AddressTaken(AccountError):
    """The address got an account meanwhile. Said only to who proved to have both addresses."""

    status = 409
    SAYS = _("There is another account with this address. Nothing was changed.")


@dataclass(frozen=True)
class Opened:
    """A link that works: what it would change, and at which of the two addresses its reader is ("old" or "new")."""

    change: EmailChange
    account: Account
    side: str


def ask(session: Session, parts: Parts, account: Account, typed: str, now: datetime) -> EmailChange:
    """Mail both links; the change that was asked for before ends. Commits before mailing.

    Raises BadAddress, SameAddress, TooManyChanges, MailNotSent. What happens is the same for an address that has an
    account already, but that its owner gets a letter without a link.
    """
    email = addresses.read(typed)
    # Of two at once the second ends what the first asked for, and each is counted.
    mine = select(Account.email).where(Account.id == account.id).with_for_update(key_share=True)
    if email == session.scalar(mine):
        raise SameAddress
    lately = select(func.count()).where(EmailChange.account_id == account.id, EmailChange.created_at > now - LASTS)
    if (session.scalar(lately) or 0) >= AT_ONCE:
        raise TooManyChanges
    end(session, account, now)
    old, new = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    change = EmailChange(
        account_id=account.id,
        email=email,
        old_digest=_digest(parts.settings, old),
        new_digest=_digest(parts.settings, new),
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(change)
    taken = arrivals.is_known(session, email)
    session.commit()
    shown = addresses.shown(email)
    try:
        _send(parts, account, account.email, "change_old", address=shown, link=_address(parts, old))
        _send(parts, account, email, "change_taken" if taken else "change_new", link=_address(parts, new))
    except MailNotSent:
        change.ended_at = now
        session.commit()
        raise
    return change


def pending(session: Session, account: Account, now: datetime) -> EmailChange | None:
    """The change that waits for its links."""
    return session.scalar(
        select(EmailChange)
        .where(EmailChange.account_id == account.id, EmailChange.ended_at.is_(None), EmailChange.expires_at > now)
        .order_by(EmailChange.created_at.desc())
        .limit(1)
    )


def end(session: Session, account: Account, now: datetime) -> None:
    """Call off whatever waits. The caller commits."""
    session.execute(
        update(EmailChange)
        .where(EmailChange.account_id == account.id, EmailChange.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def look(session: Session, settings: config.Settings, token: str, now: datetime) -> Opened:
    """What this link is about, if it works now; nothing is changed. Raises a LinkError or AccountFrozen."""
    digest = _digest(settings, token)
    row = session.execute(
        select(EmailChange, Account)
        .join(Account, Account.id == EmailChange.account_id)
        .where(or_(EmailChange.old_digest == digest, EmailChange.new_digest == digest))
    ).one_or_none()
    if row is None:
        raise LinkUnknown
    change, account = row
    side = "old" if change.old_digest == digest else "new"
    if (change.old_confirmed_at if side == "old" else change.new_confirmed_at) is not None:
        raise LinkUsed
    if change.ended_at is not None or now >= change.expires_at:
        raise LinkExpired
    if account.frozen_at is not None:
        raise AccountFrozen(contact=config.CONTACT)
    return Opened(change, account, side)


def confirm(session: Session, parts: Parts, token: str, now: datetime) -> tuple[Opened, bool]:
    """The link was opened and confirmed; whether that carried the change out. The caller commits.

    Raises a LinkError, AccountFrozen, or AddressTaken (then the change is over).
    """
    opened = look(session, parts.settings, token, now)
    # The account before anything of it, as whoever erases or corrects it: else each would wait for the other.
    session.execute(select(Account.id).where(Account.id == opened.account.id).with_for_update())
    session.expire_all()
    opened = look(session, parts.settings, token, now)
    change = opened.change
    if opened.side == "old":
        change.old_confirmed_at = now
    else:
        change.new_confirmed_at = now
    if change.old_confirmed_at is None or change.new_confirmed_at is None:
        return opened, False
    _carry_out(session, opened.account, change, now)
    arrivals.recall(session, parts.settings, opened.account, now)
    return opened, True


def tell(parts: Parts, account: Account, before: str) -> None:
    """Tell both addresses that it is done. Never fails: it is done."""
    for to in (before, account.email):
        try:
            _send(parts, account, to, "change_done", address=addresses.shown(account.email))
        except MailNotSent:
            continue


def _carry_out(session: Session, account: Account, change: EmailChange, now: datetime) -> None:
    before = account.email
    change.ended_at = now
    try:
        with session.begin_nested():
            account.email = change.email
            session.flush()
    except IntegrityError:
        # `from None`: the database's words quote the address.
        raise AddressTaken from None
    # Links that lie in either mailbox let nobody in any more: the old one may be somebody else's by now.
    session.execute(
        update(SignInLink)
        .where(SignInLink.email.in_((before, account.email)), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )
    _take_along(session, before, account.email)
    sign_ins.end_all(session, account.id, now)


def _take_along(session: Session, before: str, after: str) -> None:
    """Rows that are a person's by their address go along: sign-in links, and requests, whose answers go there."""
    for column in _identities():
        session.execute(
            update(column.table)
            .where(func.lower(column) == before)
            .values({column.name: after})
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


def _identities() -> list[Column[Any]]:
    """The columns by whose address a row is somebody's, but for the account's own."""
    return [
        column
        for metadata in every_metadata()
        for table in metadata.sorted_tables
        for column in table.columns
        if table.name != Account.__tablename__ and WORD in column.info and column.info[WORD].identity
    ]


def _send(parts: Parts, account: Account, to: str, words: str, **values: object) -> None:
    mail = letter(words, account.language, minutes=LASTS.seconds // 60, **values)
    parts.mailer.send(
        to, mail.subject, mail.text, mail.html, purpose=SIGN_IN, subject=account.id, language=account.language
    )


def _address(parts: Parts, token: str) -> str:
    return f"{parts.settings.site_url}/account/email/{token}"


def _digest(settings: config.Settings, token: str) -> str:
    return keyed(settings, "email-change", token)
