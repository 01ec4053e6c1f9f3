"""A real dump is restored after Ana was erased: `imgpilot erasures replay` erases her again, and nobody else."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance import holds, inventory
from compliance.audit.models import Entry
from compliance.audit.seal import seal
from compliance.errors import AuditBroken
from compliance.requests.kinds import Kind
from compliance.requests.models import PrivacyRequest, Step
from compliance.standing import Tombstone
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.billing.models import CreditEntry
from imgpilot.generation.models import Generation
from imgpilot.parts import Parts
from imgpilot.sandbox.server import Sandbox
from tests.conftest import Clock
from tests.requests import ending
from tests.requests.conftest import Asked, approve, look, work_off
from tests.tombstones.conftest import Erase
from tests.tombstones.restoring import Backup, command, replay
from tests.world import Somebody, stands_in

pytestmark = pytest.mark.usefixtures("plain_documents")


def nothing_of_hers(parts: Parts, ana: Somebody) -> None:
    """No row and no object of hers is left in these parts."""
    with parts.sessions() as session:
        for table in inventory.tables():
            written = repr(session.execute(select(table)).all())
            assert not stands_in("ANA", written), table.name
            for mark in ("ana@example.com", str(ana.account.id)):
                assert mark not in written, table.name
    assert ending.files_of(parts, ana.account.id) == []
    assert list(parts.storage.keys(f"requests/{ana.request.id}/")) == []


def test_a_restored_backup_is_erased_again_by_command(
    session: Session,
    parts: Parts,
    clock: Clock,
    sandbox: Sandbox,
    ana: Somebody,
    bob: Somebody,
    erase: Erase,
    tmp_path: Path,
) -> None:
    seal(parts, clock())
    backup = Backup(parts, tmp_path / "backup")
    erase()
    [case] = session.scalars(select(Tombstone.case))
    with backup.restored(clock) as restored:
        with restored.sessions() as again:
            his = ending.everything_of(again, restored, bob)
            assert again.get(Account, ana.account.id), "she is back"
            assert again.scalar(select(func.count()).select_from(Tombstone)) == 0, "and the mark is not"
        assert len(ending.files_of(restored, ana.account.id)) == 6, "her pictures are back too"
        sandbox.mail.clear()

        status, said = replay(restored, "--dry-run")
        assert (status, said["erased"], said["dry_run"]) == (0, [], True)
        [returned] = said["returned"]
        assert (returned["case"], returned["objects"]) == (case, 6)
        assert returned["subject"] == digests.of_subject(parts.settings, ana.account.id)
        with restored.sessions() as again:
            assert again.get(Account, ana.account.id), "a look changes nothing"

        status, said = replay(restored)
        assert (status, said["erased"], said["failed"], said["objects"]) == (0, [case], {}, 6)
        assert said["rows"] > 10
        assert said["audit"]["lost"] >= 1, "it tells that the audit log is behind its seals"
        nothing_of_hers(restored, ana)
        with restored.sessions() as again:
            assert ending.everything_of(again, restored, bob) == his, "Bob is untouched to the byte"
            mark = again.scalars(select(Tombstone)).one()
            assert mark.replayed_at
            request = again.get_one(PrivacyRequest, mark.request_id)
            assert (request.state, request.channel, request.contact) == ("answered", "follow-up", None)
            assert "erasure replayed" in again.scalars(select(Entry.action)).all()
        assert len(sandbox.mail) == 0, "nobody is written to a second time"
        with pytest.raises(AuditBroken):
            seal(restored, clock())

        status, said = replay(restored)
        assert (status, said["returned"], said["erased"]) == (0, [], []), "repeating it changes nothing"
        status, out, _err = command(restored, "erasures", "replay")
        assert (status, "1 erased people are marked; 0 of them came back." in out) == (0, True)
        assert "Nothing is sealed until somebody decides" in out


def test_an_erasure_that_was_asked_for_before_the_backup_is_done_by_the_replay(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, approved: Asked, tmp_path: Path
) -> None:
    request_id = approved(Kind.DELETION)
    backup = Backup(parts, tmp_path / "backup")
    work_off(parts)
    ending.is_answered(session, parts, request_id)
    with backup.restored(clock) as restored:
        status, _said = replay(restored)
        assert status == 0
        nothing_of_hers(restored, ana)
        with restored.sessions() as again:
            old = again.get_one(PrivacyRequest, request_id)
            assert (old.state, old.account_id, old.contact) == ("merged", None, None)
            left = select(Step.name).where(Step.request_id == request_id, Step.state.in_(("ready", "waiting")))
            assert [name for name in again.scalars(left) if not name.startswith("tell ")] == []


def test_objects_that_came_back_without_their_rows_go(
    session: Session, parts: Parts, ana: Somebody, bob: Somebody, erase: Erase, tmp_path: Path, clock: Clock
) -> None:
    backup = Backup(parts, tmp_path / "backup")
    erase()
    with backup.restored(clock):
        pass  # what matters: the objects came back beside the database of today
    his = ending.everything_of(session, parts, bob)
    assert len(ending.files_of(parts, ana.account.id)) == 6
    status, said = replay(parts)
    assert (status, said["rows"], said["objects"]) == (0, 0, 7), "with the file of her case"
    nothing_of_hers(parts, ana)
    assert ending.everything_of(session, parts, bob) == his


def test_what_was_kept_on_a_ground_is_kept_again_and_the_rest_goes(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, bob: Somebody, asked: Asked, tmp_path: Path
) -> None:
    backup = Backup(parts, tmp_path / "backup")
    holds.place(parts, session, ana.account.id, ["credit_entry"], "12 O 34/26", "A court asked for them.", 1)
    session.commit()
    request_id = asked(Kind.DELETION)
    work_off(parts)
    approve(session, parts, request_id)
    work_off(parts)
    assert look(session, request_id).state == "answered"
    with backup.restored(clock) as restored:
        with restored.sessions() as again:
            his = ending.everything_of(again, restored, bob)
            assert again.get(Account, ana.account.id)
            assert again.scalar(select(func.count()).select_from(Generation)) == 2
        status, said = replay(restored)
        assert (status, len(said["erased"]), said["failed"]) == (0, 1, {})
        with restored.sessions() as again:
            hers = CreditEntry.account_id == ana.account.id
            assert again.scalar(select(func.count()).where(hers)) == 2, "the court's, though the hold was not restored"
            assert again.scalar(select(func.count()).select_from(Generation)) == 1, "Bob's"
            assert again.get_one(Account, ana.account.id).frozen_at
            assert ending.everything_of(again, restored, bob) == his
            kept = again.scalars(select(Tombstone.kept)).one()
            assert "legal-hold" in kept
        assert ending.files_of(restored, ana.account.id) == [], "the court asked for no portrait"
        status, said = replay(restored)
        assert (status, said["returned"]) == (0, []), "what is kept is not taken for something that came back"


def test_a_replay_that_is_broken_off_goes_on_where_it_stopped(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, erase: Erase, tmp_path: Path
) -> None:
    from compliance import replaying, tombstones
    from tests.requests.test_faults import Refusing

    backup = Backup(parts, tmp_path / "backup")
    erase()
    with backup.restored(clock) as restored:
        refusing = Refusing(restored)
        restored.storage, refusing.refuses = refusing, "remove"
        with restored.sessions() as again:
            marks = tombstones.every(again, restored)
            [found] = replaying.find(again, restored, marks)
        done = replaying.Outcomes()
        replaying.replay(restored, found, done)
        assert list(done.failed.values()) == [f"{_case(restored)}, remove objects: 1 objects were not removed"]
        with restored.sessions() as again:
            assert again.get(Account, ana.account.id) is None, "the rows are gone, the objects wait"
            [found] = replaying.find(again, restored, marks)
        assert found.request_id
        refusing.refuses = ""
        clock.now += timedelta(minutes=1)
        done = replaying.Outcomes()
        replaying.replay(restored, found, done)
        assert done.failed == {}
        nothing_of_hers(restored, ana)


def _case(parts: Parts) -> str:
    with parts.sessions() as session:
        return (
            session.scalars(
                select(PrivacyRequest).where(PrivacyRequest.channel == "follow-up", PrivacyRequest.kind == "deletion")
            )
            .one()
            .case
        )


def test_a_forged_mark_erases_nobody_and_the_command_fails(parts: Parts, bob: Somebody, session: Session) -> None:
    from compliance import tombstones
    from imgpilot.purposes import ACCOUNTABILITY

    subject = digests.of_subject(parts.settings, bob.account.id)
    body = b'{"tombstone": {"subject": "%s"}, "signature": "%s"}' % (subject.encode(), b"00" * 64)
    key = tombstones.key_of(subject)
    parts.storage.put(key, [body], "application/json", subject=None, purpose=ACCOUNTABILITY)
    his = ending.everything_of(session, parts, bob)
    status, said = replay(parts)
    assert (status, said["refused"], said["returned"]) == (1, {key: "its signature is not ours"}, [])
    assert ending.everything_of(session, parts, bob) == his
