"""The studio: choose, order, watch."""

from typing import Any
from uuid import UUID

from babel import Locale
from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from imgpilot import language, web
from imgpilot.accounts import standing
from imgpilot.accounts.people import person, person_required
from imgpilot.billing import ledger
from imgpilot.errors import PersonalError
from imgpilot.gallery import pictures
from imgpilot.generation import batches, catalogue, form, references
from imgpilot.generation.batches import Batch
from imgpilot.generation.form import Form
from imgpilot.generation.order import LONGEST_PROMPT, MOST, acknowledged, placed
from imgpilot.generation.order import order as place_order
from imgpilot.processors import Processor, image_provider

#: Pictures under "Earlier".
EARLIER = 12

site = Blueprint("site", __name__)
pages = Blueprint("generation", __name__)


def mount(app: Flask) -> None:
    """Put the start page and the studio on the site."""
    app.register_blueprint(site)
    app.register_blueprint(pages)


@site.get("/")
def home() -> ResponseReturnValue:
    """What this is, for those who are not signed in; the studio for those who are."""
    return redirect(url_for("generation.studio")) if g.person is not None else render_template("home.html")


@pages.get("/studio")
@person_required
def studio() -> ResponseReturnValue:
    """An empty form beside the newest order."""
    batch = batches.newest(web.session(), person().id, web.parts().clock())
    return _page(form.empty(web.parts().settings, batch), batch)


@pages.post("/studio")
@person_required
def order() -> ResponseReturnValue:
    """Take an order; or show the form again with everything in it and what is wrong."""
    sent = form.read(request.form)
    if placed(web.session(), person().id, sent.id):
        return redirect(url_for(".status", id_=sent.id), 303)
    if "reference_remove" in request.form:
        return _page(sent.with_references(()), _newest())
    try:
        sent = _with_upload(sent)
        made = place_order(web.session(), web.parts().settings, person(), sent.wish(), web.parts().clock())
        web.session().commit()
    except PersonalError as error:
        web.session().rollback()
        return _page(sent, _newest(), error), error.status
    return redirect(url_for(".status", id_=made.id), 303)


@pages.get("/studio/<uuid:id_>")
@person_required
def status(id_: UUID) -> ResponseReturnValue:
    """How an order is going: a piece of the page for htmx, the whole page for everybody else."""
    batch = batches.find(web.session(), person().id, id_, web.parts().clock())
    if "HX-Request" in request.headers:
        return render_template("generation/batch.html", batch=batch, piece=True)
    return _page(form.again(web.parts().settings, batch), batch)


def _with_upload(sent: Form) -> Form:
    """The form with the picture that came with it, stored at once: a mistake elsewhere does not cost it."""
    upload = request.files.get("reference")
    if upload is None or not upload.filename:
        return sent
    parts, session = web.parts(), web.session()
    with references.taking_in(session, parts.storage, person(), upload.stream, parts.clock()) as taken:
        session.commit()
    kept = [references.mine(session, person().id, id_) for id_ in sent.reference_ids]
    return sent.with_references([*(each for each in kept if each), taken])


def _newest() -> Batch | None:
    return batches.newest(web.session(), person().id, web.parts().clock())


def _page(filled: Form, batch: Batch | None, error: PersonalError | None = None) -> Response:
    session, settings, me = web.session(), web.parts().settings, person().id
    kept = [each for each in (references.mine(session, me, id_) for id_ in filled.reference_ids) if each]
    filled, model = form.shown(settings, filled.with_references(kept))
    field = getattr(error, "field", "order")
    stands = standing.why_not(person())
    page: dict[str, Any] = {
        "form": filled,
        "errors": {field: error.said(_language())} if error else {},
        "models": catalogue.offered(settings),
        "model": model,
        "ratios": catalogue.RATIOS,
        "longest": LONGEST_PROMPT,
        "most": MOST,
        "megabytes": references.LARGEST // 2**20,
        "goes_to": _where(image_provider(settings)),
        "ask": not acknowledged(session, me),
        "balance": ledger.balance(session, me),
        "stands": {"key": stands.key, "said": stands.said(_language())} if stands else None,
        "batch": batch,
        "earlier": pictures.page(session, me, besides=batch.generation.id if batch else None, size=EARLIER),
    }
    return make_response(render_template("generation/studio.html", **page))


def _where(processor: Processor) -> str:
    """Who gets it and where they are: OpenAI, United States."""
    name = language.translate(_language(), processor.name)
    if not processor.country:
        return name
    return f"{name}, {Locale.parse(_language()).territories[processor.country]}"


def _language() -> str:
    return language.known(str(get_locale()))
