"""C2SP tlog-cosignature v1.1.0-rc.1: what timestamped signatures over a checkpoint sign.

Type 04 (Ed25519) signs the note's text after two lines; type 06 (ML-DSA-44) signs a structure with names and root.
Both put `uint64be time || signature` into the signature line; time in POSIX seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from signing.note import ML_DSA_44, VerifierKey, check_key_name
from signing.verification_error import VerificationError

ML_DSA_44_SIGNATURE_SIZE = 2420
MAX_TIME = 2**63 - 1


class MlDsa44Signer:
    """An ML-DSA-44 key held by this process (FIPS 204). seed: 32 bytes. Signing is randomized."""

    __slots__ = ("_key", "verifier_key")

    def __init__(self, name: str, seed: bytes) -> None:
        check_key_name(name)
        self._key = MLDSA44PrivateKey.from_seed_bytes(seed)
        self.verifier_key = VerifierKey(name, ML_DSA_44, self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The 2,420-byte signature with an empty context."""
        return self._key.sign(message)


def ed25519_message(time: int, text: bytes) -> bytes:
    """What a type-04 key signs: two header lines, then the whole text of the checkpoint note."""
    return b"cosignature/v1\ntime %d\n" % _checked(time) + text


def ml_dsa_44_message(cosigner: str, time: int, origin: str, size: int, root: bytes) -> bytes:
    """What a type-06 key signs: a statement on the subtree [0, size), that is, on a checkpoint."""
    name, log = cosigner.encode(), origin.encode()
    if not 1 <= len(name) <= 255 or not 1 <= len(log) <= 255 or len(root) != 32 or not 0 <= size < 2**64:
        raise VerificationError("cosignature", "a name, size or root that the message cannot hold")
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes((len(name),)),
            name,
            _checked(time).to_bytes(8, "big"),
            bytes((len(log),)),
            log,
            bytes(8),
            size.to_bytes(8, "big"),
            root,
        )
    )


def timestamped(time: int, signature: bytes) -> bytes:
    """uint64be time || signature: the bytes after the key id."""
    return _checked(time).to_bytes(8, "big") + signature


def split_timestamped(field: bytes, signature_size: int) -> tuple[int, bytes]:
    """Inverse of `timestamped`. Raises VerificationError `cosignature`."""
    time = int.from_bytes(field[:8], "big")
    if len(field) != 8 + signature_size or time > MAX_TIME:
        raise VerificationError("cosignature", "not a time and a signature")
    return time, field[8:]


def check_ml_dsa_44(public: bytes, signature: bytes, message: bytes) -> None:
    """Raise VerificationError `signature` unless the ML-DSA-44 signature holds (FIPS 204, empty context)."""
    try:
        _ml_dsa_44_verify(public)(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise VerificationError("signature", "the ML-DSA-44 signature does not hold") from error


@lru_cache(maxsize=1024)
def _ml_dsa_44_verify(public: bytes) -> Callable[[bytes, bytes], None]:
    try:
        return MLDSA44PublicKey.from_public_bytes(public).verify
    except ValueError as error:
        raise VerificationError("public-key", "not an ML-DSA-44 public key") from error


def _checked(time: int) -> int:
    if not 0 <= time <= MAX_TIME:
        raise VerificationError("cosignature", "a time out of range")
    return time
