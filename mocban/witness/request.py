"""The body of `add-checkpoint` (C2SP tlog-witness): old size, consistency proof, an empty line, the checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from domain.errors import Refusal
from signing.base64_text import from_base64, to_base64
from signing.checkpoint import Checkpoint, parse_checkpoint_text
from signing.merkle import HASH_SIZE
from signing.note import Note, parse_note
from signing.verification_error import VerificationError

MAX_PROOF_LINES: Final = 63
MAX_BODY: Final = 128 * 1024
"""Bytes: a checkpoint with a dozen post-quantum signatures fits three times over."""
_MAX_SIZE: Final = 2**63 - 1


class AddCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A parsed request, nothing verified yet. old: size of the tree the proof starts from; proof: 32-byte hashes."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    point: Checkpoint


def request_body(old: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """The bytes to post. note: the signed checkpoint."""
    lines = [f"old {old}", *map(to_base64, proof), "", ""]
    return "\n".join(lines).encode() + note


def parse_request(body: bytes) -> AddCheckpoint:
    """Inverse of `request_body`. Raises Refusal `witness-request-unfit`, `witness-request-too-large`."""
    if len(body) > MAX_BODY:
        raise Refusal("witness-request-too-large", limit=MAX_BODY)
    head, gap, checkpoint = body.partition(b"\n\n")
    if not gap:
        raise Refusal("witness-request-unfit", reason="no empty line")
    try:
        first, *proof = head.decode("ascii").split("\n")
        if len(proof) > MAX_PROOF_LINES:
            raise Refusal("witness-request-unfit", reason=f"more than {MAX_PROOF_LINES} lines of proof")
        hashes = tuple(from_base64(line, HASH_SIZE) for line in proof)
        note = parse_note(checkpoint)
        return AddCheckpoint(old=_old(first), proof=hashes, note=note, point=parse_checkpoint_text(note.text))
    except UnicodeDecodeError as error:
        raise Refusal("witness-request-unfit", reason="bytes outside ASCII before the checkpoint") from error
    except VerificationError as error:
        raise Refusal("witness-request-unfit", reason=error.detail) from error


def parse_size(text: str) -> int:
    """A tree size: decimal, no sign, no leading zero. Raises VerificationError `size`."""
    if not text.isascii() or not text.isdigit() or len(text) > 19 or text != str(int(text)) or int(text) > _MAX_SIZE:
        raise VerificationError("size", "not a tree size in decimal")
    return int(text)


def _old(line: str) -> int:
    word, _, size = line.partition(" ")
    if word != "old":
        raise VerificationError("size", "the first line is not `old <size>`")
    return parse_size(size)
