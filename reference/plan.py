"""The plans the product ships, as files: instrument, named receivers and ordered rules, without any id."""

from __future__ import annotations

from importlib import resources
from typing import Final

import msgspec

from domain.plan_file import PlanFile

__all__ = ["CHANGE_SETS", "PlanFile", "load_plan"]

CHANGE_SETS: Final = ("succession-2025-07-01",)
"""Names that `PlanFile.changes` may give: the data of `reference.changes`, with the bodies that begin."""


def load_plan(effective: str = "2025-07-01") -> PlanFile:
    """The plan shipped for a day. Raises FileNotFoundError when there is none."""
    text = resources.files("reference").joinpath("plans", f"{effective}.yaml").read_text(encoding="utf-8")
    return msgspec.yaml.decode(text, type=PlanFile)
