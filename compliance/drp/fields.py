"""Reads one claim of a message: its type, its length, its form. No error says what was in it."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from compliance.drp.errors import BadCallback, BadClaim

#: As long as the column that keeps it.
LONGEST_CALLBACK = 400
_LINES = "\r\n\t"
#: A DNS name with a dot that ends in letters. No spelling of an IP address ends so: not 127.1, not 0x7f000001.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})")
#: Names that never lead to a public host (RFC 6761, 6762, 7686, 8375, 9476; ICANN's reservation of .internal).
_NOT_PUBLIC = re.compile(
    r"(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|test|invalid|onion|alt|home\.arpa)$"
)
_WRITTEN = re.compile(r"[A-Za-z0-9._~:/?@!$&'()*+,;=%-]+")  # RFC 3986, without fragment and IP literal
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def text(message: Mapping[str, Any], name: str, longest: int, *, lines: bool = False) -> str | None:
    """The claim's text; None if it is missing, null or blank. `lines`: it may have line breaks. Raises BadClaim."""
    value = message.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > longest:
        raise BadClaim(name, f"a text of at most {longest} characters")
    for character in value:
        # Control characters forge lines and break databases; half surrogates cannot be written at all.
        if unicodedata.category(character) in ("Cc", "Cs") and not (lines and character in _LINES):
            raise BadClaim(name, "a text without control characters")
    return value.strip() or None


def truth(message: Mapping[str, Any], name: str) -> bool:
    """The claim's yes or no; no if it is missing. The text "true" is neither. Raises BadClaim."""
    value = message.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise BadClaim(name, "true or false")
    return value


def moment(message: Mapping[str, Any], name: str) -> datetime:
    """The claim's instant. Raises BadClaim if it is missing or does not say its zone."""
    try:
        found = datetime.fromisoformat(text(message, name, 64) or "")
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None:
        raise BadClaim(name, "an ISO 8601 time with its zone")
    return found


def phone(message: Mapping[str, Any], name: str) -> str | None:
    """The telephone number in E.164; spaces and the like between its digits are dropped. Raises BadClaim."""
    written = text(message, name, 40)
    if written is None:
        return None
    number = re.sub(r"[ ().-]", "", written)
    if not _PHONE.fullmatch(number):
        raise BadClaim(name, "a telephone number in E.164, like +14155550123")
    return number


def hints(message: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A short list of short texts; empty if it is missing. Raises BadClaim."""
    value = message.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > 20:
        raise BadClaim(name, "a list of at most 20 texts")
    found = [text({name: one}, name, 100) for one in value]
    return tuple(one for one in found if one)


def callback(message: Mapping[str, Any], name: str) -> str | None:
    """The address to tell of changes, by its form alone. Raises BadCallback.

    What the name leads to is not known here. Whoever calls it has to look at the address it resolves to, call that one,
    and follow no redirect.
    """
    value = message.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > LONGEST_CALLBACK or not _WRITTEN.fullmatch(value):
        raise BadCallback
    try:
        parts = urlsplit(value)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise BadCallback from None
    if parts.scheme != "https" or "@" in parts.netloc or port not in (None, 443):
        raise BadCallback
    if len(host) > 253 or not _HOST.fullmatch(host) or _NOT_PUBLIC.search(host):
        raise BadCallback
    return value
