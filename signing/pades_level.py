"""The PAdES level that a PDF's signature truly reaches: how much of it can be checked later, by its own bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
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


def pades_level(pdf: bytes, issuer: bytes, authorities: Sequence[bytes]) -> PadesLevel:
    """The level of the one signature. issuer, authorities: certificates (DER) that are trusted, of signer and of time.

    B-T: a timestamp that holds. B-LT: besides, the PDF carries revocation lists under which every certificate of both
    chains was good at its time; nothing is asked of a network.
    """
    try:
        return asyncio.run(_level(pdf, issuer, authorities))
    except Exception:  # noqa: BLE001  hostile PDFs fail in many ways; none of them is signed so that it holds
        return PadesLevel.NONE


async def _level(pdf: bytes, issuer: bytes, authorities: Sequence[bytes]) -> PadesLevel:
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  slow: 0.9 s
    from pyhanko.sign.validation import SignatureCoverageLevel  # noqa: PLC0415  as above

    quiet_pyhanko()
    reader = PdfFileReader(BytesIO(pdf))
    (signature,) = reader.embedded_signatures
    basic = await _status(signature, issuer, authorities, None, "soft-fail")
    if not (
        basic.intact and basic.valid and basic.trusted and signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
    ):
        return PadesLevel.NONE
    stamp = basic.timestamp_validity
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return PadesLevel.B_B
    if "/DSS" not in reader.root:
        return PadesLevel.B_T
    lasting = await _status(signature, issuer, authorities, stamp.timestamp, "require")
    if lasting.trusted and lasting.timestamp_validity is not None and lasting.timestamp_validity.trusted:
        return PadesLevel.B_LT
    return PadesLevel.B_T


async def _status(
    signature: EmbeddedPdfSignature, issuer: bytes, authorities: Sequence[bytes], moment: Any, mode: str
) -> Any:
    """pyHanko's verdict; with a moment, by what the PDF itself carries and as of then."""
    from asn1crypto import x509  # noqa: PLC0415  slow to import
    from pyhanko.sign.validation import DocumentSecurityStore, async_validate_pdf_signature  # noqa: PLC0415  slow
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415  as above

    def context(anchors: Sequence[bytes]) -> ValidationContext:
        roots = [x509.Certificate.load(one) for one in anchors]
        settings: dict[str, Any] = {"trust_roots": roots, "allow_fetching": False, "revocation_mode": mode}
        if moment is None:
            return ValidationContext(**settings)
        store = DocumentSecurityStore.read_dss(signature.reader)
        return store.as_validation_context({**settings, "moment": moment})

    # Nobody trusted for time: a context of the issuer's alone, under which no authority holds.
    return await async_validate_pdf_signature(signature, context([issuer]), context(authorities or [issuer]))
