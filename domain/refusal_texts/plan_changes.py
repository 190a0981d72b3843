"""Refusals of a plan's changes of units and agencies, and of who creates a fonds: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "plan-fonds-goes-on-with-nobody": (
        "Phông được ghi là tiếp tục nhưng không có cơ quan nào kế thừa ({change}).",
        "The fonds is said to go on, but nobody succeeds ({change}).",
    ),
    "plan-fonds-contradicts-change": (
        "Loại thay đổi {change} không đi cùng phông {fonds}; theo quy định chỉ có thể: {lawful}.",
        "A change of kind {change} does not go with a fonds that is {fonds}; in law it is: {lawful}.",
    ),
    "plan-successors-unfit": (
        "Loại thay đổi {change} cần số nơi kế thừa là {needed}, ở đây có {given}.",
        "A change of kind {change} has {needed} successors; here are {given}.",
    ),
    "plan-becomes-missing": (
        "Loại thay đổi {change} phải nói tên, loại hoặc mã mới (becomes).",
        "A change of kind {change} says what it becomes: name, kind or code (becomes).",
    ),
    "plan-becomes-unfit": (
        "Chỉ đơn vị, cơ quan đổi tên hoặc đổi loại mới có becomes, không phải {change}.",
        "Only what is renamed or retyped becomes something, not what is {change}.",
    ),
    "plan-renamed-to-same": (
        "{name} được đổi thành đúng như cũ: tên, loại, cấp, mã đều không đổi.",
        "{name} is renamed to what it is: no name, kind, level or code changes.",
    ),
    "plan-code-taken": (
        "Mã {code} đã là của đơn vị, cơ quan hoặc phông khác.",
        "The code {code} is another's already: a unit's, an agency's or a fonds'.",
    ),
    "plan-established-not-listed": (
        "{code} được ghi là thành lập nhưng không có trong danh sách đơn vị, cơ quan mới.",
        "{code} is said to be established, but is not listed among the new units or agencies.",
    ),
    "plan-agency-unknown": (
        "Không có cơ quan nào mang mã {code} vào ngày {day}.",
        "No agency carries the code {code} on {day}.",
    ),
    "plan-agency-unit-ends": (
        "Cơ quan {code} không thể tiếp tục ({change}): đơn vị {unit} của nó kết thúc theo phương án.",
        "The agency {code} cannot go on ({change}): its unit {unit} ends by the plan.",
    ),
    "plan-successor-itself": ("{code} không thể kế thừa chính mình.", "{code} cannot succeed itself."),
    "plan-successor-ends": (
        "Nơi kế thừa {code} cũng kết thúc theo phương án này.",
        "The successor {code} ends by the same plan.",
    ),
    "plan-successor-unknown": (
        "Nơi kế thừa {code} không tồn tại vào ngày {day}.",
        "The successor {code} does not exist on {day}.",
    ),
    "plan-successor-not-beginning": (
        "Nơi kế thừa {code} đã có từ trước; hợp nhất và tách lập ra nơi mới.",
        "The successor {code} was there before; to consolidate or to separate makes a new one.",
    ),
    "plan-successor-begins": (
        "Nơi nhận {code} là nơi mới lập; sáp nhập, điều chỉnh là vào nơi đang có (lập mới: hợp nhất).",
        "The receiver {code} begins by the plan; one absorbs into what is there (else: consolidate).",
    ),
    "fonds-creator-repeated": (
        "Phông {code} nêu một đơn vị hình thành hai lần.",
        "Fonds {code} names a creator twice.",
    ),
    "fonds-creators-of-two-lines": (
        "Các đơn vị hình thành phông {code} thuộc cả tuyến Đảng và tuyến Nhà nước; hai tuyến không chung một phông.",
        "The creators of fonds {code} are of the Party line and of the State line; the two do not share a fonds.",
    ),
    "plan-ends-already": (
        "{name} đã kết thúc từ ngày {day} theo một phương án khác; không thể kết thúc lần nữa vào một ngày trước đó.",
        "{name} ended on {day} by another plan already; it cannot end once more on an earlier day.",
    ),
    "renamed-later": (
        "{name} đã đổi tên hoặc đổi loại từ ngày {day}; không ghi thay đổi của ngày đó hay ngày trước đó nữa.",
        "{name} was renamed or retyped from {day}; no change for that day or an earlier one is recorded any more.",
    ),
    "renamed-to-same": ("{name} đã mang đúng tên, loại, mã này.", "{name} has this name, kind and code already."),
}
