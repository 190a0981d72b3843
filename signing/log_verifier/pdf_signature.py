"""The signature of a PDF: /ByteRange, then CMS SignedData (RFC 5652) with the few lines of DER that it takes."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7

from signing.log_verifier.finding import Bad
from signing.log_verifier.trust import Trust

_SHA256: Final = bytes.fromhex("300d06096086480165030402010500")
_ECDSA_SHA256: Final = bytes.fromhex("300a06082a8648ce3d040302")
_DETACHED: Final = bytes.fromhex("300b06092a864886f70d010701")
_ONE_BYTE: Final = bytes.fromhex("020101")
_MESSAGE_DIGEST: Final = bytes.fromhex("06092a864886f70d010904")


def check_pdf_signature(data: bytes, trust: Trust) -> None:
    """One signature over every byte of the file but itself, by the trusted P-256 key (SPKI, DER) when one is given."""
    ranges = re.findall(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]", data)
    start, first, second, rest = map(int, ranges[0]) if len(ranges) == 1 else (0, 0, 0, 0)
    hexes = data[first:second]
    if start or second + rest != len(data) or not re.fullmatch(rb"<[0-9A-F]+>", hexes):
        raise Bad("pdf-coverage")
    try:
        padded = bytes.fromhex(hexes[1:-1].decode())
        cms = der(padded)[0][0]
        if padded[len(cms) :].strip(b"\0"):
            raise ValueError("not zeros after the signature")
        key = check_cms(cms, sha256(data[:first] + data[second:]).digest(), trust.pades_issuer)
    except Exception:  # noqa: BLE001  DER, X.509 and point decoding fail in many ways on hostile bytes; all mean the same
        raise Bad("pdf-signature") from None
    if trust.pades not in {None, key}:
        raise Bad("pdf-key")


def check_cms(cms: bytes, digest: bytes, issuer: bytes) -> bytes:
    """SignedData with signed attributes over `digest`; the signer's SubjectPublicKeyInfo. Raises anything.

    issuer: the certificate (DER) of who may have issued the signer's; empty when that is not known. Whatever the
    signature does not cover is fixed, but for a timestamp, which its own authority signed.
    """
    signed = der(der(der(der(cms)[0][1])[1][1])[0][1])
    ((_, signer),) = der(signed[-1][1])
    version, (_, name), (hashed, _), (attributes, listed), (algorithm, _), (_, signature), *_ = der(signer)
    digests = [one for _, one in der(listed) if one.startswith(_MESSAGE_DIGEST)]
    if digests != [_MESSAGE_DIGEST + b"\x31\x22\x04\x20" + digest] or attributes[0] != 0xA0:
        raise ValueError("messageDigest")
    fixed = [_ONE_BYTE, b"\x31\x0f" + _SHA256, _DETACHED, _ONE_BYTE, _SHA256, _ECDSA_SHA256]
    if [*(whole for whole, _ in signed[:3]), version[0], hashed, algorithm] != fixed or len(signed) != 5:
        raise ValueError("algorithm")
    held = pkcs7.load_der_pkcs7_certificates(cms)
    (mine,) = [
        one for one in held if sha256(one.public_bytes(Encoding.DER)).digest() in listed
    ]  # ESSCertIDv2, RFC 5035
    issued_by, serial = der(name)
    if issued_by[0] != mine.issuer.public_bytes() or int.from_bytes(serial[1], "big") != mine.serial_number:
        raise ValueError("signer")
    for other in (one for one in held if one is not mine):
        mine.verify_directly_issued_by(other)
        other.verify_directly_issued_by(other)
        if issuer not in {b"", other.public_bytes(Encoding.DER)}:
            raise ValueError("issuer")
    key = mine.public_key()
    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise ValueError("curve")
    key.verify(signature, b"\x31" + attributes[1:], ECDSA(SHA256()))
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def der(data: bytes) -> list[tuple[bytes, bytes]]:
    """The DER values in `data`, one after another: each whole, and its content. Raises ValueError, IndexError."""
    out, at = [], 0
    while at + 1 < len(data):  # zeros pad the last of all
        length, start = data[at + 1], at + 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(data[at + 2 : start], "big")
        if start + length > len(data):
            raise ValueError("DER")
        out.append((data[at : start + length], data[start : start + length]))
        at = start + length
    return out
