"""Plan of a reorganization: which units and agencies end and begin, and by which rules each lot is assigned.

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
"""Kinds by which the unit does not end; what a plan lists ends, so that none of them can be carried out by one yet."""


class Succession(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An edge: where land and people of an ended unit went. It suggests; only a cited decision assigns."""

    unit: UUID
    share: str
    population_share: str
    clause: str = ""


class UnitChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A unit that ends, how, and its successors; its agencies end with it and their fonds close."""

    unit: UUID
    change: ChangeKind
    successors: tuple[Succession, ...] = ()


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
    """A whole plan. `unmatched_may_await`: what no rule matches awaits; otherwise it blocks enactment."""

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


def plan_hash(plan: Plan) -> str:
    """Base64 SHA-256 of the plan as JSON with sorted keys: what adoption and enactment refer to."""
    return b64encode(hashlib.sha256(msgspec.json.encode(plan, order="deterministic")).digest()).decode()
