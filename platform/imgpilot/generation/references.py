"""Reference pictures: taken in, stripped to the pixels, stored, given out again."""

import hashlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import IO
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.errors import StorageError
from imgpilot.generation import pictures
from imgpilot.generation.models import GenerationReference, Image, Reference
from imgpilot.generation.pictures import PictureError
from imgpilot.language import marked as _
from imgpilot.purposes import STORAGE
from imgpilot.storage import Storage, key_for

#: The largest file we take, in bytes.
LARGEST = 20 * 2**20
#: The longer side that we keep. More goes to no model, and twice that many PNG pixels would be too much for one.
LONGEST_SIDE = 2048
#: References that one account has at most.
MOST = 200

log = logging.getLogger(__name__)


class PictureTooLarge(PictureError):
    """The file has too many bytes."""

    status = 413

    def __init__(self) -> None:
        super().__init__(
            _("This file is larger than %(most)s MB. Make it smaller and try again."), most=LARGEST // 2**20
        )


class TooManyReferences(PictureError):
    """The account has as many as it may have."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your account has %(most)s reference pictures, and no more fit. Each is removed 30 days after its last "
                "use; until then, use one of those."
            ),
            most=MOST,
        )


class NotKept(PictureError):
    """Our object store did not take it."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_("We could not store this picture. Nothing was lost. Add it again in a few minutes."))


class NotReached(PictureError):
    """Our object store did not give out the picture that was to be a reference."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_("We could not read that picture just now. Nothing was lost. Try again in a few minutes."))


def clean(file: IO[bytes]) -> tuple[bytes, int, int]:
    """A PNG of the uploaded picture with its width and height: upright, pixels only, at most LONGEST_SIDE long.

    Raises PictureTooLarge, NotAPicture or TooManyPixels. Reads no more than one byte over the limit.
    """
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise PictureTooLarge
    with pictures.AT_ONCE:
        decoded = pictures.decode(data, draft=LONGEST_SIDE, kinds=pictures.UPLOADS)
        bare = pictures.bare(decoded, LONGEST_SIDE)
    made = io.BytesIO()
    bare.save(made, "PNG")
    return made.getvalue(), bare.width, bare.height


@contextmanager
def taking_in(
    session: Session, storage: Storage, account: Account, file: IO[bytes], now: datetime
) -> Iterator[Reference]:
    """The reference made of an uploaded file, its object already stored. Commit inside the block.

    The same picture is kept once: a second time the one that is there counts as used now. If the block fails, so
    that no row will name the object, the object is removed. Raises a PictureError or NothingNew.
    """
    if (stands := standing.why_not(account)) is not None:
        raise stands
    png, width, height = clean(file)
    id_, account_id = uuid4(), account.id
    there = _the_same(session, account_id, hashlib.sha256(png).hexdigest())
    if there is not None:
        there.used_at = now
        yield there
        return
    if (session.scalar(select(func.count()).where(Reference.account_id == account_id)) or 0) >= MOST:
        raise TooManyReferences
    session.commit()  # storing takes a while, and nobody waits for it
    key = key_for(account_id, "references", f"{id_}.png")
    try:
        stored = storage.put(key, [png], "image/png", subject=account_id, purpose=STORAGE)
    except StorageError as error:
        log.warning("a reference was not stored: %s", error)
        raise NotKept from None
    try:
        standing.check(session, account_id)  # storing took a while
        reference = Reference(
            id=id_,
            account_id=account_id,
            object_key=key,
            media_type="image/png",
            width=width,
            height=height,
            bytes=stored.bytes,
            sha256=stored.sha256,
            created_at=now,
            used_at=now,
        )
        session.add(reference)
        yield reference
    except BaseException:
        with suppress(StorageError, SQLAlchemyError):  # then it stays until the account is erased, with its folder
            session.rollback()
            # A commit that failed may have reached the database, and only its answer was lost.
            if session.scalar(select(Reference.id).where(Reference.id == id_)) is None:
                storage.remove([key])
        raise


@contextmanager
def copying(session: Session, storage: Storage, account: Account, image: Image, now: datetime) -> Iterator[Reference]:
    """The reference made of one of the account's own finished pictures. As taking_in; raises NotReached too."""
    if image.object_key is None:
        raise NotReached
    try:
        data = b"".join(storage.open(image.object_key))
    except StorageError:
        raise NotReached from None
    with taking_in(session, storage, account, io.BytesIO(data), now) as reference:
        yield reference


def small(storage: Storage, reference: Reference) -> bytes:
    """A small WebP of it, made anew each time: so there is no second object to remove. Raises NotReached."""
    try:
        data = b"".join(storage.open(reference.object_key))
    except StorageError:
        raise NotReached from None
    with pictures.AT_ONCE:
        return pictures.thumbnail(pictures.decode(data))


def _the_same(session: Session, account_id: UUID, digest: str) -> Reference | None:
    """The reference with these very bytes. While it is looked at, no run that expires references begins with it."""
    ledger.lock(session, account_id)
    same = select(Reference).where(Reference.account_id == account_id, Reference.sha256 == digest)
    return session.scalar(same.order_by(Reference.created_at).limit(1))


def of(session: Session, generation_id: UUID) -> list[Reference]:
    """The references that an order was made from and that are still there, in their order."""
    return list(
        session.scalars(
            select(Reference)
            .join(GenerationReference, GenerationReference.reference_id == Reference.id)
            .where(GenerationReference.generation_id == generation_id)
            .order_by(GenerationReference.position)
        )
    )


def mine(session: Session, account_id: UUID, id_: UUID) -> Reference | None:
    """The reference of that id, if it is this account's."""
    return session.scalar(select(Reference).where(Reference.id == id_, Reference.account_id == account_id))
