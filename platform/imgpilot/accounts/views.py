"""The pages of accounts: the way in and out, and what a person sees and sets of their own account."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Flask, Response, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from imgpilot import limits, visitors, web
from imgpilot.accounts import (
    account_page,
    addresses,
    again,
    ages,
    arrivals,
    browsers,
    doors,
    email_views,
    google_views,
    joining,
    links,
    people,
    preferences,
    profile_views,
    sign_ins,
)
from imgpilot.accounts.errors import AccountError, LinkError, TooManyAsks
from imgpilot.accounts.people import person, person_required
from imgpilot.accounts.returns import local_path, path_of
from imgpilot.errors import PersonalError
from imgpilot.limits import Limit
from imgpilot.look.pages import has_page
from imgpilot.mail import MailNotSent

#: Links that one client may ask for: a household or an office behind one address needs no more.
ASKING = Limit("sign-in link", 20, timedelta(hours=1))

pages = Blueprint("accounts", __name__)


def mount(app: Flask) -> None:
    """Put accounts on the site."""
    people.mount(app)
    app.register_blueprint(pages)
    app.register_blueprint(again.pages)
    for part in (google_views, profile_views, email_views):
        app.register_blueprint(part.pages)
    app.register_error_handler(LinkError, _no_way_in)
    app.context_processor(lambda: {"google_offered": google_views.is_offered})


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for a link; or show where to."""
    if request.method == "POST":
        return _ask(request.form.get("email", ""))
    if g.person is not None:
        return redirect(local_path(request.args.get("next"), doors.HOME))
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
    """Looking at a link changes nothing, as mail scanners do it; pressing the button uses it up.

    An address without an account is asked country and date of birth on the same page.
    """
    database, parts = web.session(), web.parts()
    link = links.look(database, parts.settings, token, parts.clock())
    is_new = not arrivals.is_known(database, link.email)
    if is_new and joining.is_turned_away(link.email):
        return joining.turn_away(link.email, keep=False)
    if request.method != "POST":
        return _confirm_page(link.email, joining.question() if is_new else None)
    try:
        old_enough = joining.answered() if is_new else None
    except ages.TooYoung:
        return joining.turn_away(link.email, keep=True)
    except ages.BadAnswer as error:
        return _confirm_page(link.email, joining.asked_again(error)), error.status
    account, created = links.consume(
        database, parts.settings, token, parts.clock(), language=doors.spoken(), old_enough=old_enough
    )
    if again.renew(database, account.id, parts.clock()):
        database.commit()
        return redirect(local_path(session.pop("next", None), doors.HOME))
    return doors.let_in(account, created=created)


def _confirm_page(email: str, asks: joining.Question | None) -> str:
    # Here already, as the same person: it proves once more who is here, and nothing else.
    same = g.person is not None and person().email == email
    return render_template("accounts/confirm.html", email=addresses.shown(email), same=same, asks=asks)


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the sign-in of this browser."""
    parts = web.parts()
    sign_ins.end_here(web.session(), parts.settings, browsers.token(), parts.clock())
    web.session().commit()
    return doors.let_out("/")


@pages.get("/account")
@person_required
def account() -> ResponseReturnValue:
    """The account, its preferences and the browsers that are signed in to it."""
    return account_page.shown()


@pages.post("/account/sign-ins/<uuid:sign_in_id>/end")
@person_required
def end_sign_in(sign_in_id: UUID) -> ResponseReturnValue:
    """Sign one of one's own browsers out."""
    sign_ins.end(web.session(), person().id, sign_in_id, web.parts().clock())
    web.session().commit()
    if sign_in_id == people.sign_in_id():
        return doors.let_out("/sign-in")
    flash(gettext("That browser is signed out."))
    return redirect(url_for(".account"))


@pages.post("/account/sign-ins/end")
@person_required
def end_sign_ins() -> ResponseReturnValue:
    """Sign out everywhere else; or, with `here`, everywhere."""
    here = bool(request.form.get("here"))
    sign_ins.end_all(web.session(), person().id, web.parts().clock(), but=None if here else people.sign_in_id())
    web.session().commit()
    if here:
        return doors.let_out("/sign-in")
    flash(gettext("You are signed out everywhere else."))
    return redirect(url_for(".account"))


@pages.post("/preferences", endpoint="preferences")
def prefer() -> ResponseReturnValue:
    """Choose language and theme, signed in or not, and go on where one was."""
    chosen = request.form.get("lang"), request.form.get("theme")
    timezone = request.form.get("timezone") if g.person is not None else None
    preferences.check(*chosen, timezone)
    if g.person is not None:
        preferences.choose(person(), *chosen, timezone)
        web.session().commit()
    return browsers.keep_choice(redirect(_back()), *chosen)


def _ask(typed: str) -> ResponseReturnValue:
    parts = web.parts()
    try:
        email = addresses.read(typed)
        _spare_us()
        links.ask(web.session(), parts, email, doors.spoken(), parts.clock())
    except (AccountError, MailNotSent) as error:
        return render_template("accounts/sign_in.html", typed=typed, said=error.said(doors.spoken())), error.status
    web.session().commit()
    session["asked"] = addresses.shown(email)
    session["next"] = local_path(request.args.get("next"), doors.HOME)
    return redirect(url_for(".sent"))


def _spare_us() -> None:
    """Raises TooManyAsks if this client asks for link after link, whatever the addresses."""
    parts = web.parts()
    caller = visitors.caller(parts.settings, request)
    if not caller:  # a socket of this machine
        return
    now = parts.clock()
    stands = limits.count(web.session(), parts.settings, ASKING, caller, now)
    web.session().commit()
    if not stands.allowed:
        raise TooManyAsks(minutes=-(-stands.seconds(now) // 60))


def _back() -> str:
    """The page that the form stood on, as the form or the browser says it; the start page if it is not ours."""
    came = path_of(request.referrer, request.host_url.rstrip("/"), "/")
    path = local_path(request.form.get("next"), came)
    return path if has_page(path.partition("?")[0]) else "/"


def _no_way_in(error: PersonalError) -> ResponseReturnValue:
    return render_template("accounts/no_way_in.html", said=error.said(doors.spoken())), error.status


@pages.after_request
def _tell_nobody(response: Response) -> Response:
    """These pages are kept by nobody; and where the address is a key, no other page is told it."""
    response.headers["Cache-Control"] = "no-store"
    if request.endpoint == "accounts.confirm":
        response.headers["Referrer-Policy"] = "no-referrer"
    return response
