"""What a workbook may hold, looked at part by part before anything of it is built in memory."""

from __future__ import annotations

import zipfile
from typing import Final

from openpyxl.utils import range_boundaries

from digitization.worksheet_xml import DamagedPartError, elements
from domain.errors import Refusal

MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 100
MAX_ELEMENTS: Final = 1_000_000
"""Of all parts together."""
MAX_SPANNED_CELLS: Final = 100_000
"""Under merged cells and links of all sheets: each such cell is made when the workbook is opened."""
SIZE: Final = f"{MAX_ROWS} x {MAX_COLUMNS}"
_XML: Final = (".xml", ".rels")
_SPANS: Final = frozenset({"mergeCell", "hyperlink"})
_WHOLE_COLUMN: Final = 1_048_576


def require_modest(archive: zipfile.ZipFile) -> None:
    """Walk every part; pictures and the like are passed over.

    Raises Refusal `plan-sheet-too-large`, `worksheet-unsafe` (a document type), `worksheet-too-large` (of one element);
    DamagedPartError of XML that is none.
    """
    count = _Count()
    for part in archive.infolist():
        count.rows = 0
        try:
            for _ in elements(archive, part.filename, count.start, lambda _: None):
                pass
        except DamagedPartError:
            if part.filename.lower().endswith(_XML):
                raise


class _Count:
    """Rows of the part being walked; elements and spanned cells of all of them."""

    def __init__(self) -> None:
        self.rows = self.elements = self.spanned = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.elements += 1
        if name == "row":
            self.rows += 1
        elif name in _SPANS:
            self.spanned += _area(attributes.get("ref", ""))
        if self.rows > MAX_ROWS or self.elements > MAX_ELEMENTS or self.spanned > MAX_SPANNED_CELLS:
            raise Refusal("plan-sheet-too-large", limit=SIZE)


def _area(ref: str) -> int:
    """Cells of a range; a range without rows or columns is whole ones. Raises ValueError of no range."""
    left, top, right, bottom = range_boundaries(ref)
    if left is None or top is None or right is None or bottom is None:
        return _WHOLE_COLUMN
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)
