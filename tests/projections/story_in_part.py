"""A part of the story: hand-overs that are not taken whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from domain.basis import Instrument
from domain.file import FileRegistered
from domain.handing_over import Dispute
from domain.handover import (
    Deputy,
    DisputeReason,
    HandoverProposed,
    HandoverWithdrawn,
    InventoryLine,
    Outcome,
    Witness,
)
from domain.lot import Carrier
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.commands import handover
from ledger.commands.handover import Received
from tests.projections.house import House
from tests.projections.story_plan import a

DECISION = Instrument(number="QĐ 12", issued="2025-06-20", issuer="UBND thành phố", in_force="2025-08-03")
DEPUTY = Deputy(Name=Plain("Phạm Thị Mẫu"), Post=Plain("Tổ trưởng tổ bàn giao"), decision=DECISION)
"""Whom a decision named to hand over for bodies that have ended."""


def tell(house: House, files: Mapping[UUID, FileRegistered]) -> None:
    """Two wards and a district hand over in part; one offer stays open, one is taken back."""
    part = _Part(house, files)
    part.receive("n1-part", "a2", "n1-government", "2025-08-05", start=1, disputed=2)
    part.receive("n2-part", "b1", "n2-government", "2025-08-05", start=1, disputed=2)
    lines = part.receive("d2-part", "d2", "archive", "2025-08-02", start=0, disputed=3)
    part.settle("d2-part", "2025-08-20", {lines[0].file: Outcome.ACCEPTED})
    part.settle("d2-part", "2025-09-01", {lines[2].file: Outcome.WITHDRAWN})
    part.offer("open", "a3", "n1-government", "2025-07-20", start=0)
    part.offer("taken-back", "a3", "n2-government", "2025-07-22", start=1)
    gone = HandoverWithdrawn(on="2025-07-25", Reason=Plain("lập nhầm"))
    proposal = handover.withdrawal(house.main, house.clerk, new_act_id(), a("handover", "taken-back"), gone)
    house.main.perform(proposal)


class _Part:
    """Acts of clerk and chief."""

    def __init__(self, house: House, files: Mapping[UUID, FileRegistered]) -> None:
        self._house = house
        self._files = files

    def offer(self, name: str, unit: str, receiver: str, on: str, *, start: int) -> Sequence[InventoryLine]:
        fonds = a("fonds", f"{unit}-government")
        chosen = [key for key, file in self._files.items() if file.fonds == fonds][start:]
        lines = [
            InventoryLine(
                FileCode=self._files[key].FileCode, file=key, sheets=0 if at else 3, box="H1", sealed_set=at > 0
            )
            for at, key in enumerate(chosen)
        ]
        fact = HandoverProposed(
            giver=a("agency", f"{unit}-government"),
            receiver=a("agency", receiver),
            carrier=Carrier.PAPER,
            basis="QĐ 12",
            on=on,
            decision=DECISION,
            deputy=DEPUTY,
            witnesses=(Witness(Name=Plain("Vũ Văn Mẫu"), Post=Plain("Cán bộ Sở Nội vụ")),),
        )
        house = self._house
        handover.propose(house.main, house.clerk, new_act_id(), a("handover", name), fact, lines)
        return lines

    def receive(
        self, name: str, unit: str, receiver: str, on: str, *, start: int, disputed: int
    ) -> Sequence[InventoryLine]:
        lines = self.offer(name, unit, receiver, "2025-07-20", start=start)
        lost = Dispute(reason=DisputeReason.MISSING, note=Plain("không thấy trong hộp"))
        found = Received(
            disputed={line.file: lost for line in lines[:disputed]},
            stated_root=handover.inventory_root(sorted(lines, key=lambda line: line.FileCode.text)),
            shelf_cm=125,
            Condition=Plain("Giấy giòn, mép rách"),
        )
        house = self._house
        handover.complete(house.main, house.clerk, house.chief, new_act_id(), a("handover", name), on, found)
        return lines

    def settle(self, name: str, on: str, outcomes: Mapping[UUID, Outcome]) -> None:
        house, stream = self._house, a("handover", name)
        proposal = handover.settlement(
            house.main, house.clerk, (house.chief,), new_act_id(), stream, on, outcomes, today="2026-11-22"
        )
        house.main.perform(proposal)
