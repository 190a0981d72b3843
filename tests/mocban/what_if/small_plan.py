"""The story's plan as a plan file, by codes; and a second plan to compare it with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.agency import AgencyKind, Block
from domain.basis import Confidence
from domain.identifiers import Naming
from domain.lot import RetentionClass
from domain.plan import ChangeKind, Rule, Selector
from domain.plan_file import AgencyEntry, ChangeEntry, PlanFile, SuccessorEntry, UnitEntry
from mocban.cli.registry import parser
from mocban.cli.reorganization_preview import read_plans, show
from mocban.plan_file.reading import write_plan_file
from projections.view import Connection
from reference.plan import load_plan
from tests.projections.story_plan import BLOCKS, KINDS, UNITS, WHOLE, shipped_plan

NAMING = Naming(b"i" * 32)
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


def run(reader: Connection, *arguments: object) -> int:
    """The command as typed, over the story's views."""
    args = parser().parse_args(["reorganization", "preview", *map(str, arguments)])
    readings = read_plans(args)
    return 1 if readings is None else show(reader, NAMING, args, readings)


def told(capsys: pytest.CaptureFixture[str], reader: Connection, *arguments: object) -> dict[str, Any]:
    """The JSON report of the command."""
    assert run(reader, "--json", *arguments) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)["report"]
    return report


def everything_to(receiver: str, *classes: RetentionClass) -> Rule:
    """A rule for all lots, or those of a class."""
    when = Selector(retention=classes)
    return Rule(id="all", when=when, receiver=receiver, basis="QĐ 9", confidence=Confidence.DECISION)
