"""What can happen to a request, and what cannot."""

import threading
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from compliance.audit.models import Entry
from compliance.errors import AlreadyDecided, MoveRefused, PlanChanged
from compliance.requests import decisions, steps
from compliance.requests.kinds import Kind, State
from compliance.requests.models import Happening, PrivacyRequest, Step
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import open_request
from imgpilot.accounts.models import Account, Acknowledgement, SignIn
from imgpilot.parts import Parts

OFFICER = Actor(Who.OFFICER, 1)
COLLEAGUE = Actor(Who.OFFICER, 2)


@pytest.fixture
def ana(session: Session, parts: Parts) -> Account:
    account = Account(email="ana@example.com", created_at=parts.clock())
    session.add(account)
    session.commit()
    return account


def opened(session: Session, parts: Parts, ana: Account, kind: Kind = Kind.DELETION) -> PrivacyRequest:
    request = open_request(session, parts.settings, ana, kind, "gdpr", parts.clock())
    session.commit()
    return request


def in_review(session: Session, parts: Parts, ana: Account, kind: Kind = Kind.DELETION) -> PrivacyRequest:
    request = opened(session, parts, ana, kind)
    decisions.count(session, request, parts.clock())
    session.execute(update(Step).where(Step.name == "count").values(state="done"))
    steps.advance(session, request, parts.clock())
    session.commit()
    return request


def digest_of(session: Session, request: PrivacyRequest) -> str:
    plan = decisions.newest_plan(session, request.id)
    assert plan
    return plan.digest


def test_p17_a_request_has_its_statutory_due_date_from_the_moment_it_is_opened(
    session: Session, parts: Parts, ana: Account
) -> None:
    request = opened(session, parts, ana)
    assert request.due_on == date(2026, 12, 23)
    assert request.case == "IP-2026-0001"


def test_a_ccpa_request_also_has_a_day_by_which_it_is_acknowledged(
    session: Session, parts: Parts, ana: Account
) -> None:
    request = open_request(session, parts.settings, ana, Kind.ACCESS, "ccpa", parts.clock())
    assert request.due_on == date(2027, 1, 7)
    assert request.acknowledge_by == date(2026, 12, 7)


def test_asking_twice_finds_the_first_request(session: Session, parts: Parts, ana: Account) -> None:
    assert opened(session, parts, ana).id == opened(session, parts, ana).id


def test_asking_twice_at_once_makes_one_request(session: Session, parts: Parts, ana: Account) -> None:
    made: list[UUID] = []

    def ask() -> None:
        with parts.sessions() as own:
            account = own.get_one(Account, ana.id)
            made.append(open_request(own, parts.settings, account, Kind.ACCESS, "gdpr", parts.clock()).id)
            own.commit()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert len(set(made)) == 1


def test_an_unknown_law_is_refused(session: Session, parts: Parts, ana: Account) -> None:
    with pytest.raises(MoveRefused, match="No privacy law"):
        open_request(session, parts.settings, ana, Kind.ACCESS, "atlantis", parts.clock())


def test_every_move_leaves_a_line_in_the_timeline_and_an_entry_in_the_audit_log(
    session: Session, parts: Parts, ana: Account
) -> None:
    request = in_review(session, parts, ana)
    decisions.approve(session, request.id, digest_of(session, request), OFFICER, parts.clock())
    session.commit()
    assert session.scalars(select(Happening.what).order_by(Happening.id)).all() == ["opened", "planned", "approved"]
    assert session.scalars(select(Entry.action).order_by(Entry.seq)).all() == [
        "request opened",
        "request planned",
        "request approved",
    ]


def test_the_audit_log_names_the_person_by_a_digest_only(session: Session, parts: Parts, ana: Account) -> None:
    opened(session, parts, ana)
    entry = session.scalars(select(Entry)).one()
    written = repr((entry.actor, entry.action, entry.subject, entry.facts))
    assert "ana" not in written
    assert str(ana.id) not in written


def test_two_officers_approving_at_once_approve_once(session: Session, parts: Parts, ana: Account) -> None:
    request = in_review(session, parts, ana)
    digest, said = digest_of(session, request), []
    start = threading.Barrier(2)

    def decide(officer: Actor) -> None:
        with parts.sessions() as own:
            start.wait()
            try:
                decisions.approve(own, request.id, digest, officer, parts.clock())
                own.commit()
                said.append("approved")
            except AlreadyDecided as error:
                said.append(str(error))

    threads = [threading.Thread(target=decide, args=(who,)) for who in (OFFICER, COLLEAGUE)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert sorted(said)[1] == "approved"
    assert "Somebody else was just before you" in sorted(said)[0]
    assert session.scalar(select(func.count()).where(Happening.what == "approved")) == 1


def test_a_plan_that_changed_since_the_page_was_opened_is_shown_again_instead_of_approved(
    session: Session, parts: Parts, ana: Account
) -> None:
    request = in_review(session, parts, ana)
    shown = digest_of(session, request)
    now = parts.clock()
    session.add(Acknowledgement(account_id=ana.id, what="x", policy_version="1", at=now))
    session.commit()
    with pytest.raises(PlanChanged, match="new plan"):
        decisions.approve(session, request.id, shown, OFFICER, now)
    session.commit()
    assert session.get_one(PrivacyRequest, request.id, populate_existing=True).state == State.REVIEW
    assert digest_of(session, request) != shown
    decisions.approve(session, request.id, digest_of(session, request), OFFICER, now)


def test_approving_a_deletion_freezes_the_account_and_signs_it_out(
    session: Session, parts: Parts, ana: Account
) -> None:
    now = parts.clock()
    session.add(SignIn(account_id=ana.id, digest="1" * 64, browser="x", created_at=now, seen_at=now))
    request = in_review(session, parts, ana)
    decisions.approve(session, request.id, digest_of(session, request), OFFICER, now)
    session.commit()
    assert session.get_one(Account, ana.id, populate_existing=True).frozen_at == now
    assert session.scalars(select(SignIn.ended_at)).one() == now


def test_refusing_needs_a_reason_that_the_person_can_read(session: Session, parts: Parts, ana: Account) -> None:
    request = in_review(session, parts, ana)
    with pytest.raises(MoveRefused, match="Say why"):
        decisions.refuse(session, request.id, "no", OFFICER, parts.clock())
    decisions.refuse(session, request.id, "This account is under a court order to be kept.", OFFICER, parts.clock())
    assert request.state == State.REFUSED
    names = session.scalars(select(Step.name).where(Step.state == "ready").order_by(Step.position)).all()
    assert names == ["tell refusal"], "it says that we have the request, too"


def test_a_person_can_take_a_request_back_until_it_is_decided(session: Session, parts: Parts, ana: Account) -> None:
    request = opened(session, parts, ana)
    decisions.withdraw(session, request.id, parts.clock())
    assert request.state == State.WITHDRAWN
    left = session.scalars(select(Step.name).where(Step.state == "ready").order_by(Step.position)).all()
    assert left == ["tell withdrawal"]


def test_an_approved_request_cannot_be_taken_back(session: Session, parts: Parts, ana: Account) -> None:
    request = in_review(session, parts, ana)
    decisions.approve(session, request.id, digest_of(session, request), OFFICER, parts.clock())
    with pytest.raises(AlreadyDecided):
        decisions.withdraw(session, request.id, parts.clock())
