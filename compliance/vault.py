"""Locks what lies in the object store for a request: packages, evidence. Each object has a key of its own.

It fails closed: without a key nothing is written, and what does not verify is not read; both raise Locked.
The key of an object lies wrapped in the row that names the object. Without the row the object is noise, in every
copy of the store. Policy P18, GDPR Art. 32(1)(a); docs/decisions/0012.

An object is a header of 40 bytes (MAGIC, then 32 random bytes of salt), then chunks: 64 KiB of plain bytes each, the
last one 0 to 64 KiB, each with the 16 bytes of its AES-256-GCM tag behind it. Their key is HKDF-SHA256 of the
object's key with that salt. The nonce of a chunk is its number from 0 (11 bytes, big-endian) and 1 if it is the last
one, else 0 (the STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015). So a changed, dropped,
repeated, moved or foreign chunk does not verify, nor does an object that was cut or added to.
"""

import base64
import hashlib
import secrets
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import chain

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import config
from compliance.errors import ComplianceError

#: The last byte is the version of the form described above.
MAGIC = b"ipvault\x01"
SALT = 32
HEADER = len(MAGIC) + SALT
#: Plain bytes in a chunk; about three chunks are in memory at once.
CHUNK = 64 * 1024
TAG = 16
KEY = 32
#: Before a wrapped key: how it was wrapped.
WRAPPED = "1."
NONCE = 12


class Locked(ComplianceError):
    """It cannot be locked or opened: no key, a wrong one, or not the bytes that were written. Nothing was let out."""


class Measured:
    """Passes plain bytes on and measures them, for the row: the store only knows what the locked bytes measure.

    `bytes` and `sha256` (hex) are of what has passed so far; of the whole when the pieces have ended.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._digest = iter(pieces), hashlib.sha256()
        self.bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces)
        self.bytes += len(piece)
        self._digest.update(piece)
        return piece

    @property
    def sha256(self) -> str:
        """SHA-256 in hex of what has passed."""
        return self._digest.hexdigest()


def new_key() -> bytes:
    """A key for one object: 32 random bytes."""
    return secrets.token_bytes(KEY)


def wrapped(settings: config.Settings, key: bytes, context: str) -> str:
    """The key as it may lie in a row: encrypted under the server's secret, 82 characters of ASCII.

    `context` is the id of that row; in another row the text does not open. Raises Locked if there is no key or no id.
    """
    nonce = secrets.token_bytes(NONCE)
    sealed = _wrapping(settings).encrypt(nonce, _checked(key), _row(context))
    return _spelled(nonce + sealed)


def unwrapped(settings: config.Settings, text: str | None, context: str) -> bytes:
    """The key that `wrapped` made this text of, for the row with this id.

    Raises Locked if there is no text, if it was altered or belongs to another row, or if the secret is another one.
    """
    row = _row(context)
    if not text:
        raise Locked("there is no key: it was never made, or it went with its time")
    try:
        raw = base64.urlsafe_b64decode(text.removeprefix(WRAPPED))
    except ValueError:
        raw = b""
    # The decoder overlooks much; only what we would have written ourselves is a wrapped key.
    if len(raw) != NONCE + KEY + TAG or text != _spelled(raw):
        raise Locked("this is not a wrapped key")
    try:
        return _wrapping(settings).decrypt(raw[:NONCE], raw[NONCE:], row)
    except InvalidTag:
        raise Locked("the key does not open: another row, another secret, or altered") from None


def locked(pieces: Iterable[bytes], key: bytes) -> Generator[bytes, None, None]:
    """These bytes, encrypted, in pieces. Memory does not grow with their number. No bytes are an object too.

    Raises Locked at once, before anything can be written, if there is no key. If `pieces` raises, so does this, and
    what came out until then never opens to its end.
    """
    return _locked(pieces, _checked(key))


def opened(pieces: Iterable[bytes], key: bytes) -> Generator[bytes, None, None]:
    """What `locked` encrypted, in pieces. No byte comes out that did not verify; memory does not grow.

    The first chunk is opened before this returns, so no key or the wrong one raises Locked here, while an answer can
    still be an error. Bytes altered or missing further on raise Locked when it comes to them: whoever sends the pieces
    on must then break off, and only has the whole when they end without it. Unwrap the key before the store is asked
    for the pieces: nothing is left open then if it is not there.
    """
    plain = _opened(pieces, _checked(key))
    return _beginning(next(plain), plain)


def _locked(pieces: Iterable[bytes], key: bytes) -> Generator[bytes, None, None]:
    salt = secrets.token_bytes(SALT)
    cipher = _cipher(key, salt)
    yield MAGIC + salt
    for nonce, chunk in _numbered(pieces, CHUNK):
        yield cipher.encrypt(nonce, chunk, None)


def _opened(pieces: Iterable[bytes], key: bytes) -> Generator[bytes, None, None]:
    source, head = iter(pieces), bytearray()
    while len(head) < HEADER and (piece := next(source, None)) is not None:
        head += piece
    if len(head) < HEADER or not head.startswith(MAGIC):
        raise Locked("this was not written by the vault, or it was cut")
    cipher = _cipher(key, bytes(head[len(MAGIC) : HEADER]))
    for nonce, chunk in _numbered(chain([bytes(head[HEADER:])], source), CHUNK + TAG):
        try:
            plain = cipher.decrypt(nonce, chunk, None)
        except InvalidTag:
            raise Locked("the object does not open: another key, or altered, or cut") from None
        yield plain


def _beginning(first: bytes, rest: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
    with closing(rest):
        yield first
        yield from rest


def _numbered(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bytes]]:
    """The bytes in chunks of `size`, each behind its nonce; there is always a last one, shorter or full."""
    held, number = bytearray(), 0
    for piece in pieces:
        for start in range(0, len(piece), size):
            held += piece[start : start + size]
            # A full chunk waits until something follows it: only then it is known not to be the last one.
            if len(held) > size:
                yield _nonce(number, last=False), bytes(held[:size])
                del held[:size]
                number += 1
    yield _nonce(number, last=True), bytes(held)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE - 1, "big") + bytes([last])


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    # A key for each writing, so that numbers can be nonces: even the same key twice gives no nonce twice.
    return AESGCM(HKDF(SHA256(), KEY, salt, b"imgpilot vault object " + MAGIC).derive(key))


def _wrapping(settings: config.Settings) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY, None, b"imgpilot vault wrapped key 1").derive(settings.secret.encode()))


def _spelled(raw: bytes) -> str:
    return WRAPPED + base64.urlsafe_b64encode(raw).decode()


def _checked(key: bytes) -> bytes:
    # Asked of the value, not of its type: AES would take 16 bytes as well, and None must never mean "not encrypted".
    if not isinstance(key, bytes) or len(key) != KEY:
        raise Locked("there is no key for this object")
    return key


def _row(context: str) -> bytes:
    # A row that was not flushed has no id yet, and str() makes "None" of that: a key for no row and for every row.
    if context in ("", "None"):
        raise Locked("the row of this key has no id yet")
    return context.encode()
