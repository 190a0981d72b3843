"""Refusals of the worksheet: code -> (Vietnamese, English). Facts name a sheet, a row, a column; never a value."""

from typing import Final

_AT: Final = "Bảng {sheet}, dòng {row}, cột {column}: "
_AT_EN: Final = "Sheet {sheet}, row {row}, column {column}: "

_WHOLE: Final[dict[str, tuple[str, str]]] = {
    "worksheet-unreadable": (
        "Không mở được bảng kê {file}: tệp hỏng hoặc không phải XLSX.",
        "Worksheet {file} cannot be opened: it is damaged or not an XLSX file.",
    ),
    "worksheet-encrypted": (
        "Bảng kê {file} có mật khẩu hoặc ở định dạng .xls cũ; hãy bỏ mật khẩu và lưu lại dạng .xlsx.",
        "Worksheet {file} has a password or is in the old .xls format; remove the password and save it as .xlsx.",
    ),
    "worksheet-unsafe": (
        "Bảng kê {file} có nội dung không được nhận: {what}.",
        "Worksheet {file} holds content that is not accepted: {what}.",
    ),
    "worksheet-too-large": (
        "Bảng kê {file} vượt giới hạn ({what}); hãy tách thành nhiều tệp.",
        "Worksheet {file} is over a limit ({what}); split it into several.",
    ),
    "worksheet-encoding": (
        "Bảng kê {file} không phải UTF-8 ở dòng {row}; hãy lưu lại dạng CSV UTF-8.",
        "Worksheet {file} is not UTF-8 at row {row}; save it as CSV UTF-8.",
    ),
    "worksheet-too-many-faults": (
        "Bảng {sheet} có quá {limit} lỗi; chỉ đọc đến dòng {row}. Hãy sửa rồi giao lại.",
        "Sheet {sheet} has over {limit} faults; it was read up to row {row}. Mend it and deliver it again.",
    ),
    "import-child-lost": (
        "Hệ thống nhiều lần tắt tiến trình con khi soạn phần {part} (thiếu bộ nhớ?). Các phần đã nhận trước được giữ; "
        "hãy chạy lại lệnh này để nhập tiếp.",
        "The system killed child processes again and again over part {part} (out of memory?). Parts taken before stay; "
        "run the same command again to go on.",
    ),
    "import-too-many-refused": (
        "Đã từ chối {refused} trên {rows} dòng đầu; dừng nhập. Các dòng tốt đã nhận được giữ. Danh sách lỗi: {listed}",
        "Of the first {rows} rows {refused} were refused; the import stopped. Good rows taken stay. Faults: {listed}",
    ),
    "worksheet-sheet-missing": (
        "Thiếu bảng {sheet}: tệp phải có một trang tính mang đúng tên này.",
        "Sheet {sheet} is missing: the file must have a sheet of just this name.",
    ),
    "worksheet-sheet-damaged": (
        "Bảng {sheet} bị hỏng; chỉ đọc được các dòng trước chỗ hỏng.",
        "Sheet {sheet} is damaged; only the rows before the damage were read.",
    ),
    "worksheet-columns": (
        "Bảng {sheet} sai cột. Tên cột phải đứng ở dòng 1. Thiếu: {missing}. Lạ, ở vị trí: {unknown}. Lặp: {repeated}.",
        "Sheet {sheet} has wrong columns. Their names must stand in row 1. Missing: {missing}. Unknown, at position: "
        "{unknown}. Repeated: {repeated}.",
    ),
}

_CELLS: Final[dict[str, tuple[str, str]]] = {
    "worksheet-value-missing": ("bắt buộc phải có giá trị.", "a value is obligatory."),
    "worksheet-formula": ("không nhận công thức; hãy ghi giá trị.", "formulas are not accepted; write the value."),
    "worksheet-cell-changed": (
        "bảng tính đã tự đổi ô này thành ngày, giờ, số lẻ hay số quá dài, không còn biết đã gõ gì; hãy định dạng ô là "
        "Văn bản (Text) rồi gõ lại.",
        "the spreadsheet made a day, a time, a fraction or too long a number of this cell, so what was typed is lost; "
        "format the cell as Text and type it again.",
    ),
    "worksheet-cells-merged": (
        "ô gộp: giá trị chỉ nằm ở ô đầu; hãy bỏ gộp ô và ghi giá trị vào từng dòng.",
        "merged cells: only the first holds the value; unmerge them and write the value in each row.",
    ),
    "worksheet-cell-error": ("ô báo lỗi của bảng tính.", "the cell holds a spreadsheet error."),
    "worksheet-forbidden-character": (
        "có ký tự ẩn hoặc ký tự điều khiển ({character}).",
        "there is a hidden or control character ({character}).",
    ),
    "worksheet-lookalike-character": (
        "chữ hoặc số của bảng chữ khác ({character}) trong ô mã; hãy gõ lại bằng chữ Latinh.",
        "a letter or digit of another script ({character}) stands in a code; type it again in Latin.",
    ),
    "worksheet-legacy-font": (
        "có vẻ là chữ của bảng mã cũ (TCVN3, VNI, windows-1258) hoặc Unicode bị đọc sai; hãy chuyển sang Unicode.",
        "these seem to be letters of an old encoding (TCVN3, VNI, windows-1258), or Unicode misread; convert them.",
    ),
    "worksheet-too-long": ("dài {length} ký tự, quá {limit}.", "{length} characters long, over {limit}."),
    "worksheet-number": ("phải là số nguyên từ {least} đến {greatest}.", "must be whole, {least} to {greatest}."),
    "worksheet-date": (
        "ngày tháng không có thật, thiếu phần lớn hơn (có ngày phải có tháng, có tháng phải có năm) hoặc viết khác lối "
        "15/3/2021, 3/2021, 2021.",
        "no such date, a larger part is missing (a day needs its month, a month its year), or not written as "
        "15/3/2021, 3/2021, 2021.",
    ),
    "worksheet-date-order": ("thời gian kết thúc sớm hơn bắt đầu.", "the end is earlier than the start."),
    "worksheet-vocabulary": ("giá trị không có trong danh mục: {allowed}.", "the value is not one of: {allowed}."),
    "worksheet-secret": (
        "hồ sơ có độ mật không được đăng ký ở đây; chỉ lập phiếu ghi số lượng, hộp và nơi giữ.",
        "classified files are not registered here; leave only a stub with count, box and holder.",
    ),
    "worksheet-agency-unknown": ("không có cơ quan mang mã {agency}.", "no agency has the code {agency}."),
    "worksheet-fonds-unknown": ("không có phông mang mã {fonds}.", "no fonds has the code {fonds}."),
    "worksheet-rule-unknown": ("không có mục {rule} trong bảng thời hạn.", "no schedule has the line {rule}."),
    "worksheet-file-twice": (
        "mã hồ sơ {file_code} đã có ở dòng {first}.",
        "file code {file_code} was given in row {first}.",
    ),
    "worksheet-file-letters": (
        "mã hồ sơ {file_code} chỉ khác mã ở dòng {first} về chữ hoa, chữ thường.",
        "file code {file_code} differs from the one in row {first} only by capital and small letters.",
    ),
    "worksheet-document-without-file": (
        "hồ sơ {file_code} không có trong bảng hồ sơ hoặc đã bị từ chối.",
        "file {file_code} is not in the sheet of files, or was refused.",
    ),
    "worksheet-document-twice": (
        "văn bản số {ordinal} của hồ sơ {file_code} đã có ở dòng {first}.",
        "document {ordinal} of file {file_code} was given in row {first}.",
    ),
    "worksheet-scan-name": (
        "phải là tên một tệp .pdf, không kèm thư mục.",
        "must be the name of a .pdf file, without a folder.",
    ),
}

_REMARKS: Final[dict[str, tuple[str, str]]] = {
    "worksheet-letters-composed": (
        "Bảng {sheet}, cột {column}: {cells} ô (từ dòng {row}) viết chữ tổ hợp, đã đưa về dạng dựng sẵn (NFC).",
        "Sheet {sheet}, column {column}: {cells} cells (first: row {row}) were decomposed; taken composed (NFC).",
    ),
    "worksheet-spaces-evened": (
        "Bảng {sheet}, cột {column}: {cells} ô (từ dòng {row}) có khoảng trắng thừa hoặc lạ, đã đưa về một dấu cách.",
        "Sheet {sheet}, column {column}: {cells} cells (first: row {row}) had odd or extra spaces; taken with one.",
    ),
    "worksheet-links-dropped": (
        "Bảng kê có {links} liên kết trong ô; chỉ nhận chữ, không nhận liên kết.",
        "The worksheet has {links} links in cells; their text was taken, the links were not.",
    ),
}
"""What was taken otherwise than as written: remarks, for which nothing is refused."""

TEXTS: Final[dict[str, tuple[str, str]]] = (
    _WHOLE | _REMARKS | {code: (_AT + vi, _AT_EN + en) for code, (vi, en) in _CELLS.items()}
)
