"""Base64 as the formats want it: standard alphabet, padded, and only one text for each byte string (RFC 4648, 3.5)."""

from __future__ import annotations

from binascii import Error, a2b_base64, b2a_base64

from signing.verification_error import VerificationError


def to_base64(data: bytes) -> str:
    """Standard base64 with padding, one line."""
    return b2a_base64(data, newline=False).decode("ascii")


def from_base64(text: str, length: int | None = None) -> bytes:
    """The bytes of `text`; re-encoding must give the same text, so one signature has one spelling.

    length: the exact number of bytes expected, where known. Raises VerificationError `base64`.
    """
    try:
        ascii_text = text.encode("ascii")
        data = a2b_base64(ascii_text)
    except (Error, ValueError) as error:
        raise VerificationError("base64", "not base64") from error
    if b2a_base64(data, newline=False) != ascii_text:
        raise VerificationError("base64", "not the one canonical base64 text of its bytes")
    if length is not None and len(data) != length:
        raise VerificationError("base64", f"{len(data)} bytes where {length} belong")
    return data
