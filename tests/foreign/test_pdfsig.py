"""poppler's pdfsig: the custody certificate's PAdES signature."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.foreign.published import Published


def _said(program: Path, pdf: Path) -> str:
    return subprocess.run([program, pdf], capture_output=True, text=True, check=False, timeout=60).stdout


def test_the_certificate_is_signed_whole(pdfsig: Path, published: Published) -> None:
    """Given the certificate, then pdfsig calls its signature valid, over the whole file, by SHA-256."""
    said = _said(pdfsig, published.folder / "certificate.pdf")
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "SHA-256" in said


def test_one_bit_breaks_it(pdfsig: Path, published: Published, tmp_path: Path) -> None:
    """Given the certificate with one bit of the proof inside flipped, then pdfsig no longer calls it valid."""
    data = bytearray((published.folder / "certificate.pdf").read_bytes())
    data[data.index(b"c2sp.org/tlog-proof@v1")] ^= 1
    path = tmp_path / "certificate.pdf"
    path.write_bytes(data)
    said = _said(pdfsig, path)
    assert "Signature is Valid" not in said
    assert "Mismatch" in said


def test_what_is_added_behind_is_not_signed(pdfsig: Path, published: Published, tmp_path: Path) -> None:
    """Given bytes after the signed ones, then pdfsig says that not all of the document is signed."""
    path = tmp_path / "certificate.pdf"
    path.write_bytes((published.folder / "certificate.pdf").read_bytes() + b"\n% more\n")
    assert "Total document signed" not in _said(pdfsig, path)
