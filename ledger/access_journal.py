"""The access journal: reading is recorded before anything is released; one signed act for all who wait.

Each process writes its own stream (a journal session), so no two processes wait for one another's versions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from threading import Condition, Thread
from typing import Final
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.identifiers import derive_id
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.application import Ledger, system_clock
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams

ACT: Final = "access.record"
MAX_EVENTS: Final = 256
MAX_WAITING: Final = 4096


class _Reading(msgspec.Struct, frozen=True):
    event: Event
    owner: UUID
    future: Future[int]


class AccessJournal:
    """Records acts of reading in the access log. Thread-safe; close it to finish what waits."""

    def __init__(
        self, access: Ledger, service: Actor | Callable[[], Actor], clock: Callable[[], datetime] = system_clock
    ) -> None:
        """access: the ledger of the access log, whose sealer holds readers' keys. service: signs `access.record`.

        A service that is called is asked before each act: its key may have been replaced.
        """
        self._access = access
        self._service = service if callable(service) else lambda: service
        self._clock = clock
        self._session = new_act_id()
        self._version = 0
        self._waiting: deque[_Reading] = deque()
        self._changed = Condition()
        self._closing = False
        self._thread: Thread | None = None

    def record(self, event: Event, reader: str) -> Future[int]:
        """Queue one act of reading, or one denied; the future resolves to its `Ledger-Position` once it is durable.

        reader: the actor id whose key of the month seals it. The future raises Refusal `access-not-recorded`; so does
        this when too many wait: then release nothing.
        """
        reading = _Reading(event, self._reader_key_owner(reader), Future())
        with self._changed:
            if self._closing or len(self._waiting) >= MAX_WAITING:
                raise Refusal("access-not-recorded")
            self._waiting.append(reading)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="access-journal", daemon=True)
                self._thread.start()
            self._changed.notify()
        return reading.future

    def close(self) -> None:
        """Make durable what waits, then stop. Idempotent."""
        with self._changed:
            self._closing = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _reader_key_owner(self, reader: str) -> UUID:
        """A key per reader and month: what is due for destruction after some years goes month by month."""
        return derive_id(self._access.secret.ids, "reader-month", f"{reader}/{self._clock():%Y-%m}")

    def _run(self) -> None:
        while taken := self._next_batch():
            # Whoever gave up waiting is left out, and from here on nobody can: a cancelled future takes no result.
            batch = [reading for reading in taken if reading.future.set_running_or_notify_cancel()]
            if not batch:
                continue
            try:
                self._record(batch)
            except Exception as error:  # noqa: BLE001  each waiting request gets a refusal and releases nothing
                # What became of the act is not known, nor where the session's stream stands: begin another.
                self._session, self._version = new_act_id(), 0
                for reading in batch:
                    refusal = Refusal("access-not-recorded")
                    refusal.__cause__ = error
                    reading.future.set_exception(refusal)

    def _next_batch(self) -> list[_Reading]:
        with self._changed:
            while not self._waiting and not self._closing:
                self._changed.wait()
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_EVENTS))]

    def _record(self, batch: Sequence[_Reading]) -> None:
        service = self._service()
        try:
            receipt = self._perform(batch, service)
        except Refusal as refusal:
            again = self._service()  # the registry was read anew when the act was refused
            if refusal.code != "act-not-permitted" or again.signer.verifier_key == service.signer.verifier_key:
                raise
            receipt = self._perform(batch, again)
        self._version += len(batch)
        for position, reading in enumerate(batch, start=receipt.first_position + 1):
            reading.future.set_result(position)

    def _perform(self, batch: Sequence[_Reading], service: Actor) -> Receipt:
        session, start = self._session, self._version

        def decide(streams: Streams) -> Mapping[UUID, Sequence[Event]]:
            streams.expect(session, start)
            return {session: [reading.event for reading in batch]}

        return self._access.perform(
            Proposal(
                act=ACT,
                id=new_act_id(),
                actor=service,
                decide=decide,
                request={"session": str(session), "after": start, "events": len(batch)},
                field_owner=lambda _, version: batch[version - start - 1].owner,
            )
        )
