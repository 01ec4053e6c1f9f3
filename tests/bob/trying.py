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
    ("profile.end_token", "POST"): Try("token"),
    ("gallery.image", "GET"): Try("image"),
    ("gallery.file", "GET"): Try("image"),
    ("gallery.thumbnail", "GET"): Try("image"),
    ("gallery.removed_thumbnail", "GET"): Try("image"),
    ("gallery.reference", "GET"): Try("reference"),
    ("gallery.small_reference", "GET"): Try("reference"),
    ("handling.favourite", "POST"): Try("image", {"favourite": "1"}),
    ("handling.rename", "POST"): Try("collection", {"name": "BOB"}),
    ("handling.dissolve", "POST"): Try("collection"),
    ("generation.status", "GET"): Try("order"),
    ("generation.events", "GET"): Try("order"),
    ("generation.stop", "POST"): Try("image"),
    ("generation.stop_waiting", "POST"): Try("order"),
    ("sharing.panel", "GET"): Try("image"),
    ("sharing.publish", "POST"): Try("image", {"show_prompt": "1"}),
    ("sharing.end", "POST"): Try("image"),
    ("safety.refusal", "GET"): Try("refusal"),
    ("safety.appeal", "POST"): Try("refusal", {"appeal": "The picture shows a statue."}),
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

#: The addresses of the JSON interface that take an id.
API = (
    "api.read_job",
    "api.cancel_job",
    "api.read_image",
    "api.fetch_image",
    "api.change_image",
    "api.remove_image",
    "api.read_share",
    "api.change_share",
    "api.take_share_back",
    "api.read_webhook",
    "api.change_webhook",
    "api.remove_webhook",
    "api.test_webhook",
    "api.rotate_webhook",
)

#: What these take is no id of anybody's row, and why nothing of Ana's can be reached with it.
NOT_IDS = {
    "public.page": "what its owner made public, for whoever has the address (tests/sharing)",
    "public.card": "the same",
    "public.shown": "the same",
    "public.picture": "the same",
    "public.report": "what is said of a public page; nothing of it is shown",
    "public.reported": "thanks for it; the address is not looked up",
    "static": "files of the site, the same for everybody",
    "policy.one": "a version of the policy, the same for everybody",
    "policy.changes": "the same",
    "policies.seen": "the same; what is closed is one's own notice",
    "portal.ask": "one of the eight kinds of request",
    "portal.law": "one of the eight kinds of request",
    "portal.switch": "a choice of one's own, by its name",
    "intake.answered": "yes or no",
    "intake.confirm": "the token of a mail is the key itself; its own test is below",
    "email_change.confirm": "the token of a mail is the key itself (tests/accounts)",
    "accounts.confirm": "the token of a mail is the key itself; its own test is below",
    "api_pages.problem": "a kind of problem, the same for everybody",
    **dict.fromkeys(API, "a token decides; tests/api/test_bob.py tries each of them"),
    "drp.set_up": "the public name of an agent; what is signed decides (tests/drp)",
    "drp.check": "the public name of an agent; the token decides (tests/drp)",
}

Make = Callable[[Somebody], Hers]
