"""Every fault of a plan file is told at its line, or its sheet and cell."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import msgspec
import pytest
from openpyxl import load_workbook

from domain.errors import TEXTS, Refusal
from domain.plan_check import Validity, check
from mocban.__main__ import main
from mocban.plan_file.form import MAX_BYTES, Fault
from mocban.plan_file.reading import read_plan_file, write_plan_file
from mocban.plan_file.schema import plan_schema
from reference.instruments import instruments
from reference.plan import CHANGE_SETS, load_plan

PLAN = """\
title: Thử
effective: "2025-07-01"
instrument:
  number: 1/NQ
  issued: "2025-06-16"
  issuer: Quốc hội
  in_force: "2025-06-16"
changes:
  - unit: "00001"
    change: consolidated
    successors:
      - {unit: "00003", share: whole, population_share: all}
receivers: {archive: H26.17}
units:
  - {code: "00003", name: Phường Mới, kind: ward, level: commune}
rules:
  - id: one
    when: {block: [government]}
    receiver: archive
    basis: Luật Lưu trữ 33/2024/QH15, Điều 65
    confidence: law
"""
AGAIN = "  - {id: one, when: {}, receiver: awaiting, basis: x, confidence: law}\n"
IN_YAML = [  # what is written instead of what; line, code
    ("title: Thử\n", "", 1, "plan-member-missing"),
    ("title: Thử", "title: ''", 1, "plan-value-missing"),
    ("title: Thử", 'title: "\\a"', 1, "plan-text-control"),
    ("title: Thử", "title: Thử\ntieude: x", 2, "plan-member-unknown"),
    ("title: Thử", "title: Thử\ntitle: x", 2, "plan-member-repeated"),
    ('effective: "2025-07-01"', "effective: 2025-07", 2, "plan-day-unfit"),
    ('effective: "2025-07-01"', "effective: 2025-02-30", 2, "plan-day-unfit"),
    ("number: 1/NQ", "number: 1656", 4, "plan-value-unfit"),
    ("  number: 1/NQ\n", "", 3, "plan-member-missing"),
    ('unit: "00001"', "unit: 00001", 9, "plan-value-unfit"),
    ("change: consolidated", "change: merged", 10, "plan-word-unknown"),
    ("share: whole,", "share: half,", 12, "plan-word-unknown"),
    ("    successors:\n", "    successors: 3\n    x:\n", 11, "plan-value-unfit"),
    ("receivers: {archive: H26.17}", "receivers: {archive: 26}", 13, "plan-value-unfit"),
    ("receivers: {archive: H26.17}", "receivers: {archive: H26.17, awaiting: H1}", 13, "plan-receiver-reserved"),
    ("[government]", "[state]", 18, "plan-word-unknown"),
    ("{block: [government]}", "{blocks: [government]}", 18, "plan-member-unknown"),
    ("receiver: archive", "receiver: archives", 19, "plan-receiver-unknown"),
    ("confidence: law", "confidence: sure", 21, "plan-word-unknown"),
    ("confidence: law\n", f"confidence: law\n{AGAIN}", 22, "plan-entry-repeated"),
    ("confidence: law", "confidence: law\n    may_await: 1", 22, "plan-value-unfit"),
    ("issuer: Quốc hội", "issuer: [Quốc hội", 7, "plan-yaml-unreadable"),
    ("issuer: Quốc hội", "issuer: &a Quốc hội\n  x: *a", 7, "plan-yaml-unreadable"),
    ("issuer: Quốc hội", "issuer: !!python/name:os.system x", 6, "plan-yaml-unreadable"),
    ("title: Thử", "title: " + "[" * 9000, 1, "plan-yaml-unreadable"),
    ("receivers: {archive: H26.17}", 'receivers: {archive: H26.17, "\\a": H1}', 13, "plan-text-control"),
    ("title: Thử", 'title: !!int ""', 1, "plan-value-unfit"),
    ("title: Thử", 'title: !!float ""', 1, "plan-value-unfit"),
    ("title: Thử", "title: !!bool x", 1, "plan-value-unfit"),
    ("title: Thử", "title: !!timestamp x", 1, "plan-value-unfit"),
    ("title: Thử", "title: Th\udcff", 1, "plan-not-utf8"),
    ("changes:\n", "changes: succession-1999\nx:\n", 9, "plan-member-unknown"),
]
HALF_PAST_EIGHT = dt.datetime.fromisoformat("2025-07-01T08:30:00")
IN_WORKBOOK = [  # sheet, cell, what is put there; the cell told, code
    ("Phương án", "B5", "2025-13-01", "B5", "plan-day-unfit"),
    ("Phương án", "B6", 1656, "B6", "plan-value-unfit"),
    ("Phương án", "A4", "tieude", "A4", "plan-member-unknown"),
    ("Phương án", "A3", "effective", "A5", "plan-member-repeated"),
    ("Phương án", "B3", "=1+1", "B3", "plan-cell-formula"),
    ("Phương án", "B5", HALF_PAST_EIGHT, "B5", "plan-value-unfit"),
    ("Quy tắc", "B3", "state", "B3", "plan-word-unknown"),
    ("Quy tắc", "B3", "government, state", "B3", "plan-word-unknown"),
    ("Quy tắc", "H3", "maybe", "H3", "plan-value-unfit"),
    ("Quy tắc", "J3", "archives", "J3", "plan-receiver-unknown"),
    ("Quy tắc", "K3", None, "K3", "plan-member-missing"),
    ("Quy tắc", "B1", "blocks", "B1", "plan-member-unknown"),
    ("Quy tắc", "A4", "two", "J4", "plan-member-missing"),
    ("Thay đổi", "A3", 1, "A3", "plan-value-unfit"),
    ("Thay đổi", "D3", "half", "D3", "plan-word-unknown"),
    ("Thay đổi", "D3", None, "D3", "plan-member-missing"),
    ("Đơn vị mới", "C3", "village", "C3", "plan-word-unknown"),
    ("Nơi nhận", "B3", 26.17, "B3", "plan-value-unfit"),
]


def faults_of(folder: Path, text: str) -> list[Fault]:
    """The faults of a YAML text."""
    (folder / "plan.yaml").write_bytes(text.encode(errors="surrogateescape"))
    return [*read_plan_file(folder / "plan.yaml").faults]


def test_the_plan_of_the_table_has_no_fault(tmp_path: Path) -> None:
    """Given the plan that the tables spoil, when it is read unspoilt, nothing is found."""
    assert faults_of(tmp_path, PLAN) == []


@pytest.mark.parametrize(("good", "bad", "line", "code"), IN_YAML)
def test_a_fault_in_yaml_is_told_at_its_line(tmp_path: Path, good: str, bad: str, line: int, code: str) -> None:
    """Given one spoilt place, when the file is read, the code and the line are told, in two languages."""
    assert good in PLAN
    faults = faults_of(tmp_path, PLAN.replace(good, bad, 1))
    assert (line, code) in {(fault.at.line, fault.code) for fault in faults}
    assert all(fault.vi and fault.en and fault.at.vi == f"dòng {fault.at.line}" for fault in faults)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Given three spoilt places, when the file is read, three faults are told, from the top down."""
    spoilt = PLAN.replace("merged", "x").replace("number: 1/NQ", "number: 1").replace("[government]", "[state]")
    spoilt = spoilt.replace("confidence: law", "confidence: sure")
    assert [fault.at.line for fault in faults_of(tmp_path, spoilt)] == [4, 18, 21]


@pytest.mark.parametrize(("sheet", "cell", "value", "told", "code"), IN_WORKBOOK)
def test_a_fault_in_a_workbook_is_told_at_its_cell(
    tmp_path: Path, sheet: str, cell: str, value: object, told: str, code: str
) -> None:
    """Given one spoilt cell, when the workbook is read, the code, the sheet and the cell are told."""
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    plan = read_plan_file(tmp_path / "plan.yaml").plan
    assert plan is not None
    write_plan_file(plan, tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    book[sheet][cell].value = value
    book.save(tmp_path / "plan.xlsx")
    reading = read_plan_file(tmp_path / "plan.xlsx")
    assert reading.plan is None
    assert (sheet, told, code) in {(fault.at.sheet, fault.at.cell, fault.code) for fault in reading.faults}


def test_receivers_without_a_name_are_told_at_their_rows(tmp_path: Path) -> None:
    """Given two agencies with no name for them, when the workbook is read, the second row is told."""
    write_plan_file(load_plan(), tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    row = book["Nơi nhận"].max_row + 1
    for at in (row, row + 1):
        book["Nơi nhận"].cell(at, 2, "H26.17")
    book.save(tmp_path / "plan.xlsx")
    told = {(fault.at.sheet, fault.at.cell, fault.code) for fault in read_plan_file(tmp_path / "plan.xlsx").faults}
    assert ("Nơi nhận", f"A{row + 1}", "plan-member-repeated") in told


def test_a_day_typed_into_a_workbook_is_a_day(tmp_path: Path) -> None:
    """Given a cell that the spreadsheet made a date, when the workbook is read, it is the same day."""
    write_plan_file(load_plan(), tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    book["Phương án"]["B5"] = dt.date(2025, 7, 1)
    book.save(tmp_path / "plan.xlsx")
    assert read_plan_file(tmp_path / "plan.xlsx").plan == load_plan()


def test_sheets_that_are_missing_or_unknown_are_told(tmp_path: Path) -> None:
    """Given a workbook of other sheets, when it is read, both are told; a file that is none is told too."""
    write_plan_file(load_plan(), tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    book["Quy tắc"].title = "Rules"
    book.save(tmp_path / "plan.xlsx")
    codes = {(fault.at.sheet, fault.code) for fault in read_plan_file(tmp_path / "plan.xlsx").faults}
    assert codes == {("Rules", "plan-sheet-unknown"), ("Quy tắc", "plan-sheet-missing")}
    book["Rules"].title = "Quy tắc"
    book["Quy tắc"]["XFD1048576"] = "x"
    book.save(tmp_path / "plan.xlsx")
    assert [fault.code for fault in read_plan_file(tmp_path / "plan.xlsx").faults] == ["plan-sheet-too-large"]
    (tmp_path / "none.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert [fault.code for fault in read_plan_file(tmp_path / "none.xlsx").faults] == ["plan-workbook-unreadable"]
    (tmp_path / "long.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(Exception, match="plan-file-too-large"):
        read_plan_file(tmp_path / "long.yaml")


def test_a_basis_not_in_force_on_the_day_is_flagged(tmp_path: Path) -> None:
    """Given the law of 2024 in a plan of May 2025, and a superseded circular, both are flagged at their lines."""
    early = PLAN.replace('effective: "2025-07-01"', 'effective: "2025-06-30"')
    early += "  - {id: two, when: {}, receiver: awaiting, basis: Thông tư 09/2011/TT-BNV, confidence: law}\n"
    (tmp_path / "plan.yaml").write_text(early, encoding="utf-8")
    reading = read_plan_file(tmp_path / "plan.yaml")
    assert reading.plan is not None
    assert [(flag.at.line, flag.code) for flag in reading.flags] == [
        (20, "plan-basis-not-in-force"),
        (22, "plan-basis-not-in-force"),
    ]
    assert "33/2024/QH15" in reading.flags[0].vi
    assert "2023-02-15" in reading.flags[1].en


def test_numbers_that_only_contain_a_known_one_are_not_it() -> None:
    """Given 106/2025/TT-BNV, when 06/2025/TT-BNV is out of force, nothing is flagged."""
    plan = load_plan()
    rule = msgspec.structs.replace(plan.rules[0], basis="Thông tư 106/2025/TT-BNV")
    out = Validity(number="06/2025/TT-BNV", in_force_from="1999", in_force_to="2000")
    changed = msgspec.structs.replace(plan, rules=(rule, *plan.rules[1:]))
    flagged = [finding.path[1] for finding in check(changed, [out], CHANGE_SETS) if finding.flagged]
    assert 0 not in flagged
    assert flagged


def test_a_rule_that_never_wins_and_an_instrument_not_yet_in_force_are_flagged() -> None:
    """Given a rule for all before the others, each after it is flagged; so is an instrument of a later day."""
    plan = load_plan()
    first = msgspec.structs.replace(plan.rules[0], id="all", when=type(plan.rules[0].when)())
    late = msgspec.structs.replace(plan.instrument, in_force="2025-08-01")
    found = check(msgspec.structs.replace(plan, rules=(first, *plan.rules), instrument=late), [], CHANGE_SETS)
    assert [finding.path[1] for finding in found if finding.code == "plan-rule-never-wins"] == [
        *range(1, len(plan.rules) + 1)
    ]
    assert "plan-instrument-not-in-force" in {finding.code for finding in found}
    assert all(finding.flagged and finding.code in TEXTS for finding in found)


def test_schema_and_instruments_are_whole() -> None:
    """Given the schema, it names every member; given the instruments, each interval is one."""
    schema = plan_schema()
    assert set(schema["$defs"]["PlanFile"]["properties"]) >= {"title", "effective", "instrument", "changes", "rules"}
    assert schema["$defs"]["Rule"]["required"] == ["id", "when", "receiver", "basis", "confidence"]
    for one in instruments():
        assert not one.in_force_to or one.in_force_from < one.in_force_to
        assert one.from_known_by in {"stated", "reconstructed", "issued"}


def test_the_command_tells_faults_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a slip of the pen, when the plan is previewed, its line is told without a database being opened."""
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace("[government]", "[governments]"), encoding="utf-8")
    assert main(["reorganization", "preview", str(path), "--json"]) == 1
    said = capsys.readouterr()
    (fault,) = json.loads(said.out)["faults"]
    assert (fault["code"], fault["at"]["line"]) == ("plan-word-unknown", 18)
    assert "dòng 18" in said.err
    assert main(["reorganization", "check", str(tmp_path / "none.yaml")]) == 1
    assert main(["reorganization", "convert", str(path), str(tmp_path / "plan.doc")]) == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["plan.yaml"]


@pytest.mark.parametrize(("out", "code"), [("none/plan.xlsx", "folder-missing"), ("taken.yaml", "file-not-writable")])
def test_a_place_where_nothing_can_be_written_is_refused(tmp_path: Path, out: str, code: str) -> None:
    """Given no folder, or a folder of the file's name, when a plan is written there, a refusal says so."""
    (tmp_path / "taken.yaml").mkdir()
    with pytest.raises(Refusal) as refused:
        write_plan_file(load_plan(), tmp_path / out)
    assert refused.value.code == code
    assert [one.name for one in tmp_path.iterdir()] == ["taken.yaml"]


def test_a_file_beside_the_one_written_is_left_alone(tmp_path: Path) -> None:
    """Given a file of somebody's own beside it, when a plan is written, there are these two and no other."""
    (tmp_path / ".plan.yaml.part").write_text("mine", encoding="utf-8")
    write_plan_file(load_plan(), tmp_path / "plan.yaml")
    assert (tmp_path / ".plan.yaml.part").read_text(encoding="utf-8") == "mine"
    assert {one.name for one in tmp_path.iterdir()} == {".plan.yaml.part", "plan.yaml"}


def test_the_documented_plan_has_no_fault(tmp_path: Path) -> None:
    """Given the example of the documentation, when it is read, nothing is found."""
    told = (Path(__file__).resolve().parents[3] / "docs" / "plan-file.md").read_text(encoding="utf-8")
    assert faults_of(tmp_path, told.split("```yaml\n")[1].split("```")[0]) == []
    codes = set(re.findall(r"`(plan-[a-z-]+)`", told))
    assert codes <= set(TEXTS)
