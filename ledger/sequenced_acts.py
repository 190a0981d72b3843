"""Acts and events read back in the order of the log, as the bytes that are hashed; disorder stops the log."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import msgspec
import psycopg
from psycopg import sql

from domain.errors import Refusal
from ledger.log_name import LogName
from signing.act import event_entry, open_act
from signing.merkle import leaf_hash, root
from signing.tile import TILE_WIDTH
from signing.verification_error import VerificationError

ACTS_AT_ONCE: Final = 8 * TILE_WIDTH
EVENTS_AT_ONCE: Final = 32 * TILE_WIDTH
EVENTS_A_PAGE: Final = 1 << 18
"""A page of large acts ends early, so that memory stays flat."""

_HEAD = "SELECT acts, events FROM {head}"
_ACTS = "SELECT index, note, first_position, events FROM {act} WHERE index >= %s AND index < %s ORDER BY index"
_EVENTS = (
    "SELECT position, originator_id, originator_version, topic, state FROM {event} "
    "WHERE position >= %s AND position < %s ORDER BY position"
)
_POSITION = "SELECT coalesce(max(first_position + events), 0) FROM {act} WHERE index = %s"


class ActPage(msgspec.Struct, frozen=True):
    """Acts start..end-1. notes: their log entries; firsts: each act's first position; then where events end."""

    start: int
    notes: list[bytes]
    firsts: list[int]
    events_start: int
    events_end: int

    @property
    def end(self) -> int:
        """The index after the last act."""
        return self.start + len(self.notes)

    def check(self, event_hashes: list[bytes], origin: str, log: LogName) -> None:
        """Each act must commit to exactly its events. Raises Refusal `log-forked`."""
        for index, hashes in self.by_act(event_hashes):
            try:
                header = open_act(self.notes[index - self.start], origin).header
                good = header.events == len(hashes) and header.root == root(hashes)
            except VerificationError:
                good = False
            if not good:
                raise Refusal("log-forked", log=log, size=self.end, reason=f"act {index} is not as signed")

    def by_act(self, event_hashes: list[bytes]) -> Iterator[tuple[int, list[bytes]]]:
        """Each act's index with the hashes of its events. event_hashes: of all the page's, in order."""
        bounds = [first - self.events_start for first in (*self.firsts, self.events_end)]
        for at, (start, end) in enumerate(pairwise(bounds)):
            yield self.start + at, event_hashes[start:end]


class SequencedActs:
    """Reads one log over the sequencer's own connection."""

    def __init__(self, connection: psycopg.Connection[Any], log: LogName) -> None:
        self._connection = connection
        self._log = log
        self._sql = {
            text: sql.SQL(text)
            .format(
                head=sql.Identifier(log.value, "head"),
                act=sql.Identifier(log.value, "act"),
                event=sql.Identifier(log.value, "event"),
            )
            .as_bytes()
            for text in (_HEAD, _ACTS, _EVENTS, _POSITION)
        }

    def head(self) -> tuple[int, int]:
        """(acts, events) in the log now."""
        row = self._rows(_HEAD)[0]
        return row[0], row[1]

    def events_before(self, size: int) -> int:
        """How many events the first `size` acts carry."""
        return int(self._rows(_POSITION, size - 1)[0][0])

    def pages(self, start: int, end: int) -> Iterator[ActPage]:
        """Acts start..end-1 in pages that end at tile boundaries where they can."""
        position = self.events_before(start)
        while start < end:
            stop = min(end, (start // TILE_WIDTH) * TILE_WIDTH + ACTS_AT_ONCE)
            rows = self._rows(_ACTS, start, stop)
            notes: list[bytes] = []
            firsts: list[int] = []
            after = position
            for index, note, first, events in rows:
                if notes and after + events - position > EVENTS_A_PAGE:
                    stop = start + len(notes)
                if index != start + len(notes) or first != after or index >= stop:
                    break
                notes.append(bytes(note))
                firsts.append(first)
                after += events
            page = ActPage(start, notes, firsts, position, after)
            if page.end != stop:
                raise Refusal("log-forked", log=self._log, size=stop, reason=f"act {page.end} is missing or moved")
            yield page
            start, position = stop, page.events_end

    def event_chunks(self, start: int, end: int) -> Iterator[tuple[int, list[bytes]]]:
        """(first position, event entries) for positions start..end-1, in chunks that end at bundle boundaries."""
        while start < end:
            stop = min(end, (start // TILE_WIDTH) * TILE_WIDTH + EVENTS_AT_ONCE)
            rows = self._rows(_EVENTS, start, stop)
            if [row[0] for row in rows] != list(range(start, stop)):
                raise Refusal(
                    "log-forked", log=self._log, size="?", reason=f"an event of {start}..{stop - 1} is missing"
                )
            try:
                yield start, [event_entry(row[1], row[2], row[3], bytes(row[4])) for row in rows]
            except VerificationError as error:
                raise Refusal("log-forked", log=self._log, size="?", reason=error.detail) from error
            start = stop

    def event_hashes(self, start: int, end: int) -> list[bytes]:
        """The event hashes at positions start..end-1."""
        return [leaf_hash(entry) for _, entries in self.event_chunks(start, end) for entry in entries]

    def _rows(self, text: str, *params: int) -> list[tuple[Any, ...]]:
        with self._connection.cursor(binary=True) as cursor:
            return cursor.execute(self._sql[text], params).fetchall()
