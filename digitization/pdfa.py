"""The searchable derivative: the page images as scanned, invisible words over them, and who it was derived from.

The scan itself, signed or not, is never written to. PDF/A-2b (ISO 19005-2) is claimed only when every page is one plain
stored image, so that everything in the file was put there by this module.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from digitization import glyphless, text_layer
from digitization.colour_profile import intend_srgb
from digitization.layout import in_reading_order
from digitization.pages import contents
from digitization.plain import plain
from digitization.programs import pdftotext
from digitization.sheet import Sheet

MOST_LAID: Final = 2_000
"""Annotations of a file that are laid down; the time it takes grows with the square of their number."""
_KEPT: Final = {
    "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Decode", "/ImageMask", "/Filter",
    "/DecodeParms", "/Length",
}  # fmt: skip
"""What makes the picture; /Interpolate, /Alternates and /OPI are forbidden in PDF/A, and metadata is not ours."""
_ALIKE: Final = 0.8
"""Share of the words read that a page must hold; letters of TCVN3 fonts, shown rightly, are held as others."""
_PLAIN_COLOURS: Final = {"/DeviceGray", "/DeviceRGB"}
_PLAIN_FILTERS: Final = {"/DCTDecode", "/FlateDecode", "/CCITTFaxDecode"}


def searchable(scan: Path, sheets: Sequence[Sheet], *, title: str, sha256: str) -> bytes:
    """The derivative's bytes; the same scan and sheets give the same bytes."""
    with pikepdf.open(scan) as source, pikepdf.Pdf.new() as derived:
        _lay_down(source)
        ordered = {sheet.number: in_reading_order(sheet) for sheet in sheets}
        texts = "".join(line.text for lines in ordered.values() for line in lines)
        font = glyphless.font(derived, texts)
        claimed = True
        for sheet in sheets:
            page = source.pages[sheet.number - 1]
            layer = text_layer.content(sheet, ordered[sheet.number])
            image = _plain_image(page) if sheet.whole else None
            if image is None:
                claimed = False
                _over_the_page(derived, page, b"" if _says_it(scan, sheet) else layer, font)
            else:
                _image_page(derived, page, image, sheet, layer, font)
        _describe(derived, title=title, sha256=sha256, claimed=claimed)
        written = io.BytesIO()
        derived.save(written, deterministic_id=True, min_version="1.7")
    return written.getvalue()


def _lay_down(source: pikepdf.Pdf) -> None:
    """What fields, stamps and signatures show becomes part of their page, unless they are too many."""
    listed = (page.obj.get("/Annots") for page in source.pages)
    if sum(len(one) for one in listed if isinstance(one, Array)) <= MOST_LAID:
        with suppress(pikepdf.PdfError, RuntimeError, ValueError, TypeError):
            source.flatten_annotations("screen")


def _plain_image(page: pikepdf.Page) -> pikepdf.Stream | None:
    """The page's one image when it is of a kind PDF/A-2b allows without knowing more about it."""
    drawn = contents(page)
    image = drawn.images[0][0] if len(drawn.images) == 1 and not drawn.paints else None  # a stamp on it paints
    if image is None or "/SMask" in image or "/Mask" in image:
        return None
    filters = image.get("/Filter", Array())
    named = {str(one) for one in filters} if isinstance(filters, Array) else {str(filters)}
    colours = image.get("/ColorSpace")
    plain = "/ImageMask" in image or (isinstance(colours, Name) and str(colours) in _PLAIN_COLOURS)
    return image if named <= _PLAIN_FILTERS and plain else None


def _image_page(
    derived: pikepdf.Pdf, page: pikepdf.Page, image: pikepdf.Stream, sheet: Sheet, layer: bytes, font: pikepdf.Object
) -> None:
    """A page of nothing but the image's own bytes, drawn where it was, and the words."""
    copied = derived.copy_foreign(image)
    for key in set(copied.keys()) - _KEPT:
        del copied[key]
    a, b, c, d, e, f = sheet.placed
    drawn = f"q\n{a:.5f} {b:.5f} {c:.5f} {d:.5f} {e:.5f} {f:.5f} cm\n/Scan Do\nQ\n".encode("ascii")
    fresh = Dictionary(
        Type=Name.Page,
        MediaBox=Array([float(value) for value in page.mediabox]),
        Rotate=int(page.obj.get("/Rotate", 0)),
        Resources=Dictionary(XObject=Dictionary(Scan=copied), Font=Dictionary({text_layer.FONT: font})),
        Contents=derived.make_stream(drawn + layer),
    )
    derived.pages.append(pikepdf.Page(derived.make_indirect(fresh)))


def _says_it(scan: Path, sheet: Sheet) -> bool:
    """Whether the page's own words are those that were read: a second layer would give each of them twice."""
    read = [word for line in sheet.lines for word in plain(line.text).split()]
    own = set(plain(pdftotext.words(scan, sheet.number)).split()) if read else set[str]()
    return bool(own) and sum(word in own for word in read) > _ALIKE * len(read)


def _over_the_page(derived: pikepdf.Pdf, page: pikepdf.Page, layer: bytes, font: pikepdf.Object) -> None:
    """The page as it shows, its content fenced off so that nothing it set leaks into the words.

    What does anything stays with the original: a signature over other bytes would look forged here, and the archive
    signs nobody's scripts.
    """
    for key in (Name.Annots, Name.AA):
        if key in page.obj:
            del page.obj[key]
    derived.pages.append(page)
    copied = derived.pages[-1]
    if layer:
        copied.contents_add(derived.make_stream(b"q\n"), prepend=True)
        copied.contents_add(derived.make_stream(b"\nQ\n" + layer))
        copied.add_resource(font, Name.Font, Name(text_layer.FONT))


def _describe(derived: pikepdf.Pdf, *, title: str, sha256: str, claimed: bool) -> None:
    """XMP metadata without a clock, and the colour profile that device colours are to be understood by."""
    with derived.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:source"] = f"sha256:{sha256}"
        if claimed:
            metadata["pdfaid:part"] = "2"
            metadata["pdfaid:conformance"] = "B"
    intend_srgb(derived)
