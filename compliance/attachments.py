"""Files that come with a request: kept as they came, each encrypted with a key of its own, never rendered."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance import vault
from compliance.errors import MoveRefused
from compliance.requests import moves
from compliance.requests.casework import Attachment
from compliance.requests.models import PrivacyRequest
from compliance.requests.moves import Actor
from imgpilot.language import marked as _
from imgpilot.parts import Parts
from imgpilot.purposes import RIGHTS

#: Bytes of one file, and files of one request.
LARGEST = 10 * 2**20
MOST = 10
ROLES = ("evidence", "permission", "original", "other")
#: How a file is given out again, whatever it says it is: nothing of it is ever shown by us.
MEDIA_TYPE = "application/octet-stream"
_LONGEST_NAME = 120


class FileRefused(MoveRefused):
    """The file is not taken. The message says why and what to do."""

    status = 413


def add(
    parts: Parts,
    session: Session,
    request: PrivacyRequest,
    role: str,
    filename: str,
    pieces: Iterable[bytes],
    by: Actor,
    now: datetime,
) -> Attachment:
    """Keep a file with a request that is flushed; the caller commits. `role` is one of ROLES.

    Raises FileRefused if it is empty or too large or one too many; nothing is left of it then. If the caller rolls
    back, the object stays as noise: its key was in the row alone.
    """
    if role not in ROLES:
        raise ValueError(f"a file is one of {', '.join(ROLES)}")
    moves.locked(session, request.id)  # two at once are counted one after the other
    there = session.scalar(select(func.count()).where(Attachment.request_id == request.id)) or 0
    if there >= MOST:
        raise FileRefused(_("There are %(most)s files already. Put several pages into one file."), most=MOST)
    id_, key = uuid4(), vault.new_key()
    plain = vault.Measured(_limited(pieces))
    stored = parts.storage.put(
        f"requests/{request.id}/files/{uuid4()}",
        vault.locked(plain, key),
        MEDIA_TYPE,
        subject=request.account_id,
        purpose=RIGHTS,
    )
    try:
        made = Attachment(
            id=id_,
            request_id=request.id,
            role=role,
            name=plain_name(filename),
            object_key=stored.key,
            wrapped_key=vault.wrapped(parts.settings, key, str(id_)),
            bytes=plain.bytes,
            sha256=plain.sha256,
            at=now,
            by=str(by),
        )
        session.add(made)
        moves.note(session, request, by, "file added", now, {"role": role})
        session.flush()
    except BaseException:
        parts.storage.remove([stored.key])
        raise
    return made


def read(parts: Parts, attachment: Attachment) -> Iterator[bytes]:
    """The file as it came, in pieces. Raises vault.Locked before the first byte if it does not open."""
    key = vault.unwrapped(parts.settings, attachment.wrapped_key, str(attachment.id))
    return vault.opened(parts.storage.open(attachment.object_key), key)


def remove(parts: Parts, session: Session, attachment: Attachment, by: Actor, now: datetime) -> None:
    """Destroy a file: the object at once, the row with the caller's commit. Repeating it is safe."""
    parts.storage.remove([attachment.object_key])
    request = session.get_one(PrivacyRequest, attachment.request_id)
    session.delete(attachment)
    moves.note(session, request, by, "file destroyed", now, {"files": 1})


def of(session: Session, request_id: UUID) -> list[Attachment]:
    """The files of a request, oldest first."""
    return list(
        session.scalars(
            select(Attachment).where(Attachment.request_id == request_id).order_by(Attachment.at, Attachment.id)
        )
    )


def plain_name(filename: str) -> str:
    """A file name without folders and without what could mislead or break a header; "file" if nothing is left."""
    name = unicodedata.normalize("NFC", filename).replace("\\", "/").rpartition("/")[2]
    # Cc and Cf hold the characters that turn text round, so that "fdp.exe" reads as "exe.pdf".
    kept = "".join(" " if c.isspace() else c for c in name if unicodedata.category(c)[0] != "C" or c.isspace())
    kept = " ".join("".join(c for c in kept if c not in '<>:"|?*').split()).lstrip(". ")
    stem, dot, ending = kept.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
    return kept[:_LONGEST_NAME] or "file"


def _limited(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, unless there are none or too many; the store leaves nothing of a write that broke off."""
    taken = 0
    for piece in pieces:
        taken += len(piece)
        if taken > LARGEST:
            raise FileRefused(_("This file is larger than 10 MB. Send a smaller one, or split it."))
        yield piece
    if not taken:
        raise FileRefused(_("This file is empty. Choose another one."))
