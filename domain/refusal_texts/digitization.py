"""Refusals and quality flags of the digitization floor: code -> (Vietnamese, English)."""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "scan-unreadable": (
        "Không đọc được tệp {name} (quyền hoặc ổ đĩa).",
        "File {name} cannot be read (rights or disk).",
    ),
    "scan-not-file": (
        "{name} không phải là tệp thường (thư mục, đường ống hoặc thiết bị).",
        "{name} is not a regular file (a folder, a pipe or a device).",
    ),
    "scan-link-broken": ("Liên kết {name} không dẫn tới tệp nào.", "Link {name} leads to no file."),
    "scan-link-outside": (
        "Liên kết {name} dẫn ra ngoài thư mục bản quét; hãy chép tệp vào thư mục.",
        "Link {name} leads outside the folder of scans; copy the file into it.",
    ),
    "scan-name-refused": (
        "Tên tệp {name} có ký tự ẩn, ký tự điều khiển hoặc sai mã ({character}); hãy đổi tên.",
        "File name {name} holds a hidden, control or wrongly encoded character ({character}); rename it.",
    ),
    "scan-differs": (
        "Tệp {name} không phải bản quét đã nhận cho văn bản này; bản đã nhận được giữ nguyên.",
        "File {name} is not the scan that was taken in for this document; that one stands.",
    ),
    "scan-empty": ("Tệp {name} rỗng.", "File {name} is empty."),
    "scan-not-pdf": ("Tệp {name} không phải là PDF.", "File {name} is not a PDF."),
    "scan-image-named-pdf": (
        "Tệp {name} là ảnh {kind} mang đuôi .pdf; hãy quét lại hoặc xuất ra PDF.",
        "File {name} is a {kind} image named .pdf; scan it again or export it as PDF.",
    ),
    "scan-pdf-misnamed": (
        "Tệp {name} là PDF nhưng tên không có đuôi .pdf.",
        "File {name} is a PDF but its name does not end in .pdf.",
    ),
    "scan-truncated": ("Tệp {name} bị cắt cụt, thiếu phần cuối.", "File {name} is cut short: its end is missing."),
    "scan-damaged": ("Tệp {name} bị hỏng, không mở được.", "File {name} is damaged and cannot be opened."),
    "scan-encrypted": (
        "Tệp {name} bị mã hóa hoặc đặt mật khẩu (cả khi mở ra không hỏi mật khẩu); hãy xuất lại bản không mã hóa.",
        "File {name} is encrypted or has a password, even if opening it asks for none; export it anew without.",
    ),
    "scan-without-pages": ("Tệp {name} không có trang nào.", "File {name} has no pages."),
    "scan-too-large": (
        "Tệp {name} có {bytes} byte, vượt giới hạn {limit}.",
        "File {name} has {bytes} bytes, over the limit of {limit}.",
    ),
    "scan-too-many-pages": (
        "Tệp {name} có {pages} trang, vượt giới hạn {limit}.",
        "File {name} has {pages} pages, over the limit of {limit}.",
    ),
    "scan-page-too-large": (
        "Trang {page} của tệp {name} có {pixels} điểm ảnh, vượt giới hạn {limit}.",
        "Page {page} of file {name} has {pixels} pixels, over the limit of {limit}.",
    ),
    "scan-page-too-crowded": (
        "Trang {page} của tệp {name} chứa quá nhiều đối tượng (giới hạn {limit}).",
        "Page {page} of file {name} holds too many objects (limit {limit}).",
    ),
    "scan-stream-bomb": (
        "Tệp {name} chứa luồng nén phình quá lớn (trang {page}); có thể là tệp phá hoại.",
        "File {name} holds a stream that inflates beyond all measure (page {page}); it may be hostile.",
    ),
    "scan-too-costly": (
        "Kiểm tra tệp {name} vượt giới hạn thời gian hoặc bộ nhớ; có thể là tệp phá hoại.",
        "Inspecting file {name} took more time or memory than allowed; it may be hostile.",
    ),
    "scan-reading-failed": (
        "Không đọc được tệp {name}: tiến trình đọc dừng đột ngột.",
        "File {name} could not be read: the reading process stopped.",
    ),
    "tesseract-missing": (
        "Chưa cài Tesseract (nhận dạng chữ). Hãy gõ: {line}",
        "Tesseract (text recognition) is not installed. Type: {line}",
    ),
    "tesseract-without-vietnamese": (
        "Tesseract {version} chưa có bộ chữ tiếng Việt. Hãy gõ: {line}",
        "Tesseract {version} lacks its Vietnamese model. Type: {line}",
    ),
}

FLAGS: Final[dict[str, tuple[str, str]]] = {
    "carries-script": ("PDF chứa mã lệnh JavaScript", "the PDF carries a script"),
    "carries-launch-action": ("PDF chứa lệnh mở chương trình", "the PDF carries a launch action"),
    "carries-embedded-file": ("PDF chứa tệp đính kèm", "the PDF carries an embedded file"),
    "carries-signature": ("PDF đã ký số; bản gốc giữ nguyên", "the PDF is digitally signed; the original is kept"),
    "scan-repaired": ("cấu trúc PDF sai, đã dựng lại để đọc", "the PDF structure was broken and rebuilt for reading"),
    "secrecy-mark": (
        "có dấu chỉ độ mật; cần người xem ngay, chưa tự cách ly",
        "a mark of classification is seen; a person must look at once, nothing is set apart by itself",
    ),
    "blank-page": ("trang trắng", "blank page"),
    "low-resolution": ("độ phân giải thấp", "low resolution"),
    "skewed": ("trang bị nghiêng", "skewed page"),
    "rotated": ("trang bị xoay", "rotated page"),
    "blurred": ("trang bị nhòe, nên quét lại", "blurred page, better scanned again"),
    "cut-margin": ("chữ sát mép, có thể bị cắt", "text reaches the edge and may be cut"),
    "poorly-read": ("đọc được với độ tin cậy thấp", "read with low confidence"),
    "number-handwritten": ("số văn bản có vẻ viết tay", "the number seems handwritten"),
    "page-redrawn": ("trang nhiều thành phần, đã vẽ lại để đọc", "a page of several parts, drawn anew for reading"),
    "page-partly-read": ("chỉ đọc được ảnh lớn nhất của trang", "only the largest image of the page could be read"),
    "page-unread": ("trang không đọc được", "the page could not be read"),
    "recognition-timed-out": ("nhận dạng quá thời gian cho phép", "recognition ran out of time"),
    "pages-missing": ("số trang in trên giấy không liên tục", "the printed page numbers have a gap"),
}

REMARKS: Final[dict[str, tuple[str, str]]] = {
    "scan-passed-over": ("Bỏ qua tệp {name}: không phải bản quét.", "File {name} was passed over: it is no scan."),
    "scan-name-composed": (
        "Tên tệp {name} viết chữ tổ hợp, đã đưa về dạng dựng sẵn (NFC).",
        "File name {name} was decomposed; it is kept composed (NFC).",
    ),
    "scan-missing": (
        "Bảng kê nêu {count} bản quét không có trong thư mục; tên đầu tiên: {name}.",
        "The worksheet names {count} scans that are not in the folder; the first is {name}.",
    ),
}
"""What was passed over or taken otherwise than as written: nothing is refused for it."""

TEXTS: Final[dict[str, tuple[str, str]]] = {**REFUSALS, **FLAGS, **REMARKS}
