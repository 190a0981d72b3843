"""Step 8: what happened and where to look, as one object for scripts and a short table for people."""

from __future__ import annotations

from pathlib import Path

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from mocban.demo.digitizing import Digitized
from mocban.demo.files import Registered
from mocban.demo.publishing import Published
from mocban.demo.reading import Readings
from mocban.demo.reorganizing import Reorganized


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the steps brought."""

    city: dict[str, int]
    registered: Registered
    bundles: int
    digitized: Digitized
    matched: int
    readings: Readings | None
    reorganized: Reorganized
    published: Published
    remarks: dict[str, int]
    seconds: dict[str, float]
    home: Path

    @property
    def partial(self) -> bool:
        """Whether bad input was refused while the rest went through."""
        return bool(self.registered.rows_refused or self.digitized.refused)


def as_object(outcome: Outcome) -> dict[str, object]:
    """The contract for scripts: keys stay."""
    published, digitized, registered = outcome.published, outcome.digitized, outcome.registered
    return {
        "acts": published.acts,
        "events": published.events,
        "files": registered.files + outcome.bundles,
        "documents": digitized.documents,
        "duplicates": digitized.duplicates,
        "pages": digitized.pages,
        "refused": registered.rows_refused + registered.sent_back + digitized.refused,
        "rows_refused": registered.rows_refused,
        "sent_back": registered.sent_back,
        "scans_refused": digitized.refused,
        "remarks": outcome.remarks,
        "units": outcome.city["units"],
        "agencies": outcome.city["agencies"],
        "matched": outcome.matched,
        "read": outcome.readings.reader if outcome.readings else 0,
        "denied": outcome.readings.stranger if outcome.readings else 0,
        "fonds_assigned": outcome.reorganized.fonds_assigned,
        "awaiting": outcome.reorganized.awaiting,
        "handed_over": len(outcome.reorganized.handed_over),
        "verified": published.verified,
        "log": str(published.log),
        "log_vkey": str(published.log / "log_vkey"),
        "actor_vkeys": str(published.log / "actor_vkeys"),
        "trust": str(published.trust),
        "certificate": str(published.certificate) if published.certificate else "",
        "pades_level": published.pades_level,
        "minutes": str(published.minutes) if published.minutes else "",
        "bundle": str(published.bundle),
        "tokens": str(outcome.readings.tokens) if outcome.readings else "",
        "home": str(outcome.home),
        "seconds": outcome.seconds,
    }


def show(outcome: Outcome) -> None:
    """The table, on stdout."""
    facts = as_object(outcome)
    console = Console(highlight=False)
    table = Table(box=box.SIMPLE_HEAD, show_header=False, title="Mộc Bản · kết quả / what happened")
    table.add_column(justify="left")
    table.add_column(justify="right", style="bold")
    rows = (
        ("Hành vi đã ký / signed acts", facts["acts"]),
        ("Sự kiện / events", facts["events"]),
        ("Đơn vị, cơ quan ngày 30/6/2025 / units, agencies", f"{facts['units']}, {facts['agencies']}"),
        ("Hồ sơ / files", facts["files"]),
        ("Không qua kiểm tra đầu vào / stopped at the gate", facts["sent_back"]),
        ("Dòng, bản quét bị từ chối / rows, scans refused", f"{facts['rows_refused']}, {facts['scans_refused']}"),
        ("Lưu ý (bỏ qua, chuẩn hóa) / remarks", sum(outcome.remarks.values())),
        ("Văn bản số hóa / documents digitized", facts["documents"]),
        ("Bản trùng khít / exact duplicates", facts["duplicates"]),
        ("Văn bản đối khớp ở hai phông / matched", facts["matched"]),
        ("Đọc, bị từ chối (HTTP) / read, denied", f"{facts['read']}, {facts['denied']}"),
        ("Phông được giao / fonds assigned", facts["fonds_assigned"]),
        ("Khối tài liệu chờ nơi nhận / lots awaiting", facts["awaiting"]),
        ("Hồ sơ đã bàn giao / files handed over", facts["handed_over"]),
        ("Xác minh độc lập / verified", "ĐẠT / yes" if facts["verified"] else "KHÔNG ĐẠT / NO"),
    )
    for name, value in rows:
        table.add_row(name, str(value))
    console.print(table)
    places = (
        ("Sổ cái xuất / log", "log"),
        ("Gói kiểm toán / bundle", "bundle"),
        ("Tệp tin cậy / trust", "trust"),
        ("Giấy chứng nhận / certificate", "certificate"),
        ("Biên bản giao nhận / record of hand-over", "minutes"),
        ("Thẻ truy cập / tokens", "tokens"),
    )
    for name, place in places:
        console.print(f"  {name}: {facts[place]}", soft_wrap=True, highlight=False)
    console.print("  ./run serve -> http://127.0.0.1:8400    ./run verify PATH --trust FILE", highlight=False)
