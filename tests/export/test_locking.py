"""Where a package lies it is noise: with the store alone, after a crash, once the row is gone."""

import io
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from compliance import vault
from compliance.export import package
from compliance.export.asked import Asked
from compliance.requests import copying, downloads
from compliance.requests.kinds import Kind
from compliance.requests.models import Download, Package, PackageLink, PrivacyRequest
from compliance.requests.steps import Job
from imgpilot.errors import StorageError
from imgpilot.parts import Parts
from imgpilot.storage import Folder
from tests.world import Somebody

pytestmark = pytest.mark.usefixtures("unprinted")


@pytest.fixture
def request_of_ana(session: Session, parts: Parts, ana: Somebody) -> PrivacyRequest:
    """Her request, without a package."""
    parts.storage.remove(session.scalars(select(Package.object_key)))
    for table in (Download, PackageLink, Package):
        session.execute(delete(table))
    session.commit()
    return session.get_one(PrivacyRequest, ana.request.id)


def job(parts: Parts, request: PrivacyRequest) -> Job:
    return Job(parts, request, parts.clock(), lambda: None)


def finished(session: Session, parts: Parts, request: PrivacyRequest, kind: Kind = Kind.ACCESS) -> Package:
    """Build it and commit."""
    request.kind = kind
    build = copying.build_package if kind is Kind.ACCESS else copying.build_portable_package
    finish = build(job(parts, request))
    with parts.sessions.begin() as own:
        finish(own)
    session.rollback()
    return session.scalars(select(Package).where(Package.request_id == request.id)).one()


@pytest.mark.parametrize(("kind", "called"), [(Kind.ACCESS, "export"), (Kind.PORTABILITY, "portable")])
def test_p18_the_step_locks_the_package_and_only_its_row_opens_it(
    session: Session, parts: Parts, request_of_ana: PrivacyRequest, kind: Kind, called: str
) -> None:
    row = finished(session, parts, request_of_ana, kind)
    assert (row.kind, row.media_type) == (called, "application/zip")
    lies = b"".join(parts.storage.open(row.object_key))
    assert (
        lies.startswith(vault.MAGIC)
        and b"ANA bytes" not in lies
        and b"manifest" not in lies
        and b"PK\x03\x04" not in lies
    )
    whole = b"".join(downloads.opened(parts.storage, parts.settings, row))
    assert len(whole) == row.bytes < len(lies)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
    assert row.wrapped_key.startswith(vault.WRAPPED)


def test_p18_a_worker_that_dies_between_object_and_row_leaves_nothing_that_opens(
    session: Session, parts: Parts, request_of_ana: PrivacyRequest
) -> None:
    before = set(parts.storage.keys())
    copying.build_package(job(parts, request_of_ana))  # the finishing transaction never comes
    (key,) = set(parts.storage.keys()) - before
    lies = b"".join(parts.storage.open(key))
    assert b"ANA bytes" not in lies and lies.startswith(vault.MAGIC)
    assert session.scalar(select(Package)) is None, "its key was in that worker alone"
    row = finished(session, parts, request_of_ana)
    assert row.object_key == key and lies != b"".join(parts.storage.open(key))
    assert b"".join(downloads.opened(parts.storage, parts.settings, row))
    assert set(parts.storage.keys()) - before == {key}, "who does it again leaves nothing of the first try"


def test_made_again_for_a_request_that_was_opened_again_it_takes_the_place_of_the_first(
    session: Session, parts: Parts, request_of_ana: PrivacyRequest
) -> None:
    first = finished(session, parts, request_of_ana)
    first_id, first_key = first.id, first.wrapped_key
    downloads.make_link(session, parts.settings, request_of_ana, parts.clock())
    session.commit()
    again = finished(session, parts, request_of_ana)
    assert again.id != first_id and again.wrapped_key != first_key
    assert session.scalar(select(PackageLink)) is None
    assert b"".join(downloads.opened(parts.storage, parts.settings, again))


@pytest.mark.parametrize("key", [b"", None, b"short", bytes(16)])
def test_p18_without_a_key_nothing_is_written(
    parts: Parts, ana: Somebody, request_of_ana: PrivacyRequest, key: Any
) -> None:
    before = set(parts.storage.keys())
    asked = Asked.of(request_of_ana, ana.account.id, parts.clock())
    with pytest.raises(vault.Locked):
        package.build(parts, asked, key, lambda: None)
    assert set(parts.storage.keys()) == before


def test_p18_with_another_secret_it_does_not_open(
    session: Session, parts: Parts, request_of_ana: PrivacyRequest
) -> None:
    row = finished(session, parts, request_of_ana)
    other = parts.settings.model_copy(update={"secret_key": SecretStr("x" * 64)})
    with pytest.raises(vault.Locked):
        downloads.opened(parts.storage, other, row)


def test_an_object_store_that_fills_up_leaves_nothing_under_the_key(
    parts: Parts, ana: Somebody, request_of_ana: PrivacyRequest
) -> None:
    class Full(Folder):
        def put(self, key: str, pieces: Any, media_type: str, **about: Any) -> Any:
            def until_full() -> Iterator[bytes]:
                yield from [next(iter(pieces))]
                raise OSError(28, "No space left on device")

            return super().put(key, until_full(), media_type, **about)

    parts.__dict__["storage"] = Full(parts.settings.home / "objects")
    before, threads = set(parts.storage.keys()), threading.active_count()
    with pytest.raises(StorageError):
        copying.build_package(job(parts, request_of_ana))
    assert set(parts.storage.keys()) == before
    assert threading.active_count() == threads
    home: Path = parts.settings.home / "objects" / str(ana.account.id)
    assert not list(home.rglob("*.part"))
