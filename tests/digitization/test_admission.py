"""What the door lets in and what it refuses, each refusal by its code."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from digitization.admission import admit
from digitization.inspection_pages import Limits
from domain.errors import TEXTS, Refusal
from tests.digitization import paper

SMALL = (200, 280)


def whole() -> bytes:
    """A sound scan of one small page."""
    return paper.scan(Image.new("L", SMALL, 240))


def jpeg() -> bytes:
    """A JPEG, whatever its name says."""
    packed = io.BytesIO()
    Image.new("L", SMALL).save(packed, "JPEG")
    return packed.getvalue()


def encrypted(password: str) -> bytes:
    """A scan with an owner's password, and a user's when `password` is not empty."""
    with pikepdf.open(io.BytesIO(whole())) as pdf:
        return paper.saved(pdf, pikepdf.Encryption(owner="kho lưu trữ", user=password))


def with_image(width: int, height: int, packed: bytes, filters: list[Name]) -> bytes:
    """A page whose one image claims a size and holds what it holds."""
    with pikepdf.Pdf.new() as pdf:
        stream = pdf.make_stream(b"")
        stream.write(packed, filter=filters)
        for key, value in {"Subtype": Name.Image, "Width": width, "Height": height, "BitsPerComponent": 8}.items():
            stream[f"/{key}"] = value
        stream["/ColorSpace"] = Name.DeviceGray
        paper.add_page(pdf, stream, 595, 842)
        return paper.saved(pdf)


def huge_page() -> bytes:
    """A page that says it has 900 million pixels."""
    return with_image(30_000, 30_000, zlib.compress(b"\0" * 1000), [Name.FlateDecode])


def stream_bomb() -> bytes:
    """Forty megabytes of nothing in forty kilobytes, behind a small claim."""
    return with_image(10, 10, zlib.compress(b"\0" * 40_000_000, 9), [Name.FlateDecode])


def twice_deflated() -> bytes:
    """A bomb in a bomb."""
    inner = zlib.compress(b"\0" * 4_000_000, 9)
    return with_image(10, 10, zlib.compress(inner, 9), [Name.FlateDecode, Name.FlateDecode])


def many_pages() -> bytes:
    """More pages than the limit of the test."""
    return paper.scan(*[Image.new("L", (20, 28))] * 6)


def broken_jpeg() -> bytes:
    """A whole PDF around half an image."""
    data = jpeg()
    return with_image(*SMALL, data[: len(data) // 2], [Name.DCTDecode])


def lying_jpeg() -> bytes:
    """A JPEG of nine million pixels in an image that claims a hundred."""
    packed = io.BytesIO()
    Image.new("L", (3000, 3000)).save(packed, "JPEG")
    return with_image(10, 10, packed.getvalue(), [Name.DCTDecode])


def colours() -> bytes:
    """Few pixels, many samples."""
    packed = io.BytesIO()
    Image.new("CMYK", (1200, 1200)).save(packed, "JPEG")
    return with_image(1200, 1200, packed.getvalue(), [Name.DCTDecode])


def drawing(content: bytes, box: tuple[int, ...] = (0, 0, 595, 842), times: int = 1) -> bytes:
    """Pages that say to draw `content`."""
    with pikepdf.Pdf.new() as pdf:
        stream = pdf.make_stream(zlib.compress(content, 9), Filter=Name.FlateDecode)
        for _ in range(times):
            page = Dictionary(Type=Name.Page, MediaBox=pikepdf.Array(list(box)), Contents=stream)
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        return paper.saved(pdf)


def one_image_on_many_pages() -> bytes:
    """A small file of pages that all unpack the same large image."""
    with pikepdf.Pdf.new() as pdf:
        stream = pdf.make_stream(zlib.compress(bytes(2_000 * 2_000), 9), Filter=Name.FlateDecode)
        for key, value in {"Subtype": Name.Image, "Width": 2000, "Height": 2000, "BitsPerComponent": 8}.items():
            stream[f"/{key}"] = value
        stream["/ColorSpace"] = Name.DeviceGray
        for _ in range(5):
            paper.add_page(pdf, stream, 595, 842)
        return paper.saved(pdf)


def objects(*written: bytes) -> bytes:
    """A PDF of these objects, the first its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(written, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(out))
    return out + head + rows + trailer


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def circle() -> bytes:
    """Pages that are their own parents."""
    one = b"<</Type/Pages/Kids[%d 0 R]/Count 1>>"
    return objects(CATALOGUE, one % 3, one % 2)


def deep_pages() -> bytes:
    """Pages in pages in pages."""
    inner = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % number for number in range(3, 3_000)]
    return objects(CATALOGUE, *inner, b"<</Type/Page/MediaBox[0 0 9 9]>>")


DISASTERS: list[tuple[str, Callable[[], bytes], str]] = [
    ("scan-empty", lambda: b"", "a.pdf"),
    ("scan-not-pdf", lambda: b"PK\x03\x04 a worksheet", "a.pdf"),
    ("scan-image-named-pdf", jpeg, "a.pdf"),
    ("scan-pdf-misnamed", whole, "a.jpg"),
    ("scan-truncated", lambda: whole()[:900], "a.pdf"),
    ("scan-damaged", lambda: b"%PDF-1.7\nnothing of the kind\n%%EOF\n", "a.pdf"),
    ("scan-damaged", broken_jpeg, "a.pdf"),
    ("scan-encrypted", lambda: encrypted("mật khẩu"), "a.pdf"),
    ("scan-encrypted", lambda: encrypted(""), "a.pdf"),
    ("scan-too-many-pages", many_pages, "a.pdf"),
    ("scan-page-too-large", huge_page, "a.pdf"),
    ("scan-stream-bomb", stream_bomb, "a.pdf"),
    ("scan-stream-bomb", twice_deflated, "a.pdf"),
    ("scan-page-too-large", lying_jpeg, "a.pdf"),
    ("scan-page-too-large", colours, "a.pdf"),
    ("scan-page-too-large", lambda: drawing(b"", box=(0, 0, 1_000_000, 1_000_000)), "a.pdf"),
    ("scan-stream-bomb", lambda: drawing(b"0 0 9 9 re f\n" * 200_000), "a.pdf"),
    ("scan-stream-bomb", one_image_on_many_pages, "a.pdf"),
    ("scan-damaged", circle, "a.pdf"),
    ("scan-damaged", deep_pages, "a.pdf"),
    ("scan-too-large", lambda: b"%PDF-1.7 " + b"\0" * 2_000_001, "a.pdf"),
]
LIMITS = Limits(
    pages=5,
    inflated_bytes=8_000_000,
    bytes=2_000_000,
    content_bytes=1_000_000,
    pixels=8_500_000,
    samples=5_000_000,
    free_pixels=9_000_000,
    pixels_a_byte=2,
)


@pytest.mark.parametrize(("code", "made", "name"), DISASTERS, ids=[f"{row[0]}-{i}" for i, row in enumerate(DISASTERS)])
def test_a_bad_file_is_refused_by_its_code(code: str, made: Callable[[], bytes], name: str) -> None:
    """Given a file that is no scan or is hostile, when it comes to the door, then it is refused and told why."""
    with pytest.raises(Refusal) as refused:
        admit(made(), name, LIMITS)
    assert refused.value.code == code
    assert name in refused.value.vi
    assert name in refused.value.en
    assert "?" not in refused.value.vi + refused.value.en, "a fact is missing from the text"


def test_a_sound_scan_is_let_in() -> None:
    """Given a plain scan, when it comes to the door, then its pages are counted and nothing is odd."""
    finding = admit(whole(), "a.pdf", LIMITS)
    assert (finding.pages, finding.flags) == (1, ())


def test_a_child_that_takes_too_long_is_a_refusal() -> None:
    """Given a page of streams that are each within the limit and endless together, then time is the limit."""
    with pikepdf.Pdf.new() as pdf:
        paper.add_page(pdf, pdf.make_stream(b"", Subtype=Name.Form), 595, 842)
        packed = zlib.compress(b"\0" * 7_900_000, 9)
        forms = pdf.pages[0].resources["/XObject"]
        for number in range(600):
            forms[f"/F{number}"] = pdf.make_stream(
                packed, Subtype=Name.Image, Width=9, Height=9, Filter=Name.FlateDecode
            )
        content = paper.saved(pdf)
    with pytest.raises(Refusal) as refused:
        admit(content, "a.pdf", Limits(seconds=1))
    assert refused.value.code == "scan-too-costly"


def test_scripts_launches_and_attachments_are_reported() -> None:
    """Given a scan with a script, a launch action and an attachment, when let in, then each is flagged."""
    with pikepdf.open(io.BytesIO(whole())) as pdf:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F=pikepdf.String("calc.exe")))
        pdf.attachments["note.exe"] = b"MZ"
        content = paper.saved(pdf)
    flags = admit(content, "a.pdf", LIMITS).flags
    assert flags == ("carries-embedded-file", "carries-launch-action", "carries-script")
    assert all(flag in TEXTS for flag in flags)


def test_a_broken_index_is_rebuilt_and_said_so() -> None:
    """Given a PDF whose cross-reference offset is wrong, when let in, then it is flagged as repaired."""
    content = whole()
    at = content.rindex(b"startxref")
    finding = admit(content[:at] + b"startxref\n7\n%%EOF\n", "a.pdf", LIMITS)
    assert finding.flags == ("scan-repaired",)
