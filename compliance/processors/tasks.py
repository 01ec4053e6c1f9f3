"""The worker's entry points for what processors are told apart from any request."""

from compliance.processors import public_pages
from imgpilot.worker import celery, now, parts


@celery.task(name="shares.purge")
def purge_public_pages() -> None:
    """Have the delivery network forget the public pages that are gone."""
    public_pages.purge(parts(), now())
