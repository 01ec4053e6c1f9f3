"""Where a person says they live: the countries and states to choose from, and the time zone that goes with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

from babel import Locale

from compliance.requests.regimes import country_code
from imgpilot.language import locale

#: Territories of CLDR that are no country anybody lives in.
_NO_COUNTRY = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}

#: The parts whose own law or authority counts. Their names are names: they are not translated.
PARTS: dict[str, dict[str, str]] = {
    "US": {
        "AL": "Alabama",
        "AK": "Alaska",
        "AZ": "Arizona",
        "AR": "Arkansas",
        "CA": "California",
        "CO": "Colorado",
        "CT": "Connecticut",
        "DE": "Delaware",
        "DC": "District of Columbia",
        "FL": "Florida",
        "GA": "Georgia",
        "HI": "Hawaii",
        "ID": "Idaho",
        "IL": "Illinois",
        "IN": "Indiana",
        "IA": "Iowa",
        "KS": "Kansas",
        "KY": "Kentucky",
        "LA": "Louisiana",
        "ME": "Maine",
        "MD": "Maryland",
        "MA": "Massachusetts",
        "MI": "Michigan",
        "MN": "Minnesota",
        "MS": "Mississippi",
        "MO": "Missouri",
        "MT": "Montana",
        "NE": "Nebraska",
        "NV": "Nevada",
        "NH": "New Hampshire",
        "NJ": "New Jersey",
        "NM": "New Mexico",
        "NY": "New York",
        "NC": "North Carolina",
        "ND": "North Dakota",
        "OH": "Ohio",
        "OK": "Oklahoma",
        "OR": "Oregon",
        "PA": "Pennsylvania",
        "RI": "Rhode Island",
        "SC": "South Carolina",
        "SD": "South Dakota",
        "TN": "Tennessee",
        "TX": "Texas",
        "UT": "Utah",
        "VT": "Vermont",
        "VA": "Virginia",
        "WA": "Washington",
        "WV": "West Virginia",
        "WI": "Wisconsin",
        "WY": "Wyoming",
    },
    "CA": {
        "AB": "Alberta",
        "BC": "British Columbia",
        "MB": "Manitoba",
        "NB": "New Brunswick",
        "NL": "Newfoundland and Labrador",
        "NT": "Northwest Territories",
        "NS": "Nova Scotia",
        "NU": "Nunavut",
        "ON": "Ontario",
        "PE": "Prince Edward Island",
        "QC": "Quebec",
        "SK": "Saskatchewan",
        "YT": "Yukon",
    },
}

#: The time zone in which most people of a place live; the day of receipt is counted there. UTC for the rest.
_ZONES = {
    "AT": "Europe/Vienna",
    "AU": "Australia/Sydney",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CA-AB": "America/Edmonton",
    "CA-BC": "America/Vancouver",
    "CA-MB": "America/Winnipeg",
    "CA-NL": "America/St_Johns",
    "CA-NS": "America/Halifax",
    "CA-SK": "America/Regina",
    "CH": "Europe/Zurich",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "HK": "Asia/Hong_Kong",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "ID": "Asia/Jakarta",
    "IE": "Europe/Dublin",
    "IN": "Asia/Kolkata",
    "IS": "Atlantic/Reykjavik",
    "IT": "Europe/Rome",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "LI": "Europe/Vaduz",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "NZ": "Pacific/Auckland",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest",
    "SE": "Europe/Stockholm",
    "SG": "Asia/Singapore",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
    "TH": "Asia/Bangkok",
    "TR": "Europe/Istanbul",
    "TW": "Asia/Taipei",
    "US": "America/New_York",
    "ZA": "Africa/Johannesburg",
} | {
    f"US-{state}": zone
    for zone, states in {
        "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
        "America/Denver": "CO ID MT NM UT WY",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA NV OR WA",
        "America/Anchorage": "AK",
        "Pacific/Honolulu": "HI",
    }.items()
    for state in states.split()
}


@dataclass(frozen=True)
class Place:
    """Where somebody lives: ISO 3166 country ("" if not said) and, where it matters, its part ("VA")."""

    country: str = ""
    part: str = ""

    @property
    def known(self) -> bool:
        """Whether it says enough to know which law applies: a country, and in a federal one its part."""
        return bool(self.country) and (self.country not in PARTS or self.part in PARTS[self.country])

    @property
    def zone(self) -> str:
        """The time zone in which most people there live."""
        return _ZONES.get(f"{self.country}-{self.part}") or _ZONES.get(self.country, "UTC")


def read(country: str, part: str) -> Place:
    """The place that was chosen. What is no country we list counts as not chosen; `part` as "US-VA" or "VA"."""
    land = country_code(country)
    if land not in dict(countries("en")):
        return Place()
    code = part.strip().upper().removeprefix(f"{land}-")
    return Place(land, code if code in PARTS.get(land, {}) else "")


def guess(languages: Iterable[str]) -> Place:
    """The country of the first language tag that names one ("de-AT"); none is better than a wrong one."""
    for tag in languages:
        for piece in tag.replace("_", "-").split("-")[1:]:
            if len(piece) == 2 and (found := read(piece, "")).country:
                return found
    return Place()


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country, by name in that language."""
    spoken: Locale = locale(language)
    found = ((c, str(n)) for c, n in spoken.territories.items() if len(c) == 2 and c.isalpha() and c not in _NO_COUNTRY)
    # Åland stands with A.
    return tuple(sorted(found, key=lambda one: normalize("NFKD", one[1]).casefold()))
