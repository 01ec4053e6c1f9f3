"""Words in a person's language, with or without a web request around them (mail, PDF, the worker)."""

from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel import Locale
from babel.support import Translations

import config

FOLDER = Path(__file__).parent / "translations"
DEFAULT = "en"


def marked(text: str) -> str:
    """Marks text for translation (import it as `_`); it is translated where it is shown."""
    return text


def known(language: str | None) -> str:
    """The language we speak that is meant by this code ("zh-CN", "zh_Hans", "en-GB"); English if none."""
    code = (language or "").replace("-", "_")
    if code in config.LANGUAGES:
        return code
    return "zh_Hans" if code.lower().startswith("zh") else DEFAULT


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations of one language."""
    return Translations.load(FOLDER, [known(language)])


def translate(language: str, text: str, **values: object) -> str:
    """The text in that language, with %(name)s filled in."""
    said = catalogue(language).gettext(text)
    return said % values if values else said


def translate_count(language: str, one: str, many: str, count: int, **values: object) -> str:
    """The text for that number; %(num)s is the number."""
    return catalogue(language).ngettext(one, many, count) % {"num": count, **values}


def locale(language: str) -> Locale:
    """Babel's locale, for dates and numbers. English dates are written day first: 23 November 2026."""
    code = known(language)
    return Locale.parse("en_GB" if code == "en" else code)


def tag(language: str) -> str:
    """The HTML language tag: zh-Hans."""
    return known(language).replace("_", "-")
