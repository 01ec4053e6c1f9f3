"""How the product looks and speaks to one person: language and theme."""

import config
from imgpilot.accounts.errors import AccountError
from imgpilot.accounts.models import Account
from imgpilot.language import marked as _

#: "system" follows the device.
THEMES = ("system", "light", "dark")


def check(language: str | None, theme: str | None) -> None:
    """Raises AccountError unless each is one that we have; None is no choice."""
    if language not in (None, *config.LANGUAGES) or theme not in (None, *THEMES):
        raise AccountError(_("We do not have that language or theme. Nothing was changed."))


def choose(account: Account, language: str | None, theme: str | None) -> None:
    """Keep what was chosen (see `check`) with the account; None leaves it as it is."""
    account.language = language or account.language
    account.theme = theme or account.theme
