"""Refusals of the API floor: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "token-missing": (
        "Địa chỉ này cần mã truy cập (Authorization: Bearer ...).",
        "This address needs a token (Authorization: Bearer ...).",
    ),
    "token-unfit": (
        "Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi.",
        "The token is wrong, has expired or was revoked.",
    ),
    "principal-unknown": (
        "Người mang mã truy cập này chưa được giao chức vụ nào.",
        "The bearer of this token holds no office.",
    ),
    "access-denied": (
        "Không được khai thác nội dung này (quy tắc: {rule}). Lần yêu cầu này đã được ghi vào nhật ký khai thác.",
        "You may not read this content (rule: {rule}). The attempt has been entered in the access log.",
    ),
    "views-behind": (
        "Dữ liệu phân quyền chưa theo kịp sổ cái nên nội dung không được đưa ra. Hãy thử lại sau {seconds} giây.",
        "What decides on access lags behind the ledger, so no content is released. Try again in {seconds} seconds.",
    ),
    "position-not-reached": (
        "Dữ liệu tra cứu chưa tới vị trí {asked} của sổ cái (đang ở {reached}). Hãy thử lại sau {seconds} giây.",
        "The views have not reached ledger position {asked} (they are at {reached}). Try again in {seconds} seconds.",
    ),
    "database-away": (
        "Cơ sở dữ liệu chưa sẵn sàng. Hãy thử lại sau {seconds} giây.",
        "The database is not available. Try again in {seconds} seconds.",
    ),
    "address-taken": (
        "Không nghe được tại {host}, cổng {port}: địa chỉ sai hoặc đã có chương trình khác dùng. Chọn --host, --port.",
        "Cannot listen on {host}, port {port}: no such address, or in use. Choose --host and --port.",
    ),
    "address-unknown": ("Không có địa chỉ này.", "There is no such address."),
    "method-unfit": (
        "Địa chỉ này không nhận phương thức vừa gửi; chỉ nhận {allowed}.",
        "This address does not take that method, only {allowed}.",
    ),
    "parameter-unfit": (
        "Tham số {names} thiếu hoặc không đúng dạng.",
        "Parameter {names} is missing or malformed.",
    ),
    "parameter-unknown": (
        "Địa chỉ này chỉ nhận các tham số: {taken}; mỗi tham số một lần.",
        "This address takes these parameters only: {taken}; each of them once.",
    ),
    "cursor-unfit": (
        "Tham số cursor không đúng; hãy lấy từ liên kết trang trước.",
        "The cursor is not one of ours; take it from the link of the page before.",
    ),
    "range-unfit": (
        "Khoảng byte yêu cầu nằm ngoài tệp dài {size} byte.",
        "The byte range asked for lies outside the file of {size} bytes.",
    ),
    "document-not-digitized": (
        "Văn bản này chưa được số hóa.",
        "This document is not digitized.",
    ),
    "content-unreadable": (
        "Nội dung lưu giữ không mở được: bản mã không khớp với sổ cái. Sự cố cần được kiểm tra.",
        "The content kept cannot be opened: it does not match the ledger. This needs to be looked into.",
    ),
    "tile-unknown": ("Nhật ký không có mảnh này.", "The log has no such tile."),
    "timestamp-file-unknown": ("Không có tệp dấu thời gian này.", "There is no such timestamp file."),
    "request-refused": ("Yêu cầu không hợp lệ.", "The request is not valid."),
    "request-failed": (
        "Có lỗi bên trong; không có gì bị thay đổi. Hãy thử lại, hoặc báo người quản trị.",
        "Something failed inside; nothing was changed. Try again, or tell the administrator.",
    ),
}
