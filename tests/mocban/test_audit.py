"""An audit of the stores: drawn as anyone can draw it, printed by shelf, recorded once or refused row by row."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import openpyxl
import psycopg
import pytest

from domain.errors import Refusal
from ledger.act_id import new_act_id
from mocban.__main__ import main
from mocban.audit.checklist_page import draw
from mocban.audit.recording import check_sample
from mocban.audit.results import read_results
from mocban.audit.sample import Draw, Point, read_sample, sample_of
from mocban.audit.stratum import Stratum, stratum_of
from mocban.audit.table import xlsx_table
from mocban.bootstrap import Product, open_product
from mocban.custody.freshness import caught_up
from mocban.database import Databases
from mocban.drills.appointments import do_appoint
from mocban.drills.sealed_files import AGENCY, FONDS, make_files
from mocban.publication import publish
from mocban.settings import Settings
from tests.mocban.auditing import SEED, Change, count, drawn, filled, population, text_of

FILES = 12
DOCUMENT = (Path(__file__).parents[2] / "docs" / "audit.md").read_text(encoding="utf-8")
NOTE = "Bìa rách, bà Mẫu Thị Thử có ghi tay"
Command = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def product(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An archive of twelve files in three boxes, open for all tests of the module."""
    settings = Settings(
        home=tmp_path_factory.mktemp("audit") / "home",
        database_url=module_database.main_admin,
        keys_database_url=module_database.keys_admin,
        passphrase="x",
    )
    with open_product(settings) as opened:
        make_files(opened, FILES)
        caught_up(opened)
        publish(opened)
        yield opened


@pytest.fixture
def run(product: Product, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, on the archive: its exit code, and what it says."""
    monkeypatch.setenv("MOCBAN_HOME", str(product.settings.home))
    monkeypatch.setenv("DATABASE_URL", product.settings.database_url or "")
    monkeypatch.setenv("MOCBAN_KEYS_DATABASE_URL", product.settings.keys_database_url or "")
    monkeypatch.setenv("MOCBAN_PASSPHRASE", "x")

    def command(*words: object) -> tuple[int, dict[str, Any]]:
        code = main(["audit", *map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    return command


def test_the_draw_is_what_an_auditor_draws_by_hand(product: Product, run: Command, tmp_path: Path) -> None:
    """Given an export and the page that explains it, its own script and sha256sum give the same files and digest."""
    there = tmp_path / "there.txt"
    code, said = run(
        "sample", "--seed", SEED, "--size", 5, "--out", tmp_path / "out", "--population", there, "--titles"
    )
    assert {Path(said["paths"][name]).stat().st_mode & 0o777 for name in ("sample", "checklist", "xlsx", "csv")} == {
        0o600
    }
    product.main_log.export(tmp_path / "log")
    table, again = Path(said["paths"]["xlsx"]), ("--size", 5, "--out", tmp_path / "out", "--titles")
    table.write_bytes(b"filled in")
    assert run("sample", "--seed", SEED, *again, "--checkpoint", said["checkpoint"]["size"])[0] == 0
    nowhere = ("sample", "--seed", "x", "--size", 1)
    assert run(*nowhere, "--population", tmp_path / "no" / "x")[1]["problem"]["code"] == "folder-missing"
    assert run(*nowhere, "--out", table)[1]["problem"]["code"] == "file-not-writable"
    assert (run("sample", "--seed", "x", *again)[1]["problem"]["code"], table.read_bytes()) == (
        "output-exists",
        b"filled in",
    )
    script, (loop,) = tmp_path / "population.py", re.findall(r"while read.*?-n ", DOCUMENT, re.DOTALL)
    script.write_text(*re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL))
    by_hand = population(script, tmp_path / "log", said["checkpoint"]["size"])
    assert (code, by_hand, said["files"]) == (0, there.read_bytes(), FILES)
    assert said["digest"] == hashlib.sha256(by_hand).hexdigest()
    (tmp_path / "population.txt").write_bytes(by_hand)
    environment = {"SEED": SEED, "PATH": os.environ["PATH"]}
    shell = ["/bin/sh", "-c", f"{loop}5"]
    told = subprocess.run(shell, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    ranks = [line.split() for line in told.stdout.splitlines()]
    assert sorted(ranks) == sorted([one["rank"], one["id"]] for one in said["drawn"])
    assert said["threshold"] == ranks[-1][0]
    assert population(script, tmp_path / "log", 3) == b""
    assert read_sample(Path(said["paths"]["sample"])).digest == said["digest"]
    assert all(path.exists() for path in map(Path, said["paths"].values()))


def test_the_same_seed_at_the_same_checkpoint_is_the_same_sample(product: Product) -> None:
    """Given more acts since, the draw at the earlier checkpoint is as it was; another seed is another draw."""
    first = drawn(product)
    do_appoint(product, new_act_id())
    assert publish(product) > first.checkpoint.size
    again = drawn(product, size=first.checkpoint.size)
    assert again == first
    assert draw(again) == draw(first)
    assert drawn(product).drawn == first.drawn
    others = {tuple(one.number for one in drawn(product, f"s{at}", 2).drawn) for at in range(3)}
    assert len({tuple(one.id for one in drawn(product, f"s{at}").drawn) for at in range(4)}) > 1
    assert others == {(1, 2)}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"size": 99_999}, "audit-checkpoint-unknown"),
        ({"seed": " x"}, "audit-seed-unfit"),
        ({"seed": "x\x1b[2J"}, "audit-seed-unfit"),
        ({"seed": ""}, "audit-seed-unfit"),
        ({"stratum": Stratum(kind="fonds", ids=(UUID(int=1),))}, "audit-stratum-empty"),
    ],
)
def test_what_cannot_be_drawn_is_said(product: Product, words: dict[str, Any], code: str) -> None:
    """Given a checkpoint, stratum or seed that does not do, then its code."""
    with pytest.raises(Refusal) as refused:
        drawn(product, **words)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"unit": "99999"}, "unit-not-existing"),
        ({"agency_given": "nobody"}, "audit-agency-unknown"),
        ({"agency_given": AGENCY, "on": "1999-01-01"}, "audit-agency-unknown"),
        ({"fonds": "nothing"}, "audit-fonds-unknown"),
    ],
)
def test_a_body_that_is_not_there_is_said(product: Product, words: dict[str, Any], code: str) -> None:
    """Given a unit, agency or fonds that the ledger does not have on that day, then its code."""
    with pytest.raises(Refusal) as refused:
        stratum_of(product, **{"on": "2026-01-01", **words})
    assert refused.value.code == code


def test_a_stratum_is_drawn_from_alone(product: Product) -> None:
    """Given an agency, its unit or a fonds, then its files, held on that day, in the order of the shelves."""
    for words in ({"agency_given": AGENCY}, {"unit": "00001"}, {"fonds": FONDS}, {}):
        of = stratum_of(product, on="2026-01-01", **words)
        sample = drawn(product, wanted=100, stratum=of)
        assert (sample.files, len(sample.drawn)) == (FILES, FILES)
    sample = drawn(product, wanted=100)
    assert [one.box for one in sample.drawn] == ["H0"] * 5 + ["H1"] * 5 + ["H2"] * 2
    held = stratum_of(product, on="2026-01-01", agency_given=AGENCY)
    with pytest.raises(Refusal):
        sample_of(product, Draw(seed=SEED, wanted=3, on="2000-01-01", stratum=held))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not there")
def test_the_checklist_names_places_boxes_and_files(product: Product, tmp_path: Path) -> None:
    """Given a sample, its checklist has every code under its box, the seed and the root; titles only where asked."""
    readings = count(product, "access_log.event")
    sample = drawn(product, wanted=FILES)
    lost = msgspec.structs.replace(sample.drawn[0], place="", box="")
    text = text_of(msgspec.structs.replace(sample, drawn=(*sample.drawn[1:], lost)), tmp_path)
    assert all(one.code in text for one in sample.drawn)
    wanted = ("Kho 1/Giá 1", "Hộp H2", SEED, sample.checkpoint.root[:20], "Chưa ghi kho", "Chưa ghi hộp")
    assert [one for one in wanted if one not in text] == []
    assert "Tiêu đề zq" not in text
    for places in range(3, 7):  # nobody signs a sheet on which nothing else stands
        apart = [msgspec.structs.replace(sample.drawn[0], place=f"Kho {number}") for number in range(places)]
        *_, last, _end = text_of(msgspec.structs.replace(sample, drawn=tuple(apart)), tmp_path).split("\f")
        assert (f"Kho {places - 1}" in last, "NGƯỜI KIỂM TRA" in last) == (True, True)
    assert count(product, "access_log.event") == readings
    assert text_of(drawn(product, wanted=FILES, titles=True), tmp_path).count("Tiêu đề zq") == FILES
    assert count(product, "access_log.event") == readings + 1


def test_results_are_recorded_once_in_one_act(product: Product, run: Command, tmp_path: Path) -> None:
    """Given a table filled in as XLSX, one act has the outcomes; notes are sealed; other answers are refused."""
    sample = drawn(product, "để ghi", 4)
    given, path = tmp_path / "sample.json", tmp_path / "filled.xlsx"
    given.write_bytes(msgspec.json.encode(sample))
    path.write_bytes(xlsx_table(sample))
    book = openpyxl.load_workbook(path)
    answers = (("có", 12, "tốt", None), ("có", 11, None, NOTE), ("không", None, None, None), ("x", None, "hỏng", "mốc"))
    for row, answer in enumerate(answers, 2):
        for column, value in enumerate(answer, 8):
            book["Kết quả"].cell(row, column).value = value
    book.save(path)
    words = ("record", "--sample", given, "--results")
    code, done = run(*words, path)
    assert (code, done["found"], done["missing"], done["differs"], done["again"]) == (0, 1, 1, 2, False)
    assert run(*words, path) == (0, {**done, "again": True})
    code, other = run(*words, filled(sample, tmp_path / "other.csv"))
    assert (code, other["problem"]["code"]) == (1, "audit-already-recorded")
    assert str(done["act"]) in other["problem"]["en"]
    with psycopg.connect(product.databases.main_admin) as connection:
        query = "SELECT topic, state FROM main_log.event WHERE act_index = %s ORDER BY position"
        rows = connection.execute(query, (done["act"],)).fetchall()
        owners = connection.execute("SELECT owner FROM sealed.field WHERE pointer = '/note'").fetchall()
    assert b'"act":"audit.record"' in product.main.note_of(done["act"])
    assert [topic for topic, _ in rows] == ["audit.recorded/1", "audit.lines-listed/1", *["audit.remarked/1"] * 2]
    assert not any(word.encode() in state for word in (NOTE, "mốc") for _, state in rows)
    assert {owner for (owner,) in owners} == {sample.drawn[1].id, sample.drawn[3].id}
    lines = json.loads(rows[1][1])["lines"]
    assert [one["outcome"] for one in lines] == ["found", "differs", "missing", "differs"]
    assert lines[1]["counted"] == 11


def _set(row: int, column: str, value: str) -> Change:
    return lambda rows: rows[row].update({column: value})


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (_set(1, "Thấy hồ sơ", "có lẽ"), ["worksheet-vocabulary"]),
        (_set(1, "Thấy hồ sơ", ""), ["worksheet-value-missing"]),
        (_set(1, "Số tờ đếm được", "mười"), ["worksheet-number"]),
        (_set(1, "Số tờ đếm được", "-1"), ["worksheet-number"]),
        (_set(1, "Số tờ đếm được", "100000"), ["worksheet-number"]),
        (_set(1, "Tình trạng", "tạm"), ["worksheet-vocabulary"]),
        (_set(1, "Ghi chú", "x" * 501), ["worksheet-too-long"]),
        (_set(1, "Ghi chú", "=1+1"), ["worksheet-formula"]),
        (_set(1, "Mã hồ sơ", "KHÔNG.CÓ"), ["audit-row-file-unknown", "audit-row-unanswered"]),
        (lambda rows: rows.append(dict(rows[0])), ["audit-row-file-twice"]),
        (lambda rows: rows.pop(0), ["audit-row-unanswered"]),
        (
            lambda rows: rows[1].update({"Thấy hồ sơ": "không", "Số tờ đếm được": "3"}),
            ["audit-row-missing-but-counted"],
        ),
        (lambda rows: [row.update({"Số tờ đếm được": "?"}) for row in rows[1:]], ["worksheet-number"] * 2),
    ],
)
def test_bad_rows_are_named(product: Product, tmp_path: Path, change: Change, codes: list[str]) -> None:
    """Given rows that cannot be taken, then the place and code of each."""
    sample = drawn(product, wanted=3)
    _, faults = read_results(filled(sample, tmp_path / "r.csv", change), sample)
    assert [fault.code for fault in faults] == codes
    assert all(fault.facts.get("row") or fault.facts.get("place") for fault in faults)


def test_of_bad_rows_and_altered_samples_nothing_is_recorded(product: Product, run: Command, tmp_path: Path) -> None:
    """Given a bad row, or a sample that this ledger did not draw, then exit 1, every place named, and not one act."""
    sample, given = drawn(product, wanted=3), tmp_path / "sample.json"
    given.write_bytes(msgspec.json.encode(sample))
    acts = count(product, "main_log.act")
    bad = filled(sample, tmp_path / "bad.csv", _set(1, "Thấy hồ sơ", "có lẽ"))
    code, told = run("record", "--sample", given, "--results", bad)
    assert (code, told["problem"]["code"]) == (1, "audit-rows-refused")
    assert [(one["place"], one["column"], one["code"]) for one in told["rows"]] == [
        ("Kết quả 3", "Thấy hồ sơ", "worksheet-vocabulary")
    ]
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    for results in (tmp_path / "absent.csv", empty, given):
        code, told = run("record", "--sample", given, "--results", results)
        assert (code, told["problem"]["code"] == "internal-fault") == (1, False), told
    assert count(product, "main_log.act") == acts


@pytest.mark.parametrize(
    ("altered", "code"),
    [
        ({"seed": "khác"}, "audit-sample-altered"),
        ({"threshold": "0" * 64}, "audit-sample-altered"),
        ({"files": 3}, "audit-sample-altered"),
        ({"drawn": ()}, "audit-sample-altered"),
        ({"origin": "hanoi.mocban/0000000000000000"}, "audit-sample-of-other-ledger"),
        ({"checkpoint": Point(size=4, root="AAAA")}, "audit-checkpoint-unknown"),
    ],
)
def test_a_sample_that_was_not_drawn_is_refused(product: Product, altered: dict[str, Any], code: str) -> None:
    """Given a sample with another seed, file or ledger, then a refusal."""
    sample = drawn(product, wanted=3)
    check_sample(product, sample)
    with pytest.raises(Refusal) as refused:
        check_sample(product, msgspec.structs.replace(sample, **altered))
    assert refused.value.code == code
