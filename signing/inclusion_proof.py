"""Checking that one leaf lies at one place in a tree."""

from __future__ import annotations

from collections.abc import Sequence

from signing.merkle import HASH_SIZE, node_hash
from signing.verification_error import VerificationError


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that `path` leads to from leaf hash `leaf` (32 bytes) at `index` in a tree of `size`.

    RFC 9162 section 2.1.3.2. Raises VerificationError `inclusion-proof` when the path cannot belong there.
    """
    if not 0 <= index < size:
        raise VerificationError("inclusion-proof", "no such leaf in a tree of this size")
    node, place, last = leaf, index, size - 1
    for sibling in path:
        if last == 0 or len(sibling) != HASH_SIZE:
            raise VerificationError("inclusion-proof", "the path is too long or holds no hash")
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        place >>= 1
        last >>= 1
    if last:
        raise VerificationError("inclusion-proof", "the path is too short")
    return node


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise VerificationError `inclusion-proof` unless leaf hash `leaf` is leaf `index` of the tree under `root`."""
    if root_from_inclusion(leaf, index, size, path) != root:
        raise VerificationError("inclusion-proof", "the path leads to another root")
