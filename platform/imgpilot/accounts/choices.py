"""What a person allows: consents, objections, opt-outs. Every change is a new row, so each has its proof (GDPR 7(1)).

A choice that was never made has the value the law gives it: a consent is not given, a legitimate interest is not
objected to.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account, Choice
from imgpilot.language import marked as _
from imgpilot.policy import in_force
from imgpilot.privacy import LegalBasis, Purpose
from imgpilot.purposes import NEWS, STATISTICS


@dataclass(frozen=True)
class Offer:
    """Something that a person can allow or not. `kind` is the right it is: consent, objection or opt-out."""

    key: str
    kind: str
    words: str
    says: str
    unless_said: bool
    purpose: Purpose | None = None


OFFERS = {
    offer.key: offer
    for offer in (
        Offer(
            "news",
            "consent",
            _("News about ImgPilot by e-mail"),
            _("Now and then a letter about what is new. Only with your consent."),
            unless_said=False,
            purpose=NEWS,
        ),
        Offer(
            "statistics",
            "objection",
            _("Counting what is used"),
            _("We count how often each model is used, over everybody, to improve the service. Nobody is named."),
            unless_said=True,
            purpose=STATISTICS,
        ),
        Offer(
            "sale-sharing",
            "opt-out",
            _("Sale or sharing of your data"),
            _("We do not sell or share your data with anybody for advertising. Say so, and we keep it as your choice."),
            unless_said=False,
        ),
        Offer(
            "sensitive",
            "opt-out",
            _("Use of sensitive data beyond the service"),
            _("We use what is in your prompts to make your pictures and for nothing else. Say so, and it stays so."),
            unless_said=False,
        ),
    )
}

assert all(
    offer.purpose is None or offer.purpose.basis in (LegalBasis.CONSENT, LegalBasis.LEGITIMATE_INTERESTS)
    for offer in OFFERS.values()
)


def newest(session: Session, account_id: UUID, what: str) -> Choice | None:
    """The choice that counts, if one was made."""
    return session.scalar(
        select(Choice)
        .where(Choice.account_id == account_id, Choice.what == what)
        .order_by(Choice.at.desc(), Choice.id)
        .limit(1)
    )


def allows(session: Session, account_id: UUID, what: str) -> bool:
    """Whether this person allows it now."""
    made = newest(session, account_id, what)
    return OFFERS[what].unless_said if made is None else made.allowed


def history(session: Session, account_id: UUID) -> list[Choice]:
    """Every choice this person made, the newest first."""
    return list(
        session.scalars(select(Choice).where(Choice.account_id == account_id).order_by(Choice.at.desc(), Choice.id))
    )


def say(session: Session, account_id: UUID, what: str, allowed: bool, via: str, now: datetime) -> Choice:
    """Write a choice down; it counts at once. Saying again what counts already writes nothing and finds it."""
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    before = newest(session, account_id, what)
    if before is not None and before.allowed == allowed:
        return before
    made = Choice(
        account_id=account_id,
        what=OFFERS[what].key,
        allowed=allowed,
        policy_version=in_force(now),
        # Two in one instant would have no order.
        at=now if before is None else max(now, before.at + timedelta(microseconds=1)),
        via=via,
    )
    session.add(made)
    session.flush()
    return made


def who_allows(what: str) -> ColumnElement[bool]:
    """The condition on Account that its owner allows this; for statements over many people."""
    last = (
        select(Choice.allowed)
        .where(Choice.account_id == Account.id, Choice.what == what)
        .order_by(Choice.at.desc(), Choice.id)
        .limit(1)
        .scalar_subquery()
    )
    return last.is_(True) if not OFFERS[what].unless_said else last.is_not(False)
