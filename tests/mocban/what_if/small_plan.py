"""The story's plan as a plan file, by codes; and a second plan to compare it with."""

from __future__ import annotations

from pathlib import Path

import msgspec

from domain.agency import AgencyKind, Block
from domain.plan import ChangeKind, Rule
from domain.plan_file import AgencyEntry, ChangeEntry, PlanFile, SuccessorEntry, UnitEntry
from mocban.plan_file.reading import write_plan_file
from reference.plan import load_plan
from tests.projections.story_plan import BLOCKS, KINDS, UNITS, WHOLE, shipped_plan

CODES = {name: f"{number:05}" for number, name in enumerate(UNITS)}
NEW = {"n1": "00003", "n2": "00006"}


def story_file() -> PlanFile:
    """Three communes into two and part of a fourth into each; the districts end. The shipped rules."""
    plan, shipped = shipped_plan(), load_plan()

    def edge(new: str, *, whole: bool) -> SuccessorEntry:
        unit = NEW[new]
        if whole:
            return SuccessorEntry(unit=unit, share="whole", population_share="all")
        return SuccessorEntry(unit=unit, share="part", population_share="part")

    changes = [ChangeEntry(unit=CODES[name], change=ChangeKind.DISSOLVED) for name in ("d1", "d2")]
    changes += [
        ChangeEntry(unit=CODES[old], change=ChangeKind.CONSOLIDATED, successors=(edge(new, whole=True),))
        for old, new in WHOLE.items()
    ]
    parts = tuple(edge(new, whole=False) for new in NEW)
    changes.append(ChangeEntry(unit=CODES["a3"], change=ChangeKind.SPLIT, successors=parts))
    return PlanFile(
        title=shipped.title,
        effective=shipped.effective,
        instrument=shipped.instrument,
        changes=tuple(changes),
        rules=plan.rules,
        receivers={"city-historical-archive": "archive", "city-party-archive": "party-archive"},
        units=tuple(
            UnitEntry(code=unit.code, name=unit.name, kind=unit.kind, level=unit.level, parent=CODES["city"])
            for unit in plan.units
        ),
        agencies=tuple(_agency(new, block, kind) for new in NEW for block, kind in zip(BLOCKS, KINDS, strict=True)),
    )


def _agency(new: str, block: Block, kind: AgencyKind) -> AgencyEntry:
    full = f"{new}-{block}"
    return AgencyEntry(
        code=full,
        name=f"Cơ quan {full}",
        block=block,
        kind=kind,
        unit=NEW[new],
        fonds_code=f"P-{full}",
        fonds_name=f"Phông {full}",
    )


def with_rules(plan: PlanFile, *rules: Rule, **changed: object) -> PlanFile:
    """The plan with other rules."""
    return msgspec.structs.replace(plan, rules=rules, **changed)


def written(folder: Path, name: str, plan: PlanFile) -> Path:
    """The plan in a file."""

    write_plan_file(plan, folder / name)
    return folder / name
