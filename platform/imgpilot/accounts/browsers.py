"""A browser: what it calls itself, and the cookies it keeps for us.

No script reads the cookies and no other site is sent them.
"""

import re

from flask import current_app, request
from werkzeug.wrappers import Response

from imgpilot import cookies
from imgpilot.accounts import preferences
from imgpilot.cookies import Cookie

#: The sign-in's token, which means nothing to anybody but us.
COOKIE = cookies.SIGN_IN.name

#: The first that is found is it: the others name themselves too, to be let in everywhere.
_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\b(?:OPR|Opera)/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("WeChat", r"\bMicroMessenger/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|CriOS|Chromium|HeadlessChrome)/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("macOS", r"\bMac OS X\b"),
    ("Linux", r"\bLinux\b"),
)


def called(user_agent: str) -> str:
    """What its owner knows it by, the same in every language: "Firefox · Linux"; no more is kept. Or nothing."""
    return " · ".join(name for name in (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)) if name)


def token() -> str:
    """The token that the browser brought; it may mean nothing."""
    return request.cookies.get(COOKIE, "")


def chosen_theme() -> str | None:
    """The theme that was chosen before there was an account."""
    theme = request.cookies.get(cookies.THEME.name)
    return theme if theme in preferences.THEMES else None


def remember(response: Response, fresh: str) -> None:
    """Give the browser its token, or give it again for another while."""
    _keep(response, cookies.SIGN_IN, fresh)


def forget(response: Response) -> None:
    """Take the token back."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=_over_https())


def empty(response: Response) -> Response:
    """Have the browser throw away the pictures it keeps: they were for whoever was signed in, and for nobody else."""
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def mark(response: Response) -> None:
    """Keep for a day that no account could be made from this browser. It says nothing else."""
    _keep(response, cookies.NOT_YET, "1")


def is_marked() -> bool:
    """Whether this browser has that mark."""
    return cookies.NOT_YET.name in request.cookies


def keep_choice(response: Response, language: str | None, theme: str | None) -> Response:
    """Keep what was chosen; None is no choice."""
    for cookie, value in ((cookies.LANGUAGE, language), (cookies.THEME, theme)):
        if value:
            _keep(response, cookie, value)
    return response


def _keep(response: Response, cookie: Cookie, value: str) -> None:
    response.set_cookie(
        cookie.name, value, max_age=cookie.seconds, httponly=cookie.http_only, samesite="Lax", secure=_over_https()
    )


def _over_https() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, user_agent)), "")
