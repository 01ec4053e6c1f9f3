"""How the product looks and speaks to one person: language, theme, and the zone in which times are shown."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import config
from imgpilot.accounts.errors import AccountError
from imgpilot.accounts.models import Account
from imgpilot.language import marked as _

#: "system" follows the device.
THEMES = ("system", "light", "dark")
#: What stands for "none chosen": times are shown in UTC.
UTC = ""


@cache
def zones() -> dict[str, tuple[tuple[str, str], ...]]:
    """The zones to choose from by continent: {"Europe": (("Europe/Berlin", "Berlin"), …)}."""
    listed: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones()):
        area, _slash, place = name.partition("/")
        if place and area not in ("Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico", "posix", "right"):
            listed.setdefault(area, []).append((name, place.replace("_", " ").replace("/", " – ")))
    return {area: tuple(found) for area, found in listed.items()}


@cache
def _known() -> frozenset[str]:
    return frozenset(name for found in zones().values() for name, _words in found)


def zone(name: str) -> ZoneInfo | None:
    """The zone of that name; None for one that there is not, or not any more."""
    return ZoneInfo(name) if name in _known() else None


def check(language: str | None, theme: str | None, timezone: str | None = None) -> None:
    """Raises AccountError unless each is one that we have; None is no choice."""
    if language not in (None, *config.LANGUAGES) or theme not in (None, *THEMES):
        raise AccountError(_("We do not have that language or theme. Nothing was changed."))
    if timezone not in (None, UTC) and timezone not in _known():
        raise AccountError(_("We do not know that time zone. Nothing was changed."))


def choose(account: Account, language: str | None, theme: str | None, timezone: str | None = None) -> None:
    """Keep what was chosen (see `check`) with the account; None leaves it as it is."""
    account.language = language or account.language
    account.theme = theme or account.theme
    account.timezone = account.timezone if timezone is None else timezone
