"""Each data field from the words of a line alone: tables of what stands on paper and what it says."""

from __future__ import annotations

import pytest

from digitization import bodies
from digitization.document_types import abbreviated, titled
from digitization.fields.evidence import Candidate, weigh
from digitization.fields.issue import parse_date, parse_place
from digitization.fields.number import parse
from digitization.fields.recipients import items_in
from digitization.fields.signer import guessed_position, name_in, position_in
from digitization.marks import is_dated, is_number_line, opens_signature
from digitization.plain import distance, plain
from digitization.reading import Box

BOX = Box(0, 0, 10, 10)


@pytest.mark.parametrize(
    ("line", "number", "notation", "clean"),
    [
        ("Số: 1116/KH-PN", "1116", "KH-PN", True),
        ("Số 1802-KL/ĐU", "1802", "KL/ĐU", True),
        ("Số: 760/2012/NQ-HĐND", "760", "2012/NQ-HĐND", True),
        ("Số 413 TB/UB", "413", "TB/UB", True),
        ("Số: 12a/QĐ-UBND", "12a", "QĐ-UBND", True),
        ("Số: 45 / QD - UBND", "45", "QĐ-UBND", True),
        ("Số: 77/QĐ-UBNO", "77", "QĐ-UBND", True),
        ("Số: 140/QĐĐ-SNV", "140", "QĐ-SNV", True),
        ("Số 1172-HD/HU", "1172", "HD/HU", True),
        ("Số: l7/TTr-UBND", "17", "TTr-UBND", False),
        ("Số:      /TTr-UBND", "", "TTr-UBND", False),
        ("Số: +ø/TTr-UBND", "", "TTr-UBND", False),
    ],
)
def test_number_and_symbol(line: str, number: str, notation: str, *, clean: bool) -> None:
    """Given the line of the number, when parsed, then number and symbol come apart and repairs are owned up to."""
    found = parse(line)
    assert found is not None
    assert (found.number, found.notation, found.clean) == (number, notation, clean)


@pytest.mark.parametrize("line", ["Số:", "Số nhà", "", "Số: ......"])
def test_no_number_is_no_number(line: str) -> None:
    """Given a line without number and symbol, when parsed, then nothing is made up."""
    assert parse(line) is None


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Hà Nội, ngày 05 tháng 3 năm 2019", "2019-03-05"),
        ("Sơn Tây, ngày 31 tháng 12 năm 1990.", "1990-12-31"),
        ("Hà Nội, ngày ... tháng 3 năm 2019", "2019-03"),
        ("Hà Nội, ngày    tháng    năm 2019", "2019"),
        ("Hà Nội, ngày 31 tháng 2 năm 2019", "2019-02"),
        ("Hà Nội, ngày 5 tháng 13 năm 2019", "2019"),
        ("Hà Nội, ngày 5 tháng 3 năm 20", ""),
        ("Ngày: 20/4", ""),
    ],
)
def test_a_date_is_read_as_far_as_it_goes(line: str, date: str) -> None:
    """Given the line of the date, when a part of it cannot be read, then that part stays away and is never guessed."""
    assert parse_date(line) == date


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Cầu Giấy, ngày 05 tháng 3 năm 2019", "Cầu Giấy"),
        ("- Hà Nội. ngày 05 tháng 3 năm 2019", "Hà Nội"),
        ("4 ngày 05 tháng 3 năm 2019", ""),
        ("Hà Nội", ""),
    ],
)
def test_place(line: str, place: str) -> None:
    """Given the line of the date, when parsed, then the name before it is the place."""
    assert parse_place(line) == place


@pytest.mark.parametrize(
    ("letterhead", "name"),
    [
        (["ỦY BAN NHÂN DÂN", "PHƯỜNG DỊCH VỌNG"], "Ủy ban nhân dân phường Dịch Vọng"),
        (["UBND QUẬN HÀ ĐÔNG", "PHÒNG NỘI VỤ"], "Phòng Nội vụ"),
        (["ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ", "NỘI", "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG"], "Sở Tài nguyên và Môi trường"),
        (["ĐẢNG BỘ HUYỆN THANH TRÌ", "ĐẢNG ỦY XÃ ĐÔNG MỸ"], "Đảng ủy xã Đông Mỹ"),
        (["THÀNH ỦY HÀ NỘI", "VĂN PHÒNG"], "Văn phòng Thành ủy Hà Nội"),
        (["THÀNH ỦY HÀ NỘI", "QUẬN ỦY CẦU GIẤY"], "Quận ủy Cầu Giấy"),
        (["ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT", "NAM", "HUYỆN BA VÌ"], "Ủy ban Mặt trận Tổ quốc Việt Nam huyện Ba Vì"),
        (["HỘI LIÊN HIỆP PHỤ NỮ VIỆT NAM", "QUẬN BA ĐÌNH"], "Hội Liên hiệp Phụ nữ quận Ba Đình"),
        (["UBND HUYỆN BA VÌ", "PHÒNG TÀI NGUYÊN VÀ MÔI", "TRƯỜNG"], "Phòng Tài nguyên và Môi trường"),
        (["HỘI ĐỒNG NHÂN DÂN", "THỊ XÃ SƠN TÂY"], "Hội đồng nhân dân thị xã Sơn Tây"),
        ([], ""),
    ],
)
def test_the_last_body_of_the_letterhead_issues(letterhead: list[str], name: str) -> None:
    """Given a letterhead, when named, then the last body stands as one writes it."""
    assert bodies.named(letterhead) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("QUYẾT ĐỊNH", "Quyết định"),
        ("QUYÉT ĐINH", "Quyết định"),
        ("TỜ TRÌNH.", "Tờ trình"),
        ("KÉT LUẬN", "Kết luận"),
        ("BÁO CAO", "Báo cáo"),
        ("TRÍCH LỤC KẾT HÔN", "Trích lục kết hôn"),
        ("CHỦ TỊCH", None),
        ("ỦY BAN NHÂN DÂN", None),
    ],
)
def test_type_by_title(text: str, name: str | None) -> None:
    """Given a line in capitals, when it is a type's name but for accents, then that type is known."""
    found = titled(text)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("notation", "name"),
    [("QĐ-UBND", "Quyết định"), ("2012/NQ-HĐND", "Nghị quyết"), ("KL/ĐU", "Kết luận"), ("UBND-VX", None)],
)
def test_type_by_symbol(notation: str, name: str | None) -> None:
    """Given a symbol, when it opens with a type's abbreviation, then that type is known."""
    found = abbreviated(notation)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Nguyễn Thị Hạnh", "Nguyễn Thị Hạnh"),
        ("» . Hoàng Thế Quyết", "Hoàng Thế Quyết"),
        ("CHỦ TỊCH", ""),
        ("Các Phòng Ban", ""),
        ("ngày 5 tháng 3", ""),
    ],
)
def test_signer_name(line: str, name: str) -> None:
    """Given a line at the foot, when it ends with a surname and given names, then that is the signer."""
    assert name_in(line) == name


@pytest.mark.parametrize(
    ("line", "position"),
    [
        ("PHÓ CHỦ TỊCH", "Phó Chủ tịch"),
        ("_.PHÓ BÍ THƯ", "Phó Bí thư"),
        ("CHÁNH VĂN PHÔNG", "Chánh Văn phòng"),
        ("KT. CHỦ TỊCH", ""),
        ("K/T TRƯỞNG BAN", ""),
        ("__TL. CHỦ TỊCH", ""),
        ("mQ CHỦ TỊCH", ""),
        ("Phó Chủ tịch ủy ban", ""),
    ],
)
def test_signer_position(line: str, position: str) -> None:
    """Given a line in capitals above the name, when it is a position and no formula, then it is the signer's."""
    assert position_in(line) == position


@pytest.mark.parametrize(
    ("line", "position"),
    [("mQ CHỦ TỊCH", "Chủ tịch"), ("đu TịcH", "Chủ tịch"), ("4S ``yHƯư", "")],
)
def test_a_position_under_a_stamp_is_guessed_at_most(line: str, position: str) -> None:
    """Given letters struck by a stamp, when most of a position is there, then it is guessed and doubted."""
    assert position_in(line) != position or not position
    assert guessed_position(line) == position


def test_recipients_are_items() -> None:
    """Given the lines under Nơi nhận, when one has no dash, then it goes on with the one before."""
    assert items_in(["- Như Điều 3;", "- Ban Chỉ đạo", "thành phố;", "+ Lưu: VT."]) == [
        "Như Điều 3",
        "Ban Chỉ đạo thành phố",
        "Lưu: VT",
    ]


def test_marks_of_a_form() -> None:
    """Given lines that look alike, when told apart, then none is taken for another."""
    assert is_number_line("Số: 12/QĐ-UBND")
    assert not is_number_line("SỞ NỘI VỤ")
    assert not is_number_line("SỔ ĐĂNG KÝ KHAI SINH")
    assert not is_dated("Ngày, tháng, năm sinh: 08/09/2009")
    assert opens_signature("TM. ỦY BAN NHÂN DÂN")
    assert not opens_signature("Quyết định này có hiệu lực")


@pytest.mark.parametrize(
    ("values", "doubted", "state"),
    [
        ([("125", 90.0), ("125", 88.0)], False, "sure"),
        ([("125", 65.0), ("125", 61.0)], False, "sure"),
        ([("125", 65.0)], False, "doubtful"),
        ([("125", 95.0), ("126", 95.0)], False, "doubtful"),
        ([("125", 95.0), ("125", 95.0)], True, "doubtful"),
        ([], False, "unread"),
    ],
)
def test_agreement_makes_sure(values: list[tuple[str, float]], state: str, *, doubted: bool) -> None:
    """Given several readings of one place, then only agreement undoubted is sure."""
    candidates = [Candidate(value=value, confidence=confidence, page=1, box=BOX) for value, confidence in values]
    reading = weigh("CodeNumber", candidates, doubted=doubted)
    assert reading.state == state
    assert reading.confidence <= 55.0 or state == "sure"


def test_plain_and_distance() -> None:
    """Given Vietnamese text, when made plain, then accents, case and dashes no longer tell texts apart."""
    assert plain("Ủy ban  nhân dân – Đống Đa") == "uy ban nhan dan - dong da"
    assert distance("quyet dinh", "quyet dinb") == 1
    assert distance("a", "xyz", most=1) == 2
