"""The sandbox's web side, put together."""

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from imgpilot.sandbox import controls, pages
from imgpilot.sandbox.cloudflare import views as cloudflare
from imgpilot.sandbox.google import views as google
from imgpilot.sandbox.mail import views as mail
from imgpilot.sandbox.openai import views as openai
from imgpilot.sandbox.openai.refusal import Refusal
from imgpilot.sandbox.world import World

#: The largest request taken: two references of the provider's greatest size, and their form.
LARGEST_REQUEST = 104_000_000
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(world: World) -> Flask:
    """The Flask application that serves one world."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    if world.host not in {"0.0.0.0", "::"}:  # noqa: S104  # compared with, not bound to
        # A web page elsewhere must not read the mail here by pointing its own name at this address.
        app.config["TRUSTED_HOSTS"] = [*LOOPBACK, world.host]
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    for part in (pages, mail, openai, cloudflare, google, controls):
        part.mount(app, world)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response | tuple[str, int] | tuple[Response, int]:
        return _failure(error)

    @app.after_request
    def guarded(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        if not request.path.startswith(("/static/", "/samples/")):
            answer.headers["Cache-Control"] = "no-store"
        return answer

    return app


def _failure(error: HTTPException) -> Response | tuple[str, int] | tuple[Response, int]:
    """An error in the manner of the address it happened at: the provider's, JSON, or a page."""
    status = error.code or 500
    if isinstance(error, SecurityError):  # the name is not ours, so no address can be built for a page
        return Response("This server answers only to the names of this machine.\n", status, mimetype="text/plain")
    if request.path.startswith("/openai/"):
        if status == 404:
            said = f"Invalid URL ({request.method} {request.path.removeprefix('/openai')})"
        else:
            said = error.description or error.name
        kind = "server_error" if status >= 500 else "invalid_request_error"
        return openai.refusal_answer(Refusal(said, status=status, kind=kind))
    if request.path.startswith("/cloudflare/"):
        return cloudflare.refused(
            status, cloudflare.NO_ROUTE if status == 404 else status, error.description or error.name
        )
    if request.path.startswith("/api/"):
        return jsonify({"error": error.description or error.name}), status
    return render_template("sandbox/error.html", status=status), status
