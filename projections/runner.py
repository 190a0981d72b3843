"""Folding a log as it grows: a page of events, the views' rows and their tracking commit together.

The life cycle is that of eventsourcing's `ProjectionRunner` (start, wait, stop, a failure is raised to whoever waits),
but events are taken by the page: one transaction for up to 500 of them instead of one each.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError

from domain.errors import Refusal
from projections.recorded_log import PAGE, Decode, RecordedLog
from projections.standing import check_views
from projections.tracking import ProjectionDatastore, ViewTracking
from projections.view import View, fold_views

TICK_SECONDS: Final = 1.0
_CONNECTION_LOST: Final = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)
_log = logging.getLogger(__name__)


class Runner:
    """Folds one log into its views. Any number may run on the same views; each event is folded once."""

    def __init__(self, conninfo: str, log: str, views: Sequence[View], decode: Decode, page_size: int = PAGE) -> None:
        """conninfo: as `mocban_projector`. log: `main_log` or `access_log`. Views fold in the order given.

        page_size: events in one transaction, at most.
        """
        self._conninfo = conninfo
        self._channel = log
        self._page_size = page_size
        self._views = tuple(views)
        self._log = RecordedLog(log, views, decode)
        self._datastore = ProjectionDatastore(conninfo)
        self.tracking = ViewTracking(self._datastore, [view.name for view in views])
        self._stopping = Event()
        self._thread: Thread | None = None
        self.failure: BaseException | None = None

    def advance(self) -> int:
        """Fold one page; how many events it held. 0: nothing is new.

        Raises Refusal: `projection-ahead-of-ledger`, `projection-needs-rebuild`, `projection-cannot-read`.
        """
        with self.tracking.transaction() as cursor:
            start = self.tracking.lock(cursor)
            page = self._log.page(cursor, start, self._page_size)
            if page:
                fold_views(self._views, cursor, page)
                self.tracking.record(cursor, start + len(page))
            else:
                check_views(cursor, self._channel, self.tracking.views)
        return len(page)

    def drain(self) -> int:
        """Fold until nothing is new; how many events."""
        folded = 0
        while not self._stopping.is_set():
            count = self.advance()
            folded += count
            if count < self._page_size:
                break
        return folded

    def start(self) -> None:
        """Fold in a thread of its own until `stop`."""
        self._thread = Thread(target=self._run, name=f"projections-{self._channel}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the page at hand and close the connections."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self._datastore.close()

    def wait_for(self, position: int, timeout: float = 2.0) -> None:
        """As `ViewTracking.wait_for`. Raises Refusal `projection-stopped` when this runner has failed."""
        try:
            self.tracking.wait_for(position, timeout)
        except Refusal:
            if self.failure is not None:
                raise Refusal("projection-stopped", reason=type(self.failure).__name__) from self.failure
            raise

    def run_forever(self, timeout: float | None = None) -> None:
        """Block until stopped or `timeout` seconds have passed; raise what stopped the folding, if something did."""
        if self._thread is not None:
            self._thread.join(timeout)
        if self.failure is not None:
            raise self.failure

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        """Lost connections are made anew, once a tick; anything else stops the folding, loudly."""
        while not self._stopping.is_set():
            try:
                self._listen()
            except _CONNECTION_LOST:
                self._stopping.wait(TICK_SECONDS)
            except BaseException as failure:  # noqa: BLE001  handed to whoever waits
                self.failure = failure
                _log.critical(
                    "việc cập nhật dữ liệu tra cứu đã dừng · folding stopped: %s: %s",
                    self._channel,
                    type(failure).__name__,
                )
                return

    def _listen(self) -> None:
        """Drain, then sleep until NOTIFY or the tick. LISTEN comes before the first drain: nothing falls between."""
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute(f"LISTEN {self._channel}".encode())
            while not self._stopping.is_set():
                self.drain()
                for _ in connection.notifies(timeout=TICK_SECONDS, stop_after=1):
                    pass
