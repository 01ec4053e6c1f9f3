"""The mark of an erased account: a row and a signed object, which name nobody and obey nobody else."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import holds, tombstones
from compliance.requests.kinds import Kind
from compliance.requests.opening import open_request
from compliance.standing import Tombstone
from compliance.tombstones import Mark
from imgpilot import digests
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.purposes import ACCOUNTABILITY
from tests.conftest import Clock
from tests.requests.conftest import Asked, approve, look, step, work_off
from tests.requests.dying import PUTS, killed_in
from tests.tombstones.conftest import Erase
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("plain_documents")


def test_an_erasure_leaves_a_row_and_a_signed_object_that_name_nobody(
    session: Session, parts: Parts, ana: Somebody, erase: Erase
) -> None:
    request_id = erase()
    subject = digests.of_subject(parts.settings, ana.account.id)
    row = session.scalars(select(Tombstone)).one()
    assert (row.subject, row.request_id, row.kept, row.replayed_at) == (subject, request_id, "{}", None)
    data = b"".join(parts.storage.open(f"tombstones/{subject}.json"))
    for hers in (str(ana.account.id), "ana@example.com", "ANA"):
        assert hers not in data.decode()
    assert tombstones.every(session, parts).by_subject == {subject: Mark(subject, request_id, row.case, row.at, {})}


def test_either_copy_is_enough(session: Session, parts: Parts, erase: Erase) -> None:
    erase()
    [mark] = tombstones.every(session, parts).by_subject.values()
    session.delete(session.scalars(select(Tombstone)).one())
    session.commit()
    assert list(tombstones.every(session, parts).by_subject.values()) == [mark]
    tombstones.remember(session, mark)
    session.commit()
    parts.storage.remove([tombstones.key_of(mark.subject)])
    marks = tombstones.every(session, parts)
    assert list(marks.by_subject.values()) == [mark]
    assert tombstones.lack_objects(parts, marks) == [mark]


def _another(parts: Parts, mark: Mark) -> bytes:
    key = tombstones.write(parts, replace(mark, subject="b" * 32))
    data = b"".join(parts.storage.open(key))
    parts.storage.remove([key])
    return data


def test_an_object_that_is_not_ours_is_refused_and_erases_nobody(session: Session, parts: Parts, erase: Erase) -> None:
    erase()
    [mark] = tombstones.every(session, parts).by_subject.values()
    data = b"".join(parts.storage.open(tombstones.key_of(mark.subject)))
    forged = json.loads(data)
    forged["tombstone"]["subject"] = "c" * 32
    other_secret = parts.settings.model_copy(update={"secret_key": SecretStr("another secret, as long as it must be")})
    here = parts.settings
    parts.settings = other_secret
    elsewhere = _another(parts, mark)
    parts.settings = here
    for name, content in {
        "a": b"no JSON",
        "b": b"[]",
        "c": json.dumps(forged).encode(),
        "d": data,  # ours, but moved
        "e": elsewhere,
    }.items():
        parts.storage.put(
            tombstones.key_of(name * 32), [content], "application/json", subject=None, purpose=ACCOUNTABILITY
        )
    marks = tombstones.every(session, parts)
    assert list(marks.by_subject) == [mark.subject]
    assert {key[-6]: said for key, said in marks.refused.items()} == {
        "a": "it cannot be read",
        "b": "it cannot be read",
        "c": "its signature is not ours",
        "d": "it does not belong there",
        "e": "it does not belong there",
    }
    parts.storage.put(
        tombstones.key_of("b" * 32), [elsewhere], "application/json", subject=None, purpose=ACCOUNTABILITY
    )
    assert "another SECRET_KEY" in tombstones.every(session, parts).refused[tombstones.key_of("b" * 32)]


@pytest.mark.parametrize("seam", sorted(PUTS))
def test_a_worker_killed_while_it_writes_the_mark_leaves_it_to_the_next(
    session: Session, parts: Parts, clock: Clock, ana: Somebody, approved: Asked, seam: str
) -> None:
    request_id = approved(Kind.DELETION)
    work_off(parts, until="keep tombstone")
    killed_in(parts, step(session, request_id, "keep tombstone").id, PUTS[seam])
    clock.tick(minutes=3)
    work_off(parts)
    assert look(session, request_id).state == "answered"
    marks = tombstones.every(session, parts)
    assert (len(marks.by_subject), marks.refused) == (1, {})


def test_what_a_hold_keeps_stands_in_the_mark_and_a_later_erasure_renews_it(
    session: Session, parts: Parts, ana: Somebody, asked: Asked
) -> None:
    hold = holds.place(parts, session, ana.account.id, ["credit_entry"], "12 O 34/26", "A court asked for them.", 1)
    session.commit()
    first = asked(Kind.DELETION)
    work_off(parts)
    approve(session, parts, first)
    work_off(parts, until="certify")
    [mark] = tombstones.every(session, parts).by_subject.values()
    assert mark.kept["credit_entry"] == {"ground": "legal-hold", "until": ""}
    assert mark.kept["account"] == {"ground": "above", "until": ""}
    work_off(parts)
    assert look(session, first).state == "answered"

    holds.lift(parts, session, hold.id, 1)
    account = session.get_one(Account, ana.account.id)
    account.frozen_at = None
    session.commit()
    second: UUID = open_request(session, parts.settings, account, Kind.DELETION, "gdpr", parts.clock()).id
    session.commit()
    work_off(parts)
    approve(session, parts, second)
    work_off(parts)
    assert look(session, second).state == "answered"
    [mark] = tombstones.every(session, parts).by_subject.values()
    assert (mark.request_id, mark.kept) == (second, {})
