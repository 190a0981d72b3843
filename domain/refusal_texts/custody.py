"""Refusals of questions about custody and of a unit's account: code -> (Vietnamese, English)."""

from typing import Final

from domain.refusal_texts import custody_acts

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "question-not-json": (
        "Dòng này không phải một đối tượng JSON viết bằng UTF-8.",
        "This line is not a JSON object in UTF-8.",
    ),
    "question-unfit": (
        "Câu hỏi sai dạng ở {where}. Cần: file, carrier (paper hoặc digital), date, known_at_index (nếu có).",
        "The question is malformed at {where}. It takes file, carrier (paper or digital), date, known_at_index.",
    ),
    "question-date-partial": (
        "Ngày {value} thiếu ngày hoặc tháng. Ai giữ vào ngày nào thì phải hỏi đủ ngày: YYYY-MM-DD.",
        "The date {value} lacks its day or month. Custody is asked of one day, in full: YYYY-MM-DD.",
    ),
    "question-file-unknown": ("Không có hồ sơ mang mã {code}.", "There is no file with the code {code}."),
    "question-file-ambiguous": (
        "Mã {code} thuộc về {count} hồ sơ, nên không trả lời được cho một hồ sơ.",
        "The code {code} belongs to {count} files, so there is no answer for one.",
    ),
    "act-not-recorded": (
        "Sổ cái chưa có hành vi số {index}: hành vi mới nhất là số {last}.",
        "The ledger has no act {index} yet: the newest is act {last}.",
    ),
    "page-key-unfit": (
        "Chỗ nối trang không phải giá trị `next` của trang trước.",
        "Where to go on is not the `next` of a page before.",
    ),
    "known-at-unfit": (
        "{value} không phải số của một hành vi, cũng không phải thời điểm (ví dụ 2025-07-03T17:00+07:00).",
        "{value} is neither the index of an act nor a time such as 2025-07-03T17:00+07:00.",
    ),
    "known-at-before-ledger": (
        "Trước {value} chưa có điểm kiểm nào được ký.",
        "No checkpoint had been signed by {value}.",
    ),
    "unit-or-all": (
        "Cần đúng một trong hai: --unit (mã kèm --as-of, hoặc id) hay --all; --letter cần --unit.",
        "Exactly one is needed: --unit (a code with --as-of, or an id) or --all; --letter needs --unit.",
    ),
    "letter-nothing-awaited": (
        "Không có tài liệu nào phải về {unit} mà chưa về từ nơi có thể gửi công văn; không lập công văn.",
        "Nothing that {unit} must have is still to come by a letter of this form; no letter was made.",
    ),
    **custody_acts.TEXTS,
}
