"""The letter that asks for what has not come: its parts and places, whole words, and nothing for whom it is not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from domain.administrative_unit import Level
from domain.agency import AgencyKind, Block
from domain.basis import Certainty, Confidence
from domain.errors import Refusal
from domain.identifiers import nfc, public_id
from domain.lot import ALL_LOT_KEYS
from mocban.custody.account import Account, AccountFonds, AccountLot, AccountUnit, Body, LotState, Origin
from mocban.custody.letter import left_out, letters_of, spoken_day, spoken_number
from mocban.custody.letter_page import draw

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not there")


def body(name: str, block: Block = Block.GOVERNMENT, valid_to: str = "") -> Body:
    """A People's Committee, whatever its block."""
    kind = AgencyKind.PEOPLES_COMMITTEE
    return Body(id=public_id("body", name), code=name, name=name, block=block, kind=kind, valid_to=valid_to)


OURS = body("Ủy ban nhân dân phường Hồng Hà, thành phố Hà Nội")
PARTY = body("Đảng ủy phường Hồng Hà", Block.PARTY)
ENDED = body("Ủy ban nhân dân phường Phúc Xá, quận Ba Đình", valid_to="2025-07-01")
STANDING = body("Trung tâm Phục vụ hành chính công")


def lot(number: int, holder: Body, state: LotState = LotState.AWAITING, ours: Body = OURS) -> AccountLot:
    """Three files on 40 sheets in two boxes, one of which other lots share."""
    key = ALL_LOT_KEYS[number % len(ALL_LOT_KEYS)]
    return AccountLot(
        lot=key.text, carrier=key.carrier, state=state, assigned_to=ours, held_by=holder, files=3, boxes=2,
        box_labels=("H1", f"H{number}"), sheets=40, because=7, effective="2025-07-01", rule="commune-temporary",
        basis="Thông tư 06/2025/TT-BNV, Điều 39", confidence=Confidence.INFERENCE if number % 2 else Confidence.LAW,
    )  # fmt: skip


def account(*fonds_lots: tuple[AccountLot, ...]) -> Account:
    """Phường Hồng Hà with a predecessor's fonds, one for each list of lots."""
    fonds = tuple(
        AccountFonds(id=UUID(int=at), code=f"P-{at}", name=f"Phông UBND phường Phúc Xá {at}", totals={}, lots=lots)
        for at, lots in enumerate(fonds_lots, 1)
    )  # fmt: skip
    unit = AccountUnit(
        id=UUID(int=9), code="00097", name="Phường Hồng Hà", level=Level.COMMUNE, valid_from="2025-07-01", valid_to="",
        certainty=Certainty.STATED,
    )  # fmt: skip
    origin = Origin(relation="predecessor", fonds=fonds)
    return Account(
        unit=unit, as_of="2026-02-03", known_at=51, bodies=(OURS, PARTY), totals={}, origins=(origin,),
        may_use=(),
        reconstructed=False,
    )  # fmt: skip


def text_of(pdf: bytes, folder: Path, *words: str) -> str:
    """The text of a PDF as laid out, in NFC, or what another poppler program says of it."""
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    program, *options = words or ("pdftotext", "-layout")
    target = ["-"] if program == "pdftotext" else []
    return nfc(subprocess.run([program, *options, str(path), *target], capture_output=True, check=True).stdout.decode())


def test_every_part_of_the_decrees_layout_is_in_its_place(tmp_path: Path) -> None:
    """Given awaited lots with a body that has ended, then the letter's parts stand in order, each word whole."""
    made = account((lot(0, ENDED), lot(4, ENDED), lot(8, ENDED, LotState.RECEIVED)))
    text = text_of(draw(letters_of(made, "2026-11-05")), tmp_path)
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    assert lines[0] == "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert lines[1] == "PHƯỜNG HỒNG HÀ Độc lập - Tự do - Hạnh phúc"
    assert lines[2] == "Số: / Phường Hồng Hà, ngày 05 tháng 11 năm 2026"
    assert lines[3] == "V/v đề nghị bàn giao tài liệu lưu trữ"
    whole = " ".join(lines)
    parts = (
        "Kính gửi: Người được giao quản lý tài liệu của Ủy ban nhân dân phường Phúc Xá, quận Ba Đình (kết thúc",
        "tính đến ngày 03 tháng 02 năm 2026 (đến hành vi số 51 của sổ cái)",
        "chưa nhận được 6 hồ sơ (bản giấy: 3 hộp, 80 tờ) thuộc 2 khối tài liệu",
        "TT Phông lưu trữ Khối tài liệu Hồ sơ Hộp Tờ Căn cứ giao",
        "Tổng cộng 6 3 80",
        "Một số hộp chứa hồ sơ của nhiều khối tài liệu",
        "Phụ lục V Nghị định số 30/2020/NĐ-CP",
        "đề nghị trả lời bằng văn bản./.",
        "Nơi nhận: TM. ỦY BAN NHÂN DÂN",
        "- Như trên; CHỦ TỊCH",
        "- Lưu: VT.",
    )
    places = [whole.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
    assert "niêm phong" in whole, "an unfinished lot is handed over sealed"
    assert "(*)" not in whole, "both lots rest on the law"


def test_a_letter_for_each_holder_and_pages_numbered_from_the_second(tmp_path: Path) -> None:
    """Given two holders and a table over several pages, each letter begins on its own page and numbers from 2."""
    many = [tuple(lot(number, ENDED) for number in range(24)) for _ in range(3)]
    letters = letters_of(account(*many, (lot(1, STANDING),)), "2026-11-05")
    assert len(letters) == 2
    pdf = draw(letters)
    pages = text_of(pdf, tmp_path).split("\f")[:-1]
    first = [at for at, page in enumerate(pages) if "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page]
    assert first[0] == 0
    assert len(first) == 2
    for start, end in ((first[0], first[1]), (first[1], len(pages))):
        numbers = [page.split()[0] for page in pages[start + 1 : end]]
        assert numbers == [str(number) for number in range(2, end - start + 1)]
    long = pages[: first[1]] if len(pages) - first[1] == 1 else pages[first[1] :]
    assert len(long) > 2
    assert all("Phông lưu trữ" in page for page in long[:-1]), "the table's head is repeated"
    assert sum(page.count("Tổng cộng") for page in pages) == 2
    assert "Kính gửi: Trung tâm Phục vụ hành chính công" in " ".join(" ".join(pages).split())
    assert draw(letters) == pdf


def test_typefaces_are_embedded(tmp_path: Path) -> None:
    """Given a letter, then it is A4 and each typeface that it uses is an embedded subset with a map to Unicode."""
    pdf = draw(letters_of(account((lot(1, ENDED),)), "2026-11-05"))
    assert "(A4)" in text_of(pdf, tmp_path, "pdfinfo")
    used = [line.split() for line in text_of(pdf, tmp_path, "pdffonts").splitlines()[2:]]
    assert {font[0].split("+")[0] for font in used if "+" in font[0]}
    assert all("+" in font[0] for font in used if font[0] != "Helvetica")


@pytest.mark.parametrize(
    "lots",
    [(), (lot(0, ENDED, LotState.RECEIVED),), (lot(0, ENDED, LotState.UNCOVERED),), (lot(0, ENDED, ours=PARTY),)],
)
def test_nothing_to_ask_for_makes_no_letter(lots: tuple[AccountLot, ...]) -> None:
    """Given nothing awaited, or only by the Party, whose papers have other rules, then there is no letter."""
    made = account(lots)
    with pytest.raises(Refusal) as refused:
        letters_of(made, "2026-11-05")
    assert refused.value.code == "letter-nothing-awaited"
    assert left_out(made) == sum(one.files for one in lots if one.assigned_to == PARTY)


@pytest.mark.parametrize(
    ("day", "spoken"),
    [
        ("2025-07-01", "ngày 01 tháng 7 năm 2025"),
        ("2026-02-28", "ngày 28 tháng 02 năm 2026"),
        ("2026-12-09", "ngày 09 tháng 12 năm 2026"),
    ],
)
def test_days_are_written_as_the_decree_orders(day: str, spoken: str) -> None:
    """Days below ten and the first two months carry a nought, other months none."""
    assert spoken_day(day) == spoken
    assert [spoken_number(number) for number in (0, 999, 1_234_567)] == ["0", "999", "1.234.567"]


def test_digital_files_have_no_boxes(tmp_path: Path) -> None:
    """Given only digital files, then neither boxes nor sheets are asked for."""
    digital = msgspec.structs.replace(lot(1, STANDING), boxes=0, box_labels=(), sheets=0)
    (letter,) = letters_of(account((digital,)), "2026-11-05")
    assert letter.total == (3, None, None)
    assert "hộp," not in letter.opening
    assert "(*) Nơi nhận được suy ra" in " ".join(text_of(draw([letter]), tmp_path).split())
