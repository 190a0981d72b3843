"""Duplicates: exact by SHA-256, near by MinHash over what was read. A near score advises; it never decides.

Unrelated certificates on the same form reach 0.47 and true copies 0.84, so number, date and persons have the last word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from digitization.plain import plain

PERMUTATIONS: Final = 128
SHINGLE: Final = 7
"""Characters in one n-gram of accent-stripped text."""
NEAR: Final = 0.6
"""Estimated Jaccard similarity from which two documents are shown to a person side by side."""

_PRIME: Final = (1 << 31) - 1
_LEAST_SHINGLES: Final = 40
_NOT_TEXT: Final = re.compile(r"[^a-z0-9]+")


def sha256(content: bytes) -> str:
    """Hex digest of the scan's bytes: equal only for exact copies."""
    return hashlib.sha256(content).hexdigest()


def signature(text: str) -> tuple[int, ...]:
    """MinHash of a text: 128 numbers below 2**31; empty when the text is too short to tell anything."""
    bare = _NOT_TEXT.sub(" ", plain(text)).strip()
    shingles = {bare[at : at + SHINGLE] for at in range(len(bare) - SHINGLE + 1)}
    if len(shingles) < _LEAST_SHINGLES:
        return ()
    hashed = np.array(sorted(_hash(shingle) for shingle in shingles), dtype=np.uint64)
    factors, offsets = _PERMUTATION[0][:, None], _PERMUTATION[1][:, None]
    least = ((hashed[None, :] * factors + offsets) % np.uint64(_PRIME)).min(axis=1)
    return tuple(int(value) for value in least)


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated Jaccard similarity of two texts, 0..1; 0 when either has no signature."""
    if len(one) != PERMUTATIONS or len(other) != PERMUTATIONS:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / PERMUTATIONS


def _hash(shingle: str) -> int:
    """31 bits, so that a product of two stays within 64."""
    return int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=4).digest(), "big") % _PRIME


def _permutations() -> npt.NDArray[np.uint64]:
    """Factors and offsets of h -> (a h + b) mod p, derived from names: signatures made today compare in fifty years."""

    def number(name: str, at: int) -> int:
        digest = hashlib.sha256(f"mocban/minhash/v1/{name}/{at}".encode()).digest()
        return 1 + int.from_bytes(digest[:8], "big") % (_PRIME - 1)

    rows = [[number(name, at) for at in range(PERMUTATIONS)] for name in ("factor", "offset")]
    return np.array(rows, dtype=np.uint64)


_PERMUTATION: Final = _permutations()
