"""A log brought here from the address where it is published, for the verifier (C2SP tlog-tiles, HTTP)."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Final

import httpx

from ledger.act_places import ActPlaces
from ledger.log_name import LogName
from ledger.published_files import PublishedLog
from ledger.tile_store import CHECKPOINT, TileStore
from mocban.environment_problem import EnvironmentProblem
from signing.checkpoint import Checkpoint, parse_checkpoint_text
from signing.note import parse_note
from signing.verification_error import VerificationError

TIMEOUT: Final = httpx.Timeout(20.0, connect=5.0)
ANSWER_SECONDS: Final = 120.0
"""For a whole file, however slowly its bytes drip."""
MAX_FILE: Final = 1 << 25
"""No tile or bundle of 256 items of at most 64 KiB is longer."""
_COUNTED: Final = 1 << 32
"""A size beyond this is a lie, and nothing is counted up to it."""
_LACKING: Final = 64
"""So many files in a row that are not there: no more are asked for, or a size that is a lie would have no end."""
_TIMESTAMPS: Final = "timestamps"
_NOT_THERE: Final = frozenset({404, 410})
Told = Callable[[int, int], None]
"""Called with how many files are here, and of how many."""


class LogAddress:
    """The log at a base address, as `serve` publishes it or any server of an export folder."""

    def __init__(self, url: str, http: httpx.Client) -> None:
        self._url, self._http = url.rstrip("/"), http

    def bring(self, folder: Path, told: Told) -> None:
        """Lay the log out as an export folder. Nothing is checked: what is not there, or is unfit, the verifier names.

        Raises EnvironmentProblem `log-address-unreachable`.
        """
        note = self._file(CHECKPOINT)
        if note is None:
            raise self._unreachable("checkpoint: HTTP 404")
        (folder / CHECKPOINT).write_bytes(note)
        try:
            point = parse_checkpoint_text(parse_note(note).text)
        except VerificationError:
            return
        log = self._published(point, note, folder)
        stamps = self._stamps()
        total = sum(1 for _ in log.tile_paths()) + len(stamps) if point.size < _COUNTED else point.size
        lacking = 0
        for done, path in enumerate(chain(stamps, log.tile_paths()), 1):
            lacking = 0 if self._keep(folder, path) is not None else lacking + 1
            told(done, total)
            if lacking == _LACKING:
                return

    def _published(self, point: Checkpoint, note: bytes, folder: Path) -> PublishedLog:
        """What is to be there under a checkpoint."""
        try:
            events = ActPlaces(point.size, point.origin, lambda path: self._keep(folder, path) or b"").events
        except VerificationError:
            events = 0
        tiles = TileStore(folder, LogName.MAIN, folder)
        return PublishedLog(checkpoint=point, note=note, events=events, tiles=tiles, small={}, history=lambda: iter(()))

    def _stamps(self) -> list[str]:
        """The paths of what authorities of time stamped, and of their answers."""
        names = (self._file(_TIMESTAMPS) or b"").decode("utf-8", "replace").split("\n")
        return [f"{_TIMESTAMPS}/{name}" for name in names if name.replace("-", "").replace(".", "").isalnum()]

    def _keep(self, folder: Path, path: str) -> bytes | None:
        """Write a file where an export folder has it; one that is here already is not asked for again."""
        target = folder / path
        if target.exists():
            return target.read_bytes()
        data = self._file(path)
        if data is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return data

    def _file(self, path: str) -> bytes | None:
        """The bytes of a file, None where there is none."""
        until, data = time.monotonic() + ANSWER_SECONDS, bytearray()
        try:
            with self._http.stream("GET", f"{self._url}/{path}", headers={"Accept-Encoding": "identity"}) as answer:
                if answer.status_code in _NOT_THERE:
                    return None
                if answer.status_code != 200:
                    raise self._unreachable(f"{path}: HTTP {answer.status_code}")
                for part in answer.iter_raw():
                    data += part
                    if len(data) > MAX_FILE or time.monotonic() > until:
                        raise self._unreachable(f"{path}: > {MAX_FILE} B, > {ANSWER_SECONDS:.0f} s")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:  # ValueError: a host that idna cannot write
            raise self._unreachable(type(error).__name__) from error
        return bytes(data)

    def _unreachable(self, reason: str) -> EnvironmentProblem:
        return EnvironmentProblem("log-address-unreachable", url=self._url, reason=reason)


def bring_log(url: str, folder: Path, told: Told) -> None:
    """As `LogAddress.bring`, over a connection of its own that follows nobody elsewhere."""
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as http:
        LogAddress(url, http).bring(folder, told)
