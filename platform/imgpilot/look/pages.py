"""What every page's frame asks: its language, its theme, what htmx may do, which pages there are."""

import json
from itertools import count

from flask import current_app, g, request
from flask_babel import get_locale
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from imgpilot import language

THEMES = ("light", "dark")

#: What htmx may do: nothing injected, evaluated or stored, no other host, no script out of a fragment. A form that
#: is answered 422 is swapped in with its errors; any other error is said in the page's words (imgpilot.js).
#: The policy's nonce is not handed over on purpose: a script that came with a fragment would run with it.
_HTMX_2: dict[str, object] = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
    "historyEnabled": False,
    "attributesToSettle": ["class", "width", "height"],
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "...", "swap": False, "error": True},
    ],
}
#: The same as version 4 calls it; it has no eval to forbid but what the policy forbids.
_HTMX_4: dict[str, object] = {
    "includeIndicatorCSS": False,
    "mode": "same-origin",
    "noSwap": [204, 304, 400, 403, 404, 405, 410, 413, 429, "5xx"],
    "transitions": False,
}


def lang() -> str:
    """The HTML language tag of this answer: en, zh-Hans."""
    return language.tag(str(get_locale()))


def theme() -> str:
    """The theme the person chose, "light" or "dark"; empty: the system's."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""


def htmx_config() -> str:
    """The content of htmx's meta element."""
    return json.dumps(_HTMX_2 | _HTMX_4)


def has_page(path: str) -> bool:
    """Whether this app answers GET on the path, so that a frame links only to what is there."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


def unique(stem: str) -> str:
    """An id that no other element of this answer has."""
    if "look_ids" not in g:
        g.look_ids = count(1)
    return f"{stem}-{next(g.look_ids)}"
