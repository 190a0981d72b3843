"""SignerInfo: the name at the foot of the document and the position above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from digitization.fields.evidence import SURE, Candidate, weigh
from digitization.layout import Layout
from digitization.marks import without_formula
from digitization.plain import distance, plain
from digitization.reading import Line, Reading

POSITIONS: Final = (
    "Chủ tịch", "Phó Chủ tịch", "Phó Chủ tịch Thường trực", "Bí thư", "Phó Bí thư", "Phó Bí thư Thường trực",
    "Chánh Văn phòng", "Phó Chánh Văn phòng", "Giám đốc", "Phó Giám đốc", "Trưởng phòng", "Phó Trưởng phòng",
    "Trưởng ban", "Phó Trưởng ban", "Chủ nhiệm", "Phó Chủ nhiệm", "Chánh Thanh tra", "Cục trưởng", "Chi cục trưởng",
    "Hiệu trưởng", "Ủy viên", "Ủy viên Thường trực", "Thư ký", "Trưởng Công an", "Đội trưởng",
)  # fmt: skip
_BY_PLAIN: Final = {plain(name): name for name in POSITIONS}
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
            value = name_in(lines[at].text) or _capitalized(lines[at].text)
            known = bool(name_in(lines[at].text))
            confidence = min(word.confidence for word in lines[at].words)
            names.append(Candidate(value=value, confidence=confidence, page=page, box=lines[at].box, clean=known))
        found = _position(lines if at is None else lines[:at], page)
        if found is not None:
            positions.append(found)
    # A position made up from a formula gives way to one that was read.
    positions = [one for one in positions if one.clean] or positions
    return weigh("SignerInfo.Position", positions), weigh("SignerInfo.FullName", names)


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
    given, signing = without_formula(text)
    given = " ".join("".join(char for char in given if char.isalpha() or char == " ").split())
    if signing:
        # "KT. CHỦ TỊCH" names whose place is taken, not who signs.
        return ""
    if given in _BY_PLAIN:
        return _BY_PLAIN[given]
    best, known = min((distance(given, known, most=2), known) for known in _BY_PLAIN)
    return _BY_PLAIN[known] if best <= len(known) // 6 else ""


def guessed_position(text: str) -> str:
    """The position that a line under a stamp seems to bear: most of its letters, or all of them beside others."""
    given, signing = without_formula(text)
    given = " ".join(re.sub(r"[^a-z ]", "", given).split())
    if signing or len(given) < 5:
        return ""
    inside = [known for known in _BY_PLAIN if re.search(rf"\b{known}\b", given)]
    if inside:
        return _BY_PLAIN[max(inside, key=len)]
    best, known = min((distance(given, known, most=4), known) for known in _BY_PLAIN)
    return _BY_PLAIN[known] if best <= len(known) // 4 else ""


def _name_at(lines: Sequence[Line]) -> int | None:
    """The lowest line with a person's name; failing that the lowest with capitalised words only."""
    for looks_like_a_name in (name_in, _capitalized):
        found = [at for at, line in enumerate(lines) if line.confidence >= 40 and looks_like_a_name(line.text)]
        if found:
            return found[-1]
    return None


def _capitalized(text: str) -> str:
    words = text.split()
    names = 2 <= len(words) <= 5 and all(_NAME_WORD.match(word) and len(word) > 1 for word in words)
    return text if names else ""


def _position(above: Sequence[Line], page: int) -> Candidate | None:
    """The position nearest above the name. Who signs `KT.` (for) X is a deputy X (Decree 30, App. I.II.7)."""
    replaced = next((rest for rest in map(_replaced, above) if rest), "")
    for read, clean in ((position_in, True), (guessed_position, False)):
        for line in reversed(above):
            value = read(line.text)
            if not value:
                continue
            said = f"Phó {value}" if replaced == value else value
            confidence = max(line.confidence, SURE) if clean else min(line.confidence, 50.0)
            return Candidate(value=said, confidence=confidence, page=page, box=line.box, clean=clean and said == value)
    if replaced:
        line = next(line for line in above if _replaced(line))
        return Candidate(value=f"Phó {replaced}", confidence=50.0, page=page, box=line.box, clean=False)
    return None


def _replaced(line: Line) -> str:
    """X of a line `KT. X`, written properly; else ""."""
    rest, signing = without_formula(line.text)
    for_another = signing and plain(line.text).lstrip(" ._-,'").startswith(("kt", "k/t"))
    return _BY_PLAIN.get(" ".join(re.sub(r"[^a-z ]", "", rest).split()), "") if for_another else ""
