"""Removes export packages when their time is over: the object first, then the row (policy: 14 days)."""

from datetime import datetime

from sqlalchemy import delete, select

from compliance.requests.models import Download, Package
from imgpilot.parts import Parts

AT_ONCE = 200


def expire(parts: Parts, now: datetime) -> int:
    """Remove every package whose time is over; how many. Safe to repeat and to crash in."""
    gone = 0
    while True:
        with parts.sessions() as session:
            over = session.execute(
                select(Package.id, Package.object_key).where(Package.expires_at <= now).limit(AT_ONCE)
            ).all()
        if not over:
            return gone
        parts.storage.remove(key for _, key in over)
        ids = [id_ for id_, _ in over]
        with parts.sessions.begin() as session:
            session.execute(delete(Download).where(Download.package_id.in_(ids)))
            session.execute(delete(Package).where(Package.id.in_(ids)))
        gone += len(over)
