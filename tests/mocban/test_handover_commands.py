"""A hand-over from the offer to the signed record, by commands only; misuse is refused and leaves nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from mocban.database import Databases
from signing import standalone_verifier
from tests.mocban.handing_over import DECIDED, GIVER, OTHER, RECEIVER, TITLE, Desk, code, tick


@pytest.fixture
def desk(database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A product of this test's own."""
    return Desk(database, tmp_path, capsys)


def test_a_list_is_ticked_days_later_and_both_sign(desk: Desk) -> None:
    """Given a list exported and ticked offline, when entered later, then what is taken is received, the rest named."""
    listed, ticked = desk.folder / "list.xlsx", desk.folder / "ticked.xlsx"
    offer = desk.offer("--fonds", f"P-{GIVER}", "--xlsx", listed, "--pdf", desk.folder / "list.pdf")
    assert offer["files"] == 6
    assert pikepdf.open(desk.folder / "list.pdf").pages
    assert {path.stat().st_mode & 0o777 for path in (listed, desk.folder / "list.pdf")} == {0o600}
    tick(listed, ticked, {code(2): ("không nhận", "thiếu", "không thấy trong hộp"), code(3): ("k", "hư hỏng", "")})
    words = ("handover", "receive", offer["handover"], "--on", "2025-08-01")
    done = desk.done(*words, "--ticked", ticked, "--metres", "0,4", "--condition", "Giấy giòn, mép rách")
    assert (done["files"], done["disputed"]) == (4, 2)
    told = desk.done("handover", "show", offer["handover"])
    assert told["root"] == offer["root"]
    assert told["received"] == {"act": done["act"], "on": "2025-08-01"}
    states = {line["file"]: line["state"] for line in told["lines"]}
    assert states[code(1)] == "received"
    assert [key for key, state in states.items() if state == "disputed"] == [code(2), code(3)]
    assert {line["file"]: line["sheets"] for line in told["lines"]}[code(6)] == 0
    assert told["sealed_sets"] == 1
    _custody_says(desk, done["act"])
    _disputes_end(desk, offer["handover"], done["act"])
    _is_printed(desk, offer["handover"])


def _custody_says(desk: Desk, act: int) -> None:
    """Offered, then received or disputed; before the act was known, offered."""
    assert desk.asked(
        (code(1), "2025-07-19", None),
        (code(1), "2025-07-25", None),
        (code(1), "2025-08-01", act - 1),
        (code(1), "2025-08-01", None),  # no decision assigns it there
        (code(2), "2025-08-01", None),
    ) == [
        ("held", GIVER),
        ("offered", GIVER),
        ("offered", GIVER),
        ("awaiting-hand-over", RECEIVER),
        ("disputed", GIVER),
    ]


def _disputes_end(desk: Desk, handover: str, act: int) -> None:
    """One line is found and accepted, the other struck out; earlier days keep their answers."""
    twice = ("--accept", code(2), "--strike", code(2))
    assert desk.refused("handover", "settle", handover, *twice) == "handover-line-repeated"
    settle = ("handover", "settle", handover, "--on", "2025-08-20", "--accept", code(2), "--strike", code(3))
    assert desk.done(*settle)["accepted"] == 1
    assert desk.asked(
        (code(2), "2025-08-20", None),
        (code(2), "2025-08-19", None),
        (code(2), "2025-08-20", act),
        (code(3), "2025-08-20", None),
    ) == [("awaiting-hand-over", RECEIVER), ("disputed", GIVER), ("disputed", GIVER), ("held", GIVER)]
    assert desk.done("handover", "list")["handovers"][0]["state"] == "received"


def _is_printed(desk: Desk, handover: str) -> None:
    """The record is a signed PDF that a stranger verifies, and a workbook that says the same."""
    pdf, xlsx = desk.folder / "record.pdf", desk.folder / "record.xlsx"
    told = desk.done("handover", "minutes", handover, "--pdf", pdf, "--xlsx", xlsx)
    assert len(told["acts"]) == 2
    assert {path.stat().st_mode & 0o777 for path in (pdf, xlsx)} == {0o600}
    command = [sys.executable, "-I", str(standalone_verifier.__file__), str(pdf), "--json"]
    verdict = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert (verdict.returncode, json.loads(verdict.stdout)["bad"]) == (0, [])
    changed = bytearray(pdf.read_bytes())
    changed[len(changed) // 3] ^= 1
    (desk.folder / "forged.pdf").write_bytes(changed)
    command[3] = str(desk.folder / "forged.pdf")
    assert subprocess.run(command, capture_output=True, check=False, timeout=120).returncode == 4
    book = openpyxl.load_workbook(xlsx)
    text = "\n".join(str(row[0]) for row in book["Biên bản"].iter_rows(values_only=True))
    for words in ("Nguyễn Thị Hoàng Phương Thảo", "Lê Quang Mẫu", "0,40 mét", "Giấy giòn, mép rách", told["root"]):
        assert words in text
    lines = list(book["Danh mục"].iter_rows(min_row=2, values_only=True))
    assert [line[2] for line in lines] == [code(number) for number in range(1, 7)]
    assert str(lines[0][3]).startswith(TITLE)
    assert [line[2] for line in book["Không nhận"].iter_rows(min_row=2, values_only=True)] == [code(2), code(3)]


def test_what_stands_in_an_open_offer_is_not_offered_again(desk: Desk) -> None:
    """Given an offer, its files are in no other until it is withdrawn; then they are free."""
    offer = desk.offer("--file", code(1), "--file", code(2))
    again = ("handover", "prepare", "--giver", GIVER, "--receiver", RECEIVER, *DECIDED)
    assert desk.refused(*again, "--file", code(1)) == "handover-line-offered"
    assert desk.offer("--fonds", f"P-{GIVER}", "--lot", "permanent/finished/arranged")["files"] == 3
    desk.done("handover", "withdraw", offer["handover"], "--reason", "lập nhầm")
    assert desk.refused("handover", "receive", offer["handover"], "--on", "2025-08-01", "--all") == "handover-withdrawn"
    assert desk.offer("--file", code(1))["files"] == 1


def test_what_nobody_can_settle_any_more_is_offered_anew(desk: Desk) -> None:
    """Given a line disputed before its giver ended, then that hand-over settles nothing; a deputy offers the file."""
    before = ("handover", "prepare", "--giver", GIVER, "--receiver", RECEIVER, *DECIDED, "--on", "2025-06-20")
    first = desk.done(*before, "--file", code(1), "--file", code(2))["handover"]
    desk.done("handover", "receive", first, "--on", "2025-06-25", "--dispute", f"{code(2)}=missing")
    late = ("handover", "settle", first, "--on", "2025-08-01", "--accept", code(2))
    assert desk.refused(*late) == "handover-settled-by-nobody"
    second = desk.offer("--file", code(2))["handover"]
    assert desk.asked((code(2), "2025-07-25", None)) == [("disputed", GIVER)]
    desk.done("handover", "receive", second, "--on", "2025-08-02", "--all")
    assert desk.asked((code(2), "2025-08-02", None), (code(2), "2025-06-26", None)) == [
        ("awaiting-hand-over", RECEIVER),
        ("disputed", GIVER),
    ]


def test_misuse_is_refused_and_leaves_nothing(desk: Desk) -> None:
    """A foreign file, a repeated line, an unclear choice, unfit people or metres: by name, and no act is added."""
    offer = desk.offer("--file", code(1))["handover"]
    prepare = ("handover", "prepare", "--giver", GIVER, "--receiver", RECEIVER, *DECIDED)
    receive = ("handover", "receive", offer, "--on", "2025-08-01")
    unfit = desk.folder / "unfit.yaml"
    unfit.write_text("deputy: {name: A, post: B, decision: {number: x}}", encoding="utf-8")
    disasters = [
        ("handover-line-foreign", (*prepare, "--file", f"{OTHER}.2019.01")),
        ("handover-line-unknown", (*prepare, "--file", "H26.99.2019.01")),
        ("handover-line-repeated", (*prepare, "--file", code(2), "--file", code(2))),
        ("handover-selection-unclear", (*prepare, "--file", code(2), "--fonds", f"P-{GIVER}")),
        ("handover-people-unfit", (*prepare, "--file", code(2), "--people", unfit)),
        ("handover-deputy-missing", (*prepare, "--file", code(2))),
        ("handover-nothing-entered", receive),
        ("handover-dispute-unclear", (*receive, "--dispute", code(1))),
        ("handover-metres-unfit", (*receive, "--all", "--metres", "-1")),
        ("handover-not-received", ("handover", "minutes", offer, "--pdf", desk.folder / "record.pdf")),
        ("handover-nothing-printed", ("handover", "minutes", offer)),
    ]
    acts = _acts(desk, offer)
    for wanted, words in disasters:
        assert desk.refused(*words) == wanted, words
    assert _acts(desk, offer) == acts
    assert not (desk.folder / "record.pdf").exists()


def _acts(desk: Desk, offer: str) -> object:
    """Every hand-over there is, and what the one says."""
    return desk.done("handover", "list"), desk.done("handover", "show", offer)
