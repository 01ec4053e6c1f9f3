"""Consents withdrawn and opt-outs: done at once, by nobody's leave, and kept with their proof."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from compliance import optouts
from compliance.errors import MoveRefused
from compliance.requests import decisions
from compliance.requests.casework import IdentityCheck
from compliance.requests.kinds import Channel, Kind
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.moves import PERSON
from compliance.requests.opening import Asked, open_unproved
from compliance.standing import Suppression
from imgpilot import digests
from imgpilot.accounts import arrivals, choices
from imgpilot.accounts.ages import OldEnough
from imgpilot.accounts.models import Account, Choice
from imgpilot.parts import Parts
from imgpilot.policy import in_force
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.requests.conftest import step, work_off
from tests.requests.ending import His
from tests.rights.conftest import ADDRESS, OFFICER, Ask, letters_to, look
from tests.world import Somebody

STRANGER = "dora@example.net"


def test_p16_a_consent_that_is_withdrawn_ends_at_once_and_nobody_decides(
    session: Session, clock: Clock, ana: Somebody, ask: Ask, his: Callable[[], His]
) -> None:
    before = his()
    assert choices.allows(session, ana.account.id, "news")
    clock.tick(minutes=5)
    request_id = ask(Kind.CONSENT_WITHDRAWAL, "news")
    request = look(session, request_id)
    assert (request.state, request.outcome, request.decided_by) == ("answered", "granted", None)
    assert not choices.allows(session, ana.account.id, "news")
    assert step(session, request_id, "withdraw consent").evidence["withdrawn"] == "news"
    assert letters_to(session, request_id) == ["acknowledgement", "consent withdrawn"]
    first, second = [made for made in choices.history(session, ana.account.id) if made.what == "news"]
    assert (first.allowed, first.via, first.policy_version) == (False, "request", in_force(clock()))
    assert second.allowed, "what was done under it before stays lawful, and its proof stays too (GDPR 7(3))"
    assert his() == before


@pytest.mark.parametrize("about", ["sale-sharing", "sensitive"])
def test_p16_an_opt_out_of_an_account_is_honoured_at_once(
    session: Session, ana: Somebody, ask: Ask, his: Callable[[], His], about: str
) -> None:
    before = his()
    request_id = ask(Kind.OPT_OUT, about, regime="ccpa", proof="none")
    request = look(session, request_id)
    assert (request.state, request.outcome) == ("answered", "granted")
    made = choices.newest(session, ana.account.id, about)
    assert made
    assert (made.allowed, made.via) == (False, "request")
    assert letters_to(session, request_id)[-1] == "opted out"
    assert his() == before


def unproved(session: Session, parts: Parts, contact: str, about: str = "sale-sharing") -> PrivacyRequest:
    asked = Asked(about=about, channel=Channel.FORM, country="US", subdivision="CA")
    made = open_unproved(session, parts.settings, contact, Kind.OPT_OUT, "ccpa", parts.clock(), PERSON, asked)
    session.commit()
    work_off(parts)
    return look(session, made.id)


def test_p16_somebody_without_an_account_opts_out_and_is_asked_for_no_proof(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, bob: Somebody, his: Callable[[], His]
) -> None:
    before = his()
    request = unproved(session, parts, STRANGER)
    assert (request.state, request.outcome, request.proof) == ("answered", "granted", "none")
    assert request.account_id is None
    kept = session.scalars(select(Suppression)).one()
    assert (kept.digest, kept.what) == (digests.of_address(parts.settings, STRANGER), "sale-sharing")
    assert letters_to(session, request.id) == ["acknowledgement", "opted out"]
    assert session.scalars(select(IdentityCheck.id).where(IdentityCheck.request_id == request.id)).all() == []
    assert not any("/privacy/confirm/" in link for mail in sandbox.mail.to(STRANGER) for link in mail.links)
    assert session.scalars(select(Account.id).where(Account.email == STRANGER)).all() == []
    assert his() == before


def test_opting_out_twice_without_an_account_keeps_one_mark(session: Session, parts: Parts) -> None:
    unproved(session, parts, STRANGER)
    assert unproved(session, parts, STRANGER.upper()).state == "answered"
    assert len(session.scalars(select(Suppression)).all()) == 1


def test_an_opt_out_by_address_reaches_the_account_that_has_it_and_tells_nobody_that_there_is_one(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, bob: Somebody, his: Callable[[], His]
) -> None:
    before = his()
    hers, strangers = unproved(session, parts, ADDRESS), unproved(session, parts, STRANGER)
    made = choices.newest(session, ana.account.id, "sale-sharing")
    assert made
    assert made.allowed is False
    assert hers.account_id is None, "it opens nothing of the account"
    seen = [
        session.execute(
            select(Step.name, Step.state, Step.evidence).where(Step.request_id == one.id, Step.name == "opt out")
        ).all()
        for one in (hers, strangers)
    ]
    assert seen[0] == seen[1]
    assert his() == before


def joins(session: Session, parts: Parts, address: str) -> Account:
    """Somebody makes an account with this address."""
    now = parts.clock()
    made, created = arrivals.account_of(session, parts.settings, address, "en", now, OldEnough(now, "DE"))
    assert created
    return made


def test_an_opt_out_by_address_counts_from_the_first_moment_of_an_account_made_with_it(
    session: Session, parts: Parts, clock: Clock
) -> None:
    unproved(session, parts, STRANGER)
    unproved(session, parts, STRANGER, "sensitive")
    made = joins(session, parts, STRANGER)
    chosen = [(one.what, one.allowed) for one in choices.history(session, made.id)]
    assert sorted(chosen) == [("sale-sharing", False), ("sensitive", False)]
    other = joins(session, parts, "nobody@example.com")
    assert choices.history(session, other.id) == []


def test_what_the_owner_chose_since_counts_more_than_an_opt_out_of_the_address(
    session: Session, parts: Parts, clock: Clock, ana: Somebody
) -> None:
    unproved(session, parts, STRANGER)
    clock.tick(days=1)
    choices.say(session, ana.account.id, "sale-sharing", True, "centre", clock())
    account = session.get_one(Account, ana.account.id)
    account.email = STRANGER
    session.flush()
    arrivals.recall(session, parts.settings, account, clock())
    assert choices.allows(session, account.id, "sale-sharing")


def test_an_account_and_an_opt_out_at_the_same_moment_do_not_miss_each_other(
    session: Session, parts: Parts, clock: Clock
) -> None:
    asked = Asked(about="sale-sharing", channel=Channel.FORM, country="US", subdivision="CA")
    request = open_unproved(session, parts.settings, STRANGER, Kind.OPT_OUT, "ccpa", clock(), PERSON, asked)
    session.commit()
    joins(session, parts, STRANGER)
    with parts.sessions() as other, pytest.raises(OperationalError, match="lock timeout"):
        other.execute(text("SET LOCAL lock_timeout = '20ms'"))
        optouts.opt_out(other, parts.settings, other.get_one(PrivacyRequest, request.id), clock())


def test_nobody_can_refuse_an_opt_out_on_a_ground_that_the_law_does_not_give(
    session: Session, parts: Parts, clock: Clock, bob: Somebody
) -> None:
    asked = Asked(about="sensitive", channel=Channel.FORM)
    made = open_unproved(session, parts.settings, STRANGER, Kind.OPT_OUT, "ccpa", clock(), PERSON, asked)
    session.commit()
    with pytest.raises(MoveRefused):
        decisions.refuse(session, made.id, "We would rather go on with it as before.", OFFICER, clock(), "other")


def test_a_consent_can_be_given_again_and_each_time_has_its_proof(
    session: Session, clock: Clock, ana: Somebody, ask: Ask
) -> None:
    ask(Kind.CONSENT_WITHDRAWAL, "news")
    choices.say(session, ana.account.id, "news", True, "centre", clock.tick(days=1))
    session.commit()
    assert choices.allows(session, ana.account.id, "news")
    clock.tick(days=1)
    again = ask(Kind.CONSENT_WITHDRAWAL, "news")
    assert look(session, again).state == "answered"
    history = [made.allowed for made in choices.history(session, ana.account.id) if made.what == "news"]
    assert history == [False, True, False, True]


_SAID = st.lists(
    st.tuples(
        st.sampled_from(sorted(choices.OFFERS)),
        st.booleans(),
        st.sampled_from(["centre", "request", "browser", "officer"]),
        # The clocks of two machines need not agree: some choices come with a time that is over already.
        st.integers(min_value=-3, max_value=60),
    ),
    max_size=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(said=_SAID)
def test_of_any_choices_the_newest_counts_and_nothing_that_was_said_is_changed(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, said: list[tuple[str, bool, str, int]]
) -> None:
    session.execute(delete(Choice).where(Choice.account_id == ana.account.id))
    session.commit()
    now: dict[str, bool] = {key: offer.unless_said for key, offer in choices.OFFERS.items()}
    spoken: set[str] = set()
    before: list[Any] = []
    for what, allowed, via, minutes in said:
        clock.now += timedelta(minutes=minutes)
        choices.say(session, ana.account.id, what, allowed, via, clock())
        session.commit()
        new = what not in spoken or now[what] != allowed
        spoken.add(what)
        now[what] = allowed
        history = [_row(made) for made in choices.history(session, ana.account.id)]
        assert len(history) == len(before) + new
        assert [row for row in history if row in before] == before, "what stood there stands there still"
        before = history
        assert {key: choices.allows(session, ana.account.id, key) for key in choices.OFFERS} == now
        in_bulk = {
            key
            for key in choices.OFFERS
            if session.scalar(select(Account.id).where(Account.id == ana.account.id, choices.who_allows(key)))
        }
        assert in_bulk == {key for key, yes in now.items() if yes}


def _row(made: Choice) -> tuple[Any, ...]:
    return (made.id, made.what, made.allowed, made.via, made.at, made.policy_version)
