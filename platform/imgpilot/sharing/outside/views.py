"""The public side of sharing: a page that anybody can open, its picture and card, oEmbed, the report form, robots.txt.

No cookie is set here but by the report form, which needs one against forgery. HTML is never kept by a cache between
us and the reader; pictures may be, for a minute, where a delivery network is set up that can be told to forget them.
"""

from contextlib import nullcontext

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale

import config
from imgpilot import language, visitors, web
from imgpilot.errors import PersonalError
from imgpilot.gallery.pictures import opened
from imgpilot.processors import cache_of_pages
from imgpilot.sharing import copies, ids, public, reports, saying
from imgpilot.sharing.errors import NotPublic
from imgpilot.sharing.public import Public

pages = Blueprint("public", __name__)

HIDDEN = "noindex, noarchive, noimageindex"
#: What of the site is nobody's to list. Public pages say for themselves whether they want to be found.
PRIVATE = ("/account", "/gallery", "/images/", "/references/", "/shares", "/sign-in", "/studio", "/api/", "/oembed")


@pages.after_request
def _kept_out(response: Response) -> Response:
    """Unless a view said otherwise: nobody lists this, and nobody keeps it."""
    response.headers.setdefault("X-Robots-Tag", HIDDEN)
    response.headers.setdefault("Cache-Control", "private, no-cache" if response.status_code == 200 else "no-store")
    return response


@pages.get("/share/<id_>")
def page(id_: str) -> ResponseReturnValue:
    """The picture, and what its owner chose to show. `?lang=` shows it in another language, without a cookie."""
    found = public.find(web.session(), id_)
    wanted = request.args.get("lang", "")
    with force_locale(wanted) if wanted in config.LANGUAGES else nullcontext():
        settings, spoken = web.parts().settings, language.known(str(get_locale()))
        title = saying.title(found, spoken)
        answer = Response(
            render_template(
                "sharing/page.html",
                found=found,
                title=title,
                maker=saying.maker(found, spoken),
                at=lambda rest="": saying.address(settings, found.id, rest),
                intents=saying.intents(settings, found.share, title),
                linked_data=saying.linked_data(settings, found, spoken),
                card=copies.CARD,
                hidden=HIDDEN,
                spoken=saying.spoken,
            )
        )
    return _listed(answer, found)


@pages.get("/share/<id_>/card.jpg")
def card(id_: str) -> ResponseReturnValue:
    """The card for link previews, 1200 × 630."""
    found = public.find(web.session(), id_)
    return _object(found, found.share.card_key, "image/jpeg", "card")


@pages.get("/share/<id_>/shown.webp")
def shown(id_: str) -> ResponseReturnValue:
    """The picture as the page shows it."""
    found = public.find(web.session(), id_)
    return _object(found, found.share.shown_key, "image/webp", "shown")


@pages.get("/share/<id_>/picture.<suffix>")
def picture(id_: str, suffix: str) -> ResponseReturnValue:
    """The file byte for byte as it is stored, with what its maker signed."""
    found = public.find(web.session(), id_)
    if suffix != found.suffix:
        raise NotPublic
    return _object(found, found.image.object_key, found.image.media_type or "", "picture")


@pages.get("/oembed")
def oembed() -> ResponseReturnValue:
    """oEmbed 1.0 for our public pages and nothing else (oembed.com); JSON only."""
    if request.args.get("format", "json") != "json":
        return jsonify(error="only json is spoken here"), 501
    sides = [request.args.get(name, "") for name in ("maxwidth", "maxheight")]
    if any(side and not (side.isdecimal() and int(side[:9]) > 0) for side in sides):
        return jsonify(error="maxwidth and maxheight are numbers of pixels"), 400
    settings = web.parts().settings
    try:
        found = public.find(web.session(), saying.page_in(settings, request.args.get("url", "")))
    except PersonalError as error:
        return jsonify(error="there is no public picture at this address"), error.status
    wide, high = (int(side[:9]) if side else None for side in sides)
    return jsonify(saying.embed(settings, found, language.known(str(get_locale())), wide, high))


@pages.route("/share/<id_>/report", methods=["GET", "POST"])
def report(id_: str) -> ResponseReturnValue:
    """Say that this picture should not be public. Nobody has to sign in for that."""
    session, parts = web.session(), web.parts()
    found = public.find(session, id_)
    form, error = request.form, None
    if request.method == "POST":
        spoken, who = language.known(str(get_locale())), visitors.caller(parts.settings, request)
        given = (form.get("reason", ""), form.get("details", ""), form.get("contact", ""))
        try:
            reports.add(session, parts, id_, who, *given, spoken, parts.clock())
        except (reports.NotReported, reports.TooManyReports) as refused:
            session.commit()  # what was counted stays counted
            error = refused
        else:
            session.commit()
            return redirect(url_for("public.reported", id_=id_))
    answer = render_template(
        "sharing/report.html",
        found=found,
        reasons=reports.REASONS,
        longest=reports.LONGEST,
        typed=form,
        field=error.field if error else "",
        error=error.said(str(get_locale())) if error else "",
    )
    return (answer, error.status) if error else answer


@pages.get("/share/<id_>/reported")
def reported(id_: str) -> ResponseReturnValue:
    """Thanks, and what happens now. It does not ask whether the page is still there."""
    if not ids.is_one(id_):
        raise NotPublic
    return render_template("sharing/reported.html", id_=id_)


@pages.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """What search engines leave out. A public page is not named: it says itself that it is not to be listed."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), "Disallow: /share/*/report"]
    answer = Response("\n".join(lines) + "\n", mimetype="text/plain")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def _object(found: Public, key: str | None, media_type: str, what: str) -> Response:
    """The object, for whoever has the address; other sites may show it."""
    if key is None:
        raise NotPublic
    answer = Response(mimetype=media_type)
    tag = f"{found.id[:8]}-{what}"
    answer.set_etag(tag)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if cache_of_pages(web.parts().settings) is None:
        answer.headers["Cache-Control"] = "private, no-cache"
    else:
        # Readers ask each time; the network answers for a minute at most, and forgets it when it is told to.
        answer.headers["Cache-Control"] = f"public, max-age=0, s-maxage={saying.KEPT}, must-revalidate"
        answer.headers["Cache-Tag"] = ids.tag(ids.digest(found.id))
    _listed(answer, found)
    if tag in request.if_none_match:
        answer.status_code = 304
        return answer
    answer.response = opened(web.parts().storage, key)
    return answer


def _listed(answer: Response, found: Public) -> Response:
    if found.share.listed:
        answer.headers["X-Robots-Tag"] = "all"
    if g.get("person") is not None and answer.mimetype == "text/html":
        answer.headers["Cache-Control"] = "no-store"
    return answer
