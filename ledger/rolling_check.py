"""The rolling check: a running ledger's rows against its tiles, page by page: no change stays unseen for a day.

A row that is not as published is an alarm, told and shown until a later round finds it mended; nothing is stopped by
it, since what was published stands in the tiles. A ledger that is shorter than the kept checkpoint, or has another
there, is a possible second history: that stops the log within seconds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg
from typing_extensions import override

from domain.errors import Refusal
from ledger.log_name import LogName
from ledger.periodic import Periodic
from ledger.row_check import BadRow, RowCheck
from ledger.start_check import check_head
from ledger.tile_store import TileStore
from signing.checkpoint import parse_checkpoint_text
from signing.durable_file import write_durably
from signing.note import VerifierKey, parse_note
from signing.verification_error import VerificationError

WHOLE_SECONDS: Final = 43_200.0
"""In which every row is looked at once: half of the day that is promised."""
LOOK_SECONDS: Final = 5.0
REST_SECONDS: Final = 5.0
"""Between two rounds over a ledger so small that a round takes moments."""
MAX_ALARMS: Final = 100
_LONGEST_PAUSE: Final = 1.0
_SAVE_SECONDS: Final = 60.0
_log: Final = logging.getLogger(__name__)


class CheckedLog(msgspec.Struct, frozen=True, kw_only=True):
    """A log to be checked. vkeys: its own, under its name."""

    log: LogName
    origin: str
    vkeys: tuple[VerifierKey, ...]


class RowsStanding(msgspec.Struct, frozen=True, kw_only=True):
    """alarms: rows that are not as published, at most `MAX_ALARMS`. whole_at: when every row had been looked at."""

    alarms: tuple[BadRow, ...] = ()
    whole_at: datetime | None = None


class _Round(msgspec.Struct, kw_only=True):
    """A round over one log, as it is kept between processes. size: acts; page: the next one.

    found: in this round; before: in the round before, shown until this one is done. done_at: when the last one was.
    """

    size: int = 0
    page: int = 0
    found: list[BadRow] = msgspec.field(default_factory=list)
    before: list[BadRow] = msgspec.field(default_factory=list)
    done_at: datetime | None = None


class RollingCheck(Periodic):
    """Rounds over the logs of one data folder, in turn. stopped_by: the sign of a second history, if there was one."""

    def __init__(
        self,
        conninfo: str,
        home: Path,
        logs: Sequence[CheckedLog],
        clock: Callable[[], datetime],
        *,
        whole_seconds: float = WHOLE_SECONDS,
        rest_seconds: float = REST_SECONDS,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """conninfo: of the main database, in a role that reads both logs. home: the data folder."""
        super().__init__("rolling-check", first_after=_LONGEST_PAUSE)
        self._conninfo = conninfo
        self._home = home
        self._logs = tuple(logs)
        self._clock = clock
        self._whole_seconds, self._rest_seconds, self._look_seconds = whole_seconds, rest_seconds, look_seconds
        self._rounds = {one.log: self._kept(one.log) for one in self._logs}
        self._checks: dict[LogName, RowCheck] = {}
        self._told: set[BadRow] = set()
        self._at = 0
        self._next_look = self._next_page = self._next_save = 0.0
        self._connection: psycopg.Connection[Any] | None = None
        self.stopped_by: Exception | None = None

    @override
    def stop(self) -> None:
        super().stop()
        self._disconnect()
        for one in self._logs:
            self._keep(one.log)

    def standing(self) -> RowsStanding:
        """What was found until now. From any thread."""
        rounds = [self._rounds[one.log] for one in self._logs]
        alarms = dict.fromkeys(bad for one in rounds for bad in (*one.before, *one.found))
        times = [one.done_at for one in rounds if one.done_at is not None]
        return RowsStanding(
            alarms=tuple(alarms)[:MAX_ALARMS], whole_at=min(times) if len(times) == len(rounds) else None
        )

    @override
    def turn(self) -> float | None:
        try:
            now = time.monotonic()
            if now >= self._next_look:
                for one in self._logs:
                    check_head(self._connected(), one.log, one.origin, one.vkeys, self._home)
                self._next_look = now + self._look_seconds
            if now >= self._next_page:
                self._next_page = now + self._page(self._logs[self._at])
        except Refusal as refusal:
            self.stopped_by = refusal
            return None
        except BaseException:
            self._disconnect()
            raise
        return max(0.0, min(self._next_look, self._next_page) - time.monotonic())

    def _page(self, one: CheckedLog) -> float:
        """The next page of a log, or the beginning of its next round; seconds until the page after."""
        current = self._rounds[one.log]
        check = self._check(one, current)
        if check is None:
            self._next_log()
            return _LONGEST_PAUSE
        try:
            pages = check.pages
            found = list(check.bad_rows_of(current.page))
        except (OSError, VerificationError):
            pages = current.page + 1  # there is nothing to go on with
            found = [BadRow(log=one.log, fault="tile-unreadable", act=current.size - 1)]
        for bad in found:
            self._raise(current, bad)
        current.page += 1
        if current.page >= pages:
            self._rounds[one.log] = _Round(before=current.found, done_at=self._clock())
            self._checks.pop(one.log)
            self._keep(one.log)
            return self._next_log()
        if time.monotonic() >= self._next_save:
            self._keep(one.log)
            self._next_save = time.monotonic() + _SAVE_SECONDS
        return min(_LONGEST_PAUSE, self._whole_seconds / len(self._logs) / pages)

    def _check(self, one: CheckedLog, current: _Round) -> RowCheck | None:
        """The round that is under way, else a new one over what is published now; None where nothing is."""
        if (check := self._checks.get(one.log)) is None:
            tiles = TileStore(self._home / "objects", one.log)
            served = _served_size(tiles)
            if not 0 < current.size <= served:
                current.size, current.page, current.found = served, 0, []
            if not current.size:
                return None
            check = RowCheck(self._connected(), one.log, one.origin, tiles, current.size)
            self._checks[one.log] = check
        return check

    def _next_log(self) -> float:
        self._at = (self._at + 1) % len(self._logs)
        return self._rest_seconds if self._at == 0 else 0.0

    def _raise(self, current: _Round, bad: BadRow) -> None:
        if len(current.found) < MAX_ALARMS:
            current.found.append(bad)
        if bad not in self._told and len(self._told) < MAX_ALARMS:
            self._told.add(bad)
            _log.error("%s", bad.refusal)

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = psycopg.connect(self._conninfo, autocommit=True, application_name="rolling check")
        return self._connection

    def _disconnect(self) -> None:
        self._checks.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _path(self, log: LogName) -> Path:
        return self._home / "run" / f"rolling-check-{log}.json"

    def _kept(self, log: LogName) -> _Round:
        """Where the process before this one was; from the beginning where that cannot be told."""
        try:
            return msgspec.json.decode(self._path(log).read_bytes(), type=_Round)
        except (OSError, msgspec.MsgspecError):
            return _Round()

    def _keep(self, log: LogName) -> None:
        write_durably(self._path(log), msgspec.json.encode(self._rounds[log]))


def _served_size(tiles: TileStore) -> int:
    """How many acts are published; 0 where that cannot be read, which `check_head` judges."""
    try:
        note = tiles.served()
        return 0 if note is None else parse_checkpoint_text(parse_note(note).text).size
    except VerificationError:
        return 0
