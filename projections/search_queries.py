"""Searching: by words with or without marks, document number or file code; only what the reader's scope lets through.

Entries that match with the marks as typed come first, then those that match without; within each, newest first.
"""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.identifiers import nfc, number_key
from projections import scope
from projections.asking import ask
from projections.folded_words import query
from projections.scope import AccessScope
from projections.view import Connection

MAX_HITS: Final = 200


class Hit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file or document found. dated: as far as the paper says. title: of the file, or subject of the document.

    exact: with the marks as typed. Absent title: sealed for good, or none.
    """

    id: UUID
    kind: str
    file: UUID
    file_code: str
    dated: str
    exact: bool
    title: str | None = None
    number: str = ""


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of hits ended; the next begins after it."""

    exact: bool
    dated: str
    id: UUID


_SELECT: Final = """
SELECT e.id, e.kind, e.file, f.code AS file_code, e.sorted_by AS dated,
       CASE WHEN e.kind = 'file' THEN f.title ELSE coalesce(d.subject, d.read_subject) END AS title,
       coalesce(nullif(d.number_key, ''), d.read_number_key, '') AS number,
"""
_FROM: Final = """
FROM projection.search_entry AS e JOIN projection.file AS f ON f.id = e.file
LEFT JOIN projection.document AS d ON d.id = e.id
"""
_BY_WORDS: Final = f"""{_SELECT} %(exact)s AS exact {_FROM}
WHERE (e.described || e.recognized || e.body) @@ %(wanted)s::tsquery
  AND (%(unwanted)s = '' OR NOT (e.described || e.recognized || e.body) @@ %(unwanted)s::tsquery)
  AND (e.sorted_by, e.id) < (%(dated)s COLLATE "C", %(id)s) AND {scope.WHERE}
ORDER BY e.sorted_by DESC, e.id DESC LIMIT %(limit)s
"""
_BY_NUMBER: Final = f"""{_SELECT} true AS exact
FROM projection.document AS d JOIN projection.search_entry AS e ON e.id = d.id
JOIN projection.file AS f ON f.id = d.file
WHERE (d.number_key = %(number)s OR d.read_number_key = %(number)s)
  AND (e.sorted_by, e.id) < (%(dated)s COLLATE "C", %(id)s) AND {scope.WHERE}
ORDER BY e.sorted_by DESC, e.id DESC LIMIT %(limit)s
"""
_BY_CODE: Final = f"""{_SELECT} true AS exact {_FROM}
WHERE e.kind = 'file' AND f.code = %(code)s
  AND (e.sorted_by, e.id) < (%(dated)s COLLATE "C", %(id)s) AND {scope.WHERE}
ORDER BY e.sorted_by DESC, e.id DESC LIMIT %(limit)s
"""

_NUMBER: Final = re.compile(r"\s*(\d+[a-zA-Z]?)\s*/\s*(\S+)\s*")
_CODE: Final = re.compile(r"\S+\.\d{4}\.\S.*")
_NEWEST: Final = Mark(exact=True, dated="~", id=UUID(int=2**128 - 1))


def search(
    connection: Connection, reader: AccessScope, text: str, limit: int = 50, after: Mark | None = None
) -> list[Hit]:
    """At most `limit` (up to 200) hits after a mark. A text such as `123/QĐ-UBND` is looked up as a number first,
    one such as `H26.41.2019.05` as a file's code."""
    limit = min(limit, MAX_HITS)
    code = nfc(text).strip()
    if _CODE.fullmatch(code) and by_code(connection, reader, code, 1):
        return by_code(connection, reader, code, limit, after)
    number = _NUMBER.fullmatch(text)
    if number is not None and by_number(connection, reader, number[1], number[2], 1):
        return by_number(connection, reader, number[1], number[2], limit, after)
    exact, folded = query(text, exact=True), query(text, exact=False)
    if not exact:
        return []
    hits: list[Hit] = []
    if after is None or after.exact:
        hits = _by_words(connection, reader, exact, "", limit, after or _NEWEST)
        after = None
    if len(hits) < limit and folded != exact:
        hits += _by_words(connection, reader, folded, exact, limit - len(hits), after or _NEWEST)
    return hits


def by_number(
    connection: Connection, reader: AccessScope, number: str, notation: str, limit: int = 50, after: Mark | None = None
) -> list[Hit]:
    """Documents whose number, as described or as read, is this one; zeros, case and spaces do not matter."""
    facts = {"number": number_key(number, notation), "limit": min(limit, MAX_HITS)}
    return ask(connection, Hit, _BY_NUMBER, **facts, **_place(after or _NEWEST), **reader.facts)


def by_code(
    connection: Connection, reader: AccessScope, code: str, limit: int = 50, after: Mark | None = None
) -> list[Hit]:
    """Files of exactly this code, normally one."""
    facts = {"code": code, "limit": min(limit, MAX_HITS)}
    return ask(connection, Hit, _BY_CODE, **facts, **_place(after or _NEWEST), **reader.facts)


def mark_of(hit: Hit) -> Mark:
    """The mark to continue after a hit."""
    return Mark(exact=hit.exact, dated=hit.dated, id=hit.id)


def _by_words(
    connection: Connection, reader: AccessScope, wanted: str, unwanted: str, limit: int, after: Mark
) -> list[Hit]:
    facts = {"wanted": wanted, "unwanted": unwanted, "exact": unwanted == "", "limit": limit}
    return ask(connection, Hit, _BY_WORDS, **facts, **_place(after), **reader.facts)


def _place(mark: Mark) -> dict[str, Any]:
    return {"dated": mark.dated, "id": mark.id}
