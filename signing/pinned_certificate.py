"""Certificates that a person hands over to be pinned: PEM or DER, one or several."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import serialization

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
