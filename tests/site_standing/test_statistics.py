"""Counts that name nobody: over people who did not object, in groups of five or more."""

import json
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

import config
from imgpilot.accounts import choices
from imgpilot.accounts.models import Account
from imgpilot.cli import main
from imgpilot.generation.models import Generation, Image
from imgpilot.parts import Parts
from imgpilot.statistics import FEWEST_PEOPLE, Counts, Group, pictures_by_model
from tests.conftest import Clock

MONDAY = date(2026, 11, 23)


def makes(
    session: Session, account: Account, model: str, at: datetime, count: int = 1, state: str = "finished"
) -> None:
    shape = {"ratio": "1:1", "width": 1, "height": 1, "credits_each": 1}
    made = Generation(account_id=account.id, prompt="pears", model=model, created_at=at, **shape)
    session.add(made)
    session.flush()
    done = state == "finished"
    session.add_all(
        Image(
            generation_id=made.id,
            position=n,
            state=state,
            attempts=1,
            object_key=f"{uuid4()}.png" if done else None,
            finished_at=at,
        )
        for n in range(count)
    )
    session.commit()


@pytest.fixture
def people(session: Session, parts: Parts) -> list[Account]:
    """Six people, Ana first, who made two pictures each with one model this week."""
    made = [
        Account(email=f"{name}@example.com", created_at=parts.clock())
        for name in ("ana", "bob", "chen", "dara", "emil", "farah")
    ]
    session.add_all(made)
    session.flush()
    for account in made:
        makes(session, account, "painter", parts.clock(), 2)
    return made


def counted(session: Session, clock: Clock, weeks: int = 12) -> Counts:
    session.rollback()
    return pictures_by_model(session, clock(), weeks)


def test_pictures_are_counted_by_model_and_week(session: Session, clock: Clock, people: list[Account]) -> None:
    for account in people:
        makes(session, account, "draft", clock() - timedelta(days=1))
        makes(session, account, "draft", clock() - timedelta(days=1), state="failed")
    assert counted(session, clock) == Counts(
        (Group(MONDAY, "painter", 12), Group(MONDAY - timedelta(weeks=1), "draft", 6)), 0
    )
    assert [group.model for group in counted(session, clock, weeks=1).groups] == ["painter"]


def test_p16_an_objection_takes_a_persons_pictures_out_of_every_count_at_once(
    session: Session, clock: Clock, people: list[Account]
) -> None:
    makes(session, people[0], "painter", clock() - timedelta(weeks=3))
    choices.say(session, people[0].id, "statistics", False, "centre", clock())
    session.commit()
    assert counted(session, clock) == Counts((Group(MONDAY, "painter", 10),), 0)
    choices.say(session, people[0].id, "statistics", True, "centre", clock.tick(minutes=1))
    session.commit()
    assert counted(session, clock) == Counts((Group(MONDAY, "painter", 12),), 1)


@pytest.mark.parametrize("mark", ["restricted_at", "closing_at", "frozen_at"])
def test_p16_somebody_restricted_is_not_counted(
    session: Session, clock: Clock, people: list[Account], mark: str
) -> None:
    setattr(people[0], mark, clock())
    session.commit()
    assert counted(session, clock).groups == (Group(MONDAY, "painter", 10),)


def test_p09_fewer_than_five_people_are_not_given_however_much_they_made(
    session: Session, clock: Clock, people: list[Account]
) -> None:
    for account in people[: FEWEST_PEOPLE - 1]:
        makes(session, account, "rare", clock(), 40)
    assert counted(session, clock) == Counts((Group(MONDAY, "painter", 12),), 1)
    makes(session, people[-1], "rare", clock())
    assert Group(MONDAY, "rare", 161) in counted(session, clock).groups


def test_the_command_prints_the_counts_and_names_nobody(
    session: Session, parts: Parts, people: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "settings", lambda: parts.settings)
    monkeypatch.setattr("imgpilot.parts.Parts.clock", parts.clock)
    for account in people:
        makes(session, account, "painter", parts.clock())
    makes(session, people[0], "rare", parts.clock())
    run = CliRunner().invoke(main, ["statistics", "--weeks", "500", "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.output) == {
        "groups": [{"week": "2026-11-23", "model": "painter", "pictures": 18}],
        "suppressed": 1,
    }
    assert "example.com" not in run.output
    plain = CliRunner().invoke(main, ["statistics", "--weeks", "500"]).output.splitlines()
    assert plain == ["2026-11-23  painter                   18", "Not given, because fewer than 5 people made them: 1"]
    helped = CliRunner().invoke(main, ["statistics", "--help"]).output
    assert "Example:  imgpilot statistics --weeks 4 --json" in helped
    assert CliRunner().invoke(main, ["statistics", "--weeks", "0"]).exit_code == 2
