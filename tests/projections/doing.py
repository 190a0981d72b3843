"""Deeds done: by the product's own commands, on a real ledger, under ids of their own."""

from __future__ import annotations

from itertools import count
from typing import Any, Final
from uuid import UUID

from domain.administrative_unit import Level, UnitEstablished, UnitKind
from domain.after_enactment import Corrected, Correction
from domain.agency import AgencyEstablished, AgencyKind, Block
from domain.basis import Confidence, Instrument
from domain.child_lot import CarvedFile, LotCarved
from domain.event import Event
from domain.file import FileDigitized, FileRegistered
from domain.fonds import FondsOpened, line_of
from domain.handing_over import Dispute
from domain.handover import DisputeReason, HandoverProposed, HandoverWithdrawn, InventoryLine, Outcome
from domain.identifiers import FileCode, public_id
from domain.lot import Carrier, RetentionClass, WorkState
from domain.plan import (
    AgencyChange,
    ChangeKind,
    FondsOutcome,
    NewAgency,
    NewUnit,
    Plan,
    Rule,
    Selector,
    Standing,
    Succession,
    UnitChange,
    UnitForm,
)  # fmt: skip
from domain.retention import Maintenance
from domain.sealed import Plain
from domain.single_file import FileAssigned, FileRejoined, SingleFileEvent
from ledger.act_id import new_act_id
from ledger.commands import child_lot, handover, reorganization, single_file
from ledger.commands.child_lot import FurtherDecision
from ledger.commands.handover import Received
from tests.projections.deeds import FOUNDED, UNITS, Deed
from tests.projections.house import House

KIND: Final = {"government": AgencyKind.PEOPLES_COMMITTEE, "party": AgencyKind.PARTY_COMMITTEE}


class Doing:
    """Does deeds in a ledger; names of one story are ids of their own."""

    def __init__(self, house: House, story: str) -> None:
        self._house, self._story = house, story
        self._bodies: list[Deed] = []
        self._enacted: list[Deed] = []
        self._numbers = count(2)

    def id(self, kind: str, name: str) -> UUID:
        """The id of what a deed names."""
        return public_id("oracle", self._story, kind, name)

    def code(self, file: str) -> FileCode:
        """The FileCode of a file of this story."""
        return FileCode(OrganId=self._story, FileCatalog=2020, FileNotation=file)

    def do(self, deed: Deed) -> int:
        """The index of the act, the last one where it took several. Raises Refusal as the product does."""
        done: int = getattr(self, f"_{deed['do']}")(deed)
        return done

    def _found(self, deed: Deed) -> int:
        events: dict[UUID, list[Event]] = {}
        for unit, (level, above) in UNITS.items():
            events[self.id("unit", unit)] = [
                UnitEstablished(name=unit, kind=UnitKind.WARD, level=Level(level), code=f"{self._story}{unit}",
                                valid_from=FOUNDED, parent=self.id("unit", above) if above else None)
            ]  # fmt: skip
        for one in deed["bodies"]:
            kind = AgencyKind.HISTORICAL_ARCHIVE if one["archive"] else KIND[one["block"]]
            agency, name = self.id("agency", one["name"]), one["name"]
            events[agency] = [
                AgencyEstablished(name=name, block=Block(one["block"]), kind=kind, unit=self.id("unit", one["unit"]),
                                  code=f"{self._story}-{name}", valid_from=one["from"])
            ]  # fmt: skip
            events[self.id("fonds", name)] = [
                FondsOpened(code=f"{self._story}-{name}", name=name, creators=(agency,), opened_from=one["from"],
                            line=line_of(Block(one["block"])))
            ]  # fmt: skip
        self._bodies = list(deed["bodies"])
        return self._house.record("unit.establish", events).act_index

    def _register(self, deed: Deed) -> int:
        made = FileRegistered(
            FileCode=self.code(deed["file"]), fonds=self.id("fonds", deed["fonds"]), Title=Plain("Hồ sơ"),
            Maintenance=Maintenance(retention=RetentionClass(deed["retention"]), years=0, as_written=""),
            state=WorkState(deed["state"]), arranged=deed["arranged"], held_by=self.id("agency", deed["held_by"]),
            held_from=deed["day"],
        )  # fmt: skip
        return self._house.record("file.register", {self.id("file", deed["file"]): [made]}).act_index

    def _digitize(self, deed: Deed) -> int:
        scanned = FileDigitized(held_by=self.id("agency", deed["held_by"]), held_from=deed["day"])
        return self._house.record("file.digitize", {self.id("file", deed["file"]): [scanned]}).act_index

    def _single(self, deed: Deed) -> int:
        to = self.id("agency", deed["to"])
        return self._alone(
            deed,
            FileAssigned(
                file=self.id("file", deed["file"]), carriers=_carriers(deed), receiver=to, effective=deed["day"],
                decision=_decision(deed),
            ),
        )  # fmt: skip

    def _rejoin(self, deed: Deed) -> int:
        file = self.id("file", deed["file"])
        fact = FileRejoined(file=file, carriers=_carriers(deed), effective=deed["day"], decision=_decision(deed))
        return self._alone(deed, fact)

    def _alone(self, deed: Deed, fact: SingleFileEvent) -> int:
        stream = self.id("file-assignment", deed["file"])
        main, clerk = self._house.main, self._house.clerk
        return single_file.record(main, clerk, new_act_id(), stream, fact, "2026-12-31").act_index

    def _carve(self, deed: Deed) -> int:
        fact = LotCarved(
            fonds=self.id("fonds", deed["fonds"]), name=deed["lot"], carriers=_carriers(deed), files=0,
            receiver=self.id("agency", deed["to"]) if deed["to"] else None, effective=deed["day"],
            decision=_decision(deed),
        )  # fmt: skip
        lines = [CarvedFile(FileCode=self.code(file), file=self.id("file", file)) for file in deed["of"]]
        stream, main, clerk = self.id("lot", deed["lot"]), self._house.main, self._house.clerk
        return child_lot.carve(main, clerk, new_act_id(), stream, fact, lines, "2026-12-31").act_index

    def _child(self, deed: Deed) -> int:
        to = self.id("agency", deed["to"]) if deed["to"] else None
        decision = Instrument(number=f"{next(self._numbers)}/QĐ", issued="", issuer="UBND", in_force=deed["day"])
        said = FurtherDecision(decision=decision, effective=deed["day"], receiver=to)
        stream, main, clerk = self.id("lot", deed["lot"]), self._house.main, self._house.clerk
        return child_lot.assign(main, clerk, new_act_id(), stream, said, "2026-12-31").act_index

    def _return(self, deed: Deed) -> int:
        said = FurtherDecision(decision=_decision(deed), effective=deed["day"])
        stream, main, clerk = self.id("lot", deed["lot"]), self._house.main, self._house.clerk
        files = [self.id("file", file) for file in deed["of"]]
        return child_lot.give_back(main, clerk, new_act_id(), stream, files, said, "2026-12-31").act_index

    def _enact(self, deed: Deed) -> int:
        main, clerk, stream = self._house.main, self._house.clerk, self.id("reorganization", deed["plan"])
        plan = self.plan(deed)
        reorganization.draft(main, clerk, new_act_id(), stream, plan)
        reorganization.adopt(main, clerk, new_act_id(), stream, plan.instrument)
        done = reorganization.enact(main, clerk, new_act_id(), stream, "2026-12-31").act_index
        self._bodies += deed["new"]
        self._enacted.append(deed)
        return done

    def plan(self, deed: Deed) -> Plan:
        """The plan that a deed describes."""
        gone = {unit for one in (*self._enacted, deed) if one["day"] <= deed["day"] for unit in one["changes"]}
        past = [one for one in (*self._enacted, deed) if one["day"] <= deed["day"]]
        gone |= {name for one in past for name in one.get("own", ())}
        standing = [
            one for one in self._bodies if gone.isdisjoint((one["unit"], one["name"])) and one["from"] <= deed["day"]
        ]
        return Plan(
            title=self._story, effective=deed["day"], receivers={
                name: self.id("agency", name)
                for name in ("archive", "city/party", *(one["name"] for one in deed["new"]))
            },
            instrument=Instrument(number="1/NQ", issued=deed["day"], issuer="HĐND", in_force=deed["day"]),
            changes=tuple(
                UnitChange(unit=self.id("unit", unit), change=ChangeKind(one["kind"]), successors=tuple(
                    Succession(unit=self.id("unit", to), share="part", population_share="") for to in one["to"]
                ))
                for unit, one in (*deed["changes"].items(), *_onward(deed))
            ),
            unit_forms=tuple(
                UnitForm(unit=self.id("unit", unit), name=f"{unit} {deed['plan']}", kind=UnitKind.TOWNSHIP,
                         level=Level(UNITS.get(unit, ("commune", None))[0]), code=f"{self._story}{unit}{deed['plan']}")
                for unit, kind in deed.get("going_on", {}).items() if kind == "renamed"
            ),
            agency_changes=tuple(
                AgencyChange(agency=self.id("agency", name), change=ChangeKind(one["kind"]),
                             fonds=FondsOutcome(one["fonds"]), basis=f"{deed['plan']} own",
                             successors=tuple(self.id("agency", to) for to in one["to"]))
                for name, one in deed.get("own", {}).items()
            ),
            units=tuple(
                NewUnit(unit=self.id("unit", unit), name=unit, kind=UnitKind.WARD, level=Level.COMMUNE,
                        code=f"{self._story}{unit}", parent=self.id("unit", "city"))
                for unit in deed["units"]
            ),
            agencies=tuple(
                NewAgency(agency=self.id("agency", one["name"]), name=one["name"], block=Block(one["block"]),
                          kind=KIND[one["block"]], unit=self.id("unit", one["unit"]),
                          code=f"{self._story}-{one['name']}", fonds=self.id("fonds", one["name"]),
                          fonds_code=f"{self._story}-{one['name']}", fonds_name=one["name"],
                          line=line_of(Block(one["block"])))
                for one in deed["new"]
            ),
            standing=tuple(
                Standing(agency=self.id("agency", one["name"]), block=Block(one["block"]),
                         kind=AgencyKind.HISTORICAL_ARCHIVE if one["archive"] else KIND[one["block"]],
                         unit=self.id("unit", one["unit"]))
                for one in standing
            ),
            rules=tuple(
                Rule(id=f"r{at}", when=_selector(rule["when"]), receiver=rule["to"], basis=f"{deed['plan']} QĐ {at}",
                     confidence=Confidence.DECISION, may_await=True)
                for at, rule in enumerate(deed["rules"])
            ),
            unmatched_may_await=True,
        )  # fmt: skip

    def _correct(self, deed: Deed) -> int:
        to = self.id("agency", deed["to"]) if deed["to"] else None
        number = f"{next(self._numbers)}/QĐ"
        named = self.id("lot", deed["lot"]) if "lot" in deed else self.id("fonds", deed["fonds"])
        line = Correction(lots=tuple(deed["lots"]), receiver=to, basis=number)
        said = Corrected(
            instrument=Instrument(number=number, issued=deed["day"], issuer="CT", in_force=deed["day"]),
            effective=deed["day"], today="2026-12-31", reason="x",
            **{"child_lots" if "lot" in deed else "fonds": {named: (line,)}},
        )  # fmt: skip
        stream = self.id("reorganization", deed["plan"])
        return reorganization.correct(self._house.main, self._house.clerk, new_act_id(), stream, said).act_index

    def _offer(self, deed: Deed) -> int:
        offer = HandoverProposed(
            giver=self.id("agency", deed["giver"]), receiver=self.id("agency", deed["receiver"]),
            carrier=Carrier(deed["carrier"]), basis="QĐ 12", on=deed["day"],
        )  # fmt: skip
        lines = [InventoryLine(FileCode=self.code(file), file=self.id("file", file)) for file in deed["files"]]
        stream = self.id("handover", deed["handover"])
        return handover.propose(self._house.main, self._house.clerk, new_act_id(), stream, offer, lines).act_index

    def _withdraw(self, deed: Deed) -> int:
        main, stream = self._house.main, self.id("handover", deed["handover"])
        fact = HandoverWithdrawn(on=deed["day"], Reason=Plain("thôi"))
        return main.perform(handover.withdrawal(main, self._house.clerk, new_act_id(), stream, fact)).act_index

    def _conclude(self, deed: Deed) -> int:
        found = Received(
            disputed={self.id("file", file): Dispute(reason=DisputeReason.MISSING) for file in deed["disputed"]}
        )
        house, stream = self._house, self.id("handover", deed["handover"])
        done = handover.complete(house.main, house.clerk, house.chief, new_act_id(), stream, deed["day"], found)
        return done.act_index

    def _settle(self, deed: Deed) -> int:
        house, stream = self._house, self.id("handover", deed["handover"])
        outcomes = {self.id("file", file): Outcome.ACCEPTED for file in deed["accepted"]}
        outcomes |= {self.id("file", file): Outcome.WITHDRAWN for file in deed["struck"]}
        proposal = handover.settlement(
            house.main, house.clerk, (house.chief,), new_act_id(), stream, deed["day"], outcomes
        )
        return house.main.perform(proposal).act_index


def _onward(deed: Deed) -> list[tuple[str, Deed]]:
    """Units that go on: with the plan's own new units, or with the city, on the other side of the change."""
    others = {"renamed": [], "separated": list(deed["units"])[:1], "boundary-adjusted": ["city"]}
    return [(unit, {"kind": kind, "to": others[kind]}) for unit, kind in deed.get("going_on", {}).items()]


def _selector(when: dict[str, list[Any]]) -> Selector:
    kinds: dict[str, Any] = {
        "block": Block, "level": Level, "change": ChangeKind, "retention": RetentionClass, "state": WorkState,
        "carrier": Carrier, "arranged": bool,
    }  # fmt: skip
    return Selector(**{what: tuple(kinds[what](one) for one in allowed) for what, allowed in when.items()})


def _carriers(deed: Deed) -> tuple[Carrier, ...]:
    return tuple(Carrier(one) for one in deed["carriers"])


def _decision(deed: Deed) -> Instrument:
    return Instrument(number="3/QĐ", issued=deed["day"], issuer="UBND", in_force=deed["day"])
