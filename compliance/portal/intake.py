"""The pages for people who are not signed in: asking with an address alone, and answering the link that is mailed.

No page here says whether there is an account; looking at a link changes nothing, as mail scanners do it.
"""

from collections.abc import Iterator
from typing import IO

from flask import Blueprint, Flask, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from compliance import words
from compliance.identity import asking, links, proofs
from compliance.identity.asking import Form, NotFilledIn, TooManyAsked, Upload
from compliance.identity.links import Link, LinkDead
from compliance.managed import AuthorisedAgent
from compliance.portal import places
from compliance.portal.offers import ABOUT, OFFERS
from compliance.requests import regimes
from compliance.requests.kinds import AT_ONCE, Channel, Kind
from imgpilot import language, web
from imgpilot.accounts import addresses

pages = Blueprint("intake", __name__, template_folder="templates")

PIECE = 64 * 1024
#: In which order the fields stand, so that what is wrong is named in it.
FIELDS = ("about", "address", "claimed", "proposed", "details", "country", "part", "permission")


def mount(app: Flask) -> None:
    """Put these pages on the site."""
    app.register_blueprint(pages)
    app.register_error_handler(LinkDead, _dead)


@pages.get("/privacy/ask-without-account")
def choose() -> ResponseReturnValue:
    """What can be asked for; with ?kind=… the form for it."""
    kind = _kind(request.args.get("kind", ""))
    if kind is None:
        return render_template("portal/intake/choose.html", offers=OFFERS)
    place = places.guess(tag for tag, _quality in request.accept_languages)
    only = list(ABOUT.get(kind, {}))
    return _form(Form(kind, about=only[0] if len(only) == 1 else "", place=place))


@pages.post("/privacy/ask-without-account")
def ask() -> ResponseReturnValue:
    """Write the request down; or show the form again with what is wrong and everything that was typed."""
    kind = _kind(request.form.get("kind", ""))
    if kind is None:
        return redirect(url_for(".choose"))
    parts, form = web.parts(), _typed(kind)
    try:
        asking.ask(web.session(), parts, form, _upload(), _spoken(), parts.clock())
    except NotFilledIn as error:
        web.session().rollback()
        return _form(form, {name: each.said(_spoken()) for name, each in error.fields.items()}), error.status
    except TooManyAsked as error:
        web.session().rollback()
        return _form(form, {"address": error.said(_spoken())}), error.status
    web.session().commit()
    # Shown once and then forgotten, as after asking for a sign-in link.
    session["asked_for"] = [kind, addresses.shown(form.address.strip()), form.for_other]
    return redirect(url_for(".sent"))


@pages.get("/privacy/ask-without-account/sent")
def sent() -> ResponseReturnValue:
    """What comes next. The same for every address."""
    kind, address, for_other = session.pop("asked_for", None) or ("", "", False)
    return render_template(
        "portal/intake/sent.html",
        address=address,
        for_other=for_other,
        at_once=kind in AT_ONCE and kind == Kind.OPT_OUT,
        days=links.LASTS.days,
        caught=_caught(),
    )


@pages.route("/privacy/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Say what is asked and with which address; a button says whether that is right."""
    database, parts = web.session(), web.parts()
    answer = request.form.get("answer", "") if request.method == "POST" else ""
    match answer:
        case "yes":
            proofs.answer_yes(database, parts.settings, token, parts.clock())
        case "no":
            proofs.answer_no(database, parts.settings, token, parts.clock())
        case _:
            return _question(links.look(database, parts.settings, token, parts.clock()))
    database.commit()
    return redirect(url_for(".answered", answer=answer))


@pages.get("/privacy/confirmed/<any(yes, no):answer>")
def answered(answer: str) -> ResponseReturnValue:
    """Thank you, and what comes next."""
    return render_template("portal/intake/answered.html", yes=answer == "yes")


def _question(link: Link) -> str:
    one = link.request
    agent = web.session().get(AuthorisedAgent, one.agent_id) if one.agent_id else None
    kind = Kind(one.kind)
    return render_template(
        "portal/intake/confirm.html",
        one=one,
        offer=OFFERS[kind],
        about=ABOUT.get(kind, {}).get(one.about, ("", ""))[0],
        address=addresses.shown(link.address),
        new_address=link.check.method == links.NEW_ADDRESS,
        by_agent=one.channel in (Channel.AGENT, Channel.DRP),
        agent=agent.name if agent else "",
        place=_place_said(one.country, one.subdivision),
        law=regimes.REGIMES[one.regime].name,
        deletion=kind is Kind.DELETION,
    )


def _place_said(country: str | None, part: str | None) -> str:
    if not country:
        return ""
    name = words.country(country, _spoken())
    state = places.PARTS.get(country, {}).get(part or "")
    return f"{state}, {name}" if state else name


def _form(form: Form, wrong: dict[str, str] | None = None) -> str:
    return render_template(
        "portal/intake/ask.html",
        form=form,
        offer=OFFERS[form.kind],
        about=ABOUT.get(form.kind, {}),
        wrong=wrong or {},
        errors=[(f"f-{name}", (wrong or {})[name]) for name in FIELDS if name in (wrong or {})],
        countries=places.countries(_spoken()),
        parts_of=places.PARTS,
        at_once=form.kind is Kind.OPT_OUT,
    )


def _typed(kind: Kind) -> Form:
    said = {name: request.form.get(name, "") for name in ("address", "about", "details", "proposed", "claimed")}
    place = places.read(request.form.get("country", ""), request.form.get("part", ""))
    return Form(kind, place=place, for_other=request.form.get("who") == "other", **said)


def _upload() -> Upload | None:
    file = request.files.get("permission")
    if file is None or not file.filename:
        return None
    return Upload(file.filename, _pieces(file.stream))


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _kind(text: str) -> Kind | None:
    try:
        return Kind(text)
    except ValueError:
        return None


def _caught() -> str:
    """Where mail can be read on this machine, where none goes out."""
    settings = web.parts().settings
    return "" if settings.is_production or settings.smtp_url else settings.sandbox_url


def _spoken() -> str:
    return language.known(str(get_locale()))


def _dead(error: LinkDead) -> ResponseReturnValue:
    return render_template("portal/intake/dead.html", said=error.said(_spoken())), error.status


@pages.after_request
def _tell_nobody(response: Response) -> Response:
    """These pages are kept and listed by nobody; where the address is a key, no other page is told it."""
    response.headers["Cache-Control"] = "no-store"
    if request.endpoint == "intake.confirm":
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
