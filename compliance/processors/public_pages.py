"""The delivery network forgets the pictures of public pages that are gone (P11): told until it says that it did.

Everything of a page carries one tag there (imgpilot.sharing.ids.tag), made of the digest that is left of the page. So
nothing has to be remembered that leads back to it, and pages that an erasure removed are purged the same way.
"""

import logging
from datetime import datetime

from sqlalchemy import select

from compliance.errors import StepFailed
from compliance.processors import cloudflare
from imgpilot.parts import Parts
from imgpilot.processors import Cache, cache_of_pages
from imgpilot.sharing import ids
from imgpilot.sharing.models import GoneShare

log = logging.getLogger(__name__)


def purge(parts: Parts, now: datetime) -> int:
    """Purge what waits for it; how many pages. What could not be purged waits for the next call.

    Where no delivery network is set up there is nothing to forget, and it is done.
    """
    cache, done = cache_of_pages(parts.settings), 0
    while True:
        with parts.sessions.begin() as session:
            waiting = session.scalars(
                select(GoneShare)
                .where(GoneShare.purged_at.is_(None))
                .order_by(GoneShare.at)
                .limit(cloudflare.AT_ONCE)
                .with_for_update(skip_locked=True)
            ).all()
            if not waiting or (cache is not None and not _forgotten(parts, cache, [gone.digest for gone in waiting])):
                return done
            for gone in waiting:
                gone.purged_at = now
            done += len(waiting)


def _forgotten(parts: Parts, cache: Cache, digests: list[str]) -> bool:
    try:
        cloudflare.purge_tags(parts, cache, [ids.tag(digest) for digest in digests])
    except StepFailed as error:
        log.warning("public pages are not purged yet: %s", error)
        return False
    return True
