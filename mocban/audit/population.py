"""The files there were to draw from at a checkpoint, by id; read in one stream, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.audit import draw
from mocban.audit.stratum import Stratum
from projections.view import Connection

# Registered by an act of the checkpoint, and not destroyed by one.
_IDS: Final = {
    "all": """
SELECT f.id FROM projection.file AS f
WHERE f.recorded < %(size)s AND (f.destroyed IS NULL OR f.destroyed >= %(size)s) ORDER BY f.id
""",
    "fonds": """
SELECT f.id FROM projection.file AS f
WHERE f.recorded < %(size)s AND (f.destroyed IS NULL OR f.destroyed >= %(size)s) AND f.fonds = ANY(%(ids)s)
ORDER BY f.id
""",
    "holder": """
SELECT f.id FROM (SELECT DISTINCT file FROM projection.held WHERE holder = ANY(%(ids)s) AND carrier = 'paper') AS once
JOIN projection.file AS f ON f.id = once.file
CROSS JOIN LATERAL (
    SELECT h.holder FROM projection.held AS h
    WHERE h.file = f.id AND h.carrier = 'paper' AND h.effective <= %(on)s AND h.recorded < %(size)s
    ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1
) AS has
WHERE f.recorded < %(size)s AND (f.destroyed IS NULL OR f.destroyed >= %(size)s) AND has.holder = ANY(%(ids)s)
ORDER BY f.id
""",
}


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """files: how many; digest: hex SHA-256 of their ids, sorted, each with a newline. drawn: (rank, id), in order."""

    files: int
    digest: str
    drawn: tuple[tuple[str, UUID], ...]


def drawn_from(
    connection: Connection, stratum: Stratum, size: int, on: str, seed: str, wanted: int, into: Any = None
) -> Population:
    """Draw `wanted` files at checkpoint `size`. on: civil day for who holds what. into: a binary file for the ids."""
    whole, count = sha256(), 0

    def ids() -> Iterator[str]:
        nonlocal count
        for lines in _lines(connection, stratum, size, on):
            whole.update(lines)
            if into is not None:
                into.write(lines)
            for line in lines.decode("ascii").splitlines():
                count += 1
                yield line

    drawn = draw(seed, ids(), wanted)
    return Population(files=count, digest=whole.hexdigest(), drawn=tuple((rank, UUID(file)) for rank, file in drawn))


def _lines(connection: Connection, stratum: Stratum, size: int, on: str) -> Iterator[bytes]:
    facts = {"size": size, "ids": list(stratum.ids), "on": on}
    with connection.cursor() as cursor, cursor.copy(f"COPY ({_IDS[stratum.kind]}) TO STDOUT".encode(), facts) as copy:
        kept = bytearray()
        for part in copy:
            kept += part
            if len(kept) >= 1 << 20:
                yield bytes(kept)
                kept.clear()
        yield bytes(kept)
