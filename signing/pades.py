"""PDF signatures that any PDF reader can check: PAdES baseline B-B (ETSI EN 319 142-1), ECDSA P-256, no network.

The proof of what a certificate says is embedded before signing, uncompressed and between markers, so that the
signature covers it and the stand-alone verifier finds it by searching bytes.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from signing.pades_key import PadesKey
from signing.verification_error import VerificationError

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import SimpleSigner

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
) -> bytes:
    """The signed PDF. proof: JSON bytes embedded under `PROOF_NAME` between the markers, covered by the signature.

    One invisible signature over the whole file, in an incremental update: what was drawn stays byte for byte.
    Raises VerificationError `pades` when `pdf` is no PDF, is signed already, or when the proof holds a marker.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415  slow: 0.9 s
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  as above
    from pyhanko.sign import signers  # noqa: PLC0415  as above
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415  as above

    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        location=location,
    )
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        if "/AcroForm" in writer.root:
            raise VerificationError("pades", "the PDF has a form or a signature already")
        if proof is not None:
            _embed(writer, proof)
        out = signers.sign_pdf(writer, metadata, signer=_signer(key))
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
    from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data  # noqa: PLC0415  slow
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415  as above
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415  as above

    return SimpleSigner(
        signing_cert=next(iter(load_certs_from_pemder_data(key.certificate))),
        signing_key=load_private_key_from_pemder_data(key.private, passphrase=None),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # published half typed
    )
