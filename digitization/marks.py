"""The fixed words of an official document by which its parts are found, as recognition may misread them."""

from __future__ import annotations

import re
from typing import Final

from digitization.plain import plain

LABEL: Final = re.compile(r"^[\W_]*[Ss](?:[oôốồỗộOÔỐỒỖỘ0õóòÓÒ]\b|[^\W\d]?[^\W\d](?=\s?[:.]))\s*[:.;,]?\s*")
"""`Số:` or `Số` before a number. `Sở` (a department) and `Sổ` (a book) are one only before a colon."""

_DATED: Final = re.compile(r"\bngay\b[^,]{0,8}\bthang\b[^,]{0,8}\bnam\b")
_RECIPIENTS: Final = re.compile(r"^[\W_]*no[il1] nhan\b")
_SIGNING: Final = re.compile(r"^[\W_]*(tm|t/m|kt|k/t|tl|t/l|tuq|q)\b[\W_]*")


def is_number_line(text: str) -> bool:
    """Whether a line bears the document's number."""
    return LABEL.match(text) is not None


def is_dated(text: str) -> bool:
    """Whether a line has `ngày ... tháng ... năm`."""
    return _DATED.search(plain(text)) is not None


def is_recipients(text: str) -> bool:
    """Whether a line opens the list of recipients, `Nơi nhận`."""
    return _RECIPIENTS.match(plain(text)) is not None


def without_formula(text: str) -> tuple[str, bool]:
    """The plain text after `TM.`, `KT.`, `TL.`, `TUQ.`, `Q.` (`T/M`... in the Party), and whether there was one."""
    bare = plain(text)
    rest = _SIGNING.sub("", bare, count=1)
    return rest, rest != bare


def opens_signature(text: str) -> bool:
    """Whether a line stands at the head of the foot of a document: recipients, or a signing formula in capitals."""
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters) > 0.7 * len(letters) if letters else False
    return is_recipients(text) or (capitals and without_formula(text)[1])
