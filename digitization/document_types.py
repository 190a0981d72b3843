"""The types of official documents, with the abbreviations that stand in their symbols.

Decree 30/2020/NĐ-CP, article 7 and Appendix III.I; Regulation 399-QĐ/TW, articles 5-7 (Party); civil-status papers as
they are titled; circulars from the code list of TT 05/2025/TT-BNV.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from digitization.plain import distance, plain

OFFICIAL_LETTER: Final = "Công văn"
"""The one type that is not written on the document itself."""


class DocumentType(msgspec.Struct, frozen=True):
    """A type: its name, and its abbreviation in symbols ("" when it has none)."""

    name: str
    abbreviation: str = ""


TYPES: Final[tuple[DocumentType, ...]] = (
    DocumentType("Nghị quyết", "NQ"),
    DocumentType("Quyết định", "QĐ"),
    DocumentType("Chỉ thị", "CT"),
    DocumentType("Quy chế", "QC"),
    DocumentType("Quy định", "QyĐ"),
    DocumentType("Thông cáo", "TC"),
    DocumentType("Thông báo", "TB"),
    DocumentType("Hướng dẫn", "HD"),
    DocumentType("Chương trình", "CTr"),
    DocumentType("Kế hoạch", "KH"),
    DocumentType("Phương án", "PA"),
    DocumentType("Đề án", "ĐA"),
    DocumentType("Dự án", "DA"),
    DocumentType("Báo cáo", "BC"),
    DocumentType("Biên bản", "BB"),
    DocumentType("Tờ trình", "TTr"),
    DocumentType("Hợp đồng", "HĐ"),
    DocumentType("Công điện", "CĐ"),
    DocumentType("Bản ghi nhớ", "BGN"),
    DocumentType("Bản thỏa thuận", "BTT"),
    DocumentType("Giấy ủy quyền", "GUQ"),
    DocumentType("Giấy mời", "GM"),
    DocumentType("Giấy giới thiệu", "GGT"),
    DocumentType("Giấy nghỉ phép", "GNP"),
    DocumentType("Phiếu gửi", "PG"),
    DocumentType("Phiếu chuyển", "PC"),
    DocumentType("Phiếu báo", "PB"),
    DocumentType("Thư công"),
    DocumentType("Bản sao y", "SY"),
    DocumentType("Bản trích sao", "TrS"),
    DocumentType("Bản sao lục", "SL"),
    DocumentType(OFFICIAL_LETTER, "CV"),
    # Party
    DocumentType("Cương lĩnh chính trị"),
    DocumentType("Điều lệ Đảng"),
    DocumentType("Chiến lược"),
    DocumentType("Kết luận", "KL"),
    DocumentType("Thông tri", "TT"),
    DocumentType("Tuyên bố"),
    DocumentType("Lời kêu gọi"),
    DocumentType("Quy hoạch", "QH"),
    DocumentType("Giấy chứng nhận"),
    DocumentType("Giấy đi đường"),
    # Civil status, circulars
    DocumentType("Trích lục kết hôn", "TLKH"),
    DocumentType("Trích lục khai sinh", "TLKS"),
    DocumentType("Trích lục khai tử", "TLKT"),
    DocumentType("Giấy khai sinh"),
    DocumentType("Giấy chứng nhận kết hôn"),
    DocumentType("Giấy báo tử"),
    DocumentType("Thông tư"),
    DocumentType("Thông tư liên tịch", "TTLT"),
)

_BY_PLAIN: Final[Mapping[str, DocumentType]] = {plain(one.name): one for one in TYPES}
_BY_ABBREVIATION: Final[Mapping[str, DocumentType]] = {
    plain(one.abbreviation): one for one in reversed(TYPES) if one.abbreviation
}


def titled(text: str) -> DocumentType | None:
    """The type whose name a title line bears; one misread letter in six is forgiven."""
    given = "".join(char for char in plain(text) if char.isalpha() or char == " ").strip()
    if given in _BY_PLAIN:
        return _BY_PLAIN[given]
    close = [(distance(given, name, most=len(name) // 6), name) for name in _BY_PLAIN]
    best, name = min(close)
    return _BY_PLAIN[name] if best <= len(name) // 6 else None


def abbreviated(notation: str) -> DocumentType | None:
    """The type that a symbol such as `QĐ-UBND` or `2012/NQ-HĐND` begins with; None where it names none."""
    for part in plain(notation).replace("/", "-").split("-"):
        if not part.isdigit():
            return _BY_ABBREVIATION.get(part)
    return None
