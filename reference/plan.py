"""The plans the product ships, as files: instrument, named receivers and ordered rules, without any id.

A plan file refers to changes and receivers by name; whoever drafts the reorganization puts the ids in.
"""

from __future__ import annotations

from importlib import resources

import msgspec

from domain.basis import Instrument
from domain.plan import Rule


class PlanFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shipped plan. `changes` names the data of `reference.changes`; `receivers` maps names to agency codes."""

    title: str
    title_en: str
    effective: str
    instrument: Instrument
    changes: str
    receivers: dict[str, str]
    rules: tuple[Rule, ...]


def load_plan(effective: str = "2025-07-01") -> PlanFile:
    """The plan shipped for a day. Raises FileNotFoundError when there is none."""
    text = resources.files("reference").joinpath("plans", f"{effective}.yaml").read_text(encoding="utf-8")
    return msgspec.yaml.decode(text, type=PlanFile)
