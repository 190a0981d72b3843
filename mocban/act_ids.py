"""Lasting act ids: a client's own idempotency keys, kept before they are used, so that work can be taken up again."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from uuid import UUID

from ledger.act_id import new_act_id


class ActIds:
    """Name of an act -> its UUIDv7, one line each in a file; a name asked for again gets the same id. Thread-safe.

    One process at a time may use a file. A line cut short by a crash was never handed out, and is dropped.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._ids: dict[str, UUID] = {}
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            text = path.read_text(encoding="utf-8")
            whole = text[: text.rfind("\n") + 1]
            if whole != text:
                path.write_text(whole, encoding="utf-8")
            for line in whole.splitlines():
                act_id, name = line.split(" ", 1)
                self._ids[name] = UUID(act_id)

    def __call__(self, name: str) -> UUID:
        """The id of the act `name`, durable on return. The name must not hold anything personal."""
        with self._lock:
            if name not in self._ids:
                act_id = new_act_id()
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(f"{act_id} {name}\n")
                    file.flush()
                    os.fsync(file.fileno())
                self._ids[name] = act_id
            return self._ids[name]
