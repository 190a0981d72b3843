"""A doorbell: wakes a thread that waits for the server as well."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from select import POLLIN, poll
from typing import Final

_RINGS: Final = 4096


class Doorbell:
    """Any thread rings, one waits. Close it when nobody does either any more."""

    def __init__(self) -> None:
        self._inside, self._outside = os.pipe()
        os.set_blocking(self._outside, False)
        self._poll = poll()
        self._poll.register(self._inside, POLLIN)

    def ring(self) -> None:
        """End the wait that is going on, or the next."""
        with suppress(BlockingIOError):  # so many have rung already
            os.write(self._outside, b"\x00")

    def wait(self, files: Collection[int] = (), *, seconds: float | None = None) -> Collection[int]:
        """Until it rings or one of `files` is readable, so long at most (None: for ever); which of them are."""
        for file in files:
            self._poll.register(file, POLLIN)
        try:
            heard = [file for file, _ in self._poll.poll(None if seconds is None else seconds * 1000)]
        finally:
            for file in files:
                self._poll.unregister(file)
        if self._inside in heard:
            os.read(self._inside, _RINGS)
        return heard

    def close(self) -> None:
        """Once."""
        os.close(self._inside)
        os.close(self._outside)
