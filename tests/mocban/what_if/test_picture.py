"""The picture of a what-if: well-formed, every label inside the frame, none over another."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from uuid import UUID

import pytest
from reportlab.pdfbase import pdfmetrics

from domain.lot import Carrier
from mocban.grouped import grouped
from mocban.typeface import BOLD, REGULAR, register
from mocban.what_if.lettering import advance, wrapped
from mocban.what_if.picture import picture
from mocban.what_if.report import AWAITING, Amount, Body, FondsLine, Report
from reference import hanoi

SVG = "{http://www.w3.org/2000/svg}"


def body(number: int, name: str, code: str = "") -> Body:
    return Body(id=UUID(int=number), code=code or f"{number:05}", name=name)


def report(sources: list[Body], receivers: list[Body], files: int = 7, scope: str = "Quận Ba Đình") -> Report:
    """Each source sends to three receivers."""
    lines = [
        FondsLine(
            unit=source,
            fonds=source,
            receiver=receivers[(at + step) % len(receivers)],
            carrier=carrier,
            amount=Amount(files=files * (1 + at + step)),
        )
        for at, source in enumerate(sources)
        for step in range(min(3, len(receivers)))
        for carrier in Carrier
    ]
    return Report(
        title="Sắp xếp các đơn vị hành chính cấp xã của thành phố Hà Nội và kết thúc hoạt động của cấp huyện năm 2025",
        effective="2025-07-01", plan_hash="", scope=scope, may_be_enacted=True, fonds=1, awaiting_files=0, receivers=[],
        by_fonds=lines, outcomes=[], obstacles=[], uncovered=[], claims=[], crossings=[], absent_receivers=[],
        late_documents=[],
    )  # fmt: skip


LONG = "ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM PHƯỜNG VĂN MIẾU - QUỐC TỬ GIÁM, THÀNH PHỐ HÀ NỘI " * 2
COMMUNES = [body(at, unit.full_name, unit.code) for at, unit in enumerate(hanoi.units_before()[:24], start=1)]
BODIES = [body(900 + at, agency.name, agency.code) for at, agency in enumerate(hanoi.agencies_after()[:12])]
PICTURES = {
    "nothing": report([], []),
    "one fonds, one receiver": report([body(1, "Phông A")], [AWAITING]),
    "a district of 24 communes": report(COMMUNES, [*BODIES, AWAITING]),
    "long and strange names": report(
        [body(1, LONG), body(2, "W" * 90), body(3, "<b>&\"'")], [body(4, LONG), AWAITING], scope=LONG
    ),
    "one among a million": report([*COMMUNES[:2], body(7, "Một hồ sơ")], [AWAITING], files=10**6),
}


@pytest.mark.parametrize("made", PICTURES.values(), ids=PICTURES)
def test_labels_stay_inside_and_apart(made: Report) -> None:
    """Given any report, when it is drawn, each text fits the frame in a real typeface and no two touch."""
    register()
    root = ET.fromstring(picture(made))  # noqa: S314  our own
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert root.attrib["viewBox"] == f"0 0 {width:.0f} {height:.0f}"
    boxes: list[tuple[float, float, float, float, str]] = []
    for text in root.iter(f"{SVG}text"):
        content, size = text.text or "", float(text.attrib["font-size"])
        face = BOLD if text.get("font-weight") else REGULAR
        wide = max(advance(content, size), pdfmetrics.stringWidth(content, face, size))
        left = float(text.attrib["x"]) - (wide if text.get("text-anchor") == "end" else 0)
        base = float(text.attrib["y"])
        assert left >= 0
        assert left + wide <= width
        assert base - size >= 0
        assert base + 0.3 * size <= height
        boxes.append((left, left + wide, base - 0.8 * size, base + 0.25 * size, content))
    for at, one in enumerate(boxes):
        for other in boxes[:at]:
            assert one[0] >= other[1] or one[1] <= other[0] or one[2] >= other[3] or one[3] <= other[2], (one, other)


def test_bands_carry_every_file() -> None:
    """Given flows, when they are drawn, there is one band a source and receiver and one bar a body."""
    root = ET.fromstring(picture(PICTURES["a district of 24 communes"]))  # noqa: S314  our own
    assert len(list(root.iter(f"{SVG}path"))) == 24 * 3
    assert len(list(root.iter(f"{SVG}rect"))) == 1 + 24 + 13
    said = [text.text for text in root.iter(f"{SVG}text")]
    assert "giấy · paper 42; số · digital 42" in said  # 7 x (1 + 2 + 3)


@pytest.mark.parametrize("width", [40, 100, 370])
def test_wrapping_keeps_every_letter(width: int) -> None:
    """Given a text, when it is wrapped, every line fits and no letter is lost."""
    lines = wrapped(LONG + "W" * 50, width, 13)
    assert all(advance(line, 13) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == (LONG + "W" * 50).replace(" ", "")


def test_thousands_are_parted_so_that_both_languages_read_them_alike() -> None:
    """Given a million files, then no comma parts them, which a Vietnamese reader takes for a decimal sign."""
    drawn = picture(PICTURES["one among a million"])
    assert "1\u00a0000\u00a0000" in drawn or "2\u00a0000\u00a0000" in drawn
    assert not re.search(r"\d,\d{3}", drawn)
    assert grouped(-1234.5, 2, signed=True) == "-1\u00a0234.50"
    assert (grouped(999), grouped(6030, signed=True)) == ("999", "+6\u00a0030")
