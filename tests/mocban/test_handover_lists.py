"""Lists of a hand-over: what is ticked is read back, faults stand at their line or cell; records are drawn whole."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import openpyxl
import pytest

from domain.agency import AgencyKind, Block
from domain.basis import Certainty, Instrument
from domain.errors import Refusal
from domain.handover import DisputeReason, InventoryLine
from domain.identifiers import FileCode
from domain.lot import Carrier, RetentionClass
from domain.sealed import Plain
from mocban.handover.list_layout import SHEET
from mocban.handover.list_page import list_pages
from mocban.handover.list_xlsx import list_workbook
from mocban.handover.listing import Listing, Person
from mocban.handover.minutes import Minutes
from mocban.handover.minutes_page import draw
from mocban.handover.minutes_words import dates, grounds
from mocban.handover.ticked import Ticked, read_ticked
from projections.custody_queries import HandoverRow
from projections.handover_queries import ListedLine
from projections.succession_queries import AgencyRow

HANDOVER, ROOT = uuid4(), "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="
TITLE = "Hồ sơ về việc cấp giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất"
FIRST = 11
"""Row of the first line: six facts, a title and two lines of how above the heads."""


def codes(count: int) -> list[FileCode]:
    """Codes of so many files."""
    return [FileCode("H26.41", 2019, f"{number:05}.TP") for number in range(1, count + 1)]


def body(name: str, valid_to: str = "") -> AgencyRow:
    """A committee."""
    return AgencyRow(
        id=uuid4(), name=name, block=Block.GOVERNMENT, kind=AgencyKind.PEOPLES_COMMITTEE, unit=uuid4(), code="x",
        valid_from="2000-01-01", valid_to=valid_to, certainty=Certainty.STATED,
    )  # fmt: skip


def listing(count: int, *, disputed: int = 0) -> Listing:
    """A hand-over of so many files, the first of them disputed."""
    decision = Instrument(number="12/QĐ-UBND", issued="2025-06-20", issuer="UBND thành phố", in_force="2025-06-20")
    lines = tuple(
        ListedLine(
            file=UUID(int=at), code=code.text, fonds=uuid4(), retention=RetentionClass.PERMANENT, sheets=at,
            box=f"{at // 9}", sealed_set=at % 50 == 3, title=f"=1+1 {TITLE}" if at == 1 else TITLE,
            start_date="2019", end_date="2020-05-17",
            reason=DisputeReason.MISSING if at < disputed else None,
        )
        for at, code in enumerate(codes(count))
    )  # fmt: skip
    giver = body("Ủy ban nhân dân phường Văn Miếu - Quốc Tử Giám, quận Đống Đa, thành phố Hà Nội", "2025-07-01")
    receiver = body("Trung tâm Lưu trữ lịch sử thành phố Hà Nội")
    row = HandoverRow(
        id=HANDOVER, giver=giver.id, receiver=receiver.id, carrier=Carrier.PAPER, basis="12/QĐ-UBND", proposed=5,
        completed=9, handed_on="2025-08-01", root=ROOT, files=count - disputed, boxes=3, sheets=9, sealed_sets=1,
        disputed=disputed, shelf_cm=1450, flags="before-decision",
    )  # fmt: skip
    post = "Phó Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân"
    person = Person(name="Nguyễn Thị Hoàng Phương Thảo Nguyên", post=post)
    return Listing(
        row=row, giver=giver, receiver=receiver, root=ROOT, open=disputed, decision=decision, named_by=decision,
        fonds=(("P-H2641", "Phông Ủy ban nhân dân phường Văn Miếu - Quốc Tử Giám"),), lines=lines, deputy=person,
        witnesses=(person, person, person), condition="Giấy giòn", notes={UUID(int=0): "không thấy"},
    )  # fmt: skip


def inventory(count: int) -> list[InventoryLine]:
    """The lines that both sign."""
    return [InventoryLine(FileCode=code, file=UUID(int=at)) for at, code in enumerate(codes(count))]


def ticked_book(folder: Path, fill: Callable[[Any], object], count: int = 3) -> Path:
    """The exported list of so many files, every line taken, then changed."""
    book = openpyxl.load_workbook(io.BytesIO(list_workbook(listing(count))))
    sheet = book[SHEET]
    for row in range(FIRST, FIRST + count):
        sheet.cell(row, 8, "nhận")
    fill(sheet)
    book.save(folder / "ticked.xlsx")
    return folder / "ticked.xlsx"


def read(path: Path, count: int = 3) -> tuple[Ticked | None, list[tuple[str, str]]]:
    """What was read, and the code and place of every fault."""
    found, faults = read_ticked(path, HANDOVER, ROOT, inventory(count))
    return found, [(fault.code, fault.at.cell or f"line {fault.at.line}") for fault in faults]


def put(**cells: object) -> Callable[[Any], None]:
    """Cells by name."""

    def fill(sheet: Any) -> None:
        for name, value in cells.items():
            sheet[name] = value

    return fill


def test_what_a_clerk_ticks_is_read_back(tmp_path: Path) -> None:
    """Given marks as people make them, each line is taken or disputed, with reason and note; the root is stated."""
    marks = put(H11="X", H12="Không nhận", I12="Sai số tờ", J12="đếm được 7 tờ", H13="✓")
    found, faults = read(ticked_book(tmp_path, marks))
    assert faults == []
    assert found is not None
    assert (found.taken, found.root) == (2, ROOT)
    assert {file: (said.reason, said.note) for file, said in found.disputed.items()} == {
        UUID(int=1): (DisputeReason.SHEETS_DIFFER, Plain("đếm được 7 tờ"))
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_same_list_saved_as_text_is_read_alike(tmp_path: Path, delimiter: str) -> None:
    """Given the ticked workbook saved as CSV, in the separators that offices use, it says the same."""
    source = ticked_book(tmp_path, put(H12="k", I12="missing"))
    rows = openpyxl.load_workbook(source)[SHEET].iter_rows(values_only=True)
    with (tmp_path / "ticked.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(
            [["" if cell is None else cell for cell in row] for row in rows]
        )
    assert read(tmp_path / "ticked.csv") == read(source)


DISASTERS: dict[str, tuple[Callable[[Any], object], list[tuple[str, str]]]] = {
    "not ticked": (put(H12=None), [("ticked-blank", "H12")]),
    "an unknown mark": (put(H12="hừm"), [("ticked-mark-unknown", "H12")]),
    "no reason": (put(H12="không"), [("ticked-reason-missing", "I12")]),
    "an unknown reason": (put(H12="không", I12="xấu"), [("ticked-reason-unknown", "I12")]),
    "taken with a reason": (put(I12="thiếu"), [("ticked-reason-idle", "I12")]),
    "a formula": (put(H12="=A1"), [("ticked-formula", "H12"), ("ticked-code-absent", "A13")]),
    "a foreign line": (put(B14="H26.99.2019.1", H14="x"), [("ticked-code-foreign", "B14")]),
    "a line twice": (put(B14=codes(1)[0].text, H14="x"), [("ticked-code-repeated", "B14")]),
    "a line without a code": (put(H14="x"), [("ticked-no-code", "B14")]),
    "a line gone": (lambda sheet: sheet.delete_rows(12), [("ticked-code-absent", "A12")]),
    "another code": (
        put(B12="H26.41.2019.99999"), [("ticked-code-foreign", "B12"), ("ticked-code-absent", "A13")],
    ),
    "another hand-over": (put(C2=str(uuid4())), [("ticked-other-handover", "C2")]),
    "another root": (put(C3="d3Jvbmc="), [("ticked-root-differs", "C3")]),
    "no heads": (lambda sheet: sheet.delete_rows(10), [("ticked-no-head", "A12")]),
}  # fmt: skip


@pytest.mark.parametrize("disaster", DISASTERS)
def test_faults_are_told_at_their_cell(tmp_path: Path, disaster: str) -> None:
    """Each by its code and cell; nothing is read of a list with a fault."""
    fill, wanted = DISASTERS[disaster]
    found, faults = read(ticked_book(tmp_path, fill))
    assert found is None
    assert faults == wanted


def test_faults_of_a_text_are_told_at_their_line(tmp_path: Path) -> None:
    """In a CSV: by line, counted over quoted line ends too."""
    lines = ["Mã hồ sơ,Kết quả,Lý do không nhận,Ghi chú", f"{codes(1)[0].text},x,,", f'{codes(2)[1].text},"x\ny",,']
    (tmp_path / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    assert read(tmp_path / "t.csv", 2)[1] == [("ticked-mark-unknown", "line 4")]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("no.xlsx", b"PK\x03\x04 nothing", "worksheet-unreadable"),
        ("text.xlsx", "Mã hồ sơ".encode(), "worksheet-unreadable"),
        ("utf16.csv", "Mã hồ sơ,Kết quả".encode("utf-16"), "ticked-unreadable"),
        ("huge.csv", b"x" * (16 * 1024 * 1024 + 1), "ticked-too-large"),
        ("cell.csv", b'"' + b"x" * 200_000, "ticked-unreadable"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    """A damaged archive, a text under a workbook's name, another encoding, too many bytes: in words."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Refusal) as refused:
        read(tmp_path / name)
    assert refused.value.code == code


def test_a_title_is_no_formula(tmp_path: Path) -> None:
    """A title that begins as a formula does stays text."""
    (tmp_path / "list.xlsx").write_bytes(list_workbook(listing(3)))
    cell = openpyxl.load_workbook(tmp_path / "list.xlsx")[SHEET]["C12"]
    assert (cell.data_type, str(cell.value)[:4]) == ("s", "=1+1")


def minutes_of(told: Listing) -> Minutes:
    """The record of it, with no receiver's name yet."""
    return Minutes(
        listing=told, giver=told.witnesses[0], receiver=Person(name="", post=""), computer_files=0, acts=(9, 12),
        origin="hanoi.mocban/00", size=20, root=bytes(32), checkpoint="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "cited"),
    [
        ("1656/NQ-UBTVQH15", "Nghị quyết số 1656/NQ-UBTVQH15"),
        ("12/QĐ-UBND", "Quyết định số 12/QĐ-UBND"),
        ("178/2024/NĐ-CP", "Nghị định số 178/2024/NĐ-CP"),
        ("45-KL/TU", "Kết luận số 45-KL/TU"),
        ("06/2025/TT-BNV", "Văn bản số 06/2025/TT-BNV"),
    ],
)
def test_an_instrument_is_cited_by_its_kind(number: str, cited: str) -> None:
    """Given a symbol that says which kind it is, the record says so, once for what decides and names the deputy."""
    told = listing(3)
    by = Instrument(number=number, issued="2025-06-16", issuer="Ủy ban", in_force="2025-06-16")
    same = msgspec.structs.replace(told, decision=by, named_by=by)
    day = "ngày 16 tháng 6 năm 2025 của Ủy ban"
    assert grounds(minutes_of(same))[1:] == [f"Căn cứ {cited} {day} (đồng thời cử người bàn giao);"]
    other = grounds(minutes_of(msgspec.structs.replace(told, decision=by)))
    assert (other[1], other[2][-20:]) == (f"Căn cứ {cited} {day};", "(cử người bàn giao);")
    assert dates(minutes_of(told)) == "2019 - 17/5/2020"


@pytest.mark.parametrize("count", [3, 120])
def test_pages_are_drawn_whole(tmp_path: Path, count: int) -> None:
    """Given few lines or many, long names and three witnesses, every line is on the pages; twice the same bytes."""
    told = listing(count, disputed=2)
    minutes = minutes_of(told)
    record, listed = draw(minutes), list_pages(told)
    assert (record, listed) == (draw(minutes), list_pages(told))
    for name, data in (("record.pdf", record), ("list.pdf", listed)):
        text = words_of(tmp_path / name, data)
        assert all(code.text in text for code in codes(count)), name
    text = words_of(tmp_path / "record.pdf", record)
    for said in ("BIÊN BẢN", "14,50 mét", "Giấy giòn", "Tổng số tệp tin trong hồ sơ: 0", "Lưu ý:", "không thấy"):
        assert said in text
    digital = msgspec.structs.replace(told, row=msgspec.structs.replace(told.row, carrier=Carrier.DIGITAL))
    text = words_of(tmp_path / "digital.pdf", draw(msgspec.structs.replace(minutes, listing=digital, computer_files=7)))
    assert "Tổng số tệp tin trong hồ sơ: 7" in text
    assert "Tổng số hộp (cặp): 0" in text


def words_of(path: Path, data: bytes) -> str:
    """The text of a PDF, as one line."""
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, text=True)
    return " ".join(done.stdout.split())
