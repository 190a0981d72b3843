"""Refusals of the ledger floor: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "act-id-reused": (
        "Mã hành vi {act} đã dùng cho một yêu cầu khác.",
        "Act id {act} was already used for another request.",
    ),
    "version-conflict": (
        "Người khác vừa ghi vào cùng đối tượng ({stream}). Xem lại rồi làm lại.",
        "Someone else has just written to the same thing ({stream}). Look again, then retry.",
    ),
    "registry-moved": (
        "Sổ khóa vừa thay đổi trong khi ghi hành vi {act}. Hãy làm lại.",
        "The key registry changed while act {act} was being recorded. Retry.",
    ),
    "act-without-events": (
        "Hành vi {act} không có gì để ghi.",
        "Act {act} has nothing to record.",
    ),
    "act-malformed": (
        "Hành vi {act} không đúng dạng: {reason}",
        "Act {act} is malformed: {reason}",
    ),
    "act-in-the-future": (
        "Thời điểm của hành vi {act} ({at}) vượt quá đồng hồ máy chủ hơn 120 giây.",
        "The time of act {act} ({at}) is more than 120 seconds ahead of the server's clock.",
    ),
    "act-not-permitted": (
        "Người ký không có quyền thực hiện {act}: {problems}",
        "The signer may not do {act}: {problems}",
    ),
    "act-unknown": ("Không có hành vi số {index}.", "There is no act {index}."),
    "position-unknown": ("Không có sự kiện ở vị trí {position}.", "There is no event at position {position}."),
    "position-not-published": (
        "Sự kiện ở vị trí {position} chưa nằm trong điểm kiểm nào. Thử lại sau một giây.",
        "The event at position {position} is in no checkpoint yet. Try again in a second.",
    ),
    "event-unknown": (
        "Không biết loại sự kiện {type}. Chương trình này có thể cũ hơn sổ cái.",
        "Event type {type} is unknown. This program may be older than the ledger.",
    ),
    "event-unreadable": ("Không đọc được sự kiện loại {type}.", "An event of type {type} cannot be read."),
    "event-not-sealed": (
        "Sự kiện {type} còn giá trị chưa niêm phong; không ghi.",
        "Event {type} still holds a value that is not sealed; it was not recorded.",
    ),
    "event-bytes-refused": (
        "Sự kiện {type} không ghi được: {reason}",
        "Event {type} cannot be recorded: {reason}",
    ),
    "ledger-not-founded": ("Sổ cái chưa được lập.", "The ledger is not founded yet."),
    "ledger-closed": ("Sổ cái đang đóng; không nhận thêm.", "The ledger is closing and takes no more."),
    "ledger-unreachable": (
        "Không tới được cơ sở dữ liệu sổ cái. Không rõ hành vi đã được ghi chưa: hãy làm lại với cùng mã.",
        "The ledger's database cannot be reached. Whether the act was recorded is not known: retry with the same id.",
    ),
    "ledger-refused-storage": (
        "Cơ sở dữ liệu không nhận hành vi (SQLSTATE {sqlstate}). Chưa ghi gì.",
        "The database did not take the act (SQLSTATE {sqlstate}). Nothing was recorded.",
    ),
    "genesis-invalid": (
        "Hành vi lập sổ cái không kiểm được: {reason}",
        "The founding act of the ledger does not verify: {reason}",
    ),
    "checkpoint-invalid": ("Điểm kiểm không kiểm được: {reason}", "A checkpoint does not verify: {reason}"),
    "log-forked": (
        "{log}: có dấu hiệu hai lịch sử khác nhau ở cỡ {size} ({reason}). Đã dừng; không công bố gì thêm. "
        "Giữ nguyên máy, so điểm kiểm ngoài cơ sở dữ liệu với bản xuất.",
        "{log}: there are signs of two different histories at size {size} ({reason}). Stopped; nothing more is "
        "published. Leave the machine as it is and compare the checkpoint kept outside the database with an export.",
    ),
    "ledger-shorter-than-checkpoint": (
        "{log}: sổ cái có {acts} hành vi nhưng đã ký điểm kiểm cỡ {size}. Cơ sở dữ liệu này cũ hơn hoặc không phải "
        "của sổ cái này. Đã dừng; nạp lại từ các tệp đã xuất.",
        "{log}: the ledger has {acts} acts but a checkpoint of size {size} was signed. This database is older, or not "
        "this ledger's. Stopped; refill it from exported tiles.",
    ),
    "sequencer-busy": (
        "{log}: một tiến trình khác đang lập điểm kiểm.",
        "{log}: another process is sequencing this log.",
    ),
    "nothing-published": ("{log}: chưa có điểm kiểm nào.", "{log}: there is no checkpoint yet."),
    "export-contradicts": (
        "Thư mục xuất chứa dữ liệu trái với sổ cái ({path}). Chưa ghi gì thêm; chọn thư mục khác và giữ thư mục này "
        "làm bằng chứng.",
        "The export folder holds what contradicts the ledger ({path}). Nothing more was written; choose another "
        "folder and keep this one as evidence.",
    ),
    "sealed-value-gone": (
        "Giá trị niêm phong đã bị hủy ({pointer}).",
        "The sealed value was destroyed ({pointer}).",
    ),
    "access-not-recorded": (
        "Không ghi được lượt khai thác nên không trả dữ liệu. Thử lại sau.",
        "The access could not be recorded, so no data is released. Try again later.",
    ),
}
