"""What an entry may say: numbers, yes or no, and our own words. Whatever could be about a person is refused."""

import re
from collections.abc import Mapping
from typing import TypeAlias

import rfc8785

from compliance.errors import ComplianceError

Fact: TypeAlias = "int | bool | str | list[Fact] | dict[str, Fact]"

LONGEST = 120
#: Canonical bytes of all facts of one entry, and how deep they nest: an entry is a line, not a document.
LARGEST = 8 * 1024
DEEPEST = 6
#: RFC 8785 numbers are IEEE doubles; a larger integer is written as a string.
EXACT = 2**53 - 1

#: One token (a digest, an id, a time, a case number), or a few of our own lower-case words. Not '@', which is in
#: every address; not '/', which is in every object key, where it follows an account's number; no capitals
#: beside a space, which is how people are named; no '+' in front, which is how telephone numbers begin.
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]*")
_WORDS = re.compile(r"[a-z][a-z0-9-]*(?: [a-z0-9-]+){1,7}")
_DOTTED = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])")
#: Either only an IPv6 address has: two colons in a row, or five groups. A time has three.
_COLONS = re.compile(r"::|(?:[0-9A-Fa-f]{1,4}:){4}")


class NotForTheLog(ComplianceError):
    """Something that was to be logged is, or could be, about a person. The message never quotes it."""


def checked(facts: Mapping[str, object]) -> dict[str, Fact]:
    """The facts as they are stored, or NotForTheLog."""
    clean = _dict(facts, "facts", 1)
    if len(rfc8785.dumps(clean)) > LARGEST:
        raise NotForTheLog(f"facts take more than {LARGEST} bytes")
    return clean


def _fact(value: object, where: str, depth: int) -> Fact:
    if depth > DEEPEST:
        raise NotForTheLog(f"{where} nests too deep")
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) <= EXACT else str(int(value))
    if isinstance(value, str):
        return _text(str(value), where)
    if isinstance(value, Mapping):
        return _dict(value, where, depth + 1)
    if isinstance(value, list | tuple):
        return [_fact(item, f"{where}[{i}]", depth + 1) for i, item in enumerate(value)]
    raise NotForTheLog(f"{where} is a {type(value).__name__}; only int, bool, str, list and dict may be logged")


def _dict(value: Mapping[str, object], where: str, depth: int) -> dict[str, Fact]:
    if not all(isinstance(key, str) for key in value):
        raise NotForTheLog(f"a key of {where} is not a string")
    # A key is checked before it may stand in a message.
    return {_text(str(k), f"a key of {where}"): _fact(v, f"{where}.{k}", depth) for k, v in value.items()}


def _text(value: str, where: str) -> str:
    if len(value) > LONGEST:
        raise NotForTheLog(f"{where} is longer than {LONGEST} characters")
    if "@" in value:
        raise NotForTheLog(f"{where} looks like an e-mail address")
    if _DOTTED.search(value) or _COLONS.search(value):
        raise NotForTheLog(f"{where} looks like an IP address")
    if not (_TOKEN.fullmatch(value) or _WORDS.fullmatch(value)):
        raise NotForTheLog(f"{where} is neither one token nor a few lower-case words")
    return value
