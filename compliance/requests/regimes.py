"""The privacy laws a request can fall under: what each gives a person, and in what time. Data; no arithmetic here.

The numbers are those of the regulation notes (November 2026), checked against copies of the laws where one was found.
Where the notes or the law leave something open, the safer number stands here and `note` tells the staff so. clocks.py
counts with them.
"""

from collections.abc import Iterable

from compliance.requests.regimes_changed import with_changes
from compliance.requests.regimes_europe import EEA, GDPR, UK_GDPR
from compliance.requests.regimes_terms import APPEAL_WITHIN, Appeal, Extension, Pause, Period, Regime, Terms, Unit
from compliance.requests.regimes_usa import CCPA, STATES, US_OTHER
from compliance.requests.regimes_world import OTHERS

__all__ = [
    "APPEAL_WITHIN",
    "CCPA",
    "EEA",
    "GDPR",
    "REGIMES",
    "UK_GDPR",
    "Appeal",
    "Extension",
    "Pause",
    "Period",
    "Regime",
    "Terms",
    "Unit",
    "country_code",
    "for_place",
    "with_changes",
]

#: Codes that people write for a country, and the ISO 3166 one.
_ALSO_WRITTEN = {"UK": "GB", "EL": "GR"}

REGIMES: dict[str, Regime] = {law.key: law for law in (GDPR, UK_GDPR, CCPA, *STATES, US_OTHER, *OTHERS)}


def _by_place(laws: Iterable[Regime]) -> dict[str, Regime]:
    return {place: law for law in laws for place in law.places}


_PLACES = _by_place(REGIMES.values())


def country_code(country: str) -> str:
    """The ISO 3166 code in capitals ("uk" → "GB"); "" stays ""."""
    code = country.strip().upper()
    return _ALSO_WRITTEN.get(code, code)


def for_place(country: str, subdivision: str | None = None) -> Regime:
    """The law that applies to a person who lives there. Where we know none it is the GDPR, the strictest we know.

    `country` is an ISO 3166 code; `subdivision` its part, as "VA" or "US-VA".
    """
    land = country_code(country)
    part = (subdivision or "").strip().upper().removeprefix(f"{land}-")
    return _PLACES.get(f"{land}-{part}") or _PLACES.get(land) or GDPR
