"""The P-256 key and certificate that sign the certificates we print: the one kind of signature PDF readers verify."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from signing.pades_issuer import ORGANIZATION, PadesIssuer
from signing.verification_error import VerificationError


class PadesKey:
    """private: PKCS #8 DER, unencrypted, only ever in memory; certificate: X.509 DER, self-signed.

    issuer: who certified the same key besides, so that signatures can be long-term; None where nobody has.
    Not a Struct, whose repr would show the private key.
    """

    __slots__ = ("certificate", "issuer", "private")

    def __init__(self, private: bytes, certificate: bytes, issuer: PadesIssuer | None = None) -> None:
        self.private = private
        self.certificate = certificate
        self.issuer = issuer

    @property
    def public(self) -> bytes:
        """The SubjectPublicKeyInfo DER that a trust file names."""
        key = x509.load_der_x509_certificate(self.certificate).public_key()
        return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    def to_bytes(self) -> bytes:
        """For an encrypted file; the issuer has its own."""
        return msgspec.msgpack.encode((self.private, self.certificate))

    @classmethod
    def from_bytes(cls, data: bytes) -> PadesKey:
        """Inverse of `to_bytes`. Raises VerificationError `keystore-damaged`."""
        try:
            return cls(*msgspec.msgpack.decode(data, type=tuple[bytes, bytes]))
        except msgspec.MsgspecError as error:
            raise VerificationError("keystore-damaged", "not a key and a certificate") from error


def make_pades_key(common_name: str, not_before: int, years: int) -> PadesKey:
    """A new key with a certificate for signing documents. not_before: POSIX seconds."""
    key = ec.generate_private_key(ec.SECP256R1())
    start = datetime.fromtimestamp(not_before, UTC)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(secrets.token_bytes(16), "big") >> 1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return PadesKey(private, certificate.public_bytes(serialization.Encoding.DER))
