"""The addresses of a person's own programs that are told when jobs are done."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import func, select

import config
from imgpilot.accounts import standing
from imgpilot.api import shapes, webhooks
from imgpilot.api.models import WebhookDelivery, WebhookEndpoint
from imgpilot.api.operations import Answer, Call, operation
from imgpilot.api.problems import CONFLICT, INVALID, NOT_FOUND, STANDING, Trouble, Words
from imgpilot.billing import ledger
from imgpilot.elsewhere import is_public
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

#: Endpoints that one account has at most, and how many of its newest messages are shown.
MOST = 5
NEWEST = 20
_HERE: dict[str, Any] = {"tag": "Webhooks", "scope": "webhooks"}


def _said(call: Call, of: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": of.id,
        "url": call.url(f"/webhooks/{of.id}"),
        "sends_to": of.url,
        "events": of.events,
        "active": of.stopped_at is None,
        "stopped_at": of.stopped_at,
        "created_at": of.created_at,
    }


def _mine(call: Call, id_: UUID) -> WebhookEndpoint:
    standing.stays(call.session, call.account.id)
    found = call.session.scalar(
        select(WebhookEndpoint)
        .where(WebhookEndpoint.id == id_, WebhookEndpoint.account_id == call.account.id)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotYours
    return found


def _with_key(call: Call, of: WebhookEndpoint) -> shapes.EndpointWithKey:
    return shapes.EndpointWithKey(**_said(call, of), secret=webhooks.key(call.parts.settings, of))


def check(settings: config.Settings, url: str) -> None:
    """Raises Trouble unless this may be an address to call. Where its name leads is looked at before every call."""

    def wrong(detail: str) -> Trouble:
        return Trouble(INVALID, errors=({"pointer": "/url", "detail": detail},))

    if not url.isascii() or any(letter <= " " or letter == "\\" for letter in url):
        raise wrong(_("An address has visible ASCII characters only; write others percent-encoded or as Punycode."))
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong(_("This is no address.")) from None
    here = not settings.is_production and host in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        raise wrong(_("It begins with https://."))
    if not host or parts.username is not None or parts.password is not None or "#" in url:
        raise wrong(_("It has a host, no user, no password and no fragment."))
    try:
        public = is_public(ip_address(host))
    except ValueError:
        public = "." in host
    if not public and not here:
        raise wrong(_("It leads to a public host."))


@operation("GET", "/webhooks", summary="List webhook endpoints", answer=shapes.Endpoints, **_HERE)
def list_webhooks(call: Call) -> Answer:
    """Your endpoints, oldest first. There are at most five, so there are no pages."""
    wanted = select(WebhookEndpoint).where(WebhookEndpoint.account_id == call.account.id)
    found = call.session.scalars(wanted.order_by(WebhookEndpoint.created_at, WebhookEndpoint.id))
    return Answer(shapes.Endpoints(data=[shapes.Endpoint(**_said(call, each)) for each in found]))


def _again(call: Call, made: str) -> Answer:
    shown = _with_key(call, _mine(call, UUID(made)))
    return Answer(shown, {"Location": shown.url})


@operation(
    "POST",
    "/webhooks",
    summary="Add a webhook endpoint",
    body=shapes.NewEndpoint,
    answer=shapes.EndpointWithKey,
    status=201,
    problems=(STANDING, CONFLICT),
    again=_again,
    has_location=True,
    **_HERE,
)
def create_webhook(call: Call) -> Answer:
    """Name an address that is sent `job.finished` when no picture of an order changes any more. Messages follow
    Standard Webhooks and are signed with `secret`, which is shown now and not again. They hold ids, states and
    addresses of this interface; no prompt."""
    check(call.parts.settings, call.body.url)
    standing.check(call.session, call.account.id)
    ledger.lock(call.session, call.account.id)  # two at once are counted one after the other
    mine = select(func.count()).where(WebhookEndpoint.account_id == call.account.id)
    if (call.session.scalar(mine) or 0) >= MOST:
        raise Trouble(CONFLICT, Words(_("An account has up to %(most)s endpoints. Remove one first."), {"most": MOST}))
    made = WebhookEndpoint(
        id=uuid4(),
        account_id=call.account.id,
        url=call.body.url,
        key_version=1,
        events=list(webhooks.EVENTS),
        created_at=call.now,
    )
    call.session.add(made)
    call.session.flush()
    call.made(str(made.id))
    return _again(call, str(made.id))


@operation(
    "GET",
    "/webhooks/{id}",
    summary="Read a webhook endpoint",
    answer=shapes.EndpointDetail,
    problems=(NOT_FOUND,),
    **_HERE,
)
def read_webhook(call: Call) -> Answer:
    """One endpoint and its newest messages, with what became of each."""
    of = _mine(call, call.id)
    wanted = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == of.id)
    newest = wanted.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc()).limit(NEWEST)
    return Answer(
        shapes.EndpointDetail(**_said(call, of), deliveries=[_delivery(each) for each in call.session.scalars(newest)])
    )


@operation(
    "PATCH",
    "/webhooks/{id}",
    summary="Switch a webhook endpoint on or off",
    body=shapes.EndpointChange,
    answer=shapes.Endpoint,
    problems=(NOT_FOUND,),
    **_HERE,
)
def change_webhook(call: Call) -> Answer:
    """An endpoint that is off is sent nothing, also not later. One that answered 410, or not once for two days, was
    switched off by us."""
    of = _mine(call, call.id)
    if call.body.active:
        of.stopped_at = None
    elif of.stopped_at is None:
        webhooks.stop(call.session, of, call.now)
    return Answer(shapes.Endpoint(**_said(call, of)))


@operation(
    "DELETE",
    "/webhooks/{id}",
    summary="Remove a webhook endpoint",
    answer=None,
    status=204,
    problems=(NOT_FOUND,),
    **_HERE,
)
def remove_webhook(call: Call) -> Answer:
    """It is sent nothing any more, and what is known about its messages goes with it."""
    webhooks.remove(call.session, _mine(call, call.id))
    return Answer()


@operation(
    "POST",
    "/webhooks/{id}/test",
    summary="Send a test message",
    answer=shapes.Delivery,
    status=202,
    problems=(NOT_FOUND, STANDING, CONFLICT),
    **_HERE,
)
def test_webhook(call: Call) -> Answer:
    """Send the endpoint a `webhook.test`, signed like every other message. What became of it is at the endpoint."""
    of = _mine(call, call.id)
    standing.check(call.session, call.account.id)
    if of.stopped_at is not None:
        raise Trouble(CONFLICT, _("The endpoint is off. Switch it on first."))
    return Answer(_delivery(webhooks.write(call.session, of.id, webhooks.TEST, call.now)))


@operation(
    "POST",
    "/webhooks/{id}/rotate",
    summary="Replace the signing key",
    answer=shapes.EndpointWithKey,
    problems=(NOT_FOUND,),
    **_HERE,
)
def rotate_webhook(call: Call) -> Answer:
    """Make another `secret`, which is shown now and not again. Messages are signed with the new one and with the one
    before, so that you can change over in peace; the ones before that end."""
    of = _mine(call, call.id)
    of.key_version += 1
    return Answer(_with_key(call, of))


def _delivery(of: WebhookDelivery) -> shapes.Delivery:
    waiting = of.state == webhooks.WAITING
    return shapes.Delivery.model_validate(
        {
            "id": of.id,
            "event": of.event,
            "state": of.state,
            "attempts": of.attempts,
            "status": of.status,
            "created_at": of.created_at,
            "delivered_at": of.delivered_at,
            "next_attempt_at": of.not_before if waiting else None,
        }
    )
