"""Fault points: every moment between two steps at which a kill is rehearsed, by name.

`reached` does nothing until this process was armed, which only drills and tests do: no setting, argument or variable of
the product's can. The armed process kills itself, as `kill -9` would: nothing is flushed, closed or told.
"""

from __future__ import annotations

import os
import signal
from enum import StrEnum


class FaultPoint(StrEnum):
    """Named by what has just been done."""

    RECORD_KEYS_MADE = "record-keys-made"
    APPEND_DUE = "append-due"
    APPEND_HANDED = "append-handed"
    APPEND_COMMITTED = "append-committed"
    APPEND_TOLD = "append-told"
    BULK_OPENED = "bulk-opened"
    BULK_COPIED = "bulk-copied"
    BULK_COMMITTED = "bulk-committed"

    FILE_OPENED = "file-opened"
    FILE_WRITTEN = "file-written"
    FILE_SYNCED = "file-synced"
    FILE_NAMED = "file-named"
    FOLDER_SYNCED = "folder-synced"

    EVENTS_BUNDLED = "events-bundled"
    PAGE_CHECKED = "page-checked"
    TILES_WRITTEN = "tiles-written"
    CHECKPOINT_SIGNED = "checkpoint-signed"
    CHECKPOINT_SWAPPED = "checkpoint-swapped"
    CHECKPOINT_KEPT = "checkpoint-kept"
    CHECKPOINT_SERVED = "checkpoint-served"
    PARTIAL_PRUNED = "partial-pruned"

    EXPORT_FILE_DRAFTED = "export-file-drafted"
    EXPORT_FILE_NAMED = "export-file-named"
    EXPORT_FILES_SYNCED = "export-files-synced"
    EXPORT_CHECKPOINT_NAMED = "export-checkpoint-named"
    EXPORT_PARTIAL_PRUNED = "export-partial-pruned"

    WITNESS_CHECKED = "witness-checked"
    WITNESS_SIGNED = "witness-signed"
    WITNESS_STORED = "witness-stored"
    COSIGNATURE_RECEIVED = "cosignature-received"
    COSIGNATURE_KEPT = "cosignature-kept"

    RECOVERY_TILES_COPIED = "recovery-tiles-copied"
    RECOVERY_ACTS_APPENDED = "recovery-acts-appended"
    RECOVERY_COMMITTED = "recovery-committed"
    RECOVERY_KEPT = "recovery-kept"


_armed: FaultPoint | None = None
_left = 0


def arm(point: FaultPoint, times: int = 1) -> None:
    """Let this process die at `point`, when it is reached the `times`-th time from now."""
    global _armed, _left
    _armed, _left = point, times


def reached(point: FaultPoint) -> None:
    """Die here if this process was armed for it."""
    if _armed is not None and _armed is point:
        _count_down()


def _count_down() -> None:
    global _left  # noqa: PLW0603
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
