"""How a plan stands in a workbook: its sheets, their columns, and what each is called in Vietnamese."""

from __future__ import annotations

from typing import Final

import msgspec

PLAN: Final = "Phương án"
RECEIVERS: Final = "Nơi nhận"
RULES: Final = "Quy tắc"
CHANGES: Final = "Thay đổi"
UNITS: Final = "Đơn vị mới"
AGENCIES: Final = "Cơ quan mới"
AGENCY_CHANGES: Final = "Thay đổi cơ quan"

FIRST_ROW: Final = 3
"""Row 1 names the columns, row 2 says what they mean, entries follow."""


class Column(msgspec.Struct, frozen=True):
    """name: what stands in row 1. means: row 2. truth: its cells hold yes or no. several: words with commas between."""

    name: str
    means: str
    truth: bool = False
    several: bool = False


MEMBERS: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title",),
    "title_en": ("title_en",),
    "effective": ("effective",),
    "instrument.number": ("instrument", "number"),
    "instrument.issued": ("instrument", "issued"),
    "instrument.issuer": ("instrument", "issuer"),
    "instrument.in_force": ("instrument", "in_force"),
    "changes": ("changes",),
    "unmatched_may_await": ("unmatched_may_await",),
}
"""Column A of the first sheet -> where the value of column B belongs."""

MEANS: Final = {
    "title": "Tên phương án",
    "title_en": "Tên tiếng Anh",
    "effective": "Ngày có hiệu lực",
    "instrument.number": "Số, ký hiệu văn bản",
    "instrument.issued": "Ngày ban hành",
    "instrument.issuer": "Cơ quan ban hành",
    "instrument.in_force": "Ngày văn bản có hiệu lực",
    "changes": "Tên bộ thay đổi kèm theo sản phẩm; để trống nếu liệt kê ở bảng Thay đổi",
    "unmatched_may_await": "Khối không quy tắc nào nói tới được chờ nơi nhận (true/false)",
}
TRUTHS: Final = frozenset({"unmatched_may_await"})

SELECTORS: Final = ("block", "level", "agency_kind", "change", "retention", "state", "arranged", "carrier")

COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    RECEIVERS: (Column("name", "Tên dùng trong quy tắc"), Column("agency", "Mã định danh cơ quan")),
    RULES: (
        Column("id", "Tên quy tắc"),
        Column("block", "Khối", several=True),
        Column("level", "Cấp", several=True),
        Column("agency_kind", "Loại cơ quan", several=True),
        Column("change", "Loại thay đổi", several=True),
        Column("retention", "Giá trị lưu trữ", several=True),
        Column("state", "Tình trạng hồ sơ", several=True),
        Column("arranged", "Đã chỉnh lý (true/false)", truth=True, several=True),
        Column("carrier", "Vật mang tin", several=True),
        Column("receiver", "Nơi nhận"),
        Column("basis", "Căn cứ"),
        Column("confidence", "Độ chắc chắn"),
        Column("may_await", "Được chờ (true/false)", truth=True),
        Column("note_vi", "Ghi chú"),
        Column("note_en", "Ghi chú tiếng Anh"),
    ),
    CHANGES: (
        Column("unit", "Mã đơn vị thay đổi"),
        Column("change", "Loại thay đổi"),
        Column("successor", "Mã đơn vị kế thừa"),
        Column("share", "Phần diện tích"),
        Column("population_share", "Phần dân số"),
        Column("clause", "Khoản"),
        Column("becomes.name", "Đổi tên: tên mới"),
        Column("becomes.kind", "Đổi loại: loại mới"),
        Column("becomes.level", "Cấp mới"),
        Column("becomes.code", "Mã mới"),
    ),
    UNITS: (
        Column("code", "Mã đơn vị"),
        Column("name", "Tên đầy đủ"),
        Column("kind", "Loại"),
        Column("level", "Cấp"),
        Column("parent", "Mã đơn vị cấp trên"),
    ),
    AGENCIES: (
        Column("code", "Mã định danh"),
        Column("name", "Tên"),
        Column("block", "Khối"),
        Column("kind", "Loại"),
        Column("unit", "Mã đơn vị"),
        Column("fonds_code", "Mã phông"),
        Column("fonds_name", "Tên phông"),
    ),
    AGENCY_CHANGES: (
        Column("agency", "Mã định danh cơ quan thay đổi"),
        Column("change", "Loại thay đổi"),
        Column("fonds", "Phông: goes-on (tiếp tục), closes (đóng), opens (mở)"),
        Column("basis", "Căn cứ"),
        Column("successors", "Mã cơ quan kế thừa", several=True),
        Column("becomes.name", "Đổi tên: tên mới"),
        Column("becomes.kind", "Đổi loại: loại mới"),
        Column("becomes.code", "Mã mới"),
    ),
}
SHEETS: Final = (PLAN, *COLUMNS)
