"""The columns of the worksheet (bảng kê): what a digitization contractor delivers beside the scans.

Names follow the file and document blocks of Decree 30/2020 App. VI and of the worksheets in use under Circular
05/2025/TT-BNV; day, month and year stand apart, since any part may be missing on the paper. Lengths are those of
the decree, or of Circular 02/2019/TT-BNV where the archive's are wider.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

FILES_SHEET: Final = "Hồ sơ"
DOCUMENTS_SHEET: Final = "Văn bản"
LEGEND_SHEET: Final = "Hướng dẫn"


class Column(msgspec.Struct, frozen=True):
    """One column: the field it fills, its Vietnamese header, an English gloss, greatest length in characters.

    values: what may be written (Vietnamese first) -> what it means; empty where anything may be. is_code: the text
    names something, so that a letter or digit of another script would name another thing. is_date: a cell that a
    spreadsheet holds as a day is at home here; elsewhere it is a number or symbol that the spreadsheet changed.
    """

    field: str
    header: str
    gloss: str
    length: int = 30
    obligatory: bool = False
    values: Mapping[str, str] = {}
    is_code: bool = False
    is_date: bool = False

    def meaning(self, word: str) -> str:
        """What a written word means, whatever its case; empty for one that is not in `values`."""
        return self.values.get(word) or next(
            (meaning for allowed, meaning in self.values.items() if allowed.casefold() == word.casefold()), ""
        )


YES_NO: Final = {"có": "yes", "không": "no", "x": "yes", "yes": "yes", "no": "no", "1": "yes", "0": "no"}
STATES: Final = {
    "đã kết thúc": "finished",
    "chưa kết thúc": "unfinished",
    "kết thúc": "finished",
    "finished": "finished",
    "unfinished": "unfinished",
}
BLOCKS: Final = {
    "Đảng": "party",
    "chính quyền": "government",
    "đoàn thể": "mass",
    "party": "party",
    "government": "government",
    "mass": "mass",
}
RIGHTS: Final = {
    "công khai": "open",
    "có điều kiện": "conditional",
    "hạn chế": "conditional",
    "mật": "secret",
    "tối mật": "secret",
    "tuyệt mật": "secret",
    "open": "open",
    "conditional": "conditional",
}

FILE_COLUMNS: Final[tuple[Column, ...]] = (
    Column("organ_id", "Mã định danh cơ quan", "agency that set the filing plan (OrganId)", 13, True, is_code=True),
    Column("fonds", "Phông", "fonds code", 13, True, is_code=True),
    Column("list_no", "Mục lục", "number of the file list in the fonds", 20, is_code=True),
    Column("catalog", "Năm", "year of the file (FileCatalog)", 4, True),
    Column("notation", "Số và ký hiệu hồ sơ", "number and symbol of the file (FileNotation)", 20, True, is_code=True),
    Column("title", "Tiêu đề hồ sơ", "title of the file", 1000, True),
    Column("start_day", "Ngày bắt đầu", "day of the earliest document, if known", 2),
    Column("start_month", "Tháng bắt đầu", "month, if known", 2),
    Column("start_year", "Năm bắt đầu", "year, if known", 4),
    Column("end_day", "Ngày kết thúc", "day of the latest document, if known", 2),
    Column("end_month", "Tháng kết thúc", "month, if known", 2),
    Column("end_year", "Năm kết thúc", "year, if known", 4),
    Column("state", "Tình trạng hồ sơ", "work finished or not", 20, True, STATES),
    Column("retention", "Thời hạn bảo quản", "retention period, in the words of the paper", 100),
    Column("retention_rule", "Căn cứ thời hạn", "line of the retention schedule", 40, is_code=True),
    Column("appraised_on", "Ngày xác định giá trị", "date of appraisal: d/m/y, m/y or y", 10, is_date=True),
    Column("rights", "Chế độ sử dụng", "access: open or conditional", 30, False, RIGHTS),
    Column("block", "Khối", "Party, government or mass organizations", 20, False, BLOCKS),
    Column("arranged", "Đã chỉnh lý", "arranged", 5, False, YES_NO),
    Column("duplicate", "Trùng", "duplicate of another file", 5, False, YES_NO),
    Column("superfluous", "Thừa", "superfluous", 5, False, YES_NO),
    Column("damaged", "Hư hỏng", "damaged", 5, False, YES_NO),
    Column("sheets", "Số tờ", "number of sheets", 5),
    Column("volumes", "Số tập", "number of volumes", 3),
    Column("box", "Hộp số", "box", 20),
    Column("repository", "Kho", "repository", 60),
    Column("shelf", "Giá", "shelf", 30),
    Column("holder", "Cơ quan đang giữ", "code of the agency that holds the paper", 13, True, is_code=True),
    Column("language", "Ngôn ngữ", "language", 50),
    Column("note", "Ghi chú", "note", 500),
)

DOCUMENT_COLUMNS: Final[tuple[Column, ...]] = (
    Column("file_code", "Mã hồ sơ", "code of the file: agency.year.symbol", 40, True, is_code=True),
    Column("ordinal", "Số thứ tự", "ordinal in the file (DocOrdinal)", 4, True),
    Column("type_name", "Tên loại", "type of document (TypeName)", 100),
    Column("number", "Số", "number (CodeNumber)", 11, is_code=True),
    Column("notation", "Ký hiệu", "symbol (CodeNotation)", 30, is_code=True),
    Column("day", "Ngày", "day of issue, if known", 2),
    Column("month", "Tháng", "month, if known", 2),
    Column("year", "Năm", "year, if known", 4),
    Column("organ_name", "Cơ quan ban hành", "issuing body (OrganName)", 200),
    Column("subject", "Trích yếu", "subject line (Subject)", 500, True),
    Column("signer", "Người ký", "name of the signer", 50),
    Column("signer_position", "Chức vụ người ký", "position of the signer", 100),
    Column("pages", "Số trang", "number of pages", 4),
    Column("scan", "Đường dẫn file", "file name of the scan, no folder", 120),
    Column("note", "Ghi chú", "note", 500),
)
