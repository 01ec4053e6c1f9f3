"""What Bob tries: every route of the site that takes an id, with every id of Ana's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tests.world import Somebody


@dataclass(frozen=True)
class Hers:
    """The ids of Ana's rows, by what they are of, and the live link to her package."""

    ids: Mapping[str, tuple[UUID, ...]]
    token: str

    @property
    def every(self) -> set[UUID]:
        """All of them, whatever they are of."""
        return {one for some in self.ids.values() for one in some}


@dataclass(frozen=True)
class Try:
    """The kind of id that the route is made for, and what its form is sent with."""

    of: str
    sent: Mapping[str, str] = field(default_factory=dict)


WORDS = {"words": "You have overlooked the pictures that I made in March."}

#: (endpoint, method): what is tried there. A new route that takes an id needs a line here.
TRIES = {
    ("accounts.end_sign_in", "POST"): Try("sign-in"),
    ("gallery.image", "GET"): Try("image"),
    ("gallery.file", "GET"): Try("image"),
    ("gallery.thumbnail", "GET"): Try("image"),
    ("gallery.reference", "GET"): Try("reference"),
    ("generation.status", "GET"): Try("order"),
    ("portal.follow", "GET"): Try("request"),
    ("portal.appeal", "GET"): Try("request"),
    ("portal.appeal", "POST"): Try("request", WORDS),
    ("portal.withdraw", "POST"): Try("request"),
    ("portal.write", "GET"): Try("request"),
    ("portal.write", "POST"): Try("request", WORDS),
    ("delivery.link", "POST"): Try("request"),
    ("delivery.package", "GET"): Try("request"),
    ("drp.look", "GET"): Try("request"),
    ("drp.revoke", "DELETE"): Try("request"),
}

#: What these take is no id of anybody's row, and why nothing of Ana's can be reached with it.
NOT_IDS = {
    "static": "files of the site, the same for everybody",
    "portal.ask": "one of the eight kinds of request",
    "portal.law": "one of the eight kinds of request",
    "portal.switch": "a choice of one's own, by its name",
    "intake.answered": "yes or no",
    "intake.confirm": "the token of a mail is the key itself; its own test is below",
    "accounts.confirm": "the token of a mail is the key itself; its own test is below",
    "drp.set_up": "the public name of an agent; what is signed decides (tests/drp)",
    "drp.check": "the public name of an agent; the token decides (tests/drp)",
}

Make = Callable[[Somebody], Hers]
