"""The files there were to draw from at a checkpoint, by id; read part by part, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.audit import draw
from mocban.audit.stratum import Stratum
from projections.view import Connection

# Registered by an act of the checkpoint, and not destroyed by one.
_IDS: Final = {
    "all": """
SELECT f.id FROM projection.file AS f
WHERE f.recorded < %(size)s AND (f.destroyed IS NULL OR f.destroyed >= %(size)s)
""",
    "fonds": """
SELECT f.id FROM projection.file AS f
WHERE f.recorded < %(size)s AND (f.destroyed IS NULL OR f.destroyed >= %(size)s) AND f.fonds = ANY(%(ids)s)
""",
    "holder": """
SELECT f.id FROM (
    SELECT DISTINCT ON (h.file) h.file, h.holder
    FROM (SELECT DISTINCT file FROM projection.held WHERE holder = ANY(%(ids)s) AND carrier = 'paper') AS once
    JOIN projection.held AS h ON h.file = once.file
    WHERE h.carrier = 'paper' AND h.effective <= %(on)s AND h.recorded < %(size)s
    ORDER BY h.file, h.effective DESC, h.recorded DESC, h.position
) AS has
JOIN projection.file AS f ON f.id = has.file
WHERE f.recorded < %(size)s AND (f.destroyed IS NULL OR f.destroyed >= %(size)s) AND has.holder = ANY(%(ids)s)
""",
}
_PARTS: Final = """
SELECT string_agg(id::text, E'\\n' ORDER BY id)
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 10000 AS part FROM ({ids}) AS there) AS numbered
GROUP BY part ORDER BY part
"""


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
    """The ids in order, each with a newline, many at once: a row each would cost more than the draw."""
    query = _PARTS.replace("{ids}", _IDS[stratum.kind]).encode()
    with connection.transaction(), connection.cursor(name="population", row_factory=tuple_row) as cursor:
        cursor.itersize = 8
        cursor.execute(query, {"size": size, "ids": list(stratum.ids), "on": on})
        for (lines,) in cursor:
            yield f"{lines}\n".encode("ascii")
