"""Magic links: asked for, mailed, looked at, and used once. We keep a digest; only the mail has the link."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

import config
from imgpilot.accounts.ages import OldEnough
from imgpilot.accounts.arrivals import account_of
from imgpilot.accounts.errors import (
    AccountFrozen,
    LinkExpired,
    LinkReplaced,
    LinkUnknown,
    LinkUsed,
    TooManyLinks,
)
from imgpilot.accounts.models import Account, SignInLink
from imgpilot.digests import keyed
from imgpilot.look.letters import letter
from imgpilot.mail import MailNotSent
from imgpilot.parts import Parts
from imgpilot.purposes import SIGN_IN

#: How long a link works.
LASTS = timedelta(minutes=15)
#: So many links may be on their way to one address, lest somebody fills another person's mailbox.
AT_ONCE = 10
#: Our corner of the advisory locks: one for each mailbox.
_MAILBOX = 727004


def ask(
    session: Session, parts: Parts, email: str, language: str, now: datetime, *, words: str = "sign_in"
) -> SignInLink:
    """Mail a new link to this address (see addresses.read); it voids those from before. `words`: which letter.

    What happens is the same for an address with an account and one without. Raises TooManyLinks, MailNotSent.
    Commits before mailing: nobody can open a link that is not there yet, and no connection is held while a mail
    server thinks.
    """
    _spare_the_mailbox(session, email, now)
    older = session.scalars(
        select(SignInLink.id).where(
            SignInLink.email == email, SignInLink.used_at.is_(None), SignInLink.expires_at > now
        )
    ).all()
    account_id = session.scalar(select(Account.id).where(Account.email == email))
    token = secrets.token_urlsafe(32)
    link = SignInLink(email=email, digest=_digest(parts.settings, token), created_at=now, expires_at=now + LASTS)
    session.add(link)
    session.commit()
    mail = letter(words, language, address=_address(parts.settings, token), minutes=LASTS.seconds // 60)
    try:
        link.disclosure_id = parts.mailer.send(
            email, mail.subject, mail.text, mail.html, purpose=SIGN_IN, subject=account_id, language=language
        )
    except MailNotSent:
        link.expires_at = now
        session.commit()
        raise
    # Only now: had the mail server refused, the person would still have the link from before.
    session.execute(
        update(SignInLink)
        .where(SignInLink.id.in_(older), SignInLink.used_at.is_(None))
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )
    return link


def look(session: Session, settings: config.Settings, token: str, now: datetime) -> SignInLink:
    """The link, if it would let its owner in now; nothing is changed. Raises a LinkError."""
    return _working(session.scalar(_mailed(settings, token)), now)


def consume(
    session: Session,
    settings: config.Settings,
    token: str,
    now: datetime,
    *,
    language: str = "en",
    old_enough: OldEnough | None = None,
) -> tuple[Account, bool]:
    """Use the link up: the account of its address, and whether it was made just now (then with this language).

    Raises a LinkError, AccountFrozen, or AgeUnanswered where there is no account yet and `old_enough` is not given. Of
    two at once, one gets in and the other finds the link used.
    """
    # The account before the link, as whoever erases it: the other way round each would wait for the other.
    email = look(session, settings, token, now).email
    session.execute(select(Account.id).where(Account.email == email).with_for_update(read=True))
    locked = _mailed(settings, token).with_for_update().execution_options(populate_existing=True)
    link = _working(session.scalar(locked), now)
    account, created = account_of(session, settings, link.email, language, now, old_enough)
    if account.frozen_at is not None:
        raise AccountFrozen(contact=config.CONTACT)
    link.used_at = now
    return account, created


def _working(link: SignInLink | None, now: datetime) -> SignInLink:
    if link is None:
        raise LinkUnknown
    if link.used_at is not None:
        raise LinkUsed
    if now >= link.expires_at:
        # Time alone never ends a link before it lasted; a newer link does.
        raise LinkReplaced if link.expires_at < link.created_at + LASTS else LinkExpired
    return link


def _spare_the_mailbox(session: Session, email: str, now: datetime) -> None:
    # Of two at once the second counts the first.
    session.execute(select(func.pg_advisory_xact_lock(_MAILBOX, func.hashtext(email))))
    lately = select(func.count()).where(
        SignInLink.email == email,
        SignInLink.created_at > now - LASTS,
        # In the mailbox, or on its way there; what the mail server did not take is neither.
        or_(SignInLink.disclosure_id.is_not(None), SignInLink.expires_at > now),
    )
    if (session.scalar(lately) or 0) >= AT_ONCE:
        raise TooManyLinks(minutes=LASTS.seconds // 60)


def _mailed(settings: config.Settings, token: str) -> Select[SignInLink]:
    return select(SignInLink).where(SignInLink.digest == _digest(settings, token))


def _digest(settings: config.Settings, token: str) -> str:
    return keyed(settings, "sign-in-link", token)


def _address(settings: config.Settings, token: str) -> str:
    """Where the link leads. The site mounts accounts at the root."""
    return f"{settings.site_url}/sign-in/{token}"
