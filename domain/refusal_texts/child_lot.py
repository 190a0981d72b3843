"""Refusals of decisions about child lots."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "child-lot-exists": (
        "Phông này đã có khối tài liệu con mang tên {name}.",
        "This fonds has a child lot of the name {name} already.",
    ),
    "child-lot-unknown": ("Không có khối tài liệu con {name}.", "There is no child lot {name}."),
    "child-lot-name": (
        "Tên khối tài liệu con phải có từ 1 đến {most} ký tự, không thừa khoảng trắng ở hai đầu.",
        "The name of a child lot has 1 to {most} characters, without blanks at its ends.",
    ),
    "child-lot-empty": (
        "Nêu ít nhất một hồ sơ, và bản giấy, bản số hoặc cả hai, mỗi thứ một lần.",
        "Name at least one file, and paper, digital or both, each once.",
    ),
    "child-lot-file-repeated": ("Hồ sơ {code} nêu hai lần.", "File {code} is named twice."),
    "child-lot-file-foreign": (
        "Hồ sơ {code} không thuộc phông của khối tài liệu con.",
        "File {code} is not of the child lot's fonds.",
    ),
    "child-lot-file-not-in-it": (
        "Hồ sơ {file} không ở trong khối tài liệu con {name}.",
        "File {file} is not in the child lot {name}.",
    ),
    "child-lot-too-early": (
        "Khối tài liệu con {name} chỉ có từ ngày {day}.",
        "The child lot {name} exists only from {day}.",
    ),
    "child-lot-day-to-come": (
        "Ngày {day} chưa tới (hôm nay {today}): quyết định được ghi từ ngày có hiệu lực trở đi.",
        "{day} is still to come (today is {today}): a decision is recorded on its day or later.",
    ),
    "child-lot-file-unknown": ("Không có hồ sơ {code}.", "There is no file {code}."),
    "child-lot-catalog-empty": (
        "Phông không có hồ sơ nào của mục lục {catalog}.",
        "The fonds has no file of catalogue {catalog}.",
    ),
    "child-lot-list-unfit": (
        "Danh sách {file}, {where}: {fault}.",
        "List {file}, {where}: {fault}.",
    ),
}
