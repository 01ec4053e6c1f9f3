"""Plain words for the terms of art: categories, countries, kinds of request. Translated where they are shown."""

from babel import Locale

from compliance.requests.kinds import Kind, State
from imgpilot.language import locale
from imgpilot.language import marked as _

#: What a Fideslang category is called to the person whose data it is. The longest key that fits is taken.
CATEGORIES = {
    "user.contact.email": _("your e-mail address"),
    "user.content.private": _("your prompt, your reference picture or your pictures"),
    "user": _("your data package"),
}

KINDS = {
    Kind.ACCESS: _("A copy of your data"),
    Kind.PORTABILITY: _("Your data for another service"),
    Kind.DELETION: _("Deletion of your account and pictures"),
    Kind.CORRECTION: _("Correction of your data"),
    Kind.RESTRICTION: _("Restriction of what we do with your data"),
    Kind.OBJECTION: _("Objection to what we do with your data"),
    Kind.CONSENT_WITHDRAWAL: _("Withdrawal of your consent"),
    Kind.OPT_OUT: _("Opt-out"),
}

#: The same, as staff say it.
ASKS_FOR = {
    Kind.ACCESS: _("Copy"),
    Kind.PORTABILITY: _("Portable copy"),
    Kind.DELETION: _("Deletion"),
    Kind.CORRECTION: _("Correction"),
    Kind.RESTRICTION: _("Restriction"),
    Kind.OBJECTION: _("Objection"),
    Kind.CONSENT_WITHDRAWAL: _("Consent withdrawal"),
    Kind.OPT_OUT: _("Opt-out"),
}

#: What a request can be about more exactly.
ABOUT = {
    "": "",
    "email": _("your e-mail address"),
    "other": _("something else"),
    "accuracy": _("something in it is wrong"),
    "unlawful": _("we should not have it, but it must not be deleted"),
    "claims": _("you need it for a legal claim"),
    "objection": _("you objected, and that is not decided yet"),
    "statistics": _("counting what is used"),
    "news": _("news by e-mail"),
    "sale-sharing": _("sale or sharing"),
    "sensitive": _("use of sensitive data"),
}

STATES = {
    State.PROVING: _("Identity to prove"),
    State.RECEIVED: _("New"),
    State.REVIEW: _("To decide"),
    State.SECOND: _("Second officer"),
    State.COOLING: _("Cooling off"),
    State.RUNNING: _("In progress"),
    State.ANSWERED: _("Answered"),
    State.REFUSED: _("Refused"),
    State.WITHDRAWN: _("Withdrawn"),
    State.MERGED: _("Merged"),
    State.APPEALED: _("Appealed"),
}


def category(key: str) -> str:
    """The plain words for a Fideslang category."""
    while key not in CATEGORIES:
        key = key.rpartition(".")[0] or "user"
    return CATEGORIES[key]


def country(code: str, language: str) -> str:
    """The country's name in that language; nothing for no country."""
    spoken: Locale = locale(language)
    return str(spoken.territories.get(code, code))


def capitalize_first(text: str) -> str:
    """The text as it begins a sentence or a cell."""
    return text[:1].upper() + text[1:]
