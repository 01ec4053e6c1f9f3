"""flask_babel's two functions with the types it does not declare. Their names stay, as translation looks for them."""

import flask_babel


def gettext(text: str, **values: object) -> str:
    """The text in the page's language, with %(name)s filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The text for that number; %(num)s is the number."""
    return str(flask_babel.ngettext(one, many, num, **values))
