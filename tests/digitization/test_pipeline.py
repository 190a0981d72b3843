"""From the bytes of a scan to what is known of it, with the real program; and the searchable derivative."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from digitization.pipeline import Reader
from digitization.programs import tesseract
from digitization.reading import Recognition
from domain.errors import Refusal
from mocban.typeface import REGULAR, register
from tests.digitization import paper

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)</word>')


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """Two workers, shared by the tests here."""
    with Reader(workers=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def scan() -> bytes:
    """A decision, an empty page and the decision's page again upside down."""
    decision = paper.drawn(paper.DECISION)
    return paper.scan(decision, paper.blank(), decision.rotate(180))


@pytest.fixture(scope="module")
def read(reader: Reader, scan: bytes) -> Recognition:
    """What was read, once for all tests."""
    return reader.recognize(scan, "quyet-dinh.pdf")


def test_fields_are_read_with_their_evidence(read: Recognition) -> None:
    """Given a printed decision, when read, then each field has its value, is sure, and points at its place."""
    said = {reading.field: reading.value for reading in read.fields}
    assert said == {
        "CodeNumber": "125",
        "CodeNotation": "QĐ-UBND",
        "IssuedDate": "2018-06-24",
        "Place": "Hà Nội",
        "OrganName": "Ủy ban nhân dân phường Dịch Vọng",
        "TypeName": "Quyết định",
        "Subject": "Về việc thành lập Tổ công tác kiểm kê tài liệu",
        "Block": "government",
        "SignerInfo.Position": "Phó Chủ tịch",
        "SignerInfo.FullName": "Nguyễn Thị Hạnh",
        "To.OrganName": "Như Điều 3; UBND quận Cầu Giấy; Lưu: Văn thư",
    }
    number = read.field("CodeNumber")
    assert number is not None
    assert (number.state, number.page) == ("sure", 1)
    assert number.box is not None
    assert number.box.left == pytest.approx(150, abs=6)
    assert number.box.top == pytest.approx(210, abs=8)


def test_blank_and_upside_down_pages_are_known(read: Recognition) -> None:
    """Given a blank page and one upside down, when read, then the first has no text and the second was turned."""
    first, empty, turned = read.pages
    assert (first.rotation, first.blank, first.flags) == (0, False, ())
    assert (empty.blank, empty.lines, empty.flags) == (True, (), ("blank-page",))
    assert (turned.rotation, turned.flags) == (180, ("rotated",))
    assert "Nguyễn Thị Hạnh" in read.text.split("\f")[2]
    title = next(line for line in turned.lines if line.text == "QUYẾT ĐỊNH")
    assert title.box.bottom == pytest.approx(paper.A4[1] - 306, abs=10), "boxes are those of the page as scanned"


def test_the_same_scan_gives_the_same_recognition(reader: Reader) -> None:
    """Given a scan, when read twice, then every byte of the answer is the same, and progress is told by the page."""
    small = paper.scan(paper.drawn(paper.DECISION[6:10], size=(1240, 700)), paper.blank())
    steps: list[tuple[int, int]] = []
    first = reader.recognize(small, "hai-lan.pdf")
    again = reader.recognize(small, "hai-lan.pdf", progress=lambda done, of: steps.append((done, of)))
    assert msgspec.json.encode(again) == msgspec.json.encode(first)
    assert steps == [(1, 2), (2, 2)]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils looks at the text layer from outside")
def test_another_program_finds_the_words_in_their_places(read: Recognition, tmp_path: Path) -> None:
    """Given the derivative, when pdftotext looks for words, then Vietnamese letters come out where they stand."""
    derived = tmp_path / "derived.pdf"
    derived.write_bytes(read.searchable_pdf)
    found = subprocess.run(["pdftotext", "-bbox", str(derived), "-"], capture_output=True, text=True, check=True).stdout
    pages = found.split("<page ")[1:]
    words = {text: tuple(map(float, box)) for *box, text in WORD.findall(pages[0])}
    points = 72 / paper.DPI
    assert words["QUYẾT"][0] == pytest.approx(500 * points, abs=3)
    assert words["QUYẾT"][1] == pytest.approx(300 * points, abs=5)
    assert words["Hạnh"][3] == pytest.approx(884 * points, abs=5)
    assert words["125/QĐ-UBND"][2] - words["125/QĐ-UBND"][0] > 60
    assert WORD.findall(pages[1]) == []
    assert "Dịch" not in pages[1]
    assert "QUYẾT" in pages[2]


def test_the_image_is_copied_bit_by_bit_and_the_claim_is_made(scan: bytes, read: Recognition) -> None:
    """Given a plain scan, when derived, then each image keeps its very bytes and PDF/A-2b is claimed with a profile."""
    with pikepdf.open(io.BytesIO(scan)) as source, pikepdf.open(io.BytesIO(read.searchable_pdf)) as derived:
        for before, after in zip(source.pages, derived.pages, strict=True):
            (old,), (new,) = before.get_images().values(), after.get_images().values()
            assert new.read_raw_bytes() == old.read_raw_bytes()
        metadata = derived.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert metadata["dc:source"] == f"sha256:{read.sha256}"
        assert "/OutputIntents" in derived.Root


def test_a_page_of_more_than_one_image_makes_no_claim(reader: Reader) -> None:
    """Given a page with a vector line over its image, when derived, then the page is kept whole and nothing claimed."""
    with pikepdf.open(io.BytesIO(paper.scan(paper.drawn(paper.DECISION[:3], size=(1240, 600))))) as pdf:
        pdf.pages[0].contents_add(pdf.make_stream(b" 0 0 m 100 100 l S"))
        content = paper.saved(pdf)
    read = reader.recognize(content, "net-ve.pdf")
    with pikepdf.open(io.BytesIO(read.searchable_pdf)) as derived:
        assert "pdfaid:part" not in derived.open_metadata()
        assert b"100 100 l S" in b"".join(part.read_bytes() for part in derived.pages[0].Contents)
    assert read.field("CodeNumber") is not None
    assert set(read.flags) & {"page-redrawn", "page-partly-read"}


def test_words_that_a_page_holds_itself_are_not_laid_over_it_again(reader: Reader) -> None:
    """Given a report that was never paper, when derived, then each of its words is there once."""
    register()
    written = io.BytesIO()
    sheet = Canvas(written, pagesize=(420, 200), invariant=1)
    for at, text in enumerate(("ỦY BAN NHÂN DÂN", "Số: 311/BC-UBND", "BÁO CÁO", "Công tác văn thư, lưu trữ")):
        sheet.setFont(REGULAR, 15)
        sheet.drawString(40, 160 - 30 * at, text)
    sheet.save()
    read = reader.recognize(written.getvalue(), "bao-cao.pdf")
    done = subprocess.run(["pdftotext", "-", "-"], input=read.searchable_pdf, capture_output=True, check=True)
    said = done.stdout.decode().split()
    assert (said.count("BÁO"), said.count("311/BC-UBND"), said.count("NHÂN")) == (1, 1, 1)
    assert "page-redrawn" in read.flags


def test_a_bad_file_is_refused_before_any_reading(reader: Reader) -> None:
    """Given an image named .pdf, when asked to be read, then the door's refusal comes through."""
    packed = io.BytesIO()
    Image.new("L", (50, 50)).save(packed, "JPEG")
    with pytest.raises(Refusal) as refused:
        reader.recognize(packed.getvalue(), "anh.pdf")
    assert refused.value.code == "scan-image-named-pdf"


def test_without_the_program_the_line_to_type_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Given a machine without Tesseract, when a reader is opened, then the refusal names the one line to type."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refusal) as refused:
        Reader()
    assert refused.value.code == "tesseract-missing"
    assert tesseract.INSTALL_LINE in refused.value.vi
