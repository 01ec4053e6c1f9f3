"""A seal: a run of entries' leaves under one Merkle root, chained to the seal before, signed with our key."""

import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from compliance.audit.merkle import root_of

#: "previous" of the first seal.
NO_ROOT = bytes(32)
_LINE = struct.Struct(">q32s")


@dataclass(frozen=True)
class Seal:
    """One seal, as it stands in a row of audit_segment and, the same, in an object outside the database."""

    number: int
    at: str
    first: int
    last: int
    #: Number and leaf of each entry, 8 + 32 bytes, in order.
    leaves: bytes
    root: bytes
    previous: bytes
    signature: bytes = b""

    @property
    def count(self) -> int:
        """How many entries it covers."""
        return len(self.leaves) // _LINE.size

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Number and leaf of each entry, in order."""
        return _LINE.iter_unpack(self.leaves)

    def head(self) -> dict[str, Any]:
        """What is signed. It says what it is, because the same key signs export packages."""
        return {
            "at": self.at,
            "count": self.count,
            "first": self.first,
            "kind": "imgpilot audit seal",
            "last": self.last,
            "number": self.number,
            "previous": self.previous.hex(),
            "root": self.root.hex(),
        }

    def signed(self, key: Ed25519PrivateKey) -> "Seal":
        """The same seal with our signature."""
        return replace(self, signature=key.sign(rfc8785.dumps(self.head())))

    def is_well_formed(self) -> bool:
        """Whether it covers something, in order, from its first to its last."""
        if not self.leaves or len(self.leaves) % _LINE.size:
            return False
        seqs = [seq for seq, _ in self.lines()]
        return (seqs[0], seqs[-1]) == (self.first, self.last) and all(a < b for a, b in pairwise(seqs))

    def holds(self, key: Ed25519PublicKey, number: int, previous: bytes) -> bool:
        """Whether it is ours, whole, number `number`, and follows the seal whose root is `previous`."""
        if (self.number, self.previous) != (number, previous) or not self.is_well_formed():
            return False
        if root_of(leaf for _, leaf in self.lines()) != self.root:
            return False
        try:
            key.verify(self.signature, rfc8785.dumps(self.head()))
        except (InvalidSignature, ValueError):
            return False
        return True

    def to_json(self) -> bytes:
        """The seal as the object that lies outside the database: always the same bytes for the same seal."""
        return rfc8785.dumps(
            {
                "head": self.head(),
                "leaves": [[seq, leaf.hex()] for seq, leaf in self.lines()],
                "signature": self.signature.hex(),
            }
        )


def pack(lines: Iterable[tuple[int, bytes]]) -> bytes:
    """Numbers and leaves as they lie in a seal."""
    return b"".join(_LINE.pack(seq, leaf) for seq, leaf in lines)


def from_json(data: bytes) -> Seal | None:
    """The seal that these bytes are, to the byte; None if they are none."""
    try:
        said = json.loads(data)
        head = said["head"]
        seal = Seal(
            number=head["number"],
            at=head["at"],
            first=head["first"],
            last=head["last"],
            leaves=pack((seq, bytes.fromhex(leaf)) for seq, leaf in said["leaves"]),
            root=bytes.fromhex(head["root"]),
            previous=bytes.fromhex(head["previous"]),
            signature=bytes.fromhex(said["signature"]),
        )
        return seal if seal.to_json() == data else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, struct.error):
        return None
