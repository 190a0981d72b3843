"""Names of issuing bodies: from the capitals of a letterhead to the way the name is written in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from digitization.plain import plain

Block = Literal["party", "government", "mass"]

_HEADS: Final[tuple[tuple[str, Block], ...]] = (
    ("Ủy ban Mặt trận Tổ quốc Việt Nam", "mass"),
    ("Ủy ban Mặt trận Tổ quốc", "mass"),
    ("Mặt trận Tổ quốc Việt Nam", "mass"),
    ("Hội Liên hiệp Phụ nữ Việt Nam", "mass"),
    ("Hội Liên hiệp Phụ nữ", "mass"),
    ("Hội Nông dân Việt Nam", "mass"),
    ("Hội Nông dân", "mass"),
    ("Hội Cựu chiến binh Việt Nam", "mass"),
    ("Hội Cựu chiến binh", "mass"),
    ("Hội Chữ thập đỏ", "mass"),
    ("Đoàn Thanh niên Cộng sản Hồ Chí Minh", "mass"),
    ("Đoàn TNCS Hồ Chí Minh", "mass"),
    ("Liên đoàn Lao động", "mass"),
    ("Công đoàn", "mass"),
    ("Ủy ban nhân dân", "government"),
    ("Ủy ban hành chính", "government"),
    ("Hội đồng nhân dân", "government"),
    ("Ban Chấp hành Đảng bộ", "party"),
    ("Ban Chấp hành", "party"),
    ("Ban Thường vụ", "party"),
    ("Đảng bộ", "party"),
    ("Đảng ủy", "party"),
    ("Chi bộ", "party"),
    ("Chi ủy", "party"),
    ("Thành ủy", "party"),
    ("Tỉnh ủy", "party"),
    ("Huyện ủy", "party"),
    ("Quận ủy", "party"),
    ("Thị ủy", "party"),
    ("Ban Tuyên giáo", "party"),
    ("Ban Tổ chức", "party"),
    ("Ban Dân vận", "party"),
    ("Ban Nội chính", "party"),
    ("Ủy ban Kiểm tra", "party"),
    ("Văn phòng", "government"),
    ("Thanh tra", "government"),
    ("Chi cục", "government"),
    ("Cục", "government"),
    ("Trung tâm", "government"),
    ("Ban Quản lý", "government"),
    ("Ban", "government"),
    ("Sở", "government"),
    ("Phòng", "government"),
    ("Bộ", "government"),
    ("Trường", "government"),
)
_SHORT: Final = {"ubnd": "Ủy ban nhân dân", "hdnd": "Hội đồng nhân dân", "ubmttq": "Ủy ban Mặt trận Tổ quốc"}
_UNITS: Final = ("thành phố", "thị xã", "thị trấn", "phường", "quận", "huyện", "xã", "tỉnh", "thôn")
_FUNCTIONS: Final = (
    "Nội vụ", "Tư pháp", "Tài nguyên và Môi trường", "Nông nghiệp và Môi trường", "Tài chính", "Tài chính - Kế hoạch",
    "Kế hoạch và Đầu tư", "Giáo dục và Đào tạo", "Y tế", "Văn hóa và Thông tin", "Văn hóa và Thể thao", "Xây dựng",
    "Văn hóa, Thể thao và Du lịch", "Lao động - Thương binh và Xã hội", "Công Thương", "Giao thông vận tải", "Dân tộc",
    "Khoa học và Công nghệ", "Thông tin và Truyền thông", "Nông nghiệp và Phát triển nông thôn", "Quản lý đô thị",
    "Quy hoạch - Kiến trúc", "Kinh tế", "Kinh tế - Hạ tầng", "Du lịch", "Ngoại vụ", "Văn thư - Lưu trữ",
)  # fmt: skip
_OWNED: Final = ("Văn phòng", "Ban Tuyên giáo", "Ban Tổ chức", "Ban Dân vận", "Ban Nội chính", "Ủy ban Kiểm tra")
"""Bodies whose name needs that of the body they belong to."""

_BY_PLAIN: Final = sorted(((plain(name), name, block) for name, block in _HEADS), key=lambda head: -len(head[0]))
_FUNCTION: Final = {plain(name): name for name in _FUNCTIONS}
_UNIT: Final = {plain(name): name for name in _UNITS}
_UNIT_AT: Final = re.compile(rf"\b({'|'.join(sorted(_UNIT, key=len, reverse=True))})\b")


def parted(lines: Iterable[str]) -> list[str]:
    """Letterhead lines joined into one text a body: a line that opens with no body's name goes on with the last."""
    bodies: list[str] = []
    for line in lines:
        if bodies and not _opens(line):
            bodies[-1] += " " + line
        else:
            bodies.append(line)
    return bodies


def _opens(line: str) -> bool:
    """Whether a line opens a body. `TRƯỜNG` alone is the end of `MÔI TRƯỜNG`, not a school."""
    found = _opening(line)
    return found is not None and (found[2] > 1 or len(line.split()) > 1 or plain(line) in _SHORT)


def head(text: str) -> tuple[str, Block] | None:
    """The known name a text opens with, written properly, and its block."""
    found = _opening(text)
    return None if found is None else (found[0], found[1])


def named(letterhead: list[str]) -> str:
    """The issuing body, the last of the letterhead, as written in a sentence; "" for an empty letterhead.

    `["THÀNH ỦY HÀ NỘI", "VĂN PHÒNG"]` -> `Văn phòng Thành ủy Hà Nội`.
    """
    bodies = [written(body) for body in parted(letterhead)]
    if not bodies:
        return ""
    if len(bodies) > 1 and bodies[-1] in _OWNED:
        return f"{bodies[-1]} {bodies[-2]}"
    return bodies[-1]


def written(body: str) -> str:
    """`ỦY BAN NHÂN DÂN PHƯỜNG DỊCH VỌNG` -> `Ủy ban nhân dân phường Dịch Vọng`."""
    words = body.replace(".", " ").split()
    found = _opening(" ".join(words))
    if found is None:
        return _names(words)
    name, _, taken = found
    rest = words[taken:]
    if name.endswith(" Việt Nam") and name.startswith("Hội ") and rest:
        name = name.removesuffix(" Việt Nam")
    return " ".join(part for part in (name, _names(rest)) if part)


def _opening(text: str) -> tuple[str, Block, int] | None:
    """Known name, its block, and how many words of the text it takes."""
    given = plain(text.replace(".", " "))
    first = given.split(" ", 1)[0]
    if first in _SHORT:
        return _SHORT[first], "mass" if "Mặt trận" in _SHORT[first] else "government", 1
    for bare, name, block in _BY_PLAIN:
        if given == bare or given.startswith(bare + " "):
            return name, block, len(bare.split())
    return None


def _names(words: list[str]) -> str:
    """What follows a body's name: a field of work, and the unit with its proper name."""
    text = " ".join(words)
    unit = _UNIT_AT.search(plain(text))
    before = len(plain(text)[: unit.start()].split()) if unit else len(words)
    work, place = words[:before], words[before:]
    written_place: list[str] = []
    if unit and place:
        size = len(unit.group(1).split())
        written_place = [_UNIT[unit.group(1)], *(word.capitalize() for word in place[size:])]
    return " ".join([*_work(work), *written_place])


def _work(words: list[str]) -> list[str]:
    text = " ".join(words)
    known = _FUNCTION.get(plain(text))
    if known is not None:
        return [known]
    return [word.lower() if plain(word) == "va" else word.capitalize() for word in words]
