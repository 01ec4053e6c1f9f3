"""Sending a message to a person's own program, as Standard Webhooks has it: signed, repeated, given up in the end.

The message is built when it is sent and says what is true then: ids, states and addresses, no prompt. It leaves through
the gateway, which looks at the address again, logs the disclosure and follows no redirect. The row is leased, so a
worker that dies loses nothing; the endpoint may then get a message twice, under the same `webhook-id`.
"""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, delete, exists, select
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from imgpilot import leases, worker
from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.accounts.standing import Stopped
from imgpilot.api import webhooks
from imgpilot.api.models import WebhookDelivery, WebhookEndpoint
from imgpilot.api.operations import PREFIX
from imgpilot.errors import Refused
from imgpilot.generation.models import Generation, Image, State
from imgpilot.leases import LeaseLost
from imgpilot.parts import Parts
from imgpilot.privacy import WORD, Kept
from imgpilot.processors import OWN
from imgpilot.purposes import PROGRAMS

#: What a message says: which orders and pictures, by their ids.
CATEGORIES = ("user.unique_id.pseudonymous",)
#: How long to wait before each further try; the schedule that Standard Webhooks proposes, up to two days.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20)),
)
#: How long one try may take; the gateway gives up long before.
SPAN = timedelta(minutes=2)
#: How many rows a look for forgotten work wakes at most.
WOKEN = 50
GONE = 410

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, to where. `keys` sign it; the id stays the same however often it is sent."""

    delivery_id: UUID
    lease: UUID
    attempt: int
    account_id: UUID
    url: str
    keys: tuple[str, ...]
    body: bytes


def deliver(parts: Parts, delivery_id: UUID, now: datetime) -> None:
    """Send the message if it is still to be sent and nobody else is at it. May be called any number of times."""
    with parts.sessions.begin() as session:
        message = _take(session, parts, delivery_id, now)
    if message is None:
        return
    try:
        status = _send(parts, message)
    except Stopped:
        return  # it waits; when the account acts again, its lease has run out
    except Refused:
        log.info("message %s: its address may not be called", delivery_id)
        _end(parts, message, None, final=True)
    except ConnectionError:
        _end(parts, message, None)
    else:
        _end(parts, message, status)


def recover(parts: Parts, now: datetime) -> None:
    """Wake workers for messages that are due: forgotten by the broker, held by the dead, or waiting their time."""
    acting = WebhookDelivery.endpoint_id.in_(select(WebhookEndpoint.id).join(Account).where(standing.may_act()))
    with parts.sessions.begin() as session:
        for id_ in leases.due(session, WebhookDelivery, now, WOKEN, acting):
            worker.wake(session, webhooks.TASK, str(id_))


def tidy(session: Session, now: datetime) -> None:
    """Delete what is known of messages whose time is over, but for accounts whose rows do not expire now."""
    kept: Kept = cast(Table, WebhookDelivery.__table__).info[WORD].kept
    assert kept.span
    stays = (
        exists()
        .where(WebhookEndpoint.id == WebhookDelivery.endpoint_id, WebhookEndpoint.account_id == Account.id)
        .where(~standing.may_expire())
    )
    session.execute(
        delete(WebhookDelivery)
        .where(WebhookDelivery.created_at <= now - kept.span, ~stays)
        .execution_options(synchronize_session=False)
    )


def _take(session: Session, parts: Parts, delivery_id: UUID, now: datetime) -> Message | None:
    """The message, its row taken; None if it is not free, or nothing leaves for its account now, or ever."""
    endpoint = session.scalar(
        select(WebhookEndpoint)
        .join(WebhookDelivery, WebhookDelivery.endpoint_id == WebhookEndpoint.id)
        .where(WebhookDelivery.id == delivery_id)
    )
    if endpoint is None or standing.against(session, endpoint.account_id) is not None:
        return None
    row = leases.take(session, WebhookDelivery, delivery_id, now, SPAN)
    if row is None or row.lease is None:
        return None
    data = _data(session, parts.settings.site_url, endpoint, row)
    if data is None or endpoint.stopped_at is not None or row.attempts > len(WAITS) + 1:
        row.state = webhooks.FAILED
        leases.let_go(row)
        return None
    body = {"type": row.event, "timestamp": _written(row.created_at), "data": data}
    return Message(
        delivery_id=row.id,
        lease=row.lease,
        attempt=row.attempts,
        account_id=endpoint.account_id,
        url=endpoint.url,
        keys=webhooks.keys(parts.settings, endpoint),
        body=json.dumps(body, separators=(",", ":")).encode(),
    )


def _data(session: Session, site_url: str, endpoint: WebhookEndpoint, row: WebhookDelivery) -> dict[str, object] | None:
    """What it is about; None if that is gone."""
    if row.event == webhooks.TEST:
        return {"endpoint_id": str(endpoint.id)}
    order = session.get(Generation, row.generation_id) if row.generation_id else None
    if order is None:
        return None
    here = f"{site_url}{PREFIX}"
    of = select(Image).where(Image.generation_id == order.id, Image.removed_at.is_(None)).order_by(Image.position)
    images = [
        {
            "id": str(image.id),
            "state": str(image.state),
            "failure": image.failure,
            "url": f"{here}/images/{image.id}" if image.state == State.FINISHED else None,
            "file_url": f"{here}/images/{image.id}/file" if image.state == State.FINISHED else None,
        }
        for image in session.scalars(of)
    ]
    return {"job_id": str(order.id), "state": "done", "url": f"{here}/jobs/{order.id}", "images": images}


def _send(parts: Parts, message: Message) -> int:
    at, id_ = parts.clock(), f"msg_{message.delivery_id.hex}"
    signed = " ".join(Webhook(key).sign(id_, at, message.body.decode()) for key in message.keys)
    return parts.gateway.call(
        message.url,
        OWN,
        PROGRAMS,
        subject=message.account_id,
        categories=CATEGORIES,
        sent=message.body,
        headers={
            "webhook-id": id_,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signed,
        },
    )


def _end(parts: Parts, message: Message, status: int | None, *, final: bool = False) -> None:
    """Write down what was answered: done, again later, or given up. `final`: another try would end the same."""
    at = parts.clock()
    try:
        with parts.sessions.begin() as session:
            standing.stays(session, message.account_id)
            # The endpoint before its messages, as whoever stops or removes it.
            of = select(WebhookEndpoint.id).join(WebhookDelivery, WebhookDelivery.endpoint_id == WebhookEndpoint.id)
            one = of.where(WebhookDelivery.id == message.delivery_id)
            session.execute(one.with_for_update(of=WebhookEndpoint, key_share=True))
            row = leases.mine(session, WebhookDelivery, message.delivery_id, message.lease)
            row.status = status
            leases.let_go(row)
            if row.state != webhooks.WAITING:
                return  # its endpoint was stopped meanwhile
            if status is not None and 200 <= status < 300:
                row.state, row.delivered_at = webhooks.DELIVERED, at
            elif status != GONE and not final and message.attempt <= len(WAITS):
                leases.let_go(row, not_before=at + WAITS[message.attempt - 1])
            else:
                row.state = webhooks.FAILED
                session.flush()
                _perhaps_stop(session, row, at, gone=status == GONE)
    except LeaseLost:
        return


def _perhaps_stop(session: Session, row: WebhookDelivery, now: datetime, *, gone: bool) -> None:
    """Stop an endpoint that says it is gone, or that took nothing for as long as this message was tried."""
    took = exists().where(
        WebhookDelivery.endpoint_id == row.endpoint_id, WebhookDelivery.delivered_at >= row.created_at
    )
    if not gone and (row.event == webhooks.TEST or session.scalar(select(took))):
        return
    endpoint = session.get(WebhookEndpoint, row.endpoint_id)
    if endpoint is not None and endpoint.stopped_at is None:
        webhooks.stop(session, endpoint, now)
        log.info("webhook endpoint %s was stopped", endpoint.id)


def _written(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
