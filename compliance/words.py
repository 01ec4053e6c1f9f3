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
    Kind.DELETION: _("Deletion of your account and pictures"),
}

#: The same, as staff say it.
ASKS_FOR = {Kind.ACCESS: _("Copy"), Kind.DELETION: _("Deletion")}

STATES = {
    State.RECEIVED: _("New"),
    State.REVIEW: _("To decide"),
    State.RUNNING: _("In progress"),
    State.ANSWERED: _("Answered"),
    State.REFUSED: _("Refused"),
    State.WITHDRAWN: _("Withdrawn"),
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
