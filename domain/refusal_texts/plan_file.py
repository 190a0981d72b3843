"""Refusals of plan files: code -> (Vietnamese, English). Where it is (line, or sheet and cell) is said beside them."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "plan-file-unfit": (
        "Tệp phương án {file} có {faults} lỗi; chưa dùng được.",
        "The plan file {file} has {faults} faults and cannot be used.",
    ),
    "plan-file-form": (
        "Tệp phương án phải là .yaml, .yml hoặc .xlsx.",
        "A plan file is .yaml, .yml or .xlsx.",
    ),
    "plan-file-too-large": ("Tệp phương án lớn quá {limit} byte.", "The plan file is over {limit} bytes."),
    "plan-not-utf8": ("Tệp không phải UTF-8.", "The file is not UTF-8."),
    "plan-yaml-unreadable": (
        "Không đọc được YAML ở đây (nguyên văn: {reason}).",
        "YAML cannot be read here: {reason}.",
    ),
    "plan-workbook-unreadable": (
        "Không mở được tệp: hỏng, có mật khẩu hoặc không phải XLSX.",
        "The file cannot be opened: it is damaged, has a password or is no XLSX.",
    ),
    "plan-sheet-missing": ("Thiếu bảng {sheet}.", "Sheet {sheet} is missing."),
    "plan-sheet-unknown": ("Bảng lạ; các bảng được nhận: {known}.", "Unknown sheet; known ones: {known}."),
    "plan-sheet-too-large": (
        "Bảng có quá {limit} ô (dòng x cột); hãy xóa các dòng, cột thừa.",
        "The sheet is over {limit} cells (rows x columns); delete rows and columns that are not used.",
    ),
    "plan-cell-formula": ("Không nhận công thức; hãy ghi giá trị.", "Formulas are not accepted; write the value."),
    "plan-cell-error": ("Ô báo lỗi của bảng tính.", "The cell holds a spreadsheet error."),
    "plan-member-missing": ("Thiếu mục {member}.", "The member {member} is missing."),
    "plan-member-unknown": (
        "Mục {member} không có trong tệp phương án; các mục được nhận: {known}.",
        "There is no member {member} in a plan file; known ones: {known}.",
    ),
    "plan-member-repeated": ("Mục {member} ghi hai lần.", "The member {member} is written twice."),
    "plan-value-missing": ("Không được để trống.", "It may not be empty."),
    "plan-value-unfit": (
        "Giá trị sai kiểu; cần: {expected}. Mã và ngày phải là văn bản: đặt trong dấu nháy, hoặc định dạng ô là Text.",
        "The value is of the wrong kind; needed: {expected}. Codes and days are text: quote them, or format the cell "
        "as Text.",
    ),
    "plan-word-unknown": ("Từ không có trong danh mục; các từ được nhận: {known}.", "Unknown word; known: {known}."),
    "plan-text-control": ("Có ký tự điều khiển không được nhận.", "There is a control character."),
    "plan-day-unfit": ("Cần một ngày đủ năm-tháng-ngày, ví dụ 2025-07-01.", "A full day is needed: 2025-07-01."),
    "plan-instrument-not-in-force": (
        "Văn bản {number} chưa có hiệu lực vào ngày {day} của phương án.",
        "The instrument {number} is not in force on {day}, the plan's day.",
    ),
    "plan-changes-unknown": (
        "Không có bộ thay đổi mang tên này; hiện có: {known}.",
        "There is no shipped set of changes of this name; there are: {known}.",
    ),
    "plan-bodies-twice": (
        "Bộ {changes} đã kèm đơn vị và cơ quan mới; không liệt kê thêm ở đây.",
        "The set {changes} brings its units and agencies; none are listed here.",
    ),
    "plan-entry-repeated": ("{name} ghi hai lần.", "{name} is listed twice."),
    "plan-receiver-unknown": (
        "Nơi nhận chưa được khai báo; các tên dùng được: {known}.",
        "The receiver is not declared; names that can be used: {known}.",
    ),
    "plan-receiver-reserved": ("{name} là từ dành riêng.", "{name} is a reserved word."),
    "plan-receiver-unused": ("Không quy tắc nào dùng nơi nhận {name}.", "No rule uses the receiver {name}."),
    "plan-basis-not-in-force": (
        "Căn cứ {number} không có hiệu lực vào ngày {day} (từ {from} đến {to}, theo dữ liệu tham chiếu).",
        "The basis {number} is not in force on {day} (from {from} to {to}, by the reference data).",
    ),
    "plan-rule-never-wins": (
        "Quy tắc {rule} không bao giờ được dùng: {before} đứng trước đã lấy hết.",
        "Rule {rule} never wins: {before} stands before it and takes everything.",
    ),
    "plan-unit-unknown": (
        "Không có đơn vị nào mang mã {code} vào ngày {day}.",
        "No unit carries the code {code} on {day}.",
    ),
    "file-not-writable": ("Không ghi được tệp {path}.", "The file {path} cannot be written."),
    "preview-output-form": ("Tên tệp {path} phải có đuôi {suffix}.", "The file name {path} must end in {suffix}."),
    "preview-output-taken": (
        "{path} là tệp phương án hoặc tệp kết quả khác: chọn tên tệp khác.",
        "{path} is a plan file or the other output: choose another name.",
    ),
    "preview-picture-too-wide": (
        "Hình chỉ vẽ một đơn vị hoặc một huyện cũ: thêm --unit hoặc --former-district.",
        "A picture shows one unit or one former district: add --unit or --former-district.",
    ),
    "preview-busy": (
        "Đang có nhiều yêu cầu xem trước; hãy thử lại sau.",
        "Other previews are being made; try again later.",
    ),
}
