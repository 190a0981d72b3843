"""Changes of units and agencies: each kind, what becomes of the fonds, and what a plan may not say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain import administrative_unit
from domain.administrative_unit import Level, Unit, UnitBoundaryAdjusted, UnitKind, UnitRenamed, UnitSeparated
from domain.agency import Agency, AgencyEnded, AgencyKind, AgencyRenamed, AgencySeparated, Block
from domain.change_check import unfit_changes
from domain.creatorship import FondsWentOn, as_of, creatorships
from domain.enactment import enact
from domain.errors import Refusal
from domain.event import Event
from domain.fonds import CustodyLine, Fonds
from domain.plan import (
    AgencyChange,
    AgencyForm,
    ChangeKind,
    FondsOutcome,
    NewAgency,
    Plan,
    Receiver,
    Succession,
    UnitChange,
    UnitForm,
    plan_hash,
)
from domain.reorganization import FondsAssigned, Reorganization, draft, evolve
from tests.domain import city

STREAM = UUID(int=999)
GIVES, TAKES, NEW_ONE, NEW_TWO = (UUID(int=number) for number in range(60, 64))
OPENS, CLOSES, GOES_ON = FondsOutcome.OPENS, FondsOutcome.CLOSES, FondsOutcome.GOES_ON
RULES = (
    city.rule("up", Receiver.DIRECT_SUPERIOR, change=(ChangeKind.DIVIDED,)),
    city.rule("on", Receiver.SUCCESSOR, may_await=True),
)


def _fonds(agency: UUID) -> UUID:
    return UUID(int=agency.int + 200)


def _departments() -> dict[UUID, Agency | None]:
    return city.agencies() | {
        one: Agency(
            name=f"Sở {one.int}",
            block=Block.GOVERNMENT,
            kind=AgencyKind.DEPARTMENT,
            unit=city.CITY,
            code=f"H26.{one.int}",
            valid_from="2020-01-01",
        )
        for one in (GIVES, TAKES)
    }


def _all_fonds(**more: tuple[UUID, ...]) -> dict[UUID, Fonds | None]:
    opened = city.all_fonds()
    for agency in (GIVES, TAKES):
        opened[_fonds(agency)] = Fonds(
            code=f"P-{agency.int}",
            name="Phông",
            creators=more.get(f"f{agency.int}", (agency,)),
            opened_from="2020-01-01",
            line=CustodyLine.STATE,
        )
    return opened


def _new(agency: UUID) -> NewAgency:
    return NewAgency(
        agency=agency,
        name=f"Sở mới {agency.int}",
        block=Block.GOVERNMENT,
        kind=AgencyKind.DEPARTMENT,
        unit=city.CITY,
        code=f"H26.{agency.int}",
        fonds=_fonds(agency),
        fonds_code=f"P-{agency.int}",
        fonds_name="Phông",
        line=CustodyLine.STATE,
    )


def _plan(*own: AgencyChange, changes: tuple[UnitChange, ...] = (), **more: Any) -> Plan:
    base = {"changes": changes, "units": (), "agencies": (), "agency_changes": own} | more
    return msgspec.structs.replace(city.plan(RULES), **base)


def _own(change: ChangeKind, fonds: FondsOutcome, *to: UUID, agency: UUID = GIVES, **more: Any) -> AgencyChange:
    return AgencyChange(agency=agency, change=change, fonds=fonds, basis="7/QĐ", successors=to, **more)


def _enact(plan: Plan, opened: dict[UUID, Fonds | None] | None = None) -> dict[UUID, list[Event]]:
    state: Reorganization | None = None
    for event in draft(None, plan):
        state = evolve(state, event)  # type: ignore[arg-type] # draft returns this stream's events
    assert state is not None
    assert state.plan == plan
    adopted = msgspec.structs.replace(state, adopted=True)
    return enact(adopted, STREAM, "2026-01-01", city.units(), _departments(), opened or _all_fonds())


def _of(events: dict[UUID, list[Event]], kind: type[Any]) -> list[Any]:
    return [event for event in events[STREAM] if isinstance(event, kind)]


def test_plans_without_such_changes_keep_their_hash() -> None:
    """Given a plan of the time before agencies changed by themselves, then its hash is the one it had."""
    plan = city.plan()
    told = msgspec.json.decode(msgspec.json.encode(plan))
    assert told.pop("unit_forms") == told.pop("agency_changes") == []
    assert plan_hash(plan) == "/KbxUpGezCFkCrrf8dhcrftkCdbERwZNtFX896pDKvk="
    assert plan_hash(plan) != plan_hash(_plan(_own(ChangeKind.DISSOLVED, CLOSES)))
    assert {event.__struct_config__.tag for event in draft(None, plan)} == {
        "reorganization.drafted/1",
        "reorganization.changes-listed/1",
        "reorganization.bodies-listed/1",
        "reorganization.rules-listed/1",
    }


def test_an_absorbed_agency_ends_and_nothing_happens_to_its_unit() -> None:
    """Given one department absorbed by another, then it ends, its fonds closes, its lots go to the receiver."""
    events = _enact(_plan(_own(ChangeKind.ABSORBED, CLOSES, TAKES)))
    assert events.keys() == {STREAM, GIVES}
    assert events[GIVES] == [AgencyEnded(effective=city.EFFECTIVE, basis="7/QĐ")]
    (assigned,) = _of(events, FondsAssigned)
    assert (assigned.fonds, assigned.closes, set(assigned.receivers().values())) == (_fonds(GIVES), True, {TAKES})
    (onward,) = _of(events, FondsWentOn)
    assert (onward.fonds, onward.creators, onward.former) == (_fonds(TAKES), (TAKES,), ())


def test_a_fonds_goes_on_under_the_receiver_where_the_plan_cites_it() -> None:
    """Given the same with a fonds that goes on, then the receiver creates it and must have it; nothing closes."""
    events = _enact(_plan(_own(ChangeKind.ABSORBED, GOES_ON, TAKES)))
    (assigned,) = _of(events, FondsAssigned)
    (line,) = assigned.table
    assert (assigned.closes, line.receiver, line.rule, line.basis) == (False, TAKES, "fonds-goes-on", "7/QĐ")
    onward = {one.fonds: one for one in _of(events, FondsWentOn)}
    assert onward[_fonds(GIVES)].creators == (TAKES,)
    assert onward[_fonds(GIVES)].former == (GIVES,)


def test_a_fonds_of_several_goes_on_with_those_who_do() -> None:
    """Given a fonds of two creators, when one of them ends, then the other creates it on and must have it all."""
    opened = _all_fonds(f60=(GIVES, TAKES))
    events = _enact(_plan(_own(ChangeKind.DISSOLVED, CLOSES)), opened)
    (assigned,) = _of(events, FondsAssigned)
    assert (assigned.closes, set(assigned.receivers().values())) == (False, {TAKES})
    onward = _of(events, FondsWentOn)
    (own,) = [one for one in onward if one.fonds == _fonds(GIVES)]
    assert (own.creators, own.former) == ((TAKES,), (GIVES,))
    fonds = opened[_fonds(GIVES)]
    assert fonds is not None
    assert as_of(fonds, onward[:1], "2025-06-30").creators == (GIVES, TAKES)
    assert as_of(fonds, [own], city.EFFECTIVE).creators == (TAKES,)
    assert [(one.creator, one.since, one.until) for one in creatorships(fonds, [own])] == [
        (GIVES, "2020-01-01", city.EFFECTIVE),
        (TAKES, "2020-01-01", ""),
    ]


def test_a_divided_agency_goes_to_its_direct_superior() -> None:
    """Given a department divided in two, then both begin, and its lots go to the committee it was directly under."""
    own = _own(ChangeKind.DIVIDED, CLOSES, NEW_ONE, NEW_TWO)
    events = _enact(_plan(own, agencies=(_new(NEW_ONE), _new(NEW_TWO))))
    (assigned,) = _of(events, FondsAssigned)
    assert set(assigned.receivers().values()) == {city.committee(city.CITY)}
    assert {NEW_ONE, NEW_TWO, _fonds(NEW_ONE), _fonds(NEW_TWO), GIVES} < events.keys()


def test_an_agency_that_remains_keeps_its_fonds() -> None:
    """Given a department from which another is separated, and one renamed, then both go on with their fonds."""
    renamed = AgencyForm(name="Sở Khác", kind=AgencyKind.DEPARTMENT, code="H26.61")
    events = _enact(
        _plan(
            _own(ChangeKind.SEPARATED, GOES_ON, NEW_ONE),
            _own(ChangeKind.RENAMED, GOES_ON, agency=TAKES, becomes=renamed),
            _own(ChangeKind.ESTABLISHED, OPENS, agency=NEW_ONE),
            agencies=(_new(NEW_ONE),),
        )
    )
    assert events[GIVES] == [AgencySeparated(to=(NEW_ONE,), effective=city.EFFECTIVE, basis="7/QĐ")]
    assert isinstance(events[TAKES][0], AgencyRenamed)
    assert _of(events, FondsAssigned) == []
    assert {one.fonds for one in _of(events, FondsWentOn)} == {_fonds(GIVES), _fonds(TAKES)}


def test_units_go_on_in_another_form() -> None:
    """Given units renamed, separated, adjusted, then each keeps its stream and its agencies, and has a form by day."""
    form = UnitForm(unit=city.WHOLE, name="Phường X", kind=UnitKind.WARD, level=Level.COMMUNE, code="00777")
    edge = Succession(unit=city.NEW_A, share="part", population_share="part")
    between = Succession(unit=city.WHOLE, share="part", population_share="none", clause="2")
    plan = _plan(
        changes=(
            UnitChange(unit=city.WHOLE, change=ChangeKind.RENAMED),
            UnitChange(unit=city.SPLIT, change=ChangeKind.SEPARATED, successors=(edge,)),
            UnitChange(unit=city.DISTRICT, change=ChangeKind.BOUNDARY_ADJUSTED, successors=(between,)),
        ),
        units=city.plan().units[:1],
        unit_forms=(form,),
    )
    events = _enact(plan)
    assert isinstance(events[city.WHOLE][0], UnitRenamed)
    assert isinstance(events[city.SPLIT][0], UnitSeparated)
    adjusted = events[city.DISTRICT][0]
    assert isinstance(adjusted, UnitBoundaryAdjusted)
    assert adjusted.to[0].clause == "2"
    assert _of(events, FondsAssigned) == []
    unit: Unit | None = city.units()[city.WHOLE]
    for event in events[city.WHOLE]:
        unit = administrative_unit.evolve(unit, event)  # type: ignore[arg-type] # its own stream's
    assert unit is not None
    assert [unit.form_on(day).code for day in ("2025-06-30", city.EFFECTIVE)] == ["00003", "00777"]


def test_an_agency_of_a_unit_that_ends_may_say_otherwise() -> None:
    """Given a unit that ends and a change of its own for its committee, then that change is what the rules see."""
    ending = UnitChange(unit=city.WHOLE, change=ChangeKind.CONSOLIDATED)
    own = _own(ChangeKind.ABSORBED, GOES_ON, city.committee(city.SPLIT), agency=city.committee(city.WHOLE))
    events = _enact(_plan(own, changes=(ending,)))
    assert isinstance(events[city.WHOLE][0], administrative_unit.UnitEnded)
    (assigned,) = _of(events, FondsAssigned)
    assert set(assigned.receivers().values()) == {city.committee(city.SPLIT)}


SAME = AgencyForm(name=f"Sở {GIVES.int}", kind=AgencyKind.DEPARTMENT, code=f"H26.{GIVES.int}")
TAKEN = AgencyForm(name="Sở Mới", kind=AgencyKind.DEPARTMENT, code=f"H26.{TAKES.int}")
RENAMED = ChangeKind.RENAMED


@pytest.mark.parametrize(
    ("code", "plan"),
    [
        ("plan-entry-repeated", _plan(_own(ChangeKind.DISSOLVED, CLOSES), _own(ChangeKind.ABSORBED, CLOSES, TAKES))),
        ("plan-fonds-goes-on-with-nobody", _plan(_own(ChangeKind.ABSORBED, GOES_ON))),
        ("plan-fonds-contradicts-change", _plan(_own(ChangeKind.DISSOLVED, GOES_ON))),
        ("plan-fonds-contradicts-change", _plan(_own(ChangeKind.ABSORBED, OPENS, TAKES))),
        (
            "plan-fonds-contradicts-change",
            _plan(_own(ChangeKind.SEPARATED, CLOSES, NEW_ONE), agencies=(_new(NEW_ONE),)),
        ),
        ("plan-successors-unfit", _plan(_own(ChangeKind.DIVIDED, CLOSES, TAKES))),
        ("plan-successors-unfit", _plan(_own(ChangeKind.ABSORBED, CLOSES, TAKES, city.ARCHIVE))),
        ("plan-successor-unknown", _plan(_own(ChangeKind.ABSORBED, CLOSES, UUID(int=77)))),
        ("plan-successor-itself", _plan(_own(ChangeKind.ABSORBED, CLOSES, GIVES))),
        (
            "plan-successor-ends",
            _plan(_own(ChangeKind.ABSORBED, CLOSES, TAKES), _own(ChangeKind.DISSOLVED, CLOSES, agency=TAKES)),
        ),
        ("plan-successor-begins", _plan(_own(ChangeKind.ABSORBED, CLOSES, NEW_ONE), agencies=(_new(NEW_ONE),))),
        ("plan-successor-not-beginning", _plan(_own(ChangeKind.CONSOLIDATED, CLOSES, TAKES))),
        ("plan-becomes-missing", _plan(_own(RENAMED, GOES_ON))),
        ("plan-becomes-unfit", _plan(_own(ChangeKind.DISSOLVED, CLOSES, becomes=TAKEN))),
        ("plan-renamed-to-same", _plan(_own(RENAMED, GOES_ON, becomes=SAME))),
        ("plan-code-taken", _plan(_own(RENAMED, GOES_ON, becomes=TAKEN))),
        ("plan-code-taken", _plan(agencies=(_new(TAKES),))),
        ("plan-agency-unknown", _plan(_own(ChangeKind.DISSOLVED, CLOSES, agency=UUID(int=78)))),
        ("plan-established-not-listed", _plan(_own(ChangeKind.ESTABLISHED, OPENS))),
        (
            "plan-agency-unit-ends",
            _plan(
                _own(RENAMED, GOES_ON, agency=city.committee(city.WHOLE), becomes=TAKEN),
                changes=(UnitChange(unit=city.WHOLE, change=ChangeKind.DISSOLVED),),
            ),
        ),
        ("plan-successors-unfit", _plan(changes=(UnitChange(unit=city.WHOLE, change=ChangeKind.SEPARATED),))),
        ("plan-becomes-missing", _plan(changes=(UnitChange(unit=city.WHOLE, change=RENAMED),))),
        (
            "plan-entry-repeated",
            _plan(changes=(UnitChange(unit=city.WHOLE, change=ChangeKind.DISSOLVED),) * 2),
        ),
        (
            "agency-out-of-scope",
            _plan(_own(RENAMED, GOES_ON, becomes=msgspec.structs.replace(TAKEN, name="Công an phường", code="x"))),
        ),
    ],
)
def test_what_cannot_be_is_found_and_refused(code: str, plan: Plan) -> None:
    """Given a plan whose changes cannot be, then the fault is found at its place and the enactment refuses it."""
    found = list(unfit_changes(plan, city.units(), _departments()))
    assert code in {one.code for one in found}
    assert all(one.path[0] in {"changes", "agency_changes", "agencies"} for one in found)
    with pytest.raises(Refusal) as refused:
        _enact(plan)
    assert refused.value.code == found[0].code
