"""Form: what a plan file says before it is a plan, and where each member stands in the YAML or the workbook."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from domain.errors import TEXTS
from domain.finding import Finding, Path

MAX_BYTES: Final = 4 * 1024 * 1024
ASIDE: Final = "@"
"""In a path: what follows tells findings at one member apart and is not said."""


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line and column of a text, from 1, or a cell of a sheet."""

    line: int = 0
    column: int = 0
    sheet: str = ""
    cell: str = ""

    @property
    def vi(self) -> str:
        """As said in Vietnamese."""
        if self.line:
            return f"dòng {self.line}"
        return f"bảng {self.sheet}" + (f", ô {self.cell}" if self.cell else "") if self.sheet else "tệp"

    @property
    def en(self) -> str:
        """As said in English."""
        if self.line:
            return f"line {self.line}"
        return f"sheet {self.sheet}" + (f", cell {self.cell}" if self.cell else "") if self.sheet else "file"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something found, at its place. flagged: to be looked at; it hinders nothing."""

    code: str
    at: Place
    member: str
    vi: str
    en: str
    flagged: bool


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """value: mappings, lists, texts, numbers, booleans. places: where each path stands. found: faults of the form."""

    value: Any
    places: Mapping[Path, Place]
    found: tuple[Finding, ...] = ()

    def fault(self, finding: Finding) -> Fault:
        """The finding at its place, or at the nearest place around it."""
        path = (*finding.path, finding.facts.get("member", ""))  # where what is missing belongs, if that is known
        while path and path not in self.places:
            path = path[:-1]
        vi, en = TEXTS[finding.code]
        return Fault(
            code=finding.code,
            at=self.places.get(path, Place()),
            member=_spoken(finding.path),
            vi=vi.format_map(finding.facts),
            en=en.format_map(finding.facts),
            flagged=finding.flagged,
        )


def settled(text: str) -> str:
    """A text as the archive keeps it: Unicode form C, no space at either end."""
    return unicodedata.normalize("NFC", text).strip()


def _spoken(path: Path) -> str:
    """`rules[3].basis`, counting from 1 as people do."""
    said = path[: path.index(ASIDE)] if ASIDE in path else path
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in said).lstrip(".")
