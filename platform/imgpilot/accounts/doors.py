"""In and out: what a browser is given when somebody comes in, and what is taken from it when they leave."""

import logging

from flask import redirect, request, session
from flask_babel import get_locale
from werkzeug.wrappers import Response

import config
from imgpilot import language, web
from imgpilot.accounts import browsers, preferences, sign_ins
from imgpilot.accounts.models import Account
from imgpilot.accounts.returns import local_path
from imgpilot.look.letters import letter
from imgpilot.mail import MailNotSent
from imgpilot.purposes import SIGN_IN

#: Where a person who is signed in begins.
HOME = "/studio"
CONTACT = config.CONTACT

log = logging.getLogger(__name__)


def let_in(account: Account, *, created: bool) -> Response:
    """Sign this browser in to the account, and go where the person wanted to. Commits."""
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
    if browsers.token():  # somebody was here before, perhaps somebody else, and did not sign out
        browsers.empty(response)
    browsers.remember(response, token)
    return browsers.keep_choice(response, account.language, account.theme)


def let_out(wanted: str) -> Response:
    """Forget who was signed in here, and go there."""
    session.clear()
    response = redirect(wanted)
    browsers.forget(response)
    return browsers.empty(response)


def tell(account: Account, words: str, to: str | None = None, **values: object) -> None:
    """Mail the account's owner the letter of that name: what changed in how they get in. Never fails: it is done."""
    site = web.parts().settings.site_url
    mail = letter(words, account.language, account=f"{site}/account", **values)
    try:
        web.parts().mailer.send(
            to or account.email,
            mail.subject,
            mail.text,
            mail.html,
            purpose=SIGN_IN,
            subject=account.id,
            language=account.language,
        )
    except MailNotSent:
        log.warning("a notice about an account was not sent")


def spoken() -> str:
    """The language of this request."""
    return language.known(str(get_locale()))
