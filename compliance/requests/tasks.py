"""What the worker does for requests. Ids in, rows out."""

from uuid import UUID

from compliance import deadlines
from compliance.requests import expiry, lapsing, steps
from imgpilot.worker import celery, now, parts, send

#: How many steps one look wakes at most: more would only fill the broker with repeated messages.
WOKEN = 20


@celery.task(name="requests.run")
def run(step_id: str) -> None:
    """Run one step."""
    steps.run(parts(), UUID(step_id))


@celery.task(name="requests.recover")
def recover() -> None:
    """Wake workers for every step that is due."""
    for step_id in steps.recover(parts())[:WOKEN]:
        send("requests.run", str(step_id))


@celery.task(name="requests.expire")
def expire() -> None:
    """Remove the packages whose time is over, and end the requests that nobody proved in time."""
    expiry.expire(parts(), now())
    lapsing.lapse(parts())


@celery.task(name="requests.watch")
def watch() -> None:
    """Warn staff of deadlines that have come near, and each morning tell them what waits."""
    deadlines.watch(parts())
    deadlines.digests(parts())
