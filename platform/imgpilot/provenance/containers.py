"""The boxes that PNG, JPEG and WebP files are made of: read, and put together again byte for byte.

No library that we know puts XMP into a file without decoding the picture and encoding it anew; this does.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

PNG = b"\x89PNG\r\n\x1a\n"
#: What a JPEG segment with XMP begins with, and a PNG text chunk (ISO 16684-3).
XMP_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
XMP_PNG = b"XML:com.adobe.xmp\0"
#: The most that a JPEG segment holds.
LONGEST_SEGMENT = 0xFFFF - 2


class Broken(ValueError):
    """The boxes do not follow each other as they should."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a file: its name, what is in it, and its bytes as they stand in the file, frame included."""

    name: bytes
    body: bytes
    raw: bytes


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever a damaged file leads to is Broken."""
    try:
        yield
    except (LookupError, ValueError, struct.error, zlib.error):
        raise Broken from None


def boxes(media_type: str, data: bytes) -> list[Box]:
    """The boxes of a file; their `raw` bytes together are the file. Raises Broken."""
    with _reading():
        found = list(_READ[media_type](data))
    if b"".join(box.raw for box in found) != data:
        raise Broken
    return found


def with_xmp(media_type: str, data: bytes, packet: bytes) -> bytes:
    """The same file with this XMP packet instead of the one it had, if any. Raises Broken."""
    with _reading():
        return _WRITE[media_type](boxes(media_type, data), packet)


def xmp(media_type: str, data: bytes) -> bytes | None:
    """The XMP packet of a file; None if it has none. Raises Broken."""
    with _reading():
        return next((_packet(media_type, box) for box in boxes(media_type, data) if _is_xmp(media_type, box)), None)


def pixels(media_type: str, data: bytes) -> list[bytes]:
    """The boxes that the picture itself is in: what decides over every pixel. Raises Broken."""
    said = (b"APP1", b"APP11", b"iTXt", b"caBX", b"XMP ", b"C2PA", b"RIFF", b"VP8X")
    return [box.raw for box in boxes(media_type, data) if box.name not in said]


def _is_xmp(media_type: str, box: Box) -> bool:
    match media_type:
        case "image/png":
            return box.name == b"iTXt" and box.body.startswith(XMP_PNG)
        case "image/jpeg":
            return box.name == b"APP1" and box.body.startswith(XMP_JPEG)
    return box.name == b"XMP "


def _packet(media_type: str, box: Box) -> bytes:
    match media_type:
        case "image/png":
            # Keyword, 0, whether and how compressed, language, 0, translated keyword, 0, text.
            packed, how = box.body[len(XMP_PNG)], box.body[len(XMP_PNG) + 1]
            _language, _keyword, text = box.body[len(XMP_PNG) + 2 :].split(b"\0", 2)
            return zlib.decompressobj().decompress(text, 2**20) if packed and how == 0 else text
        case "image/jpeg":
            return box.body[len(XMP_JPEG) :]
    return box.body


def _png(data: bytes) -> Iterator[Box]:
    if not data.startswith(PNG):
        raise Broken
    yield Box(b"", b"", PNG)
    at = len(PNG)
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        yield Box(name, data[at + 8 : at + 8 + size], data[at : at + 12 + size])
        at += 12 + size


def _png_with(found: Sequence[Box], packet: bytes) -> bytes:
    body = XMP_PNG + b"\0\0\0\0" + packet
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    kept = [box.raw for box in found if not _is_xmp("image/png", box)]
    return b"".join([*kept[:2], chunk, *kept[2:]])  # after the signature and the header


def _jpeg(data: bytes) -> Iterator[Box]:
    if data[:2] != b"\xff\xd8":
        raise Broken
    yield Box(b"SOI", b"", data[:2])
    at = 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        (size,) = struct.unpack_from(">H", data, at + 2)
        kind = data[at + 1]
        name = b"APP%d" % (kind - 0xE0) if 0xE0 <= kind <= 0xEF else b"%02X" % kind
        yield Box(name, data[at + 4 : at + 2 + size], data[at : at + 2 + size])
        at += 2 + size
    if data[at : at + 2] != b"\xff\xda":
        raise Broken
    yield Box(b"scan", b"", data[at:])


def _jpeg_with(found: Sequence[Box], packet: bytes) -> bytes:
    body = XMP_JPEG + packet
    if len(body) > LONGEST_SEGMENT:
        raise Broken
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    kept = [box for box in found if not _is_xmp("image/jpeg", box)]
    # After what must come first: the JFIF header and Exif.
    first = 1
    while kept[first].name in (b"APP0", b"APP1"):
        first += 1
    return b"".join([*(box.raw for box in kept[:first]), segment, *(box.raw for box in kept[first:])])


def _webp(data: bytes) -> Iterator[Box]:
    mark, size, kind = struct.unpack_from("<4sI4s", data)
    if (mark, kind) != (b"RIFF", b"WEBP"):
        raise Broken
    yield Box(b"RIFF", b"", data[:12])
    at = 12
    while at < len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        end = at + 8 + size + size % 2
        yield Box(name, data[at + 8 : at + 8 + size], data[at:end])
        at = end


def _webp_with(found: Sequence[Box], packet: bytes) -> bytes:
    body = [box for box in found[1:] if box.name not in (b"XMP ", b"VP8X")]
    head = next((box for box in found if box.name == b"VP8X"), None)
    extended = bytearray(head.body) if head else _extended(body[0])
    extended[0] |= 0x04  # there is XMP
    raw = b"".join([_chunk(b"VP8X", bytes(extended)), *(box.raw for box in body), _chunk(b"XMP ", packet)])
    return struct.pack("<4sI4s", b"RIFF", len(raw) + 4, b"WEBP") + raw


def _extended(picture: Box) -> bytearray:
    """The header that a WebP without one needs before it can hold more than the picture (RFC 9649, 2.7)."""
    if picture.name == b"VP8L":
        (bits,) = struct.unpack_from("<I", picture.body, 1)
        width, height, alpha = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bits >> 28 & 1
    elif picture.name == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", picture.body, 6))
        alpha = 0
    else:
        raise Broken
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytearray(bytes([alpha << 4, 0, 0, 0]) + sides)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


_READ = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp}
_WRITE = {"image/png": _png_with, "image/jpeg": _jpeg_with, "image/webp": _webp_with}
