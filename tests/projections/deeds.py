"""Deeds as dice make them: what is done to files of a small city, for any day and in any order, late or not."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, Final

from domain.lot import ALL_LOT_KEYS, RetentionClass, WorkState

Deed = dict[str, Any]
"""What is done, as `tests.projections.oracle` is told it."""
DAYS: Final = (
    "2019-06-01", "2020-03-01", "2024-12-31", "2025-01-01", "2025-06-30", "2025-07-01", "2025-07-02", "2026-01-01",
)  # fmt: skip
BLOCKS: Final = ("government", "party")
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
        *("enact", "enact", "enact")[: dice.choice((1, 2, 2, 2, 3))],
        *dice.choices(("single", "rejoin"), k=dice.randint(0, 3)),
        *dice.choices(("carve", "carve", "child", "return"), k=dice.randint(0, 4)),
        *dice.choices(("digitize", "hand", "hand", "hand", "correct", "correct", "late"), k=dice.randint(3, 9)),
    ]
    dice.shuffle(makers)
    plans: list[Deed] = []
    for number, maker in enumerate(makers):
        known = {deed["file"]: deed["fonds"] for deed in deeds if deed["do"] == "register"}
        if maker == "late" and late:
            deeds.append(_register(dice, late.pop(), names))
        elif maker == "digitize" and (paper := sorted(known.keys() - _digitized(deeds))):
            file, holder = dice.choice(paper), dice.choice(("archive", *names))
            deeds.append({"do": "digitize", "file": file, "held_by": holder, "day": dice.choice(DAYS)})
        elif maker == "enact":
            plans.append(_plan(dice, plans))
            deeds.append(plans[-1])
            names += [one["name"] for one in plans[-1]["new"]]
        elif maker == "correct" and plans:
            deeds.append(_correction(dice, plans, names, _carved(deeds)))
        elif maker == "carve" and known:
            deeds.append(_carve(dice, f"c{number}", known, names))
        elif maker in {"child", "return"} and _carved(deeds):
            deeds.append(_of_child(dice, maker, dice.choice(_carved(deeds)), names))
        elif maker in {"single", "rejoin"} and known:
            deeds.append(_alone(dice, maker, sorted(known), names))
        elif maker == "hand" and known:
            deeds += _hand_over(dice, f"h{number}", known, names)
    return deeds + _brought_in(dice, deeds)


def _brought_in(dice: Random, deeds: list[Deed]) -> list[Deed]:
    """At last a file is decided upon and really handed over, so that somebody has what he must have."""
    registered = [deed["file"] for deed in deeds if deed["do"] == "register"]
    if not registered:
        return []
    file, carrier = dice.choice(registered), "paper"
    facts = {"handover": "last", "giver": "city/government", "receiver": "archive", "files": [file], "carrier": carrier}
    decided = {"do": "single", "file": file, "carriers": [carrier], "to": "archive", "day": dice.choice(DAYS[:4])}
    offered, done = {"do": "offer", **facts, "day": ""}, {"do": "conclude", "handover": "last", "disputed": []}
    return [decided, offered, {**done, "day": dice.choice(DAYS[:6])}]


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


def _alone(dice: Random, what: str, files: list[str], names: list[str]) -> Deed:
    """A decision about one file, or that it goes with its lot again; it may be refused."""
    carriers = dice.choice((["paper"], ["digital"], ["paper", "digital"]))
    deed: Deed = {"do": what, "file": dice.choice(files), "carriers": carriers, "day": dice.choice(DAYS)}
    return deed if what == "rejoin" else {**deed, "to": dice.choice(("archive", *names))}


def _digitized(deeds: list[Deed]) -> set[str]:
    """Files that have their digital carrier: it begins with the first scan."""
    return {deed["file"] for deed in deeds if deed["do"] == "digitize"}


def _carved(deeds: list[Deed]) -> list[Deed]:
    return [deed for deed in deeds if deed["do"] == "carve"]


def _carve(dice: Random, name: str, files: dict[str, str], names: list[str]) -> Deed:
    """Some files of one fonds, which go apart from a day on."""
    fonds = files[dice.choice(sorted(files))]
    carriers = dice.choice((["paper"], ["digital"], ["paper", "digital"]))
    of = _some(dice, [file for file in sorted(files) if files[file] == fonds], 1)
    to = dice.choice((None, "archive", *names))
    return {
        "do": "carve",
        "lot": name,
        "fonds": fonds,
        "of": of,
        "carriers": carriers,
        "to": to,
        "day": dice.choice(DAYS),
    }


def _of_child(dice: Random, what: str, lot: Deed, names: list[str]) -> Deed:
    """A further decision about a child lot, or files of it that go back; it may be refused."""
    deed: Deed = {"do": what, "lot": lot["lot"], "day": max(dice.choice(DAYS), lot["day"])}
    return (
        {**deed, "of": _some(dice, lot["of"], 1)} if what == "return" else {**deed, "to": dice.choice([None, *names])}
    )


def _correction(dice: Random, plans: list[Deed], names: list[str], carved: list[Deed]) -> Deed:
    plan = dice.choice(plans)
    if carved and dice.random() < 0.3:
        lot = dice.choice(carved)
        return {"do": "correct", "plan": plan["plan"], "lot": lot["lot"], "lots": _some(dice, LOTS, 1),
                "day": max(lot["day"], plan["day"], dice.choice(DAYS)), "to": dice.choice([None, *names])}  # fmt: skip
    known = [one for deed in (founding(), *plans) for one in (*deed.get("bodies", ()), *deed.get("new", ()))]
    closed = [one["name"] for one in known if any(one["unit"] in made["changes"] for made in plans)]
    day = dice.choice([plan["day"], plan["day"], *(day for day in DAYS if day >= plan["day"]), *DAYS[:1]])
    return {
        "do": "correct", "plan": plan["plan"], "fonds": dice.choice(closed), "lots": _some(dice, LOTS, 1), "day": day,
        "to": dice.choice([None, "archive", "archive", *names]),
    }  # fmt: skip


def _plan(dice: Random, before: list[Deed]) -> Deed:
    """A plan; a later one may end what an earlier one began, and may be for a day before the earlier one's."""
    name = f"p{len(before) + 1}"
    later = [one for one in DAYS[1:] if before and one > before[-1]["day"] and dice.random() < 0.9]
    day = dice.choice(later or DAYS[1:])
    begin = [f"{name}n1", f"{name}n2"]
    new = [body(f"{unit}/{block}", unit, block, "commune", day) for unit in begin for block in BLOCKS]
    kinds = ("consolidated", "absorbed", "divided", "split", "dissolved")
    begun = {unit for plan in before for unit in plan["units"] if plan["day"] < day}
    ended = {unit for plan in before for unit in plan["changes"]}
    may_end = sorted({"u1", "u2", "d", *begun} - ended) or ["u1"]
    first = dice.choice(sorted(begun - ended) or may_end)
    ending = [first, *_some(dice, [one for one in may_end if one != first])]
    changes = {unit: {"kind": dice.choice(kinds), "to": _some(dice, begin)} for unit in ending}
    renamed = {unit for plan in before for unit, kind in plan["going_on"].items() if plan["day"] >= day}
    going_on = {
        unit: dice.choice(("separated", "boundary-adjusted", *(["renamed"] if unit not in renamed else [])))
        for unit in _some(dice, sorted({"u1", "u2", "d", *begun} - ended - {*ending}))
    }
    choices: dict[str, list[Any]] = {
        "block": list(BLOCKS), "level": ["city", "district", "commune"],
        "change": ["consolidated", "split", "divided", "absorbed"],
        "retention": [one.value for one in RetentionClass], "state": [one.value for one in WorkState],
        "arranged": [True, False], "carrier": ["paper", "digital"],
    }  # fmt: skip
    rules = []
    for _ in range(dice.randint(1, 5)):
        when = {what: _some(dice, choices[what], 1) for what in dice.sample(sorted(choices), dice.randint(0, 2))}
        named = ("archive", "archive", "archive", "city/party", f"{name}n1/government")
        rules.append(
            {"when": when, "to": dice.choice(("awaiting", "successor", "successor", "direct-superior", *named))}
        )
    units = dict.fromkeys(begin, "city")
    own = _own_changes(dice, before, changes, day)
    return {"do": "enact", "plan": name, "day": day, "changes": changes, "new": new, "rules": rules, "units": units,
            "own": own, "going_on": going_on}  # fmt: skip


def _own_changes(dice: Random, before: list[Deed], changes: Deed, day: str) -> Deed:
    """Bodies of the day that end by a change of their own, of units that end or not."""
    gone = {name for plan in before for name in plan["own"]}
    ended = {unit for plan in before for unit in plan["changes"]}
    known = [one for deed in (founding(), *before) for one in (*deed.get("bodies", ()), *deed.get("new", ()))]
    known = [one for one in known if one["from"] <= day]
    there = [one for one in known if one["name"] not in gone and one["unit"] not in ended]
    chosen = dice.sample(there, min(len(there), dice.choice((0, 1, 1, 2))))
    staying = [one["name"] for one in there if one not in chosen and one["unit"] not in changes]
    made = {}
    for one in chosen if len(staying) > 1 else ():
        kind = dice.choice(("absorbed", "absorbed", "divided", "dissolved"))
        to = dice.sample(staying, {"absorbed": 1, "divided": 2, "dissolved": 0}[kind])
        fonds = dice.choice(("closes", "goes-on")) if kind == "absorbed" else "closes"
        made[one["name"]] = {"kind": kind, "to": to, "fonds": fonds}
    return made


def _hand_over(dice: Random, name: str, files: dict[str, str], names: list[str]) -> list[Deed]:
    """Offered; then perhaps taken back, or concluded with disputes, and these settled."""
    listed = _some(dice, sorted(files), 1)
    receiver = dice.choice(("archive", "archive", "archive", "archive", *files.values(), *names))
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
