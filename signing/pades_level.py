"""The PAdES level that a PDF's signature truly reaches: how much of it can be checked later, by its own bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Any

from signing.timestamp import quiet_pyhanko

if TYPE_CHECKING:
    from pyhanko.sign.validation import EmbeddedPdfSignature


class PadesLevel(StrEnum):
    """ETSI EN 319 142-1 section 6. NONE: not signed so that it holds."""

    NONE = "none"
    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"


def pades_level(pdf: bytes, issuer: bytes, authorities: Sequence[bytes], at: datetime | None = None) -> PadesLevel:
    """The level of the one signature. issuer, authorities: certificates (DER) that are trusted, of signer and of time.

    B-T: a timestamp that holds. B-LT: besides, the PDF carries revocation lists under which every certificate of both
    chains was good at its time; nothing is asked of a network. A timestamp fixes the time as of which the signer is
    judged; its own certificate must be good still. at: the moment of judging, now.
    """
    try:
        return asyncio.run(_level(pdf, issuer, authorities, at or datetime.now(UTC)))
    except Exception:  # noqa: BLE001  hostile PDFs fail in many ways; none of them is signed so that it holds
        return PadesLevel.NONE


async def _level(pdf: bytes, issuer: bytes, authorities: Sequence[bytes], at: datetime) -> PadesLevel:
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  slow: 0.9 s
    from pyhanko.sign.validation import SignatureCoverageLevel  # noqa: PLC0415  as above

    quiet_pyhanko()
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    judged = _Judged(signature, issuer, authorities)
    now = await judged.status(at, "soft-fail")
    if not (now.intact and now.valid and signature.coverage == SignatureCoverageLevel.ENTIRE_FILE):
        return PadesLevel.NONE
    stamp = now.timestamp_validity
    if stamp is not None and stamp.intact and stamp.valid and stamp.trusted and _lasts(stamp.validation_path, at):
        for mode, level in (("require", PadesLevel.B_LT), ("soft-fail", PadesLevel.B_T)):
            then = await judged.status(stamp.timestamp, mode)
            if then.trusted and then.timestamp_validity is not None and then.timestamp_validity.trusted:
                return level
    return PadesLevel.B_B if now.trusted else PadesLevel.NONE


def _lasts(path: Any, at: datetime) -> bool:
    """Whether every certificate of a path is good at a moment; pyHanko lets a trusted one end."""
    return all(one.not_valid_before <= at <= one.not_valid_after for one in path.iter_certs(include_root=True))


class _Judged:
    """One signature, whom to trust, and what its PDF carries for judging it."""

    def __init__(self, signature: EmbeddedPdfSignature, issuer: bytes, authorities: Sequence[bytes]) -> None:
        from asn1crypto import x509  # noqa: PLC0415  slow to import
        from pyhanko.sign.validation import DocumentSecurityStore  # noqa: PLC0415  slow: 0.9 s

        self._signature = signature
        self._issuer = [x509.Certificate.load(issuer)]
        # Nobody trusted for time: the issuer alone, under whom no authority holds.
        self._authorities = [x509.Certificate.load(one) for one in authorities] or self._issuer
        carries = "/DSS" in signature.reader.root
        self._store = DocumentSecurityStore.read_dss(signature.reader) if carries else DocumentSecurityStore(None)

    async def status(self, moment: datetime, mode: str) -> Any:
        """pyHanko's verdict as of a moment. mode: `require` a list for every certificate, or `soft-fail` without."""
        from pyhanko.sign.validation import async_validate_pdf_signature  # noqa: PLC0415  slow: 0.9 s

        settings = {"moment": moment, "allow_fetching": False, "revocation_mode": mode}
        signer, time = (
            self._store.as_validation_context({**settings, "trust_roots": roots})
            for roots in (self._issuer, self._authorities)
        )
        return await async_validate_pdf_signature(self._signature, signer, time)
