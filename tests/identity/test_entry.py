"""Staff write down what came by e-mail, post or telephone."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.errors import MoveRefused
from compliance.identity.entry import Stated, enter
from compliance.portal.places import Place
from compliance.requests.kinds import Channel, Kind, Proof, State
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import PERSON, Actor
from compliance.requests.opening import Asked
from imgpilot.parts import Parts
from tests.identity.conftest import CLERK, GERMANY, OFFICER
from tests.world import Somebody


def entered(
    session: Session,
    parts: Parts,
    *,
    contact: str = "ana@example.com",
    staff: Actor = CLERK,
    channel: Channel = Channel.EMAIL,
    kind: Kind = Kind.ACCESS,
    place: Place = GERMANY,
    day: date | None = None,
    asked: Asked | None = None,
    stated: Stated | None = None,
) -> PrivacyRequest:
    made = enter(
        session, parts.settings, staff, channel, contact, kind, place, day, parts.clock(), asked or Asked(), stated
    )
    session.commit()
    return made


def letters(session: Session, request: PrivacyRequest) -> dict[str, str]:
    found = session.execute(select(Step.name, Step.state).where(Step.request_id == request.id)).all()
    return {name: state for name, state in found if name.startswith("tell")}


def test_the_clock_runs_from_the_day_of_the_original_where_the_person_lives(
    session: Session, parts: Parts, ana: Somebody
) -> None:
    made = entered(session, parts, contact=" Ana@Example.COM ", channel=Channel.POST, day=date(2026, 11, 2))
    assert (made.channel, made.contact, made.zone, made.regime) == ("post", "ana@example.com", "Europe/Berlin", "gdpr")
    assert made.due_on == date(2026, 12, 2)


def test_it_belongs_to_nobody_until_the_address_is_confirmed(session: Session, parts: Parts, ana: Somebody) -> None:
    made = entered(session, parts)
    assert (made.account_id, made.proof, made.state) == (None, Proof.NONE, State.PROVING)
    assert letters(session, made) == {"tell confirm": "ready"}


def test_an_officer_who_knows_who_it_is_says_how(session: Session, parts: Parts, ana: Somebody) -> None:
    stated = Stated(ana.account.id, "known from correspondence")
    made = entered(session, parts, staff=OFFICER, stated=stated)
    assert (made.account_id, made.proof, made.state) == (ana.account.id, Proof.FURTHER, State.RECEIVED)
    assert letters(session, made) == {"tell confirm": "dropped", "tell acknowledgement": "ready"}


def test_a_clerk_cannot_say_so(session: Session, parts: Parts, ana: Somebody) -> None:
    with pytest.raises(MoveRefused, match="not yours"):
        entered(session, parts, stated=Stated(ana.account.id, "document seen"))


def test_a_letter_without_an_address_mails_nobody_and_is_taken_for_nobodys(session: Session, parts: Parts) -> None:
    one = entered(session, parts, contact="", channel=Channel.POST)
    other = entered(session, parts, contact="", channel=Channel.POST)
    assert (one.contact, one.state) == (None, State.PROVING)
    assert letters(session, one) == {"tell confirm": "dropped"}
    assert one.subject != other.subject


def test_the_state_decides_the_law(session: Session, parts: Parts) -> None:
    made = entered(session, parts, place=Place("US", "VA"))
    assert (made.regime, made.country, made.subdivision, made.zone) == ("us-va", "US", "VA", "America/New_York")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"place": Place()}, "where they live"),
        ({"place": Place("US")}, "where they live"),
        ({"contact": "ana"}, "no e-mail address"),
        ({"channel": Channel.CENTRE}, "how it came in"),
        ({"staff": PERSON}, "not yours"),
        ({"day": date(2026, 11, 24)}, "in the future"),
        ({"day": date(2025, 11, 2)}, "more than a year"),
        ({"kind": Kind.OPT_OUT}, "what exactly you mean"),
    ],
)
def test_what_is_wrong_is_said(session: Session, parts: Parts, wrong: dict[str, object], said: str) -> None:
    with pytest.raises(MoveRefused, match=said):
        entered(session, parts, **wrong)  # type: ignore[arg-type]


def test_an_opt_out_by_telephone_counts_at_once(session: Session, parts: Parts) -> None:
    made = entered(
        session, parts, channel=Channel.PHONE, kind=Kind.OPT_OUT, asked=Asked(about="sale-sharing"), stated=None
    )
    assert made.state == State.RUNNING
