"""Everything that this product stores in a browser: the only list of it (policy P06).

What sets a cookie takes its name and its life from here; the page /cookies is made from it; and a test visits every
page in a real browser and finds nothing else. Nothing here is for advertising or for following anybody, so nothing
needs consent (ePrivacy Directive, Art. 5(3)).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import config
from imgpilot.accounts.sign_ins import LASTS
from imgpilot.language import marked as _


class Need(StrEnum):
    """Why it is there."""

    NECESSARY = "necessary"
    PREFERENCE = "preference"


class Kind(StrEnum):
    """How it is stored."""

    COOKIE = "cookie"
    LOCAL = "localStorage"
    SESSION = "sessionStorage"


@dataclass(frozen=True, slots=True)
class Cookie:
    """One thing that is stored. `lasts`: None is until the browser is closed."""

    name: str
    what: str
    lasts: timedelta | None
    need: Need
    #: "site" or "console": which of the two applications sets it.
    app: str = "site"
    #: Whether no script can read it. Every cookie of ours.
    http_only: bool = True
    kind: Kind = Kind.COOKIE
    set_by: str = config.PRODUCT

    @property
    def seconds(self) -> int:
        """How long it lasts; 0: until the browser is closed."""
        return int(self.lasts.total_seconds()) if self.lasts else 0


SIGN_IN = Cookie(
    "imgpilot_sign_in",
    _("Keeps you signed in. It is a random text that means nothing to anybody but us. It is there once you sign in."),
    LASTS,
    Need.NECESSARY,
)
SESSION = Cookie(
    "imgpilot_site",
    _(
        "Protects forms against being sent by other sites, and carries a message such as “Saved” to the next page. "
        "While you sign up with Google it holds, for at most a quarter of an hour, what Google said of you."
    ),
    None,
    Need.NECESSARY,
)
LANGUAGE = Cookie("lang", _("The language you chose."), timedelta(days=365), Need.PREFERENCE)
THEME = Cookie("theme", _("Light, dark, or as the device."), timedelta(days=365), Need.PREFERENCE)
NOT_YET = Cookie(
    "not_yet",
    _("After somebody who is too young wanted an account: that this browser does not ask again at once."),
    timedelta(hours=24),
    Need.NECESSARY,
)
CONSOLE = Cookie(
    "imgpilot_console",
    _("For our staff, where they work: keeps them signed in and protects their forms."),
    None,
    Need.NECESSARY,
    app="console",
)

EVERYTHING = (SIGN_IN, SESSION, LANGUAGE, THEME, NOT_YET, CONSOLE)


def on(app: str) -> tuple[Cookie, ...]:
    """What this application stores of its own."""
    return tuple(one for one in EVERYTHING if one.app == app)


def names(kind: Kind = Kind.COOKIE) -> frozenset[str]:
    """The names of everything of this kind, of either application."""
    return frozenset(one.name for one in EVERYTHING if one.kind is kind)
