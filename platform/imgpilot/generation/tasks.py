"""The worker's entry points for pictures."""

from uuid import UUID

from imgpilot.generation import make
from imgpilot.worker import celery, now, parts


@celery.task(name="pictures.make")
def make_picture(image_id: str) -> None:
    """Make one picture."""
    make.make(parts(), UUID(image_id), now())


@celery.task(name="pictures.recover")
def recover_pictures() -> None:
    """Wake workers for pictures that are due."""
    make.recover(parts(), now())
