"""Opens a signed message: base64, then an Ed25519 signature, then JSON (2.01, 3.07.1)."""

import base64
import binascii
import json
import math
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from compliance.drp import keys
from compliance.drp.errors import NotDecoded, NotJson, TooLarge, WrongSignature

#: The protocol gives no limit. A full request with an address has about two thousand bytes.
LONGEST = 32 * 1024
SIGNATURE = 64


def read(body: bytes, verify_key_for_bearer: bytes) -> dict[str, Any]:
    """What the agent signed, if it was signed with this key, which is the bearer's.

    `body`: the HTTP body, base64 of signature and JSON as libsodium's combined mode writes them. Raises TooLarge,
    NotDecoded, WrongSignature, NotJson, in this order, and BadKey if our copy of the key is unusable.
    """
    signature, said = _parts(body)
    keys.check(verify_key_for_bearer)
    try:
        Ed25519PublicKey.from_public_bytes(verify_key_for_bearer).verify(signature, said)
    except InvalidSignature:
        raise WrongSignature from None
    return _object(said)


def fingerprint(body: bytes) -> str:
    """SHA-256 in hex of what was signed: the same for the same message, however its base64 is broken into lines.

    A request is one action, once (3.07); whoever receives it keeps this for as long as it can be replayed, which is
    `claims.LONGEST`. Raises TooLarge, NotDecoded.
    """
    return sha256(_parts(body)[1]).hexdigest()


def _parts(body: bytes) -> tuple[bytes, bytes]:
    """The signature and what was signed."""
    if len(body) > LONGEST:
        raise TooLarge
    try:
        # Some libraries break base64 into lines; nothing else is skipped.
        decoded = base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        raise NotDecoded from None
    if len(decoded) <= SIGNATURE:
        raise NotDecoded
    return decoded[:SIGNATURE], decoded[SIGNATURE:]


def _object(said: bytes) -> dict[str, Any]:
    """The JSON object. Nothing is read that another reader could read differently: no double keys, no NaN."""
    try:
        found = json.loads(said.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        # `from None`: the decoder's sentence quotes what was sent.
        raise NotJson from None
    if not isinstance(found, dict):
        raise NotJson
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refuse(_constant: str) -> None:
    raise ValueError


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError
    return number
