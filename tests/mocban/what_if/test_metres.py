"""Shelf metres in a preview: of each receiver, today, by the plan and by another, in every form it is told in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from domain.basis import Confidence
from domain.plan import Rule, Selector
from mocban.database import Databases
from projections.view import Connection
from tests.mocban.what_if.small_plan import CODES, run, story_file, told, with_rules, written
from tests.projections.house import House
from tests.projections.story import Story
from tests.projections.test_figures import register_boxes


@pytest.fixture(scope="module")
def reader(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The small city until the plan is drafted, its boxes measured but for two."""
    house = House(module_database, tmp_path_factory.mktemp("metres"))
    story = Story(house)
    story.until_enactment()
    register_boxes(story)
    house.runner.drain()
    with house.reader() as opened:
        yield opened
    house.close()


@pytest.fixture
def plans(tmp_path: Path) -> tuple[Path, Path]:
    """The story's plan, and one by which the archive gets everything."""
    to_archive = Rule(
        id="all", when=Selector(), receiver="city-historical-archive", basis="QĐ 9", confidence=Confidence.DECISION
    )
    other = with_rules(story_file(), to_archive, title="Phương án 2")
    return written(tmp_path, "plan.yaml", story_file()), written(tmp_path, "other.yaml", other)


def on_shelves(reader: Connection) -> float:
    """Metres of all measured boxes that some file names."""
    row = reader.execute(
        "SELECT sum(cm) / 100.0 FROM projection.container WHERE (fonds, label) IN"
        " (SELECT fonds, box FROM projection.lot_content)"
    ).fetchone()
    assert row is not None
    return float(row[0])


def test_every_column_adds_up_to_what_stands_on_the_shelves(
    reader: Connection, plans: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Given boxes that receivers share, then today's, the plan's and the other's metres are the same boxes' metres."""
    report = told(capsys, reader, plans[0], "--against", plans[1])
    for column in ("today", "plan", "other"):
        metres = [line[column]["metres"] or 0 for line in report["receivers"]]
        assert sum(metres) == pytest.approx(on_shelves(reader), abs=0.02)
    assert report["metres"] == "partly"
    by_code = {(line["receiver"].get("code"), line["carrier"]): line for line in report["receivers"]}
    archive = by_code["archive", "paper"]
    assert archive["other"]["metres"] > archive["plan"]["metres"] > archive["today"]["metres"]
    assert {line["plan"]["metres"] for (_, carrier), line in by_code.items() if carrier == "digital"} == {0.0}
    assert sum(one["amount"]["metres"] or 0 for one in report["by_fonds"]) > 0


def test_sealed_sets_that_no_file_names_are_told_beside(
    reader: Connection, plans: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Given containers without a list of files, then they stand beside the figures, with their metres, by fonds."""
    unlisted: list[dict[str, Any]] = told(capsys, reader, plans[0])["unlisted"]
    row = reader.execute("SELECT count(*), sum(cm) / 100.0 FROM projection.container").fetchone()
    assert row is not None
    assert 0 < sum(one["containers"] for one in unlisted) < row[0]
    metres = sum(one["metres"] or 0 for one in unlisted)
    assert metres + on_shelves(reader) == pytest.approx(float(row[1]))
    assert run(reader, plans[0]) == 0
    assert "containers that no file names" in capsys.readouterr().out


def test_table_workbook_and_picture_say_metres(
    reader: Connection, plans: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a former district, when it is told in every form, then each says the metres that JSON says."""
    xlsx, svg = tmp_path / "p.xlsx", tmp_path / "p.svg"
    scope = ("--former-district", CODES["d1"], "--against", plans[1])
    report = told(capsys, reader, plans[0], *scope, "--xlsx", xlsx, "--svg", svg)
    lines = report["receivers"]
    heads, *rows = load_workbook(xlsx)["Nơi nhận"].iter_rows(max_row=1 + len(lines), values_only=True)
    at = {name: place for place, name in enumerate(heads)}
    unknown = "chưa biết"
    for row, line in zip(rows, lines, strict=True):
        assert row[at["mét · metres"]] == (unknown if line["plan"]["metres"] is None else line["plan"]["metres"])
        assert row[at["hộp chưa đo · boxes unmeasured"]] == line["plan"]["unmeasured"]
        today = line["today"]["metres"]
        assert row[at["mét hôm nay · metres today"]] == (unknown if today is None else today)
        other = line["other"]["metres"]
        assert row[at["mét, phương án kia · metres, other plan"]] == (unknown if other is None else other)
    assert "mét giá · shelf metres" in svg.read_text(encoding="utf-8")
    assert run(reader, plans[0], *scope) == 0
    table = capsys.readouterr().out
    assert all(f"{line['plan']['metres']:,.2f}" in table for line in lines if line["plan"]["metres"])
