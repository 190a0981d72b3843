"""Refusals of asking for timestamps, and of keeping them: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "timestamp-authority-unfit": (
        "Không nhận được cơ quan cấp dấu thời gian {name}: {vi}.",
        "The timestamp authority {name} cannot be taken: {reason}.",
    ),
    "timestamp-authority-known": (
        "Đã có cơ quan cấp dấu thời gian tên {name}. Muốn thay, hãy bỏ nó trước: ./run timestamp authority remove.",
        "There is a timestamp authority named {name}. To replace it, remove it first: ./run timestamp "
        "authority remove.",
    ),
    "timestamp-authority-unknown": (
        "Không có cơ quan cấp dấu thời gian tên {name}.",
        "There is no timestamp authority named {name}.",
    ),
    "timestamp-authorities-unfit": (
        "Không đọc được tệp {path}: {vi} Sửa hoặc bỏ tệp, rồi khai báo lại các cơ quan.",
        "The file {path} cannot be read: {reason} Mend or remove it, then name the authorities again.",
    ),
    "timestamp-authorities-none": (
        "Chưa khai báo cơ quan cấp dấu thời gian nào: ./run timestamp authority add.",
        "No timestamp authority is named yet: ./run timestamp authority add.",
    ),
    "timestamp-unreachable": (
        "Không đến được cơ quan cấp dấu thời gian {name} ({reason}); sẽ hỏi lại.",
        "The timestamp authority {name} could not be reached ({reason}); it is asked again later.",
    ),
    "timestamp-refused": (
        "Cơ quan cấp dấu thời gian {name} từ chối: {reason}.",
        "The timestamp authority {name} refuses: {reason}.",
    ),
    "timestamp-answer-unfit": (
        "Câu trả lời của cơ quan {name} không dùng được và không được giữ: {problem} ({reason}).",
        "The answer of {name} is unfit and was not kept: {problem} ({reason}).",
    ),
    "timestamp-clock": (
        "Giờ của cơ quan {name} lệch {seconds} giây so với máy này; câu trả lời không được giữ. Hãy xem cả "
        "hai đồng hồ.",
        "The time of {name} is {seconds} seconds off this machine's; the answer was not kept. Look at both clocks.",
    ),
    "timestamp-bad": (
        "Dấu thời gian {file} không đứng được: {problem} ({reason}).",
        "The timestamp {file} does not hold: {problem} ({reason}).",
    ),
    "timestamp-of-unknown": (
        "Dấu thời gian {file} là của một cơ quan không khai báo ở đây, nên không kiểm được.",
        "The timestamp {file} is of an authority that is not named here, so it cannot be checked.",
    ),
    "timestamp-checkpoint-bad": (
        "Điểm kiểm được đóng dấu {file} không thuộc sổ này: {reason}.",
        "The stamped checkpoint {file} is not of this log: {reason}.",
    ),
    "timestamp-certificate-ends": (
        "Chứng thư của {name} cho dấu thời gian ở điểm kiểm {size} hết hạn ngày {on}; chưa có dấu mới hơn thay nó.",
        "The certificate of {name} under the timestamp of checkpoint {size} ends on {on}; no newer one renews it yet.",
    ),
    "timestamp-certificate-ended": (
        "Chứng thư của {name} cho dấu thời gian ở điểm kiểm {size} đã hết hạn ngày {on} mà chưa có dấu mới "
        "hơn thay nó.",
        "The certificate of {name} under the timestamp of checkpoint {size} ended on {on}, and no newer one renews it.",
    ),
    "timestamp-authorities-dependent": (
        "Các cơ quan {names} thuộc một nhà (chung khóa chứng thư hoặc chung tổ chức), nên chỉ tính là một; cần "
        "{wanted} nhà độc lập. Hãy thêm một cơ quan của nhà khác: ./run timestamp authority add.",
        "The authorities {names} are of one house (they share a certificate's key or an organization) and count as "
        "one; {wanted} independent ones are wanted. Name one of another house: ./run timestamp authority add.",
    ),
    "timestamp-overdue": (
        "Cơ quan {name} chưa đóng dấu điểm kiểm nào trong {hours} giờ qua.",
        "{name} has stamped no checkpoint for {hours} hours.",
    ),
}
