"""Refusals of decisions about single files."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "single-file-carriers": (
        "Nêu bản giấy, bản số hoặc cả hai, mỗi thứ một lần.",
        "Name paper, digital or both, each once.",
    ),
    "single-file-day-to-come": (
        "Ngày {day} chưa tới (hôm nay {today}): việc giao được ghi từ ngày có hiệu lực trở đi.",
        "{day} is still to come (today is {today}): an assignment is recorded on its day or later.",
    ),
    "single-file-not-apart": (
        "Hồ sơ {code} không có quyết định riêng đang áp dụng cho vật mang tin đó.",
        "File {code} has no decision of its own in force for that carrier.",
    ),
}
