"""Proving once more that it is the person, before what cannot be undone or shows everything (11 CCR 7061, GDPR 32).

A sign-in lasts for weeks, and whoever finds the browser open has it too. So some views ask that the person proved to
be themselves minutes ago: at sign-in, or by opening a link that was mailed to the account's address in this browser.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot import language, web
from imgpilot.accounts import google, identities, links, people, sign_ins
from imgpilot.accounts.errors import AccountError
from imgpilot.accounts.models import SignIn
from imgpilot.accounts.people import person, person_required
from imgpilot.accounts.returns import local_path, path_of
from imgpilot.look.pages import has_page
from imgpilot.mail import MailNotSent

#: How long a proof counts: "minutes", and long enough to write a request.
FRESH = timedelta(minutes=10)
#: Where a person goes who came from nowhere.
HOME = "/account"

Args = ParamSpec("Args")

pages = Blueprint("again", __name__)


def is_fresh(database: Session, sign_in_id: UUID, now: datetime) -> bool:
    """Whether this sign-in's owner proved to be the person in the last 10 minutes. An unknown sign-in's did not."""
    proved = database.scalar(
        select(SignIn.proved_at).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).limit(1)
    )
    return proved is not None and now - proved < FRESH


def fresh() -> bool:
    """The same for the browser that asks; for views, to know which proof a request has."""
    return g.person is not None and is_fresh(web.session(), people.sign_in_id(), web.parts().clock())


def fresh_required(view: Callable[Args, ResponseReturnValue]) -> Callable[Args, ResponseReturnValue]:
    """Whoever is not signed in does that first; whoever proved it too long ago proves it again, and comes back.

    A form that was sent is not kept (it may hold what nobody else should read): the person comes back to the page it
    stood on and sends it again.
    """

    @wraps(view)
    def guarded(*args: Args.args, **kwargs: Args.kwargs) -> ResponseReturnValue:
        return view(*args, **kwargs) if fresh() else prove()

    return person_required(guarded)


def prove() -> ResponseReturnValue:
    """To the page that asks for the proof; from there back to where the person was."""
    wanted = _stood()
    to = url_for("again.ask", next=wanted)
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": to})
    return redirect(to, 303)


@pages.route("/prove", methods=["GET", "POST"])
@person_required
def ask() -> ResponseReturnValue:
    """Why it is asked, and one button that mails a link."""
    wanted = local_path(request.args.get("next"), HOME)
    if fresh():
        return redirect(wanted)
    if request.method == "GET":
        return _page(wanted)
    parts, spoken = web.parts(), language.known(str(get_locale()))
    try:
        links.ask(web.session(), parts, person().email, spoken, parts.clock(), words="prove")
    except (AccountError, MailNotSent) as error:
        return _page(wanted, said=error.said(spoken)), error.status
    web.session().commit()
    session["next"] = wanted
    return redirect(url_for(".sent"), 303)


@pages.get("/prove/sent")
@person_required
def sent() -> ResponseReturnValue:
    """Where to look for the link, and that it is to be opened in this browser."""
    wanted = local_path(session.get("next"), HOME)
    if fresh():
        return redirect(wanted)
    settings = web.parts().settings
    caught = "" if settings.is_production or settings.smtp_url else settings.sandbox_url
    return render_template("accounts/again_sent.html", wanted=wanted, caught=caught, lasts=links.LASTS.seconds // 60)


def renew(database: Session, account_id: UUID, now: datetime) -> bool:
    """A link of this account was opened in this browser: if it is signed in to the same one, that is proved again.

    False if it is signed in to another account, or to none. The caller commits.
    """
    if g.person is None or g.person.id != account_id:
        return False
    return sign_ins.prove(database, people.sign_in_id(), now)


def _page(wanted: str, said: str = "") -> str:
    linked = google.provider(web.parts().settings) is not None and identities.of(web.session(), g.person.id) is not None
    return render_template(
        "accounts/again.html", minutes=FRESH.seconds // 60, wanted=wanted, said=said, with_google=linked
    )


def _stood() -> str:
    """The page that the person is on: what was asked for if it was only looked at, else what the form stood on."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.removesuffix("?")
    came = path_of(request.referrer, request.host_url.rstrip("/"), HOME)
    path = local_path(request.form.get("next"), came)
    return path if has_page(path.partition("?")[0]) else HOME


@pages.after_request
def _kept_by_nobody(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
