"""Reorganization: drafted, adopted, enacted; the first rule that matches assigns each lot."""

from uuid import UUID

import msgspec
import pytest

from domain import administrative_unit
from domain.administrative_unit import Level, UnitEnded, UnitEstablished
from domain.agency import AgencyEnded
from domain.enactment import assignments, enact
from domain.errors import Refusal
from domain.lot import ALL_LOT_KEYS, Carrier, LotKey, RetentionClass, WorkState
from domain.plan import Plan, Receiver, Rule, plan_hash
from domain.reorganization import (
    FondsAssigned,
    Reorganization,
    ReorganizationEnacted,
    adopt,
    draft,
    evolve,
    withdraw,
)
from tests.domain import city

STREAM = UUID(int=999)
TEMPORARY = LotKey(RetentionClass.TEMPORARY, WorkState.FINISHED, True, Carrier.PAPER)
PERMANENT = LotKey(RetentionClass.PERMANENT, WorkState.FINISHED, True, Carrier.PAPER)
UNFINISHED = LotKey(RetentionClass.TEMPORARY, WorkState.UNFINISHED, True, Carrier.PAPER)


def _drafted(plan: Plan) -> Reorganization:
    state: Reorganization | None = None
    for event in draft(None, plan):
        state = evolve(state, event)  # type: ignore[arg-type] # draft returns this stream's events
    assert state is not None
    return state


def _adopted(plan: Plan) -> Reorganization:
    return msgspec.structs.replace(_drafted(plan), adopted=True)


def test_the_ledger_keeps_the_whole_plan() -> None:
    """Given a plan, when drafted and folded again, then it is the same plan, to its hash."""
    plan = city.plan()
    assert _drafted(plan).plan == plan
    assert plan_hash(_drafted(plan).plan) == _drafted(plan).hash == plan_hash(plan)


def test_each_lot_goes_by_the_first_rule_that_matches() -> None:
    """A split commune's temporary files await; its permanent ones and the district's go to the archive."""
    table = {
        one.fonds: one.receivers() for one in assignments(city.plan(), city.units(), city.agencies(), city.all_fonds())
    }
    assert set(table) == {city.fonds_of(unit) for unit in (city.DISTRICT, city.WHOLE, city.SPLIT)}
    assert all(set(receivers) == set(ALL_LOT_KEYS) for receivers in table.values())
    assert set(table[city.fonds_of(city.DISTRICT)].values()) == {city.ARCHIVE}
    assert table[city.fonds_of(city.WHOLE)][TEMPORARY] == city.committee(city.NEW_A)
    assert table[city.fonds_of(city.SPLIT)][TEMPORARY] is None
    assert table[city.fonds_of(city.SPLIT)][PERMANENT] == city.ARCHIVE
    assert table[city.fonds_of(city.SPLIT)][UNFINISHED] is None


def test_the_direct_superior_is_the_one_that_goes_on() -> None:
    """The district above a commune ends with it, so the superior as of the effective date is the city."""
    plan = city.plan((city.rule("up", Receiver.DIRECT_SUPERIOR, level=(Level.COMMUNE,)), *city.RULES))
    found = assignments(plan, city.units(), city.agencies(), city.all_fonds())
    by_fonds = {one.fonds: one.receivers() for one in found}
    assert set(by_fonds[city.fonds_of(city.SPLIT)].values()) == {city.committee(city.CITY)}


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ((), "plan-no-rule"),
        ((city.rule("x", "nobody"),), "plan-receiver-undetermined"),
        ((city.rule("x", Receiver.SUCCESSOR),), "plan-receiver-undetermined"),
    ],
)
def test_what_no_rule_covers_blocks_enactment(rules: tuple[Rule, ...], code: str) -> None:
    """A lot without a rule, and a rule without a receiver, block unless the plan says it may await."""
    with pytest.raises(Refusal, match=code):
        assignments(city.plan(rules), city.units(), city.agencies(), city.all_fonds())


def test_enactment_carries_its_whole_result() -> None:
    """One assignment per fonds on the plan's stream; bodies end and begin on their own; fonds are not written."""
    events = enact(_adopted(city.plan()), STREAM, "2025-07-01", city.units(), city.agencies(), city.all_fonds())
    own = events[STREAM]
    assert own[0] == ReorganizationEnacted(effective="2025-07-01", plan_hash=plan_hash(city.plan()), fonds=3)
    assert [type(one) for one in own[1:]] == [FondsAssigned] * 3
    assert events[city.SPLIT] == [UnitEnded(effective="2025-07-01", basis="1/NQ")]
    assert events[city.committee(city.SPLIT)] == [AgencyEnded(effective="2025-07-01", basis="1/NQ")]
    assert isinstance(events[city.NEW_A][0], UnitEstablished)
    assert not {city.fonds_of(unit) for unit in (city.DISTRICT, city.WHOLE, city.SPLIT)} & set(events)
    assert city.CITY not in events
    assert city.ARCHIVE not in events


@pytest.mark.parametrize(
    ("state", "today", "code"),
    [
        (None, "2025-07-01", "reorganization-unknown"),
        (_drafted(city.plan()), "2025-07-01", "reorganization-not-adopted"),
        (_adopted(city.plan()), "2025-06-30", "reorganization-too-early"),
        (msgspec.structs.replace(_adopted(city.plan()), enacted=True), "2025-07-01", "reorganization-not-open"),
        (msgspec.structs.replace(_adopted(city.plan()), withdrawn=True), "2025-07-01", "reorganization-not-open"),
    ],
)
def test_a_plan_is_enacted_once_adopted_and_on_its_day(state: Reorganization | None, today: str, code: str) -> None:
    """No timer and no haste: an adopted plan, on or after its day, once."""
    with pytest.raises(Refusal, match=code):
        enact(state, STREAM, today, city.units(), city.agencies(), city.all_fonds())


@pytest.mark.parametrize("gone", [city.committee(city.SPLIT), city.committee(city.DISTRICT), STREAM])
def test_nothing_is_assigned_to_nobody(gone: UUID) -> None:
    """A receiver that ends by the plan, or that the ledger does not know, blocks enactment."""
    plan = msgspec.structs.replace(city.plan((city.rule("x", "named"),)), receivers={"named": gone})
    with pytest.raises(Refusal, match="plan-receiver-absent"):
        enact(_adopted(plan), STREAM, "2025-07-01", city.units(), city.agencies(), city.all_fonds())


def test_a_unit_already_ended_blocks_the_plan() -> None:
    """Given a commune that ended earlier, when the plan is enacted, then it is refused."""
    units = city.units()
    units[city.SPLIT] = msgspec.structs.replace(_known(units[city.SPLIT]), valid_to="2025-01-01")
    with pytest.raises(Refusal, match="unit-not-existing"):
        enact(_adopted(city.plan()), STREAM, "2025-07-01", units, city.agencies(), city.all_fonds())


def test_adoption_needs_an_instrument_in_force() -> None:
    """An instrument that comes into force after the plan's day adopts nothing; a withdrawn plan stays so."""
    late = msgspec.structs.replace(city.plan().instrument, in_force="2025-07-02")
    with pytest.raises(Refusal, match="instrument-not-in-force"):
        adopt(_drafted(city.plan()), late)
    gone = msgspec.structs.replace(_drafted(city.plan()), withdrawn=True)
    with pytest.raises(Refusal, match="reorganization-not-open"):
        withdraw(gone, "x")


def _known(unit: administrative_unit.Unit | None) -> administrative_unit.Unit:
    assert unit is not None
    return unit
