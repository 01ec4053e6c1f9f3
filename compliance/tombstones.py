"""Who must stay erased: a mark for each, as a row and as a signed object outside the database.

A restored database has forgotten whom we erased since its backup; the objects have not. A mark names nobody: its
subject is a keyed digest of the account's id, which only who holds the secret and a restored account can match.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidSignature
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import config
from compliance.export.values import moment
from compliance.standing import Tombstone
from imgpilot import digests
from imgpilot.parts import Parts
from imgpilot.purposes import ACCOUNTABILITY

FOLDER = "tombstones/"
FORMAT = "imgpilot-tombstone-1"
_SUBJECT = re.compile(r"[0-9a-f]{32}")

#: What was kept then, and why: {table: {"ground": code, "until": day or ""}}.
Kept = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Mark:
    """That an account was erased, in answer to which request, and what of it was kept on which ground."""

    subject: str
    request_id: UUID
    case: str
    at: datetime
    kept: Kept = field(default_factory=dict)


@dataclass(frozen=True)
class Marks:
    """Every mark by its subject; and the objects that are none of ours, with what is wrong with each."""

    by_subject: dict[str, Mark]
    refused: dict[str, str]


class _NotOurs(ValueError):
    """An object in the folder that cannot be obeyed; the message says why."""


def key_of(subject: str) -> str:
    """Where the object of a mark lies."""
    return f"{FOLDER}{subject}.json"


def write(parts: Parts, mark: Mark) -> str:
    """Put the mark outside the database, signed; its key. Writing it again replaces it. Raises StorageError."""
    body = _body(parts.settings, mark)
    signature = parts.settings.signing.sign(rfc8785.dumps(body))
    data = json.dumps({"tombstone": body, "signature": signature.hex()}, indent=1).encode()
    key = key_of(mark.subject)
    parts.storage.put(key, [data], "application/json", subject=None, purpose=ACCOUNTABILITY)
    return key


def remember(session: Session, mark: Mark, replayed_at: datetime | None = None) -> None:
    """Write the mark's row, or bring it up to date: somebody of whom a part was kept can be erased a second time."""
    values: dict[str, Any] = {
        "request_id": mark.request_id,
        "case": mark.case,
        "at": mark.at,
        "kept": json.dumps(mark.kept, sort_keys=True),
    }
    if replayed_at is not None:
        values["replayed_at"] = replayed_at
    row = insert(Tombstone).values(subject=mark.subject, **values)
    session.execute(row.on_conflict_do_update(index_elements=[Tombstone.subject], set_=values))


def every(session: Session, parts: Parts) -> Marks:
    """All marks, from the rows and from the objects. Of two about one subject the later counts; the row, if none is.

    Raises StorageError if the object store does not answer.
    """
    found: dict[str, Mark] = {}
    refused: dict[str, str] = {}
    for key in parts.storage.keys(FOLDER):
        try:
            mark = _read(parts.settings, key, b"".join(parts.storage.open(key)))
        except _NotOurs as error:
            refused[key] = str(error)
        else:
            found[mark.subject] = mark
    for mark in _rows(session):
        if mark.subject not in found or found[mark.subject].at <= mark.at:
            found[mark.subject] = mark
    return Marks(found, refused)


def lack_objects(parts: Parts, marks: Marks) -> list[Mark]:
    """The marks that only the database has: the object store is a restored one too."""
    there = set(parts.storage.keys(FOLDER))
    return [mark for mark in marks.by_subject.values() if key_of(mark.subject) not in there]


def _rows(session: Session) -> Iterator[Mark]:
    for row in session.scalars(select(Tombstone)).yield_per(1000):
        yield Mark(row.subject, row.request_id, row.case, row.at, json.loads(row.kept))


def _body(settings: config.Settings, mark: Mark) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "subject": mark.subject,
        "request": str(mark.request_id),
        "case": mark.case,
        "at": moment(mark.at),
        "kept": mark.kept,
        # Tells at once that the digests were keyed with another secret: then nobody could be matched, silently.
        "secret": _secret(settings),
    }


def _secret(settings: config.Settings) -> str:
    return digests.keyed(settings, "tombstone", FORMAT)[:16]


def _read(settings: config.Settings, key: str, data: bytes) -> Mark:
    try:
        said = json.loads(data)
        body, signature = said["tombstone"], bytes.fromhex(said["signature"])
        settings.signing.public_key().verify(signature, rfc8785.dumps(body))
    except (ValueError, KeyError, TypeError):
        raise _NotOurs("it cannot be read") from None
    except InvalidSignature:
        raise _NotOurs("its signature is not ours") from None
    if body.get("format") != FORMAT or not _SUBJECT.fullmatch(body["subject"]) or key != key_of(body["subject"]):
        raise _NotOurs("it does not belong there")
    if body["secret"] != _secret(settings):
        raise _NotOurs("it was made with another SECRET_KEY, so nobody can be matched with it")
    at = datetime.fromisoformat(body["at"])
    return Mark(body["subject"], UUID(body["request"]), body["case"], at, body["kept"])
