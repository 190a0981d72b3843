"""Signing the house's PDFs: its key, the authorities of time that are asked, and the level that came of it."""

from __future__ import annotations

import logging
import time
from typing import Final

import msgspec

from domain.errors import Refusal
from mocban.bootstrap import Product
from mocban.timestamps.authorities import read_authorities
from signing.pades import sign_pdf
from signing.pades_key import PadesKey
from signing.pades_level import PadesLevel, pades_level
from signing.timestamp import Authority
from signing.verification_error import VerificationError

_log: Final = logging.getLogger(__name__)
PADES_NAME: Final = "archive"
PADES_COMMON_NAME: Final = "Lưu trữ số (chữ ký chứng nhận)"
PADES_NOT_BEFORE: Final = 1_735_689_600
"""2025-01-01, so that a key made at any time signs from the same day on."""
LET_BE_SECONDS: Final = 60.0
DERIVED: Final = "Bản số hóa có lớp chữ, dẫn xuất từ bản quét / searchable derivative of a scan"

LEVELS: Final = {
    PadesLevel.NONE: "chữ ký KHÔNG đứng được · the signature does NOT hold",
    PadesLevel.B_B: "chưa có dấu thời gian · without a timestamp (./run timestamp authority add)",
    PadesLevel.B_T: "có dấu thời gian, thiếu danh sách thu hồi · with a timestamp, without its revocation lists",
    PadesLevel.B_LT: "kiểm được lâu dài, không cần mạng · can be checked for long, without a network",
}
"""What each level means, in words."""


def pades_key(product: Product) -> PadesKey:
    """The key that signs PDFs, and its issuer; made at the first call."""
    return product.keystore.pades_key(PADES_NAME, PADES_COMMON_NAME, PADES_NOT_BEFORE)


def authorities_of(product: Product) -> tuple[Authority, ...]:
    """The authorities of time, in the order in which they are asked. Raises Refusal `timestamp-authorities-unfit`."""
    return tuple(one.authority() for one in read_authorities(product.settings.home))


class DerivedSigner:
    """Signs PDFs derived from scans. Thread-safe. An authority that fails is let be for a minute: many wait for it."""

    def __init__(self, product: Product) -> None:
        """Raises Refusal `timestamp-authorities-unfit`."""
        self._key = pades_key(product)
        self._authorities = tuple(map(_patient, authorities_of(product)))

    def __call__(self, pdf: bytes) -> bytes:
        """The signed PDF; its own bytes come first, as they are.

        One that cannot be signed stays as it is, and is told: a scan is not refused for what its derivative is like.
        """
        try:
            return sign_pdf(pdf, self._key, reason=DERIVED, location="Hà Nội", authorities=self._authorities)
        except VerificationError as error:
            _log.warning("PDF dẫn xuất chưa được ký · a derived PDF stays unsigned: %s", error.code)
            return pdf


def _patient(authority: Authority) -> Authority:
    """The same, but not asked again soon after it failed."""
    failed: list[tuple[float, Refusal]] = []

    def ask(query: bytes) -> bytes:
        if failed and time.monotonic() - failed[-1][0] < LET_BE_SECONDS:
            raise failed[-1][1]
        try:
            return authority.ask(query)
        except Refusal as refusal:
            failed[:] = [(time.monotonic(), refusal)]
            raise

    return msgspec.structs.replace(authority, ask=ask)


def level_of(product: Product, pdf: bytes) -> PadesLevel:
    """The level of a PDF that this house signed, by its own issuer and the authorities named here."""
    issuer = pades_key(product).issuer
    assert issuer is not None, "the key store makes one"
    anchors = [certificate for one in authorities_of(product) for certificate in one.certificates]
    return pades_level(pdf, issuer.certificate, anchors)
