"""The worker's entry points for the JSON interface."""

from uuid import UUID

from imgpilot.api import deliveries, idempotency, webhooks
from imgpilot.worker import celery, now, parts


@celery.task(name=webhooks.TASK)
def deliver(delivery_id: str) -> None:
    """Send one message."""
    deliveries.deliver(parts(), UUID(delivery_id), now())


@celery.task(name="webhooks.recover")
def recover() -> None:
    """Wake workers for messages that are due."""
    deliveries.recover(parts(), now())


@celery.task(name="api.tidy")
def tidy() -> None:
    """Delete keys of calls and lines about messages whose time is over."""
    with parts().sessions.begin() as session:
        idempotency.tidy(session, now())
        deliveries.tidy(session, now())
