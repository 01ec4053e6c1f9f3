"""Sealing: everything settled and nothing else, once, in the database and outside it, whatever crashes."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from compliance.audit import numbering, outside, segments
from compliance.audit import seal as sealing
from compliance.audit.merkle import inclusion_proof, proves_inclusion
from compliance.audit.models import Entry, Segment
from compliance.audit.sealed import NO_ROOT, from_json
from compliance.errors import AuditBroken
from imgpilot import worker
from imgpilot.errors import StorageError
from tests.audit.conftest import Log


class Away:
    """An object store that refuses to write."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def put(self, *_: object, **__: object) -> object:
        raise StorageError("the object store refused the write")

    def __getattr__(self, name: str) -> object:
        return getattr(self._storage, name)


def test_a_seal_covers_what_was_written_and_follows_the_seal_before(sealed: Log, session: Session) -> None:
    key = sealed.parts.settings.signing.public_key()
    previous = NO_ROOT
    for number, seqs in ((1, [1, 2, 3, 4]), (2, [5, 7, 8, 9]), (3, [10, 11, 12, 13])):
        seal = segments.numbered(session, number)
        assert seal is not None
        assert [seq for seq, _ in seal.lines()] == seqs
        assert seal.holds(key, number, previous)
        previous = seal.root
    assert sealed.verify().unsealed == 2


def test_a_seal_says_its_time_and_who_made_it(sealed: Log, session: Session) -> None:
    segment = session.get_one(Segment, 3)
    assert abs((segment.at - sealed.clock()).total_seconds()) < 1
    assert len(segment.signature) == 64


def test_the_copy_outside_is_the_seal_to_the_byte(sealed: Log, session: Session) -> None:
    assert sorted(sealed.parts.storage.keys("audit/")) == [f"audit/0000000{n}.json" for n in (1, 2, 3)]
    copy = outside.read(sealed.parts.storage, 2)
    assert copy is not None
    assert from_json(copy) == segments.numbered(session, 2)
    assert json.loads(copy)["head"]["count"] == 4


def test_an_entry_can_be_shown_to_be_under_a_root(sealed: Log, session: Session) -> None:
    seal = segments.numbered(session, 2)
    assert seal is not None
    leaves = [leaf for _, leaf in seal.lines()]
    entry = session.get_one(Entry, 7)
    assert proves_inclusion(entry.leaf, 1, 4, inclusion_proof(1, leaves), seal.root)


def test_sealing_again_changes_nothing(sealed: Log, session: Session) -> None:
    assert sealed.seal() == 2
    assert sealed.seal() == 0
    assert session.scalar(select(func.count()).select_from(Segment)) == 4


def test_an_empty_log_has_nothing_to_seal(log: Log) -> None:
    assert log.seal() == 0
    proof = log.verify()
    assert (proof.entries, proof.segments, proof.unsealed, proof.newest) == (0, 0, 0, None)


def test_many_entries_take_many_seals(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "LARGEST", 3)
    log.append(8)
    assert log.seal() == 8
    proof = log.verify()
    assert (proof.entries, proof.segments, proof.checked_outside) == (8, 3, 3)


def test_an_entry_under_way_holds_back_those_after_it(log: Log, session: Session) -> None:
    log.append(2)
    low = log.record(session)
    high = log.one()
    assert low < high
    assert log.seal() == 2
    session.commit()
    assert log.seal() == 2
    assert log.verify().unsealed == 0


def test_an_entry_that_was_rolled_back_holds_nothing_back(log: Log, session: Session) -> None:
    log.record(session)
    log.one()
    session.rollback()
    assert log.seal() == 1


def test_a_transaction_that_has_not_taken_a_number_yet_holds_nothing_back(log: Log, session: Session) -> None:
    session.execute(text("SELECT 1"))
    log.append(2)
    assert log.seal() == 2
    log.record(session)
    session.commit()
    assert log.seal() == 1


def test_a_savepoint_that_was_rolled_back_does_not_hide_who_is_under_way(log: Log, session: Session) -> None:
    with pytest.raises(RuntimeError), session.begin_nested():
        log.record(session)
        raise RuntimeError
    low = log.record(session)
    assert low < log.one()
    assert log.seal() == 0
    session.commit()
    assert log.seal() == 2


def test_a_transaction_announces_itself_once(log: Log, session: Session) -> None:
    for _ in range(20):
        log.record(session)
        log.one()
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint >> 16 = :corner"
    assert session.execute(text(locks), {"corner": numbering.CORNER}).scalar_one() == 1


def test_whoever_appends_never_waits_for_the_sealer(log: Log, session: Session) -> None:
    log.append(2)
    assert numbering.seals_alone(session)
    assert log.one() == 3


def test_only_one_seals(log: Log, session: Session) -> None:
    log.append(2)
    assert numbering.seals_alone(session)
    assert log.seal() == 0
    session.rollback()
    assert log.seal() == 2


def test_a_copy_that_could_not_be_written_is_written_at_the_next_seal(log: Log) -> None:
    store = log.parts.storage
    log.append(2)
    log.parts.__dict__["storage"] = Away(store)
    for _ in range(2):
        with pytest.raises(StorageError):
            log.seal()
        log.one()
    proof = log.verify()
    assert (proof.entries, proof.unsealed, proof.segments, proof.checked_outside) == (2, 2, 1, 0)
    log.parts.__dict__["storage"] = store
    assert log.seal() == 2
    proof = log.verify()
    assert (proof.entries, proof.unsealed, proof.segments, proof.checked_outside) == (4, 0, 2, 2)


def test_a_crash_before_the_commit_leaves_no_trace(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    log.append(2)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Session, "commit", killed)
        log.seal()
    assert list(log.parts.storage.keys("audit/")) == []
    assert log.seal() == 2
    assert log.verify().checked_outside == 1


def test_nothing_is_built_on_a_seal_that_was_changed(sealed: Log) -> None:
    with sealed.tampering() as forger:
        forger.sql("UPDATE audit_segment SET at = at + interval '1 day' WHERE number = 3")
    with pytest.raises(AuditBroken, match="Seal 3 was changed"):
        sealed.seal()


def test_nothing_is_built_where_a_seal_was_removed(sealed: Log) -> None:
    with sealed.tampering() as forger:
        forger.sql("DELETE FROM audit_segment WHERE number = 3")
    with pytest.raises(AuditBroken, match="Seal 3 was removed"):
        sealed.seal()


def test_a_forged_seal_gets_no_copy(sealed: Log) -> None:
    sealed.parts.storage.remove([outside.key_of(3)])
    with sealed.tampering() as forger:
        forger.sql("UPDATE audit_segment SET first_seq = 9007199254740993 WHERE number = 3")
    with pytest.raises(AuditBroken, match="Seal 3 is not one of ours"):
        sealed.seal()


def test_beat_seals(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance.audit.tasks import seal_the_log

    log.append(2)
    monkeypatch.setattr(worker, "parts", lambda: log.parts)
    scheduled = {job["task"] for job in worker.celery.conf.beat_schedule.values()}
    assert seal_the_log.name in scheduled
    seal_the_log()
    assert log.verify().entries == 2


def test_a_store_that_does_not_answer_is_not_a_missing_copy(sealed: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def keys(self, prefix: str = "") -> Iterable[str]:
            return ()

        def open(self, key: str) -> Iterator[bytes]:
            raise StorageError("the object store did not answer: Timeout")

    sealed.parts.__dict__["storage"] = Silent()
    with pytest.raises(StorageError, match="did not answer"):
        sealed.verify()
