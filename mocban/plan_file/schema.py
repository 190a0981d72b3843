"""The JSON Schema of a plan file, made from the structure it is read by, so that the two cannot differ."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.plan_file import PlanFile


def plan_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the YAML form."""
    schema = msgspec.json.schema(PlanFile)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tệp phương án sắp xếp · Plan file of a reorganization",
        **schema,
    }
