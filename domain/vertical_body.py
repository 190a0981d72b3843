"""Bodies of the vertical branches: police, army, tax, courts. Their records follow rules of their own, not ours."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BEGINNINGS: Final = (
    "công an",
    "quân sự",
    "bộ chỉ huy",
    "ban chỉ huy quân sự",
    "bộ đội",
    "bộ tư lệnh",
    "quân khu",
    "tòa án",
    "viện kiểm sát",
    "thi hành án",
    "cục thi hành án",
    "chi cục thi hành án",
    "thuế",
    "cục thuế",
    "chi cục thuế",
    "đội thuế",
)
_OLD_TONES: Final = {"toà": "tòa", "thuê\u0301": "thuế"}


def is_vertical(name: str) -> bool:
    """Whether a body of this name belongs to police, army, tax, courts or what serves them."""
    text = unicodedata.normalize("NFC", name).casefold()
    for old, new in _OLD_TONES.items():
        text = text.replace(old, new)
    text = re.sub(r"\s+", " ", text).strip()
    return any(text == begins or text.startswith(f"{begins} ") for begins in _BEGINNINGS)
