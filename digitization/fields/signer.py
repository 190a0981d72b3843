"""SignerInfo: the name at the foot of the document and the position above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from digitization.fields.evidence import Candidate, unread, weigh
from digitization.layout import Layout
from digitization.plain import distance, plain
from digitization.reading import Line, Reading

POSITIONS: Final = (
    "Chủ tịch", "Phó Chủ tịch", "Phó Chủ tịch Thường trực", "Bí thư", "Phó Bí thư", "Phó Bí thư Thường trực",
    "Chánh Văn phòng", "Phó Chánh Văn phòng", "Giám đốc", "Phó Giám đốc", "Trưởng phòng", "Phó Trưởng phòng",
    "Trưởng ban", "Phó Trưởng ban", "Chủ nhiệm", "Phó Chủ nhiệm", "Chánh Thanh tra", "Cục trưởng", "Chi cục trưởng",
    "Hiệu trưởng", "Ủy viên", "Ủy viên Thường trực", "Thư ký", "Trưởng Công an", "Đội trưởng",
)  # fmt: skip
_BY_PLAIN: Final = {plain(name): name for name in POSITIONS}
_FORMULA: Final = re.compile(r"^\W*(tm|t/m|kt|k/t|tl|t/l|tuq|q)\b\W*")
_SURNAMES: Final = re.compile(
    r"^(nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dao|doan|vuong|trinh|truong|dinh|lam|"
    r"phung|mai|to|ha|cao|quach|ta|luu|luong|chu|bach|khuat|nghiem|kieu|thai|tong|an|cu|dam|giang|khong|la|lai|luc|"
    r"ma|mac|ninh|phi|quan|thach|than|tieu|trieu|tang|vi|vien)$"
)
"""Family names, bare of accents: what tells a person's name from any two capitalised words."""
_NAME_WORD: Final = re.compile(r"^[A-ZĐÀ-Ỹ][a-zà-ỹđ]*$")


def read(layout: Layout) -> tuple[Reading, Reading]:
    """SignerInfo.Position and SignerInfo.FullName, cross-checked between the two looks at the signature."""
    names: list[Candidate] = []
    positions: list[Candidate] = []
    page = layout.signed.number if layout.signed is not None else 0
    for lines in layout.signature:
        at = _name_at(lines)
        if at is not None:
            line = lines[at]
            names.append(Candidate(value=name_in(line.text), confidence=_worst(line), page=page, box=line.box))
        above = lines[:at] if at is not None else lines
        for line in reversed(above):
            position = position_in(line.text)
            if position:
                confidence = max(line.confidence, 80.0)
                positions.append(Candidate(value=position, confidence=confidence, page=page, box=line.box))
                break
    return (
        weigh("SignerInfo.Position", positions) if positions else unread("SignerInfo.Position"),
        weigh("SignerInfo.FullName", names) if names else unread("SignerInfo.FullName"),
    )


def name_in(text: str) -> str:
    """The person's name a line ends with: two to five capitalised words opening with a surname; else ""."""
    words = [word.strip(".,;:'\"|_-—*()[]«»“”‘’") for word in text.split()]
    words = [word for word in words if word]
    for start in range(len(words)):
        tail = words[start:]
        if 2 <= len(tail) <= 5 and all(_NAME_WORD.match(word) for word in tail) and _SURNAMES.match(plain(tail[0])):
            return " ".join(tail)
    return ""


def position_in(text: str) -> str:
    """The position a line in capitals bears, written properly, without the signing formula; else ""."""
    letters = [char for char in text if char.isalpha()]
    if not letters or sum(char.isupper() for char in letters) < 0.7 * len(letters):
        return ""
    signing = _FORMULA.match(plain(text)) is not None
    given = _FORMULA.sub("", plain(text))
    given = " ".join("".join(char for char in given if char.isalpha() or char == " ").split())
    if signing:
        # "KT. CHỦ TỊCH" names whose place is taken, not who signs.
        return ""
    if given in _BY_PLAIN:
        return _BY_PLAIN[given]
    close = [(distance(given, known, most=2), known) for known in _BY_PLAIN if len(known) >= 6]
    best, known = min(close)
    if best <= len(known) // 6:
        return _BY_PLAIN[known]
    inside = [known for known in _BY_PLAIN if re.search(rf"\b{known}\b", given)]
    return _BY_PLAIN[max(inside, key=len)] if inside else ""


def _name_at(lines: Sequence[Line]) -> int | None:
    found = [index for index, line in enumerate(lines) if name_in(line.text)]
    return found[-1] if found else None


def _worst(line: Line) -> float:
    return min(word.confidence for word in line.words)
