"""The site with Ana and Bob on it; Ana has requests in every state that leaves something to do, and a package."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.requests import downloads
from compliance.requests.kinds import Kind, Outcome, State
from compliance.requests.models import Package
from imgpilot.accounts.models import ApiToken, SignIn
from imgpilot.gallery.models import Collection
from imgpilot.parts import Parts
from imgpilot.safety.models import PromptRefusal
from tests.bob.trying import Hers
from tests.portal import cases
from tests.portal.conftest import ana, bob, signed_in, site
from tests.world import Somebody

__all__ = ["ana", "bob", "signed_in", "site"]


@pytest.fixture
def hers(session: Session, parts: Parts, ana: Somebody, bob: Somebody) -> Hers:
    """Everything of Ana's that has an id in an address."""
    now = parts.clock()
    package = session.scalars(select(Package).where(Package.request_id == ana.request.id)).one()
    package.expires_at = now + timedelta(days=14)
    session.commit()
    opened = [
        cases.case(session, parts, ana, Kind.CORRECTION, State.REVIEW, about="other", details="ANA says so"),
        cases.case(session, parts, ana, Kind.DELETION, State.COOLING, cool_until=now + timedelta(days=9)),
        cases.case(
            session, parts, ana, Kind.PORTABILITY, State.REFUSED, outcome=Outcome.REFUSED, refused_for="excessive"
        ),
    ]
    token = downloads.make_link(session, parts.settings, ana.request, now)
    session.commit()
    return Hers(
        {
            "account": (ana.account.id,),
            "sign-in": tuple(session.scalars(select(SignIn.id).where(SignIn.account_id == ana.account.id))),
            "token": tuple(session.scalars(select(ApiToken.id).where(ApiToken.account_id == ana.account.id))),
            "image": (ana.image.id,),
            "collection": tuple(session.scalars(select(Collection.id).where(Collection.account_id == ana.account.id))),
            "order": (ana.image.generation_id,),
            "reference": (ana.reference.id,),
            "package": (package.id,),
            "refusal": tuple(
                session.scalars(select(PromptRefusal.id).where(PromptRefusal.account_id == ana.account.id))
            ),
            "request": (ana.request.id, *(one.id for one in opened)),
        },
        token,
    )
