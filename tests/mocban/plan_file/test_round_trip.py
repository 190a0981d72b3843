"""A plan says the same as YAML and as a workbook."""

from __future__ import annotations

from pathlib import Path

import msgspec
from hypothesis import given, settings

from domain.plan import ChangeKind
from domain.plan_file import ChangeEntry, PlanFile
from mocban.plan_file.reading import read_plan_file, write_plan_file
from mocban.plan_file.yaml_form import write_yaml
from reference.plan import load_plan
from tests.folders import passable_folder
from tests.mocban.plan_file.plans import plans

SHIPPED = Path(__file__).resolve().parents[3] / "reference" / "plans" / "2025-07-01.yaml"


def test_the_shipped_plan_goes_through_a_workbook_and_back(tmp_path: Path) -> None:
    """Given the shipped YAML, when it is made a workbook and YAML again, plan and text are what they were."""
    shipped = read_plan_file(SHIPPED)
    assert shipped.plan == load_plan()
    assert shipped.flags == ()
    write_plan_file(load_plan(), tmp_path / "plan.xlsx")
    read = read_plan_file(tmp_path / "plan.xlsx").plan
    assert read == shipped.plan
    write_plan_file(read, tmp_path / "plan.yaml")
    assert read_plan_file(tmp_path / "plan.yaml").plan == shipped.plan
    assert (tmp_path / "plan.yaml").read_text(encoding="utf-8") == write_yaml(load_plan())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.xlsx", "plan.yaml"]


def test_codes_are_texts_to_any_reader_of_yaml() -> None:
    """Given a code with a nine, which YAML 1.1 takes for text and 1.2 for a number, then it stands in quotes."""
    change = ChangeEntry(unit="00097", change=ChangeKind.DISSOLVED)
    plan = msgspec.structs.replace(load_plan(), changes=(change,))
    assert "unit: '00097'" in write_yaml(plan)


@settings(max_examples=15, deadline=None)
@given(plan=plans())
def test_any_plan_goes_through_a_workbook_and_back(plan: PlanFile) -> None:
    """Given any plan, YAML -> plan -> XLSX -> plan -> YAML gives the same plan and the same text."""
    folder = passable_folder("mocban-plan-")
    try:
        text = write_yaml(plan)
        (folder / "one.yaml").write_text(text, encoding="utf-8")
        first = read_plan_file(folder / "one.yaml")
        assert first.faults == ()
        assert first.plan == plan
        write_plan_file(first.plan, folder / "plan.xlsx")
        second = read_plan_file(folder / "plan.xlsx")
        assert second.faults == ()
        assert second.plan == plan
        assert write_yaml(second.plan) == text
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
