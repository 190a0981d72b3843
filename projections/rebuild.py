"""Rebuilding the views of a log: stream it from the beginning into clones of their tables, then swap them in at once.

The live tables answer until the swap. The clones are filled in lanes, several views at a time, and without their
further indexes, which each lane makes when it has filled its own; what was recorded meanwhile is folded before the
swap, by all views in one transaction, under the tracking rows' lock.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import msgspec
import psycopg

from domain.errors import Refusal
from projections.lane import Lane, lanes_of
from projections.recorded_log import Decode, RecordedLog
from projections.tracking import REBUILD_SCHEMA, ProjectionDatastore, ViewTracking
from projections.view import Connection, Cursor, Recorded, View, fold_views

PAGE: Final = 10_000
"""Events folded at once; larger pages make longer COPYs and fewer of them."""
CLOSE_ENOUGH: Final = 1_000
"""Events that may be left for folding under the lock."""

_ALONE: Final = "SELECT pg_try_advisory_lock(hashtextextended('mocban.rebuild', 0))"
_LETTING_GO_SECONDS: Final = 2.0
"""A server needs a moment to end the session of a rebuild that has just ended or was killed."""
_OPEN: Final = "SELECT projection.open_rebuild(%s)"
_SWAP: Final = "SELECT projection.swap_rebuild(%s)"
_HEAD: Final = "SELECT events FROM {log}.head"
_STREAM: Final = """
SELECT position, act_index, originator_id, originator_version, topic, state FROM {log}.event
WHERE position < %s ORDER BY position
"""


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """What a rebuild did. seconds: from its beginning to the swap."""

    events: int
    seconds: float


class Rebuild:
    """One rebuild of all views of a log. conninfo: as `mocban_projector`."""

    def __init__(self, conninfo: str, log: str, views: Sequence[View], decode: Decode) -> None:
        self._conninfo = conninfo
        self._head = _HEAD.replace("{log}", log).encode()
        self._stream = _STREAM.replace("{log}", log).encode()
        self._views = views
        self._tables = [table for view in views for table in view.tables]
        self._log = RecordedLog(log, views, decode)
        self._datastore = ProjectionDatastore(conninfo)
        self._tracking = ViewTracking(self._datastore, [view.name for view in views])

    def run(self, progress: Callable[[int, int], None] | None = None) -> Rebuilt:
        """Rebuild and swap. progress: called with events done and events there were at the beginning.

        Raises Refusal `projection-rebuild-runs` when another rebuild is at work.
        """
        began = time.monotonic()
        try:
            with psycopg.connect(self._conninfo, autocommit=True) as guard:
                _be_alone(guard)
                guard.execute(_OPEN, (self._tables,))
                reached = self._fold_all(progress or (lambda _done, _of: None))
                reached = self._catch_up(reached)
                reached = self._swap(reached)
        finally:
            self._datastore.close()
        return Rebuilt(events=reached, seconds=time.monotonic() - began)

    def _fold_all(self, progress: Callable[[int, int], None]) -> int:
        """Everything that is in the log now, by a server-side cursor. The position reached."""
        with ExitStack() as closing:
            closing.enter_context(_collecting_young())
            lanes = [Lane(self._tracking, views) for views in lanes_of(self._views)]
            for lane in lanes:
                closing.callback(lane.close)
            reading = closing.enter_context(psycopg.connect(self._conninfo))
            row = reading.execute(self._head).fetchone()
            head = int(row[0]) if row else 0
            done = 0
            for page in self._pages(reading, head):
                for lane in lanes:
                    lane.take(page)
                done += len(page)
                if done < head:
                    progress(done, head)
            for lane in lanes:
                lane.finish()
            for lane in lanes:
                lane.drain()
            progress(head, head)
        return head

    def _pages(self, reading: Connection, head: int) -> Iterator[list[Recorded]]:
        with reading.cursor(name="rebuild", binary=True) as stream, reading.cursor() as acts:
            stream.itersize = PAGE
            stream.execute(self._stream, (head,))
            while rows := stream.fetchmany(PAGE):
                yield self._log.recorded(acts, rows)
                gc.collect(0)

    def _catch_up(self, reached: int) -> int:
        """What came meanwhile, until little is left."""
        while True:
            with self._tracking.transaction(REBUILD_SCHEMA) as cursor:
                count = self._fold_page(cursor, reached)
            reached += count
            if count < CLOSE_ENOUGH:
                return reached

    def _swap(self, reached: int) -> int:
        """The rest, the swap and the tracking rows, in one transaction that no runner can enter."""
        with self._tracking.transaction(REBUILD_SCHEMA) as cursor:
            cursor.execute("SET LOCAL synchronous_commit = on")
            self._tracking.take(cursor)
            while count := self._fold_page(cursor, reached):
                reached += count
            cursor.execute(_SWAP, (self._tables,))
            self._tracking.restart(cursor, reached)
        return reached

    def _fold_page(self, cursor: Cursor, start: int) -> int:
        page = self._log.page(cursor, start, PAGE)
        if page:
            fold_views(self._views, cursor, page)
        return len(page)


def _be_alone(guard: psycopg.Connection[Any]) -> None:
    """Take the lock that only one rebuild holds, for as long as the session lasts."""
    until = time.monotonic() + _LETTING_GO_SECONDS
    while not guard.execute(_ALONE).fetchall()[0][0]:
        if time.monotonic() > until:
            raise Refusal("projection-rebuild-runs")
        time.sleep(0.02)


@contextmanager
def _collecting_young() -> Iterator[None]:
    """No search of all memory for cycles meanwhile: events and rows have none, and it took a fifth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
