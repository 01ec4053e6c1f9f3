"""Where providers knock when a picture is done. What they send is not believed: we go and ask, as without them."""

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from imgpilot import web
from imgpilot.generation import handing
from imgpilot.generation.webhooks.signatures import Knocks

#: The largest message we read, in bytes.
LARGEST = 256 * 2**10

pages = Blueprint("knocks", __name__)


def mount(app: Flask) -> None:
    """Put them on an app. Providers have no cookies and no forms, so there is nothing to forge."""
    app.extensions["knocks"] = Knocks(app.extensions["parts"])
    app.extensions["csrf"].exempt(pages)
    app.register_blueprint(pages)


@pages.post("/webhooks/fal")
def fal() -> ResponseReturnValue:
    """fal is done with one."""
    return _knock("fal")


@pages.post("/webhooks/replicate")
def replicate() -> ResponseReturnValue:
    """Replicate is done with one."""
    return _knock("replicate")


def _knock(engine: str) -> ResponseReturnValue:
    """204 for a good signature, whether or not anybody waits for it; 400 for any other."""
    parts, session = web.parts(), web.session()
    request.max_content_length = LARGEST
    knocks: Knocks = current_app.extensions["knocks"]
    id_ = getattr(knocks, engine)(request.headers, request.get_data(cache=False), parts.clock())
    if id_ is None:
        return Response(status=400)
    handing.knocked(session, id_, parts.clock())
    session.commit()
    return Response(status=204)
