"""An independent replay of custody: slow, plain dictionaries, no SQL, and no line shared with the product.

It is told what was done, in words of its own, and at which act; asked, it goes through everything from the first; what
it found of a fonds it remembers until the next deed. What it does is what docs/custody.md says, and nothing else.
"""

from __future__ import annotations

from typing import Any

Deed = dict[str, Any]
"""What was done. `do` says what; days are ISO texts; bodies, files and hand-overs are names."""
_FACTS = ("retention", "state", "arranged", "carrier")
_LOTS = [
    f"{retention}/{state}/{arranged}/{carrier}"
    for retention in ("permanent", "temporary", "not-appraised")
    for state in ("finished", "unfinished")
    for arranged in ("arranged", "unarranged")
    for carrier in ("paper", "digital")
]


class Oracle:
    """Everything that was done, with the act that recorded it."""

    def __init__(self) -> None:
        self.deeds: list[tuple[int, Deed]] = []
        self._bodies: dict[str, Deed] = {}
        self._known_creators: dict[tuple[int, str, str], list[str]] = {}
        self._known_tables: dict[tuple[int, str], list[tuple[str, int, Any]]] = {}

    def tell(self, act: int, deed: Deed) -> None:
        """One more deed."""
        self.deeds.append((act, deed))
        for body in (*deed.get("bodies", ()), *deed.get("new", ())):
            self._bodies.setdefault(body["name"], body)
        self._known_creators.clear()
        self._known_tables.clear()

    def ask(self, file: str, carrier: str, day: str, known_at: int) -> dict[str, Any]:
        """Who must have, who has, what state, by which acts (-1: none), whether anything is known."""
        known = [(act, deed) for act, deed in self.deeds if act <= known_at]
        register = next((deed for _, deed in known if deed["do"] == "register" and deed["file"] == file), None)
        if register is None:
            return _answer(None, -1, None, -1, "awaiting-receiver", known=False)
        table, table_act = _newest(self._tables(known, register["fonds"]), day)
        lot = _lot(register, carrier)
        apart = self._alone(known, register, carrier, day) or self._carved(known, register, carrier, day)
        must, must_act = apart or (table[lot][0] if table else None, table_act)
        (has, received), has_act = _newest(self._holdings(known, file, carrier), day, (None, False))
        if (state := self._open(known, file, carrier, day, has_act)) is None:
            settled = "received" if received else "held"
            state = "awaiting-receiver" if must is None else "awaiting-hand-over" if must != has else settled
        return _answer(must, must_act, has, has_act, state, known=has is not None)

    def _tables(self, known: list[tuple[int, Deed]], fonds: str) -> list[tuple[str, int, Any]]:
        """(from which day, by which act, {lot: (to whom, by what)}) of the fonds. known: deeds up to one of them."""
        if (len(known), fonds) in self._known_tables:
            return self._known_tables[len(known), fonds]
        tables: list[tuple[str, int, Any]] = []
        for act, deed in known:
            begun = [one for one in (*deed.get("bodies", ()), *deed.get("new", ())) if one["name"] == fonds]
            tables += [(one["from"], act, dict.fromkeys(_LOTS, (fonds, "opened"))) for one in begun]
            if deed["do"] == "enact":
                tables += self._planned(tables, act, deed, fonds)
            if deed["do"] == "correct" and deed.get("fonds") == fonds:
                tables += _corrected(tables, act, deed)
        self._known_tables[len(known), fonds] = tables
        return tables

    def _carved(self, known: list[tuple[int, Deed]], file: Deed, carrier: str, day: str) -> tuple[Any, int] | None:
        """By the child lot that lists the file: of several the one that did so last, as long as it keeps the file."""
        inside = []
        for name in {deed["lot"] for _, deed in known if deed["do"] == "carve" and carrier in deed["carriers"]}:
            told = [(one["day"], at, one["do"] == "carve") for at, one in known if file["file"] in one.get("of", ())
                    and one["lot"] == name]  # fmt: skip
            kept, act = _newest(told, day, False)
            since = max((since for since, at, _ in told if at == act), default="")
            inside += [(since, act, name)] if kept else []
        if not inside:
            return None
        table, act = _newest(self._child_tables(known, max(inside)[2]), day)
        return table[_lot(file, carrier)][0], act

    def _child_tables(self, known: list[tuple[int, Deed]], name: str) -> list[tuple[str, int, Any]]:
        """As `_tables`, of a child lot: carved for one receiver, then by decisions, plans and corrections."""
        fonds = next(deed["fonds"] for _, deed in known if deed["do"] == "carve" and deed["lot"] == name)
        tables: list[tuple[str, int, Any]] = []
        for act, deed in known:
            if deed["do"] == "carve" and deed["lot"] == name:
                tables.append((deed["day"], act, dict.fromkeys(_LOTS, (deed["to"], act))))
            if deed["do"] == "child" and deed["lot"] == name:
                tables += _corrected(tables, act, {**deed, "lots": _LOTS})
            if deed["do"] == "enact":
                made = self._planned(tables, act, deed, fonds)
                tables += [one for one in made if one[0] >= min(since for since, _, _ in tables)]
            if deed["do"] == "correct" and deed.get("lot") == name:
                tables += _corrected(tables, act, deed)
        return tables

    def _planned(
        self, tables: list[tuple[str, int, Any]], act: int, plan: Deed, fonds: str
    ) -> list[tuple[str, int, Any]]:
        """From the plan's day on, and for each later day that is decided already, nothing is with a body that ends.

        What is with a creator of a fonds that goes on stays with the fonds, so with its next creator.
        """
        made = []
        creators = self.creators(act, fonds, plan["day"])
        after = self._creators_after(plan, creators)
        for day in _from_day_on(tables, plan["day"]):
            table, _ = _newest(tables, day, tables[0][2] if tables else {})
            moved = {
                lot: (after[0], (act, "goes on"))
                if to in creators and after
                else self.receiver(act, plan, to, dict(zip(_FACTS, lot.split("/"), strict=True)))
                for lot, (to, _) in table.items()
                if self.ends(to, plan)
            }
            if moved:
                made.append((day, act, {**table, **moved}))
        return made

    def _alone(self, known: list[tuple[int, Deed]], file: Deed, carrier: str, day: str) -> tuple[Any, int] | None:
        """By the last decision about this file alone, unless that one let it go with its lot again."""
        own: list[tuple[str, int, Any]] = []
        for act, deed in known:
            if deed["do"] in {"single", "rejoin"} and deed["file"] == file["file"] and carrier in deed["carriers"]:
                own.append((deed["day"], act, (deed.get("to"), deed["do"] == "single")))
            if deed["do"] == "enact":
                asked = [(on, _newest(own, on, (None, False))[0][0]) for on in _from_day_on(own, deed["day"])]
                facts = dict(zip(_FACTS, _lot(file, carrier).split("/"), strict=True))
                own += [
                    (on, act, (self.receiver(act, deed, to, facts)[0], True)) for on, to in asked if self.ends(to, deed)
                ]
        (to, apart), act = _newest(own, day, (None, False))
        return (to, act) if apart else None

    def creators(self, before: int, fonds: str, day: str) -> list[str]:
        """Who creates a fonds on a day, as the plans enacted before an act say: first the body it was opened for."""
        if (before, fonds, day) in self._known_creators:
            return self._known_creators[before, fonds, day]
        turns = []
        for act, plan in self.deeds:
            if act < before and plan["do"] == "enact" and plan["day"] <= day:
                until = self.creators(act, fonds, plan["day"])
                after = self._creators_after(plan, until)
                if after:
                    turns.append((plan["day"], [one for one in until if self.ends(one, plan)], after))
        standing = [fonds]
        for _, former, after in sorted(turns, key=lambda turn: turn[0]):
            if former:
                standing = [one for one in standing if one not in former]
                standing += [one for one in after if one not in standing]
        self._known_creators[before, fonds, day] = standing
        return standing

    def _creators_after(self, plan: Deed, creators: list[str]) -> list[str]:
        """Who creates it from the plan's day on: those who stay, then receivers of those whose change says so."""
        cited = [own for one in creators if (own := plan.get("own", {}).get(one)) and own["fonds"] == "goes-on"]
        heirs = [own["to"][0] for own in cited]
        return [one for one in creators if not self.ends(one, plan)] + heirs

    def ends(self, name: Any, plan: Deed) -> bool:
        """Whether a body ends by the plan, with its unit or by a change of its own."""
        return name is not None and (name in plan.get("own", {}) or self.body(name)["unit"] in plan["changes"])

    def receiver(self, act: int, plan: Deed, name: str, lot: Deed) -> tuple[Any, Any]:
        """What the first rule says that speaks of such a lot of the body which ends; and which rule of which plan."""
        ending = self.body(name)
        change = plan.get("own", {}).get(name) or plan["changes"][ending["unit"]]
        facts = {
            "block": ending["block"],
            "level": ending["level"],
            "change": change["kind"],
            **lot,
            "arranged": lot["arranged"] == "arranged",
        }
        for number, rule in enumerate(plan["rules"]):
            if all(facts[what] in allowed for what, allowed in rule["when"].items()):
                return self._named(act, plan, ending, rule["to"]), (act, number)
        return None, "no rule"

    def _named(self, act: int, plan: Deed, ending: Deed, to: str) -> Any:
        own = plan.get("own", {}).get(ending["name"])
        if to == "awaiting":
            return None
        if to == "successor" and own:
            return own["to"][0] if len(own["to"]) == 1 else None
        if to == "successor":
            change = plan["changes"][ending["unit"]]
            unit = change["to"][0] if len(change["to"]) == 1 else None
        elif to == "direct-superior" and ending["archive"] and ending["unit"] not in plan["changes"]:
            unit = ending["unit"]
        elif to == "direct-superior":
            unit = self.unit_above(act, ending["unit"], plan)
        else:
            return to
        going_on = [body for body in self.bodies() if body["from"] <= plan["day"] and not self._gone(act, body, plan)]
        same = [one for one in (*going_on, *plan["new"]) if one["unit"] == unit and one["block"] == ending["block"]]
        return next((one["name"] for one in same if not one["archive"]), None)

    def _gone(self, act: int, body: Deed, plan: Deed) -> bool:
        """Whether the body, or its unit, has ended on the plan's day, by this plan or one recorded before."""
        ended = [deed for at, deed in self.deeds if deed["do"] == "enact" and at <= act and deed["day"] <= plan["day"]]
        return any(body["unit"] in deed["changes"] or body.get("name") in deed.get("own", {}) for deed in ended)

    def _holdings(self, known: list[tuple[int, Deed]], file: str, carrier: str) -> list[tuple[str, int, Any]]:
        """(from which day, by which act, (in whose hands, by a hand-over)) of the carrier."""
        found: list[tuple[str, int, Any]] = []
        for act, deed in known:
            if {"register": "paper", "digitize": "digital"}.get(deed["do"]) == carrier and deed["file"] == file:
                found.append((deed["day"], act, (deed["held_by"], False)))
            offer = self._offer(known, deed)
            if offer is None or offer["carrier"] != carrier or file not in offer["files"]:
                continue
            if deed["do"] == "conclude" and file not in deed["disputed"]:
                found.append((deed["day"], act, (offer["receiver"], True)))
            if deed["do"] == "settle" and file in deed["accepted"]:
                found.append((deed["day"], act, (offer["receiver"], True)))
        return found

    def _open(self, known: list[tuple[int, Deed]], file: str, carrier: str, day: str, since: int) -> str | None:
        """`disputed` or `offered`, while a later act has neither ended it nor put the carrier in somebody's hands."""
        states = []
        for act, deed in known:
            offer = self._offer(known, deed)
            if offer is None or offer["carrier"] != carrier or file not in offer["files"] or act <= since:
                continue
            ends = [(late["day"], late) for _, late in known if late.get("handover") == deed.get("handover")]
            if deed["do"] == "offer" and deed["day"] and deed["day"] <= day:
                over = [end for end, late in ends if late["do"] in {"withdraw", "conclude"}]
                states += ["offered"] if not any(end <= day for end in over) else []
            if deed["do"] == "conclude" and file in deed["disputed"] and deed["day"] <= day:
                over = [
                    end for end, late in ends if late["do"] == "settle" and file in late["accepted"] + late["struck"]
                ]
                states += ["disputed"] if not any(end <= day for end in over) else []
        return min(states, default=None)  # disputed comes before offered

    def _offer(self, known: list[tuple[int, Deed]], deed: Deed) -> Deed | None:
        wanted = deed.get("handover")
        return next((one for _, one in known if one["do"] == "offer" and one["handover"] == wanted), None)

    def bodies(self) -> list[Deed]:
        """Every body there ever was."""
        return list(self._bodies.values())

    def body(self, name: str) -> Deed:
        """One of them."""
        return self._bodies[name]

    def unit_above(self, act: int, unit: str, plan: Deed) -> str | None:
        """The first unit above it that goes on."""
        above = {name: up for _, deed in self.deeds for name, up in deed.get("units", {}).items()}
        found = above.get(unit)
        while found is not None and self._gone(act, {"unit": found}, plan):
            found = above.get(found)
        return found


def _corrected(tables: list[tuple[str, int, Any]], act: int, deed: Deed) -> list[tuple[str, int, Any]]:
    """From its day on, and again for each later day up to which one of its lots had stayed as it was."""
    was = _newest(tables, deed["day"], tables[0][2])[0]
    made, left = [], dict.fromkeys(deed["lots"], (deed["to"], act))
    for day in _from_day_on(tables, deed["day"]):
        table = _newest(tables, day, tables[0][2])[0]
        left = {lot: to for lot, to in left.items() if table[lot] == was[lot]}
        if not left:
            break
        made.append((day, act, {**table, **left}))
    return made


def _from_day_on(facts: list[tuple[str, int, Any]], day: str) -> list[str]:
    """The day, and each later one that a fact is for."""
    return [day, *sorted({since for since, _, _ in facts if since > day})]


def _newest(facts: list[tuple[str, int, Any]], day: str, nothing: Any = None) -> tuple[Any, int]:
    """Of those in force on the day the latest day wins; of one day's, the latest act."""
    in_force = sorted((since, act, at) for at, (since, act, _) in enumerate(facts) if since <= day)
    return (facts[in_force[-1][2]][2], in_force[-1][1]) if in_force else (nothing, -1)


def _lot(file: Deed, carrier: str) -> str:
    arranged = "arranged" if file["arranged"] else "unarranged"
    return f"{file['retention']}/{file['state']}/{arranged}/{carrier}"


def _answer(must: Any, must_act: int, has: Any, has_act: int, state: str, *, known: bool) -> dict[str, Any]:
    return {
        "assigned_to": must,
        "held_by": has,
        "state": state,
        "because_assigned": must_act,
        "because_held": has_act,
        "known": known,
    }
