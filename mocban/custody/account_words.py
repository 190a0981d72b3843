"""Words for an account, Vietnamese and English: states, lots and amounts as offices write them."""

from __future__ import annotations

from typing import Final

from domain.lot import Carrier, RetentionClass, WorkState
from mocban.custody.account import Account, AccountLot, LotState

STATES: Final = {
    LotState.RECEIVED: ("đã nhận", "received"),
    LotState.AWAITING: ("chờ bàn giao", "awaiting"),
    LotState.DISPUTED: ("có tranh chấp", "disputed"),
    LotState.UNCOVERED: ("chưa có quyết định", "uncovered by any decision"),
    LotState.ELSEWHERE: ("giao nơi khác", "assigned elsewhere"),
}
RELATIONS: Final = {
    "own": ("của đơn vị", "its own"),
    "predecessor": ("đơn vị tiền thân", "predecessor"),
    "other": ("từ nơi khác", "from elsewhere"),
}
_RETENTION: Final = {
    RetentionClass.PERMANENT: "bảo quản vĩnh viễn",
    RetentionClass.TEMPORARY: "bảo quản có thời hạn",
    RetentionClass.NOT_APPRAISED: "chưa xác định giá trị",
}
_WORK: Final = {WorkState.FINISHED: "đã kết thúc", WorkState.UNFINISHED: "chưa kết thúc"}
_ARRANGED: Final = {"arranged": "đã chỉnh lý", "unarranged": "chưa chỉnh lý"}
_CARRIER: Final = {Carrier.PAPER: "bản giấy", Carrier.DIGITAL: "bản số"}


def lot_words(lot: AccountLot) -> str:
    """`Bảo quản vĩnh viễn, đã kết thúc, đã chỉnh lý; bản giấy`, and the child lot that they are in."""
    child = f"; khối tài liệu con {lot.child_lot}" if lot.child_lot else ""
    return f"{lot_key_words(lot.lot)}{child}"


def lot_key_words(lot: str) -> str:
    """`Bảo quản vĩnh viễn, đã kết thúc, đã chỉnh lý; bản giấy` for `permanent/finished/arranged/paper`."""
    retention, work, arranged, carrier = lot.split("/")
    words = f"{_RETENTION[RetentionClass(retention)]}, {_WORK[WorkState(work)]}, {_ARRANGED[arranged]}"
    return f"{words[0].upper()}{words[1:]}; {_CARRIER[Carrier(carrier)]}"


def body_words(body_name: str | None) -> str:
    """The agency's name, or that none is named."""
    return body_name or "chưa xác định"


def summary_lines(account: Account) -> list[str]:
    """What an account says, in a few lines for a terminal."""
    unit = account.unit
    lines = [
        f"{unit.name} ({unit.code}), ngày · on {account.as_of}, biết đến hành vi · as known at act {account.known_at}"
    ]
    if account.reconstructed:
        lines.append("  ! dựa trên dữ liệu phục dựng từ danh sách · rests on data reconstructed from rosters")
    for state, amount in account.totals.items():
        vi, en = STATES[state]
        figures = f"{amount.lots} khối · lots, {amount.files} hồ sơ · files, {amount.boxes} hộp · boxes"
        lines.append(f"  {vi} · {en}: {figures}")
    return lines
