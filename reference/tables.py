"""Read a shipped CSV table into frozen structs. UTF-8, a header row; an empty cell means the field's default."""

from __future__ import annotations

import csv
from importlib import resources
from typing import TypeVar

import msgspec

Row = TypeVar("Row", bound=msgspec.Struct)


def read_table(name: str, row_type: type[Row]) -> tuple[Row, ...]:
    """The rows of `data/<name>.csv` in file order. Raises msgspec.ValidationError on a value outside its vocabulary."""
    table = resources.files("reference").joinpath("data", f"{name}.csv")
    with table.open(encoding="utf-8") as lines:
        rows = [{column: cell for column, cell in row.items() if cell} for row in csv.DictReader(lines)]
    return msgspec.convert(tuple(rows), type=tuple[row_type, ...], strict=False)  # type: ignore[valid-type]  # a type made from an argument
