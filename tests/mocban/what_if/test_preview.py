"""`reorganization preview` on a small city: figures, differences, files, and nothing written to the database."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from openpyxl import load_workbook

from domain.errors import Refusal
from domain.lot import RetentionClass
from domain.plan import ChangeKind, FondsOutcome
from domain.plan_file import AgencyChangeEntry, AgencyFormEntry, ChangeEntry
from mocban.database import Databases
from mocban.what_if.resolving import resolve
from projections.view import Connection
from projections.whatif import one_moment, preview
from tests.mocban.what_if.small_plan import (
    CODES,
    NAMING,
    NEW,
    everything_to,
    run,
    story_file,
    told,
    with_rules,
    written,
)
from tests.projections.house import House, Rows
from tests.projections.story import Story, a

FIGURES = ("fonds", "lots", "files", "documents", "boxes", "metres", "unmeasured")


@pytest.fixture(scope="module")
def story(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The small city until the plan is drafted, folded."""
    house = House(module_database, tmp_path_factory.mktemp("what-if"))
    told = Story(house)
    told.until_enactment()
    house.runner.drain()
    yield told
    house.close()


@pytest.fixture(scope="module")
def reader(story: Story) -> Iterator[Connection]:
    """A reader's connection."""
    with story.house.reader() as connection:
        yield connection


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The story's plan in a file."""
    return written(tmp_path, "plan.yaml", story_file())


def test_the_report_says_what_the_what_if_says(
    reader: Connection, story: Story, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a plan by codes, when it is previewed, receivers that go on must have what the plan by ids gives them."""
    report = told(capsys, reader, plan)
    foreseen = preview(reader, story.plan())
    expected = {
        (line.receiver, line.carrier): {name: getattr(line.must_have, name) for name in FIGURES}
        for line in foreseen.after
        if line.receiver in {None, a("agency", "archive"), a("agency", "party-archive")}
    }
    seen = {
        (line["receiver"].get("id"), line["carrier"]): {key: line["plan"][key] for key in FIGURES}
        for line in report["receivers"]
        if line["plan"]["files"]
    }
    assert expected
    for (receiver, carrier), figures in expected.items():
        assert seen[receiver and str(receiver), carrier] == figures
    assert sum(one["files"] for one in seen.values()) == sum(one.must_have.files for one in foreseen.after)
    assert report["may_be_enacted"]
    assert report["fonds"] == foreseen.fonds
    assert len(report["late_documents"]) == foreseen.late_documents > 0
    assert report["claims"]


def test_metres_are_unknown_and_not_nought(reader: Connection, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given boxes without a length, when they are counted, metres are null in JSON and said to be unknown."""
    report = told(capsys, reader, plan)
    assert report["metres"] == "unknown"
    amounts = [line["plan"] for line in report["receivers"]]
    assert {one["metres"] for one in amounts if one["boxes"]} == {None}
    assert {one["metres"] for one in amounts if not one["boxes"]} == {0.0}
    assert all(one["unmeasured"] == one["boxes"] for one in amounts)
    assert run(reader, plan) == 0
    assert "chưa biết" in capsys.readouterr().out


def test_nothing_is_written_to_the_database(
    reader: Connection, story: Story, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a preview with every output, neither the views nor the log change."""
    before, head = Rows.read(story.house), story.house.main.recorder.max_notification_id()
    svg, xlsx = tmp_path / "p.svg", tmp_path / "p.xlsx"
    assert run(reader, plan, "--former-district", CODES["d1"], "--svg", svg, "--xlsx", xlsx) == 0
    assert svg.exists()
    assert xlsx.exists()
    assert Rows.read(story.house) == before
    assert story.house.main.recorder.max_notification_id() == head
    assert "Đơn vị d1" in capsys.readouterr().out


def test_the_difference_between_two_plans(
    reader: Connection, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a second plan that sends all to the archive, the lines hold both figures; against itself none differ."""
    other = with_rules(story_file(), everything_to("city-historical-archive"), title="Phương án 2")
    report = told(capsys, reader, plan, "--against", written(tmp_path, "other.xlsx", other))
    assert report["other_title"] == "Phương án 2"
    differing = [line for line in report["receivers"] if line["plan"] != line["other"]]
    assert sum(line["plan"]["files"] for line in report["receivers"]) == sum(
        line["other"]["files"] for line in report["receivers"]
    )
    archive = next(line for line in differing if line["receiver"]["code"] == "archive" and line["carrier"] == "paper")
    assert archive["other"]["files"] > archive["plan"]["files"] > archive["today"]["files"]
    same = told(capsys, reader, plan, "--against", plan)
    assert all(line["plan"] == line["other"] for line in same["receivers"])


@pytest.mark.parametrize(
    ("flag", "text", "units"),
    [
        ("--unit", CODES["a1"], {"a1"}),
        ("--unit", str(a("unit", "a2")), {"a2"}),
        ("--unit", f"{NEW['n1']}@2025-06-30", {"a1"}),
        ("--unit", f"{NEW['n1']}@2025-07-01", {"a1", "a2", "a3"}),
        ("--former-district", CODES["d2"], {"d2", "b1"}),
    ],
)
def test_one_unit_or_one_former_district(
    reader: Connection, plan: Path, capsys: pytest.CaptureFixture[str], flag: str, text: str, units: set[str]
) -> None:
    """Given a scope, when it is previewed, only fonds of the units it means are looked at."""
    if text == f"{NEW['n1']}@2025-06-30":
        units = {name for name, code in CODES.items() if code == NEW["n1"]}
    elif text == CODES["a1"]:
        text = f"{text}@2025-06-30"
    report = told(capsys, reader, plan, flag, text)
    assert {line["unit"]["name"] for line in report["by_fonds"]} == {f"Đơn vị {name}" for name in units}


@pytest.mark.parametrize(
    ("flag", "text", "code"),
    [
        ("--unit", NEW["n1"], "unit-code-without-date"),
        ("--unit", "99999", "unit-unknown"),
        ("--unit", CODES["city"], "plan-unit-not-changed"),
        ("--former-district", CODES["a1"], "unit-unknown"),
    ],
)
def test_a_scope_that_means_nothing_or_two_things_is_refused(
    reader: Connection, plan: Path, flag: str, text: str, code: str
) -> None:
    """Given a code that two units carry around the day, or none does, when it is asked for, a refusal says why."""
    with pytest.raises(Refusal) as refused:
        run(reader, plan, flag, text)
    assert refused.value.code == code


def test_a_picture_of_the_whole_plan_is_refused(reader: Connection, plan: Path, tmp_path: Path) -> None:
    """Given no scope, when a picture is wanted, a refusal says how to choose one."""
    with pytest.raises(Refusal, match="preview-picture-too-wide"):
        run(reader, plan, "--svg", tmp_path / "p.svg")


@pytest.mark.parametrize(
    ("outputs", "code"),
    [
        (["--xlsx", "plan.yaml"], "preview-output-form"),
        (["--svg", "p.xlsx"], "preview-output-form"),
        (["--xlsx", "other.xlsx"], "preview-output-taken"),
        (["--xlsx", "link.xlsx"], "preview-output-taken"),
        (["--xlsx", "new.xlsx", "--svg", "new.svg"], "preview-output-taken"),
    ],
)
def test_an_output_over_a_plan_or_the_other_output_is_refused(
    reader: Connection, plan: Path, tmp_path: Path, outputs: list[str], code: str
) -> None:
    """Given an output of another suffix, or one in the place of a plan or the other output, nothing is written."""
    other = written(tmp_path, "other.xlsx", story_file())
    (tmp_path / "link.xlsx").symlink_to(plan)
    (tmp_path / "new.svg").symlink_to(tmp_path / "new.xlsx")
    before = (plan.read_bytes(), other.read_bytes())
    places = [str(tmp_path / one) if "." in one else one for one in outputs]
    with pytest.raises(Refusal) as refused:
        run(reader, plan, "--against", other, "--former-district", CODES["d1"], *places)
    assert refused.value.code == code
    assert (plan.read_bytes(), other.read_bytes()) == before
    assert not (tmp_path / "new.xlsx").exists()


def test_codes_that_mean_nothing_are_told_at_their_lines(
    reader: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a change of a unit that nobody knows, when it is previewed, the line is told and the code is 1."""
    plan = story_file()
    assert isinstance(plan.changes, tuple)
    changes = (*plan.changes, ChangeEntry(unit="99999", change=plan.changes[0].change))
    path = written(tmp_path, "plan.yaml", msgspec.structs.replace(plan, changes=changes))
    assert run(reader, "--json", path) == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert fault["code"] == "plan-unit-unknown"
    assert "99999" in path.read_text(encoding="utf-8").split("\n")[fault["at"]["line"] - 1]


def test_what_stands_in_the_way_is_named(
    reader: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given rules for permanent files only, and Party files sent to the State, both are named with their fonds."""
    narrow = with_rules(story_file(), everything_to("city-historical-archive", RetentionClass.PERMANENT))
    report = told(capsys, reader, written(tmp_path, "narrow.yaml", narrow))
    assert not report["may_be_enacted"]
    assert {one["code"] for one in report["obstacles"]} == {"plan-no-rule"}
    assert report["uncovered"]
    assert all(one["files"] and one["lots"] for one in report["uncovered"])
    assert {one["receiver"]["code"] for one in report["crossings"]} == {"archive"}
    assert run(reader, written(tmp_path, "again.yaml", narrow)) == 0
    assert "CHƯA thực hiện được" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "shown"), [("d1-government", "d1-government"), ("H26.777", "to")])
def test_a_receiver_that_is_nobody_on_the_day_stands_in_the_way(
    reader: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str, shown: str
) -> None:
    """Given a receiver that ends by the plan, or a code that nobody ever had, it is named and the plan cannot be."""
    nowhere = with_rules(story_file(), everything_to("to"), receivers={"to": code})
    report = told(capsys, reader, written(tmp_path, "nowhere.yaml", nowhere))
    assert [one["code"] for one in report["absent_receivers"]] == [shown]
    assert {one["code"] for one in report["obstacles"]} == {"plan-receiver-absent"}
    assert not report["may_be_enacted"]


def test_who_is_renamed_receives_by_the_new_code(
    reader: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a plan that gives the archive another code, when a receiver is named by that, it is the archive."""
    becomes, kind = AgencyFormEntry(name="Lưu trữ", code="archive-2"), ChangeKind.RENAMED
    change = AgencyChangeEntry(agency="archive", change=kind, fonds=FondsOutcome.GOES_ON, basis="1", becomes=becomes)
    plan = msgspec.structs.replace(story_file(), receivers={"to": "archive-2"}, agency_changes=(change,))
    renamed = with_rules(plan, everything_to("to"))
    report = told(capsys, reader, written(tmp_path, "renamed.yaml", renamed))
    assert (report["may_be_enacted"], report["absent_receivers"]) == (True, [])
    assert str(a("agency", "archive")) in {one["receiver"].get("id") for one in report["receivers"] if one["to_come"]}


def test_the_workbook_holds_the_figures(
    reader: Connection, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a workbook, when it is read back, its files are those of the report, and no cell is a formula."""
    report = told(capsys, reader, plan, "--xlsx", tmp_path / "p.xlsx")
    book = load_workbook(tmp_path / "p.xlsx")
    assert book.sheetnames == ["Nơi nhận", "Từng phông", "Phông đóng, mở, tiếp tục", "Cần xem"]
    rows = list(book["Nơi nhận"].iter_rows(min_row=2, max_row=1 + len(report["receivers"]), values_only=True))
    assert [row[5] for row in rows] == [line["plan"]["files"] for line in report["receivers"]]
    assert [row[8] for row in rows] == ["chưa biết" if row[7] else 0 for row in rows]
    assert book["Từng phông"].max_row == 1 + len(report["by_fonds"])
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_enactment_brings_what_was_previewed(
    database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a plan file with its rules in another order, when it is enacted, today is what the preview said."""
    house = House(database, tmp_path)
    story = Story(house)
    story.until_enactment()
    house.runner.drain()
    rules = list(story_file().rules)
    random.Random(5).shuffle(rules)
    plan = with_rules(story_file(), *rules, unmatched_may_await=True)
    path = written(tmp_path, "plan.yaml", plan)
    with house.reader() as reader:
        foreseen = told(capsys, reader, path)
        with one_moment(reader) as snapshot:
            resolved, _ = resolve(plan, snapshot, NAMING)
        assert resolved is not None
        story.draft("2025-b", resolved)
        story.enact("2025-b")
        house.runner.drain()
        after = told(capsys, reader, path)
    house.close()
    assert foreseen["plan_hash"] == after["plan_hash"]
    assert [line["plan"] for line in foreseen["receivers"] if line["plan"]["files"]] == [
        line["today"] for line in after["receivers"]
    ]
    assert any(line["plan"] != line["today"] for line in foreseen["receivers"])
    assert all(line["plan"] == line["today"] for line in after["receivers"])
    assert foreseen["by_fonds"] == after["by_fonds"]
