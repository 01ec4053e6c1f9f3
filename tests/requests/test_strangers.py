"""Nobody but the person and the officer decides whether an erasure ends: not strangers, staff, or a mail server."""

import smtplib
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from compliance import erasure
from compliance.errors import MoveRefused, PlanChanged
from compliance.requests import decisions, steps
from compliance.requests.kinds import Kind
from compliance.requests.opening import open_request
from imgpilot.accounts import links
from imgpilot.accounts.models import Account, SignInLink
from imgpilot.generation.models import Generation, Image
from imgpilot.mail import Mailer
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.requests import ending
from tests.requests.conftest import OFFICER, Asked, approve, look, step, work_off
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("plain_documents")


def test_whoever_types_her_address_into_a_prompt_does_not_stop_the_erasure(
    session: Session, parts: Parts, bob: Somebody, approved: Asked
) -> None:
    session.execute(
        update(Generation).where(Generation.account_id == bob.account.id).values(prompt="Write to ana@example.com")
    )
    session.commit()
    his = ending.everything_of(session, parts, bob)
    request_id = approved(Kind.DELETION)
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    for name in ("look again", "close"):
        assert step(session, request_id, name).evidence["elsewhere"] == {"generation.prompt": 1}
    assert ending.everything_of(session, parts, bob) == his


def test_a_member_of_staff_with_her_address_does_not_stop_the_erasure(
    session: Session, parts: Parts, approved: Asked
) -> None:
    names = {"first_name": "A", "last_name": "N", "username": "a.n", "password": "x"}
    session.add(User(**names, email="ana@example.com", active=True))
    session.commit()
    request_id = approved(Kind.DELETION)
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    assert step(session, request_id, "close").evidence["elsewhere"] == {"ab_user.email": 1}


def test_who_comes_back_before_the_end_and_asks_for_something_does_not_stop_the_erasure(
    session: Session, parts: Parts, clock: Clock, approved: Asked
) -> None:
    request_id = approved(Kind.DELETION)
    work_off(parts, until="look again")
    again = Account(email="ana@example.com", language="en", theme="system", created_at=clock.tick(seconds=1))
    session.add(again)
    session.flush()
    copy = open_request(session, parts.settings, again, Kind.ACCESS, "gdpr", clock())
    session.commit()
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    for name in ("look again", "close"):
        assert step(session, request_id, name).evidence["new"] == {"account.email": 1, "privacy_request.contact": 1}
    assert look(session, copy.id).contact == "ana@example.com"


def test_the_second_look_renews_its_lease_at_every_table(
    session: Session, parts: Parts, approved: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = approved(Kind.DELETION)
    work_off(parts, until="look again")
    renewed: list[Any] = []
    monkeypatch.setattr(steps, "_renew", lambda *given: renewed.append(given))
    work_off(parts, until="certify")
    assert len(renewed) == step(session, request_id, "look again").evidence["tables"]


@pytest.mark.parametrize("name", ["tell acknowledgement", "tell erased"])
def test_a_mailbox_that_refuses_does_not_stop_the_erasure(
    session: Session, parts: Parts, asked: Asked, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    works = Mailer._hand_over

    def refuses(mailer: Mailer, message: Any) -> None:
        if message["To"] != "ana@example.com":
            return works(mailer, message)
        raise smtplib.SMTPRecipientsRefused({"ana@example.com": (550, b"no such user")})

    request_id = asked(Kind.DELETION)
    if name == "tell acknowledgement":
        monkeypatch.setattr(Mailer, "_hand_over", refuses)
    work_off(parts)
    approve(session, parts, request_id)
    monkeypatch.setattr(Mailer, "_hand_over", refuses)
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    assert step(session, request_id, name).evidence == {"delivered": False}


def test_an_erasure_waits_for_a_picture_that_is_being_made(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, approved: Asked
) -> None:
    until = clock() + timedelta(minutes=4)
    session.execute(update(Image).where(Image.id == ana.image.id).values(lease_until=until))
    session.commit()
    request_id = approved(Kind.DELETION)
    work_off(parts)
    waits = step(session, request_id, "erase rows")
    assert (waits.state, waits.attempts, waits.not_before) == ("ready", 1, until)
    assert waits.failure == "A picture of this person is still being made; it is tried again in a moment."
    assert session.get(Account, ana.account.id)
    clock.now = until
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    ending.is_erased(session, parts, request_id, ana)


def test_refusing_a_copy_thaws_no_account_that_is_being_deleted(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, asked: Asked
) -> None:
    copy = asked(Kind.ACCESS)
    session.execute(update(Account).where(Account.id == ana.account.id).values(frozen_at=clock()))
    session.commit()
    decisions.refuse(session, copy, "It was asked for three times this week.", OFFICER, clock())
    session.commit()
    assert session.get_one(Account, ana.account.id).frozen_at == clock()


def test_nothing_is_asked_for_an_account_that_is_being_deleted(
    session: Session, parts: Parts, ana: Somebody, approved: Asked, asked: Asked
) -> None:
    approved(Kind.DELETION)
    with pytest.raises(MoveRefused, match="is being deleted"):
        asked(Kind.ACCESS)


def test_what_the_database_refuses_is_tried_again_and_said_by_its_name_only(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, approved: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DeadlockDetected(Exception):
        pass

    def deadlocks(*_given: Any) -> None:
        raise OperationalError("UPDATE … 'ana@example.com'", {}, DeadlockDetected("ana@example.com"))

    request_id, erase = approved(Kind.DELETION), erasure.erase
    monkeypatch.setattr(erasure, "erase", deadlocks)
    work_off(parts)
    waits = step(session, request_id, "erase rows")
    assert (waits.failure, waits.lease) == ("DeadlockDetected", None)
    assert waits.not_before == clock() + steps.FIRST_WAIT
    monkeypatch.setattr(erasure, "erase", erase)
    clock.now = waits.not_before
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    ending.is_erased(session, parts, request_id, ana)


def _a_link(session: Session, parts: Parts, now: datetime) -> None:
    links.ask(session, parts, "ana@example.com", "en", now)


def _no_link(session: Session, _parts: Parts, _now: datetime) -> None:
    for link in session.scalars(select(SignInLink).where(SignInLink.email == "ana@example.com")):
        session.delete(link)


@pytest.mark.parametrize("at_the_door", [_a_link, _no_link])
def test_what_strangers_bring_to_the_door_does_not_spoil_an_approval(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, asked: Asked, at_the_door: Any
) -> None:
    request_id = asked(Kind.DELETION)
    work_off(parts)
    shown = decisions.newest_plan(session, request_id)
    assert shown
    at_the_door(session, parts, clock())
    session.commit()
    decisions.approve(session, request_id, shown.digest, OFFICER, clock())
    session.commit()
    fresh = decisions.newest_plan(session, request_id)
    assert fresh and fresh.approved_at and fresh.digest != shown.digest
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    ending.is_erased(session, parts, request_id, ana)


def test_an_approval_of_a_plan_that_lacks_something_of_hers_is_refused(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, asked: Asked
) -> None:
    request_id = asked(Kind.DELETION)
    work_off(parts)
    shown = decisions.newest_plan(session, request_id)
    assert shown
    span = {"created_at": clock(), "ratio": "1:1", "width": 1, "height": 1, "credits_each": 1}
    session.add(Generation(account_id=ana.account.id, prompt="new", model="m", **span))
    session.commit()
    with pytest.raises(PlanChanged):
        decisions.approve(session, request_id, shown.digest, OFFICER, clock())
