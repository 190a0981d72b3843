"""The recorder: eventsourcing's application recorder over the tables of one log.

Notification id = position + 1, because eventsourcing counts from 1 and positions from 0. Writing goes through the group
committer; nothing here creates a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    InterfaceError,
    Notification,
    OperationalError,
    StoredEvent,
    Subscription,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry
from psycopg import sql
from psycopg.rows import tuple_row
from typing_extensions import override

from ledger.committer import GroupCommitter
from ledger.log_name import LogName
from ledger.pending import Pending
from ledger.prepared_act import Outcome, PreparedAct
from ledger.subscription import LogSubscription

_STREAM = "SELECT originator_version, topic, state FROM {event} WHERE originator_id = %s"
_STREAMS = (
    "SELECT originator_id, originator_version, topic, state FROM {event} WHERE originator_id = ANY(%s) "
    "ORDER BY originator_id, originator_version"
)
_NOTIFICATIONS = "SELECT position + 1, originator_id, originator_version, topic, state FROM {event} WHERE true"
_MAX = "SELECT nullif(events, 0) FROM {head}"

_again = retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)


class LogRecorder(PostgresApplicationRecorder):
    """Events of one log. `insert_events` takes the prepared act they belong to and waits until it is durable."""

    def __init__(self, datastore: PostgresDatastore, *, log: LogName, committer: GroupCommitter) -> None:
        super().__init__(datastore, events_table_name="event")
        self.channel_name = log.value
        self._committer = committer
        names = {"event": sql.Identifier(log.value, "event"), "head": sql.Identifier(log.value, "head")}
        self._stream = sql.SQL(_STREAM).format(**names).as_string()
        self._streams = sql.SQL(_STREAMS).format(**names).as_string()
        self._notifications = sql.SQL(_NOTIFICATIONS).format(**names).as_string()
        self._max = sql.SQL(_MAX).format(**names).as_string()

    @override
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append `act: PreparedAct`, whose events these are; the notification ids. Raises Refusal."""
        act: PreparedAct = kwargs["act"]
        if tuple(stored_events) != tuple([StoredEvent(e.stream, e.version, e.type, e.payload) for e in act.events]):
            raise ValueError("the events are not those that the act commits to")
        receipt = self.append_one(Pending.of(act)).receipt(act.id)
        return range(receipt.first_position + 1, receipt.position + 1)

    def append(self, acts: Sequence[PreparedAct]) -> list[Pending]:
        """Hand prepared acts to the group committer."""
        return self._committer.submit(acts)

    def append_one(self, pending: Pending) -> Outcome:
        """Hand it one that may still have to be prepared, and wait."""
        return self._committer.append(pending)

    @override
    @_again
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        parts, params = [self._stream], [originator_id]
        for condition, value in (("originator_version > %s", gt), ("originator_version <= %s", lte)):
            if value is not None:
                parts.append(f"AND {condition}")
                params.append(value)  # type: ignore[arg-type]  # ids first, numbers after
        parts.append("ORDER BY originator_version DESC" if desc else "ORDER BY originator_version")
        if limit is not None:
            parts.append("LIMIT %s")
            params.append(limit)  # type: ignore[arg-type]
        return [
            StoredEvent(originator_id, version, topic, state) for version, topic, state in self._rows(parts, params)
        ]

    @_again
    def select_streams(self, originator_ids: Sequence[UUID]) -> Sequence[StoredEvent]:
        """The events of many streams, stream by stream, in the order of versions."""
        return [StoredEvent(*row) for row in self._rows([self._streams], [list(originator_ids)])]

    @override
    @_again
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        parts: list[str] = [self._notifications]
        params: list[Any] = []
        if start is not None:
            parts.append("AND position >= %s")
            params.append(start - 1 if inclusive_of_start else start)
        if stop is not None:
            parts.append("AND position < %s")
            params.append(stop)
        if topics:
            parts.append("AND topic = ANY(%s)")
            params.append(list(topics))
        parts.append("ORDER BY position LIMIT %s")
        params.append(limit)
        return [
            Notification(originator_id=stream, originator_version=version, topic=topic, state=state, id=number)
            for number, stream, version, topic, state in self._rows(parts, params)
        ]

    @override
    @_again
    def max_notification_id(self) -> int | None:
        row = self._rows([self._max], [])[0]
        return None if row[0] is None else int(row[0])

    @override
    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        return LogSubscription(recorder=self, gt=gt, topics=topics)

    def _rows(self, parts: Sequence[str], params: Sequence[Any]) -> list[tuple[Any, ...]]:
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row, binary=True) as cursor,
        ):
            cursor.execute(" ".join(parts).encode(), params, prepare=True)
            return cursor.fetchall()
