"""Removes packages when their time is over (policy: 14 days), and the links to them a day after theirs.

First the key, then the object, then the row: if the object store is away, what lies there is noise already.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select, update

from compliance.requests import downloads
from compliance.requests.models import Package, PackageLink, PrivacyRequest
from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.parts import Parts

AT_ONCE = 200
#: In place of a key that is gone; it is no wrapped key, so nothing opens with it.
NO_KEY = "gone"
#: How long a link is kept after it expired.
LINKS_STAY = timedelta(hours=24)


def expire(parts: Parts, now: datetime) -> int:
    """Remove every package whose time is over; how many. Safe to repeat and to crash in.

    Those of an account whose rows do not expire now (a legal hold) stay, but nobody can fetch them.
    """
    goes = Package.expires_at <= now, ~_stays()
    with parts.sessions.begin() as session:
        session.execute(
            update(Package).where(*goes, Package.kind.not_in(downloads.OPEN)).values(wrapped_key=NO_KEY),
            execution_options={"synchronize_session": False},
        )
        session.execute(
            delete(PackageLink)
            .where(PackageLink.expires_at <= now - LINKS_STAY, PackageLink.package_id == Package.id, ~_stays())
            .execution_options(synchronize_session=False)
        )
    gone = 0
    while True:
        with parts.sessions() as session:
            over = session.execute(select(Package.id, Package.object_key).where(*goes).limit(AT_ONCE)).all()
        if not over:
            return gone
        parts.storage.remove(key for _, key in over)
        ids = [id_ for id_, _ in over]
        with parts.sessions.begin() as session:
            downloads.forget(session, ids)
        gone += len(over)


def _stays() -> ColumnElement[bool]:
    """The condition on Package that it is of an account whose rows do not expire now (standing.may_expire)."""
    return exists().where(
        PrivacyRequest.id == Package.request_id, PrivacyRequest.account_id == Account.id, ~standing.may_expire()
    )
