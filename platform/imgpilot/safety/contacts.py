"""E-mail addresses and phone numbers in a plain text (see safety.plain)."""

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

_LOCAL = re.compile(r"[A-Za-z0-9._%+'\u00c0-\u024f-]{1,64}$")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9@])")
#: Endings of files, for pictures for large screens: logo@2x.png.
_FILES = frozenset(("png", "jpg", "jpeg", "webp", "gif", "svg", "avif", "heic", "tiff", "bmp"))
#: The regions whose way to write a number without +country we know, by the script of the text around it.
HAN = ("CN", "TW", "HK")
LATIN = ("US", "GB", "DE", "FR", "ES", "IT", "AU", "IN", "BR")
_HAN = re.compile(r"[\u4e00-\u9fff]")
#: The fewest digits of a phone number in this world that is no short code.
_FEWEST = 7
_POSSIBLE = re.compile(r"\+ ?\d|\d[\d ()./-]{5,}\d")
_MOBILE_CN = re.compile(r"(?<![\dA-Za-z.,-])1[3-9]\d(?:\d{8}| \d{4} \d{4}|-\d{4}-\d{4})(?![\dA-Za-z])(?![.,-]\d)")
_SEED = re.compile(r"(?:seed|种子|種子)\W{0,3}$", re.IGNORECASE)
_GROUPS = re.compile(r"\d+")
_DIGIT = re.compile(r"\d")
#: A word that says that a phone number follows, at most NEAR characters before it.
NEAR = 24
NAMES = re.compile(
    r"\b(?:phone|telephone|tel|mobile|cell|call|ring|text|whatsapp|sms|fax|handy|telefon|tél|portable)\b|电话|電話|手机|手機|微信",
    re.IGNORECASE,
)


def found(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each."""
    yield from _addresses(text)
    if _POSSIBLE.search(text):
        yield from _phones(text)


def _addresses(text: str) -> Iterator[tuple[str, int, int]]:
    at = text.find("@")
    while at >= 0:
        local, domain = _LOCAL.search(text[max(0, at - 64) : at]), _DOMAIN.match(text, at + 1)
        name = local.group().lstrip(".'-") if local else ""
        if name and domain and domain.group().rpartition(".")[2].lower() not in _FILES:
            yield "e-mail", at - len(name), domain.end()
        at = text.find("@", at + 1)


def _phones(text: str) -> Iterator[tuple[str, int, int]]:
    yield from _matched(text, None)
    for match in _MOBILE_CN.finditer(text):
        if not _SEED.search(text[max(0, match.start() - 8) : match.start()]):
            yield "phone", match.start(), match.end()
    for region in HAN if _HAN.search(text) else LATIN:
        yield from _matched(text, region)


def _matched(text: str, region: str | None) -> Iterator[tuple[str, int, int]]:
    for match in PhoneNumberMatcher(text, region, leniency=Leniency.STRICT_GROUPING, max_tries=200):
        raw = match.raw_string
        if raw.startswith(("+", "(+")) or (
            region is not None and _as_phones_are(raw, text[max(0, match.start - NEAR) : match.start])
        ):
            yield "phone", match.start, match.end


def _as_phones_are(raw: str, before: str) -> bool:
    """Whether it is written as people write phone numbers, and not as sizes, years and versions are.

    `before` is what stands before it: after a word for it, less is asked of it.
    """
    if "." in raw or "/" in raw or len(_DIGIT.findall(raw)) < _FEWEST:
        return False
    if NAMES.search(before):
        return True
    groups = _GROUPS.findall(raw)
    return len(groups) > 1 and (raw.startswith(("0", "(")) or "-" in raw)
