"""What lies elsewhere and must come to a receiver: the work list for its hand-overs."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.lot import Carrier
from projections.asking import ask
from projections.single_assignment import must_have
from projections.view import Connection


class ToCome(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one carrier that one holder has and the receiver must have."""

    holder: UUID
    files: tuple[UUID, ...]


# Bundles stay out: what is in them is not yet a file that a line of an inventory could name.
_TO_COME: Final = f"""
SELECT has.holder, array_agg(f.id ORDER BY f.code, f.id) AS files
FROM projection.file AS f
JOIN LATERAL (
    {must_have(file="f.id", carrier="%(carrier)s", fonds="f.fonds", lot="f.lot + %(digital)s", day="%(on)s")}
) AS must ON must.receiver = %(receiver)s
JOIN LATERAL (
    SELECT h.holder FROM projection.held AS h
    WHERE h.file = f.id AND h.carrier = %(carrier)s AND h.effective <= %(on)s
    ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1
) AS has ON has.holder <> %(receiver)s
WHERE NOT f.bundle
GROUP BY has.holder ORDER BY count(*) DESC, has.holder
"""  # noqa: S608  constants of this module


def to_come(connection: Connection, receiver: UUID, carrier: Carrier, on: str) -> list[ToCome]:
    """By holder, the longest list first, as of the civil day `on`."""
    digital = int(carrier is Carrier.DIGITAL)
    return ask(connection, ToCome, _TO_COME, receiver=receiver, carrier=carrier, digital=digital, on=on)
