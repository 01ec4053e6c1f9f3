"""Sign-in links go 24 hours after they expired, and no sooner."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot import worker
from imgpilot.accounts import links, tasks, tidying
from imgpilot.accounts.models import Account, SignInLink
from imgpilot.parts import Parts
from tests.accounts.test_sign_in_links import ANA, account, planted
from tests.conftest import Clock


def left(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(SignInLink.email).order_by(SignInLink.email)))


def test_p01_a_link_goes_24_hours_after_it_expired(session: Session, parts: Parts, clock: Clock) -> None:
    planted(session, parts)
    clock.now += links.LASTS + timedelta(hours=23, minutes=59)
    planted(session, parts, "bob@example.com")
    assert tidying.tidy(session, clock()) == 0
    assert tidying.tidy(session, clock.tick(minutes=1)) == 1
    session.commit()
    assert left(session) == ["bob@example.com"]
    assert tidying.tidy(session, clock()) == 0


def test_links_of_an_account_that_is_being_deleted_wait_for_its_plan(
    session: Session, parts: Parts, clock: Clock
) -> None:
    planted(session, parts)
    account(session, parts).frozen_at = clock()
    session.commit()
    assert tidying.tidy(session, clock.tick(days=3)) == 0
    session.scalars(select(Account).where(Account.email == ANA)).one().frozen_at = None
    session.flush()
    assert tidying.tidy(session, clock()) == 1


def test_beat_wakes_the_task_every_hour(
    session: Session, parts: Parts, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(session, parts)
    clock.tick(days=3)
    monkeypatch.setattr(tasks, "parts", lambda: parts)
    monkeypatch.setattr(tasks, "now", clock)
    hourly = {e["task"] for e in worker.celery.conf.beat_schedule.values() if e["schedule"] == 3600}
    assert tasks.tidy.name == "accounts.tidy"
    assert {"accounts.tidy", "references.expire"} <= hourly
    tasks.tidy()
    assert left(session) == []
