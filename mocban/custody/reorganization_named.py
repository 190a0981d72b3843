"""The reorganization that a person names: by its id, or by the plan file that it was drafted from."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

from domain.errors import Refusal
from domain.plan import plan_hash
from mocban.bootstrap import Product
from mocban.custody.unit_named import is_id
from mocban.plan_file.reading import Reading
from mocban.what_if.resolving import resolve
from projections.succession_queries import reorganizations
from projections.view import Connection
from projections.whatif import one_moment

OPEN: Final = ("drafted", "adopted")
ENACTED: Final = ("enacted",)


def stream_of(product: Product, effective: str, hashed: str) -> UUID:
    """The id under which a plan is drafted: the same plan has one, another plan of the same day another."""
    return product.naming.other("reorganization", f"{effective}/{hashed}")


def reorganization_named(
    product: Product, connection: Connection, text: str, reading: Reading | None, states: tuple[str, ...]
) -> UUID:
    """By id as typed, or by the plan's hash; of several those in one of the states are meant, else the others.

    Raises Refusal `reorganization-unknown`, `reorganization-ambiguous`.
    """
    rows = reorganizations(connection)
    if reading is None:
        found = [row for row in rows if is_id(text) and row.id == UUID(text)]
    else:
        assert reading.plan is not None
        with one_moment(connection) as snapshot:
            plan, _ = resolve(reading.plan, snapshot, product.naming)
        hashed = plan_hash(plan) if plan is not None else ""
        found = [row for row in rows if row.plan_hash == hashed and row.state != "reconstructed"]
        found = [row for row in found if row.state in states] or found
    if not found:
        raise Refusal("reorganization-unknown")
    if len(found) > 1:
        raise Refusal("reorganization-ambiguous", count=len(found), named=Path(text).name)
    return found[0].id
