"""Reference pictures go 30 days after their last use, and no sooner."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.errors import StorageError
from imgpilot.generation import expiry, references, tasks
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation, Reference
from imgpilot.parts import Parts
from tests.conftest import Clock
from tests.generation.conftest import images_of, photo


@pytest.fixture
def reference(session: Session, parts: Parts, ana: Account) -> UUID:
    """A reference picture of Ana's."""
    with references.taking_in(session, parts.storage, ana, io.BytesIO(photo()), parts.clock()) as taken:
        session.commit()
    return taken.id


def left(session: Session) -> list[UUID]:
    session.rollback()
    return list(session.scalars(select(Reference.id)))


def test_p03_a_reference_goes_30_days_after_its_last_use_and_the_picture_made_from_it_stays(
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    ordered: Callable[..., Generation],
    reference: UUID,
) -> None:
    clock.tick(days=20)
    made = ordered(ana, reference_ids=(reference,))
    (image,) = images_of(session, made)
    make(parts, image.id, clock())
    assert expiry.expire(parts, clock.tick(days=29, hours=23)) == 0
    assert left(session) == [reference]
    assert expiry.expire(parts, clock.tick(hours=1)) == 1
    assert left(session) == []
    assert references.of(session, made.id) == []
    (image,) = images_of(session, made)
    assert sorted(parts.storage.keys()) == sorted([image.object_key, image.thumbnail_key])  # type: ignore[type-var]
    assert expiry.expire(parts, clock()) == 0


def test_a_reference_that_a_queued_picture_needs_stays(
    session: Session, parts: Parts, clock: Clock, ana: Account, ordered: Callable[..., Generation], reference: UUID
) -> None:
    ordered(ana, reference_ids=(reference,))
    assert expiry.expire(parts, clock.tick(days=31)) == 0
    assert left(session) == [reference]
    assert len(list(parts.storage.keys())) == 1


def test_references_of_an_account_that_is_being_deleted_wait_for_its_plan(
    session: Session, parts: Parts, clock: Clock, ana: Account, reference: UUID
) -> None:
    ana.frozen_at = clock()
    session.commit()
    assert expiry.expire(parts, clock.tick(days=31)) == 0
    assert left(session) == [reference]


def test_a_store_that_fails_leaves_the_row_for_the_next_time(
    session: Session, parts: Parts, clock: Clock, reference: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_keys: object) -> None:
        raise StorageError("away")

    with monkeypatch.context() as broken:
        broken.setattr(parts.storage, "remove", failing)
        with pytest.raises(StorageError):
            expiry.expire(parts, clock.tick(days=31))
    assert left(session) == [reference]
    parts.storage.remove(list(parts.storage.keys()))  # a run that died after the object and before the row
    monkeypatch.setattr(tasks, "parts", lambda: parts)
    monkeypatch.setattr(tasks, "now", clock)
    assert tasks.expire_references.name == "references.expire"
    tasks.expire_references()
    assert left(session) == []
