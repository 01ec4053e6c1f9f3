"""Why staff look at what is masked, or fetch a file: chosen from a list, and written down with the looking (P18)."""

from compliance.errors import MoveRefused
from imgpilot.language import marked as _

#: The code stands in the audit log; the person reads the words in the privacy centre.
REASONS = {
    "answering a request": _("To answer the request"),
    "checking identity": _("To check who asks"),
    "complaint": _("To answer a complaint"),
    "legal demand": _("To answer an authority or a court"),
    "technical fault": _("To find a technical fault"),
}


def checked(reason: str) -> str:
    """The code, if it is one of the list. Raises MoveRefused."""
    if reason not in REASONS:
        raise MoveRefused(_("Choose why you need to see it: the person can read that you did, and why."))
    return reason
