"""Checking that a later tree only added to an earlier one."""

from __future__ import annotations

from collections.abc import Sequence

from signing.merkle import EMPTY_ROOT, HASH_SIZE, node_hash
from signing.verification_error import VerificationError


def verify_consistency(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """Raise VerificationError `consistency-proof` unless the tree (size, root) extends (old_size, old_root).

    RFC 9162 section 2.1.4.2; path of 32-byte hashes, empty for equal sizes and for an old size of 0.
    """
    if not 0 <= old_size <= size:
        raise _failure("the old tree is larger than the new")
    if any(len(sibling) != HASH_SIZE for sibling in path):
        raise _failure("the path holds no hash")
    if old_size in (0, size):
        _verify_trivial(old_size, old_root, size, root, path)
        return
    nodes = list(path)
    if old_size & (old_size - 1) == 0:
        nodes.insert(0, old_root)  # the old tree is one complete subtree: its root is not sent
    if not nodes:
        raise _failure("the path is empty")
    _verify_grown(old_size, old_root, size, root, nodes)


def _verify_trivial(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> None:
    if path:
        raise _failure("a path where none belongs")
    if old_size == size and old_root != root:
        raise _failure("one size, two roots")
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise _failure("not the root of the empty tree")


def _verify_grown(old_size: int, old_root: bytes, size: int, root: bytes, nodes: Sequence[bytes]) -> None:
    place, last = old_size - 1, size - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old_node = node = nodes[0]
    for sibling in nodes[1:]:
        if last == 0:
            raise _failure("the path is too long")
        if place & 1 or place == last:
            old_node, node = node_hash(sibling, old_node), node_hash(sibling, node)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        place >>= 1
        last >>= 1
    if last:
        raise _failure("the path is too short")
    if old_node != old_root or node != root:
        raise _failure("the path leads to other roots")


def _failure(detail: str) -> VerificationError:
    return VerificationError("consistency-proof", detail)
