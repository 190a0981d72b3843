"""Samples drawn, tables filled in and checklists read, for tests of audits."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg

from mocban.audit.checklist_page import draw
from mocban.audit.sample import Draw, Sample, sample_of
from mocban.audit.table import csv_table
from mocban.bootstrap import Product

SEED = "Xổ số 21/11: 04812"
Change = Callable[[list[dict[str, str]]], object]


def drawn(product: Product, seed: str = SEED, wanted: int = 5, **more: Any) -> Sample:
    """A sample at the newest checkpoint, as of a day when the files were held."""
    return sample_of(product, Draw(seed=seed, wanted=wanted, on="2026-01-01", **more))


def filled(sample: Sample, path: Path, change: Change = lambda _: None) -> Path:
    """The table with every file found, then changed; as CSV."""
    with StringIO(csv_table(sample).decode("utf-8-sig"), newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["Thấy hồ sơ"] = "có"
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def count(product: Product, table: str) -> int:
    """How many rows."""
    with psycopg.connect(product.databases.main_admin) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def population(script: Path, log: Path, size: int) -> bytes:
    """What the page's own script says."""
    command = [sys.executable, "-I", str(script), str(log), str(size)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def text_of(sample: Sample, folder: Path) -> str:
    """The checklist's letters."""
    path = folder / "checklist.pdf"
    path.write_bytes(draw(sample))
    return subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True).stdout.decode()
