"""Appending: with the deed or not at all, nothing personal, and what is written is what is proved."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.audit.facts import NotForTheLog
from compliance.audit.leaf import leaf_of, written
from compliance.audit.models import Entry
from tests.audit.conftest import ANA, Log

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_an_entry_says_who_did_what_about_whom(session: Session) -> None:
    facts = {"case": "IP-2026-0412", "rows": {"image": 3}, "again": False}
    seq = record(session, at=NOON, actor="staff:3", action=Action.REQUEST_APPROVED, subject=ANA, facts=facts)
    session.commit()
    entry = session.get_one(Entry, seq)
    assert (entry.at, entry.actor, entry.action, entry.subject) == (NOON, "staff:3", "request approved", ANA)
    assert entry.facts == facts
    assert entry.leaf == leaf_of(
        seq=seq,
        at="2026-11-23T12:00:00.000000Z",
        actor="staff:3",
        action="request approved",
        subject=ANA,
        facts=facts,
    )


def test_an_entry_goes_with_its_transaction(log: Log, session: Session) -> None:
    log.record(session)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Entry)) == 0


def test_a_time_in_any_zone_is_the_same_time(log: Log, session: Session) -> None:
    there = NOON.astimezone(timezone(timedelta(hours=8)))
    assert written(there) == written(NOON)
    record(session, at=there, actor="system", action=Action.REQUEST_OPENED)
    session.commit()
    assert log.verify().unsealed == 1


def test_a_time_without_zone_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="zone"):
        record(session, at=datetime(2026, 11, 23), actor="system", action=Action.REQUEST_OPENED)  # noqa: DTZ001


@pytest.mark.parametrize("actor", ["", "Ana", "staff", "staff:0", "staff:x", "staff:3 ", "a@b.example", "person\n"])
def test_an_actor_is_a_role_or_a_number(session: Session, actor: str) -> None:
    with pytest.raises(NotForTheLog):
        record(session, at=NOON, actor=actor, action=Action.REQUEST_OPENED)


@pytest.mark.parametrize("subject", ["", "ana@example.com", "6f1d2c1e-6f0e-4c55-9f0e-7f3b8f1f2a11", "A" * 32])
def test_a_subject_is_a_digest(session: Session, subject: str) -> None:
    with pytest.raises(NotForTheLog):
        record(session, at=NOON, actor="person", action=Action.REQUEST_OPENED, subject=subject)


def test_an_action_outside_the_vocabulary_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="not a valid Action"):
        record(session, at=NOON, actor="person", action="request eaten")


@pytest.mark.parametrize("table", ["audit_entry", "audit_segment"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_change(sealed: Log, table: str, deed: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), sealed.parts.sessions.begin() as session:
        session.execute(text(deed.format(table)))
    assert sealed.verify().entries == 12


def test_nobody_chooses_a_number_by_accident(session: Session) -> None:
    session.add(Entry(seq=7, at=NOON, actor="system", action="request opened", facts={}, leaf=bytes(32)))
    with pytest.raises(DBAPIError, match="GENERATED ALWAYS"):
        session.flush()


def test_numbers_are_handed_out_one_by_one(session: Session) -> None:
    """A sequence that kept a stock per connection would hand out low numbers late; numbering.py relies on it."""
    cache = text("SELECT cache_size FROM pg_sequences WHERE sequencename = 'audit_entry_seq_seq'")
    assert session.execute(cache).scalar_one() == 1


words = some.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True).filter(lambda w: w.count(".") < 3)
facts = some.dictionaries(
    words,
    some.recursive(
        some.booleans() | some.integers(-(2**70), 2**70) | words,
        lambda inner: some.lists(inner, max_size=3) | some.dictionaries(words, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    at=some.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=some.timezones()),  # noqa: DTZ001
    action=some.sampled_from(Action),
    facts=facts,
)
def test_whatever_is_written_is_whole_when_read_back(
    log: Log, at: datetime, action: Action, facts: dict[str, object]
) -> None:
    with log.parts.sessions() as session:
        record(session, at=at, actor="person", action=action, facts=facts)
        assert log.verify(session).unsealed == 1
