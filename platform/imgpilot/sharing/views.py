"""Sharing on the site: what a person does with their own pages. Puts the public side beside it (see outside)."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, ngettext

from imgpilot import web
from imgpilot.accounts import standing
from imgpilot.accounts.people import person, person_required
from imgpilot.errors import NotYours, PersonalError
from imgpilot.gallery import pictures as own
from imgpilot.sharing import mine, publishing, reports, saying
from imgpilot.sharing.models import Share
from imgpilot.sharing.outside import views as outside

pages = Blueprint("sharing", __name__)


def mount(app: Flask) -> None:
    """Put sharing on the site."""
    app.register_blueprint(pages)
    app.register_blueprint(outside.pages)
    app.context_processor(
        lambda: {"share_of": share_of, "share_address": _address, "share_intents": _intents, "barred_why": _barred_why}
    )


def share_of(image_id: UUID) -> Share | None:
    """The public page of this picture of whoever is signed in, if there is one."""
    return None if g.get("person") is None else publishing.of(web.session(), g.person.id, image_id)


@pages.get("/images/<uuid:image_id>/share")
@person_required
def panel(image_id: UUID) -> ResponseReturnValue:
    """Sharing one picture, on a page of its own."""
    return _panel(image_id)


@pages.post("/images/<uuid:image_id>/share")
@person_required
def publish(image_id: UUID) -> ResponseReturnValue:
    """Publish the picture, or change what its page shows."""
    session, parts, account_id = web.session(), web.parts(), g.person.id
    show, listed = "show_prompt" in request.form, "listed" in request.form
    before = publishing.of(session, account_id, image_id) is not None
    try:
        publishing.publish(parts, session, account_id, image_id, show, listed, parts.clock())
    except (NotYours, standing.BeingDeleted):
        raise
    except PersonalError as error:
        session.rollback()
        return _panel(image_id, error), error.status
    session.commit()
    flash(gettext("Saved. The page shows it so from now on.") if before else gettext("Your picture has a public page."))
    return redirect(url_for("sharing.panel", image_id=image_id))


@pages.post("/images/<uuid:image_id>/share/end")
@person_required
def end(image_id: UUID) -> ResponseReturnValue:
    """Take the page of one picture back."""
    session = web.session()
    own.find(session, g.person.id, image_id)
    gone = publishing.take_back(web.parts(), session, g.person.id, [image_id])
    session.commit()
    flash(gettext("Taken back. The page is gone.") if gone else gettext("This picture has no public page."))
    back = request.form.get("back") == "list"
    return redirect(url_for("sharing.shares") if back else url_for("sharing.panel", image_id=image_id))


@pages.get("/shares")
@person_required
def shares() -> ResponseReturnValue:
    """Everything of this person that is public."""
    return render_template("sharing/shares.html", shares=mine.pages(web.session(), g.person.id))


@pages.post("/shares/end")
@person_required
def end_all() -> ResponseReturnValue:
    """Take all of them back."""
    gone = publishing.take_back(web.parts(), web.session(), person().id)
    web.session().commit()
    flash(ngettext("%(num)s page is taken back.", "%(num)s pages are taken back.", gone))
    return redirect(url_for("sharing.shares"))


def _panel(image_id: UUID, error: PersonalError | None = None) -> str:
    found = own.find(web.session(), g.person.id, image_id)
    said = error.said(str(get_locale())) if error else ""
    return render_template("sharing/panel.html", picture=found, error=said, typed=request.form if error else None)


def _address(share: Share) -> str:
    return saying.address(web.parts().settings, share.id)


def _intents(share: Share, prompt: str) -> list[tuple[str, str]]:
    """`prompt` goes along only if the page shows it."""
    words = " ".join(prompt.split())[:200] if share.show_prompt else gettext("A picture made with AI")
    return saying.intents(web.parts().settings, share, words)


def _barred_why(key: str) -> Any:
    return gettext(reports.REASONS.get(key, reports.REASONS["other"]))
