"""Pictures as one file: the originals as they are, each with what it was made from, streamed while it is written."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from typing import Any

from zipstream import ZipStream

from imgpilot.errors import PersonalError, StorageError
from imgpilot.gallery.pictures import Picture
from imgpilot.generation.pictures import SUFFIXES
from imgpilot.language import marked as _
from imgpilot.storage import Storage

#: Pictures in one file.
MOST = 500


class TooMany(PersonalError):
    """More than fit."""

    status = 413

    def __init__(self) -> None:
        super().__init__(
            _("%(most)s pictures fit into one file. Choose fewer, and take the rest next time."), most=MOST
        )


class NothingChosen(PersonalError):
    """The form came without a picture of this account."""

    def __init__(self) -> None:
        super().__init__(_("No picture was chosen. Tick some first."))


def packed(storage: Storage, pictures: Iterable[Picture], zone: tzinfo = UTC) -> Iterator[bytes]:
    """A ZIP of the pictures, in pieces: no more than one piece of one picture is in memory at a time.

    They are opened one after the other. One that the store does not give out is named in "missing.txt"; the others
    come all the same. Names are the days and times of the orders in `zone`.
    """
    archive, missing = ZipStream(), []
    for picture in pictures:
        name = name_of(picture, zone)
        image = picture.image
        assert image.object_key and image.media_type
        try:
            data = storage.open(image.object_key)
        except StorageError:
            missing.append(name)
            continue
        archive.add(data, f"{name}.{SUFFIXES[image.media_type]}")
        archive.add(json.dumps(parameters(picture), ensure_ascii=False, indent=2) + "\n", f"{name}.json")
        yield from archive.all_files()
    if missing:
        archive.add("\n".join(("Not reached in the store, try again later:", *missing)) + "\n", "missing.txt")
    yield from archive.finalize()


def name_of(picture: Picture, zone: tzinfo) -> str:
    """The name of its files, without an ending: 2026-11-23 14.40.07 1f3a9c2e."""
    at = picture.generation.created_at.astimezone(zone)
    return f"{at:%Y-%m-%d %H.%M.%S} {str(picture.image.id)[:8]}"


def parameters(picture: Picture) -> Mapping[str, Any]:
    """What a picture was made from and how, for programs; what was not chosen is left out."""
    image, made = picture.image, picture.generation
    said = {
        "id": str(image.id),
        "prompt": made.prompt,
        "negative": made.negative,
        "model": made.model,
        "ratio": made.ratio,
        "size": made.size,
        "width": image.width,
        "height": image.height,
        "seed": image.seed if image.seed is not None else made.seed,
        "strength": made.strength,
        "credits": made.credits_each,
        "ordered_at": made.created_at.astimezone(UTC).isoformat(),
        "finished_at": image.finished_at.astimezone(UTC).isoformat() if image.finished_at else None,
        "favourite": image.favourite_at is not None,
        "media_type": image.media_type,
        "sha256": image.sha256,
        "marked_by": image.marked_by,
        "made_by_ai": True,
    }
    return {name: value for name, value in said.items() if value not in (None, "")}
