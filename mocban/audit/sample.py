"""A sample: files drawn by a seed at a checkpoint, with where each should be; the same whenever it is drawn again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from psycopg.rows import dict_row, tuple_row

from domain.access import AccessRule, RecordRead
from domain.audit import checked_seed
from domain.errors import Refusal
from domain.sealed import Plain
from mocban.audit.population import Population, drawn_from
from mocban.audit.stratum import Stratum
from mocban.bootstrap import Product
from mocban.given_file import read_given
from mocban.offices import Office
from signing.base64_text import to_base64
from signing.checkpoint import parse_checkpoint_text
from signing.note import parse_note

FORMAT: Final = "mocban/audit-sample/1"
MAX_SIZE: Final = 20_000
READING: Final = "audit-checklist"
_READ_AT_ONCE: Final = 500
_CHECKPOINT: Final = "SELECT note FROM main_log.checkpoint WHERE size = %s"
_FILES: Final = """
SELECT f.id, f.code, f.place, f.box, f.sheets, f.title, coalesce(a.name, '') AS holder
FROM projection.file AS f
LEFT JOIN LATERAL (
    SELECT h.holder FROM projection.held AS h
    WHERE h.file = f.id AND h.carrier = 'paper' AND h.effective <= %(on)s AND h.recorded < %(size)s
    ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1
) AS has ON true
LEFT JOIN projection.agency AS a ON a.id = has.holder
WHERE f.id = ANY(%(ids)s)
"""
_PARTS: Final = re.compile(r"\d+|\D+")


class Point(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The checkpoint drawn at. size: acts; root: base64."""

    size: int
    root: str


class SampledFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """number: from 1, in the order of the shelves. rank: hex, its place in the draw. place, box: empty if unknown.

    sheets: 0 where the ledger does not say. title: only where titles were asked for.
    """

    number: int
    id: UUID
    rank: str
    code: str
    place: str
    box: str
    sheets: int
    holder: str
    title: str | None = None


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """files: how many there were to draw from; digest: hex SHA-256 of their ids, sorted, a line each.

    on: the civil day whose holders are named. wanted: how many were asked for. threshold: the greatest rank drawn:
    a file is in the sample if its rank is no greater.
    """

    format: Literal["mocban/audit-sample/1"]
    origin: str
    seed: str
    wanted: int
    checkpoint: Point
    on: str
    stratum: Stratum
    files: int
    digest: str
    threshold: str
    drawn: tuple[SampledFile, ...]


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. size: of an earlier checkpoint; None for the newest. titles: read them, on record."""

    seed: str
    wanted: int
    on: str
    stratum: Stratum = Stratum()
    size: int | None = None
    titles: bool = False


def sample_of(product: Product, draw: Draw, into: Any = None) -> Sample:
    """Draw. into: a binary file for the ids there were to draw from.

    Raises Refusal `audit-seed-unfit`, `audit-stratum-empty`, `audit-checkpoint-unknown`, `access-not-recorded`.
    """
    seed = checked_seed(draw.seed)
    point = _point(product, draw.size)
    with product.views.connection() as connection:
        there = drawn_from(connection, draw.stratum, point.size, draw.on, seed, draw.wanted, into)
        if not there.drawn:
            raise Refusal("audit-stratum-empty", stratum=draw.stratum.text[:80], size=point.size)
        facts = {"on": draw.on, "size": point.size, "ids": [file for _, file in there.drawn]}
        with connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(_FILES, facts).fetchall()
    if draw.titles:
        _put_reading_on_record(product, there)
    return Sample(
        format=FORMAT,
        origin=product.origin,
        seed=seed,
        wanted=draw.wanted,
        checkpoint=point,
        on=draw.on,
        stratum=draw.stratum,
        files=there.files,
        digest=there.digest,
        threshold=there.drawn[-1][0],
        drawn=_in_order_of_shelves(there, rows, titles=draw.titles),
    )


def read_sample(path: Path) -> Sample:
    """Raises Refusal `audit-sample-unreadable`."""
    try:
        return msgspec.json.decode(read_given(path), type=Sample)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refusal("audit-sample-unreadable", path=path) from error


def _in_order_of_shelves(there: Population, rows: list[dict[str, Any]], *, titles: bool) -> tuple[SampledFile, ...]:
    ranks = {file: rank for rank, file in there.drawn}
    placed = sorted(
        rows, key=lambda row: (not row["place"], _by_number(row["place"]), not row["box"], _by_number(row["box"]),
                               _by_number(row["code"]), row["id"])
    )  # fmt: skip
    return tuple(
        SampledFile(
            number=number,
            id=row["id"],
            rank=ranks[row["id"]],
            code=row["code"],
            place=row["place"],
            box=row["box"],
            sheets=row["sheets"],
            holder=row["holder"],
            title=row["title"] if titles else None,
        )
        for number, row in enumerate(placed, start=1)
    )


def _by_number(text: str) -> list[tuple[bool, int, str]]:
    """`Hộp 9` before `Hộp 10`."""
    return [(False, int(part), "") if part.isdecimal() else (True, 0, part.casefold()) for part in _PARTS.findall(text)]


def _point(product: Product, size: int | None) -> Point:
    """The served checkpoint, or an earlier one. Raises Refusal `audit-checkpoint-unknown`."""
    served, _ = product.main_log.checkpoint()
    if size is None or size == served.size:
        return Point(size=served.size, root=to_base64(served.root))
    with product.main.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
        row: Any = cursor.execute(_CHECKPOINT.encode(), (size,)).fetchone()
    if row is None:
        raise Refusal("audit-checkpoint-unknown", size=size)
    return Point(size=size, root=to_base64(parse_checkpoint_text(parse_note(bytes(row[0])).text).root))


def _put_reading_on_record(product: Product, there: Population) -> None:
    """Titles are content: they are on paper only after the access log says so. Raises Refusal `access-not-recorded`."""
    reader = product.actor(Office.AUDITOR).id
    files = [file for _, file in there.drawn]
    waiting = [
        product.journal.record(
            RecordRead(
                reader=Plain(reader),
                records=tuple(files[at : at + _READ_AT_ONCE]),
                what=READING,
                rule=AccessRule.CITY_WIDE,
            ),
            reader,
        )
        for at in range(0, len(files), _READ_AT_ONCE)
    ]
    for future in waiting:
        future.result(timeout=60)
