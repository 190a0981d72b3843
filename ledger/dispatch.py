"""Dispatch: the calls that are under way, and who carries them to the server.

Few acts go over the process's own connection, one call at a time. A flood of them starts a child that signs and appends
(`AppendProcess`); it takes over when nothing is under way, and what follows goes through it until nothing is: so acts
are stored in the order in which they came. When it dies, or is silent for so long that it must go, what it held is
signed and sent again from here. The same ids and texts then tell what is stored already.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Collection, Sequence
from math import inf
from typing import Final

import msgspec

from ledger.act_parcel import fits
from ledger.append_connection import AppendConnection
from ledger.append_process import DEPTH, AppendProcess
from ledger.log_name import LogName
from ledger.one_core import OneCore
from ledger.pending import Pending
from ledger.prepared_act import Outcome
from signing.fault_point import FaultPoint, reached

MANY: Final = 4
"""Acts in one call from which it is worth waking another process."""
AHEAD: Final = 6
"""Acts handed to the child while others are with it: fewer would cost more to hand over than to wait for."""
FLOOD: Final = 512
"""Acts in such calls before a child is started: its start costs as much."""
AGAIN_SECONDS: Final = 10.0
"""From one child to the start of the next: perhaps none can live here."""

Told = tuple[Sequence[Pending], Sequence[Outcome | Exception]]
"""Acts and what came of each."""
NOBODY: Final[Told] = ((), ())


class Dispatch:
    """For the desk's thread; close it when done. The connection is its owner's to close."""

    def __init__(self, connection: AppendConnection, conninfo: str, log: LogName, core: OneCore) -> None:
        """connection: the process's own. conninfo, log: a child's, as that one's. core: held while there is a child."""
        self._connection = connection
        self._core = core
        self._conninfo, self._log = conninfo, log
        self._child: AppendProcess | None = None
        self._calls: deque[list[Pending]] = deque()  # oldest first: one by the connection, or parcels by the child
        self._by_child = False
        self._flood = 0
        self._start_after = 0.0 if (os.cpu_count() or 1) > 1 else inf  # one core has nobody to hand it to

    @property
    def acts(self) -> list[Pending]:
        """Those under way."""
        return [pending for call in self._calls for pending in call]

    def has_room(self, acts: int) -> bool:
        """Whether so many acts may go."""
        return not self._calls or (self._by_child and len(self._calls) < DEPTH and acts >= AHEAD)

    @property
    def files(self) -> list[int | None]:
        """Readable once there is something to hear. None: there is already."""
        files: list[int | None] = [] if self._child is None else [self._child.answers_at]
        if self._calls and not self._by_child:
            files.append(self._connection.answers_at)
        return files

    @property
    def patience(self) -> float | None:
        """Seconds after which to `hear` even of nothing; None: no need."""
        return None if self._child is None else self._child.patience

    def prepare(self, pending: Pending) -> bool:
        """Compose it, and have it signed where the child will not; False when that was refused."""
        child = self._child
        return pending.compose() and ((child is not None and child.ready and fits(pending)) or pending.sign())

    def begin(self, acts: list[Pending]) -> None:
        """A call, where there is room. acts: prepared, at least one, in order."""
        child = self._child
        if not self._calls:
            self._by_child = child is not None and child.ready and len(acts) >= MANY
        if self._by_child and child is not None:
            self._calls.append(acts)
            try:
                child.send(acts)
            except Exception:  # noqa: BLE001  it is gone, or an act cannot be packed: from here, that one fails alone
                self._lose_child()
            else:
                reached(FaultPoint.APPEND_HANDED)
        elif signed := [pending for pending in acts if pending.sign()]:
            self._calls.append(signed)
            self._connection.send([pending.act for pending in signed])
            self._swell(len(signed))

    def hear(self, files: Collection[int | None]) -> Told:
        """What came of the oldest acts, if that is what `files` say."""
        child = self._child
        if child is not None and child.answers_at in files:
            return self._from_child(child)
        if self.patience == 0.0:
            self._lose_child()
        elif self._calls and not self._by_child and self._connection.answers_at in files:
            outcomes = self._connection.receive()
            return self._calls.popleft(), outcomes
        return NOBODY

    def close(self) -> None:
        """Let the child go, and forget what is under way."""
        if self._calls and not self._by_child:
            self._connection.close()  # in the middle of a call
        self._calls.clear()
        self._lose_child()

    def _from_child(self, child: AppendProcess) -> Told:
        try:
            if not child.ready:
                self._core.hold()
                child.heed()
                return NOBODY
            outcomes = child.receive()
        except (OSError, msgspec.MsgspecError):
            self._lose_child()
            return NOBODY
        told: list[Pending] = []
        while len(told) < len(outcomes):
            told += self._calls.popleft()
        self._by_child = bool(self._calls)
        return told, outcomes

    def _swell(self, acts: int) -> None:
        """A flood starts a child."""
        self._flood += acts if acts >= MANY else 0
        if self._flood >= FLOOD and self._child is None and time.monotonic() >= self._start_after:
            try:
                self._child = AppendProcess(self._conninfo, self._log)
            except OSError:
                self._start_after = time.monotonic() + AGAIN_SECONDS

    def _lose_child(self) -> None:
        """All that it held goes on from here, in one call."""
        held = self.acts if self._by_child else []
        if self._child is not None:
            self._child.close()
            self._child = None
            self._core.free()
            self._start_after = time.monotonic() + AGAIN_SECONDS
        self._by_child, self._flood = False, 0
        if held:
            self._calls.clear()
            self.begin(held)
