"""Packages go when their 14 days are over, the object with the row."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.requests import expiry
from compliance.requests.models import Package
from imgpilot.parts import Parts
from tests.world import Somebody, person


def packed(session: Session, parts: Parts, somebody: Somebody, days: int) -> Package:
    package = session.scalars(select(Package).where(Package.request_id == somebody.request.id)).one()
    package.expires_at = parts.clock() + timedelta(days=days)
    session.commit()
    return package


def test_a_package_whose_time_is_over_goes_with_its_object_and_the_others_stay(session: Session, parts: Parts) -> None:
    old = packed(session, parts, person(session, parts, "ana"), days=-1)
    fresh = packed(session, parts, person(session, parts, "bob"), days=1)
    assert expiry.expire(parts, parts.clock()) == 1
    assert [p.id for p in session.scalars(select(Package))] == [fresh.id]
    assert old.object_key not in set(parts.storage.keys(""))
    assert fresh.object_key in set(parts.storage.keys(""))


def test_expiring_again_does_nothing(session: Session, parts: Parts) -> None:
    packed(session, parts, person(session, parts, "ana"), days=-1)
    expiry.expire(parts, parts.clock())
    assert expiry.expire(parts, parts.clock()) == 0
