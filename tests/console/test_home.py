"""The home page: the one next thing first, then what waits where, then how it goes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.console import figures
from compliance.console.queue import Look
from compliance.requests.casework import Comment, CommentMention
from compliance.requests.models import PrivacyRequest, Step
from compliance.requests.regimes import Period, Unit
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.console.conftest import Enter
from tests.console.crowd import crowd
from tests.portal.test_centre import text_of
from tests.world import stands_in

Many = Callable[[int], list[UUID]]


def change(session: Session, id_: UUID, **values: object) -> PrivacyRequest:
    """Set these of a case; it."""
    one = session.get_one(PrivacyRequest, id_)
    for name, value in values.items():
        setattr(one, name, value)
    session.commit()
    return one


def test_with_nothing_to_do_the_page_is_calm(officer: Browser) -> None:
    said = text_of(officer.get("/").text)
    assert "Monday 23 November No requests are waiting. New ones appear here the moment they arrive." in said
    assert "Nothing came in and nothing was closed in the last 12 weeks." in said
    assert "Open IP" not in said
    assert "Where cases wait" not in said


def test_what_runs_by_itself_needs_no_person(officer: Browser, many: Many) -> None:
    many(2)
    said = text_of(officer.get("/").text)
    assert "2 requests are open, and nothing is pressing." in said
    assert "Nothing needs a person now." in said


def test_the_case_to_start_with_is_the_soonest_that_is_mine_or_nobodys(
    session: Session, officer: Browser, many: Many, staff: dict[str, int]
) -> None:
    first, second, third = many(3)
    for id_, owner in ((first, staff["Privacy Agent"]), (second, None), (third, staff["Privacy Officer"])):
        change(session, id_, state="review", assigned_to=owner)
    case = session.get_one(PrivacyRequest, second).case
    page = officer.get("/").text
    assert f"3 plans wait for a decision. Start with {case}." in text_of(page)
    assert f'<a href="/requests/{second}" class="btn btn-primary">Open {case}</a>' in page
    change(session, second, assigned_to=staff["Privacy Agent"])
    change(session, third, assigned_to=staff["Privacy Agent"])
    assert f"Start with {session.get_one(PrivacyRequest, first).case}." in text_of(officer.get("/").text)


def test_what_i_proposed_waits_for_somebody_else(
    session: Session, signed_in: Enter, many: Many, staff: dict[str, int]
) -> None:
    (id_,) = many(1)
    change(session, id_, state="second", proposed_by=staff["Privacy Officer"])
    assert "Start with" not in text_of(signed_in("Privacy Officer").get("/").text)
    said = text_of(signed_in("Approver").get("/").text)
    assert "1 case waits for a second officer. Start with IP-2026-0001." in said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (24, "2 cases end within 7 days, the first in 6 days."),
        (29, "2 cases end within 7 days, the first tomorrow."),
        (30, "1 request is due today."),
        (32, "2 requests are overdue."),
    ],
)
def test_the_first_sentence_says_what_ends_when(
    officer: Browser, many: Many, clock: Clock, days: int, said: str
) -> None:
    many(2)
    clock.tick(days=days)
    assert said in text_of(officer.get("/").text)


def test_three_facts_are_said_and_no_more(session: Session, officer: Browser, many: Many, clock: Clock) -> None:
    ids = many(4)
    change(session, ids[3], state="second")
    change(session, ids[2], state="review")
    session.execute(select(Step))
    session.add(Step(request_id=ids[3], position=9, name="certify", state="failed", failure="no"))
    session.commit()
    clock.tick(days=31)
    said = text_of(officer.get("/").text)
    assert "1 request is overdue. 1 request is due today. 1 case needs a hand. Start with" in said


def test_every_place_where_cases_wait_leads_to_its_view(
    session: Session, officer: Browser, many: Many, clock: Clock
) -> None:
    many(1)
    clock.tick(days=30)
    page = officer.get("/").text
    assert 'href="/requests/?view=soon&amp;due_to=2026-12-23"' in page
    for view in ("overdue", "soon", "decide", "second", "stuck", "appealed", "proving", "unassigned", "mine"):
        assert f'href="/requests/?view={view}"' in page


def test_a_comment_that_calls_me_is_there_until_i_have_seen_it_and_its_words_are_not(
    session: Session, signed_in: Enter, many: Many, staff: dict[str, int], clock: Clock
) -> None:
    (id_,) = many(1)
    comment = Comment(request_id=id_, at=clock(), by=staff["Privacy Agent"], text="ANA is furious")
    session.add(comment)
    session.flush()
    mention = CommentMention(comment_id=comment.id, staff=staff["Privacy Officer"])
    session.add(mention)
    session.commit()
    officer, approver = signed_in("Privacy Officer"), signed_in("Approver")
    page = officer.get("/").text
    assert "You are called Privacy Agent in IP-2026-0001 23 Nov, 14:40" in text_of(page)
    assert not stands_in("ANA", page)
    assert "You are called" not in text_of(approver.get("/").text)
    mention.seen_at = clock()
    session.commit()
    assert "You are called" not in text_of(officer.get("/").text)


def test_the_charts_have_their_numbers_behind_them(session: Session, officer: Browser, clock: Clock) -> None:
    crowd(session, clock(), 60, closed=30)
    page = officer.get("/").text
    said = text_of(page)
    for title in ("by week", "by what is asked for", "by age", "by law"):
        assert title in said
    assert page.count("<summary>The numbers</summary>") == 5
    assert "Half of the answers under GDPR in the last 12 months took" in said
    assert "style=" not in page


def test_the_weeks_count_what_came_and_went(session: Session, many: Many, clock: Clock) -> None:
    first, second, third = many(3)
    change(session, first, closed_at=clock(), state="withdrawn")
    change(session, second, received_at=clock() - timedelta(days=1))
    change(session, third, received_at=clock() - timedelta(weeks=12), closed_at=clock() - timedelta(weeks=1))
    weeks = figures.by_week(session, clock())
    assert len(weeks) == 12
    assert [(week.received, week.closed) for week in weeks[-2:]] == [(1, 1), (1, 1)]
    assert sum(week.received for week in weeks) == 2
    assert (weeks[0].monday.isoformat(), weeks[-1].monday.isoformat()) == ("2026-09-07", "2026-11-23")


def test_what_is_open_is_counted_by_kind_law_and_age(session: Session, many: Many, clock: Clock) -> None:
    ids = many(4)
    for id_, days in zip(ids, (0, 7, 8, 70), strict=True):
        change(session, id_, received_at=clock() - timedelta(days=days))
    change(session, ids[3], due_on=clock().date() - timedelta(days=1), kind="access", regime="ccpa")
    found = figures.open_now(session, Look(clock(), 0))
    assert [(one.key, one.in_time, one.late) for one in found.kinds] == [("deletion", 3, 0), ("access", 0, 1)]
    assert [(one.key, one.in_time, one.late) for one in found.laws] == [("gdpr", 3, 0), ("ccpa", 0, 1)]
    ages = [(one.key, one.in_time, one.late) for one in found.ages]
    assert ages == [("0", 2, 0), ("8", 1, 0), ("15", 0, 0), ("31", 0, 0), ("61", 0, 1)]


def test_many_laws_are_counted_together_after_the_sixth(session: Session, many: Many, clock: Clock) -> None:
    laws = ("gdpr", "ccpa", "uk-gdpr", "lgpd", "pipeda", "ch", "au", "kr")
    for id_, law in zip(many(len(laws)), laws, strict=True):
        change(session, id_, regime=law)
    found = figures.open_now(session, Look(clock(), 0)).laws
    assert [one.key for one in found] == [*sorted(laws)[: figures.MOST_LAWS], ""]
    assert found[-1].in_time == 2


def test_days_to_an_answer_are_those_of_the_law_most_answers_were_under(
    session: Session, many: Many, clock: Clock
) -> None:
    ids, now = many(6), clock()
    assert figures.answers(session, Look(now, 0)) is None
    for id_, (kind, law, days) in zip(
        ids,
        [
            ("access", "gdpr", 3),
            ("access", "gdpr", 3),
            ("deletion", "gdpr", 40),
            ("access", "ccpa", 1),
            ("opt-out", "ccpa", 0),
            ("opt-out", "ccpa", 0),
        ],
        strict=True,
    ):
        at = now - timedelta(days=days, hours=1)
        change(session, id_, kind=kind, regime=law, received_at=at, closed_at=now, answered_at=now, state="answered")
    found = figures.answers(session, Look(now, 0))
    assert found == figures.Answers("gdpr", 30, {3: 2, 40: 1})


@pytest.mark.parametrize(
    ("period", "days"),
    [
        (Period(1, Unit.MONTHS), 30),
        (Period(45, Unit.CALENDAR_DAYS), 45),
        (Period(15, Unit.BUSINESS_DAYS), 21),
        (Period(72, Unit.HOURS), 3),
    ],
)
def test_a_period_is_about_so_many_days(period: Period, days: int) -> None:
    assert figures.in_days(period) == days


def test_somebody_without_a_part_in_requests_sees_none(
    session: Session, console: object, signed_in: Enter, many: Many, clock: Clock
) -> None:
    many(1)
    from flask import Flask

    assert isinstance(console, Flask)
    with console.app_context():
        manager = console.extensions["appbuilder"].sm
        role = manager.add_role("Visitor")
        person = manager.find_user(email="auditor@imgpilot.example")
        person.roles = [role]
        manager.update_user(person)
    said = text_of(signed_in("Auditor").get("/").text)
    assert "You have no part in requests yet." in said
    assert "IP-2026" not in said


def test_the_day_of_the_page_is_that_of_the_clock(officer: Browser, clock: Clock) -> None:
    clock.now = datetime(2027, 1, 1, 9, tzinfo=UTC)
    assert "Friday 1 January" in text_of(officer.get("/").text)
