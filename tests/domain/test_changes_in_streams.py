"""Changes in the streams they are written to: in the order of their days, and none that a fold does not know."""

from __future__ import annotations

import msgspec
import pytest

from domain import administrative_unit
from domain.administrative_unit import Level, UnitKind, UnitRenamed
from domain.agency import Agency
from domain.change_check import unfit_changes
from domain.errors import Refusal
from domain.fonds import Fonds
from domain.plan import ChangeKind, FondsOutcome, UnitChange
from domain.reorganization import ReorganizationEvent
from tests.domain import city
from tests.domain.test_changes import GIVES, TAKES, _departments, _new, _own, _plan


def test_a_unit_renamed_twice_keeps_its_order() -> None:
    """Given a unit renamed, when a change for an earlier day is recorded, then it is refused."""
    unit = city.units()[city.WHOLE]
    fact = UnitRenamed(
        name="X", kind=UnitKind.WARD, level=Level.COMMUNE, code="1", effective=city.EFFECTIVE, basis="1/NQ"
    )
    for event in administrative_unit.rename(unit, fact):
        unit = administrative_unit.evolve(unit, event)  # type: ignore[arg-type] # its own stream's
    with pytest.raises(Refusal, match="renamed-later"):
        administrative_unit.rename(unit, msgspec.structs.replace(fact, name="Y", effective="2025-06-01"))
    with pytest.raises(Refusal, match="renamed-to-same"):
        administrative_unit.rename(unit, msgspec.structs.replace(fact, effective="2026-01-01"))


@pytest.mark.parametrize(("ended", "found"), [("2025-09-15", ["plan-ends-already"]), (city.EFFECTIVE, []), ("", [])])
def test_nothing_ends_twice(ended: str, found: list[str]) -> None:
    """Given a body and a unit that a plan of a later day ended, when one told late ends them before, it is refused."""
    bodies, units = dict(_departments()), dict(city.units())
    bodies[GIVES] = msgspec.structs.replace(bodies[GIVES], valid_to=ended)  # type: ignore[type-var]
    units[city.WHOLE] = msgspec.structs.replace(units[city.WHOLE], valid_to=ended)  # type: ignore[type-var]
    own = _plan(_own(ChangeKind.DISSOLVED, FondsOutcome.CLOSES))
    of_unit = _plan(changes=(UnitChange(unit=city.WHOLE, change=ChangeKind.DISSOLVED),))
    told = [one.code for one in unfit_changes(own, units, bodies)]
    assert [one for one in told if one != "plan-agency-unknown"] == found
    assert [one.code for one in unfit_changes(of_unit, units, bodies)] == found
    bodies = dict(city.agencies())
    within = city.committee(city.WHOLE)
    bodies[within] = msgspec.structs.replace(bodies[within], valid_to=ended)  # type: ignore[type-var]
    assert [one.code for one in unfit_changes(of_unit, city.units(), bodies)] == found


def test_every_event_of_a_draft_belongs_to_its_stream() -> None:
    """Given a plan with forms and changes, then its draft is made of events that a reorganization folds."""
    assert {"reorganization.unit-forms-listed/1", "reorganization.agency-changes-listed/1", "fonds.went-on/1"} <= {
        str(kind.__struct_config__.tag) for kind in ReorganizationEvent.__args__
    }


def test_a_variant_of_an_enacted_plan_is_looked_at_beside_it() -> None:
    """Given agencies and fonds that the plan begins, begun that very day, none is called taken; begun before, each."""
    new = _new(TAKES)
    plan = _plan(agencies=(new,))
    for day, found in ((plan.effective, []), ("2020-01-01", [("agencies", 0, "code"), ("agencies", 0, "fonds_code")])):
        agency = Agency(name="x", block=new.block, kind=new.kind, unit=new.unit, code=new.code, valid_from=day)
        fonds = {new.fonds: Fonds(code=new.fonds_code, name="Phông", creators=(TAKES,), opened_from=day, line=new.line)}
        taken = [one.path for one in unfit_changes(plan, city.units(), {**_departments(), TAKES: agency}, fonds)]
        assert taken == found
