"""Plan file (tệp phương án): a plan as people write it, by codes and words, without any id of the ledger.

YAML and workbook are two forms of this one structure. A unit's code means the unit that carries it on the day the
entry speaks of: units that end on the day before the plan takes effect, units that begin or go on on that day.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.administrative_unit import Level, UnitKind
from domain.agency import AgencyKind, Block
from domain.basis import Instrument
from domain.plan import ChangeKind, Rule


class SuccessorEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where land and people of an ended unit go: a unit that exists on the plan's day, by which clause."""

    unit: str
    share: Literal["whole", "part"]
    population_share: Literal["all", "part", "none"]
    clause: str = ""


class ChangeEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A unit that ends, how, and its successors."""

    unit: str
    change: ChangeKind
    successors: tuple[SuccessorEntry, ...] = ()


class UnitEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A unit that begins. `parent`: code of the unit it lies in, on the plan's day."""

    code: str
    name: str
    kind: UnitKind
    level: Level
    parent: str = ""


class AgencyEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An agency that begins in a unit of the plan's day, and the fonds that opens for it."""

    code: str
    name: str
    block: Block
    kind: AgencyKind
    unit: str
    fonds_code: str
    fonds_name: str


class PlanFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A whole plan file.

    changes: the name of a shipped set, which brings its own units and agencies, or the changes one by one.
    receivers: name -> agency code, for receivers that do not depend on the fonds.
    """

    title: str
    effective: str
    instrument: Instrument
    changes: str | tuple[ChangeEntry, ...]
    rules: tuple[Rule, ...]
    title_en: str = ""
    receivers: dict[str, str] = {}
    units: tuple[UnitEntry, ...] = ()
    agencies: tuple[AgencyEntry, ...] = ()
    unmatched_may_await: bool = False
