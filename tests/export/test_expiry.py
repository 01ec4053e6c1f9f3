"""When the time of a package is over its key goes first; links go a day after; under a hold nothing does."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.requests import expiry
from compliance.requests.models import Package, PackageLink
from compliance.vault import Locked, unwrapped
from imgpilot.errors import StorageError
from imgpilot.parts import Parts
from imgpilot.storage import Folder
from tests.conftest import Clock
from tests.world import Somebody, person


def packed(session: Session, parts: Parts, somebody: Somebody, days: int) -> Package:
    package = session.scalars(select(Package).where(Package.request_id == somebody.request.id)).one()
    package.expires_at = parts.clock() + timedelta(days=days)
    session.commit()
    return package


def test_the_key_goes_first_so_a_store_that_is_away_keeps_noise(session: Session, parts: Parts) -> None:
    class Away(Folder):
        def remove(self, keys: Iterable[str]) -> None:
            raise StorageError("the object store did not answer")

    old = packed(session, parts, person(session, parts, "ana"), days=-1)
    parts.__dict__["storage"] = Away(parts.settings.home / "objects")
    with pytest.raises(StorageError):
        expiry.expire(parts, parts.clock())
    session.refresh(old)
    assert old.wrapped_key == expiry.NO_KEY
    with pytest.raises(Locked):
        unwrapped(parts.settings, old.wrapped_key, str(old.id))
    parts.__dict__["storage"] = Folder(parts.settings.home / "objects")
    assert expiry.expire(parts, parts.clock()) == 1


def test_links_go_a_day_after_they_expired(session: Session, parts: Parts, clock: Clock) -> None:
    packed(session, parts, person(session, parts, "ana"), days=14)
    clock.tick(hours=23, minutes=59)
    expiry.expire(parts, parts.clock())
    assert session.scalar(select(func.count()).select_from(PackageLink)) == 1
    clock.tick(minutes=1)
    expiry.expire(parts, parts.clock())
    session.rollback()
    assert session.scalar(select(func.count()).select_from(PackageLink)) == 0


def test_p13_under_a_legal_hold_nothing_expires(session: Session, parts: Parts, clock: Clock) -> None:
    ana = person(session, parts, "ana")
    old = packed(session, parts, ana, days=-1)
    ana.account.held_at = parts.clock()
    session.commit()
    clock.tick(days=2)
    assert expiry.expire(parts, parts.clock()) == 0
    session.refresh(old)
    assert old.wrapped_key == "ANA key"
    assert session.scalar(select(func.count()).select_from(PackageLink)) == 1
