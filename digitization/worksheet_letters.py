"""Letters that may not stand in a cell: hidden ones, those of another script in a code, old encodings, formulas."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FORBIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""Control, format (zero-width, bidirectional), private, surrogate and unassigned characters."""
_LOST: Final = "\ufffd"
"""What a program writes for a byte that it could not read: the letter is gone."""
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    chr(code)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for code in range(first, last + 1)
)
"""Shown as nothing although of another category: Default_Ignorable_Code_Point (UAX #44), and the empty Braille cell."""
_LEGACY: Final = frozenset("µ¸¶·¹¨¾¼½¡¢£¤¥¦§©ª¬®Þþ\u00ad")
"""What accented letters of TCVN 5712 (.VnTime, .VnArial) become when their bytes are taken for Latin-1."""
_LEGACY_IN_WORD: Final = re.compile(f"[a-zA-Z]([{''.join(sorted(_LEGACY))}])|([{''.join(sorted(_LEGACY))}])[a-zA-ZÞþ]")
_PAIR: Final = re.compile(
    "[aAeE][áàãâäåêùúûüøõïÁÀÃÂÄÅÊÙÚÛÜØÕÏ]|[yY][ùøûõïÙØÛÕÏ]|[oO][äåùúøõïâÄÅÙÚØÕÏÂ]|[uU][äëùúûüøõïÄËÙÚÛÜØÕÏ]"
    "|[öÖôÔ][ùøûõïáàåãäâÙØÛÕÏÁÀÅÃÄÂ]|[ñÑ](?=[aeiouyôöêâAEIOUYÔÖÊÂ])|[æÆ][nmcopuNMCOPU]"
    "|[a-zâêôãõý][ÌÒÞ]|[aeyâêôõý][ìò]|o[ìò]"
)
"""Letters that no Vietnamese syllable has side by side: VNI fonts taken for Latin-1 (`thaäp`), and windows-1258, whose
tones stand after their vowels (`thâòp`). French, German and Spanish have few of them."""
_UTF8_TWICE: Final = re.compile("[ÃÂÄÅÆáâ][^\\w\\s]|Æ[°¡]|[áâ][º»]|Ã[ªº]|Ä[ƒ]")
"""UTF-8 taken for windows-1252 (`tháº\u00adp`); `_is_twice` has the last word."""
_LEAST_LEGACY: Final = 2
_SUSPECT: Final = re.compile(f"[{''.join(sorted(_LEGACY | _BLANK))}{_LOST}]|{_PAIR.pattern}|{_UTF8_TWICE.pattern}")
_FORMULA_ALWAYS: Final = "=@＝＠"
_FORMULA_MAYBE: Final = re.compile(r"[-+＋－].*[|!(]")
"""Spreadsheets compute what begins with a sign; a list item or a telephone number begins so too."""


def is_plain(text: str) -> bool:
    """Whether a text surely holds nothing strange and nothing of an old encoding: most do not, and this is quick."""
    return text.isprintable() and _SUSPECT.search(text) is None


def strange(text: str) -> str | None:
    """The first letter that shows as nothing, turns the direction, or is none (any more); None where all may stand."""
    return next((one for one in text if one in _BLANK or one == _LOST or unicodedata.category(one) in _FORBIDDEN), None)


def stranger_in_code(text: str) -> str | None:
    """The first letter or digit of a code that only looks like one of Vietnamese; None where there is none."""
    return None if text.isascii() else next((one for one in text if not _is_ours(one)), None)


def is_legacy(text: str) -> bool:
    """Whether a text seems to be in an old encoding's bytes: `Hå s¬ thu thËp`, `Hoà sô thu thaäp`, `thu thâòp vaÌ`."""
    if _is_twice(text):
        return True
    signs = {found[1] or found[2] for found in _LEGACY_IN_WORD.finditer(text)}
    # Whoever writes a letter that only Unicode has did not write in such bytes: `Dự án Müller & Söhne`.
    if not any(map(_beyond_bytes, text)):
        signs |= set(_PAIR.findall(text))
    return len(signs) >= _LEAST_LEGACY


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that opens a list with this text would compute it (CWE-1236)."""
    return bool(text) and (text[0] in _FORMULA_ALWAYS or _FORMULA_MAYBE.match(text) is not None)


def _beyond_bytes(letter: str) -> bool:
    """Whether no old encoding's byte shows as this letter."""
    return letter > "\u00ff" and letter.isalpha() and letter not in "ŒœŠšŽžŸƒˆ"


def _is_twice(text: str) -> bool:
    """Whether the text is UTF-8 that was taken for windows-1252 (`Há»“ sÆ¡`): only such bytes are UTF-8 again."""
    try:
        return text.encode("cp1252").decode() != text
    except ValueError:
        return False


def _is_ours(letter: str) -> bool:
    if letter.isascii():
        return True
    if unicodedata.normalize("NFKC", letter) != letter:
        return letter in "ªº№…"
    return not letter.isalnum() or unicodedata.name(letter, "").startswith("LATIN")
