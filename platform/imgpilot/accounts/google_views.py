"""The pages of the sign-in with Google: there, back, and what comes of it.

The ways to Google are links and not forms: our policy for pages (form-action) lets no form lead to another host, and
looking at the link does nothing that the person would mind: Google asks them which account before it says anything.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from imgpilot import language, web
from imgpilot.accounts import addresses, again, ages, arrivals, doors, google, identities, joining, people, portraits
from imgpilot.accounts import sign_ins as browsers_signed_in
from imgpilot.accounts.errors import AccountFrozen, GoogleAway, GoogleDenied, GoogleNotAnew
from imgpilot.accounts.google import Provider, Said
from imgpilot.accounts.models import Account
from imgpilot.accounts.people import person, person_required
from imgpilot.accounts.portraits import PortraitNotKept, PortraitTooLarge
from imgpilot.accounts.returns import local_path
from imgpilot.errors import PersonalError
from imgpilot.generation.pictures import PictureError

#: What Google said of somebody new waits so long for the answer to our own question.
WAITS = timedelta(minutes=15)
ACCOUNT = "/account#sign-in-ways"

pages = Blueprint("google", __name__)


@pages.get("/sign-in/google")
def enter() -> ResponseReturnValue:
    """To Google, to sign in."""
    wanted = local_path(request.args.get("next"), doors.HOME)
    return redirect(wanted) if g.person is not None else _away("enter", wanted)


@pages.get("/account/google/link")
@again.fresh_required
def link() -> ResponseReturnValue:
    """To Google, to link an account there to this one."""
    return _away("link", ACCOUNT)


@pages.get("/prove/google")
@person_required
def prove() -> ResponseReturnValue:
    """To Google, to prove once more that it is the person."""
    return _away("prove", local_path(request.args.get("next"), again.HOME))


@pages.get("/sign-in/google/back")
def back() -> ResponseReturnValue:
    """What Google sends the browser back with. It works once, in the browser that began it, for 10 minutes."""
    began = session.pop("google", None)
    try:
        return _finished(began)
    except (AccountFrozen, PersonalError) as error:
        web.session().rollback()
        said = error.said(language.known(str(get_locale())))
        wanted = local_path(began["next"], again.HOME) if isinstance(error, GoogleNotAnew) and began else ""
        return render_template("accounts/google_no.html", said=said, wanted=wanted), error.status


@pages.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    """Whom Google named and we do not know yet: the question before an account, and the account."""
    said = _waiting()
    if said is None:
        return redirect(url_for("accounts.sign_in"))
    email = identities.address(said)
    if joining.is_turned_away(email):
        return joining.turn_away(email, keep=False)
    if request.method != "POST":
        return _sign_up_page(said, joining.question())
    try:
        old_enough = joining.answered()
    except ages.TooYoung:
        return joining.turn_away(email, keep=True)
    except ages.BadAnswer as error:
        return _sign_up_page(said, joining.asked_again(error)), error.status
    database, settings, now = web.session(), web.parts().settings, web.parts().clock()
    account, created = arrivals.account_of(database, settings, email, doors.spoken(), now, old_enough)
    if account.frozen_at is not None:
        raise AccountFrozen(contact=doors.CONTACT)
    identities.link(database, account, said, now)
    identities.own_what_was_sent(database, account.id, str(session["google_sent"]))
    database.commit()
    _take_picture(account, said)
    return doors.let_in(account, created=created)


@pages.post("/account/google/unlink")
@again.fresh_required
def unlink() -> ResponseReturnValue:
    """Google lets nobody in any more; the link by mail stays."""
    done = identities.unlink(web.session(), person().id)
    web.session().commit()
    if done:
        flash(gettext("Google is unlinked. Sign in with a link by mail from now on."))
    return redirect(ACCOUNT, 303)


def is_offered() -> bool:
    """Whether there is a Google to sign in with."""
    return google.provider(web.parts().settings) is not None


def _away(what: str, wanted: str) -> ResponseReturnValue:
    asked = _provider()
    now = web.parts().clock()
    begun = google.begin(web.parts(), asked, _callback(), again=what == "prove")
    session["google"] = {
        "what": what,
        "next": wanted,
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "at": now.isoformat(),
    }
    return redirect(begun.url, 303)


def _finished(began: dict[str, Any] | None) -> ResponseReturnValue:
    asked, now = _provider(), web.parts().clock()
    code = request.args.get("code", "")
    if began is None or not code or request.args.get("state") != began["state"]:
        raise GoogleDenied
    at = datetime.fromisoformat(began["at"])
    if now - at > google.LASTS:
        raise GoogleDenied
    me = g.person.id if g.person is not None else None
    web.session().rollback()  # no connection is held while Google thinks
    said, sent = google.finish(web.parts(), asked, _callback(), code, began["verifier"], began["nonce"], me)
    here = people.person() if me is not None else None
    wanted = local_path(began["next"], doors.HOME)
    if began["what"] == "enter":
        return _entered(said, sent, wanted, now)
    if here is None:
        raise GoogleDenied
    if began["what"] == "prove":
        identities.prove(web.session(), here.id, said, at)
        browsers_signed_in.prove(web.session(), people.sign_in_id(), now)
        web.session().commit()
        return redirect(wanted, 303)
    if not again.fresh():  # the proof ran out on the way
        return redirect(url_for("again.ask", next=url_for(".link")), 303)
    identities.link(web.session(), here, said, now)
    web.session().commit()
    _take_picture(here, said)
    flash(gettext("Google is linked. You can sign in with it from now on."))
    return redirect(ACCOUNT, 303)


def _entered(said: Said, sent: str, wanted: str, now: datetime) -> ResponseReturnValue:
    database = web.session()
    found = identities.enter(database, said, now)
    if found is None:
        session["sign_up"] = {
            "subject": said.subject,
            "email": said.email,
            "name": said.name,
            "picture": said.picture,
            "at": now.isoformat(),
        }
        session["google_sent"], session["next"] = sent, wanted
        return redirect(url_for(".sign_up"), 303)
    account, linked = found
    identities.own_what_was_sent(database, account.id, sent)
    database.commit()
    if linked:
        _take_picture(account, said)
        doors.tell(account, "google_linked")
    session["next"] = wanted
    return doors.let_in(account, created=False)


def _waiting() -> Said | None:
    """What Google said of the person who is to answer now; None if nothing, or too long ago."""
    held, now = session.get("sign_up"), web.parts().clock()
    if held is None or now - datetime.fromisoformat(held["at"]) > WAITS:
        session.pop("sign_up", None)
        return None
    at = datetime.fromisoformat(held["at"])
    return Said(held["subject"], held["email"], True, True, held["name"], held["picture"], at)


def _sign_up_page(said: Said, asks: joining.Question) -> str:
    return render_template("accounts/sign_up.html", email=addresses.shown(said.email), asks=asks)


def _take_picture(account: Account, said: Said) -> None:
    """The picture that Google gave, if the person has none here. Whatever goes wrong with it, the sign-in goes on."""
    asked = _provider()
    if account.picture_key is not None or not said.picture:
        return
    data = google.picture(web.parts(), asked, said.picture, portraits.LARGEST, account.id)
    if data is None:
        return
    try:
        portraits.put(web.session(), web.parts().storage, account, data)
    except (PictureError, PortraitTooLarge, PortraitNotKept):
        web.session().rollback()


def _provider() -> Provider:
    found = google.provider(web.parts().settings)
    if found is None:
        raise GoogleAway
    return found


def _callback() -> str:
    return web.parts().settings.site_url + url_for(".back")


@pages.after_request
def _kept_by_nobody(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
