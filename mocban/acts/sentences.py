"""One sentence for each kind of event: permanent name -> (Vietnamese, English), over the payload and `kid`."""

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "registry.genesis/1": ("Lập sổ cái", "Founds a ledger"),
    "registry.key-enrolled/1": (
        "Ghi nhận khóa {kid} là của người ký {actor}",
        "Enrols key {kid} as belonging to actor {actor}",
    ),
    "registry.key-rotated/1": (
        "Người ký {actor} thay khóa {old} bằng khóa {kid}; khóa cũ hết hiệu lực",
        "Actor {actor} replaces key {old} by key {kid}; the old one ends",
    ),
    "registry.key-revoked/1": ("Thu hồi khóa {kid}; lý do: {reason}", "Revokes key {kid}; reason: {reason}"),
    "registry.role-granted/1": (
        "Giao vai trò {role} cho người ký {actor}: được ký {acts}",
        "Grants the role {role} to actor {actor}: may sign {acts}",
    ),
    "registry.role-withdrawn/1": (
        "Rút vai trò {role} của người ký {actor}",
        "Withdraws the role {role} from actor {actor}",
    ),
    "access.checkpointed/1": ("Ghi điểm kiểm của nhật ký khai thác", "Records a checkpoint of the access log"),
    "access.record-read/1": ("Ghi một lượt khai thác", "Records a reading"),
    "access.read-denied/1": ("Ghi một lượt khai thác bị từ chối", "Records a reading that was denied"),
    "access.field-disclosed/1": (
        "Trao một trường niêm phong {field} cho một người, theo quyết định",
        "Gives one sealed field {field} to somebody, by decision",
    ),
    "accession.received/1": ("Tiếp nhận đợt giao nộp {number}", "Takes in delivery {number}"),
    "accession.rows-refused/1": ("Nêu các dòng bị từ chối", "Names the rows that are refused"),
    "unit.established/1": ("Ghi nhận một đơn vị hành chính", "Records an administrative unit"),
    "unit.ended/1": ("Chấm dứt một đơn vị hành chính", "Ends an administrative unit"),
    "unit.renamed/1": (
        "Đơn vị đổi tên hoặc đổi loại thành {name}, mã {code}, từ ngày {effective}, theo {basis}",
        "The unit becomes {name}, code {code}, from {effective}, under {basis}",
    ),
    "unit.separated/1": (
        "Tách lập đơn vị mới từ đơn vị này từ ngày {effective}, theo {basis}",
        "New units are separated from this one from {effective}, under {basis}",
    ),
    "unit.boundary-adjusted/1": (
        "Điều chỉnh địa giới đơn vị này từ ngày {effective}, theo {basis}",
        "The unit's boundary is adjusted from {effective}, under {basis}",
    ),
    "agency.renamed/1": (
        "Cơ quan đổi tên thành {name}, mã {code}, từ ngày {effective}, theo {basis}",
        "The agency becomes {name}, code {code}, from {effective}, under {basis}",
    ),
    "agency.separated/1": (
        "Tách lập cơ quan mới từ cơ quan này từ ngày {effective}, theo {basis}",
        "New agencies are separated from this one from {effective}, under {basis}",
    ),
    "agency.boundary-adjusted/1": (
        "Điều chỉnh địa bàn của cơ quan từ ngày {effective}, theo {basis}",
        "The area of the agency is adjusted from {effective}, under {basis}",
    ),
    "fonds.went-on/1": (
        "Phông {fonds} tiếp tục từ ngày {effective}, theo {basis}",
        "Fonds {fonds} goes on from {effective}, under {basis}",
    ),
    "reorganization.unit-forms-listed/1": ("Nêu tên, loại, mã mới của đơn vị", "Lists what units become"),
    "reorganization.agency-changes-listed/1": ("Nêu các cơ quan thay đổi và phông", "Lists agencies that change"),
    "agency.established/1": ("Ghi nhận một cơ quan", "Records an agency"),
    "agency.ended/1": ("Chấm dứt một cơ quan", "Ends an agency"),
    "fonds.opened/1": ("Mở một phông", "Opens a fonds"),
    "fonds.assigned/1": ("Giao phông {fonds} từ ngày {effective}", "Assigns fonds {fonds} from {effective}"),
    "file.registered/1": ("Đăng ký một hồ sơ", "Registers a file"),
    "file.admitted/1": ("Hồ sơ đạt kiểm tra đầu vào", "The file passed the entry gate"),
    "file.sent-back/1": ("Trả lại hồ sơ chưa đạt", "Sends a file back"),
    "file.digitized/1": ("Hồ sơ có bản số", "The file gains a digital carrier"),
    "file.destroyed/1": (
        "Nội dung niêm phong của hồ sơ đã bị hủy; bản sao lưu cũ còn giữ tới {backups_until}",
        "The file's sealed content is destroyed; older back-ups are kept to {backups_until}",
    ),
    "disposition.destruction-decided/1": (
        "Quyết định hủy hồ sơ {file}, lý do {ground}, theo {basis}",
        "Decides to destroy file {file}, on the ground {ground}, under {basis}",
    ),
    "disposition.destruction-completed/1": (
        "Việc hủy hồ sơ {file} đã xong: không còn bản sao lưu nào mở lại được",
        "The destruction of file {file} is complete: no back-up can bring it back",
    ),
    "audit.recorded/1": (
        "Ghi kết quả kiểm tra kho, hạt giống {seed}, điểm kiểm {size}: thấy {found}, thiếu {missing}, khác {differs}",
        "Records an audit, seed {seed}, checkpoint {size}: found {found}, missing {missing}, differ {differs}",
    ),
    "audit.lines-listed/1": ("Kê kết quả từng hồ sơ", "Lists the outcome of each file"),
    "audit.remarked/1": ("Ghi chú về hồ sơ {file}", "A remark about file {file}"),
    "document.described/1": ("Mô tả một văn bản", "Describes a document"),
    "document.digitized/1": ("Nhận bản quét của một văn bản", "Takes in the scan of a document"),
    "document.recognized/1": ("Ghi kết quả nhận dạng chữ", "Records what was recognized"),
    "document.discrepancy-noted/1": (
        "Nêu chỗ khác nhau giữa bảng kê và bản quét",
        "Notes where worksheet and scan differ",
    ),
    "document.duplicate-delivered/1": ("Ghi nhận một bản giao trùng", "Notes a document delivered twice"),
    "documents.matched/1": ("Ghép các văn bản là một", "Matches documents that are one"),
    "principal.appointed/1": (
        "Giao chức vụ {office} tại cơ quan {agency} cho người mang mã của luồng này",
        "Appoints the person whose id is this stream to the office {office} in agency {agency}",
    ),
    "principal.appointed/2": (
        "Giao chức vụ {office} tại cơ quan {agency} cho người mang mã của luồng này",
        "Appoints the person whose id is this stream to the office {office} in agency {agency}",
    ),
    "reorganization.drafted/1": ("Dự thảo sắp xếp: {title}", "Drafts a reorganization: {title}"),
    "reorganization.changes-listed/1": ("Nêu các đơn vị thay đổi", "Lists the units that change"),
    "reorganization.bodies-listed/1": ("Nêu các đơn vị và cơ quan", "Lists units and agencies"),
    "reorganization.rules-listed/1": ("Nêu các quy tắc giao hồ sơ", "Lists the rules of assignment"),
    "reorganization.adopted/1": ("Thông qua phương án sắp xếp", "Adopts the reorganization"),
    "reorganization.withdrawn/1": ("Rút phương án sắp xếp: {reason}", "Withdraws the reorganization: {reason}"),
    "reorganization.enacted/1": (
        "Thi hành phương án từ ngày {effective}",
        "Enacts the reorganization from {effective}",
    ),
    "reorganization.corrected/1": (
        "Điều chỉnh việc giao {fonds} phông từ ngày {effective}: {reason}",
        "Corrects the assignment of {fonds} fonds from {effective}: {reason}",
    ),
    "reorganization.completed/1": (
        "Hoàn thành việc sắp xếp ngày {on}, theo sổ cái đến hành vi {known_at}",
        "Completes the reorganization on {on}, by the ledger up to act {known_at}",
    ),
    "lineage.reconstructed/1": (
        "Phục dựng thay đổi đơn vị ngày {effective} theo {basis}: {title}",
        "Reconstructs changes of units of {effective} from {basis}: {title}",
    ),
    "file.assigned/1": (
        "Giao riêng hồ sơ {file} ({carriers}) cho {receiver} từ ngày {effective}",
        "Assigns file {file} ({carriers}) by its own decision to {receiver} from {effective}",
    ),
    "file.rejoined/1": (
        "Hồ sơ {file} ({carriers}) lại đi theo khối của nó từ ngày {effective}",
        "File {file} ({carriers}) goes with its lot again from {effective}",
    ),
    "file.reassigned/1": (
        "Hồ sơ {file} ({carrier}), nơi nhận riêng đã kết thúc, từ ngày {effective} đi theo phương án: {basis}",
        "File {file} ({carrier}), whose own receiver ends, goes by the plan from {effective}: {basis}",
    ),
    "lot.carved/1": (
        "Tách khối tài liệu con {name} ({files} hồ sơ, {carriers}) của phông {fonds} từ {effective}, giao {receiver}",
        "Carves the child lot {name} ({files} files, {carriers}) out of fonds {fonds} from {effective}, for {receiver}",
    ),
    "lot.files-listed/1": (
        "Liệt kê một phần hồ sơ của khối tài liệu con, từ ngày {effective}",
        "Lists a part of the child lot's files, from {effective}",
    ),
    "lot.files-returned/1": (
        "Đưa hồ sơ về lại khối của phông từ ngày {effective}",
        "Lets files go with their fonds' lots again from {effective}",
    ),
    "lot.assigned/1": (
        "Giao khối tài liệu con {lot} từ ngày {effective}",
        "Assigns the child lot {lot} from {effective}",
    ),
    "file.continued/1": (
        "Lập tiếp hồ sơ {part} thành hồ sơ {whole} từ ngày {on}, theo {basis}",
        "Continues file {part} as file {whole} from {on}, under {basis}",
    ),
    "access.granted/1": (
        "Cho phép khai thác từ ngày {since} đến hết ngày {last_day}",
        "Grants reading from {since} to {last_day}, both included",
    ),
    "access.ended/1": (
        "Chấm dứt việc cho phép khai thác từ ngày {on}, theo {basis}",
        "Ends a grant of reading from {on}, under {basis}",
    ),
    "container.registered/1": (
        "Đăng ký {kind} mang nhãn {label} của phông {fonds}, từ ngày {on}",
        "Registers the {kind} labelled {label} of fonds {fonds}, from {on}",
    ),
    "container.moved/1": ("Chuyển chỗ hộp, bó từ ngày {on}", "Moves the container on {on}"),
    "container.opened/1": (
        "Mở niêm phong số {seal} ngày {on}, theo {basis}",
        "Opens the seal {seal} on {on}, under {basis}",
    ),
    "container.resealed/1": (
        "Niêm phong bằng số {seal} ngày {on}, theo {basis}",
        "Seals the container with {seal} on {on}, under {basis}",
    ),
    "container.lent/1": (
        "Cho {borrower} mượn từ ngày {on}, hạn trả {due}",
        "Lends the container to {borrower} from {on}, due back {due}",
    ),
    "container.returned/1": ("Nhận lại hộp, bó cho mượn ngày {on}", "Takes the lent container back on {on}"),
    "documents.unmatched/1": ("Bỏ ghép các văn bản: {basis}", "Undoes a match of documents: {basis}"),
    "handover.proposed/1": (
        "Đề nghị bàn giao từ {giver} cho {receiver} theo {basis}",
        "Offers a hand-over from {giver} to {receiver} under {basis}",
    ),
    "handover.proposed/2": (
        "Đề nghị bàn giao từ {giver} cho {receiver} theo {basis}, ngày {on}",
        "Offers a hand-over from {giver} to {receiver} under {basis} on {on}",
    ),
    "handover.inventory-listed/1": ("Kê hồ sơ bàn giao", "Lists files of the hand-over"),
    "handover.withdrawn/1": ("Rút lại đề nghị bàn giao từ ngày {on}", "Takes the offered hand-over back from {on}"),
    "handover.lines-disputed/1": (
        "Nêu các dòng bên nhận không nhận ngày {on}",
        "Names the lines that the receiver does not take on {on}",
    ),
    "handover.disputes-settled/1": (
        "Giải quyết các dòng tranh chấp ngày {on} giữa {giver} và {receiver}, theo {basis}",
        "Settles disputed lines on {on} between {giver} and {receiver}, under {basis}",
    ),
    "custody.handed-over/1": (
        "Bàn giao {files} hồ sơ, {boxes} hộp, {sheets} tờ từ {giver} cho {receiver} từ ngày {on}, theo {basis}",
        "Hands {files} files, {boxes} boxes, {sheets} sheets over from {giver} to {receiver} from {on}, under {basis}",
    ),
    "custody.handed-over/2": (
        "{giver} giao {receiver} {files} hồ sơ, {boxes} hộp, {sheets} tờ từ {on}, theo {basis}; gốc danh mục {root}",
        "{giver} hands {receiver} {files} files, {boxes} boxes, {sheets} sheets from {on}, under {basis}; root {root}",
    ),
}
