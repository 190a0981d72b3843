"""Make the demo's worksheet from its lists: `python -m reference.make_worksheet`. The same bytes every time.

Run by hand after `reference.draw_scans`; the outputs are committed. Two values are planted wrong, a date and a
number, so that what is read from the paper contradicts the worksheet; `worksheets/truth.json` says which.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

from digitization.worksheet_template import write_worksheet

FOLDER = Path(__file__).parent / "worksheets"
SCANS = Path(__file__).parent / "scans"
PLANTED = {
    "tan-minh-thuong-tin-67-qd-ubnd.pdf": ("date", "2018-09-05"),
    "thuong-tin-58-kh-mttq.pdf": ("number", "85"),
}
"""Scan -> the field that the worksheet has wrong, and what it says."""

_BLOCKS = {"H": "Chính quyền", "A": "Đảng", "I": "Đoàn thể"}
_STATES = {"finished": "Đã kết thúc", "unfinished": "Chưa kết thúc"}
_RIGHTS = {"": "Công khai", "conditional": "Có điều kiện"}
_ZIP_DATE = (2025, 1, 1, 0, 0, 0)


def main() -> None:
    """Write `demo.xlsx` and `truth.json`."""
    listed = _read("demo-files")
    truth: list[dict[str, Any]] = json.loads((SCANS / "truth.json").read_text(encoding="utf-8"))
    described = _read("demo-documents")
    documents = [_scanned(one) for one in truth] + [_described(row) for row in described]
    documents.sort(key=lambda row: (row["file_code"], int(row["ordinal"])))
    path = FOLDER / "demo.xlsx"
    write_worksheet(path, [_file(row) for row in listed], documents)
    _fix_dates(path)
    persons = {name for row in listed for name in row["persons"].split(";") if name}
    persons |= {row["signer"] for row in documents if row["signer"]} | {
        name for one in truth for name in one["persons"]
    }
    answers = {
        "files": len(listed),
        "documents": len(documents),
        "titles": [row["title"] for row in listed],
        "subjects": sorted({row["subject"] for row in documents}),
        "persons": sorted(persons),
        "faults": {_code(row): _fault(row) for row in listed if _fault(row)},
        "contradictions": [_contradiction(one) for one in truth if one["scan"] in PLANTED],
    }
    text = json.dumps(answers, ensure_ascii=False, indent=1)
    (FOLDER / "truth.json").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(listed)} files, {len(documents)} documents\n")


def _read(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _code(row: dict[str, str]) -> str:
    return f"{row['organ_id']}.{row['catalog']}.{row['notation']}"


def _fault(row: dict[str, str]) -> str:
    """Why the entry gate will send the file back; empty where it will pass."""
    if row["faults"]:
        return {"unarranged": "not-arranged"}.get(row["faults"], row["faults"])
    in_force = "2011" <= row["appraised_on"] < "2023-02-15"
    return "" if row["retention_rule"] and in_force else "retention-not-stated"


def _parts(prefix: str, date: str) -> dict[str, str]:
    """Day, month and year apart; what the date lacks stays empty."""
    year, month, day = [*date.split("-"), "", ""][:3]
    return {f"{prefix}day": day, f"{prefix}month": month, f"{prefix}year": year}


def _file(row: dict[str, str]) -> dict[str, str]:
    faults = row["faults"]
    kept = (
        "organ_id",
        "catalog",
        "notation",
        "list_no",
        "title",
        "retention",
        "retention_rule",
        "sheets",
        "box",
        "shelf",
    )
    return {
        **{field: row[field] for field in kept},
        "fonds": f"P-{row['organ_id'].replace('.', '')}",
        **_parts("start_", row["start"]),
        **_parts("end_", row["end"]),
        "state": _STATES[row["state"]],
        "appraised_on": "/".join(reversed(row["appraised_on"].split("-"))),
        "rights": _RIGHTS[row["rights"]],
        "block": _BLOCKS[row["organ_id"][0]],
        "arranged": "Không" if faults == "unarranged" else "Có",
        "duplicate": "Có" if faults == "duplicate" else "Không",
        "superfluous": "Có" if faults == "superfluous" else "Không",
        "damaged": "Có" if faults == "damaged" else "Không",
        "volumes": row["volumes"] or "1",
        "repository": "Kho lưu trữ hiện hành",
        "holder": row["organ_id"],
        "language": "Tiếng Việt",
    }


def _scanned(one: dict[str, Any]) -> dict[str, str]:
    fields = dict(one["fields"])
    if one["scan"] in PLANTED:
        field, wrong = PLANTED[one["scan"]]
        fields[field] = wrong
    return {
        "file_code": one["file"],
        "ordinal": str(one["ordinal"]),
        "type_name": fields["type"],
        "number": fields["number"],
        "notation": fields["symbol"],
        **_parts("", fields["date"]),
        "organ_name": fields["organ"],
        "subject": fields["subject"],
        "signer": fields["signer"],
        "signer_position": fields["position"],
        "pages": str(len(one["pages"])),
        "scan": one["scan"],
    }


def _described(row: dict[str, str]) -> dict[str, str]:
    return {**row, **_parts("", row["issued"])}


def _contradiction(one: dict[str, Any]) -> dict[str, str]:
    field, wrong = PLANTED[one["scan"]]
    return {"scan": one["scan"], "file": one["file"], "field": field, "worksheet": wrong, "paper": one["fields"][field]}


def _fix_dates(path: Path) -> None:
    """Take the moment of making out of the workbook, so that making it again gives the same bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    stamp = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            fixed = stamp.sub(b"2025-01-01T00:00:00Z", content) if name == "docProps/core.xml" else content
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), fixed, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
