"""Which steps each kind of request takes, in order, and what each is called to people."""

from compliance.requests.kinds import Kind
from imgpilot.language import marked as _

BEFORE_REVIEW = ("acknowledge", "count")

AFTER_APPROVAL: dict[Kind, tuple[str, ...]] = {
    Kind.ACCESS: ("build package", "tell ready"),
    Kind.DELETION: (
        "erase rows",
        "remove objects",
        "note recipients",
        "look again",
        "certify",
        "tell erased",
        "close",
    ),
}

#: What each step is called on the case page and in the certificate.
TITLES = {
    "acknowledge": _("Receipt sent to the person"),
    "count": _("Everything found and counted"),
    "build package": _("Package built and signed"),
    "tell ready": _("Person told that the package is ready"),
    "erase rows": _("Rows erased in one transaction"),
    "remove objects": _("Pictures and packages removed from the object store"),
    "note recipients": _("Companies that received data written down"),
    "look again": _("Every table and the object store searched again"),
    "certify": _("Certificate made and signed"),
    "tell erased": _("Certificate sent to the person"),
    "close": _("Contact address cleared, last search done"),
    "tell refusal": _("Refusal sent to the person, with reasons"),
}
