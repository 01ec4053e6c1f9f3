"""Ana, who asks, and Bob, who has nothing to do with it: rows of each in every table, and steps that are worked off."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.export import certificate, report
from compliance.requests import decisions
from compliance.requests.casework import IdentityCheck
from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import Asked, open_request
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.requests.conftest import work_off
from tests.requests.ending import His, everything_of
from tests.world import Somebody, person

OFFICER = Actor(Who.OFFICER, 1)
COLLEAGUE = Actor(Who.OFFICER, 2)
APPROVER = Actor(Who.APPROVER, 3)
ADDRESS = "ana@example.com"

Ask = Callable[..., UUID]


@pytest.fixture
def ana(session: Session, parts: Parts) -> Somebody:
    """Who asks."""
    return _somebody(session, parts, "ana")


@pytest.fixture
def bob(session: Session, parts: Parts) -> Somebody:
    """Who has nothing to do with it."""
    return _somebody(session, parts, "bob")


def _somebody(session: Session, parts: Parts, name: str) -> Somebody:
    made = person(session, parts, name)
    session.expunge_all()
    return made


@pytest.fixture(autouse=True)
def _plain_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two PDFs are a few bytes: laying out takes a second, and these tests are about what is around it."""
    monkeypatch.setattr(certificate, "erasure_certificate", lambda **_given: b"%PDF certificate")
    monkeypatch.setattr(report, "access_report", lambda *_given: b"%PDF report")


@pytest.fixture
def his(session: Session, parts: Parts, bob: Somebody) -> Callable[[], His]:
    """Everything of Bob's, to the byte, as it is now."""
    return lambda: everything_of(session, parts, bob)


@pytest.fixture
def ask(session: Session, parts: Parts, ana: Somebody, bob: Somebody) -> Ask:
    """Ask for something as Ana, signed in; the request's id, its preparation done."""

    def asking(kind: Kind, about: str = "", *, regime: str = "gdpr", proof: str = "signed-in", **more: Any) -> UUID:
        account = session.get_one(Account, ana.account.id, populate_existing=True)
        given = Asked(about=about, **more)
        made = open_request(session, parts.settings, account, kind, regime, parts.clock(), proof=proof, asked=given)
        session.commit()
        work_off(parts)
        return made.id

    return asking


def approve(session: Session, parts: Parts, request_id: UUID, officer: Actor = OFFICER) -> PrivacyRequest:
    """An officer approves the plan that is shown; what it sets going is worked off."""
    session.rollback()
    plan = decisions.newest_plan(session, request_id)
    assert plan
    decisions.approve(session, request_id, plan.digest, officer, parts.clock())
    session.commit()
    work_off(parts)
    stuck = session.scalars(select(Step.failure).where(Step.request_id == request_id, Step.failure.is_not(None))).all()
    assert stuck == []
    return look(session, request_id)


def refuse(
    session: Session, parts: Parts, request_id: UUID, ground: str, said: str = "We looked at it with care."
) -> None:
    """An officer refuses; the letter goes."""
    session.rollback()
    decisions.refuse(session, request_id, said, OFFICER, parts.clock(), ground)
    session.commit()
    work_off(parts)


def look(session: Session, request_id: UUID) -> PrivacyRequest:
    """The request as the database has it now."""
    session.rollback()
    return session.get_one(PrivacyRequest, request_id, populate_existing=True)


def account_of(session: Session, somebody: Somebody) -> Account:
    """The account as the database has it now."""
    session.rollback()
    return session.get_one(Account, somebody.account.id, populate_existing=True)


def new_address_proved(session: Session, parts: Parts, request_id: UUID) -> None:
    """The owner of the new address opened the link that was mailed there."""
    now = parts.clock()
    session.add(IdentityCheck(request_id=request_id, method="new address", asked_at=now, passed_at=now))
    session.commit()


def letters_to(session: Session, request_id: UUID) -> list[str]:
    """The letters that went out for a request, in order, by kind."""
    session.rollback()
    found = session.scalars(
        select(Step.name)
        .where(Step.request_id == request_id, Step.name.like("tell %"), Step.state == "done")
        .order_by(Step.done_at, Step.position)
    )
    return [name.removeprefix("tell ") for name in found]
