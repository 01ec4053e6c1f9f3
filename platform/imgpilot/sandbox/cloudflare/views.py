"""Cloudflare's address for purges, under /cloudflare/client/v4."""

import time

from flask import Blueprint, Flask, Response, jsonify, request

from imgpilot.sandbox.calls import Call, sent_by
from imgpilot.sandbox.cloudflare.purge import BadPurge, read
from imgpilot.sandbox.faults import Fault
from imgpilot.sandbox.openai import failing
from imgpilot.sandbox.world import World

NO_ROUTE = 7003
#: Faults that are errors in JSON: status, Cloudflare's number, its words.
_REFUSALS = {
    "auth": (403, 10000, "Authentication error"),
    "blocked": (403, 10000, "Authentication error"),
    "invalid": (400, 1012, "Request must contain one of: purge_everything, files, prefixes, tags, hosts"),
    "rate_limited": (429, 971, "Please wait and consider throttling your request speed"),
    "quota": (429, 971, "Please wait and consider throttling your request speed"),
    "server_error": (500, 1000, "Internal error"),
}


def mount(app: Flask, world: World) -> None:
    """Adds the purge to the sandbox."""
    network = Blueprint("cloudflare", __name__, url_prefix="/cloudflare/client/v4")

    @network.post("/zones/<zone>/purge_cache")
    def purge(zone: str) -> Response:
        started = time.monotonic()
        call = Call(request.path, sent_by(request))
        world.purged.add(call)
        fault = world.faults.next()
        if fault is not None:
            call.fault = fault.kind
            answer = _failed(world, fault)
        else:
            answer = _purged(zone, call)
        if call.fault != "hang":
            call.status = answer.status_code
        call.milliseconds = round((time.monotonic() - started) * 1000)
        return answer

    app.register_blueprint(network)


def _purged(zone: str, call: Call) -> Response:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return refused(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")
    try:
        read(call.sent.json)
    except BadPurge as error:
        return refused(400, error.code, str(error))
    return jsonify({"success": True, "errors": [], "messages": [], "result": {"id": zone}})


def _failed(world: World, fault: Fault) -> Response:
    if fault.kind in _REFUSALS:
        status, code, said = _REFUSALS[fault.kind]
        answer = refused(status, code, fault.message or said)
        if status == 429:
            answer.headers["Retry-After"] = f"{fault.retry_after:g}"
        return answer
    return failing.failed(world, fault)  # what no JSON error is: hanging up, a page, a body without end


def refused(status: int, code: int, said: str) -> Response:
    """An error in Cloudflare's form."""
    body = {"success": False, "errors": [{"code": code, "message": said}], "messages": [], "result": None}
    answer = jsonify(body)
    answer.status_code = status
    return answer
