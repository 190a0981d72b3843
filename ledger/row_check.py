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

from domain.errors import Refusal
from ledger.act_places import ActPlaces
from ledger.log_name import LogName
from ledger.tile_store import TileStore
from signing.act import open_act
from signing.event_entry import event_entry
from signing.tile import (
    TILE_WIDTH,
    Kind,
    parse_entry_bundle,
    parse_event_bundle,
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

    @property
    def refusal(self) -> Refusal:
        """The same as a problem with its code and both texts."""
        act = "-" if self.act is None else self.act
        event = "-" if self.event is None else self.event
        return Refusal(self.fault, log=self.log, act=act, event=event)


class RowCheck:
    """Compares the first `size` acts of a log, the published ones, and their events with the tiles, 256 at a time.

    Rows that are not published yet are the sequencer's to check when it publishes them.
    """

    def __init__(
        self, connection: psycopg.Connection[Any], log: LogName, origin: str, tiles: TileStore, size: int
    ) -> None:
        """connection: its role may read the log. origin: of this log."""
        self._connection = connection
        self._log = log
        self._origin = origin
        self._tiles = tiles
        self._places = ActPlaces(size, origin, tiles.read)

    @property
    def pages(self) -> int:
        """How many pages there are: the acts, then the events, then one for rows that lie outside.

        Raises OSError, VerificationError where the last tiles cannot be read.
        """
        return self._act_pages + -(-self._places.events // TILE_WIDTH) + 1

    def bad_rows(self) -> Iterator[BadRow]:
        """Every row that is not as published, page by page."""
        try:
            pages = self.pages
        except (OSError, VerificationError):
            yield self._unreadable((self._act_pages - 1) * TILE_WIDTH)
            return
        for number in range(pages):
            yield from self.bad_rows_of(number)

    def bad_rows_of(self, page: int) -> Iterator[BadRow]:
        """Those of one page."""
        events = page - self._act_pages
        if events < 0:
            yield from self._bad_acts(page)
        elif events < -(-self._places.events // TILE_WIDTH):
            yield from self._bad_events(events)
        else:
            for (index,) in self._rows(_STRAY_ACTS):
                yield BadRow(log=self._log, fault="row-stray", act=index)
            for (position,) in self._rows(_STRAY_EVENTS):
                yield BadRow(log=self._log, fault="row-stray", event=position)

    def bad_rows_of_act(self, index: int) -> Iterator[BadRow]:
        """Those of the pages in which a published act and its events lie, however large the log is."""
        yield from self._bad_acts(index // TILE_WIDTH)
        try:
            first, end = self._places.first(index), self._places.first(index + 1)
        except (OSError, VerificationError):
            yield self._unreadable(index)
            return
        for number in range(first // TILE_WIDTH, -(-end // TILE_WIDTH)):
            yield from self._bad_events(number)

    def bad_rows_at(self, position: int) -> Iterator[BadRow]:
        """Those of the page in which a published event lies."""
        try:
            published = position < self._places.events
        except (OSError, VerificationError):
            yield BadRow(log=self._log, fault="tile-unreadable", event=position)
            return
        if published:
            yield from self._bad_events(position // TILE_WIDTH)

    @property
    def _act_pages(self) -> int:
        return -(-self._places.size // TILE_WIDTH)

    def _bad_acts(self, number: int) -> Iterator[BadRow]:
        start, width = number * TILE_WIDTH, width_of(self._places.size, number)
        try:
            notes = parse_entry_bundle(self._tile("entries", number, width), width)
            firsts = [self._places.first(index) for index in range(start, start + width + 1)]
            ids = [open_act(note, self._origin).header.id for note in notes]
        except (OSError, VerificationError):
            yield self._unreadable(start)
            return
        held = {row[0]: row for row in self._rows(_ACTS, start, start + width)}
        for at, note in enumerate(notes):
            wanted = (start + at, note, firsts[at], firsts[at + 1] - firsts[at], ids[at])
            row = held.get(start + at)
            if row is None:
                yield BadRow(log=self._log, fault="row-missing", act=start + at)
            elif (row[0], bytes(row[1]), *row[2:5]) != wanted:
                yield BadRow(log=self._log, fault="row-altered", act=start + at)

    def _bad_events(self, number: int) -> Iterator[BadRow]:
        start, width = number * TILE_WIDTH, width_of(self._places.events, number)
        try:
            act = self._places.act_of(start)
            entries = parse_event_bundle(self._tile("events", number, width), width)
            ends = [self._places.first(act + 1)]
            while ends[-1] < start + width:
                ends.append(self._places.first(act + len(ends) + 1))
        except (OSError, VerificationError):
            yield BadRow(log=self._log, fault="tile-unreadable", event=start)
            return
        held: Mapping[int, Row] = {row[0]: row for row in self._rows(_EVENTS, start, start + width)}
        for position, entry in enumerate(entries, start):
            of_act = act + bisect_right(ends, position)
            row = held.get(position)
            if row is None:
                yield BadRow(log=self._log, fault="row-missing", act=of_act, event=position)
            elif row[5] != of_act or _entry(row) != entry:
                yield BadRow(log=self._log, fault="row-altered", act=of_act, event=position)

    def _unreadable(self, act: int) -> BadRow:
        return BadRow(log=self._log, fault="tile-unreadable", act=act)

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
