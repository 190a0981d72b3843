"""Looking inside a scan, in the admission child: nothing is drawn, every stream is inflated under a limit."""

from __future__ import annotations

import io
import itertools
from typing import Final

import pikepdf

from digitization.inspection_pages import Finding, Limits, Pages

SIGNS: Final = {
    "/JS": "carries-script",
    "/JavaScript": "carries-script",
    "/Launch": "carries-launch-action",
    "/EmbeddedFile": "carries-embedded-file",
    "/FileAttachment": "carries-embedded-file",
    "/ByteRange": "carries-signature",
}
"""Keys and names in a PDF that tell of something more than a scan (ISO 32000-2, 12.6.4, 7.11.4, 12.8.1)."""

_OBJECTS_LOOKED_AT: Final = 200_000
_DEPTH: Final = 4


def inspect(content: bytes, limits: Limits) -> Finding:
    """Judge the bytes of a PDF. Raises nothing on bad input: a bad file is a finding."""
    try:
        pdf, repaired = _open(content)
    except pikepdf.PasswordError:
        return Finding(code="scan-encrypted")
    except pikepdf.PdfError:
        return Finding(code="scan-damaged")
    with pdf:
        try:
            return _judge(pdf, limits, len(content), repaired=repaired)
        except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, OSError):
            # pikepdf raises any of these on malformed objects; all of them say the same of the file.
            return Finding(code="scan-damaged")


def _open(content: bytes) -> tuple[pikepdf.Pdf, bool]:
    try:
        return pikepdf.open(io.BytesIO(content), attempt_recovery=False), False
    except pikepdf.PasswordError:
        raise
    except pikepdf.PdfError:
        return pikepdf.open(io.BytesIO(content)), True


def _judge(pdf: pikepdf.Pdf, limits: Limits, size: int, *, repaired: bool) -> Finding:
    if pdf.is_encrypted:
        return Finding(code="scan-encrypted")
    count = len(pdf.pages)
    if count == 0:
        return Finding(code="scan-without-pages")
    if count > limits.pages:
        return Finding(code="scan-too-many-pages", facts={"pages": count, "limit": limits.pages})
    inspected = Pages(limits)
    for number, page in enumerate(pdf.pages, start=1):
        bad = inspected.fault(page, number)
        if bad is None and inspected.pixels > limits.free_pixels + limits.pixels_a_byte * size:
            bad = Finding(code="scan-stream-bomb", facts={"page": number})
        if bad is not None:
            return bad
    flags = _signs(pdf)
    if repaired:
        flags.add("scan-repaired")
    return Finding(pages=count, flags=tuple(sorted(flags)))


def _signs(pdf: pikepdf.Pdf) -> set[str]:
    found: set[str] = set()
    for item in itertools.islice(pdf.objects, _OBJECTS_LOOKED_AT):
        _look(item, found, depth=0)
    return found


def _look(item: object, found: set[str], depth: int) -> None:
    if depth > _DEPTH or not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return
    for key, value in item.items():
        if key in SIGNS:
            found.add(SIGNS[key])
        if isinstance(value, pikepdf.Name):
            if key in {"/S", "/Type", "/Subtype"} and str(value) in SIGNS:
                found.add(SIGNS[str(value)])
        elif isinstance(value, pikepdf.Dictionary) and not value.is_indirect:
            _look(value, found, depth + 1)
