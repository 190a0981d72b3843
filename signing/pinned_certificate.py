"""Certificates that a person hands over to be pinned: PEM or DER, one or several."""

from __future__ import annotations

from hashlib import sha256
from unicodedata import normalize

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from signing.verification_error import VerificationError


def read_certificates(data: bytes) -> tuple[bytes, ...]:
    """The certificates in a file, DER. Raises VerificationError `certificate` for anything else."""
    try:
        if b"-----BEGIN" in data:
            read = x509.load_pem_x509_certificates(data)
        else:
            read = [x509.load_der_x509_certificate(data)]
    except ValueError as error:
        raise VerificationError("certificate", "neither PEM nor DER") from error
    return tuple(one.public_bytes(serialization.Encoding.DER) for one in read)


def subject_of(certificate: bytes) -> str:
    """The subject of a certificate (DER), RFC 4514. Raises VerificationError `certificate`."""
    try:
        return x509.load_der_x509_certificate(certificate).subject.rfc4514_string()
    except ValueError as error:
        raise VerificationError("certificate", "it cannot be read") from error


def marks_of(certificate: bytes) -> frozenset[str]:
    """What tells whose a certificate (DER) is: its public key (SHA-256 of the SubjectPublicKeyInfo) and the subject's
    organizations as written, but for letter case and spaces. Raises VerificationError `certificate`.
    """
    try:
        read = x509.load_der_x509_certificate(certificate)
        key = read.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        houses = [str(one.value) for one in read.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    except (ValueError, UnsupportedAlgorithm) as error:
        raise VerificationError("certificate", "it cannot be read") from error
    named = (" ".join(normalize("NFC", house).casefold().split()) for house in houses)
    return frozenset({f"key {sha256(key).hexdigest()}", *(f"organization {house}" for house in named if house)})
