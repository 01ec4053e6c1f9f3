"""A ZIP that is written as it is read: every file's size and SHA-256 are taken on the way through."""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

#: Between two signs of life while bytes go through.
STRETCH = 2**20


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of the package, as the manifest lists it."""

    path: str
    media_type: str
    bytes: int
    sha256: str

    def line(self) -> dict[str, Any]:
        """Its entry in the manifest."""
        return {
            "path": self.path,
            "media_type": self.media_type,
            "bytes": self.bytes,
            "sha256": self.sha256,
        }


class Archive:
    """Files go in one after the other; what comes out are the bytes of the ZIP."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self._zip = ZipStream()
        self._beat = beat
        self._since = 0
        #: What is in it so far, in order.
        self.files: list[Packed] = []

    def file(self, path: str, media_type: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Add a file. Text is compressed; pictures are already, so they go in as they are."""
        squeezed = ZIP_STORED if media_type.startswith("image/") else ZIP_DEFLATED
        self._zip.add(self._counted(path, media_type, pieces), path, compress_type=squeezed)
        yield from self._zip.file()

    def end(self) -> Iterator[bytes]:
        """The directory at the end of the ZIP. Nothing can be added afterwards."""
        yield from self._zip.footer()

    def _counted(self, path: str, media_type: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        size, digest = 0, hashlib.sha256()
        try:
            for piece in pieces:
                size += len(piece)
                digest.update(piece)
                self._breathe(len(piece))
                yield piece
        finally:
            # What reads a cursor or an object gives it back now, not when the collector comes by.
            if isinstance(pieces, Generator):
                pieces.close()
        self.files.append(Packed(path, media_type, size, digest.hexdigest()))

    def _breathe(self, size: int) -> None:
        self._since += size
        if self._since >= STRETCH:
            self._since = 0
            self._beat()
