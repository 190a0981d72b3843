"""Changes of units and agencies in plan files: what contradicts their kinds is told at its line and its cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from mocban.plan_file.reading import read_plan_file, write_plan_file
from mocban.plan_file.schema import plan_schema
from mocban.plan_file.workbook_layout import AGENCY_CHANGES, CHANGES

DOCUMENTED = (Path(__file__).resolve().parents[3] / "docs" / "plan-file.md").read_text(encoding="utf-8")
PLAN = next(one.split("```")[0] for one in DOCUMENTED.split("```yaml\n") if "agency_changes:" in one.split("```")[0])
LINE = {text: number for number, text in enumerate(PLAN.splitlines(), 1)}


def _line(begin: str) -> int:
    return next(number for text, number in LINE.items() if text.strip().startswith(begin))


IN_YAML = [  # what is written instead of what; code, the line that it is told at
    ("fonds: closes, basis: 101", "fonds: opens, basis: 101", "plan-fonds-contradicts-change", "- {agency: H26.10"),
    ("successors: [H26.02], fonds", "fonds", "plan-fonds-goes-on-with-nobody", "- {agency: H26.14"),
    ("[H26.91, H26.92]", "[H26.91]", "plan-successors-unfit", "- {agency: H26.13"),
    ("- {agency: H26.14", "- {agency: H26.10", "plan-entry-repeated", "- {agency: H26.14"),
    (", becomes: {name: Phường Phú Gia}", "", "plan-becomes-missing", '- {unit: "00091"'),
    ("becomes: {name: Phường Phú Gia}", "becomes: {}", "plan-becomes-missing", '- {unit: "00091"'),
    ("change: separated\n", "change: separated\n    becomes: {name: X}\n", "plan-becomes-unfit", "change: separated"),
    ("basis: 102/QĐ-UBND", "basis: ''", "plan-value-missing", "- {agency: H26.13"),
    ("fonds: closes, basis: 102", "fonds: closed, basis: 102", "plan-word-unknown", "- {agency: H26.13"),
    ("kind: ward, code: ", "kind: town, code: ", "plan-word-unknown", '- {unit: "00376"'),
    ("Sở Văn hóa, Thể thao và Du lịch thành", "Công an thành", "agency-out-of-scope", 'becomes: {name: "Sở'),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "code", "line"), IN_YAML)
def test_a_fault_is_told_at_its_line(tmp_path: Path, was: str, now: str, code: str, line: str) -> None:
    """Given the documented plan with one thing wrong, then that is found, at its line (or the one put after it)."""
    assert was in PLAN
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace(was, now, 1), encoding="utf-8")
    found = {(one.code, one.at.line) for one in read_plan_file(path).faults}
    wanted = _line(line)
    assert {(code, wanted), (code, wanted + 1)} & found, found


def test_a_fault_is_told_at_its_cell(tmp_path: Path) -> None:
    """Given the same plan as a workbook, when a cell is changed, then the fault is told at that cell."""
    path = tmp_path / "plan.xlsx"
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    read = read_plan_file(tmp_path / "plan.yaml")
    assert read.faults == ()
    assert read.plan is not None
    write_plan_file(read.plan, path)
    assert read_plan_file(path).plan == read.plan
    book = load_workbook(path)
    book[AGENCY_CHANGES]["C3"].value = "opens"
    book[AGENCY_CHANGES]["E5"].value = "H26.91"
    book[CHANGES]["J4"].value = None
    book[CHANGES]["H4"].value = "town"
    book.save(path)
    found = {(one.code, one.at.sheet, one.at.cell) for one in read_plan_file(path).faults}
    assert ("plan-word-unknown", CHANGES, "H4") in found
    book[CHANGES]["H4"].value = "ward"
    book.save(path)
    found = {(one.code, one.at.sheet, one.at.cell) for one in read_plan_file(path).faults}
    assert found == {
        ("plan-fonds-contradicts-change", AGENCY_CHANGES, "C3"),
        ("plan-successors-unfit", AGENCY_CHANGES, "E5"),
    }


def test_the_schema_knows_them() -> None:
    """Given the JSON Schema, then it has the changes of agencies, their words and what a renamed body becomes."""
    schema = plan_schema()
    entry = schema["$defs"]["AgencyChangeEntry"]
    assert set(entry["required"]) == {"agency", "change", "fonds", "basis"}
    assert schema["$defs"]["FondsOutcome"]["enum"] == ["closes", "goes-on", "opens"]
    assert "becomes" in schema["$defs"]["ChangeEntry"]["properties"]
