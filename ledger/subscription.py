"""Tailing a log: woken by NOTIFY, and by a tick once a second whatever happens to the listening connection.

The stock subscription raises in the consumer when its LISTEN connection is killed, and misses an event between its
first pull and LISTEN until the next one. A hot standby cannot LISTEN at all: there the tick alone does the work. A
server that is away, restarting or for good, ends nothing: the next tick asks again.
"""

from __future__ import annotations

import time
from typing import Final

import psycopg
from eventsourcing.persistence import PersistenceError
from eventsourcing.postgres import PostgresSubscription
from psycopg import sql
from typing_extensions import override

TICK_SECONDS: Final = 1.0
_POLL_SECONDS: Final = 0.1


class LogSubscription(PostgresSubscription):
    """Notifications after `gt`, in order, for as long as it is iterated."""

    @override
    def _listen(self) -> None:
        while not self._has_been_stopped and self._thread_error is None:
            try:
                self._listen_once()
            except (PersistenceError, psycopg.Error):
                self._tick(TICK_SECONDS)  # listen again; until then the tick finds what is new
            except BaseException as error:  # noqa: BLE001  handed to the consumer, which raises it
                self._thread_error = error
                self.stop()

    @override
    def _pull(self) -> None:
        """As stock; a server that is away is asked again at the next tick, from where the consumer stands."""
        try:
            super()._pull()
        except (PersistenceError, psycopg.Error):
            return

    def _listen_once(self) -> None:
        with self._recorder.datastore.get_connection() as connection:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._recorder.channel_name)))
            try:
                waited = TICK_SECONDS
                while not self._has_been_stopped and self._thread_error is None:
                    if waited >= TICK_SECONDS:
                        self._has_been_notified.set()
                        waited = 0.0
                    for _ in connection.notifies(timeout=_POLL_SECONDS, stop_after=1):
                        self._has_been_notified.set()
                    waited += _POLL_SECONDS
            finally:
                if not connection.closed:
                    connection.execute("UNLISTEN *")  # the connection goes back to the pool

    def _tick(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._has_been_stopped:
            time.sleep(_POLL_SECONDS)
        self._has_been_notified.set()
