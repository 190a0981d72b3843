"""Plan file (tệp phương án): a plan as people write it, by codes and words, without any id of the ledger.

YAML and workbook are two forms of this one structure. A unit's code means the unit that carries it on the day the
entry speaks of: what changes on the day before the plan takes effect, what begins or takes over on that day.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.administrative_unit import Level, UnitKind
from domain.agency import AgencyKind, Block
from domain.basis import Instrument
from domain.plan import ChangeKind, FondsOutcome, Rule


class SuccessorEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where land and people of a changed unit go: a unit that exists on the plan's day, by which clause."""

    unit: str
    share: Literal["whole", "part"]
    population_share: Literal["all", "part", "none"]
    clause: str = ""


class UnitFormEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a renamed unit becomes; what is not said stays as it was."""

    name: str = ""
    kind: UnitKind | None = None
    level: Level | None = None
    code: str = ""


class ChangeEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What happens to a unit, and where its land and people go. becomes: of one that is renamed or retyped."""

    unit: str
    change: ChangeKind
    successors: tuple[SuccessorEntry, ...] = ()
    becomes: UnitFormEntry | None = None


class AgencyFormEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a renamed agency becomes; what is not said stays as it was."""

    name: str = ""
    kind: AgencyKind | None = None
    code: str = ""


class AgencyChangeEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What happens to an agency by itself, what becomes of its fonds, and which basis says so.

    agency: code on the day before; successors: codes on the plan's day.
    """

    agency: str
    change: ChangeKind
    fonds: FondsOutcome
    basis: str
    successors: tuple[str, ...] = ()
    becomes: AgencyFormEntry | None = None


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
    agency_changes: tuple[AgencyChangeEntry, ...] = ()
    unmatched_may_await: bool = False
