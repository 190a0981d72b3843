"""The rows of a log against its published tiles: what somebody changed in the database is named, row by row.

Exports and bundles are made of tiles, so that they stay right whatever happens to the rows; but answers, proofs and
views are made of rows. Whoever may disable a trigger may change a row: this is what shows it. That the tiles are those
of the signed checkpoint is the stand-alone verifier's to check.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import psycopg
from psycopg import sql

from ledger.log_name import LogName
from ledger.tile_store import TileStore
from signing.act import open_act
from signing.event_entry import event_entry
from signing.tile import (
    TILE_WIDTH,
    Kind,
    parse_entry_bundle,
    parse_event_bundle,
    parse_positions,
    tile_path,
    width_of,
)
from signing.verification_error import VerificationError

_ACTS: Final = "SELECT index, note, first_position, events, id FROM {act} WHERE index >= %s AND index < %s"
_EVENTS: Final = (
    "SELECT position, originator_id, originator_version, topic, state, act_index FROM {event} "
    "WHERE position >= %s AND position < %s"
)
_STRAY_ACTS: Final = (
    "SELECT index FROM {act} WHERE index < 0 OR index >= (SELECT acts FROM {head}) ORDER BY index LIMIT 100"
)
_STRAY_EVENTS: Final = (
    "SELECT position FROM {event} WHERE position < 0 OR position >= (SELECT events FROM {head}) "
    "ORDER BY position LIMIT 100"
)

Fault = Literal["row-altered", "row-missing", "row-stray", "tile-unreadable"]
Row = tuple[Any, ...]


class BadRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is not as published. act: index; event: position, None where the act's own row is meant.

    `row-stray`: lies outside what the log's head says there is. `tile-unreadable`: nothing to compare with.
    """

    log: LogName
    fault: Fault
    act: int | None = None
    event: int | None = None


class RowCheck:
    """Compares one log, over a connection whose role may read it. Reads 256 rows at a time."""

    def __init__(self, connection: psycopg.Connection[Any], log: LogName, origin: str, tiles: TileStore) -> None:
        self._connection = connection
        self._log = log
        self._origin = origin
        self._tiles = tiles

    def bad_rows(self, size: int) -> Iterator[BadRow]:
        """Every row of the first `size` acts, the published ones, that is not as published; first acts, then events.

        Rows that are not published yet are the sequencer's to check when it publishes them.
        """
        firsts: list[int] = []
        total = 0
        for number in range(-(-size // TILE_WIDTH)):
            width = width_of(size, number)
            try:
                notes = parse_entry_bundle(self._tile("entries", number, width), width)
                starts = parse_positions(self._tile("positions", number, width), width)
                total = starts[-1] + open_act(notes[-1], self._origin).header.events
            except (OSError, VerificationError):
                yield BadRow(log=self._log, fault="tile-unreadable", act=number * TILE_WIDTH)
                return
            firsts += starts
            yield from self._bad_acts(number * TILE_WIDTH, notes, [*starts, total])
        for number in range(-(-total // TILE_WIDTH)):
            yield from self._bad_events(number, width_of(total, number), firsts)
        for (index,) in self._rows(_STRAY_ACTS):
            yield BadRow(log=self._log, fault="row-stray", act=index)
        for (position,) in self._rows(_STRAY_EVENTS):
            yield BadRow(log=self._log, fault="row-stray", event=position)

    def _bad_acts(self, start: int, notes: list[bytes], bounds: list[int]) -> Iterator[BadRow]:
        held = {row[0]: row for row in self._rows(_ACTS, start, start + len(notes))}
        for at, note in enumerate(notes):
            wanted = (start + at, note, bounds[at], bounds[at + 1] - bounds[at])
            row = held.get(start + at)
            if row is None:
                yield BadRow(log=self._log, fault="row-missing", act=start + at)
            elif (row[0], bytes(row[1]), *row[2:4]) != wanted or row[4] != open_act(note, self._origin).header.id:
                yield BadRow(log=self._log, fault="row-altered", act=start + at)

    def _bad_events(self, number: int, width: int, firsts: list[int]) -> Iterator[BadRow]:
        start = number * TILE_WIDTH
        act = bisect_right(firsts, start) - 1
        try:
            entries = parse_event_bundle(self._tile("events", number, width), width)
        except (OSError, VerificationError):
            yield BadRow(log=self._log, fault="tile-unreadable", act=act, event=start)
            return
        held: Mapping[int, Row] = {row[0]: row for row in self._rows(_EVENTS, start, start + width)}
        for position, entry in enumerate(entries, start):
            while act + 1 < len(firsts) and firsts[act + 1] <= position:
                act += 1
            row = held.get(position)
            if row is None:
                yield BadRow(log=self._log, fault="row-missing", act=act, event=position)
            elif row[5] != act or _entry(row) != entry:
                yield BadRow(log=self._log, fault="row-altered", act=act, event=position)

    def _tile(self, kind: Kind, number: int, width: int) -> bytes:
        return self._tiles.read(tile_path(kind, number, width))

    def _rows(self, text: str, *numbers: int) -> list[Row]:
        names = {name: sql.Identifier(self._log.value, name) for name in ("act", "event", "head")}
        with self._connection.cursor(binary=True) as cursor:
            return cursor.execute(sql.SQL(text).format(**names), numbers).fetchall()


def _entry(row: Row) -> bytes:
    """The event entry of a row; empty where the row can be none any more."""
    stream: UUID = row[1]
    try:
        return event_entry(stream, row[2], row[3], bytes(row[4]))
    except VerificationError:
        return b""
