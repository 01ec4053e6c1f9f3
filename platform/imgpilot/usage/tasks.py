"""The worker's entry point for the usage log."""

from imgpilot.usage import expiry
from imgpilot.worker import celery, now, parts


@celery.task(name="usage.expire")
def expire() -> None:
    """Delete the lines whose time is over."""
    expiry.expire(parts().sessions, now())
