"""The custody certificate of one file: a page for people, a proof for programs, one signature over both.

It is PDF/A-3b: what is said, what proves it and the colours it is drawn in are all within the one file.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Final

import msgspec

from digitization.archival_pdf import Attachment, archival
from signing.pades import PROOF_BEGIN, PROOF_END, PROOF_NAME, sign_pdf
from signing.pades_key import PadesKey
from signing.timestamp import Authority

REASON: Final = "Chứng nhận lưu giữ hồ sơ / custody certificate"


class ChainLink(msgspec.Struct, frozen=True, kw_only=True):
    """One act of the file's custody. date: as it is to be read; act: index in the log; leaf: its RFC 6962 leaf hash.

    position: of its event in the log; signers: actor ids; basis: as the act cites it.
    """

    date: str
    vi: str
    en: str
    act: int
    leaf: bytes
    position: int | None = None
    signers: tuple[str, ...] = ()
    basis: str = ""


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What one certificate says.

    title may be of any length; holder, assigned_to, state: a line for both carriers, or one for each where they differ;
    may_use: a line for each rule, Vietnamese and English; sentence: the chain in one, in both; chain: oldest first;
    reconstructed: whether it rests on dates inferred from rosters; size, root: the checkpoint; checkpoint: its signed
    note; genesis: the log's entry 0; registry and proofs: texts of `.tlog-proof` files, all under that checkpoint
    (every registry act so far, one proof an event; the chain's events).
    """

    archive: str
    issued: str
    file_code: str
    title: str
    holder: str
    assigned_to: str
    may_use: tuple[tuple[str, str], ...]
    chain: tuple[ChainLink, ...]
    origin: str
    size: int
    root: bytes
    checkpoint: str
    genesis: bytes
    registry: tuple[str, ...]
    proofs: tuple[str, ...]
    state: str = ""
    sentence: tuple[str, str] = ("", "")
    reconstructed: bool = False

    @property
    def root_text(self) -> str:
        """Base64, as in the checkpoint."""
        return b64encode(self.root).decode()


def issue(
    certificate: Certificate, key: PadesKey, location: str = "Hà Nội", authorities: Sequence[Authority] = ()
) -> bytes:
    """The signed PDF/A-3b, one A4 page, its proof inside; authorities: of time, asked in order.

    Raises EnvironmentProblem `typeface-missing`.
    """
    from mocban.certificate_page import TITLE, draw  # noqa: PLC0415  reportlab is slow to import

    proof = Attachment(
        name=PROOF_NAME,
        media="application/json",
        told="Chứng cứ của sổ Mộc Bản / proof of the Mộc Bản ledger",
        data=PROOF_BEGIN + proof_of(certificate) + b"\n" + PROOF_END,
    )
    title = f"{TITLE} {certificate.file_code}"
    page = archival(draw(certificate), title=title, author=certificate.archive, attached=[proof])
    return sign_pdf(page, key, reason=REASON, location=location, authorities=authorities)


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
