"""One person, gathered for their page: what is held, what was asked, what stands, what they chose, who received."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import holds
from compliance.export import access
from compliance.requests.models import PrivacyRequest
from compliance.standing import Hold, Restriction
from imgpilot.accounts import choices
from imgpilot.accounts.choices import OFFERS, Offer
from imgpilot.accounts.models import Account, Choice, SignIn
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

SIGN_INS = 20
#: What is masked on the page, and shown for a reason: what it is called in the log and to staff.
MASKED = {"email": _("E-mail"), "browsers": _("Browsers")}


@dataclass(frozen=True)
class Chosen:
    """A choice: what counts now, and the row that proves it, if one was made."""

    offer: Offer
    allowed: bool
    proof: Choice | None


@dataclass(frozen=True)
class Known:
    """Everything the page shows."""

    account: Account
    holdings: list[access.Holding]
    cases: list[PrivacyRequest]
    holds: list[Hold]
    restrictions: list[Restriction]
    chosen: list[Chosen]
    recipients: list[access.Recipient]
    sign_ins: list[SignIn]

    @property
    def rows(self) -> int:
        """How many rows are held."""
        return sum(one.rows for one in self.holdings)


def gather(session: Session, account_id: UUID) -> Known:
    """The person. Raises NotYours if there is no such account (any more)."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotYours(_("There is no such account, or not any more."))
    newest: dict[str, Choice] = {}
    for row in choices.history(session, account_id):
        newest.setdefault(row.what, row)
    return Known(
        account,
        access.holdings(session, account_id),
        list(
            session.scalars(
                select(PrivacyRequest)
                .where(PrivacyRequest.account_id == account_id)
                .order_by(PrivacyRequest.received_at.desc())
            )
        ),
        holds.of(session, account_id),
        list(
            session.scalars(
                select(Restriction)
                .where(Restriction.account_id == account_id)
                .order_by(Restriction.lifted_at.is_not(None), Restriction.since.desc())
            )
        ),
        [
            Chosen(offer, newest[key].allowed if key in newest else offer.unless_said, newest.get(key))
            for key, offer in OFFERS.items()
        ],
        access.recipients(session, account_id),
        list(
            session.scalars(
                select(SignIn).where(SignIn.account_id == account_id).order_by(SignIn.seen_at.desc()).limit(SIGN_INS)
            )
        ),
    )
