"""Refusals of what is done with containers."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "container-unknown": (
        "Không có hộp, bó hay tập niêm phong này trong sổ cái. Xem: ./run container list",
        "The ledger knows no such container. See: ./run container list",
    ),
    "container-already-registered": (
        "“{label}” của phông {fonds} đã được đăng ký.",
        "“{label}” of fonds {fonds} is registered already.",
    ),
    "container-day-to-come": (
        "Ngày {day} chưa tới (hôm nay {today}).",
        "{day} is still to come (today is {today}).",
    ),
    "container-day-early": (
        "Ngày {day} trước việc mới nhất đã ghi ({since}).",
        "{day} lies before the newest act recorded for it ({since}).",
    ),
    "container-uncounted": (
        "“{label}” là tập niêm phong: không đếm hồ sơ bên trong khi chưa mở.",
        "“{label}” is a sealed set: what is inside is not counted before it is opened.",
    ),
    "container-seal-missing": (
        "Nêu số niêm phong của “{label}”.",
        "State the number of the seal of “{label}”.",
    ),
    "container-seal-used": (
        "Niêm phong số {seal} đã dùng cho “{label}”; niêm phong mới phải mang số khác.",
        "Seal {seal} was on “{label}” before; a new seal bears another number.",
    ),
    "container-sealed-already": (
        "“{label}” đang niêm phong (số {seal}).",
        "“{label}” is sealed already (seal {seal}).",
    ),
    "container-not-sealed": (
        "“{label}” không niêm phong nên không có gì để mở.",
        "“{label}” is not sealed, so there is nothing to open.",
    ),
    "container-size-unfit": (
        "Số hồ sơ và số mét của “{label}” không được âm; tối đa 1.000.000 hồ sơ, 100 mét.",
        "Files and metres of “{label}” cannot be negative; at most 1,000,000 files, 100 metres.",
    ),
    "container-already-there": (
        "“{label}” đã ở đúng chỗ đó.",
        "“{label}” stands there already.",
    ),
    "container-permission-missing": (
        "“{label}” ra khỏi kho phải có văn bản cho phép (Chỉ thị 06/CT-UBND Hà Nội): --permission, --issued, --issuer.",
        "For “{label}” to leave its store a permission must be cited: --permission, --issued, --issuer.",
    ),
    "container-permission-not-in-force": (
        "Văn bản cho phép {number} chưa có hiệu lực ngày {day}.",
        "Permission {number} is not in force on {day}.",
    ),
    "container-on-loan": (
        "“{label}” đang cho mượn từ {since}; ghi việc trả trước.",
        "“{label}” has been on loan since {since}; record its return first.",
    ),
    "container-not-lent": (
        "“{label}” không cho ai mượn.",
        "“{label}” is not on loan.",
    ),
    "container-lent-to-keeper": (
        "“{label}” đang ở kho của chính cơ quan mượn.",
        "“{label}” stands in the borrower's own store.",
    ),
    "container-due-early": (
        "Hạn trả {due} trước ngày mượn {day}.",
        "It is due on {due}, before the loan of {day}.",
    ),
    "container-returned-elsewhere": (
        "“{label}” phải trả về kho đã cho mượn; chuyển sang kho khác là một việc riêng, có văn bản cho phép.",
        "“{label}” returns to the store that lent it; another store takes a move with its own permission.",
    ),
    "container-ambiguous": (
        "Có {count} hộp, bó, tập mang tên “{name}”; dùng mã (UUID) do `container list` in ra.",
        "{count} containers are named “{name}”; use the id that `container list` prints.",
    ),
}
