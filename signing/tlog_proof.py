"""C2SP tlog-proof: an entry of a log proven offline by a text file; our `extra` holds the act and one of its events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from signing.act import OpenedAct, open_act
from signing.base64_text import from_base64, to_base64
from signing.checkpoint import OpenedCheckpoint, open_checkpoint
from signing.event_entry import MAX_ENTRY_SIZE, EventEntry, parse_event_entry
from signing.inclusion_proof import verify_inclusion
from signing.merkle import HASH_SIZE, leaf_hash
from signing.note import VerifierKey
from signing.verification_error import VerificationError

_HEAD = "c2sp.org/tlog-proof@v1"
_MAX_PATH = 63
_MAX_PROOF_SIZE = 2_000_000


class TlogProof(msgspec.Struct, frozen=True, kw_only=True):
    """A parsed proof file, nothing verified. path: sibling first; checkpoint: the whole signed note."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


class ActEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """Our `extra`: the act's note, and one of its events with the path inside the act's own tree."""

    note: bytes
    event_index: int
    path: tuple[bytes, ...]
    event_entry: bytes


class ProvenEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What a proof file has shown: the log signed a tree that holds this act, and the act carries this event.

    The act's own signatures and its signers' roles are for the registry to judge.
    """

    checkpoint: OpenedCheckpoint
    index: int
    act: OpenedAct
    event_index: int
    event: EventEntry


def encode_proof(proof: TlogProof) -> bytes:
    """The bytes of a `.tlog-proof` file."""
    lines = [_HEAD]
    if proof.extra is not None:
        lines.append(f"extra {to_base64(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines += [to_base64(node) for node in proof.path]
    return "\n".join(lines).encode() + b"\n\n" + proof.checkpoint


def parse_proof(data: bytes) -> TlogProof:
    """Inverse of `encode_proof`. Raises VerificationError `tlog-proof`."""
    head, blank, checkpoint = data.partition(b"\n\n")
    if len(data) > _MAX_PROOF_SIZE or not blank:
        raise VerificationError("tlog-proof", "no checkpoint, or larger than any proof")
    try:
        lines = head.decode("ascii").split("\n")
        extra: bytes | None = None
        at = 1
        if len(lines) > 1 and lines[1].startswith("extra "):
            extra, at = from_base64(lines[1][6:]), 2
        index_line, path_lines = lines[at], lines[at + 1 :]
        path = tuple([from_base64(line, HASH_SIZE) for line in path_lines])
    except (UnicodeDecodeError, IndexError, VerificationError) as error:
        raise VerificationError("tlog-proof", "not the lines of a proof") from error
    index_text = index_line.removeprefix("index ")
    if lines[0] != _HEAD or not index_line.startswith("index ") or len(path) > _MAX_PATH:
        raise VerificationError("tlog-proof", "not the lines of a proof")
    if not index_text.isdigit() or len(index_text) > 19 or index_text != str(int(index_text)):
        raise VerificationError("tlog-proof", "the index is not a decimal number")
    return TlogProof(index=int(index_text), path=path, checkpoint=checkpoint, extra=extra)


def encode_evidence(evidence: ActEvidence) -> bytes:
    """uint16be length || act note || uint32be event index || uint8 count || path || uint32be length || event entry."""
    try:
        return b"".join(
            (
                len(evidence.note).to_bytes(2, "big"),
                evidence.note,
                evidence.event_index.to_bytes(4, "big"),
                len(evidence.path).to_bytes(1, "big"),
                *evidence.path,
                len(evidence.event_entry).to_bytes(4, "big"),
                evidence.event_entry,
            )
        )
    except OverflowError as error:
        raise VerificationError("tlog-proof", "a part larger than its length can say") from error


def parse_evidence(extra: bytes) -> ActEvidence:
    """Inverse of `encode_evidence`. Raises VerificationError `tlog-proof`."""
    note, rest = _take(extra, 2)
    event_index, count, rest = int.from_bytes(rest[:4], "big"), rest[4:5], rest[5:]
    nodes = (count[0] if count else 0) * HASH_SIZE
    entry, end = _take(rest[nodes:], 4)
    if not count or end or len(entry) > MAX_ENTRY_SIZE:
        raise VerificationError("tlog-proof", "the extra data is cut short, too long or has bytes after its end")
    path = tuple([rest[at : at + HASH_SIZE] for at in range(0, nodes, HASH_SIZE)])
    return ActEvidence(note=note, event_index=event_index, path=path, event_entry=entry)


def prove_event(*, index: int, path: Sequence[bytes], checkpoint: bytes, evidence: ActEvidence) -> bytes:
    """The proof file for one event of act `index`. path: of the act in the checkpointed tree."""
    extra = encode_evidence(evidence)
    return encode_proof(TlogProof(index=index, path=tuple(path), checkpoint=checkpoint, extra=extra))


def verify_event_proof(data: bytes, vkeys: Iterable[VerifierKey]) -> ProvenEvent:
    """Check a proof file against the log's keys: checkpoint, act in the log, event in the act.

    Raises VerificationError (`tlog-proof`, `inclusion-proof` and those of checkpoint, act and event).
    """
    proof = parse_proof(data)
    if proof.extra is None:
        raise VerificationError("tlog-proof", "no act in the proof")
    evidence = parse_evidence(proof.extra)
    opened = open_checkpoint(proof.checkpoint, vkeys)
    point = opened.checkpoint
    act = open_act(evidence.note, point.origin)
    verify_inclusion(act.leaf_hash, proof.index, point.size, proof.path, point.root)
    event_leaf = leaf_hash(evidence.event_entry)
    verify_inclusion(event_leaf, evidence.event_index, act.header.events, evidence.path, act.header.root)
    event = parse_event_entry(evidence.event_entry)
    return ProvenEvent(checkpoint=opened, index=proof.index, act=act, event_index=evidence.event_index, event=event)


def _take(data: bytes, length_bytes: int) -> tuple[bytes, bytes]:
    """The part that a length begins, and the rest."""
    end = length_bytes + int.from_bytes(data[:length_bytes], "big")
    if len(data) < max(end, length_bytes):
        raise VerificationError("tlog-proof", "the extra data is cut short")
    return data[length_bytes:end], data[end:]
