"""API tokens: keys that a person gives to programs of theirs. We keep a digest; the key is shown once.

A key looks like `ipk_` and 40 letters and digits, so that scanners find one that was published by mistake.
"""

import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

import config
from imgpilot.accounts.errors import AccountError
from imgpilot.accounts.models import Account, ApiToken
from imgpilot.digests import keyed
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

BEGINS = "ipk_"
#: What a token may do, in words for people.
SCOPES = {
    "account:read": _("See the account"),
    "credits:read": _("See the credits"),
    "images:read": _("See and download pictures"),
    "images:write": _("Make, mark and remove pictures"),
    "shares:read": _("See public pages"),
    "shares:write": _("Make and take back public pages"),
    "webhooks": _("Set up webhooks"),
}
#: Live tokens that one account has at most.
MOST = 20
LONGEST_NAME = 80
#: Its last use is written down at most this often.
NOTED_EVERY = timedelta(minutes=10)

_LETTERS = string.ascii_letters + string.digits


class TokenError(AccountError):
    """The token cannot be made. `field` is what to look at again: "name" or "scopes"."""

    def __init__(self, field: str, text: str, **values: object) -> None:
        super().__init__(text, **values)
        self.field = field


def create(
    session: Session,
    settings: config.Settings,
    account_id: UUID,
    name: str,
    scopes: Iterable[str],
    lasts: timedelta | None,
    now: datetime,
) -> tuple[ApiToken, str]:
    """A new token and its key, which nobody can read again. `lasts` None: until it is ended. Raises TokenError."""
    called = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    wanted = set(scopes)
    if not called:
        raise TokenError("name", _("Give it a name, to know it by later."))
    if len(called) > LONGEST_NAME:
        raise TokenError("name", _("Use %(most)s characters or fewer."), most=LONGEST_NAME)
    if not wanted or wanted - set(SCOPES):
        raise TokenError("scopes", _("Choose what it may do."))
    # The account's row, so that two at once do not become one too many.
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    if (session.scalar(select(func.count()).where(*_live(account_id, now))) or 0) >= MOST:
        raise TokenError("name", _("You have %(most)s tokens. End one that you do not use."), most=MOST)
    key = BEGINS + "".join(secrets.choice(_LETTERS) for _each in range(40))
    token = ApiToken(
        account_id=account_id,
        name=called,
        digest=_digest(settings, key),
        ending=key[-4:],
        scopes=[scope for scope in SCOPES if scope in wanted],
        created_at=now,
        expires_at=None if lasts is None else now + lasts,
    )
    session.add(token)
    session.flush()
    return token, key


def find(session: Session, settings: config.Settings, presented: str, now: datetime) -> ApiToken | None:
    """The token with this key, if it works: not ended, not run out, its account not frozen. The caller commits.

    It counts as used now, which is written down every 10 minutes at most.
    """
    if not presented.startswith(BEGINS) or len(presented) != len(BEGINS) + 40:
        return None
    token = session.scalar(
        select(ApiToken)
        .join(Account, Account.id == ApiToken.account_id)
        .where(
            ApiToken.digest == _digest(settings, presented),
            ApiToken.ended_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
            Account.frozen_at.is_(None),
        )
    )
    if token is not None and (token.used_at is None or now - token.used_at >= NOTED_EVERY):
        # A statement, not an attribute: the row may be erased at this moment, and then there is nothing to write.
        session.execute(
            update(ApiToken)
            .where(ApiToken.id == token.id)
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
    return token


def of(session: Session, account_id: UUID, now: datetime) -> list[ApiToken]:
    """The tokens of this account that work, the newest first."""
    found = select(ApiToken).where(*_live(account_id, now)).order_by(ApiToken.created_at.desc(), ApiToken.id)
    return list(session.scalars(found))


def end(session: Session, account_id: UUID, token_id: UUID, now: datetime) -> None:
    """End one token of this account; ending it again changes nothing. Raises NotYours."""
    theirs = select(ApiToken.id).where(ApiToken.id == token_id, ApiToken.account_id == account_id)
    if session.scalar(theirs) is None:
        raise NotYours(_("There is no such token on your account. Nothing was ended."))
    # A statement, not an attribute: of two at once the first says when, and the row may be erased at this moment.
    ended = update(ApiToken).where(ApiToken.id == token_id, ApiToken.ended_at.is_(None)).values(ended_at=now)
    session.execute(ended.execution_options(synchronize_session=False))


def _live(account_id: UUID, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        ApiToken.account_id == account_id,
        ApiToken.ended_at.is_(None),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
    )


def _digest(settings: config.Settings, key: str) -> str:
    return keyed(settings, "api-token", key)
