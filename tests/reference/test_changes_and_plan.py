"""The shipped plan covers what ended, by the rule that the changes are read by."""

from __future__ import annotations

from collections import Counter

import pytest

from domain.administrative_unit import Level
from domain.agency import AgencyKind, Block
from domain.basis import Confidence
from domain.lot import ALL_LOT_KEYS, LotKey
from domain.plan import ChangeKind, Receiver
from reference import hanoi
from reference.plan import PlanFile, load_plan

KINDS = {
    Block.GOVERNMENT: AgencyKind.PEOPLES_COMMITTEE,
    Block.PARTY: AgencyKind.PARTY_COMMITTEE,
    Block.MASS: AgencyKind.FATHERLAND_FRONT,
}
ENDS = [
    (Level.DISTRICT, ChangeKind.DISSOLVED),
    (Level.COMMUNE, ChangeKind.CONSOLIDATED),
    (Level.COMMUNE, ChangeKind.SPLIT),
    (Level.COMMUNE, ChangeKind.DIVIDED),
    (Level.COMMUNE, ChangeKind.ABSORBED),
]


def _first(plan: PlanFile, block: Block, level: Level, change: ChangeKind, key: LotKey) -> tuple[str, str]:
    for rule in plan.rules:
        if rule.when.takes_fonds(block, level, KINDS[block], change) and rule.when.takes_lot(key):
            return rule.id, rule.receiver
    pytest.fail(f"no rule for {block} {level} {change} {key}")


def test_every_ended_unit_has_one_change() -> None:
    """Given the succession, when changes are derived, then 327 consolidated, 199 split, 30 districts dissolved."""
    changes = hanoi.unit_changes()
    assert Counter(change.kind for change in changes) == {
        ChangeKind.CONSOLIDATED: 327,
        ChangeKind.SPLIT: 199,
        ChangeKind.DISSOLVED: 30,
    }
    assert sum(len(change.successors) for change in changes) == 795


def test_a_split_unit_is_suggested_a_successor_only_where_all_people_went_to_one() -> None:
    """Given the split communes, when suggestions are read, then 41 have one and 158 have none."""
    split = [change for change in hanoi.unit_changes() if change.kind is ChangeKind.SPLIT]
    assert Counter(bool(change.suggested) for change in split) == {True: 41, False: 158}
    assert all(len(change.successors) > 1 for change in split)


@pytest.mark.parametrize("block", list(Block))
@pytest.mark.parametrize(("level", "change"), ENDS)
def test_no_lot_is_left_without_a_rule(block: Block, level: Level, change: ChangeKind) -> None:
    """Given any fonds that ends, when any of its 24 lots is looked up, then a rule speaks of it."""
    plan = load_plan()
    assert all(_first(plan, block, level, change, key) for key in ALL_LOT_KEYS)


DISTRICT = (Block.GOVERNMENT, Level.DISTRICT, ChangeKind.DISSOLVED)
WHOLE = (Block.GOVERNMENT, Level.COMMUNE, ChangeKind.CONSOLIDATED)
IN_PARTS = (Block.GOVERNMENT, Level.COMMUNE, ChangeKind.SPLIT)
DIVIDED = (Block.GOVERNMENT, Level.COMMUNE, ChangeKind.DIVIDED)
DISTRICT_PARTY = (Block.PARTY, Level.DISTRICT, ChangeKind.DISSOLVED)
COMMUNE_PARTY = (Block.PARTY, Level.COMMUNE, ChangeKind.CONSOLIDATED)
COMMUNE_MASS = (Block.MASS, Level.COMMUNE, ChangeKind.CONSOLIDATED)


@pytest.mark.parametrize(
    ("fonds", "lot", "receiver"),
    [
        (DISTRICT, "permanent/finished/arranged/paper", "city-historical-archive"),
        (DISTRICT, "temporary/finished/arranged/paper", "awaiting"),
        (DISTRICT, "temporary/finished/unarranged/paper", "city-historical-archive"),
        (DISTRICT, "temporary/finished/arranged/digital", "city-historical-archive"),
        (DISTRICT, "not-appraised/unfinished/arranged/paper", "awaiting"),
        (IN_PARTS, "permanent/finished/arranged/paper", "city-historical-archive"),
        (IN_PARTS, "temporary/finished/arranged/paper", "awaiting"),
        (WHOLE, "permanent/finished/arranged/paper", "city-historical-archive"),
        (WHOLE, "temporary/finished/arranged/paper", "successor"),
        (WHOLE, "not-appraised/unfinished/arranged/paper", "successor"),
        (WHOLE, "not-appraised/finished/unarranged/paper", "awaiting"),
        (DIVIDED, "temporary/finished/arranged/paper", "direct-superior"),
        (DISTRICT_PARTY, "permanent/finished/arranged/paper", "city-party-archive"),
        (COMMUNE_PARTY, "permanent/finished/arranged/paper", "awaiting"),
        (COMMUNE_MASS, "temporary/finished/arranged/paper", "awaiting"),
    ],
)
def test_plan_says_what_the_custody_rules_say(fonds: tuple[Block, Level, ChangeKind], lot: str, receiver: str) -> None:
    """Given a lot of a fonds that ends, when the first rule is taken, then it names the receiver of the law."""
    (key,) = [key for key in ALL_LOT_KEYS if key.text == lot]
    assert _first(load_plan(), *fonds, key)[1] == receiver


def test_receivers_are_symbols_or_named_bodies_that_exist() -> None:
    """Given the plan's receivers, when resolved, then each is a symbol or an agency that goes on."""
    plan = load_plan()
    standing = {agency.code for agency in hanoi.departments()}
    assert set(plan.receivers.values()) <= standing
    assert {rule.receiver for rule in plan.rules} <= {*Receiver, *plan.receivers}
    assert len({rule.id for rule in plan.rules}) == len(plan.rules)


def test_rules_of_law_and_inference_are_told_apart() -> None:
    """Given the rules, when their confidence is read, then Circular 06 and Law 33 alone are law."""
    for rule in load_plan().rules:
        assert rule.basis
        assert rule.note_vi
        assert rule.note_en
        if rule.confidence is Confidence.LAW:
            assert "06/2025/TT-BNV" in rule.basis or "33/2024/QH15" in rule.basis


def test_plan_takes_effect_when_its_instrument_is_in_force() -> None:
    """Given the instrument, when its days are compared, then it was issued and in force by the plan's day."""
    plan = load_plan()
    assert plan.instrument.issued <= plan.instrument.in_force <= plan.effective == hanoi.REORGANIZED_ON


def test_an_unknown_plan_is_not_found() -> None:
    """Given a day without a plan, when it is loaded, then nothing is made up."""
    with pytest.raises(FileNotFoundError):
        load_plan("1999-01-01")
