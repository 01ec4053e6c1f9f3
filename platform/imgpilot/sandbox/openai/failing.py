"""How each fault answers an image call."""

import base64
import socket
import time
from collections.abc import Callable, Iterator

from flask import Response, jsonify, request

from imgpilot.sandbox.faults import Fault
from imgpilot.sandbox.openai.refusal import Refusal, blocked, invalid
from imgpilot.sandbox.world import World

CHUNK = 65_536
#: How often a hanging call looks whether its client is still there.
LOOK = 0.1


def failed(world: World, fault: Fault) -> Response:
    """The fault's answer; raises Refusal for those that are errors in JSON."""
    return ANSWERS[fault.kind](world, fault)


def _blocked(world: World, fault: Fault) -> Response:
    raise blocked(fault.stage, fault.categories, fault.message)


def _invalid(world: World, fault: Fault) -> Response:
    raise invalid("prompt", fault.message or "Invalid value for 'prompt' (a fault of the sandbox).")


def _auth(world: World, fault: Fault) -> Response:
    raise Refusal(fault.message or "Incorrect API key provided.", status=401, code="invalid_api_key")


def _rate_limited(world: World, fault: Fault) -> Response:
    wait = f"{fault.retry_after:g}"
    raise Refusal(
        fault.message or f"Rate limit reached for images per minute. Try again in {wait}s.",
        status=429,
        kind="requests",
        code="rate_limit_exceeded",
        headers={"Retry-After": wait},
    )


def _quota(world: World, fault: Fault) -> Response:
    raise Refusal(
        fault.message or "You exceeded your current quota; check your plan and billing details.",
        status=429,
        kind="insufficient_quota",
        code="insufficient_quota",
    )


def _server_error(world: World, fault: Fault) -> Response:
    raise Refusal(
        fault.message or "The server had an error while processing your request.",
        status=500,
        kind="server_error",
        code="server_error",
    )


def _hang(world: World, fault: Fault) -> Response:
    """Waits, while there is a client and a sandbox, and then hangs up without a word."""
    wire: socket.socket = request.environ["werkzeug.socket"]
    until = time.monotonic() + fault.seconds
    while time.monotonic() < until and not world.closing.wait(LOOK) and _there(wire):
        continue
    hang_up(wire)
    return Response(status=504)


def _html(world: World, fault: Fault) -> Response:
    return Response("<!doctype html><title>Welcome</title><h1>It works!</h1>", mimetype="text/html")


def _huge(world: World, fault: Fault) -> Response:
    wire: socket.socket = request.environ["werkzeug.socket"]

    def body() -> Iterator[bytes]:
        yield b'{"created":1,"data":[{"b64_json":"'
        left = fault.bytes
        while left > 0:
            if world.closing.is_set():
                hang_up(wire)
                return
            yield b"A" * min(CHUNK, left)
            left -= CHUNK
        yield b'"}]}'

    return Response(body(), mimetype="application/json")


def _empty(world: World, fault: Fault) -> Response:
    return jsonify({"created": int(time.time()), "data": []})


def _not_an_image(world: World, fault: Fault) -> Response:
    words = base64.b64encode(b"This is not a picture.").decode()
    return jsonify({"created": int(time.time()), "data": [{"b64_json": words}], "output_format": "png"})


def _truncated(world: World, fault: Fault) -> Response:
    wire: socket.socket = request.environ["werkzeug.socket"]
    whole = b'{"created":1,"data":[{"b64_json":"' + b"A" * 4 * CHUNK + b'"}]}'

    def half() -> Iterator[bytes]:
        yield whole[: len(whole) // 2]
        hang_up(wire)

    answer = Response(half(), mimetype="application/json")
    answer.content_length = len(whole)
    return answer


def hang_up(wire: socket.socket) -> None:
    """Closes a connection in both directions."""
    try:
        wire.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was first


def _there(wire: socket.socket) -> bool:
    """Whether the client still listens: a closed connection reads as empty."""
    try:
        return wire.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


ANSWERS: dict[str, Callable[[World, Fault], Response]] = {
    "blocked": _blocked,
    "invalid": _invalid,
    "auth": _auth,
    "rate_limited": _rate_limited,
    "quota": _quota,
    "server_error": _server_error,
    "hang": _hang,
    "html": _html,
    "huge": _huge,
    "empty": _empty,
    "not_an_image": _not_an_image,
    "truncated": _truncated,
}
