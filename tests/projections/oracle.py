"""An independent replay of custody: slow, plain dictionaries, no SQL, and no line shared with the product.

It is told what was done, in words of its own, and at which act; asked, it goes through everything from the first. What
it does is what docs/custody.md says, and nothing else.
"""

from __future__ import annotations

from typing import Any

Deed = dict[str, Any]
"""What was done. `do` says what; days are ISO texts; bodies, files and hand-overs are names."""


class Oracle:
    """Everything that was done, with the act that recorded it."""

    def __init__(self) -> None:
        self.deeds: list[tuple[int, Deed]] = []

    def tell(self, act: int, deed: Deed) -> None:
        """One more deed."""
        self.deeds.append((act, deed))

    def ask(self, file: str, carrier: str, day: str, known_at: int) -> dict[str, Any]:
        """Who must have, who has, what state, by which acts (-1: none), whether anything is known."""
        known = [(act, deed) for act, deed in self.deeds if act <= known_at]
        register = next((deed for _, deed in known if deed["do"] == "register" and deed["file"] == file), None)
        if register is None:
            return _answer(None, -1, None, -1, "awaiting-receiver", known=False)
        must, must_act = self._alone(known, file, carrier, day) or _newest(
            self._assignments(known, register, carrier), day
        )
        (has, received), has_act = _newest(self._holdings(known, file, carrier), day, (None, False))
        state = self._open(known, file, carrier, day, has_act) or (
            "awaiting-receiver"
            if must is None
            else "awaiting-hand-over"
            if must != has
            else "received"
            if received
            else "held"
        )
        return _answer(must, must_act, has, has_act, state, known=has is not None)

    def _assignments(self, known: list[tuple[int, Deed]], file: Deed, carrier: str) -> list[tuple[str, int, Any]]:
        """(from which day, by which act, to whom) of the file's lot."""
        found: list[tuple[str, int, Any]] = []
        for act, deed in known:
            if deed["do"] == "found":
                found += [(body["from"], act, body["name"]) for body in deed["bodies"] if body["name"] == file["fonds"]]
            if deed["do"] == "enact":
                found += [(deed["day"], act, body["name"]) for body in deed["new"] if body["name"] == file["fonds"]]
                creator = self.body(file["fonds"])
                if creator["unit"] in deed["changes"]:
                    found.append((deed["day"], act, self.receiver(deed, creator, file, carrier)))
            if deed["do"] == "correct" and deed["fonds"] == file["fonds"]:
                for day in self._days_touched(known, act, deed):
                    found.append((day, act, self._decided(known, act, day, file, carrier)))
        return found

    def _alone(self, known: list[tuple[int, Deed]], file: str, carrier: str, day: str) -> tuple[Any, int] | None:
        """By the last decision about this file alone, unless that one let it go with its lot again."""
        own = [
            (deed["day"], act, deed.get("to"))
            for act, deed in known
            if deed["do"] in {"single", "rejoin"} and deed["file"] == file and carrier in deed["carriers"]
        ]
        to, act = _newest(own, day)
        return None if to is None else (to, act)

    def _days_touched(self, known: list[tuple[int, Deed]], act: int, deed: Deed) -> list[str]:
        """Its own day, and those of earlier corrections up to which one of its lots stayed as it was."""
        others = [one for at, one in known if at < act and one["do"] == "correct" and one["fonds"] == deed["fonds"]]
        later = sorted({one["day"] for one in others if one["day"] > deed["day"]})
        named = {lot: [one["day"] for one in others if lot in one["lots"]] for lot in deed["lots"]}
        return [deed["day"]] + [
            day for day in later if any(not any(deed["day"] < on <= day for on in days) for days in named.values())
        ]

    def _decided(self, known: list[tuple[int, Deed]], act: int, day: str, file: Deed, carrier: str) -> Any:
        """What was last decided of the lot for the day, known after the act: latest day first, then latest act."""
        said = []
        for at, deed in known:
            if at > act or deed.get("day", "") > day:
                continue
            if deed["do"] == "enact" and self.body(file["fonds"])["unit"] in deed["changes"]:
                said.append((deed["day"], at, self.receiver(deed, self.body(file["fonds"]), file, carrier)))
            named = deed["do"] == "correct" and deed["fonds"] == file["fonds"] and _lot(file, carrier) in deed["lots"]
            if named:
                said.append((deed["day"], at, deed["to"]))
        return max(said, key=lambda one: one[:2], default=(None, -1, None))[2]

    def receiver(self, plan: Deed, creator: Deed, file: Deed, carrier: str) -> Any:
        """The first rule that speaks of the lot says it."""
        change = plan["changes"][creator["unit"]]
        facts = {
            "block": creator["block"],
            "level": creator["level"],
            "change": change["kind"],
            "retention": file["retention"],
            "state": file["state"],
            "arranged": file["arranged"],
            "carrier": carrier,
        }
        for rule in plan["rules"]:
            if all(facts[what] in allowed for what, allowed in rule["when"].items()):
                break
        else:
            return None
        if rule["to"] == "awaiting":
            return None
        unit = rule["to"]
        if unit == "successor":
            unit = change["to"][0] if len(change["to"]) == 1 else None
        elif unit == "direct-superior":
            unit = self.unit_above(creator["unit"], plan["changes"])
        else:
            return rule["to"]
        going_on = [body for body in self.bodies() if body["unit"] == unit and body["unit"] not in plan["changes"]]
        same = [one for one in (*going_on, *plan["new"]) if one["unit"] == unit and one["block"] == creator["block"]]
        return next((one["name"] for one in same if not one["archive"]), None)

    def _holdings(self, known: list[tuple[int, Deed]], file: str, carrier: str) -> list[tuple[str, int, Any]]:
        """(from which day, by which act, (in whose hands, by a hand-over)) of the carrier."""
        found: list[tuple[str, int, Any]] = []
        for act, deed in known:
            begins = {"register": "paper", "digitize": "digital"}.get(deed["do"])
            if begins == carrier and deed["file"] == file:
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
        return [body for _, deed in self.deeds for body in (*deed.get("bodies", ()), *deed.get("new", ()))]

    def body(self, name: str) -> Deed:
        """One of them."""
        return next(body for body in self.bodies() if body["name"] == name)

    def unit_above(self, unit: str, ending: dict[str, Any]) -> str | None:
        """The first unit above it that goes on."""
        above = {name: up for _, deed in self.deeds for name, up in deed.get("units", {}).items()}
        found = above.get(unit)
        while found is not None and found in ending:
            found = above.get(found)
        return found


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
