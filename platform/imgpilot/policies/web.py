"""The banner about a new version, on every page of the site until its reader has seen it."""

import logging
from dataclasses import dataclass

from flask import Flask, Response, g
from sqlalchemy.exc import SQLAlchemyError

from imgpilot import web
from imgpilot.accounts.models import Account
from imgpilot.accounts.standing import why_not
from imgpilot.policies import shown, versions
from imgpilot.policies.shown import BANNER, SEEN
from imgpilot.policies.versions import Version

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the banner says. `ahead`: the version is not in force yet."""

    version: Version
    before: Version | None
    ahead: bool


def mount(app: Flask) -> None:
    """Put the banner on an app. Its templates ask `policy_notice()`."""
    app.context_processor(lambda: {"policy_notice": notice})
    app.after_request(_note)


def notice() -> Notice | None:
    """The version that whoever is signed in has not seen; none for nearly everybody.

    Never an error: it stands on the pages that say that something failed, too.
    """
    if g.get("person") is None:
        return None
    newest, now = versions.newest(), web.parts().clock()
    if g.person.created_at >= newest.begins:
        return None  # came when it was in force already
    session = web.session()
    try:
        account = session.get(Account, g.person.id)
        if account is None or why_not(account) is not None:
            return None
        ways = shown.ways(session, account.id, newest)
    except SQLAlchemyError:
        return None
    if not ways.isdisjoint(SEEN):
        return None
    if BANNER not in ways:
        g.policy_shown = newest
    return Notice(newest, versions.before(newest), newest.begins > now)


def _note(response: Response) -> Response:
    """Once a page with the banner is made, that is written down: after the page, and never instead of it."""
    version: Version | None = g.pop("policy_shown", None)
    if version is None or g.get("person") is None or response.status_code >= 500:
        return response
    parts, who = web.parts(), g.person.id

    def write() -> None:
        try:
            with parts.sessions.begin() as session:
                shown.note(session, who, version, BANNER, parts.clock())
        except SQLAlchemyError as error:
            log.warning("a policy notice was not written down: %s", type(error).__name__)

    response.call_on_close(write)
    return response
