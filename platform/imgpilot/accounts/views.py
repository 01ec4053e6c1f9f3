"""The pages of accounts: the way in and out, and what a person sees and sets of their own account."""

from uuid import UUID

from flask import Blueprint, Flask, Response, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response as AnyResponse

from imgpilot import language, web
from imgpilot.accounts import addresses, again, browsers, links, people, preferences, sign_ins
from imgpilot.accounts.errors import AccountError, LinkError
from imgpilot.accounts.models import Account
from imgpilot.accounts.people import person, person_required
from imgpilot.accounts.returns import local_path, path_of
from imgpilot.errors import PersonalError
from imgpilot.look.pages import has_page
from imgpilot.mail import MailNotSent

#: Where a person who is signed in begins.
HOME = "/studio"

pages = Blueprint("accounts", __name__)


def mount(app: Flask) -> None:
    """Put accounts on the site."""
    people.mount(app)
    app.register_blueprint(pages)
    app.register_blueprint(again.pages)
    app.register_error_handler(LinkError, _no_way_in)


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for a link; or show where to."""
    if request.method == "POST":
        return _ask(request.form.get("email", ""))
    if g.person is not None:
        return redirect(local_path(request.args.get("next"), HOME))
    return render_template("accounts/sign_in.html")


@pages.get("/sign-in/sent")
def sent() -> ResponseReturnValue:
    """Say what was sent and where to look for it."""
    settings = web.parts().settings
    caught = "" if settings.is_production or settings.smtp_url else settings.sandbox_url
    # Shown once and then forgotten: whoever has the browser can read what its session cookie holds.
    asked = session.pop("asked", "")
    return render_template("accounts/sent.html", asked=asked, minutes=links.LASTS.seconds // 60, caught=caught)


@pages.route("/sign-in/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Looking at a link changes nothing, as mail scanners do it; pressing the button uses it up."""
    database, parts = web.session(), web.parts()
    if request.method != "POST":
        link = links.look(database, parts.settings, token, parts.clock())
        # Here already, as the same person: it proves once more who is here, and nothing else.
        same = g.person is not None and person().email == link.email
        return render_template("accounts/confirm.html", email=addresses.shown(link.email), same=same)
    account, created = links.consume(database, parts.settings, token, parts.clock(), language=_spoken())
    if again.renew(database, account.id, parts.clock()):
        database.commit()
        return redirect(local_path(session.pop("next", None), HOME))
    return _let_in(account, created=created)


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the sign-in of this browser."""
    parts = web.parts()
    sign_ins.end_here(web.session(), parts.settings, browsers.token(), parts.clock())
    web.session().commit()
    return _let_out("/")


@pages.get("/account")
@person_required
def account() -> ResponseReturnValue:
    """The account, its preferences and the browsers that are signed in to it."""
    there = sign_ins.of(web.session(), person().id, web.parts().clock())
    days = sign_ins.LASTS.days
    return render_template("accounts/account.html", sign_ins=there, here=people.sign_in_id(), days=days)


@pages.post("/account/sign-ins/<uuid:sign_in_id>/end")
@person_required
def end_sign_in(sign_in_id: UUID) -> ResponseReturnValue:
    """Sign one of one's own browsers out."""
    sign_ins.end(web.session(), person().id, sign_in_id, web.parts().clock())
    web.session().commit()
    if sign_in_id == people.sign_in_id():
        return _let_out("/sign-in")
    flash(gettext("That browser is signed out."))
    return redirect(url_for(".account"))


@pages.post("/preferences", endpoint="preferences")
def prefer() -> ResponseReturnValue:
    """Choose language and theme, signed in or not, and go on where one was."""
    chosen = request.form.get("lang"), request.form.get("theme")
    preferences.check(*chosen)
    if g.person is not None:
        preferences.choose(person(), *chosen)
        web.session().commit()
    return browsers.keep_choice(redirect(_back()), *chosen)


def _ask(typed: str) -> ResponseReturnValue:
    parts = web.parts()
    try:
        email = addresses.read(typed)
        links.ask(web.session(), parts, email, _spoken(), parts.clock())
    except (AccountError, MailNotSent) as error:
        return render_template("accounts/sign_in.html", typed=typed, said=error.said(_spoken())), error.status
    web.session().commit()
    session["asked"] = addresses.shown(email)
    session["next"] = local_path(request.args.get("next"), HOME)
    return redirect(url_for(".sent"))


def _let_in(account: Account, *, created: bool) -> AnyResponse:
    database, parts = web.session(), web.parts()
    sign_ins.end_here(database, parts.settings, browsers.token(), parts.clock())
    browser = browsers.called(request.user_agent.string)
    token = sign_ins.start(database, parts.settings, account, browser, parts.clock())
    if created:
        preferences.choose(account, None, browsers.chosen_theme())
    database.commit()
    wanted = local_path(session.get("next"), HOME)
    session.clear()  # whatever was known to somebody before, a CSRF token too, is worth nothing now
    response = redirect(wanted)
    browsers.remember(response, token)
    return browsers.keep_choice(response, account.language, account.theme)


def _let_out(wanted: str) -> AnyResponse:
    session.clear()
    response = redirect(wanted)
    browsers.forget(response)
    return response


def _back() -> str:
    """The page that the form stood on, as the form or the browser says it; the start page if it is not ours."""
    came = path_of(request.referrer, request.host_url.rstrip("/"), "/")
    path = local_path(request.form.get("next"), came)
    return path if has_page(path.partition("?")[0]) else "/"


def _spoken() -> str:
    return language.known(str(get_locale()))


def _no_way_in(error: PersonalError) -> ResponseReturnValue:
    return render_template("accounts/no_way_in.html", said=error.said(_spoken())), error.status


@pages.after_request
def _tell_nobody(response: Response) -> Response:
    """These pages are kept by nobody; and where the address is a key, no other page is told it."""
    response.headers["Cache-Control"] = "no-store"
    if request.endpoint == "accounts.confirm":
        response.headers["Referrer-Policy"] = "no-referrer"
    return response
