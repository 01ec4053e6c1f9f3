"""What each role may do, in words, made from the table of rights (compliance.console.roles)."""

from flask_babel import gettext

from compliance.console.roles import EVERYBODY, who_may
from imgpilot.language import marked as _

ROLES_IN_ORDER = ("Admin", *EVERYBODY)
#: A right of the table, and how one says it. Rights that go with another are not named.
WORDS = (
    ("Requests", "can_list", _("See the queue")),
    ("Cases", "can_show", _("Read a case, masked")),
    ("Cases", "can_unmask", _("See what is masked, for a reason that is written down")),
    ("People", "can_find", _("Search and read people, masked")),
    ("Deeds", "can_comment", _("Comment, and give a case to somebody")),
    ("Deeds", "can_work", _("Work on a case: confirm receipt, ask for more, pause, merge, withdraw")),
    ("Entry", "can_enter", _("Write down what came by post, mail or telephone")),
    ("Deeds", "can_decide", _("Decide: approve, refuse, extend, open again")),
    ("Deeds", "can_second", _("Agree to what an officer proposed, decide appeals")),
    ("Holds", "can_place", _("Place and lift legal holds and restrictions")),
    ("Appeals", "can_decide", _("Decide appeals against refused prompts")),
    ("Texts", "can_change", _("Change the texts of letters")),
    ("Regimes", "can_propose", _("Propose other times for a law")),
    ("Regimes", "can_agree", _("Agree to times that somebody else proposed")),
    ("Agents", "can_change", _("Add and disable authorised agents")),
    ("Interface", "can_open", _("Open cases from another system")),
    ("UserDBModelView", "can_edit", _("Add and change members of staff and their roles")),
)


def said(role: str) -> list[tuple[str, bool]]:
    """(what can be done, whether this role may) in the page's language, in the order of a case's life."""
    return [(gettext(words), role == "Admin" or role in (who_may(view, name) or ())) for view, name, words in WORDS]
