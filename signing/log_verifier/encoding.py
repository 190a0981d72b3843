"""Hashes, trees and the encodings around them."""

from __future__ import annotations

import binascii
from hashlib import sha256
from typing import Final

FAR: Final = 1 << 62  # beyond any act and any position
MAX_FILE: Final = 256 * (65_536 + 4)  # the largest legal bundle of events; nothing bigger is ever read whole


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


class Tree:
    """RFC 6962 tree, every complete subtree kept: level L holds the 32-byte hashes of 2^L leaves each."""

    def __init__(self, leaves: bytes) -> None:
        self.levels = [leaves]
        while len(below := self.levels[-1]) >= 64:
            pairs = range(0, len(below) // 64 * 64, 64)
            self.levels.append(b"".join([sha256(b"\1" + below[at : at + 64]).digest() for at in pairs]))

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves: complete subtrees folded from the right."""
        found = b""
        for level, row in enumerate(self.levels):
            if size >> level & 1:
                left = row[((size >> level) - 1) * 32 : (size >> level) * 32]
                found = sha256(b"\1" + left + found).digest() if found else left
        return found or sha256().digest()


def root64(leaves: list[bytes]) -> bytes:
    """The root over leaf hashes, in base64."""
    return to_base64(leaves[0] if len(leaves) == 1 else Tree(b"".join(leaves)).root(len(leaves)))


def path_root(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root that an inclusion path leads to (RFC 9162 section 2.1.3.2); empty when the path does not fit."""
    at, last, root = index, size - 1, leaf
    for step in path:
        right = at & 1 or at == last
        root = sha256(b"\1" + step + root if right else b"\1" + root + step).digest()
        while right and at and not at & 1:
            at, last = at >> 1, last >> 1
        if last <= 0:
            return b""
        at, last = at >> 1, last >> 1
    return root if last == 0 <= index < size else b""


def from_base64(text: str | bytes, length: int | None = None) -> bytes:
    """Strict: encodes again to equal bytes. Raises ValueError."""
    raw = text.encode("ascii") if isinstance(text, str) else text
    data = binascii.a2b_base64(raw)
    if to_base64(data) != raw or (length is not None and len(data) != length):
        raise ValueError("base64")
    return data


def to_base64(data: bytes) -> bytes:
    return binascii.b2a_base64(data, newline=False)


def frames(data: bytes, width: int) -> tuple[list[bytes], bool]:
    """Cut `length || bytes` records, lengths of `width` bytes; False when the last one does not end with the data."""
    out: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        start = at + width
        at = start + int.from_bytes(data[at:start], "big")
        if at > end or start > end:
            return out, False
        out.append(data[start:at])
    return out, True
