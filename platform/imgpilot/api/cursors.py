"""Where the next page of a list begins: sealed, so that it is taken as it was given or not at all."""

import base64
import binascii
import hmac
from datetime import datetime
from uuid import UUID

import config
from imgpilot.api.problems import BAD_CURSOR, Trouble
from imgpilot.db import same_id
from imgpilot.digests import keyed

Place = tuple[datetime, str]


def make(settings: config.Settings, of: str, account_id: UUID, place: Place) -> str:
    """The cursor for the rows of the list `of` that follow this place: a time and the row's id."""
    said = f"{place[0].isoformat()}~{place[1]}"
    return base64.urlsafe_b64encode(f"{said}~{_seal(settings, of, account_id, said)}".encode()).decode().rstrip("=")


def read(settings: config.Settings, of: str, account_id: UUID, cursor: str) -> Place:
    """The place that a cursor of this list and account stands for. Raises Trouble."""
    try:
        whole = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise Trouble(BAD_CURSOR) from None
    said, _tilde, seal = whole.rpartition("~")
    if not hmac.compare_digest(seal.encode(), _seal(settings, of, account_id, said).encode()):
        raise Trouble(BAD_CURSOR)
    at, _tilde, id_ = said.partition("~")
    return datetime.fromisoformat(at), id_


def read_id(settings: config.Settings, of: str, account_id: UUID, cursor: str) -> tuple[datetime, UUID]:
    """The same for a list of rows whose ids are UUIDs."""
    at, id_ = read(settings, of, account_id, cursor)
    found = same_id(id_)
    if found is None:
        raise Trouble(BAD_CURSOR)
    return at, found


def _seal(settings: config.Settings, of: str, account_id: UUID, said: str) -> str:
    return keyed(settings, f"cursor {of} {account_id}", said)[:24]
