"""Trees, paths and frontiers against the recursive definition of RFC 6962 and roots known from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.consistency_proof import verify_consistency
from signing.inclusion_proof import verify_inclusion
from signing.merkle import EMPTY_ROOT, Frontier, consistency_path, inclusion_path, leaf_hash, root
from signing.verification_error import VerificationError

# The leaves and roots of Certificate Transparency's reference tests.
REFERENCE_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = st.integers(0, 70)


def leaves_of(size: int) -> list[bytes]:
    """Distinct leaf hashes."""
    return [leaf_hash(b"entry %d" % at) for at in range(size)]


def naive_split(size: int) -> int:
    """The largest power of two below size, by counting up."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = naive_split(len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = naive_split(len(leaves))
    if index < k:
        return [*naive_path(index, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(index - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(old: int, leaves: Sequence[bytes], *, complete: bool = True) -> list[bytes]:
    """PROOF and SUBPROOF of RFC 6962 section 2.1.2, word for word."""
    if old == len(leaves):
        return [] if complete else [naive_root(leaves)]
    k = naive_split(len(leaves))
    if old <= k:
        return [*naive_proof(old, leaves[:k], complete=complete), naive_root(leaves[k:])]
    return [*naive_proof(old - k, leaves[k:], complete=False), naive_root(leaves[:k])]


@pytest.mark.parametrize("size", range(9))
def test_roots_equal_the_reference(size: int) -> None:
    """Given the reference leaves, when hashed, then the roots are those every implementation has."""
    leaves = [leaf_hash(bytes.fromhex(text)) for text in REFERENCE_LEAVES[:size]]
    assert root(leaves).hex() == REFERENCE_ROOTS[size]


@given(SIZES)
def test_root_and_frontier_equal_the_definition(size: int) -> None:
    """Given any number of leaves, when hashed at once or one by one, then the root is the definition's."""
    leaves, frontier = leaves_of(size), Frontier()
    frontier.extend(leaves)
    assert root(leaves) == naive_root(leaves) == frontier.root()
    assert frontier.size == size


@given(SIZES, SIZES)
def test_a_frontier_survives_storage_and_copies(size: int, more: int) -> None:
    """Given a stored frontier, when it grows after loading, then neither the original nor the root is disturbed."""
    frontier = Frontier()
    frontier.extend(leaves_of(size))
    before = frontier.root()
    copy, loaded = frontier.copy(), Frontier.from_bytes(frontier.to_bytes())
    for twin in (copy, loaded):
        twin.extend(leaves_of(size + more)[size:])
        assert twin.root() == root(leaves_of(size + more))
    assert frontier.root() == before


@given(st.binary(max_size=200))
def test_a_damaged_frontier_is_refused(data: bytes) -> None:
    """Given bytes whose length does not fit their size, when loaded, then refused."""
    if len(data) != 8 + 32 * int.from_bytes(data[:8], "big").bit_count():
        with pytest.raises(VerificationError):
            Frontier.from_bytes(data)


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_inclusion_paths_are_the_definitions_and_verify(case: tuple[int, int]) -> None:
    """Given any leaf, when its path is made, then it is the definition's and leads to the root."""
    size, index = case
    leaves = leaves_of(size)
    path = inclusion_path(leaves, index)
    assert path == naive_path(index, leaves)
    verify_inclusion(leaves[index], index, size, path, naive_root(leaves))


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size))))
def test_consistency_paths_are_the_definitions_and_verify(case: tuple[int, int]) -> None:
    """Given any earlier size, when the path is made, then it is the definition's and joins both roots."""
    size, old = case
    leaves = leaves_of(size)
    path = consistency_path(leaves, old)
    assert path == (naive_proof(old, leaves) if old else [])
    verify_consistency(old, naive_root(leaves[:old]), size, naive_root(leaves), path)


@given(st.data())
def test_wrong_inclusion_proofs_are_refused(data: st.DataObject) -> None:
    """Given a proof with a wrong leaf, place, size, path or root, when checked, then refused."""
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    path, top = inclusion_path(leaves, index), root(leaves)
    other = data.draw(st.integers(0, size - 1).filter(lambda at: at != index))
    cases = [
        (leaves[other], index, size, path, top),
        (leaves[index], other, size, path, top),
        (leaves[index], index, size, path[:-1], top),
        (leaves[index], index, size, [*path, top], top),
        (leaves[index], index, size, [path[0][:31], *path[1:]], top),
        (leaves[index], index, size, path, leaf_hash(top)),
        (leaves[index], size, size, path, top),
        (leaves[index], -1, size, path, top),
    ]
    at = data.draw(st.integers(0, len(path) - 1))
    cases.append((leaves[index], index, size, [*path[:at], leaf_hash(path[at]), *path[at + 1 :]], top))
    for case in cases:
        with pytest.raises(VerificationError):
            verify_inclusion(*case)


@given(st.data())
def test_wrong_consistency_proofs_are_refused(data: st.DataObject) -> None:
    """Given a rewritten history or a damaged path, when checked, then refused."""
    size = data.draw(st.integers(2, 70))
    old = data.draw(st.integers(1, size - 1))
    leaves = leaves_of(size)
    path, old_root, top = consistency_path(leaves, old), root(leaves[:old]), root(leaves)
    at = data.draw(st.integers(0, len(path) - 1))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [leaf_hash(leaf) if n == changed else leaf for n, leaf in enumerate(leaves)]
    cases = [
        (old, old_root, size, top, path[:-1]),
        (old, old_root, size, top, [*path, top]),
        (old, old_root, size, top, [*path[:at], leaf_hash(path[at]), *path[at + 1 :]]),
        (old, old_root, size, leaf_hash(top), path),
        (old, leaf_hash(old_root), size, top, path),
        (old, old_root, size, root(rewritten), consistency_path(rewritten, old)),
        (size, top, old, old_root, path),
        (old, old_root, size, top, []),
        (size, top, size, leaf_hash(top), []),
        (0, top, size, top, []),
        (0, EMPTY_ROOT, size, top, path),
    ]
    for case in cases:
        with pytest.raises(VerificationError):
            verify_consistency(*case)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3)])
def test_no_path_for_leaves_that_are_not_there(index: int, size: int) -> None:
    """Given an index outside the tree, when a path is asked for, then refused."""
    with pytest.raises(VerificationError):
        inclusion_path(leaves_of(size), index)
    with pytest.raises(VerificationError):
        consistency_path(leaves_of(size), size + 1)
