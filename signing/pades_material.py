"""What a PDF carries so that its signature can be checked when nobody is there to ask.

The timestamp lies in the signature's own unsigned attribute. Certificates and revocation lists (the document security
store, ETSI EN 319 142-1 section 5.4.2) are written before the signature, so that no byte of the file lies outside it;
the authority's certificates are known beforehand from an answer about nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from domain.errors import Refusal
from signing.pades_issuer import PadesIssuer
from signing.timestamp import Authority, Timestamp
from signing.verification_error import VerificationError

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    from signing.pades_stamper import Stamper


def add_material(writer: IncrementalPdfFileWriter, issuer: PadesIssuer, stamper: Stamper, at: datetime) -> None:
    """Write the document security store: both chains, the issuer's list as of `at`, and the lists of the authority."""
    from asn1crypto import crl, x509  # noqa: PLC0415  slow to import
    from pyhanko.sign.validation import DocumentSecurityStore  # noqa: PLC0415  slow: 0.9 s

    assert stamper.said is not None, "begun"
    certificates = [issuer.certificate, issuer.issued, *stamper.said.chain]
    lists = [issuer.revocation_list(at), *_lists(stamper.authority, stamper.said)]
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[x509.Certificate.load(one) for one in dict.fromkeys(certificates)],
        crls=[crl.CertificateList.load(one) for one in dict.fromkeys(lists)],
    )


def _lists(authority: Authority, said: Timestamp) -> Iterator[bytes]:
    """The revocation lists that the authority's certificates name, as far as they can be had."""
    for certificate in said.chain[1:]:  # the pinned one is trusted as it is
        for url in _addresses(certificate):
            try:
                if authority.fetch is not None:
                    yield _list(authority.fetch(url))
                    break
            except (Refusal, VerificationError):
                continue  # then the level is B-T, and says so


def _addresses(certificate: bytes) -> list[str]:
    from asn1crypto import x509  # noqa: PLC0415  slow to import

    points = x509.Certificate.load(certificate).crl_distribution_points
    urls = [str(url) for point in points if (url := point.url) is not None]
    return [url for url in urls if urlsplit(url).scheme in {"http", "https"}]


def _list(data: bytes) -> bytes:
    from asn1crypto import crl, pem  # noqa: PLC0415  slow to import

    try:
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        crl.CertificateList.load(der, strict=True).native  # noqa: B018  parses all of it
    except (ValueError, TypeError, KeyError) as error:
        raise VerificationError("revocation-list", "it cannot be read") from error
    return bytes(der)
