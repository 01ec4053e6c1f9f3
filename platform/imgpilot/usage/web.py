"""Watches an application's requests and writes the usage log, after the answer is out (policy P05).

One line for each request of a page or a feature. No line for what belongs to a page that has one: files of the site,
pictures shown on a page, pieces that a script asks for, streams that stay open; and none for what machines ask. Any of
these that fails (500 and more) gets its line.
"""

import logging
import time
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Response, g, request
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from imgpilot import visitors, web
from imgpilot.accounts import browsers
from imgpilot.usage import lines
from imgpilot.usage.lines import Line

log = logging.getLogger(__name__)

#: Files of the site, whether we live, what programs look for at agreed places, our own sample page: nobody uses these
#: as features.
NOT_FEATURES = ("static", "machine.", "specimen.")
#: How an address that leads nowhere is called.
NOWHERE = "nothing there"


def mount(app: Flask) -> None:
    """Write the usage log for this app."""
    # First of all, so that everything is in the time; and before anything can fail.
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_note)
    handle = app.handle_user_exception

    def noting(error: Exception) -> Any:
        if not isinstance(error, HTTPException) or (error.code or 0) >= 400:
            g.usage_error = type(error).__name__
        return handle(error)

    app.handle_user_exception = noting  # type: ignore[assignment, method-assign]


def _begin() -> None:
    g.usage_began = time.monotonic()


def _note(response: Response) -> Response:
    if not is_use(response):
        return response
    parts, line = web.parts(), _line(response)

    def write() -> None:
        try:
            with parts.sessions.begin() as session:
                lines.write(session, line)
        except SQLAlchemyError as error:
            # Nobody gets to see this: the page is out. The class says enough; a text could quote the line.
            log.warning("a line of the usage log was not written: %s", type(error).__name__)

    response.call_on_close(write)
    return response


def is_use(response: Response) -> bool:
    """Whether this request gets a line; see the top of this module."""
    endpoint = request.endpoint or ""
    if endpoint.startswith(NOT_FEATURES) or request.method == "OPTIONS":
        return False
    if response.status_code >= 500 or request.method not in ("GET", "HEAD"):
        return True
    shown = (response.mimetype or "").startswith("image/") and "attachment" not in response.headers.get(
        "Content-Disposition", ""
    )
    # What a browser says it asks for: a page is a "document"; programs say nothing.
    piece = "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Dest", "document") != "document"
    return not (shown or piece or response.mimetype == "text/event-stream")


def _line(response: Response) -> Line:
    parts, agent = web.parts(), request.user_agent.string
    ours = [urlsplit(url).hostname or "" for url in (parts.settings.site_url, parts.settings.console_url)]
    return Line(
        at=parts.clock(),
        account_id=_who(),
        ip=visitors.address(parts.settings, request),
        browser=browsers.called(agent),
        device=lines.device_of(agent),
        feature=request.endpoint or NOWHERE,
        method=request.method,
        status=response.status_code,
        took_ms=int((time.monotonic() - g.get("usage_began", time.monotonic())) * 1000),
        referrer=lines.host_of(request.referrer, request.host.partition(":")[0], *ours),
        error=g.get("usage_error"),
    )


def _who() -> UUID | None:
    """Who was signed in, or whose token a program came with (imgpilot/api)."""
    if g.get("person") is not None:
        return cast(UUID, g.person.id)
    call = g.get("api_call")
    # Its identity, not its attribute: after a rollback that would ask the database, which may be what failed.
    known = inspect(call.account).identity if call is not None else None
    return cast(UUID, known[0]) if known else None
