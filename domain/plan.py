"""Plan of a reorganization: which units and agencies end, go on and begin, and by which rules each lot is assigned.

The plan is data. `assign` in `domain/assignment.py` is the one function that reads its rules; the same
function serves the what-if and the enactment.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from domain.administrative_unit import Level, UnitKind
from domain.agency import AgencyKind, Block
from domain.basis import Confidence, Instrument
from domain.fonds import CustodyLine
from domain.lot import Carrier, LotKey, RetentionClass, WorkState


class ChangeKind(StrEnum):
    """What happens to a unit (TT 06/2025/TT-BNV art. 39-40). `split`: parts to several, kind uncertain in law."""

    ESTABLISHED = "established"
    ABSORBED = "absorbed"
    CONSOLIDATED = "consolidated"
    DIVIDED = "divided"
    SEPARATED = "separated"
    SPLIT = "split"
    BOUNDARY_ADJUSTED = "boundary-adjusted"
    RENAMED = "renamed"
    DISSOLVED = "dissolved"


GOES_ON: Final = frozenset(
    {ChangeKind.ESTABLISHED, ChangeKind.SEPARATED, ChangeKind.BOUNDARY_ADJUSTED, ChangeKind.RENAMED}
)
"""Kinds by which the unit or agency does not end."""


class FondsOutcome(StrEnum):
    """What becomes of an agency's fonds (phông tiếp tục, đóng, mở)."""

    GOES_ON = "goes-on"
    CLOSES = "closes"
    OPENS = "opens"


class Succession(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An edge: where land and people of an ended unit went. It suggests; only a cited decision assigns."""

    unit: UUID
    share: str
    population_share: str
    clause: str = ""


class UnitChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What happens to a unit, and to which others its land and people go.

    Of a kind by which it ends, its agencies end with it and their fonds close, unless a change of their own says else.
    """

    unit: UUID
    change: ChangeKind
    successors: tuple[Succession, ...] = ()


class UnitForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a unit that goes on is called, and what it is, from the plan's day on."""

    unit: UUID
    name: str
    kind: UnitKind
    level: Level
    code: str


class AgencyForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an agency that goes on is called, and what it is, from the plan's day on."""

    name: str
    kind: AgencyKind
    code: str


class AgencyChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What happens to an agency by itself, whether or not its unit changes, and to its fonds, on which basis.

    successors: agencies that take over its function. becomes: of one that is renamed.
    """

    agency: UUID
    change: ChangeKind
    fonds: FondsOutcome
    basis: str
    successors: tuple[UUID, ...] = ()
    becomes: AgencyForm | None = None


class NewUnit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A unit that begins."""

    unit: UUID
    name: str
    kind: UnitKind
    level: Level
    code: str
    parent: UUID | None = None


class NewAgency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency that begins, and the fonds that opens for it."""

    agency: UUID
    name: str
    block: Block
    kind: AgencyKind
    unit: UUID
    code: str
    fonds: UUID
    fonds_code: str
    fonds_name: str
    line: CustodyLine


class Standing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency that goes on through the reorganization and may receive, such as one of the city."""

    agency: UUID
    block: Block
    kind: AgencyKind
    unit: UUID


class Selector(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which lots a rule speaks of. An empty member selects all."""

    block: tuple[Block, ...] = ()
    level: tuple[Level, ...] = ()
    agency_kind: tuple[AgencyKind, ...] = ()
    change: tuple[ChangeKind, ...] = ()
    retention: tuple[RetentionClass, ...] = ()
    state: tuple[WorkState, ...] = ()
    arranged: tuple[bool, ...] = ()
    carrier: tuple[Carrier, ...] = ()

    def takes_fonds(self, block: Block, level: Level, kind: AgencyKind, change: ChangeKind) -> bool:
        """Whether lots of such a fonds can be meant."""
        return (
            (not self.block or block in self.block)
            and (not self.level or level in self.level)
            and (not self.agency_kind or kind in self.agency_kind)
            and (not self.change or change in self.change)
        )

    def takes_lot(self, key: LotKey) -> bool:
        """Whether such a lot is meant."""
        return (
            (not self.retention or key.retention in self.retention)
            and (not self.state or key.state in self.state)
            and (not self.arranged or key.arranged in self.arranged)
            and (not self.carrier or key.carrier in self.carrier)
        )


class Receiver(StrEnum):
    """Receivers that depend on the fonds. Any other receiver is a name in `Plan.receivers`."""

    AWAITING = "awaiting"
    SUCCESSOR = "successor"
    DIRECT_SUPERIOR = "direct-superior"


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An assignment rule; rules stand in order and the first that matches wins.

    may_await: where the receiver cannot be determined for a fonds, the lot awaits instead of blocking.
    """

    id: str
    when: Selector
    receiver: str
    basis: str
    confidence: Confidence
    may_await: bool = False
    note_vi: str = ""
    note_en: str = ""


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole plan. `unmatched_may_await`: what no rule matches awaits; otherwise it blocks enactment.

    unit_forms: of the units that are renamed. agency_changes: of agencies by themselves.
    """

    title: str
    effective: str
    instrument: Instrument
    receivers: dict[str, UUID]
    changes: tuple[UnitChange, ...]
    units: tuple[NewUnit, ...]
    agencies: tuple[NewAgency, ...]
    standing: tuple[Standing, ...]
    rules: tuple[Rule, ...]
    unmatched_may_await: bool = False
    unit_forms: tuple[UnitForm, ...] = ()
    agency_changes: tuple[AgencyChange, ...] = ()


_LATER: Final = ("unit_forms", "agency_changes")
"""Members that plans did not have at first: left out of the hash where they are empty."""


def plan_hash(plan: Plan) -> str:
    """Base64 SHA-256 of the plan as JSON, mappings by sorted keys: what adoption and enactment refer to."""
    said = {
        name: msgspec.Raw(msgspec.json.encode(value, order="deterministic"))
        for name, value in msgspec.structs.asdict(plan).items()
        if value or name not in _LATER
    }
    return b64encode(hashlib.sha256(msgspec.json.encode(said)).digest()).decode()
