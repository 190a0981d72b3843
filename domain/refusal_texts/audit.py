"""Refusals of audits of the stores: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "audit-seed-unfit": (
        "Hạt giống phải có 1 đến 200 ký tự in được, không có dấu cách ở hai đầu.",
        "A seed is 1 to 200 printable characters, without spaces at its ends.",
    ),
    "audit-stratum-empty": (
        "Không có hồ sơ nào để rút mẫu trong phạm vi {stratum} tại điểm kiểm {size}.",
        "There is no file to draw from in {stratum} at checkpoint {size}.",
    ),
    "audit-checkpoint-unknown": (
        "Không có điểm kiểm cỡ {size} trong lịch sử của sổ cái.",
        "The ledger's history has no checkpoint of size {size}.",
    ),
    "audit-agency-unknown": (
        "Không có cơ quan mang mã {code} trong sổ cái.",
        "The ledger has no agency {code}.",
    ),
    "audit-fonds-unknown": (
        "Không có phông mang mã {code} trong sổ cái.",
        "The ledger has no fonds {code}.",
    ),
    "audit-sample-too-large": (
        "Mẫu nhiều nhất {limit} hồ sơ.",
        "A sample has {limit} files at the most.",
    ),
    "audit-sample-unreadable": (
        "{path} không phải một mẫu kiểm tra (mocban/audit-sample/1).",
        "{path} is not an audit sample (mocban/audit-sample/1).",
    ),
    "audit-sample-of-other-ledger": (
        "Mẫu này rút từ sổ cái {origin}.",
        "This sample was drawn from the ledger {origin}.",
    ),
    "audit-sample-altered": (
        "Mẫu không đúng như sổ cái cho với hạt giống này ở điểm kiểm {size} ({what}). Chưa ghi gì.",
        "The sample is not what the ledger gives for this seed at checkpoint {size} ({what}). Nothing was recorded.",
    ),
    "audit-results-unreadable": (
        "Không đọc được {path}: cần bảng CSV (UTF-8) hoặc XLSX theo mẫu của `audit sample`.",
        "{path} cannot be read: a CSV (UTF-8) or XLSX table in the form of `audit sample` is needed.",
    ),
    "audit-results-too-large": (
        "{path} có hơn {limit} dòng hoặc quá lớn.",
        "{path} has more than {limit} rows or is too large.",
    ),
    "audit-rows-refused": (
        "{count} chỗ trong bảng kết quả không nhận được; chưa ghi gì. Trước hết: {place}: {first}.",
        "{count} places of the results cannot be taken; nothing was recorded. First of all: {place}: {first}.",
    ),
    "audit-row-file-unknown": (
        "{place}: hồ sơ {code} không có trong mẫu.",
        "{place}: file {code} is not in the sample.",
    ),
    "audit-row-file-twice": (
        "{place}: hồ sơ {code} đã có ở {before}.",
        "{place}: file {code} was answered at {before} already.",
    ),
    "audit-row-unanswered": (
        "{place}: hồ sơ {code} chưa có câu trả lời có hoặc không.",
        "{place}: file {code} has no answer, yes or no.",
    ),
    "audit-row-missing-but-counted": (
        "{place}: hồ sơ {code} ghi là không thấy mà lại có số tờ hoặc tình trạng.",
        "{place}: file {code} is said not to be found, yet has sheets or a condition.",
    ),
    "audit-recorded-so": (
        "Đúng kết quả này đã ghi từ trước; không có gì để ký.",
        "These very results are on record already; there is nothing to sign.",
    ),
    "audit-already-recorded": (
        "Kết quả của mẫu này đã ghi ở hành vi số {act} và khác với bảng này. Chưa ghi gì; hãy rút mẫu mới.",
        "Results of this sample are on record in act {act} and differ from these. Nothing was recorded; draw a new "
        "sample.",
    ),
}
