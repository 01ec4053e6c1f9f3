"""Trees and proofs against the reference vectors of Certificate Transparency, and against any tree at all."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as some

from compliance.audit.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    proves_consistency,
    proves_inclusion,
    root_of,
)

#: The eight leaves, the roots over the first 1 to 8, and the proofs that every CT implementation is tested with.
DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAF_0 = ROOTS[0]
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
NODE_01 = ROOTS[1]
NODE_23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
NODE_03 = ROOTS[3]
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
NODE_45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAF_6 = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
NODE_67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
NODE_47 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

LEAVES = [leaf_hash(bytes.fromhex(data)) for data in DATA]

trees = some.lists(some.binary(max_size=4), min_size=1, max_size=70).map(lambda d: [leaf_hash(x) for x in d])


def recursive(leaves: list[bytes]) -> bytes:
    """The tree hash as RFC 9162 §2.1.1 defines it."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(recursive(leaves[:k]), recursive(leaves[k:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_reference_leaves(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_tree_over_nothing() -> None:
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (0, 8, [LEAF_1, NODE_23, NODE_47]),
        (5, 8, [LEAF_4, NODE_67, NODE_03]),
        (2, 3, [NODE_01]),
        (1, 5, [LEAF_0, NODE_23, LEAF_4]),
    ],
)
def test_inclusion_proofs_of_the_reference_leaves(index: int, size: int, proof: list[str]) -> None:
    made = inclusion_proof(index, LEAVES[:size])
    assert [step.hex() for step in made] == proof
    assert proves_inclusion(LEAVES[index], index, size, made, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(
    ("first", "second", "proof"),
    [
        (1, 1, []),
        (1, 8, [LEAF_1, NODE_23, NODE_47]),
        (6, 8, [NODE_45, NODE_67, NODE_03]),
        (2, 5, [NODE_23, LEAF_4]),
        (6, 7, [NODE_45, LEAF_6, NODE_03]),
    ],
)
def test_consistency_proofs_of_the_reference_leaves(first: int, second: int, proof: list[str]) -> None:
    made = consistency_proof(first, LEAVES[:second])
    assert [step.hex() for step in made] == proof
    roots = bytes.fromhex(ROOTS[first - 1]), bytes.fromhex(ROOTS[second - 1])
    assert proves_consistency(first, second, made, *roots)


@given(trees)
def test_the_streamed_root_is_the_defined_one(leaves: list[bytes]) -> None:
    assert root_of(iter(leaves)) == recursive(leaves)


@given(trees, some.data())
def test_an_inclusion_proof_proves_its_leaf_and_no_other(leaves: list[bytes], data: some.DataObject) -> None:
    index = data.draw(some.integers(0, len(leaves) - 1))
    proof, root = inclusion_proof(index, leaves), root_of(leaves)
    assert proves_inclusion(leaves[index], index, len(leaves), proof, root)
    assert not proves_inclusion(leaf_hash(b"another"), index, len(leaves), proof, root)
    assert not proves_inclusion(leaves[index], index, len(leaves), [*proof, root], root)
    assert not proves_inclusion(leaves[index], len(leaves), len(leaves), proof, root)
    if proof:
        assert not proves_inclusion(leaves[index], index, len(leaves), proof[:-1], root)
        spoilt = data.draw(some.integers(0, len(proof) - 1))
        wrong = [bytes(32) if i == spoilt else step for i, step in enumerate(proof)]
        assert not proves_inclusion(leaves[index], index, len(leaves), wrong, root)


@given(trees, some.data())
def test_a_consistency_proof_proves_growth_and_nothing_else(leaves: list[bytes], data: some.DataObject) -> None:
    first, size = data.draw(some.integers(1, len(leaves))), len(leaves)
    proof, old, new = consistency_proof(first, leaves), root_of(leaves[:first]), root_of(leaves)
    assert proves_consistency(first, size, proof, old, new)
    rewritten = root_of([leaf_hash(b"another"), *leaves[1:first]])
    assert not proves_consistency(first, size, proof, rewritten, new)
    assert not proves_consistency(first, size, proof, old, leaf_hash(b"another"))
    assert not proves_consistency(first, size, [*proof, new], old, new)
    assert not proves_consistency(0, size, proof, old, new)
    assert not proves_consistency(size + 1, size, proof, old, new)
    if proof:
        assert not proves_consistency(first, size, proof[:-1], old, new)


def test_what_is_not_in_the_tree_has_no_proof() -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(8, LEAVES)
    with pytest.raises(ValueError, match="earlier tree"):
        consistency_proof(0, LEAVES)
