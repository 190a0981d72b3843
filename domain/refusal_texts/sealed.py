"""Refusals about sealed content that is given to somebody or destroyed: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "field-not-sealed": (
        "Không có trường niêm phong {field} ở đây.",
        "There is no sealed field {field} here.",
    ),
    "field-already-disclosed": (
        "Trường {field} của sự kiện {position} vừa được trao cho người này theo quyết định này. Hãy chạy lại để "
        "nhận tệp.",
        "Field {field} of event {position} has just been disclosed to this person by this decision. Run it again for "
        "the file.",
    ),
    "text-empty": (
        "{name} không được để trống.",
        "{name} must not be empty.",
    ),
    "file-named-twice": (
        "Có {count} hồ sơ mang mã {code}; hãy dùng mã định danh (UUID).",
        "{count} files carry the code {code}; give the id (UUID) instead.",
    ),
    "file-not-found": (
        "Không có hồ sơ {code} trong sổ cái.",
        "The ledger has no file {code}.",
    ),
    "document-not-in-file": (
        "Hồ sơ {code} không có văn bản số {ordinal}.",
        "File {code} has no document {ordinal}.",
    ),
    "file-destroyed": (
        "Hồ sơ {code} đã bị hủy; không ghi thêm vào đó.",
        "File {code} was destroyed; nothing more is recorded in it.",
    ),
    "destruction-permanent": (
        "Hồ sơ {code} bảo quản vĩnh viễn; không được hủy.",
        "File {code} is kept permanently; it may not be destroyed.",
    ),
    "destruction-not-appraised": (
        "Hồ sơ {code} chưa xác định giá trị; chưa được hủy vì hết thời hạn.",
        "File {code} is not appraised; it cannot be destroyed as past its retention.",
    ),
    "destruction-unfinished": (
        "Hồ sơ {code} chưa kết thúc; không được hủy.",
        "File {code} is not finished; it may not be destroyed.",
    ),
    "destruction-not-due": (
        "Thời hạn lưu trữ của hồ sơ {code} chưa hết ({due}).",
        "The retention period of file {code} is not over ({due}).",
    ),
    "destruction-one-person": (
        "Người đề nghị và người quyết định hủy phải là hai người khác nhau.",
        "Who proposes a destruction and who decides on it must be two persons.",
    ),
    "destruction-decided-otherwise": (
        "Đã có quyết định hủy hồ sơ {code} với căn cứ khác ({basis}).",
        "The destruction of file {code} was decided already, on another basis ({basis}).",
    ),
    "destruction-not-decided": (
        "Chưa có quyết định hủy hồ sơ {code}. Hãy nêu --basis và --ground.",
        "The destruction of file {code} is not decided. Give --basis and --ground.",
    ),
    "destruction-not-carried-out": (
        "Hồ sơ {code} chưa bị hủy; không thể ghi là đã xong.",
        "File {code} is not destroyed yet, so its destruction cannot be complete.",
    ),
    "destruction-backups-past": (
        "Ngày {until} đã qua, mà đến hôm nay ({today}) nội dung vẫn còn ở đây: bản sao lưu cũ giữ sớm nhất là đến hôm "
        "nay. Chưa làm gì; hãy sửa --backups-until.",
        "{until} is past, and the content is here until today ({today}): copies from before are kept until today at "
        "least. Nothing was done; mend --backups-until.",
    ),
    "destruction-too-early": (
        "Bản sao lưu cũ còn giữ tới hết {until}; việc hủy hồ sơ {code} chỉ xong sau ngày đó.",
        "Older back-ups are kept to the end of {until}; the destruction of file {code} is complete only after that.",
    ),
    "destruction-kept-otherwise": (
        "Hồ sơ {code} đã bị hủy, nội dung không còn ở đây; sổ đã ghi bản sao lưu cũ còn giữ tới hết {until}, và không "
        "đổi. Nếu thực ra còn giữ lâu hơn, đừng ghi là đã xong trước ngày ấy.",
        "File {code} was destroyed, its content is gone from here; on record older back-ups are kept to the end of "
        "{until}, which stays. Where they are kept longer, do not complete the destruction before that day.",
    ),
    "destruction-remains": (
        "Vẫn còn {count} phần của hồ sơ {code} (khóa, bản mã hoặc tệp). Chưa ghi gì; hãy chạy lại.",
        "{count} parts of file {code} are still there (key, ciphertexts or blobs). Nothing was recorded; run it again.",
    ),
}
