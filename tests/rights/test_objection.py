"""An objection (GDPR Art. 21): it stops at once, stays stopped if granted, and goes on with a letter if refused."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from compliance.errors import MoveRefused
from compliance.requests import decisions
from compliance.requests.kinds import Kind
from imgpilot.accounts import choices
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.requests.conftest import step, work_off
from tests.requests.ending import His
from tests.rights.conftest import ADDRESS, Ask, approve, letters_to, look, refuse
from tests.world import Somebody


def allowed(session: Session, ana: Somebody) -> bool:
    session.rollback()
    return choices.allows(session, ana.account.id, "statistics")


def test_p16_what_is_objected_to_stands_still_from_the_moment_it_is_asked(
    session: Session, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    assert allowed(session, ana)
    request_id = ask(Kind.OBJECTION, "statistics")
    assert look(session, request_id).state == "review", "nobody has decided yet"
    assert not allowed(session, ana)
    assert his() == before


def test_p16_an_objection_that_is_granted_stops_it_for_good(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    request_id = ask(Kind.OBJECTION, "statistics", details="I do not want to be counted.")
    clock.tick(days=2)
    request = approve(session, parts, request_id)
    assert (request.state, request.outcome) == ("answered", "granted")
    assert step(session, request_id, "stop").evidence["stopped"] == "statistics"
    assert letters_to(session, request_id) == ["acknowledgement", "stopped"]
    clock.tick(days=400)
    assert not allowed(session, ana)
    assert his() == before


def test_p16_an_objection_that_is_refused_lets_it_go_on_and_the_letter_says_why(
    session: Session, parts: Parts, sandbox: Sandbox, clock: Clock, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    request_id = ask(Kind.OBJECTION, "statistics")
    clock.tick(days=2)
    said = "We have to count this to answer a court about the use of one model."
    refuse(session, parts, request_id, "compelling", said)
    assert allowed(session, ana)
    assert letters_to(session, request_id)[-1] == "refusal"
    assert said in sandbox.mail.to(ADDRESS)[0].text
    assert [(made.allowed, made.via) for made in choices.history(session, ana.account.id) if made.what != "news"] == [
        (True, "officer"),
        (False, "request"),
    ]
    assert his() == before


def test_an_objection_that_is_taken_back_lets_it_go_on(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    request_id = ask(Kind.OBJECTION, "statistics")
    decisions.withdraw(session, request_id, clock.tick(hours=1))
    session.commit()
    work_off(parts)
    assert allowed(session, ana)


def test_refusing_an_objection_does_not_undo_what_she_switched_off_herself(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    choices.say(session, ana.account.id, "statistics", False, "centre", clock())
    session.commit()
    clock.tick(days=1)
    request_id = ask(Kind.OBJECTION, "statistics")
    refuse(session, parts, request_id, "compelling", "There are compelling grounds, and here they are.")
    assert not allowed(session, ana)


def test_refusing_a_later_objection_does_not_undo_an_earlier_one_that_was_granted(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    approve(session, parts, ask(Kind.OBJECTION, "statistics"))
    clock.tick(days=100)
    again = ask(Kind.OBJECTION, "statistics")
    refuse(session, parts, again, "excessive", "This was granted a hundred days ago already.")
    assert not allowed(session, ana)


def test_there_is_no_objection_to_what_needs_a_consent_or_a_contract(ask: Ask) -> None:
    for about in ("news", "generation", ""):
        with pytest.raises(MoveRefused, match="what exactly you mean"):
            ask(Kind.OBJECTION, about)
