"""Refusals of the domain's decisions: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "date-impossible": (
        "Ngày tháng không có thật, hoặc không viết dạng năm-tháng-ngày như 2025-07-01: {value}.",
        "No such date, or not written as year-month-day like 2025-07-01: {value}.",
    ),
    "unit-already-established": (
        "Đơn vị hành chính mã {code} đã được ghi nhận.",
        "The administrative unit with code {code} is already recorded.",
    ),
    "unit-unknown": ("Không có đơn vị hành chính này.", "There is no such administrative unit."),
    "unit-not-existing": (
        "Đơn vị hành chính mã {code} không tồn tại vào ngày {day}.",
        "The administrative unit with code {code} does not exist on {day}.",
    ),
    "unit-code-without-date": (
        "Mã {code} phải kèm ngày: cùng một mã đã thuộc về nhiều đơn vị ở những thời gian khác nhau.",
        "Code {code} needs a date: the same code has belonged to different units at different times.",
    ),
    "agency-already-established": (
        "Cơ quan mã {code} đã được ghi nhận.",
        "The agency with code {code} is already recorded.",
    ),
    "agency-unknown": ("Không có cơ quan mã {code}.", "There is no agency with code {code}."),
    "agency-not-existing": (
        "Cơ quan mã {code} không tồn tại vào ngày {day}.",
        "The agency with code {code} does not exist on {day}.",
    ),
    "agency-out-of-scope": (
        "Cơ quan mã {code} thuộc ngành dọc (công an, quân đội, thuế, tòa án): tài liệu theo quy định riêng, không ghi "
        "ở đây.",
        "The agency with code {code} is of a vertical branch (police, army, tax, courts): its records follow rules of "
        "their own and are not kept here.",
    ),
    "fonds-already-open": ("Phông {code} đã được mở.", "Fonds {code} is already open."),
    "fonds-without-creator": ("Phông {code} chưa có đơn vị hình thành.", "Fonds {code} names no creator."),
    "fonds-unknown": ("Chưa có phông của hồ sơ {code}.", "The fonds of file {code} is not known."),
    "file-already-registered": (
        "Hồ sơ {code} đã được đăng ký; thay đổi nó phải là một hành vi riêng.",
        "File {code} is already registered; a change to it is an act of its own.",
    ),
    "file-code-in-capitals": (
        "Đã có hồ sơ mang mã này viết bằng chữ hoa; hai mã hồ sơ không được chỉ khác nhau về chữ hoa, chữ thường.",
        "There is a file with this code in capitals; two codes may not differ by capital and small letters only.",
    ),
    "file-unknown": ("Không có hồ sơ này.", "There is no such file."),
    "file-not-admitted": (
        "Hồ sơ {code} chưa qua kiểm tra đầu vào nên chưa được số hóa.",
        "File {code} has not passed the entry gate and may not be digitized.",
    ),
    "gate-not-arranged": ("Hồ sơ {code}: chưa chỉnh lý.", "File {code}: not arranged."),
    "gate-block-not-classified": ("Hồ sơ {code}: chưa phân loại theo khối.", "File {code}: not classified by block."),
    "gate-retention-not-stated": (
        "Hồ sơ {code}: chưa xác định thời hạn bảo quản theo bảng còn hiệu lực.",
        "File {code}: retention not stated by a schedule in force.",
    ),
    "gate-duplicate": ("Hồ sơ {code}: trùng lặp.", "File {code}: a duplicate."),
    "gate-superfluous": ("Hồ sơ {code}: trùng thừa, hết giá trị.", "File {code}: superfluous."),
    "gate-damaged": ("Hồ sơ {code}: hư hỏng, cần tu bổ trước.", "File {code}: damaged, to be restored first."),
    "document-already-described": (
        "Văn bản số thứ tự {ordinal} đã có mô tả.",
        "Document no. {ordinal} is already described.",
    ),
    "document-already-digitized": (
        "Văn bản số thứ tự {ordinal} đã được số hóa.",
        "Document no. {ordinal} is already digitized.",
    ),
    "document-unknown": ("Không có văn bản này.", "There is no such document."),
    "match-needs-two": (
        "Cần ít nhất hai văn bản khác nhau để đối khớp.",
        "Matching needs at least two different documents.",
    ),
    "match-within-file": ("Hai văn bản nằm trong cùng một hồ sơ.", "The documents lie in one and the same file."),
    "accession-already-received": (
        "Đợt giao nộp {number} đã được tiếp nhận.",
        "Accession {number} has already been received.",
    ),
    "principal-already-appointed": ("Người này đã được giao chức vụ.", "This principal is already appointed."),
    "handover-already-proposed": ("Đợt bàn giao này đã được lập.", "This hand-over is already proposed."),
    "handover-empty": ("Danh mục bàn giao không có hồ sơ nào.", "The hand-over lists no file."),
    "handover-unknown": ("Không có đợt bàn giao này.", "There is no such hand-over."),
    "handover-already-done": ("Đợt bàn giao này đã hoàn tất.", "This hand-over is already complete."),
    "reorganization-already-drafted": ("Phương án này đã được lập.", "This plan is already drafted."),
    "reorganization-unknown": ("Không có phương án sắp xếp này.", "There is no such reorganization."),
    "reorganization-not-open": (
        "Phương án đã thi hành hoặc đã rút, không thay đổi được nữa.",
        "The plan is enacted or withdrawn and can no longer be acted on.",
    ),
    "reorganization-not-adopted": ("Phương án chưa được thông qua.", "The plan is not adopted."),
    "reorganization-too-early": (
        "Chưa đến ngày có hiệu lực {day} của phương án.",
        "The plan's effective day {day} has not come.",
    ),
    "instrument-not-in-force": (
        "Văn bản {number} chưa có hiệu lực vào ngày {day}.",
        "Instrument {number} is not in force on {day}.",
    ),
    "plan-change-not-ending": (
        "Loại thay đổi {change} không kết thúc cơ quan: hồ sơ của cơ quan không được giao đi.",
        "A change of kind {change} ends no body: its files are not assigned away.",
    ),
    "plan-unit-not-changed": (
        "Phương án không nói về đơn vị này.",
        "The plan says nothing of this unit.",
    ),
    "plan-no-rule": ("Không có quy tắc nào cho khối tài liệu {lot}.", "No rule covers the lot {lot}."),
    "plan-receiver-undetermined": (
        "Quy tắc {rule} không xác định được nơi nhận.",
        "Rule {rule} does not determine a receiver.",
    ),
    "plan-receiver-absent": (
        "Nơi nhận {name} của phương án không phải là cơ quan nào tồn tại vào ngày {day}.",
        "The plan's receiver {name} is no agency that exists on {day}.",
    ),
}
