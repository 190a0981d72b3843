"""Refusals of the ledger floor: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "act-id-reused": (
        "Mã hành vi {act} đã dùng cho một yêu cầu khác.",
        "Act id {act} was already used for another request.",
    ),
    "stream-of-other-kind": (
        "{stream} là mã của một thứ khác trong sổ cái, không phải thứ được hỏi.",
        "{stream} is the id of something else in the ledger than what was asked for.",
    ),
    "version-conflict": (
        "Người khác vừa ghi vào cùng đối tượng ({stream}). Xem lại rồi làm lại.",
        "Someone else has just written to the same thing ({stream}). Look again, then retry.",
    ),
    "registry-moved": (
        "Sổ khóa vừa thay đổi trong khi ghi hành vi {act}. Hãy làm lại.",
        "The key registry changed while act {act} was being recorded. Retry.",
    ),
    "act-without-events": (
        "Hành vi {act} không có gì để ghi.",
        "Act {act} has nothing to record.",
    ),
    "act-malformed": (
        "Hành vi {act} không đúng dạng: {reason}",
        "Act {act} is malformed: {reason}",
    ),
    "act-in-the-future": (
        "Thời điểm của hành vi {act} ({at}) vượt quá đồng hồ máy chủ hơn 120 giây.",
        "The time of act {act} ({at}) is more than 120 seconds ahead of the server's clock.",
    ),
    "act-not-permitted": (
        "Người ký không có quyền thực hiện {act}: {problems}",
        "The signer may not do {act}: {problems}",
    ),
    "act-unknown": ("Không có hành vi số {index}.", "There is no act {index}."),
    "position-unknown": ("Không có sự kiện ở vị trí {position}.", "There is no event at position {position}."),
    "position-not-published": (
        "Sự kiện ở vị trí {position} chưa nằm trong điểm kiểm nào. Thử lại sau một giây.",
        "The event at position {position} is in no checkpoint yet. Try again in a second.",
    ),
    "event-unknown": (
        "Không biết loại sự kiện {type}. Chương trình này có thể cũ hơn sổ cái.",
        "Event type {type} is unknown. This program may be older than the ledger.",
    ),
    "event-superseded": (
        "Sự kiện loại {type} đã có hình dạng mới hơn; không ghi thêm hình dạng cũ.",
        "Events of type {type} have a newer shape; nothing new is written in the old one.",
    ),
    "event-unreadable": ("Không đọc được sự kiện loại {type}.", "An event of type {type} cannot be read."),
    "event-not-sealed": (
        "Sự kiện {type} còn giá trị chưa niêm phong; không ghi.",
        "Event {type} still holds a value that is not sealed; it was not recorded.",
    ),
    "event-bytes-refused": (
        "Sự kiện {type} không ghi được: {reason}",
        "Event {type} cannot be recorded: {reason}",
    ),
    "ledger-not-founded": ("Sổ cái chưa được lập.", "The ledger is not founded yet."),
    "ledger-closed": ("Sổ cái đang đóng; không nhận thêm.", "The ledger is closing and takes no more."),
    "ledger-unreachable": (
        "Không tới được cơ sở dữ liệu sổ cái. Không rõ hành vi đã được ghi chưa: hãy làm lại với cùng mã.",
        "The ledger's database cannot be reached. Whether the act was recorded is not known: retry with the same id.",
    ),
    "ledger-refused-storage": (
        "Cơ sở dữ liệu không nhận hành vi (SQLSTATE {sqlstate}). Chưa ghi gì.",
        "The database did not take the act (SQLSTATE {sqlstate}). Nothing was recorded.",
    ),
    "genesis-invalid": (
        "Hành vi lập sổ cái không kiểm được: {reason}",
        "The founding act of the ledger does not verify: {reason}",
    ),
    "checkpoint-invalid": ("Điểm kiểm không kiểm được: {reason}", "A checkpoint does not verify: {reason}"),
    "log-forked": (
        "{log}: có dấu hiệu hai lịch sử khác nhau ở cỡ {size} ({reason}). Đã dừng; không công bố gì thêm. "
        "Giữ nguyên máy, so điểm kiểm ngoài cơ sở dữ liệu với bản xuất.",
        "{log}: there are signs of two different histories at size {size} ({reason}). Stopped; nothing more is "
        "published. Leave the machine as it is and compare the checkpoint kept outside the database with an export.",
    ),
    "ledger-shorter-than-checkpoint": (
        "{log}: sổ cái trong cơ sở dữ liệu có {acts} hành vi, nhưng đã ký điểm kiểm cỡ {size}. Cơ sở dữ liệu "
        "này cũ hơn, hoặc không phải của MOCBAN_HOME này. Đã dừng, chưa ghi gì. Hãy: (1) xem lại DATABASE_URL và "
        "MOCBAN_HOME; (2) khôi phục bản sao lưu có ít nhất {size} hành vi; (3) nếu không còn bản nào, nạp lại từ các "
        "mảnh đã công bố: ./run recover. Giữ nguyên thư mục checkpoints và objects: các tệp trong đó chứng minh "
        "những hành vi còn thiếu. Đừng xóa checkpoints.",
        "{log}: the ledger in the database has {acts} acts, but a checkpoint of size {size} was signed. This "
        "database is older, or not this MOCBAN_HOME's. Stopped; nothing was written. Do this: (1) look at "
        "DATABASE_URL and MOCBAN_HOME again; (2) restore a back-up with at least {size} acts; (3) if there is "
        "none, refill this one from the published tiles: ./run recover. Leave the folders checkpoints and objects as "
        "they are: their files prove the acts that are missing. Do not delete checkpoints.",
    ),
    "ledger-not-as-checkpoint": (
        "{log}: sổ cái trong cơ sở dữ liệu khác với điểm kiểm đã ký ở cỡ {size}. Đã dừng, chưa ghi gì. Hãy: "
        "(1) xem lại DATABASE_URL và MOCBAN_HOME; (2) nếu vừa khôi phục, dùng bản sao lưu mới hơn; (3) nếu không, "
        "có người đã sửa cơ sở dữ liệu hoặc tệp: giữ nguyên máy, so checkpoints và objects với một bản xuất giữ ở "
        "nơi khác (./run verify).",
        "{log}: the ledger in the database is not the one whose checkpoint was signed at size {size}. Stopped; "
        "nothing was written. Do this: (1) look at DATABASE_URL and MOCBAN_HOME again; (2) after a restore, take "
        "a newer back-up; (3) otherwise somebody changed the database or the files: leave the machine as it is "
        "and compare checkpoints and objects with an export kept elsewhere (./run verify).",
    ),
    "ledger-of-other-checkpoint": (
        "{log}: cơ sở dữ liệu chứa sổ cái {origin}, còn MOCBAN_HOME giữ điểm kiểm của {kept}. Đã dừng, chưa "
        "ghi gì. Đặt DATABASE_URL và MOCBAN_HOME cùng về một sổ cái.",
        "{log}: the database holds the ledger {origin}, and MOCBAN_HOME keeps a checkpoint of {kept}. Stopped; "
        "nothing was written. Point DATABASE_URL and MOCBAN_HOME to the same ledger.",
    ),
    "keys-older-than-ledger": (
        "Cơ sở dữ liệu khóa cũ hơn sổ cái: {missing} hồ sơ, người hoặc lượt đọc có nội dung niêm phong mà không "
        "còn khóa, và không ai hủy chúng. Đã dừng, chưa ghi gì. Khôi phục bản sao lưu cơ sở dữ liệu khóa mới bằng "
        "hoặc mới hơn bản của sổ cái (MOCBAN_KEYS_DATABASE_URL).",
        "The key database is older than the ledger: {missing} files, persons or readers have sealed content and "
        "no key, and nobody destroyed them. Stopped; nothing was written. Restore a back-up of the key database "
        "that is as new as the ledger's, or newer (MOCBAN_KEYS_DATABASE_URL).",
    ),
    "projection-ahead-of-ledger": (
        "Khung nhìn {view} đã tổng hợp {position} sự kiện, sổ cái chỉ có {events}: dữ liệu tra cứu là của một sổ cái "
        "khác. Đã dừng. Dựng lại bằng: ./run rebuild",
        "The view {view} has folded {position} events and the ledger has {events}: what can be queried is another "
        "ledger's. Stopped. Rebuild it with: ./run rebuild",
    ),
    "act-recovered": (
        "Hành vi {act} đã nằm trong sổ ở số {index}; nó được nạp lại từ các mảnh đã công bố sau một lần mất dữ liệu, "
        "nên không so được yêu cầu này có phải là một. Chưa ghi gì thêm. Hãy xem hành vi {index}; việc khác thì dùng "
        "mã mới.",
        "The act {act} lies in the ledger at index {index}. It was put back from published tiles after a loss of data, "
        "so whether this request is the same cannot be told. Nothing more was recorded. Look at act {index}; for "
        "something else use a new id.",
    ),
    "recovery-source-missing": (
        "{log}: không có sổ đã công bố nào ở {path} (tệp checkpoint và thư mục tile). Chưa ghi gì. Chỉ thư mục khác "
        "bằng --from, --access-from.",
        "{log}: there is no published log in {path} (a file checkpoint and a folder tile). Nothing was written. Name "
        "another folder with --from, --access-from.",
    ),
    "recovery-source-of-other-ledger": (
        "{log}: nguồn là của sổ {given}, còn ở đây là {origin}. Chưa ghi gì. Chỉ thư mục khác bằng --from, "
        "--access-from.",
        "{log}: the source is the ledger {given}, and this one is {origin}. Nothing was written. Name another folder "
        "with --from, --access-from.",
    ),
    "recovery-source-invalid": (
        "{log}: nguồn để nạp lại không qua được xác minh ({fault}, hành vi {act}). Chưa ghi gì vào cơ sở dữ liệu.",
        "{log}: what would be put back does not verify ({fault}, act {act}). Nothing was written to the database.",
    ),
    "recovery-source-too-short": (
        "{log}: nguồn có {size} hành vi, nhưng đã ký điểm kiểm cỡ {kept}. Chưa ghi gì. Cần một bản xuất mới hơn.",
        "{log}: the source has {size} acts, and a checkpoint of size {kept} was signed. Nothing was written. A newer "
        "export is needed.",
    ),
    "recovery-source-differs": (
        "{log}: nguồn không chứa điểm kiểm đã ký ở cỡ {size}: đó là một lịch sử khác. Chưa ghi gì. Giữ nguyên máy "
        "và nguồn làm bằng chứng.",
        "{log}: the source does not contain the checkpoint signed at size {size}: it is another history. Nothing was "
        "written. Keep this machine and the source as evidence.",
    ),
    "recovery-ledger-differs": (
        "{log}: cơ sở dữ liệu không phải phần đầu của sổ đã công bố: hành vi đầu tiên khác là {act} (sự kiện {event}, "
        "{fault}). Chưa ghi gì. Khôi phục một bản sao lưu khác, hoặc một cơ sở dữ liệu trống.",
        "{log}: the database is not the beginning of the published log: the first act that differs is {act} (event "
        "{event}, {fault}). Nothing was written. Restore another back-up, or an empty database.",
    ),
    "recovery-disturbed": (
        "{log}: có tiến trình khác vừa ghi vào sổ, hành vi {index} không về đúng chỗ. Chưa ghi gì. Dừng mọi tiến trình "
        "dùng cơ sở dữ liệu này rồi chạy lại.",
        "{log}: somebody else wrote to the ledger, act {index} would not lie where it was. Nothing was written. Stop "
        "whatever uses this database and run this again.",
    ),
    "sequencer-busy": (
        "{log}: một tiến trình khác đang lập điểm kiểm.",
        "{log}: another process is sequencing this log.",
    ),
    "nothing-published": ("{log}: chưa có điểm kiểm nào.", "{log}: there is no checkpoint yet."),
    "export-contradicts": (
        "Thư mục xuất chứa dữ liệu trái với sổ cái ({path}); hành vi đầu tiên khác nhau: {index}. Chưa ghi gì thêm; "
        "chọn thư mục khác và giữ thư mục này làm bằng chứng.",
        "The export folder holds what contradicts the ledger ({path}); the first act that differs: {index}. Nothing "
        "more was written; choose another folder and keep this one as evidence.",
    ),
    "sealed-value-gone": (
        "Giá trị niêm phong đã bị hủy ({pointer}).",
        "The sealed value was destroyed ({pointer}).",
    ),
    "access-not-recorded": (
        "Không ghi được lượt khai thác nên không trả dữ liệu. Thử lại sau.",
        "The access could not be recorded, so no data is released. Try again later.",
    ),
}
