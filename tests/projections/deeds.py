"""Deeds as dice make them, and as the product does them: by its own commands, on a real ledger."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, Final
from uuid import UUID

from domain.administrative_unit import Level, UnitEstablished, UnitKind
from domain.after_enactment import Corrected, Correction
from domain.agency import AgencyEstablished, AgencyKind, Block
from domain.basis import Confidence, Instrument
from domain.event import Event
from domain.file import FileDigitized, FileRegistered
from domain.fonds import FondsOpened, line_of
from domain.handing_over import Dispute
from domain.handover import DisputeReason, HandoverProposed, HandoverWithdrawn, InventoryLine, Outcome
from domain.identifiers import FileCode, public_id
from domain.lot import ALL_LOT_KEYS, Carrier, RetentionClass, WorkState
from domain.plan import ChangeKind, NewAgency, NewUnit, Plan, Rule, Selector, Standing, Succession, UnitChange
from domain.retention import Maintenance
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.commands import handover, reorganization
from ledger.commands.handover import Received
from tests.projections.house import House

Deed = dict[str, Any]
"""What is done, as `tests.projections.oracle` is told it."""

DAYS: Final = (
    "2019-06-01", "2020-03-01", "2024-12-31", "2025-01-01", "2025-06-30", "2025-07-01", "2025-07-02", "2026-01-01",
)  # fmt: skip
BLOCKS: Final = ("government", "party")
KIND: Final = {"government": AgencyKind.PEOPLES_COMMITTEE, "party": AgencyKind.PARTY_COMMITTEE}
UNITS: Final = {"city": ("city", None), "d": ("district", "city"), "u1": ("commune", "d"), "u2": ("commune", "d")}
LOTS: Final = [key.text for key in ALL_LOT_KEYS]
FOUNDED: Final = "2019-01-01"


def body(name: str, unit: str, block: str, level: str, since: str = FOUNDED, *, archive: bool = False) -> Deed:
    """A body as deeds name it; its fonds goes by its name."""
    return {"name": name, "unit": unit, "block": block, "level": level, "from": since, "archive": archive}


def founding() -> Deed:
    """Units and bodies that every story begins with."""
    bodies = [body(f"{unit}/{block}", unit, block, level) for unit, (level, _) in UNITS.items() for block in BLOCKS]
    bodies.append(body("archive", "city", "government", "city", archive=True))
    return {"do": "found", "units": {unit: above for unit, (_, above) in UNITS.items()}, "bodies": bodies}


def story(dice: Random) -> list[Deed]:
    """Files, scans, hand-overs, a reorganization, corrections: in any order, for any day, late or not."""
    deeds, names = [founding()], [one["name"] for one in founding()["bodies"]]
    files = [f"f{number}" for number in range(dice.randint(2, 4))]
    late = dice.sample(files, dice.randint(0, 2))
    deeds += [_register(dice, file, names) for file in files if file not in late]
    makers = [
        "correct",
        "enact",
        *dice.choices(("digitize", "hand", "hand", "hand", "correct", "correct", "late"), k=dice.randint(3, 9)),
    ]
    dice.shuffle(makers)
    plan: Deed | None = None
    for number, maker in enumerate(makers):
        known = {deed["file"]: deed["fonds"] for deed in deeds if deed["do"] == "register"}
        if maker == "late" and late:
            deeds.append(_register(dice, late.pop(), names))
        elif maker == "digitize" and known:
            file, holder = dice.choice(sorted(known)), dice.choice(("archive", *names))
            deeds.append({"do": "digitize", "file": file, "held_by": holder, "day": dice.choice(DAYS)})
        elif maker == "enact":
            plan = _plan(dice)
            deeds.append(plan)
            names += [one["name"] for one in plan["new"]]
        elif maker == "correct" and plan is not None:
            deeds.append(_correction(dice, plan, names))
        elif maker == "hand" and known:
            deeds += _hand_over(dice, f"h{number}", known, names)
    return deeds


def _some(dice: Random, of: Sequence[str], least: int = 0) -> list[str]:
    return dice.sample(list(of), dice.randint(least, len(of)))


def _register(dice: Random, file: str, names: list[str]) -> Deed:
    fonds = dice.choice(("u1/government", "u1/party", "u1/government", "d/government", *names))
    return {
        "do": "register", "file": file, "fonds": fonds, "held_by": dice.choice((fonds, fonds, *names[:3])),
        "day": dice.choice(DAYS[:4]) if dice.random() < 0.7 else dice.choice(DAYS),
        "retention": dice.choice(list(RetentionClass)).value, "state": dice.choice(list(WorkState)).value,
        "arranged": dice.random() < 0.5,
    }  # fmt: skip


def _correction(dice: Random, plan: Deed, names: list[str]) -> Deed:
    closed = [one["name"] for one in founding()["bodies"] if one["unit"] in plan["changes"]]
    day = dice.choice([plan["day"], plan["day"], *(day for day in DAYS if day >= plan["day"]), *DAYS[:1]])
    return {
        "do": "correct", "fonds": dice.choice(closed), "lots": _some(dice, LOTS, 1), "day": day,
        "to": dice.choice([None, "archive", "archive", *names]),
    }  # fmt: skip


def _plan(dice: Random) -> Deed:
    day = dice.choice(DAYS[1:])
    new = [body(f"{unit}/{block}", unit, block, "commune", day) for unit in ("n1", "n2") for block in BLOCKS]
    kinds = ("consolidated", "absorbed", "divided", "split", "dissolved")
    changes = {
        unit: {"kind": dice.choice(kinds), "to": _some(dice, ("n1", "n2"))}
        for unit in ("u1", *_some(dice, ("d", "u2")))
    }
    choices: dict[str, list[Any]] = {
        "block": list(BLOCKS), "level": ["district", "commune"], "change": ["consolidated", "split", "divided"],
        "retention": [one.value for one in RetentionClass], "state": [one.value for one in WorkState],
        "arranged": [True, False], "carrier": ["paper", "digital"],
    }  # fmt: skip
    rules = []
    for _ in range(dice.randint(1, 5)):
        when = {what: _some(dice, choices[what], 1) for what in dice.sample(sorted(choices), dice.randint(0, 2))}
        named = ("archive", "archive", "city/party", "n1/government")
        rules.append(
            {"when": when, "to": dice.choice(("awaiting", "successor", "successor", "direct-superior", *named))}
        )
    units = {"n1": "city", "n2": "city"}
    return {"do": "enact", "day": day, "changes": changes, "new": new, "rules": rules, "units": units}


def _hand_over(dice: Random, name: str, files: dict[str, str], names: list[str]) -> list[Deed]:
    """Offered; then perhaps taken back, or concluded with disputes, and these settled."""
    listed = _some(dice, sorted(files), 1)
    receiver = dice.choice(("archive", "archive", *files.values(), *names))
    giver = dice.choice([one for one in names if one != receiver])
    carrier = dice.choice(("paper", "paper", "paper", "digital"))
    deeds: list[Deed] = [
        {"do": "offer", "handover": name, "giver": giver, "receiver": receiver, "files": listed, "carrier": carrier,
         "day": dice.choice(("", *DAYS))},
    ]  # fmt: skip
    ends = dice.choice(("open", "withdraw", "conclude", "conclude", "conclude"))
    if ends == "withdraw":
        deeds.append({"do": "withdraw", "handover": name, "day": dice.choice(DAYS)})
    if ends == "conclude":
        day, disputed = dice.choice(DAYS), _some(dice, listed)
        deeds.append({"do": "conclude", "handover": name, "day": day, "disputed": disputed})
        if disputed and dice.random() < 0.6:
            half = dice.randint(0, len(disputed))
            deeds.append({"do": "settle", "handover": name, "day": max(day, dice.choice(DAYS)),
                          "accepted": disputed[:half], "struck": disputed[half:]})  # fmt: skip
    return deeds


class Doing:
    """Does deeds in a ledger; names of one story are ids of their own."""

    def __init__(self, house: House, story: str) -> None:
        self._house, self._story = house, story
        self._bodies: list[Deed] = []

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

    def _enact(self, deed: Deed) -> int:
        main, clerk, stream = self._house.main, self._house.clerk, self.id("reorganization", "plan")
        plan = self.plan(deed)
        reorganization.draft(main, clerk, new_act_id(), stream, plan)
        reorganization.adopt(main, clerk, new_act_id(), stream, plan.instrument)
        self._bodies += deed["new"]
        return reorganization.enact(main, clerk, new_act_id(), stream, "2026-12-31").act_index

    def plan(self, deed: Deed) -> Plan:
        """The plan that a deed describes."""
        standing = [one for one in self._bodies if one["unit"] not in deed["changes"]]
        return Plan(
            title=self._story, effective=deed["day"], receivers={
                name: self.id("agency", name) for name in ("archive", "city/party", "n1/government")
            },
            instrument=Instrument(number="1/NQ", issued=deed["day"], issuer="HĐND", in_force=deed["day"]),
            changes=tuple(
                UnitChange(unit=self.id("unit", unit), change=ChangeKind(one["kind"]), successors=tuple(
                    Succession(unit=self.id("unit", to), share="part", population_share="") for to in one["to"]
                ))
                for unit, one in deed["changes"].items()
            ),
            units=tuple(
                NewUnit(unit=self.id("unit", unit), name=unit, kind=UnitKind.WARD, level=Level.COMMUNE,
                        code=f"{self._story}{unit}", parent=self.id("unit", "city"))
                for unit in ("n1", "n2")
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
                Rule(id=f"r{at}", when=_selector(rule["when"]), receiver=rule["to"], basis=f"QĐ {at}",
                     confidence=Confidence.DECISION, may_await=True)
                for at, rule in enumerate(deed["rules"])
            ),
            unmatched_may_await=True,
        )  # fmt: skip

    def _correct(self, deed: Deed) -> int:
        to = self.id("agency", deed["to"]) if deed["to"] else None
        said = Corrected(
            instrument=Instrument(number="2/QĐ", issued=deed["day"], issuer="CT", in_force=deed["day"]),
            effective=deed["day"], today="2026-12-31", reason="x",
            fonds={self.id("fonds", deed["fonds"]): (Correction(lots=tuple(deed["lots"]), receiver=to, basis="2/QĐ"),)},
        )  # fmt: skip
        stream = self.id("reorganization", "plan")
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


def _selector(when: dict[str, list[Any]]) -> Selector:
    kinds: dict[str, Any] = {
        "block": Block, "level": Level, "change": ChangeKind, "retention": RetentionClass, "state": WorkState,
        "carrier": Carrier, "arranged": bool,
    }  # fmt: skip
    return Selector(**{what: tuple(kinds[what](one) for one in allowed) for what, allowed in when.items()})
