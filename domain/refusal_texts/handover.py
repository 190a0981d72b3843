"""Refusals of hand-overs: code -> (Vietnamese, English)."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "handover-withdrawn": ("Đợt bàn giao này đã được rút lại.", "This hand-over was withdrawn."),
    "handover-not-done": (
        "Đợt bàn giao này chưa được hai bên ký, nên chưa có dòng tranh chấp nào để giải quyết.",
        "This hand-over is not signed by both yet, so it has no disputed lines to settle.",
    ),
    "handover-to-itself": (
        "Bên giao và bên nhận là một cơ quan (mã {code}).",
        "Giver and receiver are one body (code {code}).",
    ),
    "handover-line-repeated": (
        "Hồ sơ {code} có mặt hai lần trong danh mục.",
        "File {code} stands twice in the inventory.",
    ),
    "handover-line-unknown": ("Không có hồ sơ {code} trong sổ cái.", "The ledger knows no file {code}."),
    "handover-line-other-code": (
        "Dòng ghi mã {code}, nhưng hồ sơ ấy mang mã {real}.",
        "The line says {code}, but that file's code is {real}.",
    ),
    "handover-line-not-digital": (
        "Hồ sơ {code} chưa có bản số để bàn giao.",
        "File {code} has no digital carrier to hand over.",
    ),
    "handover-sealed-counted": (
        "Hồ sơ {code} giao nguyên niêm phong nên không ghi số tờ.",
        "File {code} is handed over sealed, so its sheets are not counted.",
    ),
    "handover-line-foreign": (
        "Theo sổ cái, {code} do {holder} giữ chứ không phải bên giao.",
        "By the ledger, {code} is held by {holder}, not by the giver.",
    ),
    "handover-line-offered": (
        "Hồ sơ {code} đang nằm trong một đợt bàn giao khác ({handover}).",
        "File {code} stands in another hand-over that is open ({handover}).",
    ),
    "handover-line-not-listed": (
        "{file} không có trong danh mục của đợt bàn giao này.",
        "{file} is not on this hand-over's inventory.",
    ),
    "handover-line-not-disputed": (
        "{file} không phải dòng đang tranh chấp của đợt bàn giao này.",
        "{file} is no disputed line of this hand-over.",
    ),
    "handover-root-differs": (
        "Danh mục đã đánh dấu mang gốc {stated}, danh mục trong sổ cái có gốc {root}: không phải cùng một danh mục.",
        "The ticked list bears the root {stated}; the inventory's root is {root}: they are not the same list.",
    ),
    "handover-day-to-come": (
        "Ngày giao nhận {day} chưa đến (hôm nay {today}).",
        "The day of the hand-over, {day}, has not come (today is {today}).",
    ),
    "handover-settled-too-early": (
        "Ngày giải quyết {day} sớm hơn ngày giao nhận {done}.",
        "The day of the settlement, {day}, is before that of the hand-over, {done}.",
    ),
    "handover-settled-by-nobody": (
        "Cơ quan mã {code} đã kết thúc từ {day} nên không giải quyết được dòng chưa nhận trong đợt này; lập đợt bàn "
        "giao mới cho các hồ sơ đó (handover prepare).",
        "The agency with code {code} ended on {day} and settles nothing any more; offer those files in a new hand-over "
        "(handover prepare).",
    ),
    "handover-nothing-settled": (
        "Chưa nêu dòng tranh chấp nào để giải quyết (--accept hoặc --strike).",
        "No disputed line was named to be settled (--accept or --strike).",
    ),
    "handover-text-unfit": (
        "{where}: phải có chữ, không quá {most} ký tự, không có ký tự điều khiển.",
        "{where}: must be text of at most {most} letters, without control characters.",
    ),
    "handover-decision-days": (
        "Quyết định {number}: ngày có hiệu lực {in_force} sớm hơn ngày ban hành {issued}.",
        "Decision {number}: it is in force on {in_force}, before the day it was issued, {issued}.",
    ),
    "handover-nothing-entered": (
        "Cần đúng một trong ba: --ticked TỆP, --dispute MÃ=LÝ-DO (các dòng còn lại coi là đã nhận), hay --all.",
        "Exactly one is needed: --ticked FILE, --dispute CODE=REASON (the other lines were taken), or --all.",
    ),
    "handover-nothing-printed": ("Cần --pdf, --xlsx hoặc cả hai.", "Needed: --pdf, --xlsx, or both."),
    "handover-not-received": (
        "Đợt bàn giao này chưa được hai bên ký nên chưa có biên bản.",
        "This hand-over is not signed by both yet, so there is no record of it to print.",
    ),
    "handover-deputy-missing": (
        "Bên giao (mã {code}) đã kết thúc hoạt động từ {day}: phải nêu người hoặc ban được quyết định giao bàn giao "
        "(--people).",
        "The giver (code {code}) ended on {day}: the person or committee that a decision names to hand over must be "
        "given (--people).",
    ),
    "handover-one-signer-twice": (
        "Một người không thể ký hai lần cho một biên bản giao nhận.",
        "One person cannot sign a hand-over twice.",
    ),
    "handover-signer-missing": (
        "Thiếu chữ ký của {signer}, người được nêu tên là phải ký.",
        "The signature of {signer}, who is named as a signer, is missing.",
    ),
    "handover-nothing-selected": (
        "Không có hồ sơ nào như đã chọn mà {giver} đang giữ và chưa được đề nghị bàn giao.",
        "{giver} holds no file of that selection that is not offered already.",
    ),
    "handover-selection-unclear": (
        "Chọn hồ sơ bằng đúng một cách: --file, --files, --fonds (kèm --lot), --unit hoặc --due.",
        "Choose files in exactly one way: --file, --files, --fonds (with --lot), --unit or --due.",
    ),
    "handover-lot-unknown": (
        "{lot} không phải khóa của một khối tài liệu.",
        "{lot} is no lot's key.",
    ),
    "handover-agency-unclear": (
        "{given} không phải mã hoặc id của một cơ quan tồn tại vào ngày {day}.",
        "{given} is neither the code nor the id of an agency that exists on {day}.",
    ),
    "handover-people-unfit": (
        "Tệp nêu người giao và người chứng kiến sai ở {where} (nguyên văn: {reason}).",
        "The file that names deputy and witnesses is unfit at {where}: {reason}.",
    ),
    "handover-dispute-unclear": (
        "{given}: một dòng tranh chấp được viết là MÃ-HỒ-SƠ=LÝ-DO; lý do là một trong: {reasons}.",
        "{given}: a disputed line is written as FILECODE=REASON; the reason is one of: {reasons}.",
    ),
    "handover-metres-unfit": ("Số mét giá không hợp lệ: {given}.", "Not a number of shelf metres: {given}."),
    "handover-not-published": (
        "Hành vi số {act} chưa nằm dưới điểm kiểm nào; hãy chờ công bố.",
        "Act {act} is under no checkpoint yet; wait until it is published.",
    ),
    "ticked-unfit": (
        "Danh mục đã đánh dấu {file} có {faults} chỗ sai; chưa ghi gì vào sổ cái.",
        "The ticked list {file} has {faults} faults; nothing was recorded.",
    ),
    "ticked-unreadable": (
        "Không đọc được {file}: cần .xlsx hoặc .csv (UTF-8) của danh mục đã đánh dấu.",
        "Cannot read {file}: a ticked list is .xlsx or .csv (UTF-8).",
    ),
    "ticked-too-large": ("{file} quá lớn để là một danh mục.", "{file} is too large to be a list."),
    "ticked-other-handover": (
        "danh mục này thuộc đợt bàn giao khác ({stated})",
        "this list is of another hand-over ({stated})",
    ),
    "ticked-root-differs": ("gốc danh mục khác: {stated}", "another root stands here: {stated}"),
    "ticked-no-head": (
        "không thấy dòng tiêu đề có cột Mã hồ sơ và cột Kết quả",
        "no row of heads with the columns for file code and result was found",
    ),
    "ticked-code-foreign": ("{code} không có trong danh mục", "{code} is not on the inventory"),
    "ticked-code-repeated": ("{code} có mặt hai lần", "{code} stands here twice"),
    "ticked-code-absent": ("thiếu dòng của hồ sơ {code}", "the line of file {code} is missing"),
    "ticked-no-code": ("dòng không có mã hồ sơ", "the line has no file code"),
    "ticked-blank": (
        "hồ sơ {code} chưa được đánh dấu: nhận hoặc không nhận",
        "file {code} is not ticked: taken or not taken",
    ),
    "ticked-mark-unknown": ("dấu {mark} không hiểu được", "the mark {mark} is not understood"),
    "ticked-reason-missing": (
        "hồ sơ {code} không nhận nhưng không có lý do",
        "file {code} is not taken and no reason is given",
    ),
    "ticked-reason-unknown": ("lý do {reason} không có trong danh sách", "the reason {reason} is not on the list"),
    "ticked-reason-idle": (
        "hồ sơ {code} đã nhận nhưng lại có lý do không nhận",
        "file {code} is taken and yet has a reason against it",
    ),
    "ticked-formula": ("ô chứa công thức", "the cell holds a formula"),
}
