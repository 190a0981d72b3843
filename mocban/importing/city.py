"""Hà Nội before its files: no file may be registered in a fonds that the ledger does not know."""

from __future__ import annotations

from domain import administrative_unit, lineage
from ledger.actor import Actor
from ledger.commands.administrative_unit import record_units
from ledger.commands.lineage import reconstruct
from mocban.act_ids import ActIds
from mocban.bootstrap import Product
from mocban.hanoi import unit_entries
from mocban.lineage import reconstructions


def record_city(product: Product, archivist: Actor, act_ids: ActIds) -> None:
    """Record the units, bodies and fonds of the reference data, where that was not done yet."""
    for number, entries in enumerate(unit_entries(product.naming)):
        known = product.main.streams().load(entries[0].unit, None, administrative_unit.evolve)
        if known is None:
            record_units(product.main, archivist, act_ids(f"unit.record:{number}"), entries)
    for one in reconstructions(product.naming):
        if product.main.streams().load(one.stream, None, lineage.evolve) is None:
            act = act_ids(f"unit.reconstruct:{one.fact.effective}")
            reconstruct(product.main, archivist, act, one.stream, one.fact, one.former)
