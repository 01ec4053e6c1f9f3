"""The copy of each seal that lies outside the database: who rewrites every table is still found."""

import re
from collections.abc import Iterator

from compliance.audit.sealed import Seal
from imgpilot.errors import NotThere
from imgpilot.purposes import ACCOUNTABILITY
from imgpilot.storage import Storage

FOLDER = "audit/"
_KEY = re.compile(re.escape(FOLDER) + r"([0-9]{8,})\.json")


def key_of(number: int) -> str:
    """Where the copy of a seal lies."""
    return f"{FOLDER}{number:08d}.json"


def write(storage: Storage, seal: Seal) -> None:
    """Put the copy of a seal outside. Never over another."""
    storage.put(key_of(seal.number), [seal.to_json()], "application/json", subject=None, purpose=ACCOUNTABILITY)


def read(storage: Storage, number: int) -> bytes | None:
    """The copy of a seal; None if there is none. Raises StorageError if the store does not answer."""
    try:
        return b"".join(storage.open(key_of(number)))
    except NotThere:
        return None


def newest(storage: Storage) -> int:
    """The highest number that a copy has; 0 if there is none."""
    return max(_numbers(storage), default=0)


def _numbers(storage: Storage) -> Iterator[int]:
    for key in storage.keys(FOLDER):
        if match := _KEY.fullmatch(key):
            yield int(match[1])
