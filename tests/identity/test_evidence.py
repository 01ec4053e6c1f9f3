"""Files that proved who asks: encrypted, bounded, never trusted, and gone when they have done their work."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance import attachments, vault
from compliance.attachments import FileRefused, plain_name
from compliance.identity import evidence, proofs
from compliance.identity.asking import NotFilledIn
from compliance.requests import decisions, moves
from compliance.requests.casework import Attachment
from compliance.requests.kinds import Kind, State
from compliance.requests.models import PrivacyRequest
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.identity.conftest import OFFICER, STRANGER, Sent, happened, link, look
from tests.requests.conftest import work_off
from tests.world import Somebody


def attach(session: Session, parts: Parts, request: PrivacyRequest, role: str = "evidence", data: bytes = b"x") -> None:
    attachments.add(parts, session, request, role, "scan.pdf", [data], OFFICER, parts.clock())
    session.commit()


def files(session: Session, parts: Parts, request: PrivacyRequest) -> tuple[list[str], int]:
    """The roles of the rows, and how many objects there are."""
    session.rollback()
    rows = session.scalars(select(Attachment.role).where(Attachment.request_id == request.id)).all()
    return sorted(rows), len(list(parts.storage.keys(f"requests/{request.id}/files/")))


def test_a_file_comes_back_as_it_was_and_lies_encrypted(session: Session, parts: Parts, sent: Sent) -> None:
    request = sent(STRANGER)
    data = b"passport of mallory" * 20_000
    pieces = [data[:100_000], data[100_000:]]
    made = attachments.add(parts, session, request, "evidence", "x/../Pass.PDF", pieces, moves.PERSON, parts.clock())
    session.commit()
    assert (made.name, made.bytes, made.by) == ("Pass.PDF", len(data), "person")
    assert made.object_key.startswith(f"requests/{request.id}/files/")
    assert b"".join(attachments.read(parts, made)) == data
    stored = b"".join(parts.storage.open(made.object_key))
    assert b"passport" not in stored and b"mallory" not in stored


def test_a_file_does_not_open_with_the_key_of_another(session: Session, parts: Parts, sent: Sent) -> None:
    request = sent(STRANGER)
    attach(session, parts, request)
    attach(session, parts, request, data=b"y")
    one, other = attachments.of(session, request.id)
    one.wrapped_key = other.wrapped_key
    with pytest.raises(vault.Locked):
        attachments.read(parts, one)


@pytest.mark.parametrize("size", [attachments.LARGEST + 1, 0])
def test_a_file_of_10_mb_and_a_byte_leaves_nothing_nor_does_an_empty_one(
    session: Session, parts: Parts, sent: Sent, size: int
) -> None:
    request = sent(STRANGER)
    with pytest.raises(FileRefused):
        attach(session, parts, request, data=b"x" * size)
    assert files(session, parts, request) == ([], 0)


def test_a_file_of_exactly_10_mb_is_taken(session: Session, parts: Parts, sent: Sent) -> None:
    request = sent(STRANGER)
    attach(session, parts, request, data=b"x" * attachments.LARGEST)
    assert files(session, parts, request) == (["evidence"], 1)


def test_a_permission_that_is_too_large_sends_no_request(session: Session, parts: Parts, sent: Sent) -> None:
    with pytest.raises(NotFilledIn) as raised:
        sent("ana@example.com", permission=b"x" * (attachments.LARGEST + 1), for_other=True)
    session.rollback()
    assert "10 MB" in str(raised.value.fields["permission"])
    assert session.scalars(select(PrivacyRequest.id)).all() == []
    assert list(parts.storage.keys("requests/")) == []


def test_the_eleventh_file_is_refused(session: Session, parts: Parts, sent: Sent) -> None:
    request = sent(STRANGER)
    for _n in range(attachments.MOST):
        attach(session, parts, request)
    with pytest.raises(FileRefused, match="10 files already"):
        attach(session, parts, request)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\id.pdf", "id.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('a"b\r\nSet-Cookie: x.pdf', "ab Set-Cookie x.pdf"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("...", "file"),
        ("<img src=x>.png", "img src=x.png"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("身份证.jpg", "身份证.jpg"),
    ],
)
def test_a_name_is_a_plain_file_name(typed: str, kept: str) -> None:
    assert plain_name(typed) == kept


@pytest.mark.parametrize("holds", [True, False])
def test_evidence_is_gone_from_store_and_database_when_the_check_is_decided(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, holds: bool
) -> None:
    request = sent(STRANGER, claimed="ana@example.com")
    attach(session, parts, request)
    attach(session, parts, request, role="original")
    if holds:
        proofs.accept_further(
            session, parts.settings, request.id, ana.account.id, "document seen", OFFICER, parts.clock()
        )
    else:
        proofs.reject(session, request.id, "document seen", OFFICER, parts.clock())
    session.commit()
    work_off(parts)
    assert files(session, parts, request) == (["original"], 1)
    assert happened(session, request, "file destroyed") == [{"files": 1}]


def test_evidence_for_a_check_that_is_still_open_stays(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, clock: Clock
) -> None:
    request = sent(STRANGER, claimed="ana@example.com")
    attach(session, parts, request)
    proofs.reject(session, request.id, "document seen", OFFICER, clock())
    session.commit()
    clock.tick(days=1)
    attach(session, parts, request, data=b"a better scan")
    assert evidence.destroy_evidence(parts, request.id, clock()) == 1
    session.rollback()
    left = attachments.of(session, request.id)
    assert [b"".join(attachments.read(parts, file)) for file in left] == [b"a better scan"]
    assert evidence.destroy_evidence(parts, request.id, clock()) == 0


@pytest.mark.parametrize("ends", ["refused", "withdrawn"])
def test_permission_and_evidence_are_gone_when_the_request_is_decided(
    session: Session, parts: Parts, sent: Sent, ana: Somebody, ends: str
) -> None:
    request = sent("ana@example.com", permission=b"signed", for_other=True)
    attach(session, parts, request)
    proofs.answer_yes(session, parts.settings, link(parts, request), parts.clock())
    session.commit()
    work_off(parts)
    assert "permission" in files(session, parts, request)[0], "the officer can still read it"
    if ends == "refused":
        decisions.refuse(session, request.id, "", OFFICER, parts.clock(), "excessive")
    else:
        decisions.withdraw(session, request.id, parts.clock())
    evidence.due(session, session.get_one(PrivacyRequest, request.id))
    session.commit()
    work_off(parts)
    assert files(session, parts, request) == ([], 0)


def test_the_step_does_the_rest_when_a_worker_died_between_object_and_row(
    session: Session, parts: Parts, sent: Sent, ana: Somebody
) -> None:
    request = sent(STRANGER)
    attach(session, parts, request)
    decisions.refuse(session, request.id, "", OFFICER, parts.clock(), "not-proved")
    session.commit()
    parts.storage.remove(list(parts.storage.keys(f"requests/{request.id}/files/")))
    assert evidence.destroy_evidence(parts, request.id, parts.clock()) == 1
    assert files(session, parts, request) == ([], 0)


def test_removing_a_file_twice_is_no_error(session: Session, parts: Parts, sent: Sent) -> None:
    request = sent(STRANGER, Kind.DELETION)
    attach(session, parts, request, role="other")
    (file,) = attachments.of(session, request.id)
    parts.storage.remove([file.object_key])
    attachments.remove(parts, session, file, OFFICER, parts.clock())
    session.commit()
    assert files(session, parts, request) == ([], 0)
    assert look(session, request).state == State.PROVING
