"""Refusals of grants of reading."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "grant-already": ("Lần cho phép khai thác này đã được ghi.", "This grant is recorded already."),
    "grant-unknown": (
        "Không có lần cho phép khai thác này. Xem: ./run access list",
        "There is no such grant. See: ./run access list",
    ),
    "grant-reader-unclear": (
        "Nêu đúng một bên được khai thác: một cơ quan (--to) hoặc một người (--principal).",
        "Name exactly one reader: an agency (--to) or a person (--principal).",
    ),
    "grant-of-nothing": (
        "Nêu ít nhất một hồ sơ hoặc phông, nhiều nhất {most}.",
        "Name at least one file or fonds, at most {most}.",
    ),
    "grant-days-unfit": (
        "Ngày cuối {last} trước ngày đầu {since}.",
        "Its last day {last} lies before its first, {since}.",
    ),
    "grant-over": (
        "Thời gian cho phép đã hết ngày {last} (hôm nay {today}); không cho phép lùi ngày.",
        "It would have been over on {last} (today is {today}); nothing is granted for the past.",
    ),
    "grant-ended": (
        "Lần cho phép này đã chấm dứt từ {day}.",
        "This grant ended on {day}.",
    ),
    "grant-end-unfit": (
        "Chỉ chấm dứt được từ hôm nay ({today}) đến ngày cuối ({last}), không phải {day}.",
        "It can end from today ({today}) to its last day ({last}), not on {day}.",
    ),
    "grant-principal-unknown": (
        "Người này chưa được giao chức vụ nào trong sổ cái.",
        "The ledger knows no such person in an office.",
    ),
}
