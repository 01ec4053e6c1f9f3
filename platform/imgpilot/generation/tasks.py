"""The worker's entry points for pictures."""

from uuid import UUID

from imgpilot.generation import expiry, make
from imgpilot.worker import celery, now, parts


@celery.task(name="pictures.make")
def make_picture(image_id: str) -> None:
    """Make one picture."""
    make.make(parts(), UUID(image_id), now())


@celery.task(name="pictures.recover")
def recover_pictures() -> None:
    """Wake workers for pictures that are due."""
    make.recover(parts(), now())


@celery.task(name="references.expire")
def expire_references() -> None:
    """Remove the reference pictures whose time is over."""
    expiry.expire(parts(), now())
