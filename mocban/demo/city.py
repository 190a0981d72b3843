"""Step 2: Hà Nội as it was on 2025-06-30, one act for the city, one for each district; then what came before it."""

from __future__ import annotations

from ledger.commands import lineage
from ledger.commands.administrative_unit import record_units
from mocban.demo.stage import Stage
from mocban.hanoi import unit_entries
from mocban.lineage import reconstructions
from mocban.offices import Office


def record_city(stage: Stage) -> dict[str, int]:
    """Record units, agencies and fonds; how many of each."""
    product = stage.product
    archivist = product.actor(Office.ARCHIVIST)
    acts = unit_entries(product.naming)
    with stage.step("city", "Ghi nhận Hà Nội ngày 30/6/2025", "Hà Nội as of 2025-06-30", len(acts)) as task:
        for number, entries in enumerate(acts):
            record_units(product.main, archivist, stage.act_ids(f"unit.record:{number}"), entries)
            stage.advance(task)
        for one in reconstructions(product.naming):
            act = stage.act_ids(f"unit.reconstruct:{one.fact.effective}")
            lineage.reconstruct(product.main, archivist, act, one.stream, one.fact, one.former)
    entries = [entry for act in acts for entry in act]
    return {"units": len(entries), "agencies": sum(len(entry.agencies) for entry in entries)}
