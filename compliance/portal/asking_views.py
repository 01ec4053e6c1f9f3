"""The pages that ask for something: what will happen, by when, and the few things each kind needs to know."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from compliance.export import access
from compliance.portal import asking, places
from compliance.portal.offers import ABOUT, OFFERS
from compliance.portal.pages import pages, spoken
from compliance.requests.kinds import Kind, Proof
from imgpilot import web
from imgpilot.accounts import again
from imgpilot.accounts.people import person, person_required


@pages.get("/privacy/ask")
@person_required
def choose() -> ResponseReturnValue:
    """Everything that can be asked for, side by side."""
    return render_template("portal/choose.html", offers=OFFERS)


@pages.route("/privacy/ask/<kind>", methods=["GET", "POST"])
@person_required
def ask(kind: str) -> ResponseReturnValue:
    """Say what will happen, then write the request down. A form with a fault comes back as it was typed."""
    wanted = asking.kind(kind)
    if request.method == "GET":
        languages = [tag for tag, _quality in request.accept_languages]
        form = asking.blank(web.session(), person(), wanted, request.args.get("about", ""), languages)
        return _page(wanted, form)
    form = asking.typed(wanted, request.form)
    if "show" in request.form:  # without script: the law of the chosen place
        return _page(wanted, form)
    if not asking.check(form, wanted, person()):
        return _page(wanted, form), 400
    if OFFERS[wanted].fresh and not again.fresh():
        return _page(wanted, form, stale=True), 403
    return _sent(wanted, form)


def _sent(wanted: Kind, form: asking.Form) -> ResponseReturnValue:
    session, parts = web.session(), web.parts()
    now = parts.clock()
    made = asking.ask(session, parts, person(), wanted, form, Proof.FRESH if again.fresh() else Proof.SIGNED_IN)
    if made.received_at < now:
        flash(gettext("You asked for this already: it is %(case)s, and this is where it is.", case=made.case), "info")
    session.commit()
    return redirect(url_for("portal.follow", request_id=made.id))


@pages.post("/privacy/ask/<kind>/law")
@person_required
def law(kind: str) -> ResponseReturnValue:
    """The piece of the page that says by when; asked again when another place is chosen.

    A POST although it changes nothing: where somebody lives stands in no address.
    """
    wanted = asking.kind(kind)
    place = places.read(request.form.get("country", ""), request.form.get("part", ""))
    found = asking.law(web.session(), wanted, place, web.parts().clock())
    return render_template("portal/_law.html", law=found, place=place, kind=wanted)


def _page(wanted: Kind, form: asking.Form, *, stale: bool = False) -> str:
    session, me, parts = web.session(), person(), web.parts()
    return render_template(
        "portal/ask.html",
        kind=wanted,
        offer=OFFERS[wanted],
        about=ABOUT.get(wanted, {}),
        form=form,
        place=form.place,
        stale=stale,
        needs_proof=OFFERS[wanted].fresh and not again.fresh(),
        open_one=asking.open_of(session, me.id, wanted),
        law=asking.law(session, wanted, form.place, parts.clock()),
        held=access.holdings(session, me.id) if wanted in (Kind.ACCESS, Kind.DELETION) else [],
        countries=places.countries(spoken()),
        parts_of=places.PARTS,
    )
