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
    ("scan-too-large", lambda: b"%PDF-1.7 " + b"\0" * 2_000_001, "a.pdf"),
]
LIMITS = Limits(pages=5, inflated_bytes=8_000_000, bytes=2_000_000)


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
