"""A timestamp authority of one's own: a small CA in a folder, and `openssl ts` that answers."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.timestamp import Authority

needs_openssl_ts: Final = shutil.which("openssl") is None
_CONFIG: Final = """[tsa]
default_tsa = local
[local]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def _name(text: str, organization: str | None = None) -> x509.Name:
    house = [] if organization is None else [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)]
    return x509.Name([*house, x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


class LocalAuthority:
    """ca.pem certifies tsa.pem, which signs. days: for which tsa.pem is valid; purposes: its extended key usages.

    crl_url: where tsa.pem says that its revocation list is; the list is in ca.crl. organization: that tsa.pem names.
    """

    def __init__(
        self,
        folder: Path,
        name: str = "one",
        *,
        days: float = 365,
        purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
        critical: bool = True,
        crl_url: str | None = None,
        since_days: float = 1,
        organization: str | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.name = folder, name
        self._turn = Lock()  # openssl counts in a file
        self._start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=since_days)
        self._ca = ec.generate_private_key(ec.SECP256R1())
        key = ec.generate_private_key(ec.SECP256R1())
        ca = self._certificate(_name(f"CA {name}"), self._ca, f"CA {name}", 3650).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.ca = ca.add_extension(_usage(signs_certificates=True), critical=True).sign(self._ca, hashes.SHA256())
        tsa = self._certificate(_name(f"TSA {name}", organization), key, f"CA {name}", since_days + days)
        tsa = tsa.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        tsa = tsa.add_extension(_usage(signs_certificates=False), critical=True)
        tsa = tsa.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
        if crl_url is not None:
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
            tsa = tsa.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        self.tsa = tsa.sign(self._ca, hashes.SHA256())
        pem = serialization.Encoding.PEM
        (folder / "ca.pem").write_bytes(self.ca.public_bytes(pem))
        (folder / "tsa.pem").write_bytes(self.tsa.public_bytes(pem))
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "tsa.key").write_bytes(private)
        (folder / "ca.crl").write_bytes(self.crl())
        (folder / "tsa.cnf").write_text(_CONFIG)
        (folder / "serial").write_text("01\n")

    def _certificate(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: str, days: float
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(_name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._start)
            .not_valid_after(self._start + timedelta(days=days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._ca.public_key()), critical=False)
        )

    def crl(self, *, revoked: bool = False) -> bytes:
        """The CA's list of revoked certificates, DER."""
        now = datetime.now(UTC).replace(microsecond=0)
        made = x509.CertificateRevocationListBuilder().issuer_name(self.ca.subject)
        made = made.last_update(now - timedelta(hours=1)).next_update(now + timedelta(days=7))
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._ca.public_key())
        made = made.add_extension(identifier, critical=False).add_extension(x509.CRLNumber(1), critical=False)
        if revoked:
            one = x509.RevokedCertificateBuilder().serial_number(self.tsa.serial_number)
            made = made.add_revoked_certificate(one.revocation_date(now - timedelta(hours=2)).build())
        return made.sign(self._ca, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    @property
    def pinned(self) -> tuple[bytes, ...]:
        """The CA's certificate, DER."""
        return (self.ca.public_bytes(serialization.Encoding.DER),)

    def answer(self, query: bytes, *, chain: bool = True) -> bytes:
        """What `openssl ts -reply` says to a query; a refusal is an answer too."""
        with self._turn, tempfile.TemporaryDirectory(dir=self.folder) as at:
            (Path(at) / "query").write_bytes(query)
            command = [
                "openssl",
                "ts",
                "-reply",
                "-config",
                "tsa.cnf",
                "-section",
                "local",
                "-queryfile",
                f"{at}/query",
            ]
            command += ["-signer", "tsa.pem", "-inkey", "tsa.key", *(["-chain", "ca.pem"] if chain else [])]
            done = subprocess.run(
                [*command, "-out", f"{at}/reply"], cwd=self.folder, capture_output=True, check=False, timeout=20
            )
            reply = Path(at) / "reply"
            assert reply.exists(), done.stderr.decode()
            return reply.read_bytes()

    @property
    def authority(self) -> Authority:
        """As the product asks it, without a network."""
        return Authority(name=self.name, certificates=self.pinned, ask=self.answer)

    def openssl_accepts(self, reply: Path, data: Path) -> bool:
        """Whether the foreign tool holds a kept answer good for the bytes of a file, under this CA."""
        command = ["openssl", "ts", "-verify", "-in", str(reply), "-data", str(data)]
        done = subprocess.run(
            [*command, "-CAfile", str(self.folder / "ca.pem")], capture_output=True, check=False, timeout=20
        )
        return done.returncode == 0 and b"Verification: OK" in done.stdout + done.stderr
