"""The public keys of agents: read from how the service directory writes them, and safe to check signatures with."""

import base64
import binascii

from compliance.drp.errors import BadKey
from imgpilot.language import marked as _

LENGTH = 32
#: The field and the curve of Ed25519 (RFC 8032, 5.1): -x² + y² = 1 + d x² y².
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P


def read(written: str) -> bytes:
    """The key from its base64 (3.05.1). Raises BadKey."""
    try:
        key = base64.b64decode(written.strip().encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise BadKey(_("This is not base64. The key has 44 characters and ends with =.")) from None
    check(key)
    return key


def check(key: bytes) -> None:
    """Raises BadKey for a wrong length, and for a key with which anybody can sign.

    libsodium refuses points of small order, OpenSSL does not: under the key of 32 zero bytes, forgeries pass. A point's
    order divides eight if y is 0 or ±1, or if doubling it leads to y = 0, which is the last factor below.
    """
    if len(key) != LENGTH:
        raise BadKey(_("A key has 32 bytes, in base64 44 characters."))
    y = int.from_bytes(key, "little") % 2**255
    square = y * y % _P
    if y * (square - 1) * (_D * square * square + 2 * square - 1) % _P == 0:
        raise BadKey(_("This key protects nothing: anybody could sign with it. Ask the agent for the right one."))
