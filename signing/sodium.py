"""Ed25519 signatures by libsodium, for a process whose one thread does little else.

An Ed25519 signature follows from key and text (RFC 8032), so these are OpenSSL's byte for byte, for two thirds of the
time. But libsodium's binding lets go of the interpreter at every call: where other threads wait for that, it is dearer.
"""

from __future__ import annotations

from collections.abc import Callable

from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_seed_keypair


def sodium_sign(seed: bytes) -> Callable[[bytes], bytes]:
    """A function from a message to its 64-byte signature. seed: the 32 bytes of RFC 8032."""
    _, secret = crypto_sign_seed_keypair(seed)
    size: int = crypto_sign_BYTES

    def sign(message: bytes) -> bytes:
        signed: bytes = crypto_sign(message, secret)
        return signed[:size]

    return sign
