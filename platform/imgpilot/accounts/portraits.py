"""A person's own picture: made small and square, without what a camera noted, kept in their folder of our store."""

import io
import logging
from collections.abc import Iterable
from contextlib import suppress
from uuid import uuid4

from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts.errors import AccountError
from imgpilot.accounts.models import Account
from imgpilot.errors import StorageError
from imgpilot.generation import pictures
from imgpilot.language import marked as _
from imgpilot.purposes import STORAGE
from imgpilot.storage import Storage, key_for

FOLDER = "profile"
#: Its side, in pixels.
SIDE = 256
#: The largest file we take, in bytes.
LARGEST = 8 * 2**20

log = logging.getLogger(__name__)


class PortraitTooLarge(AccountError):
    """The file has too many bytes."""

    status = 413

    def __init__(self) -> None:
        super().__init__(
            _("This file is larger than %(most)s MB. Make it smaller and try again."), most=LARGEST // 2**20
        )


class PortraitNotKept(AccountError):
    """Our object store did not take it."""

    status = 503
    SAYS = _("We could not store this picture. Nothing was changed. Try again in a few minutes.")


def small(data: bytes) -> bytes:
    """A WebP of the middle of the picture, 256 pixels square, pixels only. Raises PortraitTooLarge, PictureError."""
    if len(data) > LARGEST:
        raise PortraitTooLarge
    with pictures.AT_ONCE:
        image = pictures.decode(data, draft=2 * SIDE, kinds=pictures.UPLOADS)
        # Its longer side may be many times the shorter one, which still has to fill the square.
        longest = SIDE * max(image.size) // max(1, min(image.size))
        bare = pictures.bare(image, min(max(longest, SIDE), 8 * SIDE))
        square = ImageOps.fit(bare, (SIDE, SIDE), Image.Resampling.LANCZOS)
    made = io.BytesIO()
    square.save(made, "WEBP", quality=85, method=4)
    return made.getvalue()


def put(session: Session, storage: Storage, account: Account, data: bytes) -> None:
    """Make this the person's picture; commits. Raises PortraitTooLarge, PictureError, PortraitNotKept."""
    webp, key = small(data), key_for(account.id, FOLDER, f"{uuid4()}.webp")
    try:
        storage.put(key, [webp], "image/webp", subject=account.id, purpose=STORAGE)
    except StorageError as error:
        log.warning("a portrait was not stored: %s", error)
        raise PortraitNotKept from None
    if not _locked(session, account):  # the account goes at this moment; nothing is left behind
        _forget(storage, [key])
        raise PortraitNotKept
    before, account.picture_key = account.picture_key, key
    session.commit()
    _forget(storage, [before])


def remove(session: Session, storage: Storage, account: Account) -> None:
    """Remove the person's picture, the object first; commits. Raises PortraitNotKept if the store does not answer."""
    if not _locked(session, account) or account.picture_key is None:
        return
    try:
        storage.remove([account.picture_key])
    except StorageError:
        raise PortraitNotKept(_("We could not reach the picture. Nothing was changed. Try again.")) from None
    account.picture_key = None
    session.commit()


def _locked(session: Session, account: Account) -> bool:
    """Read the account's row as it is now and until this transaction ends; whether it is there and stays.

    So of two pictures at once, one replaces the other.
    """
    now = select(Account).where(Account.id == account.id).with_for_update(key_share=True)
    found = session.scalar(now, execution_options={"populate_existing": True})
    return found is not None and found.frozen_at is None


def _forget(storage: Storage, keys: Iterable[str | None]) -> None:
    with suppress(StorageError):  # then it stays until the account is erased, with everything in its folder
        storage.remove([key for key in keys if key])
