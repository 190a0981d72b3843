"""A file row and a document row of the worksheet, parsed, with the faults of each noted on its cells."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from pathlib import PurePosixPath

import msgspec

from digitization.worksheet_cells import RowCells
from domain.agency import Block
from domain.civil_date import PartialDate, earliest, latest
from domain.file import Rights
from domain.lot import WorkState

_RESERVED = frozenset({"CON", "PRN", "AUX", "NUL"} | {f"{port}{at}" for port in ("COM", "LPT") for at in range(10)})
"""Names that Windows takes for devices, whatever their ending."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What rows may name: agency codes, fonds code -> code of its creator, retention rules. None: not looked up."""

    agencies: Collection[str] | None = None
    fonds: Mapping[str, str] | None = None
    rules: Collection[str] | None = None


class FileRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the sheet of files. Dates are partial (`2019`, `2019-05`, `2019-05-17` or empty).

    raw: field -> clean text as written. block None: the cell is empty, the entry gate will say so.
    """

    row: int
    file_code: str
    organ_id: str
    fonds: str
    list_no: str
    catalog: int
    notation: str
    title: str
    start: PartialDate
    end: PartialDate
    state: WorkState
    retention: str
    retention_rule: str
    appraised_on: PartialDate
    rights: Rights
    block: Block | None
    arranged: bool
    duplicate: bool
    superfluous: bool
    damaged: bool
    sheets: int
    volumes: int
    box: str
    repository: str
    shelf: str
    holder: str
    language: str
    note: str
    raw: Mapping[str, str]


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the sheet of documents. scan: the name of a file in the scans folder, or empty."""

    row: int
    file_code: str
    ordinal: int
    type_name: str
    number: str
    notation: str
    issued: PartialDate
    organ_name: str
    subject: str
    signer: str
    signer_position: str
    pages: int
    scan: str
    note: str
    raw: Mapping[str, str]


def file_row(cells: RowCells, known: Known, first_rows: dict[str, int]) -> FileRow | None:
    """The row, or None with its faults in `cells.refusals`. first_rows: file code -> the row it came in first."""
    catalog = cells.integer("catalog", 1800, 2200) or 0
    code = f"{cells.text('organ_id')}.{catalog}.{cells.text('notation')}"
    start = cells.partial_date("start_day", "start_month", "start_year")
    end = cells.partial_date("end_day", "end_month", "end_year")
    rights = cells.choice("rights")
    block = cells.choice("block")
    state = cells.choice("state")
    row = FileRow(
        row=cells.row,
        file_code=code,
        organ_id=cells.text("organ_id"),
        fonds=cells.text("fonds"),
        list_no=cells.text("list_no"),
        catalog=catalog,
        notation=cells.text("notation"),
        title=cells.text("title"),
        start=start,
        end=end,
        state=WorkState(state) if state else WorkState.FINISHED,
        retention=cells.text("retention"),
        retention_rule=cells.text("retention_rule"),
        appraised_on=cells.written_date("appraised_on"),
        rights=Rights(rights) if rights else Rights.OPEN,
        block=Block(block) if block else None,
        arranged=cells.choice("arranged") == "yes",
        duplicate=cells.choice("duplicate") == "yes",
        superfluous=cells.choice("superfluous") == "yes",
        damaged=cells.choice("damaged") == "yes",
        sheets=cells.integer("sheets") or 0,
        volumes=cells.integer("volumes", 1, 999) or 1,
        box=cells.text("box"),
        repository=cells.text("repository"),
        shelf=cells.text("shelf"),
        holder=cells.text("holder"),
        language=cells.text("language"),
        note=cells.text("note"),
        raw=cells.raw,
    )
    _judge_file(cells, row, known, first_rows)
    return None if cells.refusals else row


def _judge_file(cells: RowCells, row: FileRow, known: Known, first_rows: dict[str, int]) -> None:
    """Faults that need more than one cell, or more than the row."""
    if row.start and row.end and latest(row.end) < earliest(row.start):
        cells.refuse("worksheet-date-order", "end_year")
    if row.rights is Rights.SECRET:
        cells.refuse("worksheet-secret", "rights")
    for field, code in (("organ_id", row.organ_id), ("holder", row.holder)):
        if code and known.agencies is not None and code not in known.agencies:
            cells.refuse("worksheet-agency-unknown", field, agency=code)
    if row.fonds and known.fonds is not None and row.fonds not in known.fonds:
        cells.refuse("worksheet-fonds-unknown", "fonds", fonds=row.fonds)
    if row.retention_rule and known.rules is not None and row.retention_rule not in known.rules:
        cells.refuse("worksheet-rule-unknown", "retention_rule", rule=row.retention_rule)
    if row.organ_id and row.catalog and row.notation:
        first = first_rows.setdefault(row.file_code, cells.row)
        alike = first_rows.setdefault(f"\0{row.file_code.upper()}", cells.row)
        if first != cells.row:
            cells.refuse("worksheet-file-twice", "notation", file_code=row.file_code, first=first)
        elif alike != cells.row:
            cells.refuse("worksheet-file-letters", "notation", file_code=row.file_code, first=alike)


def document_row(cells: RowCells, files: Container[str], first_rows: dict[str, int]) -> DocumentRow | None:
    """The row, or None with its faults in `cells.refusals`. files: codes of the files that it may belong to."""
    row = DocumentRow(
        row=cells.row,
        file_code=cells.text("file_code"),
        ordinal=cells.integer("ordinal", 1, 9999) or 0,
        type_name=cells.text("type_name"),
        number=cells.text("number"),
        notation=cells.text("notation"),
        issued=cells.partial_date("day", "month", "year"),
        organ_name=cells.text("organ_name"),
        subject=cells.text("subject"),
        signer=cells.text("signer"),
        signer_position=cells.text("signer_position"),
        pages=cells.integer("pages", 0, 9999) or 0,
        scan=cells.text("scan"),
        note=cells.text("note"),
        raw=cells.raw,
    )
    if row.file_code and row.file_code not in files:
        cells.refuse("worksheet-document-without-file", "file_code", file_code=row.file_code)
    if row.scan and not _is_plain_name(row.scan):
        cells.refuse("worksheet-scan-name", "scan")
    if row.file_code and row.ordinal:
        first = first_rows.setdefault(f"{row.file_code}\0{row.ordinal}", cells.row)
        if first != cells.row:
            cells.refuse(
                "worksheet-document-twice", "ordinal", file_code=row.file_code, ordinal=row.ordinal, first=first
            )
    return None if cells.refusals else row


def _is_plain_name(name: str) -> bool:
    """A PDF's own name: no folder, no drive, no hidden file, nothing that a shell or a file system reads otherwise."""
    strange = set('\\/:*?"<>|') & set(name)
    stem = name[: -len(".pdf")]
    return (
        not strange
        and name == PurePosixPath(name).name
        and not name.startswith(".")
        and name.lower().endswith(".pdf")
        and stem == stem.rstrip(" .")
        and stem.split(".")[0].rstrip().upper() not in _RESERVED
    )
