"""Words of hand-overs, Vietnamese and English: reasons, states, marks on a list."""

from __future__ import annotations

from typing import Final

from domain.civil_date import as_spoken
from domain.handing_over import BEFORE_DECISION, BEFORE_DEPUTY, GIVER_ELSEWHERE, RECEIVER_ELSEWHERE
from domain.handover import DisputeReason, Outcome
from domain.lot import Carrier, RetentionClass
from projections.handover_queries import Listed, ListedLine

REASONS: Final = {
    DisputeReason.MISSING: ("thiếu", "missing"),
    DisputeReason.DAMAGED: ("hư hỏng", "damaged"),
    DisputeReason.SHEETS_DIFFER: ("sai số tờ", "sheets differ"),
    DisputeReason.SEAL_BROKEN: ("niêm phong không nguyên vẹn", "seal broken"),
    DisputeReason.NOT_AS_DESCRIBED: ("không đúng mô tả", "not as described"),
    DisputeReason.NOT_OURS: ("không thuộc phạm vi nhận", "not the receiver's to take"),
    DisputeReason.OTHER: ("lý do khác", "another reason"),
}
TAKEN: Final = ("nhận", "taken")
NOT_TAKEN: Final = ("không nhận", "not taken")
TAKEN_MARKS: Final = frozenset({"nhận", "x", "v", "✓", "✔", "☑", "đủ", "có", "taken", "accepted"})
NOT_TAKEN_MARKS: Final = frozenset({"không nhận", "không", "k", "✗", "✘", "tranh chấp", "not taken", "disputed"})
CARRIERS: Final = {Carrier.PAPER: ("bản giấy", "paper"), Carrier.DIGITAL: ("bản số", "digital")}
STATES: Final = {
    "offered": ("đã đề nghị, chờ hai bên ký", "offered"),
    "withdrawn": ("đã rút lại", "withdrawn"),
    "disputed": ("đã nhận, còn dòng tranh chấp", "received, lines in dispute"),
    "received": ("đã nhận", "received"),
}
LINE_STATES: Final = {
    "offered": ("đề nghị", "offered"),
    "taken-back": ("đã rút lại", "taken back"),
    "received": ("đã nhận", "received"),
    "disputed": ("tranh chấp, bên giao giữ", "disputed, with the giver"),
    "accepted": ("nhận sau khi giải quyết", "accepted after dispute"),
    "struck-out": ("loại khỏi danh mục, bên giao giữ", "struck out, with the giver"),
}
FLAGS: Final = {
    BEFORE_DECISION: (
        "Ngày giao nhận sớm hơn ngày có hiệu lực của quyết định nêu ở phần căn cứ",
        "The files changed hands before the decision cited was in force",
    ),
    BEFORE_DEPUTY: (
        "Ngày giao nhận sớm hơn ngày có hiệu lực của quyết định cử người bàn giao",
        "The files changed hands before the decision naming the giver's deputy was in force",
    ),
    GIVER_ELSEWHERE: (
        "Người ký cho bên giao được giao chức vụ ở cơ quan khác",
        "Who signed for the giver was appointed in another body",
    ),
    RECEIVER_ELSEWHERE: (
        "Người ký cho bên nhận được giao chức vụ ở cơ quan khác",
        "Who signed for the receiver was appointed in another body",
    ),
}
_RETENTION: Final = {
    RetentionClass.PERMANENT: "vĩnh viễn",
    RetentionClass.TEMPORARY: "có thời hạn",
    RetentionClass.NOT_APPRAISED: "chưa xác định",
}


def state_of(one: Listed) -> str:
    """A key of `STATES`."""
    if one.row.withdrawn is not None:
        return "withdrawn"
    if one.row.completed is None:
        return "offered"
    return "disputed" if one.open else "received"


def line_state(line: ListedLine, *, completed: bool, withdrawn: bool) -> str:
    """A key of `LINE_STATES`."""
    if withdrawn:
        return "taken-back"
    if not completed:
        return "offered"
    if line.reason is None:
        return "received"
    return {None: "disputed", Outcome.ACCEPTED: "accepted", Outcome.WITHDRAWN: "struck-out"}[line.outcome]


def period(line: ListedLine) -> str:
    """`2019-2021`, from the dates as the file has them, which may be partial."""
    days = [day for day in (line.start_date, line.end_date) if day]
    return " - ".join(dict.fromkeys(as_spoken(day) for day in days))


def retention(line: ListedLine) -> str:
    """As the paper has it, else by its class."""
    return line.retention_as_written or _RETENTION[line.retention]
