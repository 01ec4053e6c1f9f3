"""The engine against somebody who knows it well: one officer alone, an appeal, a pause, a request of nobody's."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import attachments, inventory
from compliance.errors import MoveRefused
from compliance.export import certificate
from compliance.identity import entry, proofs
from compliance.portal import places
from compliance.requests import appeals, clock_moves, conditions, decisions, handling, laws, moves
from compliance.requests.kinds import Channel, Kind, Proof, State
from compliance.requests.models import Happening, Step
from compliance.requests.moves import Actor, Who
from compliance.requests.opening import Asked, open_request, open_unproved
from compliance.requests.regimes import Pause
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.requests.conftest import look, step, work_off
from tests.rights.conftest import new_address_proved
from tests.world import Somebody

OFFICER, COLLEAGUE = Actor(Who.OFFICER, 1), Actor(Who.OFFICER, 2)
WHY = "We have looked at it once more, and this is what we found."
Ask = Callable[..., UUID]


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate is a few bytes: laying it out takes a second."""
    monkeypatch.setattr(certificate, "erasure_certificate", lambda **_given: b"%PDF certificate")


@pytest.fixture
def ask(session: Session, parts: Parts, ana: Somebody, bob: Somebody) -> Ask:
    """Ask for something as Ana, signed in again; the request's id, its preparation done."""

    def asking(kind: Kind, who: Somebody = ana, *, regime: str = "gdpr", **more: Any) -> UUID:
        account = session.get_one(Account, who.account.id, populate_existing=True)
        asked = Asked(**{"country": "DE", "zone": "Europe/Berlin"} | more)
        made = open_request(
            session, parts.settings, account, kind, regime, parts.clock(), proof=Proof.FRESH, asked=asked
        )
        session.commit()
        work_off(parts)
        return made.id

    return asking


def approved(session: Session, parts: Parts, request_id: UUID, officer: Actor = OFFICER) -> None:
    """An officer approves, or proposes, the plan that is shown."""
    session.rollback()
    plan = decisions.newest_plan(session, request_id)
    assert plan
    decisions.approve(session, request_id, plan.digest, officer, parts.clock())
    session.commit()


def test_a_request_is_not_turned_into_one_about_somebody_else(
    session: Session, parts: Parts, ana: Somebody, bob: Somebody, ask: Ask
) -> None:
    """Otherwise an officer deletes Bob alone: with the proof of a request that Ana made signed in."""
    request_id = ask(Kind.DELETION)
    proofs.ask_more(session, request_id, "document", OFFICER, parts.clock())
    session.commit()
    with pytest.raises(MoveRefused, match="another account"):
        proofs.accept_further(
            session, parts.settings, request_id, bob.account.id, "document seen", OFFICER, parts.clock()
        )
    session.rollback()
    assert look(session, request_id).account_id == ana.account.id
    proofs.accept_further(session, parts.settings, request_id, ana.account.id, "document seen", OFFICER, parts.clock())
    session.commit()
    work_off(parts)
    assert look(session, request_id).state == State.REVIEW


def test_a_deletion_that_was_taken_back_needs_two_to_begin_again(session: Session, parts: Parts, ask: Ask) -> None:
    request_id = ask(Kind.DELETION)
    decisions.withdraw(session, request_id, parts.clock())
    session.commit()
    appeals.reopen(session, request_id, "She called and wants it after all.", OFFICER, parts.clock())
    session.commit()
    work_off(parts)
    assert conditions.needs_second(look(session, request_id))
    approved(session, parts, request_id)
    assert look(session, request_id).state == State.SECOND
    with pytest.raises(MoveRefused):
        approved(session, parts, request_id)
    approved(session, parts, request_id, COLLEAGUE)
    assert look(session, request_id).state == State.RUNNING


def test_a_refusal_that_is_opened_again_is_still_what_she_asked(session: Session, parts: Parts, ask: Ask) -> None:
    request_id = ask(Kind.DELETION)
    decisions.refuse(session, request_id, WHY, OFFICER, parts.clock(), "legal-duty")
    appeals.reopen(session, request_id, "The ground does not hold.", OFFICER, parts.clock())
    session.commit()
    work_off(parts)
    assert look(session, request_id).proof == Proof.FRESH


def test_an_appeal_that_is_right_wins_no_time_for_an_extension(
    session: Session, parts: Parts, clock: Clock, ask: Ask
) -> None:
    """The days between answer and appeal are none on which the clock stood still (GDPR 12(3))."""
    request_id = ask(Kind.ACCESS)
    latest = laws.deadlines(session, look(session, request_id)).latest
    clock.tick(days=20)
    decisions.refuse(session, request_id, WHY, OFFICER, clock(), "excessive")
    clock.tick(days=40)
    appeals.appeal(session, request_id, WHY, moves.PERSON, clock())
    appeals.uphold(session, request_id, COLLEAGUE, clock())
    session.commit()
    work_off(parts)
    with pytest.raises(MoveRefused, match="appeal"):
        clock_moves.extend(session, request_id, WHY, OFFICER, clock())
    session.rollback()
    assert latest is not None
    assert look(session, request_id).due_on <= latest


def test_the_timeline_says_the_day_that_counts_after_a_pause_and_an_extension(
    session: Session, parts: Parts, clock: Clock, ask: Ask
) -> None:
    request_id = ask(Kind.ACCESS, regime="uk-gdpr", country="GB", zone="Europe/London")
    clock_moves.pause(session, request_id, Pause.CLARIFICATION, OFFICER, clock())
    clock.tick(days=9)
    clock_moves.resume(session, request_id, OFFICER, clock())
    clock_moves.extend(session, request_id, WHY, OFFICER, clock())
    session.commit()
    request = look(session, request_id)
    (said,) = [line.facts["until"] for line in happenings(session, request_id) if line.what == "extended"]
    assert said == str(request.due_on)
    # Three months and nine days after 23 November; a Thursday, so that it is no later than that.
    assert request.due_on == date(2027, 3, 4)


def happenings(session: Session, request_id: UUID) -> list[Happening]:
    """Its timeline."""
    return list(session.scalars(select(Happening).where(Happening.request_id == request_id)))


def test_a_clock_that_ran_out_does_not_stand_still_any_more(
    session: Session, parts: Parts, clock: Clock, ask: Ask
) -> None:
    request_id = ask(Kind.ACCESS, regime="uk-gdpr", country="GB", zone="Europe/London")
    clock.tick(days=60)
    with pytest.raises(MoveRefused, match="deadline is over"):
        clock_moves.pause(session, request_id, Pause.CLARIFICATION, OFFICER, clock())
    session.rollback()
    before = look(session, request_id).due_on
    # More can be asked for all the same; that wins no time.
    proofs.ask_more(session, request_id, "document", OFFICER, clock())
    session.commit()
    assert (look(session, request_id).state, look(session, request_id).paused_on) == (State.PROVING, None)
    assert look(session, request_id).due_on == before


def test_the_clock_runs_again_when_it_is_decided(session: Session, parts: Parts, clock: Clock, ask: Ask) -> None:
    """A case whose clock stands is watched by nobody; one that is being carried out waits for nobody either."""
    request_id = ask(Kind.ACCESS, regime="uk-gdpr", country="GB", zone="Europe/London")
    before = look(session, request_id).due_on
    clock_moves.pause(session, request_id, Pause.CLARIFICATION, OFFICER, clock())
    session.commit()
    clock.tick(days=3)
    approved(session, parts, request_id)
    request = look(session, request_id)
    assert (request.state, request.paused_on, request.paused_for) == (State.RUNNING, None, None)
    # Three days later is the day after Christmas, and a holiday until the 29th.
    assert (before, request.due_on) == (date(2026, 12, 23), date(2026, 12, 29))


def test_an_address_that_is_taken_meanwhile_leads_back_to_the_officer(
    session: Session, parts: Parts, clock: Clock, ask: Ask
) -> None:
    """The request would stand there for ever otherwise: what runs can be neither refused nor taken back."""
    request_id = ask(Kind.CORRECTION, about="email", proposed="ana.new@example.org")
    new_address_proved(session, parts, request_id)
    approved(session, parts, request_id)
    session.add(Account(email="ana.new@example.org", created_at=clock()))
    session.commit()
    work_off(parts)
    assert look(session, request_id).state == State.REVIEW
    assert step(session, request_id, "correct").state == "waiting"
    decisions.refuse(session, request_id, WHY, OFFICER, clock(), "not-proved")
    session.commit()
    work_off(parts)
    assert look(session, request_id).state == State.REFUSED


@pytest.mark.parametrize(("kind", "about"), [(Kind.ACCESS, ""), (Kind.DELETION, ""), (Kind.CONSENT_WITHDRAWAL, "news")])
def test_an_appeal_of_somebody_unknown_that_is_right_asks_for_proof_again(
    session: Session, parts: Parts, ana: Somebody, kind: Kind, about: str
) -> None:
    """It is about nobody's data yet: there is nothing to count, and nothing may begin."""
    asked = Asked(about=about, channel=Channel.FORM, country="DE", zone="Europe/Berlin")
    made = open_unproved(session, parts.settings, "who@example.org", kind, "gdpr", parts.clock(), moves.PERSON, asked)
    session.commit()
    work_off(parts)
    decisions.refuse(session, made.id, "", OFFICER, parts.clock(), "not-proved")
    appeals.appeal(session, made.id, WHY, Actor(Who.CLERK, 5), parts.clock())
    appeals.uphold(session, made.id, COLLEAGUE, parts.clock())
    session.commit()
    work_off(parts)
    request = look(session, made.id)
    assert (request.state, request.proof, request.account_id) == (State.PROVING, Proof.NONE, None)
    assert step(session, made.id, "tell confirm 2").state == "done"
    assert ana.account.id != request.account_id


def test_only_an_officer_leaves_a_step_out(session: Session, parts: Parts, ask: Ask) -> None:
    request_id = ask(Kind.RESTRICTION, about="accuracy", details="The pictures are not mine.")
    approved(session, parts, request_id)
    failed = session.scalars(select(Step).where(Step.request_id == request_id)).first()
    assert failed
    for who in (Who.CLERK, Who.APPROVER, Who.READER, Who.PERSON):
        with pytest.raises(MoveRefused, match="not yours"):
            handling.skip(session, request_id, failed.id, "impossible", WHY, Actor(who, 3), parts.clock())
        session.rollback()


def everywhere(session: Session, mark: str) -> set[str]:
    """The tables in which something says this."""
    session.rollback()
    return {table.name for table in inventory.tables() if mark in repr(session.execute(select(table)).all())}


def test_of_somebody_who_never_asked_no_address_is_left(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody
) -> None:
    """Somebody else typed it; "it was not me" ends it (GDPR 5(1)(c))."""
    assert ana.account.email
    asked = Asked(channel=Channel.FORM, country="DE", zone="Europe/Berlin", details="I am zoe@example.org")
    made = open_unproved(
        session, parts.settings, "zoe@example.org", Kind.ACCESS, "gdpr", parts.clock(), moves.PERSON, asked
    )
    session.commit()
    work_off(parts)
    assert everywhere(session, "zoe@example.org") == {"privacy_request"}
    (link,) = [each for each in sandbox.mail.to("zoe@example.org")[0].links if "/privacy/confirm/" in each]
    proofs.answer_no(session, parts.settings, link.rpartition("/")[2], parts.clock())
    session.commit()
    work_off(parts)
    assert look(session, made.id).state == State.REFUSED
    assert everywhere(session, "zoe@example.org") == set()


def test_a_copy_that_is_asked_for_while_a_deletion_cools_is_answered_first(
    session: Session, parts: Parts, clock: Clock, ask: Ask
) -> None:
    """Afterwards there is nothing to copy; the approval says the same of one that was asked for before."""
    deletion = ask(Kind.DELETION, cooling=True)
    approved(session, parts, deletion)
    work_off(parts)
    assert look(session, deletion).state == State.COOLING
    clock.tick(days=20)
    copy = ask(Kind.ACCESS)
    clock.tick(days=8)
    work_off(parts)
    assert (look(session, deletion).state, look(session, copy).state) == (State.COOLING, State.REVIEW)
    decisions.refuse(session, copy, WHY, OFFICER, clock(), "excessive")
    session.commit()
    clock.tick(days=1, hours=1)
    work_off(parts)
    assert look(session, deletion).state == State.ANSWERED


def by_post(session: Session, parts: Parts, kind: Kind, stated: entry.Stated | None, about: str = "") -> UUID:
    """A letter on paper, without an e-mail address."""
    place = places.read("DE", "")
    made = entry.enter(
        session,
        parts.settings,
        OFFICER,
        Channel.POST,
        "",
        kind,
        place,
        None,
        parts.clock(),
        Asked(about=about),
        stated,
    )
    session.commit()
    work_off(parts)
    return made.id


def test_a_request_on_paper_comes_to_its_end(session: Session, parts: Parts, ana: Somebody) -> None:
    """There is no address to mail to, so the answer goes by post, and an officer writes down that it did."""
    request_id = by_post(session, parts, Kind.RESTRICTION, entry.Stated(ana.account.id, "document seen"), "accuracy")
    assert look(session, request_id).contact is None
    approved(session, parts, request_id)
    work_off(parts)
    letter = step(session, request_id, "tell restricted")
    assert (letter.state, look(session, request_id).state) == ("failed", State.RUNNING)
    handling.skip(
        session, request_id, letter.id, "another way", "It went by post on 24 November.", OFFICER, parts.clock()
    )
    session.commit()
    assert look(session, request_id).state == State.ANSWERED


def test_an_opt_out_of_nobody_is_not_taken(session: Session, parts: Parts, ana: Somebody) -> None:
    """Without an address there is nothing to keep the choice with: it would run for ever."""
    assert ana.account.email
    with pytest.raises(MoveRefused, match="address"):
        by_post(session, parts, Kind.OPT_OUT, None, "sale-sharing")


def test_what_an_agent_sent_for_her_goes_with_her(session: Session, parts: Parts, ana: Somebody, ask: Ask) -> None:
    """A request in her name that nobody proved ends with the erasure; so does the paper that came with it."""
    asked = Asked(channel=Channel.AGENT, country="DE", zone="Europe/Berlin", details="ANA asks by me")
    made = open_unproved(
        session, parts.settings, ana.account.email, Kind.ACCESS, "gdpr", parts.clock(), moves.PERSON, asked
    )
    attachments.add(
        parts, session, made, "permission", "ANA permission.pdf", [b"ANA signed"], moves.PERSON, parts.clock()
    )
    session.commit()
    work_off(parts)
    deletion = ask(Kind.DELETION)
    approved(session, parts, deletion)
    work_off(parts)
    assert look(session, deletion).state == State.ANSWERED
    assert everywhere(session, "ANA") == set()
    assert everywhere(session, "ana@example.com") == set()
    assert list(parts.storage.keys(f"requests/{made.id}/")) == []
