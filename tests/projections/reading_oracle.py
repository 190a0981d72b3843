"""An independent answer to who may read a file: plain dictionaries, no SQL, and no line shared with the product.

It rests on the replay of `oracle` for who has and who must have; who took over from whom it reads in the deeds.
"""

from __future__ import annotations

from typing import Any

from tests.projections.deeds import UNITS
from tests.projections.oracle import Deed, Oracle

Place = tuple[str, str, bool, str | None]
"""Unit, block, whether an archive, and which body (None: whichever of that kind is or was in the unit)."""


class ReadingOracle:
    """Asked of the deeds that an oracle was told; grants are told to it alone."""

    def __init__(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self.grants: list[tuple[int, Deed]] = []

    def ask(self, file: str, day: str, known_at: int) -> set[tuple[str, str]]:
        """(body, rule) of every body that may read it."""
        deeds = [(act, deed) for act, deed in self._oracle.deeds if act <= known_at]
        made = next((deed for _, deed in deeds if deed["do"] == "register" and deed["file"] == file), None)
        if made is None:
            return set()
        plans = [(act, deed) for act, deed in deeds if deed["do"] == "enact" and deed["day"] <= day]
        by_rule: list[tuple[str, set[str]]] = []
        custody = [self._oracle.ask(file, carrier, day, known_at) for carrier in ("paper", "digital")]
        by_rule.append(("holder", {one["held_by"] for one in custody}))
        paper, digital = custody
        assignees = {paper["assigned_to"]} | ({digital["assigned_to"]} if digital["known"] else set())
        by_rule.append(("assignee", assignees))
        creators = self._creators(made["fonds"], plans)
        by_rule.append(("creator", set(creators)))
        if self._oracle.body(made["fonds"])["block"] != "party" and made["state"] == "finished":
            by_rule.append(("successor-function", self._after(creators, plans)))
            by_rule.append(("territory", self._around(creators, plans, day)))
        by_rule.append(("granted", self._granted(made, day, known_at)))
        told: dict[str, str] = {}
        for rule, bodies in by_rule:
            for one in bodies - {None}:
                told.setdefault(one, rule)
        return set(told.items())

    def _creators(self, fonds: str, plans: list[tuple[int, Deed]]) -> list[str]:
        """Whoever created it until the day: the first, and those it went on with."""
        found = [fonds]
        for act, plan in plans:
            before = self._oracle.creators(act, fonds, plan["day"])
            heirs = [plan["own"][one]["to"][0] for one in before if self._goes_on(plan, one)]
            found += [one for one in heirs if one not in found]
        return found

    @staticmethod
    def _goes_on(plan: Deed, body: str) -> bool:
        return bool(plan.get("own", {}).get(body, {}).get("fonds") == "goes-on")

    def _after(self, creators: list[str], plans: list[tuple[int, Deed]]) -> set[str]:
        """Bodies that came after one of them, by their unit's change or their own."""
        found = set()
        for creator in creators:
            start = self._place(creator)
            for unit, block, archive, body in self._reached({start}, plans):
                same = [one for one in self._bodies_at((unit, block, archive, body)) if one != creator]
                found |= {one for one in same if body is not None or unit != start[0]}
        return found

    def _around(self, creators: list[str], plans: list[tuple[int, Deed]], day: str) -> set[str]:
        """Bodies of what became of the communes in a creator's district, once it has ended."""
        found: set[str] = set()
        for creator in creators:
            unit, block, archive, _ = self._place(creator)
            if UNITS.get(unit, ("", ""))[0] != "district" or not any(unit in plan["changes"] for _, plan in plans):
                continue
            below: set[Place] = {(name, block, archive, None) for name, (_, above) in UNITS.items() if above == unit}
            gone = {place for place in below if self._ends_by(place[0], day)}
            found |= {one for place in self._reached(below, plans) - gone for one in self._bodies_at(place)} - {creator}
        return found

    def _ends_by(self, unit: str, day: str) -> bool:
        return any(
            deed["do"] == "enact" and unit in deed["changes"] and deed["day"] <= day for _, deed in self._oracle.deeds
        )

    def _reached(self, places: set[Place], plans: list[tuple[int, Deed]]) -> set[Place]:
        """The places themselves and all that came of them, step by step."""
        found: set[Place] = set()
        waiting = list(places)
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                for _, plan in plans:
                    waiting += self._next(place, plan)
        return found

    def _next(self, place: Place, plan: Deed) -> list[Place]:
        unit, block, archive, _ = place
        heirs = list(plan["changes"].get(unit, {"to": []})["to"])
        if plan.get("going_on", {}).get(unit) == "separated":
            heirs += list(plan["units"])[:1]
        own = [to for one in self._bodies_at(place) for to in plan.get("own", {}).get(one, {"to": []})["to"]]
        return [(to, block, archive, None) for to in heirs] + [self._place(to) for to in own]

    def _bodies_at(self, place: Place) -> list[str]:
        unit, block, archive, body = place
        there = [one["name"] for one in self._oracle.bodies() if self._place(one["name"])[:3] == (unit, block, archive)]
        return [one for one in there if body in (None, one)]

    def _place(self, body: str) -> Place:
        told: dict[str, Any] = self._oracle.body(body)
        return told["unit"], told["block"], told["archive"], body

    def _granted(self, made: Deed, day: str, known_at: int) -> set[str]:
        found = set()
        for act, deed in self.grants:
            names = made["file"] in deed["files"] or made["fonds"] in deed["fonds"]
            if act <= known_at and names and deed["from"] <= day <= deed["until"]:
                found.add(deed["to"])
        return found
