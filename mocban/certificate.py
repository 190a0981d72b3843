"""The custody certificate of one file: a page for people, a proof for programs, one signature over both."""

from __future__ import annotations

from base64 import b64encode
from typing import Final

import msgspec

from signing.pades import sign_pdf
from signing.pades_key import PadesKey

REASON: Final = "Chứng nhận lưu giữ hồ sơ / custody certificate"


class ChainLink(msgspec.Struct, frozen=True, kw_only=True):
    """One act of the file's custody. date: as it is to be read; act: index in the log; leaf: its RFC 6962 leaf hash."""

    date: str
    vi: str
    en: str
    act: int
    leaf: bytes


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What one certificate says.

    title may be of any length; holder, assigned_to, may_use: names of agencies or units; chain: oldest first;
    size, root: the checkpoint; checkpoint: its signed note; genesis: the log's entry 0; registry and proofs: texts of
    `.tlog-proof` files, all under that checkpoint (every registry act so far, one proof an event; the chain's events).
    """

    archive: str
    issued: str
    file_code: str
    title: str
    holder: str
    assigned_to: str
    may_use: tuple[str, ...]
    chain: tuple[ChainLink, ...]
    origin: str
    size: int
    root: bytes
    checkpoint: str
    genesis: bytes
    registry: tuple[str, ...]
    proofs: tuple[str, ...]

    @property
    def root_text(self) -> str:
        """Base64, as in the checkpoint."""
        return b64encode(self.root).decode()


def issue(certificate: Certificate, key: PadesKey, location: str = "Hà Nội") -> bytes:
    """The signed PDF, one A4 page, its proof inside. Raises EnvironmentProblem `typeface-missing`."""
    from mocban.certificate_page import draw  # noqa: PLC0415  reportlab is slow to import

    return sign_pdf(draw(certificate), key, proof=proof_of(certificate), reason=REASON, location=location)


def proof_of(certificate: Certificate) -> bytes:
    """The JSON that the stand-alone verifier reads out of the PDF."""
    return msgspec.json.encode(
        {
            "origin": certificate.origin,
            "checkpoint": certificate.checkpoint,
            "genesis_entry": b64encode(certificate.genesis).decode(),
            "registry": certificate.registry,
            "proofs": certificate.proofs,
        }
    )
