"""Refusals as their writer sees them: all of them, and one with its reason, its appeal and the answer."""

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from imgpilot import language, web
from imgpilot.accounts import standing
from imgpilot.accounts.people import person, person_required
from imgpilot.safety import refused
from imgpilot.safety.refused import AppealError
from imgpilot.safety.rules import RULES

pages = Blueprint("safety", __name__)


def mount(app: Flask) -> None:
    """Put refusals and appeals on the site."""
    app.register_blueprint(pages)


@pages.get("/refusals")
@person_required
def refusals() -> ResponseReturnValue:
    """Every prompt of one's own that was not sent."""
    return render_template("safety/refusals.html", refusals=refused.of(web.session(), person().id), rules=RULES)


@pages.get("/refusals/<uuid:id_>")
@person_required
def refusal(id_: UUID) -> ResponseReturnValue:
    """One of them: what, when, by which rule and why; the appeal, and what became of it."""
    return _page(id_)


@pages.post("/refusals/<uuid:id_>/appeal")
@person_required
def appeal(id_: UUID) -> ResponseReturnValue:
    """Take the appeal, once; or show the form again with what was typed."""
    session, parts, typed = web.session(), web.parts(), request.form.get("appeal", "")
    me = person().id
    try:
        refused.appeal(session, parts.settings, me, id_, typed, parts.clock())
    except AppealError as error:
        session.commit()  # an appeal over the limit is counted; nothing else was written
        said = error.said(language.known(str(get_locale())))
        return _page(id_, typed, said), error.status
    session.commit()
    flash(gettext("Your appeal is with us. A person reads it."))
    return redirect(url_for(".refusal", id_=id_), 303)


def _page(id_: UUID, typed: str = "", error: str = "") -> str:
    found = refused.mine(web.session(), person().id, id_)
    return render_template(
        "safety/refusal.html",
        refusal=found,
        rule=RULES.get(found.rule),
        stands=standing.why_not(person()),
        typed=typed,
        error=error,
        longest=refused.LONGEST,
    )
