"""Kill -9 at every fault point that the whole product reaches on its own, one after the other, in one archive.

Each round two writers appoint while a third process, a writer, the sequencer or an exporter, is armed for a point and
kills itself there; then whatever else runs is killed, and all must hold. Witnesses, the bulk path, floods and `recover`
die at their points in the test suite (`tests/failures/test_fault_points.py`).
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from typing import Final

from mocban.bootstrap import open_product
from mocban.drills.crash import WRITERS, Round, start_part, wait_for_acts
from mocban.drills.ground import Ground, Process, ground, kill
from mocban.drills.part import receipts
from mocban.drills.verdict import problems
from signing.fault_point import FaultPoint

_P: Final = FaultPoint
PARTS: Final[dict[str, tuple[FaultPoint, ...]]] = {
    "writer": (_P.RECORD_KEYS_MADE, _P.APPEND_DUE, _P.APPEND_COMMITTED, _P.APPEND_TOLD),
    "sequencer": (
        _P.FILE_OPENED, _P.FILE_WRITTEN, _P.FILE_SYNCED, _P.FILE_NAMED, _P.FOLDER_SYNCED, _P.EVENTS_BUNDLED,
        _P.PAGE_CHECKED, _P.TILES_WRITTEN, _P.CHECKPOINT_SIGNED, _P.CHECKPOINT_SWAPPED, _P.CHECKPOINT_KEPT,
        _P.CHECKPOINT_SERVED, _P.PARTIAL_PRUNED,
    ),
    "exporter": (
        _P.EXPORT_FILE_DRAFTED, _P.EXPORT_FILE_NAMED, _P.EXPORT_FILES_SYNCED, _P.EXPORT_CHECKPOINT_NAMED,
        _P.EXPORT_PARTIAL_PRUNED,
    ),
}  # fmt: skip
ALL: Final = tuple(point for points in PARTS.values() for point in points)
_PATIENCE_SECONDS: Final = 120.0
"""A full tile is reached only after 256 acts."""


def at_points(points: Sequence[FaultPoint], told: Callable[[Round], None]) -> list[Round]:
    """A round for each point. told: after each; `killed` is false where the point was not reached."""
    rounds: list[Round] = []
    with ground() as field:
        with open_product(field.settings):
            pass
        for point in points:
            rounds.append(_round(field, point))
            told(rounds[-1])
    return rounds


def _round(field: Ground, point: FaultPoint) -> Round:
    began = time.monotonic()
    part = next(name for name, points in PARTS.items() if point in points)
    beside = [start_part(field, "writer", name) for name in WRITERS]
    wait_for_acts(field, beside)
    target = start_part(field, part, f"armed-{part}", point)
    moment = time.monotonic()
    killed = _died(target)
    for process in (*beside, target):
        kill(process)
    folders = [*WRITERS, "armed-writer"]
    acknowledged = [act for name in folders for act in receipts(field.folder / name)]
    with open_product(field.settings) as product:
        found = problems(product, acknowledged)
    if not killed:
        found.append(f"{part} never died at {point}")
    return Round(
        victim=point,
        moment=round(time.monotonic() - moment, 3),
        killed=killed,
        acknowledged=len(acknowledged),
        seconds=round(time.monotonic() - began, 1),
        problems=found,
    )


def _died(target: Process) -> bool:
    """Whether the point killed it."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while target.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    return target.returncode == -signal.SIGKILL
