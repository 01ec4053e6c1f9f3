"""A restriction (GDPR Art. 18): the data is stored and nothing else is done with it, until the person was told."""

import io
import smtplib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import restrictions
from compliance.errors import MoveRefused
from compliance.requests import steps
from compliance.requests.casework import RequestLetter
from compliance.requests.kinds import Kind
from compliance.requests.models import Step
from compliance.requests.moves import Written
from compliance.standing import Restriction
from imgpilot.accounts import tidying
from imgpilot.accounts.standing import Restricted, Stopped
from imgpilot.billing import ledger
from imgpilot.generation import expiry, make, references
from imgpilot.generation.models import Image, Reference
from imgpilot.generation.order import order
from imgpilot.mail import Mailer
from imgpilot.parts import Parts
from imgpilot.purposes import MESSAGES, SIGN_IN
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.generation.conftest import photo, wish
from tests.requests.conftest import step, work_off
from tests.requests.ending import His
from tests.rights.conftest import ADDRESS, Ask, account_of, approve, letters_to, look, refuse
from tests.world import Somebody


def restricted(session: Session, parts: Parts, ask: Ask, ground: str = "accuracy") -> UUID:
    request_id = ask(Kind.RESTRICTION, ground)
    assert approve(session, parts, request_id).state == "answered"
    return request_id


def standing(session: Session, ana: Somebody) -> Restriction:
    session.rollback()
    [found] = restrictions.standing(session, ana.account.id)
    return found


@pytest.mark.parametrize("ground", ["accuracy", "unlawful", "claims", "objection"])
def test_p16_a_restriction_stands_on_one_of_the_four_grounds_of_the_law(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask, his: Callable[[], His], ground: str
) -> None:
    before = his()
    request_id = restricted(session, parts, ask, ground)
    assert account_of(session, ana).restricted_at == clock()
    assert standing(session, ana).ground == ground
    assert letters_to(session, request_id) == ["acknowledgement", "restricted"]
    assert step(session, request_id, "note recipients").state == "done"
    assert his() == before


def test_p16_nothing_is_made_of_restricted_data_until_it_ends_and_then_what_waited_is(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, ana: Somebody, ask: Ask
) -> None:
    ledger.grant(session, ana.account.id, 40, why="welcome", at=clock())
    placed = order(session, parts.settings, account_of(session, ana), wish(), clock())
    session.commit()
    [picture] = session.scalars(select(Image.id).where(Image.generation_id == placed.id)).all()
    restricted(session, parts, ask)
    before = len(sandbox.calls)
    make.make(parts, picture, clock())
    assert _state(session, picture) == ("queued", 0)
    assert len(sandbox.calls) == before, "no provider heard of it"
    with pytest.raises(Restricted, match="since 2026-11-23"):
        order(session, parts.settings, account_of(session, ana), wish(), clock())
    session.rollback()

    restrictions.lift_own(session, parts.settings, ana.account.id, clock())
    session.commit()
    make.make(parts, picture, clock())
    assert _state(session, picture) == ("finished", 1)


def _state(session: Session, picture: UUID) -> tuple[str, int]:
    session.rollback()
    image = session.get_one(Image, picture, populate_existing=True)
    return image.state, image.attempts


def test_p16_nothing_is_taken_in_for_restricted_data(session: Session, parts: Parts, ana: Somebody, ask: Ask) -> None:
    restricted(session, parts, ask)
    there = set(parts.storage.keys())
    with (
        pytest.raises(Restricted),
        references.taking_in(session, parts.storage, account_of(session, ana), io.BytesIO(photo()), parts.clock()),
    ):
        session.commit()
    assert set(parts.storage.keys()) == there


def test_p16_restricted_rows_do_not_expire(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    restricted(session, parts, ask)
    assert expiry.expire(parts, clock.tick(days=60)) == 1, "Bob's"
    with parts.sessions.begin() as own:
        assert tidying.tidy(own, clock()) == 1, "Bob's"
    assert session.scalars(select(Reference.account_id)).all() == [ana.account.id]
    restrictions.lift_own(session, parts.settings, ana.account.id, clock())
    session.commit()
    assert expiry.expire(parts, clock()) == 1


def test_p16_somebody_restricted_gets_no_mail_but_about_the_request_and_the_links_she_asks_for(
    session: Session, parts: Parts, sandbox: Sandbox, ana: Somebody, ask: Ask
) -> None:
    restricted(session, parts, ask)
    before = len(sandbox.mail.to(ADDRESS))

    def mail(purpose: Any) -> None:
        parts.mailer.send(ADDRESS, "Hello", "text", "<p>text</p>", purpose=purpose, subject=ana.account.id)

    with pytest.raises(Stopped):
        mail(MESSAGES)
    assert len(sandbox.mail.to(ADDRESS)) == before
    mail(SIGN_IN)
    copy = ask(Kind.ACCESS)
    approve(session, parts, copy)
    assert look(session, copy).state == "answered", "her rights go on"
    assert len(sandbox.mail.to(ADDRESS)) == before + 3


def test_p16_a_restriction_ends_only_after_the_person_was_told(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    request_id = restricted(session, parts, ask)
    found = standing(session, ana)
    with pytest.raises(MoveRefused, match="Tell the person first"):
        restrictions.lift(session, parts.settings, found.id, 1, clock())
    restrictions.announce(session, parts.settings, found.id, 1, clock.tick(days=2))
    restrictions.announce(session, parts.settings, found.id, 1, clock())
    session.commit()
    with pytest.raises(MoveRefused, match="not out yet"):
        restrictions.lift(session, parts.settings, found.id, 1, clock())
    session.rollback()
    told = len(sandbox.mail.to(ADDRESS))
    work_off(parts)
    assert len(sandbox.mail.to(ADDRESS)) == told + 1, "announcing twice sends one letter"
    assert letters_to(session, request_id)[-1] == "lifting"
    assert account_of(session, ana).restricted_at, "telling does not end it"
    restrictions.lift(session, parts.settings, found.id, 1, clock.tick(days=7))
    session.commit()
    assert account_of(session, ana).restricted_at is None
    ended = session.get_one(Restriction, found.id)
    assert (ended.lifted_at, ended.lifted_by) == (clock(), "staff:1")
    with pytest.raises(MoveRefused, match="does not stand"):
        restrictions.lift(session, parts.settings, found.id, 1, clock())
    assert his() == before


def test_a_restriction_stands_while_the_mail_server_is_away(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    restricted(session, parts, ask)
    found = standing(session, ana)
    monkeypatch.setattr(Mailer, "_hand_over", away)
    restrictions.announce(session, parts.settings, found.id, 1, clock())
    session.commit()
    for _try in range(steps.TRIES):
        clock.tick(hours=1)
        work_off(parts)
    with pytest.raises(MoveRefused, match="not out yet"):
        restrictions.lift(session, parts.settings, found.id, 1, clock())


def test_what_an_officer_wrote_about_the_end_is_kept_for_the_letter(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    request_id = restricted(session, parts, ask)
    found = standing(session, ana)
    restrictions.announce(session, parts.settings, found.id, 1, clock(), Written("It ends", "On Monday it ends."))
    session.commit()
    letter = session.scalars(
        select(RequestLetter).where(RequestLetter.request_id == request_id, RequestLetter.kind == "lifting")
    ).one()
    assert (letter.step, letter.body, letter.written_by) == ("tell lifting", "On Monday it ends.", 1)


def test_the_person_ends_her_own_restriction_at_once(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    restricted(session, parts, ask)
    restrictions.lift_own(session, parts.settings, ana.account.id, clock())
    session.commit()
    assert account_of(session, ana).restricted_at is None
    assert restrictions.standing(session, ana.account.id) == []


def test_one_of_two_restrictions_that_ends_leaves_the_other(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    restricted(session, parts, ask, "accuracy")
    restricted(session, parts, ask, "claims")
    first, second = restrictions.standing(session, ana.account.id)
    restrictions.announce(session, parts.settings, first.id, 1, clock())
    session.commit()
    work_off(parts)
    restrictions.lift(session, parts.settings, first.id, 1, clock())
    session.commit()
    assert account_of(session, ana).restricted_at
    assert [one.id for one in restrictions.standing(session, ana.account.id)] == [second.id]


def test_a_restriction_that_is_refused_stops_nothing(session: Session, parts: Parts, ana: Somebody, ask: Ask) -> None:
    request_id = ask(Kind.RESTRICTION, "accuracy")
    refuse(session, parts, request_id, "no-ground-to-restrict")
    assert account_of(session, ana).restricted_at is None
    assert letters_to(session, request_id) == ["acknowledgement", "refusal"]


def test_nothing_is_restricted_before_it_is_decided(session: Session, ana: Somebody, ask: Ask) -> None:
    request_id = ask(Kind.RESTRICTION, "accuracy")
    assert look(session, request_id).state == "review"
    assert account_of(session, ana).restricted_at is None
    assert session.scalars(select(Step.name).where(Step.request_id == request_id, Step.name == "restrict")).all() == []
