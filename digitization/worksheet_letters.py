"""Letters that may not stand in a cell: hidden ones, those of another script in a code, old fonts, formulas."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FORBIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""Control, format (zero-width, bidirectional), private, surrogate and unassigned characters."""
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    chr(code)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for code in range(first, last + 1)
)
"""Shown as nothing although of another category: Default_Ignorable_Code_Point (UAX #44), and the empty Braille cell."""
_LEGACY: Final = frozenset("µ¸¶·¹¨¾¼½¡¢£¤¥¦§©ª¬®\u00ad")
"""What accented letters of TCVN 5712 (.VnTime, .VnArial) become when their bytes are taken for Latin-1."""
_LEGACY_IN_WORD: Final = re.compile(f"[a-zA-Z]([{''.join(sorted(_LEGACY))}])|([{''.join(sorted(_LEGACY))}])[a-zA-Z]")
_LEAST_LEGACY: Final = 2
_SUSPECT: Final = re.compile(f"[{''.join(sorted(_LEGACY | _BLANK))}]")
_FORMULA_ALWAYS: Final = "=@＝＠"
_FORMULA_MAYBE: Final = re.compile(r"[-+＋－].*[|!(]")
"""Spreadsheets compute what begins with a sign; a list item or a telephone number begins so too."""


def is_plain(text: str) -> bool:
    """Whether a text surely holds nothing strange and nothing of an old font: most do not, and this is quick."""
    return text.isprintable() and _SUSPECT.search(text) is None


def strange(text: str) -> str | None:
    """The first letter that shows as nothing, turns the direction, or is no letter at all; None where all may stand."""
    return next((one for one in text if one in _BLANK or unicodedata.category(one) in _FORBIDDEN), None)


def stranger_in_code(text: str) -> str | None:
    """The first letter or digit of a code that only looks like one of Vietnamese; None where there is none."""
    return None if text.isascii() else next((one for one in text if not _is_ours(one)), None)


def is_legacy(text: str) -> bool:
    """Whether a text seems to be in an old Vietnamese font's bytes, such as `Hå s¬ thu thËp`."""
    return len({found[1] or found[2] for found in _LEGACY_IN_WORD.finditer(text)}) >= _LEAST_LEGACY


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that opens a list with this text would compute it (CWE-1236)."""
    return bool(text) and (text[0] in _FORMULA_ALWAYS or _FORMULA_MAYBE.match(text) is not None)


def _is_ours(letter: str) -> bool:
    if letter.isascii():
        return True
    if unicodedata.normalize("NFKC", letter) != letter:
        return letter in "ªº№…"
    return not letter.isalnum() or unicodedata.name(letter, "").startswith("LATIN")
