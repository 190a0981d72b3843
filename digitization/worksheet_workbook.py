"""A workbook that a stranger delivered: its sheets, shared texts and date formats, read under limits.

Parts are walked as streams by expat (`worksheet_xml`): a reader that builds objects of every style, name and relation
takes minutes over a file of 100 kB that was made to be slow.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from digitization.worksheet_archive import MAX_PARTS, open_archive, too_large
from digitization.worksheet_shared import NumberStyles, number_styles, shared_texts
from digitization.worksheet_sheet import Line, SheetForms, sheet_lines
from digitization.worksheet_xml import DamagedPartError, Started, elements
from domain.errors import Refusal
from domain.identifiers import nfc

_ROOT: Final = "_rels/.rels"
_MAIN: Final = "/officeDocument"
_TEXTS: Final = "/sharedStrings"
_STYLES: Final = "/styles"
_HYPERLINK: Final = "/hyperlink"


class Workbook:
    """An open workbook. sheetnames: in its order; links: how many cells point to other places (nobody follows them)."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.sheetnames: list[str] = []
        self.links = 0
        self._name, self._archive = name, archive
        self._main, self._targets = "", dict[str, tuple[str, str]]()
        self._places: dict[str, str] = {}
        self._mac = False
        self._read_relations()
        self._read_sheets()
        epoch = CALENDAR_MAC_1904 if self._mac else CALENDAR_WINDOWS_1900
        texts, styles = self._part(_TEXTS), self._part(_STYLES)
        shown = number_styles(archive, styles) if styles else NumberStyles(frozenset(), {})
        self._forms = SheetForms(
            name=name,
            texts=shared_texts(archive, texts) if texts else (),
            dates=shown.dates,
            digits=shown.digits,
            epoch=epoch,
        )

    def named(self, title: str) -> str | None:
        """The sheet of that title, however its letters are composed; None where there is none."""
        return next((name for name in self.sheetnames if nfc(name) == title), None)

    def lines(self, title: str, most: int) -> Iterator[Line]:
        """The rows of a sheet that hold anything, at most `most` columns of each, in their order.

        Raises Refusal `worksheet-too-large`, `worksheet-unsafe`; DamagedPartError.
        """
        return sheet_lines(self._archive, self._places[title], self._forms, most)

    def _read_relations(self) -> None:
        """Relations of the workbook, by id; nothing anywhere may point outside but a link in a cell."""
        of_part: dict[str, dict[str, tuple[str, str]]] = {}
        for part in self._archive.namelist():
            if part.lower().endswith(".rels"):
                of_part[part] = self._relations_of(part)
        self._main = next((at for at, kind in of_part.get(_ROOT, {}).values() if kind.endswith(_MAIN)), "")
        folder, _, file = self._main.rpartition("/")
        self._targets = of_part.get(posixpath.join(folder, "_rels", f"{file}.rels"), {})

    def _relations_of(self, part: str) -> dict[str, tuple[str, str]]:
        """Id -> place in the archive and kind."""
        folder = "/" + posixpath.dirname(posixpath.dirname(part))
        found: dict[str, tuple[str, str]] = {}

        def started(name: str, attributes: dict[str, str]) -> None:
            if name != "Relationship":
                return
            kind = attributes.get("Type", "")
            if attributes.get("TargetMode", "").lower() != "external":
                at = posixpath.normpath(posixpath.join(folder, attributes.get("Target", ""))).lstrip("/")
                found[attributes.get("Id", "")] = (at, kind)
            elif kind.endswith(_HYPERLINK):
                self.links += 1
            else:
                raise Refusal("worksheet-unsafe", file=self._name, what="external-links")

        self._walk(part, started)
        return found

    def _read_sheets(self) -> None:
        named: list[tuple[str, str]] = []

        def started(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                self._mac = attributes.get("date1904", "") in {"1", "true"}
            elif name == "sheet":
                relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
                named.append((attributes.get("name", ""), relation))
                if len(named) > MAX_PARTS:
                    raise too_large(self._name, f"> {MAX_PARTS} sheets")

        self._walk(self._main, started)
        for title, relation in named:
            place, _ = self._targets.get(relation, ("", ""))
            if title in self._places:
                raise Refusal("worksheet-unreadable", file=self._name)
            if place in self._archive.NameToInfo:
                self.sheetnames.append(title)
                self._places[title] = place
        if not named:
            raise Refusal("worksheet-unreadable", file=self._name)

    def _part(self, kind: str) -> str:
        return next(
            (at for at, of in self._targets.values() if of.endswith(kind) and at in self._archive.NameToInfo), ""
        )

    def _walk(self, part: str, started: Started) -> None:
        for _ in elements(self._archive, part, started, lambda _: None):
            pass


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """The workbook, for the length of the block.

    Raises Refusal `worksheet-unreadable`, `worksheet-encrypted`, `worksheet-unsafe` or `worksheet-too-large`.
    """
    with open_archive(path) as archive:
        try:
            workbook = Workbook(path.name, archive)
        except DamagedPartError as damage:
            raise Refusal("worksheet-unreadable", file=path.name) from damage
        yield workbook
