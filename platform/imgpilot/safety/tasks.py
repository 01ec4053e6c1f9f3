"""The worker's entry points for refusals."""

from imgpilot.safety import expiry
from imgpilot.worker import celery, now, parts


@celery.task(name="safety.expire")
def expire_refusals() -> None:
    """Remove the refused prompts whose time is over."""
    more = True
    while more:
        with parts().sessions.begin() as session:
            more = expiry.expire(session, now()) == expiry.AT_ONCE
