"""`custody assign` by command: one file alone, offered to its receiver, and with its lot again."""

from __future__ import annotations

from pathlib import Path

import pytest

from mocban.database import Databases
from tests.mocban.handing_over import OTHER, Desk, code

DECIDED = ("--decision", "9/QĐ-UBND", "--issued", "2025-07-20", "--issuer", "UBND thành phố")


@pytest.fixture
def desk(database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A product with two bodies and the giver's files."""
    return Desk(database, tmp_path, capsys)


def test_one_file_is_assigned_alone(desk: Desk) -> None:
    """Given a file of an ended body, when assigned alone, then its page and its chain say so, until it rejoins."""
    new = ("custody", "assign", "--file", code(1), *DECIDED)
    assert desk.refused(*new, "--rejoin", "--on", "2025-08-01") == "single-file-not-apart"
    assert desk.refused(*new, "--to", OTHER, "--on", "2025-07-19") == "instrument-not-in-force"
    made = desk.done(*new, "--to", OTHER, "--on", "2025-08-01")
    files = desk.done("custody", "holdings", "--agency", OTHER, "--as-of", "2025-08-01")["files"]
    assert [one["file"] for one in files if one["because"]["assigned_to"] == made["act"]] == [code(1)]
    desk.done(*new, "--rejoin", "--carrier", "paper", "--on", "2025-08-02")
    told = desk.done("custody", "chain", "--file", code(1), "--date", "2025-08-01", "--sentence")
    assert "quyết định riêng" in told["vi"]
