"""Ana's account, and requests of every kind that letters can be written about."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from compliance.requests.kinds import Channel, Kind, Outcome, Proof, State
from compliance.requests.models import Plan, PrivacyRequest
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts

Written = Callable[..., PrivacyRequest]

#: For each kind of letter, a request that it can be about.
FITS: dict[str, dict[str, Any]] = {
    "acknowledgement": {"kind": Kind.ACCESS},
    "confirm": {"kind": Kind.ACCESS, "state": State.PROVING, "proof": Proof.NONE, "account_id": None},
    "more": {"kind": Kind.DELETION, "state": State.PROVING, "proof": Proof.NONE, "account_id": None},
    "extension": {"kind": Kind.ACCESS},
    "ready": {"kind": Kind.ACCESS},
    "ready in part": {"kind": Kind.ACCESS, "outcome": Outcome.PARTIAL},
    "portable": {"kind": Kind.PORTABILITY},
    "portable in part": {"kind": Kind.PORTABILITY, "outcome": Outcome.PARTIAL},
    "erased": {"kind": Kind.DELETION, "account_id": None},
    "erased in part": {"kind": Kind.DELETION, "outcome": Outcome.PARTIAL},
    "changing": {"kind": Kind.CORRECTION, "about": "email", "proposed": "anna@example.com"},
    "corrected": {"kind": Kind.CORRECTION, "about": "email", "proposed": "anna@example.com"},
    "restricted": {"kind": Kind.RESTRICTION, "about": "accuracy"},
    "stopped": {"kind": Kind.OBJECTION, "about": "statistics"},
    "consent withdrawn": {"kind": Kind.CONSENT_WITHDRAWAL, "about": "news"},
    "opted out": {"kind": Kind.OPT_OUT, "about": "sale-sharing", "account_id": None, "proof": Proof.NONE},
    "refusal": {"kind": Kind.ACCESS, "refused_for": "excessive", "refusal": "You asked for it four times this week."},
    "withdrawal": {"kind": Kind.DELETION},
    "cooling": {"kind": Kind.DELETION, "state": State.COOLING},
    "appeal received": {"kind": Kind.ACCESS, "state": State.APPEALED},
    "appeal upheld": {"kind": Kind.ACCESS},
    "appeal denied": {"kind": Kind.ACCESS, "refusal": "Nothing in it was made by you."},
    "reopened": {"kind": Kind.ACCESS},
    "lifting": {"kind": Kind.RESTRICTION, "about": "accuracy"},
}

#: What only their writer knows.
SAID = {
    "more": {"needed": "The month in which you made the account."},
    "extension": {"reason": "You have 41,000 pictures, and each is looked at."},
    "reopened": {"reason": "We had overlooked a part of it."},
}


@pytest.fixture
def account(session: Session, parts: Parts) -> Account:
    """Ana's."""
    made = Account(email="ana@example.com", language="en", created_at=parts.clock())
    session.add(made)
    session.commit()
    return made


@pytest.fixture
def written(session: Session, parts: Parts, account: Account) -> Written:
    """Write down a request with these facts."""

    def write(**facts: Any) -> PrivacyRequest:
        now = parts.clock()
        given = {
            "account_id": account.id,
            "contact": account.email,
            "subject": digests.of_subject(parts.settings, account.id),
            "language": "en",
            "kind": Kind.ACCESS,
            "about": "",
            "regime": "gdpr",
            "country": "DE",
            "zone": "Europe/Berlin",
            "channel": Channel.CENTRE,
            "state": State.REVIEW,
            "proof": Proof.SIGNED_IN,
            "received_at": now,
            "due_on": date(2026, 12, 23),
            "cool_until": now + timedelta(days=20) if facts.get("state") == State.COOLING else None,
            "set_aside": {},
        }
        # One of a kind is open at a time.
        session.execute(update(PrivacyRequest).values(closed_at=now))
        made = PrivacyRequest(**given | facts)
        session.add(made)
        session.flush()
        if made.outcome == Outcome.PARTIAL:
            becomes = "keep" if made.kind == Kind.DELETION else "withhold"
            session.add(Plan(request_id=made.id, made_at=now, body={"tables": _lines(becomes)}, digest="0" * 64))
        session.commit()
        return made

    return write


def _lines(becomes: str) -> list[dict[str, Any]]:
    """Two parts that are not granted on one ground, one on none of its own, and one that is granted."""
    claims = {
        "ground": "It is needed to establish, exercise or defend legal claims.",
        "law": "GDPR 17(3)(e)",
        "until": "2027-03-31",
    }
    above = {"ground": "Something that is kept hangs on it.", "law": "", "until": ""}
    return [
        {"table": "generation", "noun": "prompts", "becomes": becomes, **claims},
        {"table": "image", "noun": "pictures", "becomes": becomes, **claims},
        {"table": "account", "noun": "your account", "becomes": becomes, **above},
        {"table": "sign_in", "noun": "sign-ins", "becomes": "delete", "ground": "", "law": "", "until": ""},
    ]
