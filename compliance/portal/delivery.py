"""Fetching a package: by a link that works once, from a browser whose owner proved minutes ago to be the person.

The link never goes by mail: whoever reads the mail would have everything (11 CCR 7061; policy P18).
"""

import logging
from collections.abc import Generator, Iterator
from uuid import UUID

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from compliance.portal.pages import own, spoken
from compliance.requests import downloads
from compliance.requests.downloads import LinkOver
from compliance.requests.models import Package, PrivacyRequest
from compliance.vault import Locked
from imgpilot import web
from imgpilot.accounts.again import fresh_required
from imgpilot.accounts.people import person_required
from imgpilot.errors import NotThere, PersonalError, StorageError
from imgpilot.language import marked as _

log = logging.getLogger(__name__)

pages = Blueprint("delivery", __name__, template_folder="templates")


class NotNow(PersonalError):
    """The object store does not answer. The link is not used up."""

    status = 503


def mount(app: Flask) -> None:
    """Put the fetching of packages on the site."""
    app.register_blueprint(pages)


@pages.post("/privacy/requests/<uuid:request_id>/package/link")
@fresh_required
def link(request_id: UUID) -> ResponseReturnValue:
    """Make a link and go there: the browser saves the file and stays on the page it is on."""
    session, parts = web.session(), web.parts()
    token = downloads.make_link(session, parts.settings, own(request_id), parts.clock())
    session.commit()
    return redirect(url_for(".package", request_id=request_id, token=token), 303)


@pages.get("/privacy/requests/<uuid:request_id>/package/<token>")
@person_required
def package(request_id: UUID, token: str) -> ResponseReturnValue:
    """The package, once. Asking with HEAD how large it is uses nothing up."""
    session, parts = web.session(), web.parts()
    mine, now = own(request_id), parts.clock()
    try:
        found = downloads.look(session, parts.settings, mine, token, now)
        if request.method == "HEAD":
            return _answer(mine, found, ())
        pieces = downloads.opened(parts.storage, parts.settings, found)
        try:
            # Used up before the first byte goes out: what breaks off later is fetched with a new link.
            downloads.use(session, parts.settings, mine, token, now)
            session.commit()
        except BaseException:
            pieces.close()
            raise
    except LinkOver as over:
        said = over.said(spoken())
        return render_template("portal/delivery/link_over.html", one=mine, said=said), over.status
    except (Locked, NotThere) as error:
        _tell_staff(found, error)
        return render_template("portal/delivery/locked.html", one=mine), 500
    except StorageError:
        raise NotNow(_("Your package could not be read just now. Your link still works; try it in a minute.")) from None
    return _answer(mine, found, _sent(pieces, found))


def _answer(mine: PrivacyRequest, found: Package, pieces: Iterator[bytes] | tuple[()]) -> Response:
    answer = Response(pieces, mimetype=found.media_type)
    name = mine.case if found.kind == "export" else f"{mine.case}-{found.kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    # What lies in the store is longer; this is what arrives. If it breaks off, the browser sees that some is missing.
    answer.headers["Content-Length"] = str(found.bytes)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _sent(pieces: Generator[bytes, None, None], found: Package) -> Generator[bytes, None, None]:
    try:
        yield from pieces
    except Locked as error:
        # Part of it is out; the connection breaks off, shorter than it promised.
        _tell_staff(found, error)
        raise
    finally:
        pieces.close()


def _tell_staff(found: Package, error: Exception) -> None:
    """In the log, by the ids of our own rows: nothing of the person, and nothing of the key."""
    log.error("package %s of request %s does not open: %s", found.id, found.request_id, type(error).__name__)
