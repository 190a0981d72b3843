"""A doorbell: wakes a thread that waits for the server as well."""

from __future__ import annotations

import os
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

    def wait(self, file: int | None = None, *, forever: bool = True) -> bool:
        """Until it rings or `file` is readable, or not at all; whether `file` is readable."""
        if file is not None:
            self._poll.register(file, POLLIN)
        try:
            ready = dict(self._poll.poll(None if forever else 0))
        finally:
            if file is not None:
                self._poll.unregister(file)
        if self._inside in ready:
            os.read(self._inside, _RINGS)
        return file in ready

    def close(self) -> None:
        """Once."""
        os.close(self._inside)
        os.close(self._outside)
