"""A request that nobody proves ends when its time is over, and what was written in it goes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.requests import lapsing
from compliance.requests.kinds import Channel, Kind
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import PERSON
from compliance.requests.opening import Asked as What
from compliance.requests.opening import open_unproved
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.requests.conftest import look, work_off


def unproved(session: Session, parts: Parts, regime: str = "gdpr") -> PrivacyRequest:
    asked = What(details="Everything, please", country="DE", channel=Channel.FORM)
    made = open_unproved(session, parts.settings, "eve@example.net", Kind.ACCESS, regime, parts.clock(), PERSON, asked)
    session.commit()
    work_off(parts)
    return made


def test_it_ends_on_the_day_after_its_deadline_and_the_letter_says_why(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox
) -> None:
    made = unproved(session, parts)
    clock.tick(days=30)
    assert lapsing.lapse(parts) == 0, "there is still time"
    clock.tick(days=1)
    assert lapsing.lapse(parts) == 1
    assert lapsing.lapse(parts) == 0
    ended = look(session, made.id)
    assert (ended.state, ended.outcome, ended.refused_for, ended.details) == ("refused", "refused", "not-proved", None)
    work_off(parts)
    newest = sandbox.mail.to("eve@example.net")[0]
    assert "We could not make sure that it was you who asked" in newest.text


def test_one_whose_clock_stands_waits_half_a_year_and_no_longer(session: Session, parts: Parts, clock: Clock) -> None:
    made = unproved(session, parts, "uk-gdpr")
    made.paused_on, made.paused_for = clock().date(), "identity"
    session.commit()
    clock.tick(days=170)
    assert lapsing.lapse(parts) == 0
    clock.tick(days=11)
    assert lapsing.lapse(parts) == 1


def test_a_letter_that_waited_to_ask_for_the_proof_goes_no_more(session: Session, parts: Parts, clock: Clock) -> None:
    asked = What(country="DE", channel=Channel.FORM)
    made = open_unproved(session, parts.settings, "eve@example.net", Kind.ACCESS, "gdpr", clock(), PERSON, asked)
    session.commit()
    clock.tick(days=40)
    lapsing.lapse(parts)
    left = session.scalars(select(Step.name).where(Step.request_id == made.id, Step.state == "ready")).all()
    assert left == ["tell refusal"]
