"""The house's own small authority: it certifies the key that signs PDFs, and says when asked what it has revoked.

A signature can be long-term (B-LT) only if its certificate has an issuer with a revocation list; a self-signed one has
neither. The list is signed anew for every PDF and travels inside it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from signing.verification_error import VerificationError

ORGANIZATION: Final = "Mộc Bản"
_SKEW: Final = timedelta(minutes=10)
"""A list is as of a little ago: the authority of time may be behind this machine's clock."""
_LIST_LIFE: Final = timedelta(days=7)


class PadesIssuer:
    """private: PKCS #8 DER of the issuer, unencrypted, only ever in memory; certificate: its own, X.509 DER;
    issued: X.509 DER of the key that signs PDFs.

    Not a Struct, whose repr would show the private key.
    """

    __slots__ = ("certificate", "issued", "private")

    def __init__(self, private: bytes, certificate: bytes, issued: bytes) -> None:
        self.private = private
        self.certificate = certificate
        self.issued = issued

    def to_bytes(self) -> bytes:
        """For an encrypted file."""
        return msgspec.msgpack.encode((self.private, self.certificate, self.issued))

    @classmethod
    def from_bytes(cls, data: bytes) -> PadesIssuer:
        """Inverse of `to_bytes`. Raises VerificationError `keystore-damaged`."""
        try:
            return cls(*msgspec.msgpack.decode(data, type=tuple[bytes, bytes, bytes]))
        except msgspec.MsgspecError as error:
            raise VerificationError("keystore-damaged", "not an issuer and what it certified") from error

    def revocation_list(self, at: datetime) -> bytes:
        """The list (CRL, DER) as of `at` (UTC), good for a week: nothing was revoked."""
        key = serialization.load_der_private_key(self.private, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey), "made here"
        certificate = x509.load_der_x509_certificate(self.certificate)
        at = at.replace(microsecond=0)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(certificate.subject)
            .last_update(at - _SKEW)
            .next_update(at + _LIST_LIFE)
            .add_extension(identifier, critical=False)
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        )
        return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def make_issuer(self_signed: bytes) -> PadesIssuer:
    """A new issuer that certifies the key of a self-signed certificate (DER) under the same name, for as long."""
    old = x509.load_der_x509_certificate(self_signed)
    key = ec.generate_private_key(ec.SECP256R1())
    name = old.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    issuer = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{str(name)[:40]} - nơi cấp {secrets.token_hex(4)}"),
        ]
    )
    root = _certificate(old, issuer, issuer, key, key.public_key())
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    root = root.add_extension(_usage(issues=True), critical=True)
    public = old.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey), "made here"
    issued = _certificate(old, old.subject, issuer, key, public)
    issued = issued.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    issued = issued.add_extension(_usage(issues=False), critical=True)
    der = serialization.Encoding.DER
    private = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return PadesIssuer(
        private,
        root.sign(key, hashes.SHA256()).public_bytes(der),
        issued.sign(key, hashes.SHA256()).public_bytes(der),
    )


def _certificate(
    old: x509.Certificate,
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    public: ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(int.from_bytes(secrets.token_bytes(16), "big") >> 1)
        .not_valid_before(old.not_valid_before_utc)
        .not_valid_after(old.not_valid_after_utc)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )


def _usage(*, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=not issues,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )
