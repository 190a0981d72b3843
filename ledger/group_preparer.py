"""The group preparer: one thread that encodes and signs what all who wait for the committer want appended.

Thirty-two threads that each prepare their own act fight for the interpreter at every step, and lose more processor time
to waking one another than their acts take. Here they sleep meanwhile; and while one batch is made durable, the next is
signed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Final

from domain.errors import Refusal
from ledger.pending import Pending

MAX_AT_ONCE: Final = 16
"""Handed on together: fewer, and the committer is woken too often; more, and it waits for work."""


class GroupPreparer:
    """Prepares acts in the order they came, then hands them on. Thread-safe; close it to finish what waits and stop."""

    def __init__(self, name: str, hand_on: Callable[[Sequence[Pending]], None]) -> None:
        """name: of its thread. hand_on: given those that could be prepared, in order."""
        self._name = name
        self._hand_on = hand_on
        self._waiting: deque[Pending] = deque()
        self._changed = Condition()
        self._closing = False
        self._thread: Thread | None = None

    def put(self, pending: Pending) -> None:
        """Prepare it soon. Raises Refusal `ledger-closed`."""
        with self._changed:
            if self._closing:
                raise Refusal("ledger-closed")
            self._waiting.append(pending)
            if self._thread is None:
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Hand on what waits, then stop. Idempotent."""
        with self._changed:
            self._closing = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while batch := self._next_batch():
            try:
                self._hand_on([pending for pending in batch if pending.prepare()])
            except BaseException as error:
                for pending in batch:
                    if not pending.settled:
                        pending.fail(error)  # nobody may wait for ever
                if not isinstance(error, Exception):
                    raise

    def _next_batch(self) -> list[Pending]:
        with self._changed:
            while not (self._waiting or self._closing):
                self._changed.wait()
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_AT_ONCE))]
