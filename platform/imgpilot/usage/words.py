"""What each line of the usage log says to the person whose use it notes: words for every feature, declared here alone.

A feature is an endpoint of the site. One without words fails tests/usage/test_words.py.
"""

from collections.abc import Mapping
from functools import cache

from imgpilot.api.operations import everything
from imgpilot.language import marked as _

#: For each endpoint what was done with it; a pair where looking (GET) is not the same as sending (POST).
_SITE: Mapping[str, str | tuple[str, str]] = {
    "site.home": _("Opened the first page"),
    "accounts.sign_in": (_("Opened the sign-in page"), _("Asked for a sign-in link")),
    "accounts.sent": _("Was told that a sign-in link was sent"),
    "accounts.confirm": (_("Opened a sign-in link"), _("Signed in with a link")),
    "accounts.sign_out": _("Signed out"),
    "accounts.account": _("Opened the account page"),
    "accounts.preferences": _("Chose a language, theme or time zone"),
    "accounts.end_sign_in": _("Ended a sign-in of another browser"),
    "accounts.end_sign_ins": _("Ended all other sign-ins"),
    "again.ask": (_("Opened the page for proving that it is you"), _("Asked for a link to prove that it is you")),
    "again.sent": _("Was told that a link to prove that it is you was sent"),
    "email_change.ask": _("Asked for a new e-mail address"),
    "email_change.cancel": _("Took back a new e-mail address"),
    "email_change.confirm": (_("Opened a link for a new e-mail address"), _("Confirmed a new e-mail address")),
    "google.enter": _("Went to Google to sign in"),
    "google.back": _("Came back from Google"),
    "google.link": _("Went to Google to link it"),
    "google.prove": _("Went to Google to prove that it is you"),
    "google.sign_up": (_("Opened the question before an account"), _("Answered the question before an account")),
    "google.unlink": _("Unlinked Google"),
    "profile.name": _("Changed the name"),
    "profile.picture": _("Uploaded a portrait"),
    "profile.own_picture": _("Was shown the portrait"),
    "profile.remove_picture": _("Removed the portrait"),
    "profile.new_token": _("Made an API token"),
    "profile.end_token": _("Ended an API token"),
    "generation.studio": _("Opened the studio"),
    "generation.order": _("Ordered pictures"),
    "generation.add_reference": _("Uploaded a reference picture"),
    "generation.status": _("Looked at an order"),
    "generation.events": _("Followed an order"),
    "generation.stop": _("Stopped a picture"),
    "generation.stop_waiting": _("Stopped the pictures that waited"),
    "gallery.pictures": _("Opened the gallery"),
    "gallery.image": _("Opened a picture"),
    "gallery.file": _("Fetched a picture"),
    "gallery.thumbnail": _("Was shown a small picture"),
    "gallery.removed_thumbnail": _("Was shown a small picture"),
    "gallery.reference": _("Was shown a reference picture"),
    "gallery.small_reference": _("Was shown a reference picture"),
    "handling.collections": _("Opened the collections"),
    "handling.create": _("Made a collection"),
    "handling.rename": _("Renamed a collection"),
    "handling.dissolve": _("Deleted a collection"),
    "handling.collect": _("Put pictures into a collection"),
    "handling.uncollect": _("Took pictures out of a collection"),
    "handling.favour": _("Marked pictures as favourites"),
    "handling.favourite": _("Marked pictures as favourites"),
    "handling.download": _("Downloaded pictures"),
    "handling.remove": _("Deleted pictures"),
    "handling.delete": _("Deleted pictures for good"),
    "handling.restore": _("Brought deleted pictures back"),
    "sharing.shares": _("Opened the list of public pages"),
    "sharing.panel": _("Opened the share panel of a picture"),
    "sharing.publish": _("Published a picture"),
    "sharing.end": _("Took a public page back"),
    "sharing.end_all": _("Took all public pages back"),
    "public.page": _("Opened a public page"),
    "public.card": _("Was shown the picture of a public page"),
    "public.picture": _("Was shown the picture of a public page"),
    "public.shown": _("Was shown the picture of a public page"),
    "public.oembed": _("Another site asked about a public page"),
    "public.report": (_("Opened the form to report a public page"), _("Reported a public page")),
    "public.reported": _("Was told that a report came in"),
    "public.robots": _("A search engine asked what it may read"),
    "safety.refusals": _("Opened the list of refused prompts"),
    "safety.refusal": _("Opened a refused prompt"),
    "safety.appeal": _("Appealed against a refused prompt"),
    "policies.told": _("Read about cookies"),
    "policies.seen": _("Closed the notice of a new policy"),
    "policy.text": _("Read the privacy policy"),
    "policy.one": _("Read a version of the privacy policy"),
    "policy.every": _("Opened the versions of the privacy policy"),
    "policy.changes": _("Compared versions of the privacy policy"),
    "portal.centre": _("Opened the privacy centre"),
    "portal.choose": _("Opened the list of privacy requests"),
    "portal.ask": (_("Opened a form for a privacy request"), _("Made a privacy request")),
    "portal.law": _("Chose the country for a privacy request"),
    "portal.follow": _("Followed a privacy request"),
    "portal.write": (_("Opened the form to write about a privacy request"), _("Wrote about a privacy request")),
    "portal.withdraw": _("Took a privacy request back"),
    "portal.appeal": (_("Opened the form to appeal a decision"), _("Appealed a decision on a privacy request")),
    "portal.switch": _("Made a privacy choice"),
    "portal.end_restriction": _("Ended a restriction"),
    "portal.ledger": _("Looked at who received data"),
    "portal.ledger_csv": _("Fetched the list of who received data"),
    "portal.seen": _("Looked at which staff saw data"),
    "delivery.link": _("Asked for a link to a package of data"),
    "delivery.package": _("Fetched a package of data"),
    "intake.choose": _("Opened the form to ask without an account"),
    "intake.ask": _("Asked without an account"),
    "intake.sent": _("Was told that a confirmation link was sent"),
    "intake.confirm": (_("Opened a link to confirm a privacy request"), _("Confirmed a privacy request")),
    "intake.answered": _("Was told that a privacy request is confirmed"),
    "api_pages.guide": _("Read about the interface for programs"),
    "api_pages.problem": _("Read about an error of the interface for programs"),
    "api.openapi": _("A program read the description of the interface"),
    "api.upload_reference": _("A program uploaded a reference picture"),
    "drp.ask": _("An agent's system made a privacy request"),
    "drp.check": _("An agent's system checked its key"),
    "drp.look": _("An agent's system asked about a privacy request"),
    "drp.mailed": _("Opened the page for agents"),
    "drp.revoke": _("An agent's system took a privacy request back"),
    "drp.set_up": _("An agent's system was set up"),
    "knocks.fal": _("A provider told of a finished picture"),
    "knocks.replicate": _("A provider told of a finished picture"),
    "nothing there": _("Opened an address where nothing is"),
}

#: What a program did with the interface, by the tag of the operation: reading, and anything else.
_PROGRAMS: Mapping[str, tuple[str, str]] = {
    "Account": (_("A program read the account"), _("A program changed the account")),
    "Jobs": (_("A program looked at orders"), _("A program ordered or stopped pictures")),
    "Images": (_("A program read pictures"), _("A program changed pictures")),
    "Shares": (_("A program looked at public pages"), _("A program published or took back a picture")),
    "Webhooks": (_("A program looked at webhooks"), _("A program changed webhooks")),
}


def words(feature: str, method: str) -> str | None:
    """What a line of the log with this feature and method says, marked for translation. None: a feature of old."""
    said = _SITE.get(feature) or _programs().get(feature)
    if isinstance(said, tuple):
        return said[0 if method in ("GET", "HEAD") else 1]
    return said


def every() -> dict[str, str]:
    """What each feature says, marked for translation; of a pair both, with a stroke between."""
    said = _programs() | dict(_SITE)
    return {feature: " / ".join(each) if isinstance(each, tuple) else each for feature, each in said.items()}


@cache
def _programs() -> dict[str, tuple[str, str]]:
    return {f"api.{each.name}": _PROGRAMS[each.tag] for each in everything()}
