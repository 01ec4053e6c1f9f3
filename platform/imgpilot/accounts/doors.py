"""In and out: what a browser is given when somebody comes in, and what is taken from it when they leave."""

import logging
from datetime import UTC

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
    """Sign this browser in to the account, and go where the person wanted to. Commits.

    The owner gets a letter if no browser of this name was signed in to the account before.
    """
    database, parts = web.session(), web.parts()
    sign_ins.end_here(database, parts.settings, browsers.token(), parts.clock())
    browser = browsers.called(request.user_agent.string)
    # Restricted data is stored and nothing else (GDPR 18(2)): this letter nobody asked for.
    letter_due = account.restricted_at is None and sign_ins.is_new(database, account.id, browser)
    token = sign_ins.start(database, parts.settings, account, browser, parts.clock())
    if created:
        preferences.choose(account, None, browsers.chosen_theme())
    database.commit()
    if letter_due:
        _tell_of_browser(account, browser)
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


def _tell_of_browser(account: Account, browser: str) -> None:
    parts = web.parts()
    zone = preferences.zone(account.timezone) or UTC
    # Without its zone the letter writes it as it is, not in the zone of whoever came in.
    at = parts.clock().astimezone(zone).replace(tzinfo=None)
    ending = f"{parts.settings.site_url}/account#browsers"
    tell(account, "new_browser", browser=browser, at=at, zone=str(zone), ending=ending)


def spoken() -> str:
    """The language of this request."""
    return language.known(str(get_locale()))
