"""What is said to people about their own data, as staff say it: "the account" and not "your account".

The words stand beside each table, and are said to the person whose data it is. Who reads them here is somebody else.
"""

from compliance.console.spoken import gettext
from imgpilot.language import marked as _

#: What is said to the person, and what staff read instead. tests/console/test_own_words.py finds what is missing.
STAFF_SAY = {
    "your account": _("account"),
    "your e-mail address": _("e-mail address"),
    "accounts elsewhere that you sign in with": _("accounts elsewhere to sign in with"),
    "calls of your programs": _("calls of programs"),
    "changes of your e-mail address": _("changes of the e-mail address"),
    "choices you made about your data": _("privacy choices"),
    "collections of your pictures": _("collections of pictures"),
    "downloads of your packages": _("downloads of packages"),
    "files that came with your requests": _("files that came with requests"),
    "letters about your requests": _("letters about requests"),
    "lines in your credit ledger": _("lines in the credit ledger"),
    "lines in your disclosure log": _("lines in the disclosure log"),
    "links to your packages": _("links to packages"),
    "messages to your programs": _("messages to programs"),
    "notes of staff on your requests": _("notes of staff on requests"),
    "pictures you made": _("pictures made here"),
    "plans for your requests": _("plans for requests"),
    "public pages of your pictures": _("public pages of pictures"),
    "reference pictures you uploaded": _("uploaded reference pictures"),
    "restrictions of your data": _("restrictions"),
    "statements you added to your data": _("statements added to the data"),
    "steps of your requests": _("steps of requests"),
    "timeline lines of your requests": _("timeline lines of requests"),
    "versions of the policy that you were shown": _("versions of the policy that were shown"),
    "webhooks of your programs": _("webhooks of programs"),
    "which pictures are in your collections": _("which pictures are in collections"),
    "which reference pictures you used": _("which reference pictures were used"),
    # How long it is kept.
    "while your account lives": _("while the account lives"),
    "until you delete them or your account": _("until they or the account are deleted"),
    "until you take it back, or the picture goes": _("until it is taken back, or the picture goes"),
    # What a request is about.
    "you need it for a legal claim": _("they need it for a legal claim"),
    "you objected, and that is not decided yet": _("they objected, and that is not decided yet"),
}


def own(text: str) -> str:
    """A text that is marked for translation and made for the person, as staff say it, in the page's language."""
    return gettext(STAFF_SAY.get(text, text)) if text else ""
