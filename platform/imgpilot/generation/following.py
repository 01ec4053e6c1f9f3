"""The studio while pictures are made: being told of every change, stopping what is not wanted any more."""

from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from imgpilot import web
from imgpilot.accounts.people import person, person_required
from imgpilot.generation import batches, live, stopping
from imgpilot.generation.batches import Batch, Seen

pages = Blueprint("following", __name__)


def mount(app: Flask) -> None:
    """Put these on the site, with the one listener of this process."""
    app.register_blueprint(pages)
    listener = live.Listener(app.extensions["parts"].engine)
    listener.close_with_process()
    app.extensions["live"] = listener


def piece(batch: Batch) -> str:
    """The piece of the studio's page that shows an order."""
    return render_template("generation/batch.html", batch=batch, piece=True)


@pages.get("/studio/<uuid:id_>/events")
@person_required
def events(id_: UUID) -> ResponseReturnValue:
    """A word for every change of the order, and of others under way, as server-sent events. 503: ask again instead."""
    parts, me, stack = web.parts(), person().id, ExitStack()

    def look() -> Seen:
        with parts.sessions() as session:
            return batches.seen(session, me, id_, parts.clock())

    look()  # or it is nobody's, or somebody else's
    try:
        watcher = stack.enter_context(current_app.extensions["live"].watching(me))
    except live.NoRoom:
        return Response(status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})
    known = request.headers.get("Last-Event-ID") or request.args.get("seen", "")
    web.session().close()  # nothing of the pool is held while the page watches

    def told() -> Iterator[str]:
        with stack:
            yield from live.stream(watcher, look, known)

    response = Response(told(), mimetype="text/event-stream")
    response.headers.update({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    response.call_on_close(stack.close)
    return response


@pages.post("/studio/<uuid:id_>/stop")
@person_required
def stop_waiting(id_: UUID) -> ResponseReturnValue:
    """Cancel whatever of an order has not begun; its credits are back."""
    stopping.stop_waiting(web.session(), person().id, id_, web.parts().clock())
    return _stopped(id_)


@pages.post("/studio/pictures/<uuid:id_>/stop")
@person_required
def stop(id_: UUID) -> ResponseReturnValue:
    """Stop one picture."""
    image = stopping.stop(web.session(), person().id, id_, web.parts().clock())
    return _stopped(image.generation_id)


def _stopped(id_: UUID) -> ResponseReturnValue:
    web.session().commit()
    if "HX-Request" not in request.headers:
        return redirect(url_for("generation.status", id_=id_), 303)
    return piece(batches.find(web.session(), person().id, id_, web.parts().clock()))
