"""Anybody reports a public picture; staff leave it or take it down."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.errors import NotYours
from imgpilot.generation.models import Image
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from imgpilot.sharing import publishing, reports
from imgpilot.sharing.models import Share, ShareReport
from tests.accounts.browser import Browser
from tests.conftest import Clock

Publish = Callable[..., Share]


@pytest.fixture
def id_(publish: Publish, picture: UUID) -> str:
    """The number of a public page of Ana's."""
    return publish(picture).id


@pytest.fixture
def report(session: Session, parts: Parts, id_: str) -> Callable[..., ShareReport]:
    """Report the page."""

    def do(reason: str = "me", contact: str = "", who: str = "192.0.2.1") -> ShareReport:
        made = reports.add(session, parts, id_, who, reason, "", contact, "en", parts.clock())
        session.commit()
        return made

    return do


def all_of(session: Session) -> list[ShareReport]:
    """Every report there is."""
    session.rollback()
    return list(session.scalars(select(ShareReport).order_by(ShareReport.at)))


def test_a_report_needs_no_account_and_reaches_staff(session: Session, stranger: Browser, id_: str) -> None:
    at = f"/share/{id_}/report"
    answer = stranger.post(at, {"reason": "stolen", "details": " I drew\x00 it. ", "contact": "Kim@Example.com"})
    assert (answer.status_code, answer.location) == (302, f"/share/{id_}/reported")
    assert "Thank you" in stranger.get(answer.location).text
    [made] = all_of(session)
    assert (made.share_id, made.reason, made.details, made.contact) == (id_, "stolen", "I drew it.", "kim@example.com")
    assert reports.waiting(session) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Choose what is wrong"),
        ({"reason": "nonsense"}, "Choose what is wrong"),
        ({"reason": "other"}, "Say in a sentence"),
        ({"reason": "me", "contact": "nowhere", "details": "kept as typed"}, "kept as typed"),
        ({"reason": "me", "details": "x" * 2001}, "longer than 2000"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    session: Session, stranger: Browser, id_: str, fields: dict[str, str], says: str
) -> None:
    answer = stranger.post(f"/share/{id_}/report", fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert all_of(session) == []


def test_a_form_from_elsewhere_is_refused(session: Session, stranger: Browser, id_: str) -> None:
    assert stranger.send(f"/share/{id_}/report", {"reason": "me"}).status_code == 400
    assert all_of(session) == []


def test_one_client_reports_five_times_an_hour(session: Session, clock: Clock, stranger: Browser, id_: str) -> None:
    at = f"/share/{id_}/report"
    answers = [stranger.post(at, {"reason": "me"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(all_of(session)) == 5
    clock.now += timedelta(hours=2)
    assert stranger.post(at, {"reason": "me"}).status_code == 302


def test_leaving_it_leaves_it_and_tells_who_asked(
    session: Session, parts: Parts, sandbox: Sandbox, stranger: Browser, id_: str, report: Callable[..., ShareReport]
) -> None:
    made = report(contact="kim@example.com")
    owner, told = reports.decide(parts, session, made.id, False, 1, parts.clock())
    session.commit()
    assert reports.tell(parts, told) == 0
    assert owner is not None
    assert stranger.get(f"/share/{id_}").status_code == 200
    [mail] = sandbox.mail.to("kim@example.com")
    assert "left it where it is" in mail.text
    assert sandbox.mail.to("ana@example.com") == []
    with pytest.raises(reports.Decided):
        reports.decide(parts, session, made.id, True, 1, parts.clock())


def test_taking_it_down_ends_the_page_answers_every_report_and_tells_the_owner_why(
    session: Session,
    parts: Parts,
    sandbox: Sandbox,
    stranger: Browser,
    signed_in: Callable[[Account], Browser],
    ana: Account,
    picture: UUID,
    id_: str,
    report: Callable[..., ShareReport],
) -> None:
    made = report("hate")
    report("me", "kim@example.com")
    _, told = reports.decide(parts, session, made.id, True, 7, parts.clock())
    session.commit()
    assert reports.tell(parts, told) == 0
    assert stranger.get(f"/share/{id_}").status_code == 410
    assert {(one.decision, one.decided_by, one.share_id) for one in all_of(session)} == {("taken down", 7, None)}
    assert "The page is gone" in sandbox.mail.to("kim@example.com")[0].text
    assert "hateful, threatening or cruel" in sandbox.mail.to("ana@example.com")[0].text
    assert session.get_one(Image, picture).barred_for == "hate"
    page = signed_in(ana).get(f"/images/{picture}/share").text
    assert "hateful, threatening or cruel" in page
    assert "Publish it" not in page


def test_a_report_about_a_page_that_is_gone_is_closed_and_bars_nothing(
    session: Session, parts: Parts, ana: Account, picture: UUID, id_: str, report: Callable[..., ShareReport]
) -> None:
    made = report(contact="kim@example.com")
    publishing.take_back(parts, session, ana.id, [picture])
    session.commit()
    owner, [told] = reports.decide(parts, session, made.id, True, 1, parts.clock())
    assert (owner, told.down, made.decision) == (None, True, "left")
    assert session.get_one(Image, picture).barred_for is None


def test_a_decision_stands_if_a_letter_does_not_go(
    session: Session, parts: Parts, sandbox: Sandbox, id_: str, ana: Account, report: Callable[..., ShareReport]
) -> None:
    made = report(contact="kim@example.com")
    ana.restricted_at = parts.clock()
    _, told = reports.decide(parts, session, made.id, True, 1, parts.clock())
    session.commit()
    assert reports.tell(parts, told) == 1, "nothing is sent to whose data is restricted"
    assert len(sandbox.mail.to("kim@example.com")) == 1


def test_no_report_is_found_by_guessing(session: Session, parts: Parts) -> None:
    with pytest.raises(NotYours):
        reports.decide(parts, session, uuid4(), True, 1, parts.clock())
