"""Merkle trees as RFC 9162 §2.1 has them: root, inclusion and consistency proofs, and how to check a proof."""

import hashlib
from collections.abc import Iterable, Sequence

#: The tree over nothing (§2.1.1).
EMPTY = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry. The prefix keeps a leaf from ever passing for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The tree hash over these leaf hashes; holds one hash per level, however many come (§2.1.2)."""
    stack: list[bytes] = []
    for count, leaf in enumerate(leaves):
        stack.append(leaf)
        merges = count
        while merges & 1:
            right = stack.pop()
            stack.append(node_hash(stack.pop(), right))
            merges >>= 1
    if not stack:
        return EMPTY
    root = stack.pop()
    while stack:
        root = node_hash(stack.pop(), root)
    return root


def _split(size: int) -> int:
    """The largest power of two below `size` (> 1): how many leaves go to the left."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root (§2.1.3.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError("there is no such leaf")
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion_proof(index, leaves[:k]), root_of(leaves[k:])]
    return [*inclusion_proof(index - k, leaves[k:]), root_of(leaves[:k])]


def proves_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that `leaf` is number `index` of the `size` under `root` (§2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, value = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            value = node_hash(step, value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node_hash(value, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and value == root


def consistency_proof(first: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that show that the tree over the first `first` leaves grew into this one (§2.1.4.1)."""
    if not 0 < first <= len(leaves):
        raise ValueError("the earlier tree has between one leaf and all of them")
    return _subproof(first, leaves, whole=True)


def _subproof(first: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    size = len(leaves)
    if first == size:
        # The verifier knows this root if it is the earlier tree itself.
        return [] if whole else [root_of(leaves)]
    k = _split(size)
    if first <= k:
        return [*_subproof(first, leaves[:k], whole=whole), root_of(leaves[k:])]
    return [*_subproof(first - k, leaves[k:], whole=False), root_of(leaves[:k])]


def proves_consistency(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether the proof shows that the tree of `first` leaves is the beginning of that of `second` (§2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(step, fr), node_hash(step, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root
