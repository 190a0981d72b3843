"""Documents of different fonds that may be one paper: same number and symbol, dates that agree; or the same bytes.

A suggestion is advice. A person compares and matches, and may undo it.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from projections.asking import ask
from projections.view import Connection


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """Two documents that are not matched. same_bytes: one's very bytes were delivered for the other's file."""

    one: UUID
    one_file: str
    one_ordinal: int
    other: UUID
    other_file: str
    other_ordinal: int
    number_key: str
    same_bytes: bool


_SUGGEST: Final = """
WITH known AS (
    SELECT d.id, d.file, d.ordinal, f.fonds, f.code, coalesce(nullif(d.number_key, ''), d.read_number_key) AS key,
           coalesce(nullif(d.issued_date, ''), d.read_issued_date) AS dated
    FROM projection.document AS d JOIN projection.file AS f ON f.id = d.file
    WHERE d.number_key <> '' OR d.read_number_key <> ''
)
SELECT a.id AS one, a.code AS one_file, a.ordinal AS one_ordinal, b.id AS other, b.code AS other_file,
       b.ordinal AS other_ordinal, a.key AS number_key,
       EXISTS (SELECT FROM projection.duplicate_delivery AS t
               WHERE (t.document, t.file) IN ((a.id, b.file), (b.id, a.file))) AS same_bytes
FROM known AS a JOIN known AS b ON b.key = a.key AND b.id > a.id AND b.fonds <> a.fonds
WHERE left(a.dated, least(length(a.dated), length(b.dated))) = left(b.dated, least(length(a.dated), length(b.dated)))
  AND NOT EXISTS (SELECT FROM projection.document_match AS m WHERE m.ended IS NULL
                  AND (m.reference, m.other) IN ((a.id, b.id), (b.id, a.id)))
ORDER BY same_bytes DESC, a.key, a.id, b.id LIMIT %(limit)s
"""


def suggestions(connection: Connection, limit: int = 200) -> list[Suggestion]:
    """The pairs, those of the same bytes first."""
    return ask(connection, Suggestion, _SUGGEST, limit=limit)
