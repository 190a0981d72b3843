"""The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1): hashes, roots, and the paths that prove.

Hashes are 32 bytes of SHA-256. A tree over n leaves splits at the largest power of two below n.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from signing.verification_error import VerificationError

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """`leaf_hash` of each."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in order; EMPTY_ROOT for none.

    Level by level: an odd last node moves up unchanged, which gives the same tree as the recursive definition.
    """
    level = leaf_hashes
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        pairs = iter(level)
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def split(size: int) -> int:
    """The largest power of two below `size` (>= 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The subtrees [start, end) whose roots prove leaf `index` in a tree of `size`, from the leaf upward.

    RFC 9162 section 2.1.3.1. Raises VerificationError `proof-range` unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise VerificationError("proof-range", "no such leaf in a tree of this size")
    ranges: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old_size: int, size: int) -> list[tuple[int, int]]:
    """The subtrees [start, end) whose roots prove that a tree of `size` extends the one of `old_size`.

    RFC 9162 section 2.1.4.1; empty for equal sizes and for an old size of 0. Raises VerificationError `proof-range`
    unless 0 <= old_size <= size.
    """
    if not 0 <= old_size <= size:
        raise VerificationError("proof-range", "the old tree is larger than the new")
    if old_size in (0, size):
        return []
    ranges: list[tuple[int, int]] = []
    start, end = 0, size
    while end != old_size:
        middle = start + split(end - start)
        if old_size <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def inclusion_path(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that prove leaf `index`, sibling first. Raises VerificationError `proof-range`."""
    return [root(leaf_hashes[start:end]) for start, end in inclusion_ranges(index, len(leaf_hashes))]


def consistency_path(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that prove growth from `old_size` to all the leaves. Raises VerificationError `proof-range`."""
    return [root(leaf_hashes[start:end]) for start, end in consistency_ranges(old_size, len(leaf_hashes))]


class Frontier:
    """The roots of the complete subtrees along a growing tree's right edge: O(log n) bytes, appends O(1) amortized.

    Owned by one writer; `copy` before trying something that may fail.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # largest subtree first; one for each bit of size

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash (32 bytes)."""
        carry, peaks, bits = leaf, self._peaks, self.size
        while bits & 1:
            carry = sha256(b"\x01" + peaks.pop() + carry).digest()
            bits >>= 1
        peaks.append(carry)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root over everything added so far."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            node = sha256(b"\x01" + peak + node).digest()
        return node

    def copy(self) -> Frontier:
        """An independent frontier of the same tree."""
        twin = Frontier()
        twin.size, twin._peaks = self.size, self._peaks.copy()
        return twin

    def to_bytes(self) -> bytes:
        """uint64be size || the subtree roots, largest first (32 bytes each)."""
        return self.size.to_bytes(8, "big") + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """Inverse of `to_bytes`. Raises VerificationError `frontier`."""
        size = int.from_bytes(data[:8], "big")
        if len(data) != 8 + HASH_SIZE * size.bit_count():
            raise VerificationError("frontier", "the length does not fit the size")
        return cls.from_peaks(size, [data[at : at + HASH_SIZE] for at in range(8, len(data), HASH_SIZE)])

    @classmethod
    def from_peaks(cls, size: int, peaks: Sequence[bytes]) -> Frontier:
        """A frontier from the roots of a tree's complete subtrees, largest first (read from tiles, say)."""
        if len(peaks) != size.bit_count():
            raise VerificationError("frontier", "one root for each bit of the size")
        frontier = cls()
        frontier.size, frontier._peaks = size, list(peaks)
        return frontier
