"""A unit's account: what its bodies must have, by predecessor and fonds, and what of it has come.

Replayed from the facts that the ledger's acts recorded, for any civil day, as known after any act.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import msgspec

from domain.access import AccessRule
from domain.administrative_unit import Level
from domain.agency import AgencyKind, Block
from domain.basis import Certainty, Confidence
from domain.lot import Carrier
from domain.plan import ChangeKind


class LotState(StrEnum):
    """How a lot stands to the bodies of a unit.

    received: assigned to one of them, which has it. awaiting: assigned to one, in other hands. disputed: assigned to
    one, and its line was not taken, or the giver of the last hand-over did not have it. uncovered: nobody who exists
    is named. elsewhere: assigned to a body outside the unit.
    """

    RECEIVED = "received"
    AWAITING = "awaiting"
    DISPUTED = "disputed"
    UNCOVERED = "uncovered"
    ELSEWHERE = "elsewhere"


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """How much. files: of one carrier each. boxes, sheets: of paper."""

    lots: int = 0
    files: int = 0
    boxes: int = 0
    sheets: int = 0


class AccountUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit. valid_to: first day it is gone, empty while it exists. certainty: how its first day is known."""

    id: UUID
    code: str
    name: str
    level: Level
    valid_from: str
    valid_to: str
    certainty: Certainty


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """An agency in an account. valid_to: first day it is gone, empty while it exists."""

    id: UUID
    code: str
    name: str
    block: Block
    kind: AgencyKind
    valid_to: str


class AccountLot(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one lot in one holder's hands. lot: its key's text. because: act of the assignment, if there is one.

    box_labels: of the boxes that its paper lies in, each once. child_lot: name of the one that they are in.
    """

    lot: str
    carrier: Carrier
    state: LotState
    assigned_to: Body | None
    held_by: Body | None
    files: int
    boxes: int
    box_labels: tuple[str, ...]
    sheets: int
    because: int | None
    effective: str
    rule: str
    basis: str
    confidence: Confidence | None
    child_lot: str = ""


class AccountFonds(msgspec.Struct, frozen=True, kw_only=True):
    """A fonds and its lots with something in them."""

    id: UUID
    code: str
    name: str
    totals: dict[LotState, Amount]
    lots: tuple[AccountLot, ...]


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where fonds come from. unit absent: assigned from elsewhere, such as a district or a department.

    relation: `own`, `predecessor`, or `other`. into: the unit it went into, which may itself be a predecessor. also_to:
    other units that took part of it; then what is uncovered here is so in their accounts too. reconstructed: the
    unit's dates, or the change, are from rosters and not from an instrument.
    """

    relation: str
    fonds: tuple[AccountFonds, ...]
    unit: AccountUnit | None = None
    change: ChangeKind | None = None
    effective: str = ""
    share: str = ""
    population_share: str = ""
    clause: str = ""
    act: int | None = None
    into: UUID | None = None
    also_to: tuple[UUID, ...] = ()


class AccountReading(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from", "last_day": "until"}):
    """A fonds that a body of the unit may read by a rule, whoever has it; what it has or must have is in the lots.

    basis, act: as in `domain.readers.Reader`; unit: the creator's; files: those of the fonds that the rule opens;
    needs_grant: those that it does not open, since they need one. since, last_day: of a grant, both included.
    """

    body: Body
    rule: AccessRule
    basis: str
    act: int | None
    unit: AccountUnit | None
    fonds: UUID
    fonds_code: str
    fonds_name: str
    files: int
    needs_grant: int
    since: str = ""
    last_day: str = ""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's account on the civil day as_of, as known after act known_at.

    reconstructed: it rests on a unit whose dates are reconstructed from rosters.
    """

    unit: AccountUnit
    as_of: str
    known_at: int
    bodies: tuple[Body, ...]
    totals: dict[LotState, Amount]
    origins: tuple[Origin, ...]
    may_use: tuple[AccountReading, ...]
    reconstructed: bool
