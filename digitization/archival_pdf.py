"""A drawn page made PDF/A-3b (ISO 19005-3): metadata, colour profile, and files within that belong to it.

Everything in the file is ours: the page, its embedded typefaces, and what is attached here. A signature added after it,
as an incremental update, leaves all of it byte for byte.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Final

import msgspec
import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, String

from digitization.colour_profile import intend_srgb

_DATE: Final = "D:20000101000000+00'00'"
"""Of every attachment: the same facts give the same bytes, and when it was made is in the checkpoint and signature."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file within. data: kept uncompressed, so that a program without a PDF library finds it by its marks.

    relationship: `Data`, `Source`, `Alternative` or `Supplement`.
    """

    name: str
    media: str
    told: str
    data: bytes
    relationship: str = "Data"


def archival(page: bytes, *, title: str, author: str, attached: Sequence[Attachment] = ()) -> bytes:
    """The PDF/A-3b; the same page and attachments give the same bytes."""
    with pikepdf.open(BytesIO(page)) as pdf:
        _clean(pdf)
        _describe(pdf, title, author)
        intend_srgb(pdf)
        for one in attached:
            _attach(pdf, one)
        written = BytesIO()
        pdf.save(
            written,
            deterministic_id=True,
            force_version="1.7",
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return written.getvalue()


def _clean(pdf: pikepdf.Pdf) -> None:
    """Take out what no text uses and nothing needs: unembedded standard fonts, transitions, the old dictionary."""
    for page in pdf.pages:
        _drop_standard_fonts(pdf, page)
        if "/Trans" in page.obj:
            del page.obj["/Trans"]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]


def _drop_standard_fonts(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Nothing is written in them; the page only chooses one before it chooses its own."""
    fonts = page.obj.Resources.get("/Font", Dictionary())
    for name in [name for name, font in fonts.items() if "/FontDescriptor" not in font]:
        del fonts[name]  # of all pages at once, where they share the dictionary
    kept = [
        one
        for one in pikepdf.parse_content_stream(page)
        if not (str(one.operator) == "Tf" and str(one.operands[0]) not in fonts)
    ]
    page.obj.Contents = pdf.make_stream(zlib.compress(pikepdf.unparse_content_stream(kept)), Filter=Name.FlateDecode)


def _describe(pdf: pikepdf.Pdf, title: str, author: str) -> None:
    """XMP metadata without a clock."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:creator"] = [author]
        metadata["dc:language"] = ["vi", "en"]
        metadata["pdfaid:part"] = "3"
        metadata["pdfaid:conformance"] = "B"
    pdf.Root["/Lang"] = String("vi")


def _attach(pdf: pikepdf.Pdf, one: Attachment) -> None:
    """In the name tree and, as PDF/A-3 asks, associated with the document (ISO 19005-3, 6.8)."""
    spec = AttachedFileSpec(
        pdf,
        one.data,
        description=one.told,
        filename=one.name,
        mime_type=one.media,
        creation_date=_DATE,
        mod_date=_DATE,
    )
    spec.relationship = Name(f"/{one.relationship}")
    pdf.attachments[one.name] = spec
    if "/AF" not in pdf.Root:
        pdf.Root["/AF"] = Array([])
    if not any(known.objgen == spec.obj.objgen for known in pdf.Root.AF):
        pdf.Root.AF.append(spec.obj)
