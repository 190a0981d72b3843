"""Tables on a terminal of eighty columns: whatever has no room goes on below."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table

from mocban.cli.terminal_table import print_whole

CODE = "H26.41.01.2019.12345/QĐ-UBND"


def test_no_code_is_cut_off() -> None:
    """Given eight columns on forty, when printed, then every letter of a code stands there."""
    table = Table(*(f"cột {number}" for number in range(7)), "mã")
    table.add_row(*("Ủy ban nhân dân" for _ in range(7)), CODE)
    told = io.StringIO()
    print_whole(table, Console(file=told, width=80))
    lines = told.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" not in told.getvalue()
    assert "".join(line.split("│")[8].strip() for line in lines if "│" in line) == CODE
