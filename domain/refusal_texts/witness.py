"""Refusals of a witness, and of asking one: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "witness-request-unfit": (
        "Yêu cầu sai khuôn dạng add-checkpoint: {reason}.",
        "The request is no add-checkpoint as the format has it: {reason}.",
    ),
    "witness-request-too-large": (
        "Yêu cầu dài quá {limit} byte.",
        "The request is longer than {limit} bytes.",
    ),
    "witness-request-too-slow": (
        "Yêu cầu không đến đủ trong {seconds} giây.",
        "The request did not arrive within {seconds} seconds.",
    ),
    "witness-log-unknown": (
        "Nhân chứng này không biết sổ có tên gốc đã nêu. Người vận hành thêm bằng: ./run witness trust.",
        "This witness does not know a log of that origin. Its operator adds one by: ./run witness trust.",
    ),
    "witness-log-signature": (
        "Điểm kiểm không có chữ ký đúng bằng các khóa mà nhân chứng tin cho sổ này.",
        "The checkpoint is not signed by the keys that this witness trusts for the log.",
    ),
    "witness-old-larger": (
        "Cỡ cũ ({old}) lớn hơn cỡ của điểm kiểm ({size}).",
        "The old size ({old}) is larger than the checkpoint's ({size}).",
    ),
    "witness-size-differs": (
        "Điểm kiểm mới nhất mà nhân chứng đã đồng ký có cỡ {size}.",
        "The latest checkpoint that this witness cosigned has the size {size}.",
    ),
    "witness-root-differs": (
        "Nhân chứng đã đồng ký một gốc khác ở cùng cỡ {size}: sổ có hai lịch sử. Đã lưu chứng cứ.",
        "This witness cosigned another root of the same size {size}: the log has two histories. The evidence is kept.",
    ),
    "witness-proof-unfit": (
        "Chứng cứ nhất quán từ cỡ {old} đến cỡ {size} không đúng.",
        "The consistency proof from size {old} to size {size} does not hold.",
    ),
    "witness-store-damaged": (
        "Tệp {path} của nhân chứng không còn, không đọc được hoặc không mang chữ ký của chính nó; không đồng ký gì "
        "thêm dựa vào nó. Không khôi phục bản ghi cũ: nhân chứng đã mất khóa hay bản ghi phải được thay bằng nhân "
        "chứng mới trong thư mục mới, khóa mới.",
        "The witness's file {path} is gone, cannot be read or does not bear its own signature; nothing more is "
        "cosigned on it. Restore no older record: a witness that lost its key or records is replaced by a new one in "
        "a new folder, with a new key.",
    ),
    "witness-store-unwritable": (
        "Nhân chứng không đọc hoặc ghi được bản ghi của mình; chưa đồng ký gì. Hãy thử lại sau.",
        "The witness cannot read or write its records; nothing was cosigned. Try again later.",
    ),
    "witness-absent": (
        "Chưa có nhân chứng nào trong {folder}. Tạo bằng: ./run witness serve.",
        "There is no witness in {folder}. Make one by: ./run witness serve.",
    ),
    "witness-name-fixed": (
        "Nhân chứng trong thư mục này tên là {name}; tên nằm trong khóa nên không đổi được.",
        "The witness in this folder is named {name}; the name is part of its key and cannot change.",
    ),
    "witness-name-unfit": (
        "Tên nhân chứng phải là một chuỗi không có dấu cách, dấu cộng, ví dụ: nhan-chung.example/w1.",
        "A witness's name has no spaces and no plus signs, for example: witness.example/w1.",
    ),
    "witness-logs-unfit": (
        "Danh sách sổ {path}, dòng {line}: {reason}.",
        "The list of logs {path}, line {line}: {reason}.",
    ),
    "witness-vkey-unfit": (
        "Khóa thứ {number} không phải là khóa kiểm (vkey) ký được điểm kiểm: {reason}.",
        "Key {number} is no verifier key (vkey) that can sign checkpoints: {reason}.",
    ),
    "witness-origin-unfit": (
        "Tên gốc của sổ phải là một dòng không rỗng.",
        "A log's origin is one line, and not empty.",
    ),
    "witness-policy-missing": (
        "Chưa có chính sách nhân chứng: {path}. Xem docs/witness.md.",
        "There is no witness policy: {path}. See docs/witness.md.",
    ),
    "witness-policy-unfit": (
        "Chính sách nhân chứng {path}, dòng {line}: {reason}.",
        "The witness policy {path}, line {line}: {reason}.",
    ),
    "witness-unreachable": (
        "Không nối được tới nhân chứng {name} ({reason}); sẽ thử lại.",
        "The witness {name} cannot be reached ({reason}); it will be tried again.",
    ),
    "witness-refuses": (
        "Nhân chứng {name} từ chối (HTTP {status}). 404: nhân chứng chưa biết sổ này; 403: chưa biết khóa của sổ; "
        "503: không ghi được sổ của mình.",
        "The witness {name} refuses (HTTP {status}). 404: it does not know this log; 403: nor the log's keys; "
        "503: it cannot write its own records.",
    ),
    "witness-ahead": (
        "Nhân chứng {name} đã đồng ký sổ này ở cỡ {seen}, lớn hơn {size}: sổ ở đây đã bị lùi lại hoặc rẽ nhánh.",
        "The witness {name} cosigned this log at size {seen}, beyond {size}: the log here was rolled back or forked.",
    ),
    "witness-contradicts": (
        "Nhân chứng {name} đã đồng ký một lịch sử khác của sổ này (cỡ {seen}): sổ đã rẽ nhánh.",
        "The witness {name} cosigned another history of this log (at size {seen}): the log has forked.",
    ),
    "export-not-cosigned": (
        "Đã ghi {path}, nhưng điểm kiểm {size} mới có {cosigned} trong {quorum} nhân chứng cần có (còn thiếu: "
        "{lacking}): kiểm tra bằng tệp tin cậy có định mức ấy sẽ báo witness-quorum. Khi nhân chứng trả lời, chạy: "
        "./run witness collect, rồi xuất lại vào cùng chỗ.",
        "{path} was written, but only {cosigned} of the {quorum} witnesses wanted have cosigned checkpoint {size} "
        "(lacking: {lacking}): under a trust file with that quorum it fails with witness-quorum. When the witnesses "
        "answer, run ./run witness collect, then export again into the same place.",
    ),
    "witness-answer-unfit": (
        "Câu trả lời của nhân chứng {name} không dùng được: {reason}.",
        "The answer of the witness {name} is of no use: {reason}.",
    ),
}
