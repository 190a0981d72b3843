"""The demo's paper: where the sample scans and the worksheet lie, and what is true about them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import msgspec


class PageTruth(msgspec.Struct, frozen=True, kw_only=True):
    """What can be read on one page, line by line; a blank page has no text."""

    page: int
    text: str
    upside_down: bool
    blank: bool


class FieldsTruth(msgspec.Struct, frozen=True, kw_only=True):
    """What the paper says of itself. `symbol` is without the number; `date` is a civil day."""

    number: str
    symbol: str
    date: str
    place: str
    type: str
    subject: str
    organ: str
    signer: str
    position: str
    recipients: tuple[str, ...]


class ScanTruth(msgspec.Struct, frozen=True, kw_only=True):
    """One sample scan. copy_of: the same paper scanned elsewhere; same_bytes_as: the very same file."""

    scan: str
    file: str
    ordinal: int
    sha256: str
    layout: str
    fields: FieldsTruth
    persons: tuple[str, ...]
    pages: tuple[PageTruth, ...]
    copy_of: str = ""
    same_bytes_as: str = ""


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """A value planted wrong in the worksheet: `date` or `number`."""

    scan: str
    file: str
    field: str
    worksheet: str
    paper: str


class WorksheetTruth(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo's worksheet holds. faults: file code -> why the entry gate sends it back."""

    files: int
    documents: int
    titles: tuple[str, ...]
    subjects: tuple[str, ...]
    persons: tuple[str, ...]
    faults: dict[str, str]
    contradictions: tuple[Contradiction, ...]


def scans_folder() -> Path:
    """The folder of the sample scans (PDF)."""
    return _folder() / "scans"


def worksheet_path() -> Path:
    """The demo's worksheet (XLSX)."""
    return _folder() / "worksheets" / "demo.xlsx"


def scan_truth() -> tuple[ScanTruth, ...]:
    """The truth of every sample scan."""
    return msgspec.json.decode((scans_folder() / "truth.json").read_bytes(), type=tuple[ScanTruth, ...])


def worksheet_truth() -> WorksheetTruth:
    """The truth of the demo's worksheet."""
    return msgspec.json.decode((_folder() / "worksheets" / "truth.json").read_bytes(), type=WorksheetTruth)


def confidential_texts() -> frozenset[str]:
    """Every person, title, subject and line of text of the demo that may stand nowhere in clear.

    Lines that name only public things (agency, type, motto) or are too short to mean anything are left out.
    """
    worksheet = worksheet_truth()
    found = {*worksheet.persons, *worksheet.titles, *worksheet.subjects}
    for scan in scan_truth():
        for page in scan.pages:
            found |= {line for line in page.text.splitlines() if len(line.split()) >= 8}
    return frozenset(found)


def _folder() -> Path:
    return Path(str(resources.files("reference")))
