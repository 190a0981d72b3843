"""PDF signatures: good for the programs people use, and broken by one changed byte."""

from __future__ import annotations

import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from signing import standalone_verifier
from signing.log_verifier import LogKey, Trust, leaf_hash, verify
from signing.pades import PROOF_BEGIN, PROOF_END, sign_pdf, validate_pdf
from signing.pades_issuer import make_issuer
from signing.pades_key import PadesKey, make_pades_key
from signing.verification_error import VerificationError
from tests.signing.small_log import CLERK, STRANGER, SmallLog, b64

SINCE = 1_767_225_600


@pytest.fixture(scope="module")
def key() -> PadesKey:
    """The archive's key."""
    return make_pades_key("Lưu trữ lịch sử thử nghiệm", SINCE, 10)


def page() -> bytes:
    """A PDF of one page."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(72, 720, "custody")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def log_with_files() -> SmallLog:
    """Founding, then three registrations: acts 6, 7 (three events) and 8."""
    log = SmallLog()
    log.found()
    for count in (1, 3, 1):
        log.register(count)
    return log


def proof_of(log: SmallLog, acts: list[int], registry: range = range(5)) -> dict[str, Any]:
    """What a certificate embeds."""
    return {
        "origin": log.origin,
        "checkpoint": log.publish().decode(),
        "genesis_entry": b64(log.entries[0]),
        "registry": [log.proof(index, checkpoint=log.noted[len(log.entries)]) for index in registry],
        "proofs": [log.proof(index, checkpoint=log.noted[len(log.entries)]) for index in acts],
    }


@pytest.fixture(scope="module")
def signed(key: PadesKey) -> bytes:
    """A signed certificate over acts 6 and 8."""
    proof = json.dumps(proof_of(log_with_files(), [6, 8])).encode()
    return sign_pdf(page(), key, proof=proof, reason="Chứng nhận lưu giữ", location="Hà Nội")


def trusted(key: PadesKey) -> Trust:
    """Trust in the small log and the archive's key."""
    log = log_with_files()
    return Trust(
        anchored=True,
        genesis=leaf_hash(log.entries[0]),
        origin=log.origin,
        keys=[LogKey.parse(text) for text in log.vkeys()],
        pades=key.public,
        pades_issuer=key.issuer.certificate if key.issuer else b"",
    )


def codes(data: bytes, key: PadesKey, tmp_path: Path) -> list[tuple[int | None, str]]:
    """(act, code) of every bad row that both verifiers name; they name the same act first."""
    path = tmp_path / "certificate.pdf"
    path.write_bytes(data)
    told = {**log_with_files().trust(), "pades": b64(key.public)}
    told |= {"pades_issuer": b64(key.issuer.certificate)} if key.issuer else {}
    reports = [verify(path, trusted(key)), standalone_verifier.verify(path, standalone_verifier.Trust(told))]
    fast, alone = ([(row["act"], row["code"]) for row in report["bad"]] for report in reports)
    assert [act for act, _ in fast[:1]] == [act for act, _ in alone[:1]]
    return [row for row in fast if row in alone]


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not there")
def test_pdfsig_says_valid(signed: bytes, tmp_path: Path) -> None:
    """Given a signed PDF, then poppler calls the signature valid, over the whole document, as CAdES."""
    path = tmp_path / "certificate.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_proof_stands_uncompressed_in_the_bytes(signed: bytes) -> None:
    """Given a signed PDF, then a search of bytes finds the proof once, and it is JSON."""
    assert signed.count(PROOF_BEGIN) == signed.count(PROOF_END) == 1
    assert json.loads(signed.partition(PROOF_BEGIN)[2].partition(PROOF_END)[0])["origin"]


def test_certificate_verifies(signed: bytes, key: PadesKey, tmp_path: Path) -> None:
    """Given a good certificate, then both readers hold it good, and the report says how complete it is."""
    validate_pdf(signed, key.public)
    path = tmp_path / "certificate.pdf"
    path.write_bytes(signed)
    report = verify(path, trusted(key))
    assert (report["verdict"], report["bad"], report["acts"], report["at"]) == ("valid", [], 2, 9)
    assert verify(path, Trust())["verdict"] == "self-consistent"


@pytest.mark.parametrize("place", ["drawing", "proof", "signature", "end"])
def test_one_changed_byte_is_caught(place: str, signed: bytes, key: PadesKey, tmp_path: Path) -> None:
    """Given one changed byte anywhere, then the stand-alone verifier says so, and so does our own check."""
    at = {
        "drawing": signed.index(b"endobj") - 3,
        "proof": signed.index(PROOF_BEGIN) + 200,
        "signature": signed.rindex(b"/Contents <") + 600,
        "end": len(signed) - 3,
    }[place]
    spoilt = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    assert {(None, "pdf-signature"), (None, "pdf-coverage")} & set(codes(spoilt, key, tmp_path))
    with pytest.raises(VerificationError):
        validate_pdf(spoilt, key.public)


@pytest.fixture(scope="module")
def issued() -> tuple[bytes, PadesKey]:
    """A certificate whose key an issuer certified, and the key."""
    own = make_pades_key("Lưu trữ lịch sử thử nghiệm", SINCE, 10)
    key = PadesKey(own.private, own.certificate, make_issuer(own.certificate))
    proof = json.dumps(proof_of(log_with_files(), [6, 8])).encode()
    return sign_pdf(page(), key, proof=proof), key


def test_no_byte_of_the_signature_changes_unseen(issued: tuple[bytes, PadesKey], tmp_path: Path) -> None:
    """Given a bit turned in the signature's structure, the issuer's certificate in it or the room behind, then bad."""
    signed, key = issued
    assert codes(signed, key, tmp_path) == []
    first, last = signed.rindex(b"/Contents <") + 11, signed.rindex(b">", 0, signed.rindex(b"/ByteRange") + 1)
    start, end = (first, signed.index(b">", first)) if last < first else (first, last)
    held = signed[start : signed.index(b"000000", start + 2000)] if end - start > 4000 else signed[start:end]
    places = [*range(0, len(held), 23), end - start - 1]
    for place in places:
        at = start + place
        digit = b"%X" % (int(signed[at : at + 1], 16) ^ 1)
        assert codes(signed[:at] + digit + signed[at + 1 :], key, tmp_path), place


def test_another_issuer_in_the_signature(issued: tuple[bytes, PadesKey], tmp_path: Path) -> None:
    """Given the same key certified by somebody else, then a trust file that names the issuer does not take it."""
    signed, key = issued
    other = PadesKey(key.private, key.certificate, make_issuer(key.certificate))
    assert codes(signed, other, tmp_path) == [(None, "pdf-signature")]


def test_bytes_after_the_signature(signed: bytes, key: PadesKey, tmp_path: Path) -> None:
    """Given an update after signing, then it is not covered."""
    assert codes(signed + b"\n%more\n", key, tmp_path) == [(None, "pdf-coverage")]
    with pytest.raises(VerificationError):
        validate_pdf(signed + b"\n%more\n", key.public)


def test_another_signer(key: PadesKey, tmp_path: Path) -> None:
    """Given the same page signed by another key, then it is not the archive's."""
    other = make_pades_key("Kẻ khác", SINCE, 10)
    proof = json.dumps(proof_of(log_with_files(), [6])).encode()
    forged = sign_pdf(page(), other, proof=proof)
    assert codes(forged, key, tmp_path) == [(None, "pdf-key")]
    with pytest.raises(VerificationError):
        validate_pdf(forged, key.public)


def drop_genesis(proof: dict[str, Any]) -> None:
    del proof["registry"][0]


def drop_role(proof: dict[str, Any]) -> None:
    del proof["registry"][3]


def other_index(proof: dict[str, Any]) -> None:
    proof["proofs"][0] = proof["proofs"][0].replace("\nindex 6\n", "\nindex 7\n")


def other_checkpoint(proof: dict[str, Any]) -> None:
    proof["checkpoint"] = proof["checkpoint"].replace("\n9\n", "\n8\n")


def no_proofs(proof: dict[str, Any]) -> None:
    proof["proofs"] = []


def no_text(proof: dict[str, Any]) -> None:
    proof["proofs"][0] = 7


PROOFS = [
    ("no genesis", drop_genesis, 0, "genesis-mismatch"),
    ("no role", drop_role, 6, "role-missing"),
    ("another index", other_index, 7, "proof-inclusion"),
    ("another size", other_checkpoint, None, "checkpoint-signature"),
    ("no proof", no_proofs, None, "proof-malformed"),
    ("no text", no_text, None, "proof-malformed"),
]


@pytest.mark.parametrize(("name", "spoil", "act", "code"), PROOFS, ids=[row[0] for row in PROOFS])
def test_bad_proofs_are_named(
    name: str,
    spoil: Any,
    act: int | None,
    code: str,
    key: PadesKey,
    tmp_path: Path,
) -> None:
    """Given a certificate well signed over a bad proof, then the proof is named."""
    proof = proof_of(log_with_files(), [6, 8])
    spoil(proof)
    data = sign_pdf(page(), key, proof=json.dumps(proof).encode())
    assert (act, code) in codes(data, key, tmp_path)


def test_acts_of_a_stranger(key: PadesKey, tmp_path: Path) -> None:
    """Given an act under a key that the registry does not know, then it is named."""
    log = log_with_files()
    log.register(person=STRANGER)
    log.register(person=CLERK)
    data = sign_pdf(page(), key, proof=json.dumps(proof_of(log, [9, 10])).encode())
    assert codes(data, key, tmp_path) == [(9, "key-unknown")]


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"not a PDF"])
def test_no_pdf(pdf: bytes, key: PadesKey) -> None:
    """Given no PDF, then signing refuses in our own words."""
    with pytest.raises(VerificationError):
        sign_pdf(pdf, key)


def test_signing_twice_is_refused(signed: bytes, key: PadesKey) -> None:
    """Given a signed PDF, then a second signature is refused, for the first would no longer cover the file."""
    with pytest.raises(VerificationError):
        sign_pdf(signed, key)
