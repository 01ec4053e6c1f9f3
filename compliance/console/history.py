"""The last pages of a member of staff: what the cookie and the browser keep of them.

Flask-AppBuilder keeps their addresses in the cookie to find the way back. An address can hold what was searched for,
and so somebody's name; kept is only what our own pages need. The pages themselves no browser keeps.
"""

import re
from itertools import groupby
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Response, session

KEPT = {"view", "page", "pk"}
#: One of our own words, or a number.
_VALUE = re.compile(r"[a-z]{1,10}|[0-9]{1,10}")


def without_searches(address: str) -> str:
    """The address with nothing in its query but which view, which page and which row."""
    split = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(split.query) if name in KEPT and _VALUE.fullmatch(value)]
    return split._replace(query=urlencode(kept), fragment="").geturl()


def keep_searches_out(app: Flask) -> None:
    """Clean what is kept before it goes into the cookie, whichever page put it there."""

    @app.after_request
    def _clean(answer: Response) -> Response:
        if session.modified and "page_history" in session:
            # Two searches of one list are one page now.
            session["page_history"] = [page for page, _ in groupby(map(without_searches, session["page_history"]))]
        return answer


def keep_no_pages(app: Flask) -> None:
    """Whoever uses this computer next does not find a case, a person or a prompt with the Back button."""

    @app.after_request
    def _forget(answer: Response) -> Response:
        if answer.mimetype == "text/html":
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer
