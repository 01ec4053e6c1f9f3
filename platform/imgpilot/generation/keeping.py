"""Keeping a picture that came: looked at, marked as made by AI if it is not yet, stored with a thumbnail beside it."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from imgpilot.errors import StorageError
from imgpilot.generation import pictures
from imgpilot.generation.engines.protocol import NotStored, Unusable
from imgpilot.generation.pictures import PictureError
from imgpilot.provenance import mark as marking
from imgpilot.provenance.mark import Provenance
from imgpilot.purposes import STORAGE
from imgpilot.storage import Storage, key_for

FOLDER = "images"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was stored under `key`, and the thumbnail.

    `marked_by` is who marked it as made by AI: "provider" (then not a byte was changed), "us" (then not a pixel was),
    or None where no mark could be added.
    """

    key: str
    thumbnail_key: str
    media_type: str
    width: int
    height: int
    bytes: int
    sha256: str
    marked_by: str | None


def keep(storage: Storage, account_id: UUID, name: str, data: bytes, provenance: Provenance) -> Kept:
    """Store a picture and its thumbnail under this name. Raises Unusable or NotStored; then nothing is stored.

    `provenance` is what its mark says, if the provider did not mark it.
    """
    try:
        with pictures.AT_ONCE:
            image = pictures.decode(data)
            small = pictures.thumbnail(image)
            media_type, width, height = pictures.media_type(image), image.width, image.height
            del image  # its pixels are needed no more while it is marked and the store takes its time
            marked = marking.mark(media_type, data, provenance)
    except PictureError:
        raise Unusable from None
    key = key_for(account_id, FOLDER, f"{name}.{pictures.SUFFIXES[media_type]}")
    thumbnail_key = key_for(account_id, FOLDER, f"{name}-small.webp")
    try:
        stored = storage.put(key, [marked.data], media_type, subject=account_id, purpose=STORAGE)
        storage.put(thumbnail_key, [small], "image/webp", subject=account_id, purpose=STORAGE)
    except StorageError as error:
        log.warning("a picture was not stored: %s", error)
        _remove(storage, [key])
        raise NotStored from None
    return Kept(key, thumbnail_key, media_type, width, height, stored.bytes, stored.sha256, marked.by)


def drop(storage: Storage, kept: Kept) -> None:
    """Remove what was kept: no row will name it."""
    _remove(storage, [kept.key, kept.thumbnail_key])


def sweep(storage: Storage, account_id: UUID, image_id: UUID) -> None:
    """Remove what attempts that died left under this picture's name. Only for who holds its lease."""
    with suppress(StorageError):  # then they stay until the account is erased, with everything in its folder
        storage.remove(list(storage.keys(key_for(account_id, FOLDER, f"{image_id}-"))))


def _remove(storage: Storage, keys: Iterable[str]) -> None:
    try:
        storage.remove(keys)
    except StorageError as error:
        # It goes when the account is erased, with everything in its folder.
        log.warning("an object stays without a row: %s", type(error).__name__)
