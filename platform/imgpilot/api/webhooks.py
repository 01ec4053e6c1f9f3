"""Telling a person's own programs that an order is done: who is told, with which key it is signed.

No Flask and no Celery work here: `announce` runs inside the transaction that ends a picture.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import any_, delete, exists, literal, select, update
from sqlalchemy.orm import Session

import config
from imgpilot import worker
from imgpilot.api.models import WebhookDelivery, WebhookEndpoint
from imgpilot.generation.models import OPEN, Generation, Image

#: Every picture of an order reached its end: finished, blocked, failed or cancelled.
JOB_FINISHED = "job.finished"
EVENTS = (JOB_FINISHED,)
#: Sent when its owner asks for it, to see whether an endpoint works.
TEST = "webhook.test"

WAITING, DELIVERED, FAILED = "waiting", "delivered", "failed"
#: The task that sends one message; its argument is the delivery's id.
TASK = "webhooks.deliver"


def announce(session: Session, generation_id: UUID, now: datetime) -> int:
    """Write a message to every endpoint of the order's account, if no picture of the order is open any more.

    How many were written: 0 if pictures are open, nobody asked, or it was announced before. May be called at every
    picture's end and any number of times; the caller has changed the picture in this session and commits.
    """
    account = select(Generation.account_id).where(Generation.id == generation_id).scalar_subquery()
    asked = select(WebhookEndpoint.id).where(
        WebhookEndpoint.account_id == account,
        WebhookEndpoint.stopped_at.is_(None),
        literal(JOB_FINISHED) == any_(WebhookEndpoint.events),
    )
    # None of them is removed before its message is there, or it would be told to nobody and the picture be lost.
    kept = asked.order_by(WebhookEndpoint.id).with_for_update(read=True, key_share=True)
    endpoints = session.scalars(kept).all()  # flushes what the caller changed
    if not endpoints:
        return 0
    # Two workers that end the last two pictures at once would each see the other's still open: one waits here.
    session.execute(select(Generation.id).where(Generation.id == generation_id).with_for_update(key_share=True))
    undone = exists().where(Image.generation_id == generation_id, Image.state.in_(OPEN))
    told = exists().where(WebhookDelivery.generation_id == generation_id, WebhookDelivery.event == JOB_FINISHED)
    if session.scalar(select(undone | told)):
        return 0
    for endpoint_id in endpoints:
        write(session, endpoint_id, JOB_FINISHED, now, generation_id=generation_id)
    return len(endpoints)


def write(
    session: Session, endpoint_id: UUID, event: str, now: datetime, *, generation_id: UUID | None = None
) -> WebhookDelivery:
    """A message to be sent; a worker is woken for it when this commits."""
    delivery = WebhookDelivery(
        id=uuid4(),
        endpoint_id=endpoint_id,
        generation_id=generation_id,
        event=event,
        created_at=now,
        state=WAITING,
        attempts=0,
    )
    session.add(delivery)
    worker.wake(session, TASK, str(delivery.id))
    return delivery


def stop(session: Session, endpoint: WebhookEndpoint, now: datetime) -> None:
    """Send this endpoint nothing any more, until its owner switches it on again. What waits for it is given up."""
    endpoint.stopped_at = now
    waiting = update(WebhookDelivery).where(
        WebhookDelivery.endpoint_id == endpoint.id, WebhookDelivery.state == WAITING
    )
    session.execute(waiting.values(state=FAILED).execution_options(synchronize_session=False))


def remove(session: Session, endpoint: WebhookEndpoint) -> None:
    """The endpoint goes with its messages. A worker that is sending one finds its row gone."""
    # Whoever writes a message to it is through first, and nobody begins: else its messages would hold it.
    session.execute(select(WebhookEndpoint.id).where(WebhookEndpoint.id == endpoint.id).with_for_update())
    gone = delete(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint.id)
    session.execute(gone.execution_options(synchronize_session=False))
    session.delete(endpoint)


def key(settings: config.Settings, endpoint: WebhookEndpoint) -> str:
    """The signing key of this endpoint as its owner has it: whsec_ and base64 of 32 bytes. Worked out, not kept."""
    return _key(settings, endpoint.id, endpoint.key_version)


def keys(settings: config.Settings, endpoint: WebhookEndpoint) -> tuple[str, ...]:
    """What messages are signed with: its key, and the one before, so that its owner changes over in peace."""
    now = endpoint.key_version
    return tuple(_key(settings, endpoint.id, version) for version in (now, now - 1) if version > 0)


def _key(settings: config.Settings, endpoint_id: UUID, version: int) -> str:
    about = f"webhook {endpoint_id} {version}".encode()
    return "whsec_" + base64.b64encode(hmac.new(settings.secret.encode(), about, hashlib.sha256).digest()).decode()
