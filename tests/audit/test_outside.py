"""The copies outside the database: what they prove, and what becomes of them."""

import pytest

from compliance.audit import outside
from imgpilot.purposes import ACCOUNTABILITY
from tests.audit.conftest import Log


def test_a_whole_log_is_proved_with_what_it_does_not_prove(sealed: Log) -> None:
    proof = sealed.verify()
    assert (proof.entries, proof.segments, proof.unsealed, proof.checked_outside) == (12, 3, 2, 3)
    assert proof.newest is not None
    assert f"{proof.newest:%Y-%m-%d %H:%M}" == "2026-11-23 14:40"


def test_a_seal_and_its_copy(sealed: Log) -> None:
    sealed.parts.storage.remove([outside.key_of(2)])
    with sealed.tampering() as forger:
        forger.sql("DELETE FROM audit_segment WHERE number = 2")
    assert sealed.said() == "Seal 2 over the entries after 4 was removed."


def test_a_copy_outside_that_was_changed(sealed: Log) -> None:
    data = outside.read(sealed.parts.storage, 2)
    assert data is not None
    for wrong in (data[:-1], data + b" ", b"{}", b"", data.replace(b'"count":4', b'"count":5'), b'"\xff'):
        sealed.parts.storage.put(outside.key_of(2), [wrong], "application/json", subject=None, purpose=ACCOUNTABILITY)
        assert "copy outside the database was changed" in sealed.said()


def test_copies_that_changed_places(sealed: Log) -> None:
    one, two = (outside.read(sealed.parts.storage, n) for n in (1, 2))
    assert one and two
    for number, data in ((1, two), (2, one)):
        sealed.parts.storage.put(
            outside.key_of(number), [data], "application/json", subject=None, purpose=ACCOUNTABILITY
        )
    assert sealed.said() == "Seal 1 over entries 1 to 4 is whole, but its copy outside the database was changed."


@pytest.mark.parametrize("number", [1, 2])
def test_a_copy_outside_that_is_gone(sealed: Log, number: int) -> None:
    sealed.parts.storage.remove([outside.key_of(number)])
    assert "has lost its copy outside the database" in sealed.said()


def test_the_newest_copy_may_be_missing_and_that_is_said(sealed: Log) -> None:
    sealed.parts.storage.remove([outside.key_of(3)])
    assert sealed.verify().checked_outside == 2


def test_an_entry_under_a_seal_without_copy(sealed: Log) -> None:
    sealed.parts.storage.remove([outside.key_of(3)])
    with sealed.tampering() as forger:
        forger.sql("UPDATE audit_entry SET actor = 'system' WHERE seq = 12")
        forger.sql("UPDATE audit_segment SET signature = sha256('x') WHERE number = 3")
    assert sealed.said().startswith("Entry 12 ")
