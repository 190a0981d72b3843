"""Refusals of the product floor: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "acts-not-published": (
        "Các hành vi {first}-{last} không nằm trọn trong điểm kiểm đang có (0-{size}, không kể số cuối).",
        "Acts {first}-{last} do not all lie in the served checkpoint (0-{size}, the last number not included).",
    ),
    "log-address-unreachable": (
        "Không lấy được sổ công bố tại {url}: {reason}. Chưa kiểm tra gì.",
        "The log published at {url} cannot be had: {reason}. Nothing was checked.",
    ),
    "part-of-access-log": (
        "Nhật ký khai thác không có gói theo hồ sơ hay cơ quan. Dùng --acts A-B.",
        "The access log has no bundle by file or agency. Use --acts A-B.",
    ),
    "database-programs-missing": (
        "Không tìm thấy chương trình PostgreSQL. Đặt MOCBAN_PG_BIN là thư mục chứa initdb, pg_ctl và postgres, "
        "hoặc đặt DATABASE_URL là một máy chủ PostgreSQL có sẵn.",
        "No PostgreSQL programs found. Set MOCBAN_PG_BIN to the folder that holds initdb, pg_ctl and postgres, "
        "or set DATABASE_URL to an existing PostgreSQL server.",
    ),
    "database-programs-unfit": (
        "MOCBAN_PG_BIN ({folder}) không có đủ initdb, pg_ctl và postgres chạy được.",
        "MOCBAN_PG_BIN ({folder}) does not hold working initdb, pg_ctl and postgres programs.",
    ),
    "database-version-unfit": (
        "Cụm dữ liệu trong {folder} thuộc PostgreSQL {needed}; không có chương trình của bản này (đang có: {found}). "
        "Đặt MOCBAN_PG_BIN tới PostgreSQL {needed}.",
        "The cluster in {folder} belongs to PostgreSQL {needed}, and no programs of that version are here (found: "
        "{found}). Point MOCBAN_PG_BIN to PostgreSQL {needed}.",
    ),
    "database-account-missing": (
        "Đang chạy bằng root nhưng không có tài khoản riêng cho PostgreSQL và không tạo được. Chạy: {command}",
        "Running as root, but there is no account for PostgreSQL and none could be made. Run: {command}",
    ),
    "home-unreachable": (
        "Tài khoản {account} (PostgreSQL chạy bằng tài khoản này khi mocban chạy bằng root) không vào được {folder}. "
        "Chọn MOCBAN_HOME ở nơi mọi tài khoản đi qua được, ví dụ /var/lib/mocban.",
        "The account {account} (which runs PostgreSQL when mocban runs as root) cannot enter {folder}. "
        "Choose a MOCBAN_HOME that every account can pass through, such as /var/lib/mocban.",
    ),
    "home-unwritable": (
        "Không ghi được vào MOCBAN_HOME ({folder}). Chọn thư mục khác hoặc sửa quyền.",
        "MOCBAN_HOME ({folder}) cannot be written. Choose another folder or mend its permissions.",
    ),
    "clock-not-set": (
        "Đồng hồ của máy chỉ trước năm 1970 hoặc sau năm 2255. Hãy chỉnh đồng hồ rồi làm lại; chưa ghi gì.",
        "This machine's clock shows a time before 1970 or after 2255. Set it and try again; nothing was recorded.",
    ),
    "database-not-made": (
        "Không tạo được cụm PostgreSQL trong {folder}. Nguyên văn: {reason}",
        "The PostgreSQL cluster in {folder} could not be made: {reason}",
    ),
    "database-not-starting": (
        "PostgreSQL không khởi động được; xem nhật ký {log}. Dòng cuối: {reason}",
        "PostgreSQL does not start; see its log {log}. Last line: {reason}",
    ),
    "database-not-stopping": (
        "PostgreSQL không dừng trong {seconds} giây; xem nhật ký {log}.",
        "PostgreSQL did not stop within {seconds} seconds; see its log {log}.",
    ),
    "database-unreachable": (
        "Không nối được tới cơ sở dữ liệu {database} trên {host}. Kiểm tra DATABASE_URL (cổng, tên cơ sở dữ liệu, tên "
        "và mật khẩu đăng nhập) và xem máy chủ có chạy không.",
        "The database {database} on {host} cannot be reached. Check DATABASE_URL (port, name of the database, login "
        "and password) and whether the server runs.",
    ),
    "database-too-old": (
        "Máy chủ là PostgreSQL {found}; cần {needed} trở lên.",
        "The server is PostgreSQL {found}; {needed} or later is needed.",
    ),
    "database-encoding-unfit": (
        "Cơ sở dữ liệu {database} có bảng mã {found}; cần {needed}. Hãy tạo lại: CREATE DATABASE {database} ENCODING "
        "'UTF8' TEMPLATE template0.",
        "The database {database} has the encoding {found}; {needed} is needed. Make it anew: CREATE DATABASE "
        "{database} ENCODING 'UTF8' TEMPLATE template0.",
    ),
    "database-url-unfit": (
        "{variable} không phải một địa chỉ PostgreSQL hợp lệ (postgresql://...).",
        "{variable} is not a valid PostgreSQL address (postgresql://...).",
    ),
    "keys-database-missing": (
        "Không có cơ sở dữ liệu khóa {database} và không được phép tạo. Nhờ người quản trị tạo: "
        'CREATE DATABASE "{database}"; hoặc đặt MOCBAN_KEYS_DATABASE_URL.',
        "The key database {database} is absent and may not be created by this login. Have it made: "
        'CREATE DATABASE "{database}"; or set MOCBAN_KEYS_DATABASE_URL.',
    ),
    "migration-altered": (
        "Tệp di trú {name} khác với tệp đã áp dụng. Dùng đúng phiên bản mocban đã tạo cơ sở dữ liệu này.",
        "Migration {name} differs from the one that was applied. Use the mocban version that made this database.",
    ),
    "migration-unknown": (
        "Cơ sở dữ liệu mới hơn chương trình: di trú {name} không có ở đây. Cập nhật mocban.",
        "The database is newer than this program: migration {name} is not known here. Update mocban.",
    ),
    "migration-misnamed": (
        "Tệp di trú {name} đặt tên sai hoặc trùng số; cần NNNN_noun.sql.",
        "Migration {name} is misnamed or repeats a number; NNNN_noun.sql is needed.",
    ),
    "migration-misdirected": (
        "Dòng đầu của tệp di trú {name} không hiểu được: {line}",
        "The first line of migration {name} is not understood: {line}",
    ),
    "migration-forbidden": (
        "Tài khoản cơ sở dữ liệu không đủ quyền cho di trú {name}: cần CREATEROLE và quyền CREATE trên cơ sở dữ liệu. "
        "(Nguyên văn: {reason})",
        "The database login lacks the rights for migration {name}: it needs CREATEROLE and CREATE on the database. "
        "({reason})",
    ),
    "setting-unfit": (
        "Giá trị của {variable} không dùng được: {reason}",
        "The value of {variable} cannot be used: {reason}",
    ),
    "already-running": (
        "Đang có một tiến trình {name} chạy trên MOCBAN_HOME này. Dừng nó bằng: ./run stop",
        "A {name} process already runs on this MOCBAN_HOME. Stop it with: ./run stop",
    ),
    "keystore-passphrase": (
        "Cụm mật khẩu của kho khóa {folder} không đúng. Đặt MOCBAN_PASSPHRASE như khi lập sổ cái (không đặt thì dùng "
        "tệp passphrase trong thư mục ấy).",
        "The passphrase is not that of the key store {folder}. Set MOCBAN_PASSPHRASE as it was when the ledger was "
        "founded (unset: the file passphrase in that folder is used).",
    ),
    "keystore-damaged": (
        "Kho khóa {folder} bị hỏng. Khôi phục thư mục này từ bản sao lưu.",
        "The key store {folder} is damaged. Restore that folder from its back-up.",
    ),
    "internal-fault": (
        "Lỗi bên trong chương trình ({kind}). Chỗ xảy ra được ghi trong {log}.",
        "A fault inside the program ({kind}). Where it happened is noted in {log}.",
    ),
    "ledger-of-other-keys": (
        "Cơ sở dữ liệu này chứa một sổ cái do kho khóa khác lập ra. Đặt MOCBAN_HOME tới thư mục có kho khóa của nó, "
        "hoặc chọn cơ sở dữ liệu khác.",
        "This database holds a ledger that another key store founded. Point MOCBAN_HOME to the folder with its keys, "
        "or choose another database.",
    ),
    "typeface-missing": (
        "Không tìm thấy phông chữ có đủ chữ Việt. Cài gói fonts-liberation hoặc fonts-dejavu-core "
        "(apt-get install fonts-liberation) rồi chạy lại.",
        "No typeface with all Vietnamese letters was found. Install fonts-liberation or fonts-dejavu-core "
        "(apt-get install fonts-liberation) and run again.",
    ),
    "projection-lags": (
        "Dữ liệu tra cứu chưa theo kịp sổ cái (cần vị trí {position}, đang ở {reached}). Thử lại sau giây lát.",
        "What can be queried has not caught up with the ledger (needs position {position}, is at {reached}). "
        "Try again shortly.",
    ),
    "projection-stopped": (
        "Việc cập nhật dữ liệu tra cứu đã dừng vì lỗi ({reason}). Xem nhật ký rồi khởi động lại.",
        "The folding of events into what can be queried has stopped on an error ({reason}). See the log, then restart.",
    ),
    "projection-cannot-read": (
        "Không đọc được sự kiện {type} ở vị trí {position}. Cập nhật mocban.",
        "The event {type} at position {position} cannot be read. Update mocban.",
    ),
    "projection-needs-rebuild": (
        "Khung nhìn {view} không cùng vị trí với các khung nhìn khác. Chạy: ./run rebuild",
        "The view {view} is not where the other views are. Run: ./run rebuild",
    ),
    "projection-rebuild-runs": (
        "Đang có một lần dựng lại dữ liệu tra cứu khác. Chờ nó xong.",
        "Another rebuild of what can be queried is at work. Wait for it to end.",
    ),
    "migration-waits": (
        "Không khóa được bảng cho {name} trong {seconds} giây: có việc khác đang đọc hoặc ghi lâu (dựng lại, xuất "
        "sổ cái, sao lưu). Chưa thay đổi gì. Chờ việc đó xong rồi chạy lại: ./run migrate",
        "The tables of {name} could not be locked within {seconds} seconds: something reads or writes for long (a "
        "rebuild, an export, a back-up). Nothing was changed. When it has ended, run: ./run migrate",
    ),
    "repository-missing": (
        "Lệnh này chỉ chạy trong cây mã nguồn, qua ./run ({folder} không phải, hoặc thiếu công cụ phát triển).",
        "This command works in the source tree only, by ./run ({folder} is none, or lacks the development tools).",
    ),
    "row-altered": (
        "{log}: dòng của hành vi {act}, sự kiện {event} trong cơ sở dữ liệu đã bị sửa so với bản đã công bố.",
        "{log}: the database row of act {act}, event {event} was altered since it was published.",
    ),
    "row-missing": (
        "{log}: dòng của hành vi {act}, sự kiện {event} đã công bố nhưng không còn trong cơ sở dữ liệu.",
        "{log}: the row of act {act}, event {event} was published and is gone from the database.",
    ),
    "row-stray": (
        "{log}: dòng của hành vi {act}, sự kiện {event} nằm ngoài sổ; không hành vi đã ký nào chứa nó.",
        "{log}: the row of act {act}, event {event} lies outside the log; no signed act carries it.",
    ),
    "tile-unreadable": (
        "{log}: mảnh đã công bố từ hành vi {act}, sự kiện {event} bị thiếu hoặc hỏng; không có gì để so.",
        "{log}: the published tile from act {act}, event {event} is missing or broken: nothing to compare with.",
    ),
    "file-missing": ("Không có tệp {path}.", "There is no file {path}."),
    "folder-missing": ("Không có thư mục {path}.", "There is no folder {path}."),
    "log-stopped": (
        "Sổ cái đã tự dừng ({reason}): cơ sở dữ liệu không khớp với điểm kiểm đã ký. Không phục vụ tiếp. Hãy khôi "
        "phục cơ sở dữ liệu mới nhất, hoặc tìm xem đã có gì bị thay đổi.",
        "The log has stopped itself ({reason}): the database does not agree with the signed checkpoint. Serving ends. "
        "Restore the newest database, or find out what was changed.",
    ),
    "disk-full": (
        "Hết chỗ trên đĩa ({folder}). Không mất gì: những gì đã báo là ghi xong vẫn còn, việc dở dang chưa được "
        "ghi. Giải phóng chỗ hoặc mở rộng đĩa rồi chạy lại lệnh này.",
        "The disk is full ({folder}). Nothing is lost: what was reported as done is there, what was under way was "
        "not recorded. Free some space or enlarge the disk, then run this command again.",
    ),
    "disk-read-only": (
        "Đĩa chỉ cho đọc ({folder}). Không mất gì. Gắn lại đĩa để ghi được (có thể đĩa hỏng: xem nhật ký của máy) "
        "rồi chạy lại lệnh này.",
        "The disk is read-only ({folder}). Nothing is lost. Mount it writable again (it may be failing: see the "
        "machine's log), then run this command again.",
    ),
    "path-unfit": (
        "Không dùng được đường dẫn {path}: không có thư mục ấy, không có quyền, hoặc đó là thư mục, thiết bị mà cần "
        "tệp (hay ngược lại). Không có gì được ghi vào đó.",
        "The path {path} cannot be used: the folder is not there, the right is missing, or it is a folder or a device "
        "where a file is needed (or the reverse). Nothing was written there.",
    ),
    "usage-wrong": ("Sai cách dùng: {vi}. Xem {help}", "Wrong usage: {en}. See {help}"),
    "argument-not-text": (
        "Một đối số trên dòng lệnh không phải chữ UTF-8; hãy gõ lại, hoặc đổi tên tệp.",
        "An argument on the command line is not UTF-8 text; type it again, or rename the file.",
    ),
    "database-lost": (
        "Mất kết nối tới cơ sở dữ liệu giữa chừng. Những gì đã báo là ghi xong vẫn còn. Chạy lại lệnh này; nếu "
        "vẫn vậy, xem nhật ký PostgreSQL.",
        "The database went away in the middle of the work. What was reported as done is there. Run this command "
        "again; if it happens again, see PostgreSQL's log.",
    ),
    "database-read-only": (
        "Cơ sở dữ liệu chỉ cho đọc: đây là bản sao chờ, hoặc máy chủ đã bị khóa ghi. Đặt DATABASE_URL tới máy chủ "
        "chính.",
        "The database takes no writes: it is a standby, or was made read-only. Point DATABASE_URL to the primary "
        "server.",
    ),
}
