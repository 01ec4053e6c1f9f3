"""The provider's addresses under /openai/v1."""

import re
import secrets
import time
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from imgpilot.sandbox.calls import Call, Sent, sent_by
from imgpilot.sandbox.faults import KINDS, Fault
from imgpilot.sandbox.openai.answer import events, whole
from imgpilot.sandbox.openai.failing import failed
from imgpilot.sandbox.openai.form import read_form
from imgpilot.sandbox.openai.models import CATALOGUE, model_named
from imgpilot.sandbox.openai.order import Order, read_order
from imgpilot.sandbox.openai.refusal import Refusal, invalid, too_large, unauthorised
from imgpilot.sandbox.world import World

#: A prompt may ask for a fault itself, as in "sandbox:blocked".
TOKEN = re.compile(r"\bsandbox:([a-z_]+)")


def mount(app: Flask, world: World) -> None:
    """Adds the provider to the sandbox."""
    provider = Blueprint("openai", __name__, url_prefix="/openai/v1")

    @provider.get("/models")
    def models() -> Response:
        _authorised()
        return jsonify({"object": "list", "data": [m.as_json() for m in CATALOGUE.values()]})

    @provider.get("/models/<name>")
    def model(name: str) -> Response:
        _authorised()
        return jsonify(model_named(name).as_json())

    @provider.post("/images/generations")
    def generations() -> Response:
        return _answered(world)

    @provider.post("/images/edits")
    def edits() -> Response:
        return _answered(world)

    @provider.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        return refusal_answer(refusal)

    app.register_blueprint(provider)


def refusal_answer(refusal: Refusal) -> Response:
    """An error as the provider sends it."""
    answer = jsonify(refusal.body)
    answer.status_code = refusal.status
    answer.headers.update({"x-request-id": f"req_{secrets.token_hex(12)}", **refusal.headers})
    return answer


def _answered(world: World) -> Response:
    """One image call from journal entry to answer; how it ended is written down whatever happens."""
    started = time.monotonic()
    call = Call(request.path, Sent(request.method, request.path, {}))
    world.calls.add(call)
    try:
        answer = _handled(world, call)
    except Refusal as refusal:
        answer = refusal_answer(refusal)
    if call.fault != "hang":
        call.status = answer.status_code
    call.milliseconds = round((time.monotonic() - started) * 1000)
    answer.headers.setdefault("x-request-id", f"req_{secrets.token_hex(12)}")
    return answer


def _handled(world: World, call: Call) -> Response:
    fault = world.faults.next()
    call.headers = list(request.headers.keys())
    try:
        call.sent = sent_by(request)
    except RequestEntityTooLarge as error:
        raise too_large(f"The request is larger than {request.max_content_length} bytes.") from error
    fields = call.sent.json if isinstance(call.sent.json, dict) else {k: v[0] for k, v in call.sent.fields.items()}
    call.asks(*(str(fields.get(name) or "") for name in ("model", "size", "prompt")))
    if fault is None:
        asked = TOKEN.search(str(fields.get("prompt") or ""))
        fault = Fault(asked[1]) if asked and asked[1] in KINDS else None
    if fault is not None:
        call.fault = fault.kind
        return failed(world, fault)
    _authorised()
    order = _ordered(call)
    call.model, call.size = order.model.id, f"{order.size[0]}x{order.size[1]}"
    call.pictures = order.count
    if order.stream:
        return Response(events(world, order, request.path), mimetype="text/event-stream")
    return jsonify(whole(world, order))


def _ordered(call: Call) -> Order:
    if request.path.endswith("edits"):
        fields, references, mask = read_form(request)
        return read_order(fields, references, mask)
    body: Any = call.sent.json
    if not isinstance(body, dict):
        raise invalid("body", "We could not parse the JSON body of your request.", "invalid_json")
    return read_order(body)


def _authorised() -> None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise unauthorised()
