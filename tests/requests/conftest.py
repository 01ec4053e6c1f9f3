"""Ana and Bob with a row in every table, and requests of hers that are worked off step by step."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.export import certificate, report
from compliance.requests import decisions, steps
from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import open_request
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from tests.world import Somebody, person

OFFICER = Actor(Who.OFFICER, 1)
Asked = Callable[[Kind], UUID]


@pytest.fixture
def ana(session: Session, parts: Parts) -> Somebody:
    """Who asks."""
    return _somebody(session, parts, "ana")


@pytest.fixture
def bob(session: Session, parts: Parts) -> Somebody:
    """Who has nothing to do with it."""
    return _somebody(session, parts, "bob")


def _somebody(session: Session, parts: Parts, name: str) -> Somebody:
    """Made, and let go of by the session: it can be read when the rows are gone."""
    made = person(session, parts, name)
    session.expunge_all()
    return made


@pytest.fixture
def plain_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two PDFs are a few bytes: laying out takes a second, and these tests are about what is around it."""
    monkeypatch.setattr(certificate, "erasure_certificate", lambda **_given: b"%PDF certificate")
    monkeypatch.setattr(report, "access_report", lambda *_given: b"%PDF report")


@pytest.fixture
def asked(session: Session, parts: Parts, ana: Somebody, bob: Somebody) -> Asked:
    """Ask for something as Ana; the request's id."""

    def ask(kind: Kind) -> UUID:
        account = session.get_one(Account, ana.account.id)
        made = open_request(session, parts.settings, account, kind, "gdpr", parts.clock())
        session.commit()
        return made.id

    return ask


@pytest.fixture
def approved(session: Session, parts: Parts, asked: Asked) -> Asked:
    """Ask for something as Ana and have it approved; the request's id."""

    def both(kind: Kind) -> UUID:
        request_id = asked(kind)
        work_off(parts)
        approve(session, parts, request_id)
        return request_id

    return both


def approve(session: Session, parts: Parts, request_id: UUID) -> None:
    """An officer approves the plan that is shown."""
    plan = decisions.newest_plan(session, request_id)
    assert plan
    decisions.approve(session, request_id, plan.digest, OFFICER, parts.clock())
    session.commit()


def work_off(parts: Parts, until: str = "") -> None:
    """Run every step that is due, as workers do; stop before the step `until`."""
    while due := steps.recover(parts):
        for step_id in due:
            if name_of(parts, step_id) == until:
                return
            steps.run(parts, step_id)


def name_of(parts: Parts, step_id: UUID) -> str:
    """What the step is called."""
    with parts.sessions() as session:
        return session.get_one(Step, step_id).name


def step(session: Session, request_id: UUID, name: str) -> Step:
    """A step as the database has it now."""
    session.rollback()
    return session.scalars(
        select(Step).where(Step.request_id == request_id, Step.name == name),
        execution_options={"populate_existing": True},
    ).one()


def look(session: Session, request_id: UUID) -> PrivacyRequest:
    """The request as the database has it now."""
    session.rollback()
    return session.get_one(PrivacyRequest, request_id, populate_existing=True)
