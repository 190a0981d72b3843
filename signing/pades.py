"""PDF signatures that any PDF reader can check: PAdES baseline (ETSI EN 319 142-1), ECDSA P-256.

Level B-LT where a timestamp authority answers, else B-B, without a network. The proof of what a certificate says is
embedded before signing, uncompressed and between markers, so that the signature covers it and the stand-alone verifier
finds it by searching bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

import msgspec

from domain.errors import Refusal
from signing.pades_key import PadesKey
from signing.pades_material import add_material
from signing.timestamp import Authority, quiet_pyhanko
from signing.verification_error import VerificationError

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import SimpleSigner

    from signing.pades_stamper import Stamper

_log: Final = logging.getLogger(__name__)
PROOF_BEGIN: Final = b"%MOCBAN-PROOF-BEGIN\n"
PROOF_END: Final = b"%MOCBAN-PROOF-END\n"
PROOF_NAME: Final = "mocban-proof.json"
FIELD_NAME: Final = "MocBan"


def sign_pdf(
    pdf: bytes,
    key: PadesKey,
    *,
    proof: bytes | None = None,
    reason: str | None = None,
    location: str | None = None,
    authorities: Sequence[Authority] = (),
    at: datetime | None = None,
) -> bytes:
    """The signed PDF. proof: JSON bytes embedded under `PROOF_NAME` between the markers, covered by the signature.

    One invisible signature over the whole file, in an incremental update: what was drawn stays byte for byte.
    authorities: the first that answers stamps the signature; what is needed to check it all later is written before
    the signature, which so covers it too (level B-LT; without an authority B-B). at: the machine's time, now.
    Raises VerificationError `pades` when `pdf` is no PDF, is signed already, or when the proof holds a marker.
    """
    from signing.pades_stamper import Stamper  # noqa: PLC0415  slow: 0.9 s

    what = _ToSign(pdf, key, proof, reason, location, at or datetime.now(UTC))
    for authority in authorities:
        try:
            return _signed(what, Stamper(authority))
        except (Refusal, VerificationError, OSError) as trouble:
            if isinstance(trouble, VerificationError) and trouble.code == "pades":
                raise
            _log.warning(
                "dấu thời gian cho một PDF · timestamp for a PDF: %s: %s",
                authority.name,
                getattr(trouble, "code", type(trouble).__name__),
            )
    return _signed(what, None)


class _ToSign(msgspec.Struct, frozen=True):
    pdf: bytes
    key: PadesKey
    proof: bytes | None
    reason: str | None
    location: str | None
    at: datetime


def _signed(what: _ToSign, stamper: Stamper | None) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415  slow: 0.9 s
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  as above
    from pyhanko.sign import signers  # noqa: PLC0415  as above
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415  as above

    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=what.reason,
        location=what.location,
    )
    if stamper is not None:
        stamper.begin()
    try:
        writer = IncrementalPdfFileWriter(BytesIO(what.pdf))
        if "/AcroForm" in writer.root:
            raise VerificationError("pades", "the PDF has a form or a signature already")
        if what.proof is not None:
            _embed(writer, what.proof)
        if what.key.issuer is not None and stamper is not None:
            add_material(writer, what.key.issuer, stamper, what.at)
        out = signers.sign_pdf(writer, metadata, signer=_signer(what.key), timestamper=stamper)
    except (PdfError, ValueError) as error:
        raise VerificationError("pades", "not a PDF that can be signed") from error
    return bytes(out.getbuffer())


def validate_pdf(pdf: bytes, spki: bytes) -> None:
    """Checks that the one signature covers the whole file and is by the key `spki` (SubjectPublicKeyInfo, DER).

    Raises VerificationError `pades`. The certificate's own chain is not asked: trust comes from the trust file.
    """
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  slow: 0.9 s
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  as above
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature  # noqa: PLC0415  as above
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415  as above

    quiet_pyhanko()
    try:
        signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if len(signatures) != 1:
            raise VerificationError("pades", f"{len(signatures)} signatures where one belongs")
        signature = signatures[0]
        context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
        status = validate_pdf_signature(signature, context)
        whole = signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
    except (PdfError, ValueError, LookupError) as error:
        raise VerificationError("pades", "the signature cannot be read") from error
    if not (status.intact and status.valid) or not whole:
        raise VerificationError("pades", "the signature does not hold for the whole file")
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.intact and stamp.valid):
        raise VerificationError("pades", "the timestamp does not hold for the signature")
    if signature.signer_cert.public_key.dump() != spki:
        raise VerificationError("pades", "signed by another key")


def _embed(writer: IncrementalPdfFileWriter, proof: bytes) -> None:
    from pyhanko.pdf_utils import embed, generic  # noqa: PLC0415  slow: 0.9 s

    if PROOF_BEGIN in proof or PROOF_END in proof:
        raise VerificationError("pades", "the proof holds a marker")
    data = PROOF_BEGIN + proof.rstrip(b"\n") + b"\n" + PROOF_END
    file = embed.EmbeddedFileObject.from_file_data(writer, data, compress=False, mime_type="application/json")
    spec = embed.FileSpec(
        file_spec_string=PROOF_NAME,
        file_name=PROOF_NAME,
        embedded_data=file,
        description="Chứng cứ của sổ Mộc Bản / proof of the Mộc Bản ledger",
        af_relationship=generic.pdf_name("/Data"),
    )
    embed.embed_file(writer, spec)


def _signer(key: PadesKey) -> SimpleSigner:
    from asn1crypto.x509 import Certificate  # noqa: PLC0415  slow to import
    from pyhanko.keys import load_private_key_from_pemder_data  # noqa: PLC0415  slow: 0.9 s
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415  as above
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415  as above

    others = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # published half typed
    if key.issuer is not None:
        others.register(Certificate.load(key.issuer.certificate))
    return SimpleSigner(
        signing_cert=Certificate.load(key.certificate if key.issuer is None else key.issuer.issued),
        signing_key=load_private_key_from_pemder_data(key.private, passphrase=None),
        cert_registry=others,
    )
