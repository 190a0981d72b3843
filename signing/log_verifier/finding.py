"""What can be bad, each with a stable code and a text in two languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

CODES: Final = {
    "input-unreadable": "Không đọc được dữ liệu được giao | What was given cannot be read",
    "file-unreadable": "Không đọc được một tệp | A file cannot be read",
    "member-name": "Gói có tên tệp trùng hoặc không an toàn | The bundle has a repeated or unsafe member name",
    "bundle-bytes": "Gói .zip khác từng byte với bản phát hành | The .zip is not byte for byte as published",
    "manifest": "Tệp không khớp bảng kê MANIFEST đã ký | A file does not match the signed MANIFEST",
    "checkpoint-malformed": "Điểm kiểm thiếu hoặc sai khuôn dạng | A checkpoint is missing or malformed",
    "checkpoint-origin": "Điểm kiểm thuộc về một sổ khác | The checkpoint belongs to another log",
    "checkpoint-signature": "Chữ ký trên điểm kiểm sai hoặc thiếu | A checkpoint signature is wrong or missing",
    "checkpoint-inconsistent": "Sổ bị viết lại, khác một điểm kiểm trước | Rewritten: an earlier checkpoint differs",
    "history-truncated": "Lịch sử ngắn hơn một điểm kiểm đã ký | History is shorter than a signed checkpoint says",
    "witness-quorum": "Không đủ nhân chứng đồng ký điểm kiểm | Too few witnesses cosigned the checkpoint",
    "root-mismatch": "Gốc cây băm không khớp điểm kiểm | The tree root is not the checkpoint's",
    "tile-missing": "Thiếu một ô (tile) | A tile is missing",
    "tile-mismatch": "Một ô không khớp các mục của sổ | A tile does not match the log's entries",
    "tile-unknown": "Có ô thừa, không thuộc sổ này | A tile that this log does not have",
    "bundle-framing": "Gói mục hoặc sự kiện hỏng khung | The framing of a bundle is broken",
    "genesis-mismatch": "Mục khởi lập không phải mục được tin cậy | The genesis entry is not the trusted one",
    "entry-missing": "Thiếu hành vi này | This act is missing",
    "entry-altered": "Hành vi bị sửa, bỏ, chèn hoặc đổi chỗ | The act was altered, dropped, inserted or moved",
    "act-malformed": "Hành vi sai khuôn dạng hoặc không chuẩn tắc | The act is malformed or not canonical",
    "act-id-repeated": "Mã hành vi bị lặp lại | The act's id was used before",
    "act-root-mismatch": "Sự kiện không khớp gốc mà hành vi đã ký | The act's events do not match the signed root",
    "signature-line": "Dòng chữ ký thiếu, thừa hoặc sai khóa | Signature lines missing, too many or of other keys",
    "signature-bad": "Chữ ký sai | A signature is wrong",
    "signer-repeated": "Một người ký nơi phải có hai người | One person signs where two must",
    "key-unknown": "Khóa ký chưa được đăng ký trước hành vi này | The signing key was not enrolled before this act",
    "key-revoked": "Khóa ký đã bị thu hồi hoặc thay thế | The signing key had been revoked or replaced",
    "actor-mismatch": "Người thực hiện không phải chủ khóa đầu tiên | The actor does not own the first key",
    "role-missing": "Người ký không có vai trò cho hành vi này | A signer holds no role for this act",
    "on-behalf-missing": "Không được phép làm thay người khác | The actor may not act on behalf of another",
    "registry-quorum": "Không đủ người quản lý khóa ký | Too few registrars signed",
    "registry-event": "Sự kiện sổ khóa sai hoặc vô lý | A key registry event is malformed or makes no sense",
    "registry-possession": "Khóa mới không tự ký để chứng minh sở hữu | The new key did not prove its possession",
    "seen-not-in-history": "Điểm kiểm mà hành vi đã thấy chưa từng có | The checkpoint the act saw never was",
    "event-missing": "Thiếu sự kiện | The event is missing",
    "event-malformed": "Sự kiện sai khuôn dạng | The event is malformed",
    "event-misplaced": "Việc phải do hai người quyết nằm trong hành vi khác | What two decide stands in another act",
    "event-sealed": "Trường niêm phong sai khuôn dạng | A sealed field is malformed",
    "event-version": "Số phiên bản của dòng sự kiện không liên tục | The stream's versions are not gapless",
    "pdf-signature": "Chữ ký PDF sai | The PDF signature is wrong",
    "pdf-coverage": "Chữ ký PDF không bao trùm toàn bộ tệp | The PDF signature does not cover the whole file",
    "pdf-key": "PDF không ký bằng khóa được tin cậy | The PDF was not signed by the trusted key",
    "proof-malformed": "Chứng cứ thiếu hoặc sai khuôn dạng | A proof is missing or malformed",
    "proof-inclusion": "Hành vi không thuộc cây của điểm kiểm | The act is not in the checkpoint's tree",
    "disclosure": "Khóa, bản mã không mở đúng trường này | Key or ciphertext does not open this field",
}


class Bad(Exception):  # noqa: N818  a finding, not an error of the program
    """A check failed: `code` of CODES; the file, name or number it speaks of; act index, event position if known."""

    def __init__(self, code: str, detail: str = "", act: int | None = None, event: int | None = None) -> None:
        super().__init__(code, detail, act, event)
        self.code, self.detail, self.act, self.event = code, detail, act, event

    def at(self, act: int) -> Bad:
        return Bad(self.code, self.detail, act, self.event)


def attempt(bad: list[Bad], act: int | None, check: Callable[[], object]) -> None:
    """Run a check; what it finds is noted, at the act."""
    try:
        check()
    except Bad as found:
        bad.append(Bad(found.code, found.detail, act if found.act is None else found.act, found.event))
