"""Refusals of what comes after enactment, of matches undone, of files continued elsewhere, of reconstructed lineage."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "reorganization-not-enacted": (
        "Phương án chưa được thi hành.",
        "The reorganization is not enacted.",
    ),
    "reorganization-completed": (
        "Việc sắp xếp này đã hoàn thành.",
        "This reorganization is completed already.",
    ),
    "reorganization-still-awaiting": (
        "Còn {count} hồ sơ (tính theo vật mang tin) chờ nơi nhận hoặc chờ bàn giao; chưa thể hoàn thành.",
        "{count} files (by carrier) still await a receiver or their hand-over; it cannot be completed yet.",
    ),
    "reorganization-ambiguous": (
        "Có {count} phương án khớp với {named}; hãy nêu id.",
        "{count} reorganizations match {named}; name one by its id.",
    ),
    "correction-empty": (
        "Bản điều chỉnh không nêu phông hoặc khối tài liệu nào.",
        "The correction names no fonds or no lot.",
    ),
    "correction-before-enactment": (
        "Ngày điều chỉnh {day} trước ngày sắp xếp có hiệu lực {enacted}.",
        "The correction's day {day} lies before the day the reorganization took effect, {enacted}.",
    ),
    "correction-fonds-foreign": (
        "Việc sắp xếp này không giao phông {fonds}, đơn vị hình thành phông còn hoạt động: không có gì để điều chỉnh.",
        "This reorganization did not assign fonds {fonds}, and its creator goes on; there is nothing to correct.",
    ),
    "correction-lot-unfit": (
        "Khối tài liệu {lot} không có thật hoặc được nêu hai lần.",
        "Lot {lot} does not exist, or is named twice.",
    ),
    "correction-file-unfit": (
        "Tệp điều chỉnh {file} không đúng dạng: {where}.",
        "The correction file {file} is unfit: {where}.",
    ),
    "match-already": ("Các văn bản này đã được ghép.", "These documents are matched already."),
    "match-unknown": ("Không có lần ghép này.", "There is no such match."),
    "match-already-undone": ("Lần ghép này đã được bỏ.", "This match is undone already."),
    "continuation-finished": (
        "Hồ sơ {code} đã kết thúc; chỉ hồ sơ chưa kết thúc mới được lập tiếp ở nơi khác.",
        "File {code} is finished; only an unfinished file is continued elsewhere.",
    ),
    "continuation-itself": (
        "Hồ sơ không thể được lập tiếp thành chính nó.",
        "A file cannot be continued as itself.",
    ),
    "continuation-already": (
        "Hồ sơ {code} đã được lập tiếp ở nơi khác.",
        "File {code} is continued elsewhere already.",
    ),
    "continuation-joins-neither": (
        "Toàn bộ hồ sơ phải thuộc phông của một trong hai phần.",
        "The whole must join the fonds of one of its two parts.",
    ),
    "lineage-already-reconstructed": (
        "Thay đổi ngày {day} đã được phục dựng.",
        "The changes of {day} are reconstructed already.",
    ),
    "lineage-empty": ("Không có thay đổi nào để phục dựng.", "There is no change to reconstruct."),
}
