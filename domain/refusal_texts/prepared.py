"""Refusals about acts that are signed elsewhere, and about the keys that sign them: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "key-held-elsewhere": (
        "Máy chủ này không giữ khóa {key}: hãy soạn hành vi (act prepare), để chủ khóa ký, rồi nộp (act submit).",
        "The key {key} is not held here: prepare the act (act prepare), have it signed, then submit it (act submit).",
    ),
    "registrars-exhausted": (
        "Sau khi thu hồi chỉ còn {left} người quản lý khóa có khóa, mà cần {needed}: không ai đổi được sổ khóa nữa. "
        "Trước hết hãy ghi nhận khóa mới của họ (key new --actor, act prepare registry.enrol).",
        "Only {left} registrars would have a key after this, and {needed} are needed: nobody could change the registry "
        "again. Enrol a new key of theirs first (key new --actor, act prepare registry.enrol).",
    ),
    "not-a-signer": (
        "Khóa {key} không thuộc những người phải ký hành vi này.",
        "The key {key} is not one of those that sign this act.",
    ),
    "signature-wrong": (
        "Chữ ký của khóa {key} không đúng với nội dung phải ký. Chưa ghi gì.",
        "The signature of key {key} does not fit the bytes to be signed. Nothing was written.",
    ),
    "signature-missing": (
        "Còn thiếu chữ ký của {signer}. Hành vi vẫn chờ; hãy ký tệp rồi nộp lại.",
        "The signature of {signer} is missing. The act still waits: sign the file, then submit it again.",
    ),
    "prepared-file-unreadable": (
        "Tệp không phải một hành vi chờ ký (mocban/prepared-act/1).",
        "The file is not an act that waits for a signature (mocban/prepared-act/1).",
    ),
    "prepared-file-altered": (
        "Tệp hành vi không khớp ({problems}). Đừng ký. Chưa ghi gì; hãy soạn lại.",
        "The act's file does not fit together ({problems}). Do not sign it. Nothing was recorded; prepare it anew.",
    ),
    "prepared-act-of-other-ledger": (
        "Hành vi này thuộc sổ cái khác ({origin}).",
        "This act belongs to another ledger ({origin}).",
    ),
    "prepared-act-unknown": (
        "Không có hành vi {act} nào đang chờ ký ở đây: chưa từng soạn, đã hết hạn, hoặc đã bị bỏ. Hãy soạn lại.",
        "No act {act} waits here: it was never prepared, has expired, or was discarded. Prepare it anew.",
    ),
    "prepared-act-expired": (
        "Hành vi {act} đã hết hạn lúc {at} và đã bị bỏ. Chưa ghi gì; hãy soạn lại.",
        "Act {act} expired at {at} and was discarded. Nothing was recorded; prepare it anew.",
    ),
    "prepared-act-stale": (
        "Sau khi soạn hành vi {act}, người khác đã ghi vào cùng đối tượng ({stream}). Chưa ghi gì; hãy soạn và ký lại.",
        "Since act {act} was prepared, someone wrote to the same thing ({stream}). Nothing was recorded; "
        "prepare and sign it anew.",
    ),
    "prepared-act-content-gone": (
        "Nội dung niêm phong của hành vi {act} đã bị hủy trong lúc chờ ký. Chưa ghi gì; hãy soạn lại.",
        "Sealed content of act {act} was destroyed while it waited. Nothing was recorded; prepare it anew.",
    ),
    "openings-unfit": (
        "Tệp mở niêm phong không thuộc hành vi này, hoặc không mở được cam kết trong đó.",
        "The openings are not this act's, or do not open what it commits to.",
    ),
    "actor-unfit": (
        "{given} không phải mã người ký (UUID chữ thường) hay tên chức vụ.",
        "{given} is neither an actor id (lower-case UUID) nor the name of an office.",
    ),
    "actor-without-key": (
        "Người ký {actor} chưa có khóa còn hiệu lực trong sổ khóa.",
        "Actor {actor} has no key in force in the registry.",
    ),
    "vkey-unfit": (
        "Khóa công khai không đúng dạng hoặc không mang tên của sổ cái này: {reason}",
        "The public key is malformed or not named for this ledger: {reason}",
    ),
    "own-key-exists": (
        "Đã có khóa ở {path}; không ghi đè.",
        "There is a key at {path} already; it is not overwritten.",
    ),
    "own-key-unfit": (
        "{path} không phải tệp khóa (ed25519.actor-<mã>.key, bên cạnh keystore.json).",
        "{path} is not a key file (ed25519.actor-<id>.key, beside keystore.json).",
    ),
    "own-key-of-other-ledger": (
        "Khóa này được tạo cho sổ cái {origin}, còn hành vi thuộc {asked}.",
        "This key was made for the ledger {origin}; the act belongs to {asked}.",
    ),
    "passphrase-missing": (
        "Cần cụm mật khẩu: đặt MOCBAN_PASSPHRASE, hoặc chạy ở một cửa sổ lệnh để nhập.",
        "A passphrase is needed: set MOCBAN_PASSPHRASE, or run in a terminal to type it.",
    ),
    "passphrase-differs": (
        "Hai lần nhập cụm mật khẩu không giống nhau.",
        "The two passphrases are not the same.",
    ),
    "passphrase-wrong": (
        "Cụm mật khẩu không mở được kho khóa {path}, hoặc tệp đã hỏng.",
        "The passphrase does not open the key store {path}, or a file is damaged.",
    ),
    "not-confirmed": (
        "Chưa xác nhận nên chưa ký.",
        "Not confirmed, so nothing was signed.",
    ),
    "output-exists": (
        "Đã có tệp {path}; không ghi đè.",
        "There is a file {path} already; it is not overwritten.",
    ),
    "outputs-equal": (
        "Hai tệp phải ghi cùng là {path}; hãy cho mỗi tệp một tên.",
        "Two files would both be {path}; give each its own name.",
    ),
    "output-unwritable": (
        "Không ghi được {path}; không tệp nào được tạo và không hành vi nào đang chờ.",
        "{path} cannot be written; no file was made and no act is waiting.",
    ),
    "input-unreadable": (
        "Không đọc được {path}.",
        "{path} cannot be read.",
    ),
    "log-key-missing": (
        "Kho khóa không giữ khóa {key} của sổ. Khôi phục thư mục keys/, hoặc cho khóa dự phòng thay: log takeover.",
        "The key store does not hold the log's key {key}. Restore the folder keys/, or let the standby pair take over: "
        "log takeover.",
    ),
    "log-without-standby": (
        "Sổ cái này không có cặp khóa dự phòng dùng được: bản lập sổ không nêu, hoặc kho khóa không giữ.",
        "This ledger has no standby pair that could sign: the genesis names none, or the key store does not hold it.",
    ),
    "takeover-not-seen": (
        "Đã chuyển sang cặp khóa dự phòng, nhưng {log} chưa có điểm kiểm ký bằng khóa ấy. Chạy lại lệnh này; nếu có "
        "tiến trình khác đang lập điểm kiểm, hãy khởi động lại nó.",
        "The standby pair is to sign from now on, but {log} has no checkpoint of it yet. Run this again; if another "
        "process sequences the log, restart that one.",
    ),
    "founding-unfit": (
        "Không lập được sổ cái như vậy: {reason}.",
        "A ledger cannot be founded so: {reason}.",
    ),
    "founding-awaited": (
        "Việc lập sổ cái {origin} đang chờ {of} người quản lý khóa ký ({needed}/{of} đủ quyền về sau). Nộp bằng found "
        "submit, hoặc bỏ bằng found cancel.",
        "The founding of {origin} awaits the signatures of its {of} registrars ({needed} of them suffice later). "
        "Submit it by found submit, or give it up by found cancel.",
    ),
    "founding-unfinished": (
        "Sổ cái {origin} mới lập được một phần. Chạy lại found submit với cùng các tệp.",
        "The ledger {origin} was founded in part. Run found submit again with the same files.",
    ),
    "ledger-already-founded": (
        "Ở đây đã có sổ cái {origin}. Dùng thư mục dữ liệu và cơ sở dữ liệu khác.",
        "There is a ledger {origin} here already. Use another data folder and database.",
    ),
    "attachment-missing": (
        "Nêu chữ ký để kèm: --from BẢN-SAO, hoặc --vkey và --signature.",
        "Name a signature to attach: --from COPY, or --vkey and --signature.",
    ),
    "copy-of-other-act": (
        "{path} không phải bản sao của cùng hành vi: nội dung phải ký khác nhau.",
        "{path} is no copy of the same act: the bytes to sign differ.",
    ),
    "act-not-yours": (
        "Chỉ người sẽ ký, hoặc người quản lý khóa, được soạn và nộp hành vi này; máy chủ chỉ ký cho người yêu cầu.",
        "Only who signs this act, or a registrar, may prepare and submit it; the server signs for nobody but who asks.",
    ),
    "acts-not-taken": (
        "Máy chủ này không nhận hành vi.",
        "This server takes no acts.",
    ),
}
