"""Assignment: the one pure function from a plan and a fonds to the receiver of each of its lots.

The what-if and the enactment both call it; projections never do, they fold the events it led to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

import msgspec

from domain.administrative_unit import Level
from domain.agency import AgencyKind, Block
from domain.basis import Confidence
from domain.ending import ending_units, own_changes
from domain.errors import Refusal
from domain.lot import ALL_LOT_KEYS, EVERY_LOT, LotKey
from domain.plan import GOES_ON, ChangeKind, Plan, Receiver, Rule, UnitChange


class AssignmentLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Lots of one fonds that go one way. `receiver` absent: they await one. Lots are texts of `LotKey`."""

    lots: tuple[str, ...]
    rule: str
    basis: str
    confidence: Confidence
    receiver: UUID | None = None


class FondsUnderPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules ask of lots of a fonds: block, kind, level and unit of the body that must have them till then, and
    what happens to it: a change of its own, else its unit's.
    """

    fonds: UUID
    agency: UUID
    block: Block
    kind: AgencyKind
    level: Level
    unit: UUID
    change: ChangeKind


GENERAL_AUTHORITY: Final = {
    Block.GOVERNMENT: AgencyKind.PEOPLES_COMMITTEE,
    Block.PARTY: AgencyKind.PARTY_COMMITTEE,
    Block.MASS: AgencyKind.FATHERLAND_FRONT,
}
"""The body of a unit that its other bodies of the block are directly under."""


class PlanIndex:
    """A plan with its look-ups: change by unit, receiving agency by (unit, block, kind), superior by unit."""

    def __init__(self, plan: Plan, superiors: Mapping[UUID, UUID]) -> None:
        """`superiors`: unit -> the unit directly above it that exists on the effective date."""
        self.plan = plan
        self.own = own_changes(plan)
        self._ending_units = ending_units(plan)
        self.change: dict[UUID, UnitChange] = {change.unit: change for change in plan.changes}
        self.receiving: dict[tuple[UUID, Block, AgencyKind], UUID] = {
            **{(body.unit, body.block, body.kind): body.agency for body in plan.standing},
            **{(new.unit, new.block, new.kind): new.agency for new in plan.agencies},
        }
        self.superiors = superiors
        self._rules_for: dict[tuple[Block, Level, AgencyKind, ChangeKind], tuple[tuple[LotKey, Rule | None], ...]] = {}

    def successor(self, fonds: FondsUnderPlan) -> UUID | None:
        """The one agency that succeeds: as its own change names it, else the same body of the one succeeding unit."""
        if (own := self.own.get(fonds.agency)) is not None:
            return own.successors[0] if len(own.successors) == 1 else None
        successors = self.change[fonds.unit].successors
        whole = successors[0].unit if len(successors) == 1 else None
        return self.receiving.get((whole, fonds.block, fonds.kind)) if whole else None

    def superior(self, fonds: FondsUnderPlan) -> UUID | None:
        """The same body of the unit above; of a body that changes inside a unit, that unit's general authority."""
        authority = GENERAL_AUTHORITY[fonds.block]
        if fonds.unit not in self._ending_units and fonds.kind is not authority:
            return self.receiving.get((fonds.unit, fonds.block, authority))
        above = self.superiors.get(fonds.unit)
        return self.receiving.get((above, fonds.block, fonds.kind)) if above else None

    def rules_for(self, fonds: FondsUnderPlan) -> tuple[tuple[LotKey, Rule | None], ...]:
        """The first matching rule of each lot key; fonds of one kind share the answer."""
        kind = (fonds.block, fonds.level, fonds.kind, fonds.change)
        if kind not in self._rules_for:
            rules = [rule for rule in self.plan.rules if rule.when.takes_fonds(*kind)]
            self._rules_for[kind] = tuple(
                (key, next((rule for rule in rules if rule.when.takes_lot(key)), None)) for key in ALL_LOT_KEYS
            )
        return self._rules_for[kind]


def assign(index: PlanIndex, fonds: FondsUnderPlan, lots: Collection[str] | None = None) -> tuple[AssignmentLine, ...]:
    """The table of a fonds' lots, lots that go one way together: of all 24, or of those named by the text of their key.

    Refused: `plan-change-not-ending` (the body goes on), `plan-no-rule` (nothing matches and the plan does not let it
    await), `plan-receiver-undetermined` (the matching rule names nobody for this fonds and may not await).
    """
    if fonds.change in GOES_ON:
        raise Refusal("plan-change-not-ending", change=fonds.change.value)
    ways: dict[tuple[str, UUID | None], list[str]] = {}
    rules: dict[str, Rule] = {}
    by_rule: dict[int, list[str]] = {}
    wanted = None if lots is None or len(lots) == len(EVERY_LOT) else frozenset(lots)
    for lot, (_, rule) in zip(EVERY_LOT, index.rules_for(fonds), strict=True):
        if wanted is not None and lot not in wanted:
            continue
        if rule is None and not index.plan.unmatched_may_await:
            raise Refusal("plan-no-rule", lot=lot)
        if id(rule) not in by_rule:
            receiver = _receiver(index, fonds, rule) if rule else None
            name = rule.id if rule else ""
            if rule:
                rules[name] = rule
            by_rule[id(rule)] = ways.setdefault((name, receiver), [])
        by_rule[id(rule)].append(lot)
    return tuple(
        AssignmentLine(
            lots=tuple(together),
            receiver=receiver,
            rule=name,
            basis=rules[name].basis if name else "",
            confidence=rules[name].confidence if name else Confidence.INFERENCE,
        )
        for (name, receiver), together in ways.items()
    )


def _receiver(index: PlanIndex, fonds: FondsUnderPlan, rule: Rule) -> UUID | None:
    found: UUID | None
    match rule.receiver:
        case Receiver.AWAITING:
            return None
        case Receiver.SUCCESSOR:
            found = index.successor(fonds)
        case Receiver.DIRECT_SUPERIOR:
            found = index.superior(fonds)
        case name:
            found = index.plan.receivers.get(name)
    if found is None and not rule.may_await:
        raise Refusal("plan-receiver-undetermined", rule=rule.id)
    return found


def two_rules_claim(plan: Plan, fonds: FondsUnderPlan, change: ChangeKind, key: LotKey) -> tuple[str, ...]:
    """The rules beyond the first that also match a lot with another receiver; for the what-if to show."""
    matching = [
        rule
        for rule in plan.rules
        if rule.when.takes_fonds(fonds.block, fonds.level, fonds.kind, change) and rule.when.takes_lot(key)
    ]
    return tuple(rule.id for rule in matching[1:] if rule.receiver != matching[0].receiver)
