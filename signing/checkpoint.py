"""C2SP tlog-checkpoint v1.0.0: a log's size and root, signed by the log (Ed25519 and ML-DSA-44) and by witnesses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from signing.base64_text import from_base64, to_base64
from signing.cosignature import (
    ML_DSA_44_SIGNATURE_SIZE,
    MlDsa44Signer,
    check_ml_dsa_44,
    ed25519_message,
    ml_dsa_44_message,
    split_timestamped,
    timestamped,
)
from signing.merkle import EMPTY_ROOT, HASH_SIZE
from signing.note import (
    ED25519,
    ED25519_COSIGNATURE,
    ML_DSA_44,
    Note,
    Signer,
    VerifierKey,
    check_ed25519,
    parse_note,
    signature_line,
)
from signing.verification_error import VerificationError

__all__ = [
    "Checkpoint", "MlDsa44Signer", "OpenedCheckpoint", "checkpoint_text", "cosign", "open_checkpoint",
    "parse_checkpoint_text", "sign_checkpoint", "signature_times", "without_ml_dsa",
]  # fmt: skip

_MAX_SIZE = 2**63 - 1


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The tree head of a log. size: acts; root: 32 bytes; extensions: further lines, opaque, normally none."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


class OpenedCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint whose known signatures hold. times: key -> POSIX seconds of its timestamped signature, else 0."""

    checkpoint: Checkpoint
    note: Note
    data: bytes
    times: Mapping[VerifierKey, int]


def checkpoint_text(origin: str, size: int, root: bytes) -> bytes:
    """The three lines that are signed. Raises VerificationError `checkpoint`."""
    if not origin or "\n" in origin or not 0 <= size <= _MAX_SIZE or len(root) != HASH_SIZE:
        raise VerificationError("checkpoint", "an origin, size or root that no checkpoint can have")
    return f"{origin}\n{size}\n{to_base64(root)}\n".encode()


def parse_checkpoint_text(text: bytes) -> Checkpoint:
    """Origin, size, root and extension lines. Raises VerificationError `checkpoint`."""
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError as error:
        raise VerificationError("checkpoint", "not UTF-8") from error
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise VerificationError("checkpoint", "not three or more lines, none of them empty")
    origin, size_text, root_text, *extensions = lines[:-1]
    if not size_text.isascii() or not size_text.isdigit() or len(size_text) > 19 or size_text != str(int(size_text)):
        raise VerificationError("checkpoint", "the size is not a decimal number")
    root, size = from_base64(root_text, HASH_SIZE), int(size_text)
    if size > _MAX_SIZE or (size == 0 and root != EMPTY_ROOT):
        raise VerificationError("checkpoint", "a size and root that do not fit")
    return Checkpoint(origin=origin, size=size, root=root, extensions=tuple(extensions))


def sign_checkpoint(origin: str, size: int, root: bytes, signers: Sequence[Signer], time: int) -> bytes:
    """The signed note, one line for each signer in order. time: POSIX seconds, for types 04 and 06.

    Whoever calls this has made sure that the log never signed another tree of this size.
    """
    if not signers:
        raise VerificationError("checkpoint", "nobody signs")
    text = checkpoint_text(origin, size, root)
    return b"".join([text, b"\n", *(cosign(text, signer, time) for signer in signers)])


def cosign(text: bytes, signer: Signer, time: int) -> bytes:
    """One signature line over a checkpoint's text, by a key of type 01, 04 or 06."""
    key = signer.verifier_key
    match key.type:
        case 0x01:
            return signature_line(key, signer.sign(text))
        case 0x04:
            return signature_line(key, timestamped(time, signer.sign(ed25519_message(time, text))))
        case 0x06:
            point = parse_checkpoint_text(text)
            message = ml_dsa_44_message(key.name, time, point.origin, point.size, point.root)
            return signature_line(key, timestamped(time, signer.sign(message)))
        case _:
            raise VerificationError("checkpoint", "a key of a type that signs no checkpoints")


def open_checkpoint(data: bytes, vkeys: Iterable[VerifierKey]) -> OpenedCheckpoint:
    """The checkpoint in a note. vkeys: the log's own keys (named as its origin) and any witnesses'.

    Lines of unknown keys are ignored; one bad signature of a known key refuses the note. Of each type among the log's
    own keys given, one must have signed, so giving both kinds asks for both. A witness quorum is for the caller to
    count in `times`. Raises VerificationError (`checkpoint`, `note`, `signature`, `unsigned`).
    """
    keys = list(vkeys)
    note = parse_note(data)
    point = parse_checkpoint_text(note.text)
    times = signature_times(note, point, keys)
    wanted = {key.type for key in keys if key.name == point.origin}
    if not wanted or wanted - {key.type for key in times if key.name == point.origin}:
        raise VerificationError("unsigned", "not signed by the log with each kind of its keys")
    return OpenedCheckpoint(checkpoint=point, note=note, data=data, times=times)


def signature_times(note: Note, point: Checkpoint, vkeys: Iterable[VerifierKey]) -> dict[VerifierKey, int]:
    """The keys among `vkeys` that signed, each with the POSIX seconds of its signature (0 for type 01).

    point: the checkpoint in the note. Lines of unknown keys are ignored. Raises VerificationError for a known key's
    signature that fails.
    """
    known = {(key.name, key.key_id): key for key in vkeys}
    times: dict[VerifierKey, int] = {}
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is not None:
            times[key] = _check(key, line.signature, note.text, point)
    return times


def without_ml_dsa(data: bytes) -> bytes:
    """The same checkpoint without the lines of ML-DSA-44 keys: a third of the size, for who has no use for them.

    Known by their length, which no other signature has. Such a note opens only for who asks for Ed25519 alone.
    """
    note = parse_note(data)
    size = len(timestamped(0, bytes(ML_DSA_44_SIGNATURE_SIZE)))
    return Note(note.text, tuple(line for line in note.signatures if len(line.signature) != size)).data


def _check(key: VerifierKey, field: bytes, text: bytes, point: Checkpoint) -> int:
    """The time of a signature that holds; 0 for type 01, which has none."""
    if key.type == ED25519:
        check_ed25519(key.public, field, text)
        return 0
    if key.type == ED25519_COSIGNATURE:
        time, signature = split_timestamped(field, 64)
        check_ed25519(key.public, signature, ed25519_message(time, text))
        return time
    if key.type == ML_DSA_44:
        time, signature = split_timestamped(field, ML_DSA_44_SIGNATURE_SIZE)
        message = ml_dsa_44_message(key.name, time, point.origin, point.size, point.root)
        check_ml_dsa_44(key.public, signature, message)
        return time
    raise VerificationError("signature", "a key of a type that signs no checkpoints")
