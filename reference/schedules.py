"""Retention schedules and document types, as far as they are known; a period that no source gives is not invented."""

from __future__ import annotations

from functools import cache

import msgspec

from domain.lot import RetentionClass
from reference.tables import read_table


class RetentionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a retention schedule.

    period: `permanent`, `years`, `until-expiry` (of the instrument) or `on-event`. standing: `superseded`,
    `in-force-excerpt` (wording seen) or `in-force-summary` (English summary seen only). `in_force_from` may be
    a year alone.
    """

    id: str
    schedule: str
    group: str
    group_name: str
    subject: str
    period: str
    as_written: str
    block: str
    in_force_from: str
    standing: str
    part: str = ""
    years: int | None = None
    in_force_to: str = ""

    @property
    def retention(self) -> RetentionClass:
        """The class a file of this line belongs to."""
        return RetentionClass.PERMANENT if self.period == "permanent" else RetentionClass.TEMPORARY


class DocumentType(msgspec.Struct, frozen=True, kw_only=True):
    """A type of document: name, abbreviation in the symbol, code in TT 05/2025/TT-BNV transfers where it has one."""

    block: str
    class_: str = msgspec.field(name="class")
    name: str
    source: str
    name_en: str = ""
    abbreviation: str = ""
    transfer_code: str = ""


@cache
def retention_rules() -> tuple[RetentionLine, ...]:
    """The 279 lines known: 274 of TT 09/2011/TT-BNV (superseded), 5 excerpts of TT 10/2022/TT-BNV."""
    return read_table("retention-schedule", RetentionLine)


@cache
def document_types() -> tuple[DocumentType, ...]:
    """The 70 types: Decree 30/2020, its three copy forms, the Party's, and codes known from TT 05/2025 only."""
    return read_table("document-types", DocumentType)
