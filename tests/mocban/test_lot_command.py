"""`lot` by command: files of a fonds carved out by a list, assigned by themselves, shown, and given back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from mocban.database import Databases
from tests.mocban.handing_over import GIVER, OTHER, RECEIVER, Desk, code

DECIDED = ("--decision", "88/QĐ-UBND", "--issued", "2025-07-20", "--issuer", "UBND thành phố")
NAME = "Hồ sơ đất đai"
FONDS, LOT = f"P-{GIVER}", f"P-{GIVER}/{NAME}"
NEW = ("lot", "carve", "--fonds", FONDS, "--name", NAME, *DECIDED, "--on", "2025-08-01")


@pytest.fixture
def desk(database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A product with two bodies and the giver's files."""
    return Desk(database, tmp_path, capsys)


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """A workbook with these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def test_a_lot_is_carved_assigned_shown_and_given_back(desk: Desk) -> None:
    """Given a workbook of files, when carved, then every answer has them with their receiver, until they go back."""
    listed = workbook(desk.folder / "list.xlsx", [["Khối đất đai"], ["STT", "Mã hồ sơ"], [1, code(2)], [2, code(1)]])
    made = desk.done(*NEW, "--files", listed, "--to", OTHER)
    assert (made["files"], made["name"]) == (2, LOT)
    assert desk.refused(*NEW, "--file", code(3), "--to", OTHER) == "child-lot-exists"
    page = desk.done("custody", "holdings", "--agency", OTHER, "--as-of", "2025-08-01")["files"]
    mine = [one["file"] for one in page if one["because"]["assigned_to"] == made["act"]]
    assert mine == [code(1), code(2)]
    due = desk.done("custody", "chain", "--file", code(1), "--date", "2025-08-01", "--sentence")["vi"]
    assert f"do Ủy ban nhân dân {OTHER} quản lý theo 88/QĐ-UBND (khối tài liệu con {NAME})" in due

    further = desk.done("lot", "assign", LOT, "--to", RECEIVER, *DECIDED, "--on", "2025-08-02")
    shown = desk.done("lot", "show", LOT, "--date", "2025-08-02")
    assert [one["code"] for one in shown["assigned"]] == [RECEIVER]
    assert ([one["file"] for one in shown["listed"]], shown["files"]["paper"]) == ([code(1), code(2)], 2)
    before = desk.done("lot", "show", LOT, "--date", "2025-08-02", "--known-at", made["act"])
    assert [one["code"] for one in before["assigned"]] == [OTHER]
    desk.done("lot", "return", LOT, "--file", code(1), *DECIDED, "--on", "2025-08-03")
    _, told = desk.run("lot", "return", LOT, "--file", code(1), *DECIDED)
    assert (told["problem"]["code"], code(1) in told["problem"]["en"]) == ("child-lot-file-not-in-it", True)
    (left,) = desk.done("lot", "list", "--fonds", FONDS)["lots"]
    assert (left["name"], left["files"]["paper"], left["assigned"][0]["because"]) == (LOT, 1, further["act"])
    page = desk.done("custody", "holdings", "--agency", RECEIVER, "--as-of", "2025-08-03")["files"]
    assert [(one["file"], one["lot"]) for one in page] == [(code(2), "permanent/finished/arranged/paper")]
    told = " ".join(desk.told("custody", "holdings", "--agency", RECEIVER, "--as-of", "2025-08-03").split())
    assert "permanent" not in told
    assert "Bảo quản vĩnh viễn, đã kết thúc" in told


def test_a_whole_catalogue_and_a_receiver_still_to_be_named(desk: Desk) -> None:
    """Given a catalogue of the fonds, when carved for nobody yet, then its files await."""
    made = desk.done(*NEW, "--catalog", "2019", "--carrier", "paper", "--awaiting")
    assert (made["files"], made["assigned_to"]) == (6, None)
    assert "1 khối con · child lots" in desk.told("lot", "list")
    assert "0 khối con · child lots" in desk.told("lot", "list", "--date", "2025-07-01")
    states = desk.asked((code(3), "2025-08-01", None), (code(3), "2025-07-31", None))
    assert states == [("awaiting-receiver", GIVER), ("held", GIVER)]
    assert desk.refused("lot", "show", "P/none") == "child-lot-unknown"


HOSTILE: list[tuple[str, str, str]] = [
    ("blank.csv", "Mã hồ sơ;Ghi chú\n;x\n", "child-lot-list-unfit"),
    ("headless.csv", f"{code(1)}\n", "child-lot-list-unfit"),
    ("short.csv", f"STT;Mã hồ sơ\n1;{code(1)}\n2\n", "child-lot-list-unfit"),
    ("twice.txt", f"{code(1)}\n{code(1)}\n", "child-lot-file-repeated"),
    ("unknown.txt", "H26.9.2019.77\n", "child-lot-file-unknown"),
    ("foreign.txt", f"{OTHER}.2019.01\n", "child-lot-file-foreign"),
    ("empty.txt", "\n", "child-lot-empty"),
]


def test_a_list_that_does_not_fit_is_refused_and_nothing_is_recorded(desk: Desk) -> None:
    """Given hostile lists, then each refusal has its code, and no lot comes of any of them."""
    for name, text, refusal in HOSTILE:
        (desk.folder / name).write_text(text, encoding="utf-8")
        assert desk.refused(*NEW, "--files", desk.folder / name, "--to", OTHER) == refusal, name
    formula = workbook(desk.folder / "formula.xlsx", [["FileCode"], ["=A1"]])
    assert desk.refused(*NEW, "--files", formula, "--to", OTHER) == "child-lot-list-unfit"
    (desk.folder / "damaged.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert desk.refused(*NEW, "--files", desk.folder / "damaged.xlsx", "--to", OTHER) != ""
    assert desk.refused(*NEW, "--files", desk.folder / "none.csv", "--to", OTHER) == "input-unreadable"
    assert desk.done("lot", "list")["lots"] == []
