"""Changes in the streams they are written to: in the order of their days, and none that a fold does not know."""

from __future__ import annotations

import msgspec
import pytest

from domain import administrative_unit
from domain.administrative_unit import Level, UnitKind, UnitRenamed
from domain.errors import Refusal
from domain.reorganization import ReorganizationEvent
from tests.domain import city


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


def test_every_event_of_a_draft_belongs_to_its_stream() -> None:
    """Given a plan with forms and changes, then its draft is made of events that a reorganization folds."""
    assert {"reorganization.unit-forms-listed/1", "reorganization.agency-changes-listed/1", "fonds.went-on/1"} <= {
        str(kind.__struct_config__.tag) for kind in ReorganizationEvent.__args__
    }
