"""`container` by command: each act recorded once, wrong ones refused with a code, and where things stand told."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mocban.__main__ import main

STORE = ("--store", "H26", "--repository", "Kho số 1")
YES = ("--permission", "7/GP-SNV", "--issued", "2025-07-01", "--issuer", "Sở Nội vụ")
NEW = ("register", "--fonds", "P-H2658", *STORE, "--on", "2025-06-01")
MOVED = ("move", "P-H2658/H1", "--repository", "Kho số 2", "--on", "2025-07-02")

STEPS: list[tuple[tuple[str, ...], str]] = [
    ((*NEW, "--label", "H1", "--shelf", "G1", "--metres", "0,12", "--files", "9"), ""),
    ((*NEW, "--label", "Tập 1", "--kind", "sealed-set", "--seal", "N1"), ""),
    (("register", "--fonds", "P-NONE", *STORE, "--label", "x"), "fonds-unknown"),
    ((*NEW, "--label", "a\nb"), "handover-text-unfit"),
    ((*NEW, "--label", "H2", "--metres", "-3"), "handover-metres-unfit"),
    (("move", "P-H2658/H9", "--shelf", "G2"), "container-unknown"),
    (("move", "P-H2658/H1", "--shelf", "G2", "--on", "2025-06-02"), ""),
    ((*MOVED, "--permission", "7"), "container-permission-missing"),
    ((*MOVED, *YES), ""),
    (("open", "P-H2658/Tập 1", "--seal", "N2", "--basis", "8/QĐ", "--files", "4", "--on", "2025-07-03"), ""),
    (("reseal", "P-H2658/Tập 1", "--seal", "N3", "--basis", "8/QĐ", "--on", "2025-07-04"), ""),
    (("lend", "P-H2658/H1", "--to", "H26.05", "--due", "2025-08-01", "--on", "2025-07-05", *YES), ""),
]  # fmt: skip


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of a step."""
    code = main(["container", *words, "--json"])
    told: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return code, told


def test_a_life_by_command(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given boxes of a fonds, when moved, opened, sealed and lent, each step is an act or a refusal with its code."""
    assert city.exists()
    for words, wrong in STEPS:
        code, told = said(capsys, *words)
        assert (code, told.get("problem", {}).get("code", "")) == ((2, wrong) if wrong else (0, "")), words
    assert main(["container", "list"]) == 0
    assert "cho mượn · lent: " in capsys.readouterr().out
    _, listed = said(capsys, "list", "--fonds", "P-H2658")
    told_of = [(one["label"], one["files"], one["seal"], one["lent"] is not None) for one in listed["containers"]]
    assert told_of == [("H1", 9, None, True), ("Tập 1", None, "N3", False)]
    table, labels = tmp_path / "list.xlsx", tmp_path / "labels.pdf"
    assert said(capsys, "list", "--xlsx", str(table), "--labels", str(labels))[1]["labels"] == str(labels)
    sheet = openpyxl.load_workbook(table, read_only=True).active
    assert sheet is not None
    rows = [(row[0], row[1], row[8], row[10], row[11]) for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert rows == [("P-H2658", "H1", None, 9, 0.12), ("P-H2658", "Tập 1", "N3", None, None)]
    shown_of = subprocess.run(["pdftotext", labels, "-"], capture_output=True, check=True).stdout.decode()
    assert all(text in shown_of for text in ("H1", "Tập 1", "P-H2658", "Kho số 2", "niêm phong số N3"))
    assert said(capsys, "list", "--labels", str(tmp_path / "labels.txt"))[0] == 2
    _, out = said(capsys, "list", "--store", "H26", "--lent")
    assert [(one["name"], one["cm"], one["place"]["repository"]) for one in out["containers"]] == [
        ("P-H2658/H1", 12, "Kho số 2")
    ]
    _, shown = said(capsys, "show", "P-H2658/Tập 1")
    assert [one["event"].get("flags") for one in shown["acts"]] == [None, ["seal-differs"], None]
    assert main(["container", "show", "P-H2658/H1"]) == 0
    assert "  9 hồ sơ đã đếm · files counted; 0 hồ sơ đăng ký ở đây · files registered here" in capsys.readouterr().out
    _, then = said(capsys, "show", "P-H2658/H1", "--date", "2025-06-15")
    assert (then["place"]["shelf"], then["placed_on"], then["lent"]) == ("G2", "2025-06-02", None)
    _, early = said(capsys, "show", "P-H2658/H1", "--known-at", str(then["because"] - 1))
    assert early["place"]["shelf"] == "G1"
    assert said(capsys, "return", "P-H2658/H1", "--on", "2025-08-02")[1]["flags"] == ["returned-late"]
