"""The files that a child lot is made of: codes from options, a text file, comma-separated values or a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from domain.child_lot import CarvedFile
from domain.errors import Refusal
from domain.file import evolve
from domain.identifiers import nfc
from ledger.application import Ledger
from mocban.handover.choosing import read_codes
from mocban.handover.listed_rows import Cell, listed_rows
from projections.asking import ask
from projections.view import Connection

HEADS: Final = frozenset({"mã hồ sơ", "filecode", "file code"})
_SHEET: Final = "Hồ sơ"
_OF_CATALOG: Final = """
SELECT id, code FROM projection.file
WHERE fonds = %(fonds)s AND NOT bundle AND code LIKE '%%.' || %(catalog)s || '.%%' ORDER BY code, id
"""
_BY_CODE: Final = "SELECT id, code FROM projection.file WHERE code = ANY (%(codes)s) ORDER BY code, id"


class _File(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    code: str


def read_list(path: Path) -> tuple[str, ...]:
    """The codes that a list names: a line each in a .txt; else the column headed *Mã hồ sơ* or *FileCode*.

    Raises Refusal `child-lot-list-unfit` with the line or cell, and those of `listed_rows`.
    """
    if path.suffix.lower() == ".txt":
        return tuple(nfc(code) for code in read_codes(path))
    column: int | None = None
    codes: list[str] = []
    for row in listed_rows(path, _SHEET):
        if not any(text for text, _, _ in row):
            continue
        if column is None:
            column = _head(row)
        elif column >= len(row):
            raise _unfit(path, row[0], "thiếu mã hồ sơ · no file code")
        else:
            codes.append(_code(path, row[column]))
    if column is None:
        raise Refusal(
            "child-lot-list-unfit", file=path.name, where="-", fault="không có cột Mã hồ sơ · no column Mã hồ sơ"
        )
    return tuple(codes)


def lines_of(
    connection: Connection, ledger: Ledger, fonds: UUID, codes: Sequence[str], catalogs: Iterable[int]
) -> list[CarvedFile]:
    """The files named, and those of whole catalogues of the fonds, as the ledger itself registered them.

    Raises Refusal `child-lot-file-unknown`, `child-lot-file-repeated`, `child-lot-catalog-empty`.
    """
    found: dict[UUID, str] = {}
    by_code = {one.code: one.id for one in ask(connection, _File, _BY_CODE, codes=list(codes))}
    for code in codes:
        if code not in by_code:
            raise Refusal("child-lot-file-unknown", code=code[:80])
        if by_code[code] in found:
            raise Refusal("child-lot-file-repeated", code=code)
        found[by_code[code]] = code
    kept = ledger.streams()
    states = kept.load_many(list(found), None, evolve)
    for catalog in catalogs:
        listed = [one.id for one in ask(connection, _File, _OF_CATALOG, fonds=fonds, catalog=str(catalog))]
        of_catalog = kept.load_many([one for one in listed if one not in states], None, evolve)
        states |= {
            key: state
            for key, state in of_catalog.items()
            if state is not None and state.registered.FileCode.FileCatalog == catalog and not state.destroyed
        }
        if not listed:
            raise Refusal("child-lot-catalog-empty", catalog=catalog)
    return [CarvedFile(FileCode=one.registered.FileCode, file=key) for key, one in states.items() if one is not None]


def _head(row: Sequence[Cell]) -> int | None:
    named = (text.partition("\n")[0].partition("·")[0].strip().casefold() for text, _, _ in row)
    return next((at for at, name in enumerate(named) if name in HEADS), None)


def _code(path: Path, cell: Cell) -> str:
    text, _, formula = cell
    if formula:
        raise _unfit(path, cell, "công thức · a formula")
    if not text:
        raise _unfit(path, cell, "thiếu mã hồ sơ · no file code")
    return text


def _unfit(path: Path, cell: Cell, fault: str) -> Refusal:
    place = cell[1]
    where = f"{place.sheet}!{place.cell}" if place.cell else f"dòng · line {place.line}"
    return Refusal("child-lot-list-unfit", file=path.name, where=where, fault=fault)
