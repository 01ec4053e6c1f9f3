"""What an account may do now: one table of standings against everything that acts."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts import choices, links, sign_ins, standing, tidying
from imgpilot.accounts.models import Account, SignInLink
from imgpilot.accounts.standing import BeingDeleted, Closing, NothingNew, Restricted, Stopped
from imgpilot.billing import ledger
from imgpilot.disclosures import Disclosure
from imgpilot.errors import Refused
from imgpilot.generation import expiry, make, references
from imgpilot.generation.models import Generation, Reference
from imgpilot.generation.order import order
from imgpilot.parts import Parts
from imgpilot.processors import MAIL
from imgpilot.purposes import ACCOUNTABILITY, GENERATION, MESSAGES, NEWS, RIGHTS, SIGN_IN, STATISTICS, STORAGE
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.generation.conftest import look, photo, wish

#: What stands, and what it answers to whoever would make something new.
STANDINGS = {"frozen_at": BeingDeleted, "closing_at": Closing, "restricted_at": Restricted}


def set_to(session: Session, account: Account, *marks: str, at: object) -> None:
    session.rollback()
    row = session.get_one(Account, account.id, populate_existing=True)
    for mark in (*STANDINGS, "held_at"):
        setattr(row, mark, at if mark in marks else None)
    session.commit()


@pytest.mark.parametrize(("mark", "says"), STANDINGS.items())
def test_p16_nothing_is_ordered_while_an_account_stands_so(
    session: Session, parts: Parts, ana: Account, mark: str, says: type[NothingNew]
) -> None:
    set_to(session, ana, mark, at=parts.clock())
    with pytest.raises(says) as refused:
        order(session, parts.settings, ana, wish(), parts.clock())
    assert refused.value.status == 403
    assert session.scalars(select(Generation)).all() == []


@pytest.mark.parametrize(("mark", "says"), STANDINGS.items())
def test_p16_nothing_is_taken_in_while_an_account_stands_so(
    session: Session, parts: Parts, ana: Account, mark: str, says: type[NothingNew]
) -> None:
    with parts.sessions.begin() as other:
        setattr(other.get_one(Account, ana.id), mark, parts.clock())
    taking = references.taking_in(session, parts.storage, ana, io.BytesIO(photo()), parts.clock())
    with pytest.raises(says), taking:  # this request began before and does not know yet
        pass
    assert list(parts.storage.keys()) == []
    assert session.scalars(select(Reference)).all() == []


@pytest.mark.parametrize("mark", STANDINGS)
def test_p16_a_queued_picture_waits_and_is_made_when_that_ends(
    session: Session, parts: Parts, ana: Account, picture: UUID, sandbox: Sandbox, mark: str
) -> None:
    woken: list[UUID] = []
    set_to(session, ana, mark, at=parts.clock())
    make.make(parts, picture, parts.clock())
    image = look(session, picture)
    assert (image.state, image.attempts, len(sandbox.calls)) == ("queued", 0, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make.worker, "wake", lambda _session, _task, id_: woken.append(UUID(id_)))
        make.recover(parts, parts.clock())
        assert woken == [], "no worker is woken for it again and again"
        set_to(session, ana, at=None)
        make.recover(parts, parts.clock())
    assert woken == [picture]
    make.make(parts, picture, parts.clock())
    assert look(session, picture).state == "finished"


@pytest.mark.parametrize("mark", STANDINGS)
def test_p16_a_picture_that_comes_after_that_is_not_kept_nor_ordered_again_and_is_paid_back_later(
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    picture: UUID,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    mark: str,
) -> None:
    from imgpilot.generation.engines.openai import OpenAI

    ask = OpenAI.make

    def asked_and_then(*given: object) -> bytes:
        came = ask(*given)  # type: ignore[arg-type]
        set_to(session, ana, mark, at=clock())
        return came

    with monkeypatch.context() as patch:
        patch.setattr(OpenAI, "make", asked_and_then)
        make.make(parts, picture, clock())
    assert look(session, picture).object_key is None
    assert list(parts.storage.keys()) == []
    set_to(session, ana, at=None)
    make.make(parts, picture, clock.tick(minutes=10))
    image = look(session, picture)
    assert (image.state, image.failure, len(sandbox.calls)) == ("failed", "AnswerLost", 1)
    assert ledger.refunds(session, [picture]) == {picture: 1}


@pytest.mark.parametrize("mark", STANDINGS)
def test_p16_the_gateway_lets_no_prompt_out_even_if_a_worker_forgot_to_ask(
    session: Session, parts: Parts, clock: Clock, ana: Account, picture: UUID, sandbox: Sandbox, mark: str
) -> None:
    def forgets(*_given: object) -> None:
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standing, "against", forgets)
        set_to(session, ana, mark, at=parts.clock())
        make.make(parts, picture, parts.clock())
    assert len(sandbox.calls) == 0
    assert session.scalars(select(Disclosure).where(Disclosure.purpose == "generation")).all() == []
    image = look(session, picture)
    assert (image.object_key, image.handed_in_at) == (None, None), "it did not leave, so it may be ordered later"
    set_to(session, ana, at=None)
    make.make(parts, picture, clock.tick(minutes=10))
    assert look(session, picture).state == "finished"


@pytest.mark.parametrize("mark", [*STANDINGS, "held_at"])
def test_nothing_expires_while_an_account_stands_so_and_does_afterwards(
    session: Session, parts: Parts, clock: Clock, ana: Account, bob: Account, mark: str
) -> None:
    for account in (ana, bob):
        with references.taking_in(session, parts.storage, account, io.BytesIO(photo()), clock()):
            session.commit()
        links.ask(session, parts, account.email, "en", clock())
        session.commit()
    set_to(session, ana, mark, at=clock())
    clock.tick(days=40)
    assert expiry.expire(parts, clock()) == 1
    assert tidying.tidy(session, clock()) == 1
    session.commit()
    assert session.scalars(select(Reference.account_id)).all() == [ana.id]
    assert session.scalars(select(SignInLink.email)).all() == [ana.email]
    set_to(session, ana, at=None)
    assert expiry.expire(parts, clock()) == 1
    assert tidying.tidy(session, clock()) == 1


def test_of_several_standings_the_gravest_is_said(session: Session, parts: Parts, ana: Account) -> None:
    for marks, says in (
        (("restricted_at", "closing_at", "frozen_at"), BeingDeleted),
        (("restricted_at", "closing_at"), Closing),
        (("restricted_at", "held_at"), Restricted),
    ):
        set_to(session, ana, *marks, at=parts.clock())
        assert isinstance(standing.against(session, ana.id), says)
    set_to(session, ana, "held_at", at=parts.clock())
    assert standing.against(session, ana.id) is None, "a hold keeps; it stops nothing"
    assert isinstance(standing.against(session, UUID(int=0)), BeingDeleted)


@pytest.mark.parametrize(
    ("mark", "goes_on", "stops"),
    [
        ("restricted_at", (RIGHTS, SIGN_IN, ACCOUNTABILITY, STORAGE), (GENERATION, MESSAGES)),
        ("frozen_at", (RIGHTS, SIGN_IN, ACCOUNTABILITY, STORAGE), (GENERATION, MESSAGES)),
        ("closing_at", (RIGHTS, SIGN_IN, ACCOUNTABILITY, STORAGE, MESSAGES), (GENERATION,)),
        ("held_at", (RIGHTS, SIGN_IN, MESSAGES, GENERATION), ()),
    ],
)
def test_p16_what_may_leave_for_which_purpose(
    session: Session, parts: Parts, ana: Account, mark: str, goes_on: tuple[object, ...], stops: tuple[object, ...]
) -> None:
    set_to(session, ana, mark, at=parts.clock())
    for purpose in goes_on:
        standing.let_out(session, ana.id, purpose)  # type: ignore[arg-type]
    for purpose in stops:
        with pytest.raises(Stopped) as stopped:
            standing.let_out(session, ana.id, purpose)  # type: ignore[arg-type]
        assert str(ana.id) not in str(stopped.value)


def test_p16_news_goes_only_to_who_agreed_and_stops_when_that_is_withdrawn(
    session: Session, parts: Parts, clock: Clock, sandbox: Sandbox, ana: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MAIL.receives, NEWS, ("user.contact.email",))  # type: ignore[arg-type]

    def news() -> None:
        parts.mailer.send(ana.email, "News", "text", "<p>text</p>", purpose=NEWS, subject=ana.id)

    with pytest.raises(Stopped):
        news()
    choices.say(session, ana.id, "news", True, "centre", clock())
    session.commit()
    news()
    assert len(sandbox.mail.to(ana.email)) == 1
    choices.say(session, ana.id, "news", False, "centre", clock.tick(seconds=1))
    session.commit()
    with pytest.raises(Stopped):
        news()
    assert len(sandbox.mail.to(ana.email)) == 1
    lines = session.scalars(select(Disclosure.purpose)).all()
    assert lines == ["news"], "what did not leave is not in the log"


def test_p16_a_mail_that_needs_a_leave_says_whose_account_it_is_about(parts: Parts, ana: Account) -> None:
    for purpose in (NEWS, MESSAGES, STATISTICS):
        with pytest.raises(Refused):
            parts.mailer.send(ana.email, "News", "text", "<p>text</p>", purpose=purpose, subject=None)


def test_p16_somebody_who_is_closing_still_signs_in_and_somebody_frozen_does_not(
    session: Session, parts: Parts, clock: Clock, ana: Account
) -> None:
    token = sign_ins.start(session, parts.settings, ana, "Firefox · Linux", clock())
    session.commit()
    for mark, comes_in in (("closing_at", True), ("restricted_at", True), ("held_at", True), ("frozen_at", False)):
        set_to(session, ana, mark, at=clock())
        assert (sign_ins.find(session, parts.settings, token, clock()) is not None) is comes_in, mark


@pytest.mark.parametrize(
    ("mark", "said", "way_out"),
    [
        ("closing_at", "take the deletion back", True),
        ("restricted_at", "restricted since 23 November 2026", True),
    ],
)
def test_p16_the_studio_says_beside_the_button_what_stands_against_it(
    session: Session,
    parts: Parts,
    ana: Account,
    picture: UUID,
    signed_in: Callable[[Account], Browser],
    mark: str,
    said: str,
    way_out: bool,
) -> None:
    browser = signed_in(ana)
    shown = browser.get("/studio").get_data(as_text=True)
    assert "Make 1 picture" in shown
    assert "Not begun yet" in shown
    set_to(session, ana, mark, at=parts.clock())
    page = browser.get("/studio").get_data(as_text=True)
    assert said in page
    assert "Make 1 picture" not in page
    assert "Waits: nothing is made at the moment" in page
    assert "data-events" not in page, "nothing will change, so nothing is asked for"
    assert ("Go to the privacy centre" in page) is way_out
    assert browser.get("/gallery").status_code == 200, "she still sees what is hers"


def test_the_lock_that_asking_takes_keeps_an_account_from_being_restricted_meanwhile(
    session: Session, parts: Parts, ana: Account
) -> None:
    assert standing.against(session, ana.id) is None
    with parts.sessions() as other:
        free = select(Account.id).where(Account.id == ana.id).with_for_update(skip_locked=True)
        assert other.scalar(free) is None
    session.rollback()
