"""Bad input, first round: each bad scan and row is named with its code, the rest goes through, exit 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from openpyxl import load_workbook
from PIL import Image

from mocban.settings import Settings
from reference.samples import worksheet_path
from tests.scenarios.conftest import data_folder
from tests.scenarios.small_demo import SHIPPED, Ran, run, scans

GOOD = "tan-minh-soc-son-31-ttr-ubnd.pdf"


def _bad_folder(folder: Path) -> Path:
    scans(folder, [GOOD])
    (folder / "rong.pdf").write_bytes(b"")
    whole = (SHIPPED / GOOD).read_bytes()
    (folder / "cut.pdf").write_bytes(whole[: len(whole) // 2])
    with pikepdf.open(SHIPPED / GOOD) as pdf:
        pdf.save(folder / "khoa.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    Image.new("RGB", (200, 200), "white").save(folder / "anh.pdf", format="JPEG")
    return folder


def _bad_worksheet(path: Path) -> Path:
    """The shipped worksheet with an impossible date, and a row that repeats another's code."""
    book = load_workbook(worksheet_path())
    sheet = book["Hồ sơ"]
    headers = [cell.value for cell in sheet[1]]
    sheet.cell(row=2, column=headers.index("Ngày bắt đầu") + 1, value=31)
    sheet.cell(row=2, column=headers.index("Tháng bắt đầu") + 1, value=2)
    for column in range(1, len(headers) + 1):
        sheet.cell(row=sheet.max_row + (column == 1), column=column, value=sheet.cell(row=5, column=column).value)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def refused() -> Iterator[Ran]:
    """The demo on a folder with four bad scans and a worksheet with two bad rows."""
    with data_folder() as folder:
        settings = Settings(home=folder / "home", passphrase="a passphrase for tests")
        worksheet = _bad_worksheet(folder / "bang-ke.xlsx")
        yield run(settings, "demo", "--scans", str(_bad_folder(folder / "scans")), "--worksheet", str(worksheet))


def test_the_run_is_partial_and_verified(refused: Ran) -> None:
    """Four scans and at least two rows are refused; the good scan is a document; all verifies; exit 1."""
    assert refused.code == 1, refused.said[-2000:]
    assert refused.answer["scans_refused"] == 4
    assert refused.answer["rows_refused"] >= 2
    assert refused.answer["documents"] == 1
    assert refused.answer["verified"] is True


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("rong.pdf", "scan-empty"),
        ("cut.pdf", "scan-truncated"),
        ("khoa.pdf", "scan-encrypted"),
        ("anh.pdf", "scan-image-named-pdf"),
    ],
)
def test_each_bad_scan_is_named_with_its_code(refused: Ran, name: str, code: str) -> None:
    """The person reads which file it was, why, in both languages, and the code."""
    said = " ".join(refused.said.split())
    assert f"({code})" in said
    assert name in said
    assert "Traceback" not in said


@pytest.mark.parametrize("code", ["worksheet-date", "worksheet-file-twice"])
def test_each_bad_row_is_named_with_its_code(refused: Ran, code: str) -> None:
    """Bad rows likewise."""
    assert f"({code}" in " ".join(refused.said.split())
