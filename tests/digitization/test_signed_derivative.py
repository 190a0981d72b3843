"""The searchable derivative, signed: its own bytes come first, untouched; validators accept the signature."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from digitization import pdfa
from digitization.frame import Frame
from digitization.pipeline import recognize
from digitization.sheet import Sheet
from signing.pades import sign_pdf, validate_pdf
from signing.pades_level import pades_level
from signing.timestamp import Authority
from tests.digitization import paper
from tests.signing.local_authority import LocalAuthority, needs_openssl_ts
from tests.signing.test_pades_level import made_key

pytestmark = [
    pytest.mark.skipif(needs_openssl_ts, reason="openssl is not there"),
    pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not there"),
]


@pytest.fixture(scope="module")
def derived() -> bytes:
    """The derivative of one printed page."""
    scan = paper.scan(paper.drawn(paper.DECISION[6:10], size=(1240, 700)))
    return recognize(scan, "quyet-dinh.pdf", workers=1).searchable_pdf


def test_a_derivative_is_signed_for_long(derived: bytes, tmp_path: Path) -> None:
    """Given a derivative, when signed, then it begins with the unsigned bytes, and its level is B-LT."""
    local = LocalAuthority(tmp_path / "authority", crl_url="http://lists.example/ca.crl")
    authority = Authority(name="one", certificates=local.pinned, ask=local.answer, fetch=lambda _: local.crl())
    key = made_key()
    assert key.issuer is not None
    signed = sign_pdf(derived, key, authorities=[authority])
    assert signed.startswith(derived)
    validate_pdf(signed, key.public)
    assert pades_level(signed, key.issuer.certificate, local.pinned) == "B-LT"
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    words = [
        subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout
        for pdf in (derived, signed)
    ]
    assert words[0] == words[1]
    assert words[0].strip()


def test_what_a_derivative_claims_stays_true(derived: bytes) -> None:
    """Given PDF/A-2b, when signed, then the claim, the profile and the image are still there."""
    signed = sign_pdf(derived, made_key())
    with pikepdf.open(io.BytesIO(derived)) as before, pikepdf.open(io.BytesIO(signed)) as after:
        metadata = after.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert metadata["dc:source"] == before.open_metadata()["dc:source"]
        assert "/OutputIntents" in after.Root
        (old,), (new,) = before.pages[0].get_images().values(), after.pages[0].get_images().values()
        assert new.read_raw_bytes() == old.read_raw_bytes()


@pytest.mark.parametrize("whole", [False, True], ids=["drawn", "one image"])
def test_what_a_scan_shows_is_kept_and_what_it_does_is_not(tmp_path: Path, *, whole: bool) -> None:
    """Given a signed PDF with a visible stamp and a script, when derived, then the stamp shows and no field is left."""
    path = tmp_path / "signed.pdf"
    path.write_bytes(sign_pdf(_with_stamp_and_script(scanned=whole), made_key()))
    sheet = Sheet(number=1, frame=Frame(width=100, height=100), dpi=72, whole=whole)
    derived = pdfa.searchable(path, [sheet], title="Văn bản", sha256="0" * 64)
    with pikepdf.open(io.BytesIO(derived)) as pdf:
        page = pdf.pages[0]
        assert not {"/Annots", "/AA"} & set(page.obj.keys())
        assert "/AcroForm" not in pdf.Root
        drawn = b"".join(one.read_bytes() for one in page.resources.XObject.values() if one.Subtype == Name.Form)
    assert b"0 0 50 20 re f" in drawn
    assert b"/Sig" not in derived


def test_a_page_of_countless_stamps_costs_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Given more annotations than a file may have, when derived, then the page stands without them."""
    monkeypatch.setattr(pdfa, "MOST_LAID", 0)
    path = tmp_path / "stamps.pdf"
    path.write_bytes(_with_stamp_and_script(scanned=False))
    sheet = Sheet(number=1, frame=Frame(width=100, height=100), dpi=72, whole=False)
    with pikepdf.open(io.BytesIO(pdfa.searchable(path, [sheet], title="x", sha256="0" * 64))) as pdf:
        assert "/XObject" not in pdf.pages[0].resources
        assert "/Annots" not in pdf.pages[0].obj


def _with_stamp_and_script(*, scanned: bool) -> bytes:
    pdf = pikepdf.Pdf.new()
    if scanned:
        with pikepdf.open(io.BytesIO(paper.scan(paper.blank()))) as scan:
            pdf.pages.extend(scan.pages)
    else:
        pdf.add_blank_page(page_size=(100, 100))
    page = pdf.pages[0]
    look = pdf.make_stream(b"0 0 50 20 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 50, 20])
    script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[10, 10, 60, 30], F=4, AP=Dictionary(N=look), A=script)
    page.obj.Annots = Array([pdf.make_indirect(stamp)])
    page.obj.AA = Dictionary(O=script)
    written = io.BytesIO()
    pdf.save(written)
    return written.getvalue()
