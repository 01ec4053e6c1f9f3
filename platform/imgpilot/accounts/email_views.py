"""The pages of a new e-mail address: asked for on the account page, confirmed at both addresses."""

from flask import Blueprint, Response, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from imgpilot import web
from imgpilot.accounts import account_page, addresses, again, browsers, changes, doors, sign_ins
from imgpilot.accounts.changes import AddressTaken
from imgpilot.accounts.errors import AccountError
from imgpilot.accounts.people import person, person_required
from imgpilot.mail import MailNotSent

pages = Blueprint("email_change", __name__)


@pages.post("/account/email")
@again.fresh_required
def ask() -> ResponseReturnValue:
    """Mail a link to both addresses."""
    typed = request.form.get("email", "")
    try:
        changes.ask(web.session(), web.parts(), person(), typed, web.parts().clock())
    except (AccountError, MailNotSent) as error:
        web.session().rollback()
        return account_page.shown(errors={"email": error.said(doors.spoken())}, typed={"email": typed}), error.status
    flash(gettext("Open the links that we mailed to both addresses."))
    return redirect("/account#email", 303)


@pages.post("/account/email/cancel")
@person_required
def cancel() -> ResponseReturnValue:
    """Call the change off."""
    changes.end(web.session(), person(), web.parts().clock())
    web.session().commit()
    flash(gettext("Your address stays as it is."))
    return redirect("/account#email", 303)


@pages.route("/account/email/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Looking at a link changes nothing; pressing the button confirms one of the two addresses."""
    database, parts = web.session(), web.parts()
    if request.method != "POST":
        opened = changes.look(database, parts.settings, token, parts.clock())
        new = addresses.shown(opened.change.email)
        return render_template("accounts/email_confirm.html", side=opened.side, new=new)
    before = changes.look(database, parts.settings, token, parts.clock()).account.email
    try:
        opened, done = changes.confirm(database, parts, token, parts.clock())
    except AddressTaken as error:
        database.rollback()
        return render_template("accounts/google_no.html", said=error.said(doors.spoken())), error.status
    if not done:
        database.commit()
        return render_template("accounts/email_half.html", side=opened.side)
    here = g.person is not None and g.person.id == opened.account.id
    response = redirect("/account" if here else "/sign-in", 303)
    if here:
        # Every sign-in ended, this one too; its owner has just shown to have both mailboxes and gets a new one.
        browser = browsers.called(request.user_agent.string)
        browsers.remember(response, sign_ins.start(database, parts.settings, opened.account, browser, parts.clock()))
    database.commit()
    changes.tell(parts, opened.account, before)
    flash(gettext("Your address is changed. Sign in with the new one from now on."))
    return response


@pages.after_request
def _tell_nobody(response: Response) -> Response:
    """Where the address of a page is a key, no other page is told it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
