"""What an account stands for now: what its owner may do, and what may be done with what is in it.

frozen      a deletion is being carried out: nothing, and nobody signs in
closing     a decided deletion can still be taken back: its owner signs in, nothing new is made
restricted  the data is stored and nothing else is done with it (GDPR Art. 18)
held        a legal hold stands on some of it: nothing of it expires (policy P13)

Everything that acts by itself asks here: the studio, the workers, the runs that expire rows, the counts, and the
gateway, past which nothing leaves.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from imgpilot.accounts import choices
from imgpilot.accounts.models import Account
from imgpilot.errors import PersonalError, Refused
from imgpilot.language import locale, translate
from imgpilot.language import marked as _
from imgpilot.privacy import Purpose
from imgpilot.purposes import ACCOUNTABILITY, GENERATION, RIGHTS, SIGN_IN, STORAGE

#: What goes on for an account that is frozen or restricted: her rights, the way in that she asks for, our proof of
#: what we did, and storage, which is what restricted data is for (GDPR 18(2)).
GOES_ON = (RIGHTS, SIGN_IN, ACCOUNTABILITY, STORAGE)


class NothingNew(PersonalError):
    """Nothing new is made for this account now. The message says why and what its owner can do."""

    status = 403
    #: The part of the studio's form that it is about: the order as a whole.
    field: ClassVar[str] = "order"
    SAYS: ClassVar[str] = ""
    #: A word for the page, which shows it by itself: "deleted", "closing" or "restricted".
    key: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(self.SAYS)


class BeingDeleted(NothingNew):
    """The account is being deleted, or is gone."""

    key, SAYS = "deleted", _("This account is being deleted, so nothing new is made. Nothing was taken.")


class Closing(NothingNew):
    """A deletion is decided and can still be taken back."""

    key = "closing"
    SAYS = _(
        "This account is closing, so nothing new is made. "
        "If you want to keep it, take the deletion back in the privacy centre."
    )


class Restricted(NothingNew):
    """The data is restricted. `since` is when that began."""

    key = "restricted"
    SAYS = _(
        "Your data is restricted since %(since)s: we store it and do nothing else with it, so nothing new is made. "
        "End the restriction in the privacy centre to make pictures again."
    )

    def __init__(self, since: datetime) -> None:
        PersonalError.__init__(self, self.SAYS, since=since.date().isoformat())
        self._since = since

    def said(self, language: str) -> str:
        """The message in that language, with the date as it is written there."""
        return translate(language, self.text, since=format_date(self._since, "long", locale(language)))


class Stopped(Refused):
    """The gateway let nothing out, for the sake of the person it is about: their account's standing, or their no."""


def why_not(account: Account) -> NothingNew | None:
    """What keeps new things from being made, as this row says; None if nothing does. For showing it."""
    return _why_not(account.frozen_at, account.closing_at, account.restricted_at)


def against(session: Session, account_id: UUID) -> NothingNew | None:
    """The same as the database has it now, and so it stays until this transaction ends: for whoever acts on it.

    Takes a share of the account's row, for which whoever freezes, closes or restricts it waits.
    """
    found = session.execute(
        select(Account.frozen_at, Account.closing_at, Account.restricted_at)
        .where(Account.id == account_id)
        .with_for_update(read=True)
    ).one_or_none()
    return BeingDeleted() if found is None else _why_not(*found)


def stays(session: Session, account_id: UUID) -> None:
    """Nobody erases this account before this transaction ends. To be called before anything of it is locked.

    Whoever erases takes the account's row first and then everything of it; who goes the other way round would wait for
    them, and they for him. Everything but erasing goes on meanwhile.
    """
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update(read=True, key_share=True))


def check(session: Session, account_id: UUID) -> None:
    """Raises NothingNew if `against` finds something."""
    stands = against(session, account_id)
    if stands is not None:
        raise stands


def _why_not(frozen: datetime | None, closing: datetime | None, restricted: datetime | None) -> NothingNew | None:
    if frozen is not None:
        return BeingDeleted()
    # Of both, the one that she asked for last is not known; ending the restriction alone would not help her.
    if closing is not None:
        return Closing()
    return Restricted(restricted) if restricted is not None else None


def may_act() -> ColumnElement[bool]:
    """The condition on Account that something may be done with what is in it, for statements over many accounts."""
    return and_(Account.frozen_at.is_(None), Account.closing_at.is_(None), Account.restricted_at.is_(None))


def may_expire() -> ColumnElement[bool]:
    """The condition on Account that its rows go when their time is over.

    Not while a deletion is decided, whose approved plan has counted them; not while they are restricted, for which
    erasure is processing too (GDPR 4(2), 18(2)); not while they are held.
    """
    return and_(may_act(), Account.held_at.is_(None))


def let_out(session: Session, account_id: UUID | None, purpose: Purpose) -> None:
    """Raises Stopped if nothing may leave for this purpose about this account.

    A purpose that its owner can say yes or no to needs that yes (choices.OFFERS), from somebody we know.
    """
    offer = next((offer for offer in choices.OFFERS.values() if offer.purpose == purpose), None)
    if account_id is None:
        if offer is not None:
            raise Stopped(f"nothing goes out for {purpose.key} without knowing about whom")
        return
    if offer is not None and not choices.allows(session, account_id, offer.key):
        raise Stopped(f"nothing goes out for {purpose.key}: the person does not allow it")
    if purpose in GOES_ON:
        return
    found = session.execute(
        select(Account.frozen_at, Account.closing_at, Account.restricted_at).where(Account.id == account_id)
    ).one_or_none()
    if found is None:
        return
    frozen, closing, restricted = found
    if frozen is not None or restricted is not None or (closing is not None and purpose == GENERATION):
        raise Stopped(f"nothing goes out for {purpose.key}: the account is frozen, closing or restricted")
