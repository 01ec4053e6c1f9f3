"""The worker's entry point for the gallery."""

from imgpilot.gallery import removal
from imgpilot.worker import celery, now, parts


@celery.task(name="gallery.purge")
def purge() -> None:
    """Delete for good the removed pictures whose time is over."""
    removal.purge(parts(), now())
