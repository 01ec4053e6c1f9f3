"""The studio: choose, order, watch, stop."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from imgpilot import language, web
from imgpilot.accounts.people import person, person_required
from imgpilot.db import same_id
from imgpilot.errors import NotYours, PersonalError
from imgpilot.gallery import pictures
from imgpilot.generation import batches, catalogue, form, live, page, references, stopping
from imgpilot.generation.batches import Batch, Seen
from imgpilot.generation.form import Form
from imgpilot.generation.order import normal, placed
from imgpilot.generation.order import order as place_order
from imgpilot.generation.pictures import NotAPicture
from imgpilot.safety import screen as safety
from imgpilot.safety.screen import NotMade

site = Blueprint("site", __name__)
pages = Blueprint("generation", __name__)


def mount(app: Flask) -> None:
    """Put the start page and the studio on the site."""
    app.register_blueprint(site)
    app.register_blueprint(pages)
    listener = live.Listener(app.extensions["parts"].engine)
    listener.close_with_process()
    app.extensions["live"] = listener


@site.get("/")
def home() -> ResponseReturnValue:
    """What this is, for those who are not signed in; the studio for those who are."""
    return redirect(url_for("generation.studio")) if g.person is not None else render_template("home.html")


@pages.get("/studio")
@person_required
def studio() -> ResponseReturnValue:
    """A form beside the newest order: empty, or filled from an order (`remix`), from a picture (`vary`), or with one
    of one's own pictures as a reference (`reference`)."""
    settings, batch = web.parts().settings, _newest()
    if again := _id("remix"):
        like = batches.find(web.session(), person().id, again, web.parts().clock())
        filled = form.again(settings, like)
    elif vary := _id("vary"):
        like = batches.find(web.session(), person().id, _picture(vary).generation.id, web.parts().clock())
        filled = form.again(settings, like)
        if catalogue.find(settings, filled.model).references:
            return _with_picture(replace(filled, reference_ids=(), count="1"), vary, batch)
    elif used := _id("reference"):
        return _with_picture(form.for_a_reference(settings, form.empty(settings, batch)), used, batch)
    else:
        filled = form.empty(settings, batch)
    seed = request.args.get("seed", "")
    return _page(replace(filled, seed=seed) if seed and again else filled, batch)


@pages.post("/studio")
@person_required
def order() -> ResponseReturnValue:
    """Take an order; or show the form again with everything in it and what is wrong."""
    sent = form.read(request.form, request.form.to_dict(flat=False))
    if placed(web.session(), person().id, sent.id):
        return redirect(url_for(".status", id_=sent.id), 303)
    try:
        sent = _with_uploads(sent)
        if (changed := _changed(sent)) is not None:
            return _page(changed, _newest())
        made = place_order(web.session(), web.parts().settings, person(), sent.wish(), web.parts().clock())
        web.session().commit()
    except PersonalError as error:
        web.session().rollback()
        return _page(sent, _newest(), error, refused=_noted(error, sent)), error.status
    return redirect(url_for(".status", id_=made.id), 303)


@pages.post("/studio/references")
@person_required
def add_reference() -> ResponseReturnValue:
    """Take in one reference picture at once, and answer with its tile; or with what is wrong with it, as JSON."""
    upload, parts, session = request.files.get("reference"), web.parts(), web.session()
    try:
        if upload is None:
            raise NotAPicture
        with references.taking_in(session, parts.storage, person(), upload.stream, parts.clock()) as taken:
            session.commit()
    except PersonalError as error:
        session.rollback()
        return {"detail": error.said(_speaks())}, error.status
    return render_template("generation/reference.html", id_=taken.id)


@pages.get("/studio/<uuid:id_>")
@person_required
def status(id_: UUID) -> ResponseReturnValue:
    """How an order is going: a piece of the page for htmx, the whole page for everybody else."""
    batch = batches.find(web.session(), person().id, id_, web.parts().clock())
    if "HX-Request" in request.headers:
        return _piece(batch)
    return _page(form.again(web.parts().settings, batch), batch)


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
        return redirect(url_for(".status", id_=id_), 303)
    return _piece(batches.find(web.session(), person().id, id_, web.parts().clock()))


def _changed(sent: Form) -> Form | None:
    """The form with what its other buttons do to it; None if the order was sent."""
    if "reference_remove" in request.form:
        gone = same_id(request.form["reference_remove"])
        return replace(sent, reference_ids=tuple(id_ for id_ in sent.reference_ids if id_ != gone))
    if "reference_earlier" in request.form:
        return sent.earlier(same_id(request.form["reference_earlier"]))
    if "reference_later" in request.form:
        return sent.later(same_id(request.form["reference_later"]))
    if "tidy" in request.form:
        return sent.tidy()
    if "change" in request.form:
        shown, model = form.shown(web.parts().settings, sent)
        return shown.able(model)
    return None


def _with_uploads(sent: Form) -> Form:
    """The form with the pictures that came with it, each stored at once: a mistake elsewhere does not cost them."""
    parts, session = web.parts(), web.session()
    for upload in request.files.getlist("reference"):
        if upload.filename:
            with references.taking_in(session, parts.storage, person(), upload.stream, parts.clock()) as taken:
                session.commit()
            sent = sent.with_reference(taken.id)
    return sent


def _with_picture(filled: Form, id_: UUID, batch: Batch | None) -> ResponseReturnValue:
    """The page with a copy of one of one's own pictures as a reference."""
    parts, session, image = web.parts(), web.session(), _picture(id_).image
    try:
        with references.copying(session, parts.storage, person(), image, parts.clock()) as taken:
            session.commit()
    except PersonalError as error:
        session.rollback()
        return _page(filled, batch, error), error.status
    return _page(filled.with_reference(taken.id), batch)


def _picture(id_: UUID) -> pictures.Picture:
    found = pictures.find(web.session(), person().id, id_)
    if found.image.removed_at is not None:
        raise NotYours
    return found


def _noted(error: PersonalError, sent: Form) -> UUID | None:
    """The refusal's id, if a rule of ours refused the prompt: its page says why, and how to appeal."""
    if not isinstance(error, NotMade):
        return None
    row = safety.note(web.session(), person().id, normal(sent.prompt), error.rule, web.parts().clock())
    web.session().commit()
    return row.id


def _newest() -> Batch | None:
    return batches.newest(web.session(), person().id, web.parts().clock())


def _piece(batch: Batch) -> str:
    return render_template("generation/batch.html", batch=batch, piece=True)


def _page(
    filled: Form, batch: Batch | None, error: PersonalError | None = None, *, refused: UUID | None = None
) -> Response:
    shows = page.of(web.session(), web.parts().settings, person(), filled, batch, _speaks(), web.parts().clock(), error)
    # The page of a refusal is another part's; where that is not mounted, there is no link to it.
    appeal = url_for("safety.refusal", id_=refused) if refused and _has("safety.refusal") else ""
    return make_response(render_template("generation/studio.html", **shows, refused=refused, appeal=appeal))


def _has(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _id(name: str) -> UUID | None:
    """The id in a query; None if the query has none. Raises NotYours for what is no id."""
    text = request.args.get(name)
    found = same_id(text) if text else None
    if text and found is None:
        raise NotYours
    return found


def _speaks() -> str:
    return language.known(str(get_locale()))
