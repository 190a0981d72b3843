"""A worksheet for an import to be killed at: synthetic files of one agency, enough of them for several acts."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from digitization.worksheet_columns import FILE_COLUMNS
from mocban.hanoi import fonds_creators

ROWS: Final = 12_000


def write_delivery(path: Path, rows: int = ROWS) -> None:
    """Write it as CSV."""
    fonds, agency = min(fonds_creators().items())
    same = {
        "organ_id": agency,
        "fonds": fonds,
        "catalog": "2019",
        "start_year": "2019",
        "state": "Đã kết thúc",
        "block": "Chính quyền",
        "arranged": "Có",
        "holder": agency,
        "retention": "vĩnh viễn",
    }
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.header for column in FILE_COLUMNS])
        for number in range(rows):
            row = {**same, "notation": f"D{number:06}", "title": f"Hồ sơ diễn tập số {number}"}
            writer.writerow([row.get(column.field, "") for column in FILE_COLUMNS])
