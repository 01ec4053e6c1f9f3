"""The countries there are (ISO 3166-1), in a person's language."""

from collections.abc import Iterable
from functools import cache
from unicodedata import normalize

from imgpilot import language

#: Codes that Babel names and that are no countries: the EU, the euro area, the UN, far islands, unknown regions.
_NONE = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@cache
def listed(lang: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country, by name in that language."""
    named = language.locale(lang).territories.items()
    found = ((c, str(n)) for c, n in named if len(c) == 2 and c.isalpha() and c not in _NONE)
    # Åland stands with A.
    return tuple(sorted(found, key=lambda one: normalize("NFKD", one[1]).casefold()))


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code, _name in listed(language.DEFAULT))


def known(code: str) -> bool:
    """Whether this is the code of a country."""
    return code in _codes()


def guessed(languages: Iterable[str]) -> str:
    """The country of the first language tag that names one ("de-AT"); "" if none does."""
    for tag in languages:
        for piece in tag.replace("_", "-").split("-")[1:]:
            if known(piece.upper()):
                return piece.upper()
    return ""
