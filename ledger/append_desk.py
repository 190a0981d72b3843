"""The append desk: one thread that prepares and appends for all who wait, while the server works on the call before.

Threads that each prepare their own act fight for the interpreter at every step, and lose more processor time to waking
one another than their acts take. Here they sleep meanwhile; and the cost of a commit is shared by all whose acts gather
while the call before is made durable.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Condition, Lock, Thread
from typing import Final

from domain.errors import Refusal
from ledger.dispatch import AHEAD, Dispatch, Told
from ledger.doorbell import Doorbell
from ledger.pending import Pending
from ledger.prepared_act import Outcome
from signing.fault_point import FaultPoint, reached

MAX_ACTS: Final = 256
MAX_BYTES: Final = 8 << 20
MAX_WAITING: Final = 8192
MAX_AT_ONCE: Final = AHEAD
"""Prepared before the desk hands over and looks for answers: a parcel; with more of them the child would idle."""


class AppendDesk:
    """Prepares and appends acts in the order they came. Thread-safe; close it to finish what waits and stop."""

    def __init__(self, name: str, dispatch: Dispatch, turn: Lock) -> None:
        """name: of its thread. turn: whoever has it may append; who gives it back wakes the desk."""
        self._name = name
        self._dispatch = dispatch
        self._turn = turn
        self._lock = Lock()
        self._room = Condition(self._lock)
        self._waiting: deque[Pending] = deque()
        self._ready: deque[Pending] = deque()
        self._asleep = self._closing = self._has_turn = False
        self._bell: Doorbell | None = None
        self._thread: Thread | None = None

    @property
    def idle(self) -> bool:
        """Whether nobody waits for it."""
        return not (self._waiting or self._ready or self._dispatch.acts)

    def put(self, pending: Sequence[Pending]) -> None:
        """Prepare and append them soon. Blocks while too many wait. Raises Refusal `ledger-closed`."""
        with self._lock:
            while len(self._waiting) >= MAX_WAITING and not self._closing:
                self._room.wait()
            if self._closing:
                raise Refusal("ledger-closed")
            self._waiting.extend(pending)
            if self._thread is None:
                self._bell = Doorbell()
                self._thread = Thread(target=self._run, args=(self._bell,), name=self._name, daemon=True)
                self._thread.start()
            self._ring()

    def wake(self) -> None:
        """The turn is free. Who has nothing ready sleeps on: after a flood, too, a lone writer's acts are its own."""
        with self._lock:
            if self._ready:
                self._ring()

    def close(self) -> None:
        """Make durable what waits, then stop. Idempotent."""
        with self._lock:
            self._closing = True
            self._room.notify_all()
            self._ring()
            thread = self._thread
        if thread is not None:
            thread.join()
        with self._lock:
            if self._bell is not None:
                self._bell.close()
                self._bell = None

    def _ring(self) -> None:
        if self._asleep and self._bell is not None:
            self._asleep = False
            self._bell.ring()

    def _run(self, bell: Doorbell) -> None:
        while not (self._closing and self.idle):
            try:
                self._serve(bell)
            except BaseException as error:
                for pending in (*self._dispatch.acts, *self._ready):
                    pending.fail(error)  # nobody may wait for ever
                self._ready.clear()
                self._dispatch.close()
                if not isinstance(error, Exception):
                    raise
            finally:
                if self._has_turn and not (self._ready or self._dispatch.acts):
                    self._has_turn = False
                    self._turn.release()
        self._dispatch.close()

    def _serve(self, bell: Doorbell) -> None:
        """One round. The server gets its next call before anybody is told of the last: waking them takes a while."""
        told, outcomes = self._news(bell)
        try:
            self._begin()
        finally:
            tell(told, outcomes)
        self._ready.extend([pending for pending in self._gathered() if self._dispatch.prepare(pending)])
        self._begin()

    def _news(self, bell: Doorbell) -> Told:
        """What came of a call. Waits for that or a ring when nothing can be done."""
        with self._lock:
            may_begin = self._may_begin and (self._has_turn or not self._turn.locked())
            asleep = not (may_begin or (self._waiting and self._has_room) or (self._closing and self.idle))
            self._asleep = asleep
        files = self._dispatch.files
        seconds = self._dispatch.patience if asleep and None not in files else 0.0
        heard = bell.wait([file for file in files if file is not None], seconds=seconds)
        return self._dispatch.hear({*heard, None} if None in files else heard)

    @property
    def _may_begin(self) -> bool:
        return bool(self._ready) and self._dispatch.has_room(len(self._ready))

    @property
    def _has_room(self) -> bool:
        return len(self._ready) < MAX_ACTS

    def _gathered(self) -> list[Pending]:
        with self._lock:
            self._asleep = False
            self._room.notify_all()
            count = min(len(self._waiting), MAX_AT_ONCE) if self._has_room else 0
            return [self._waiting.popleft() for _ in range(count)]

    def _begin(self) -> None:
        """A call of what is ready, within its limits, when there is room for one and the turn is to be had."""
        if not self._may_begin:
            return
        self._has_turn = self._has_turn or self._turn.acquire(blocking=False)
        if not self._has_turn:
            return
        call: list[Pending] = []
        size = 0
        while self._ready and len(call) < MAX_ACTS:
            size += self._ready[0].act.size
            if call and size > MAX_BYTES:
                break
            call.append(self._ready.popleft())
        self._dispatch.begin(call)


def tell(told: Sequence[Pending], outcomes: Sequence[Outcome | Exception]) -> None:
    """Each what came of its act."""
    for pending, outcome in zip(told, outcomes, strict=True):
        if isinstance(outcome, Outcome):
            pending.settle(outcome)
        else:
            pending.fail(outcome)
    if told:
        reached(FaultPoint.APPEND_TOLD)
