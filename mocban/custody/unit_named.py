"""The unit that a person names: by our id, or by a code on a day, since codes are used again."""

from __future__ import annotations

from uuid import UUID

from domain.errors import Refusal
from projections.succession_queries import UnitRow, unit, unit_by_code
from projections.view import Connection


def is_id(text: str) -> bool:
    """Whether it is one of our ids and no code."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def unit_named(connection: Connection, text: str, on: str) -> UnitRow:
    """The unit with this id, or the one that carries this code on the civil day.

    Raises Refusal `unit-unknown`, `unit-not-existing`.
    """
    found = unit(connection, UUID(text)) if is_id(text) else unit_by_code(connection, text.replace("\0", ""), on)
    if found is None:
        raise Refusal("unit-unknown") if is_id(text) else Refusal("unit-not-existing", code=text[:40], day=on)
    return found
