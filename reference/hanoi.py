"""The front door of the reference data: every loader by its name. Each reads once and returns the same tuple."""

from __future__ import annotations

from reference.agencies import Agency, agencies_after, agencies_before, departments
from reference.changes import Successor, UnitChange, unit_changes
from reference.schedules import DocumentType, RetentionLine, document_types, retention_rules
from reference.units import (
    REORGANIZED_ON,
    LineageEdge,
    SuccessionEdge,
    Unit,
    city,
    districts,
    lineage,
    succession,
    units_after,
    units_before,
)

__all__ = [
    "REORGANIZED_ON",
    "Agency",
    "DocumentType",
    "LineageEdge",
    "RetentionLine",
    "SuccessionEdge",
    "Successor",
    "Unit",
    "UnitChange",
    "agencies_after",
    "agencies_before",
    "city",
    "departments",
    "districts",
    "document_types",
    "lineage",
    "retention_rules",
    "succession",
    "unit_changes",
    "units_after",
    "units_before",
]
