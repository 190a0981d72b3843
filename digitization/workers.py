"""Workers: threads, and for each a child process that does what the thread is asked, joined to it by a pipe.

A `ProcessPoolExecutor` has queues that all its children share. Their locks are named files (/dev/shm/sem.*), which stay
when parent and children are killed at once; and one child that dies takes the work of all the others with it. Here
nothing has a name, and whoever dies fails what it was doing and no more.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, Final, ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
_END_SECONDS: Final = 5.0


class WorkerLostError(Exception):
    """A child ended in the middle of its work: it ran out of memory, or was killed."""


class Workers:
    """At most so many children, each started when it is first needed. Thread-safe; close it when done."""

    def __init__(
        self, count: int, context: ForkServerContext | SpawnContext, prepare: Callable[..., None], *args: object
    ) -> None:
        """prepare, args: called in each child before its first work. What travels is pickled."""
        self._context = context
        self._prepared = prepare, args
        self._threads = ThreadPoolExecutor(count)
        self._idle = deque[tuple[BaseProcess, Connection]]()

    def submit(
        self, work: Callable[_Given, _Result], /, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Result]:
        """Have it done by whichever child is free next. The future raises what `work` does, or WorkerLostError."""
        return self._threads.submit(self._done, work, args, kwargs)

    def close(self) -> None:
        """Let what is being done finish, forget what waits, and end the children. Idempotent."""
        self._threads.shutdown(cancel_futures=True)
        while self._idle:
            _end(*self._idle.pop())

    def _done(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        child, pipe = self._free()
        try:
            pipe.send((work, args, kwargs))
            succeeded, outcome = pipe.recv()
        except (EOFError, OSError) as error:
            _end(child, pipe)
            raise WorkerLostError from error
        except BaseException:  # what cannot be pickled, for one
            _end(child, pipe)
            raise
        self._idle.append((child, pipe))
        if succeeded:
            return outcome
        raise outcome

    def _free(self) -> tuple[BaseProcess, Connection]:
        with suppress(IndexError):
            while True:
                child, pipe = self._idle.pop()
                if child.is_alive():
                    return child, pipe
                _end(child, pipe)
        return self._started()

    def _started(self) -> tuple[BaseProcess, Connection]:
        ours, theirs = self._context.Pipe()
        child = self._context.Process(target=_work, args=(theirs, *self._prepared), daemon=True)
        child.start()
        theirs.close()
        return child, ours


def _end(child: BaseProcess, pipe: Connection) -> None:
    pipe.close()
    child.join(_END_SECONDS)
    child.kill()
    child.join(_END_SECONDS)


def _work(pipe: Connection, prepare: Callable[..., None], args: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # without a word: it is the parent's to answer
    prepare(*args)
    while True:
        try:
            work, given, named = pipe.recv()
            pipe.send(_outcome(work, given, named))
        except (EOFError, OSError):
            return  # nobody asks, or waits, any more


def _outcome(work: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[bool, object]:
    try:
        return True, work(*args, **kwargs)
    except Exception as error:  # noqa: BLE001  it is raised again, where somebody waits for it
        return False, error
