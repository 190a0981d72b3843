"""A second plan of the story, late in the year: bodies that change by themselves, a unit and an agency renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.administrative_unit import Level, UnitKind
from domain.agency import AgencyKind
from domain.basis import Confidence, Instrument
from domain.plan import (
    AgencyChange,
    AgencyForm,
    ChangeKind,
    FondsOutcome,
    Plan,
    Receiver,
    Rule,
    Selector,
    UnitChange,
    UnitForm,
)
from ledger.act_id import new_act_id
from ledger.commands import reorganization
from tests.projections.story_plan import a

if TYPE_CHECKING:
    from tests.projections.story import Story

REARRANGED_ON = "2025-12-01"
REARRANGING = Instrument(number="9/NQ-HĐND", issued="2025-11-01", issuer="HĐND thành phố", in_force="2025-11-01")
_NUMBER = REARRANGING.number
_SUCCESSOR = Rule(
    id="on", when=Selector(), receiver=Receiver.SUCCESSOR, basis=_NUMBER, confidence=Confidence.DECISION, may_await=True
)


def rearrange(story: Story) -> None:
    """A ward is renamed, its Party body too; that of the other ward is absorbed by it, whose fonds goes on."""
    changes = (
        AgencyChange(
            agency=a("agency", "n1-party"), change=ChangeKind.RENAMED, fonds=FondsOutcome.GOES_ON, basis=_NUMBER,
            becomes=AgencyForm(name="Đảng ủy n1 mới", kind=AgencyKind.PARTY_COMMITTEE, code="n1-party-new"),
        ),
        AgencyChange(
            agency=a("agency", "n2-party"), change=ChangeKind.ABSORBED, fonds=FondsOutcome.GOES_ON, basis=_NUMBER,
            successors=(a("agency", "n1-party"),),
        ),
    )  # fmt: skip
    plan = Plan(
        title="Đợt cuối năm", effective=REARRANGED_ON, receivers={}, standing=(), rules=(_SUCCESSOR,),
        instrument=REARRANGING, units=(), agencies=(), agency_changes=changes,
        changes=(UnitChange(unit=a("unit", "n1"), change=ChangeKind.RENAMED),),
        unit_forms=(
            UnitForm(
                unit=a("unit", "n1"), name="Phường n1 mới", kind=UnitKind.WARD, level=Level.COMMUNE, code="00003"
            ),
        ),
    )  # fmt: skip
    main, clerk, stream = story.house.main, story.house.clerk, a("reorganization", "late-2025")
    reorganization.draft(main, clerk, new_act_id(), stream, plan)
    reorganization.adopt(main, clerk, new_act_id(), stream, REARRANGING)
    reorganization.enact(main, clerk, new_act_id(), stream, "2026-01-01")
