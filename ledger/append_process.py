"""An append process: a child that signs and appends what its parent has composed, over a connection of its own.

Signature, arrays and the talk with the server hold the interpreter as long as all the rest of an act: in a flood a
second core does them, while writers and desk of the parent go on. The child is handed address (with the variables that
complete it), acts and keys over a pipe that only these two have; it keeps them in memory as its parent does, and
nowhere else. While one call is under way it signs what comes, and the next call is all of that. It ends when the parent
closes the pipe or dies, when nothing came for a minute, and at anything unforeseen: whatever it held is then its
parent's again, whose own connection tells what is stored. So it may also be killed when it is silent for too long (it
was stopped, or the server never answers it).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from select import POLLIN, POLLOUT, poll
from typing import Any, BinaryIO, Final, cast

import msgspec

from ledger.act_parcel import packed, unpacked
from ledger.append_connection import AppendConnection
from ledger.log_name import LogName
from ledger.pending import Pending
from ledger.prepared_act import Outcome, PreparedAct
from ledger.signature_watch import SignatureWatch

IDLE_SECONDS: Final = 60.0
SILENCE_SECONDS: Final = 60.0
"""So long at most it owes an answer, or room in the pipe. A slow disk, or a migration's moment of a lock, is far
shorter; where something is not (a table written anew), it ends for nothing, and its parent waits in its place."""
DEPTH: Final = 3
"""Parcels that it holds at most, answered or not."""
COMMAND: Final = (sys.executable, "-P", "-m", __name__)
_READY: Final = b"ready"
_LENGTH_SIZE: Final = 4
_INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE")

_CONNECTING: Final = (b"PG", b"HOME", b"KRB5", b"SSL_CERT_")
"""How variables begin that libpq, and what it calls, read when they connect; HOME for ~/.pgpass and its like."""

_encode: Final = msgspec.msgpack.Encoder().encode
_address: Final = msgspec.msgpack.Decoder(tuple[str, LogName, dict[bytes, bytes]]).decode
_outcomes: Final = msgspec.msgpack.Decoder(list[Outcome]).decode


class AppendProcess:
    """The parent's side, for one thread. Every method but `close` may raise OSError: then the child is gone."""

    def __init__(self, conninfo: str, log: LogName) -> None:
        """Start one; it answers once, without being asked, when it is ready. conninfo, log: as `AppendConnection`'s.

        Raises OSError.
        """
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        self._child = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**inherited, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            bufsize=0,
        )
        self._questions = cast("BinaryIO", self._child.stdin)
        self._answers = cast("BinaryIO", self._child.stdout)
        for file in (self._questions, self._answers):
            os.set_blocking(file.fileno(), False)  # a pipe has two sides: the child's stays as it was
        self.ready = False
        self._owed = 0
        self._answer_by = time.monotonic() + SILENCE_SECONDS
        variables = {name: value for name, value in os.environb.items() if name.startswith(_CONNECTING)}
        try:
            _put(self._questions.fileno(), _encode((conninfo, log, variables)))
        except OSError:
            self.close()
            raise

    @property
    def answers_at(self) -> int:
        """The file that is readable once it has answered, or is gone."""
        return self._answers.fileno()

    @property
    def patience(self) -> float | None:
        """Seconds left to it to answer, 0 when it hangs; None while it owes no answer."""
        if self.ready and not self._owed:
            return None
        return max(0.0, self._answer_by - time.monotonic())

    def heed(self) -> None:
        """Its first answer: now it is ready."""
        self.ready = _taken(self.answers_at) == _READY

    def send(self, acts: Sequence[Pending]) -> None:
        """Hand over a parcel; only when it is ready and holds fewer than `DEPTH`. acts: that fit (`fits`)."""
        if not self._owed:
            self._answer_by = time.monotonic() + SILENCE_SECONDS
        self._owed += len(acts)
        _put(self._questions.fileno(), packed(acts))

    def receive(self) -> list[Outcome]:
        """What came of each act of the oldest parcels, one or more of them, whole and in order; waits for it."""
        outcomes = _outcomes(_taken(self.answers_at))
        self._owed -= len(outcomes)
        self._answer_by = time.monotonic() + SILENCE_SECONDS
        return outcomes

    def close(self) -> None:
        """Let it end, and see that it does; where even a kill has to wait for the kernel, nobody waits for that."""
        self._questions.close()
        self._answers.close()
        if self.patience == 0.0:
            self._child.kill()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(1.0)
            return
        self._child.kill()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(1.0)


class AppendService:
    """The child's side."""

    def __init__(self, questions: int, answers: int) -> None:
        """Files to read calls from and to write outcomes to."""
        self._questions, self._answers = questions, answers
        conninfo, log, variables = _address(_taken(questions))
        os.environb.update(variables)  # as its parent has them; what others may list stays what it was at the start
        self._connection = AppendConnection(conninfo, log, 0.0)
        self._watch = SignatureWatch()
        self._next: list[PreparedAct] = []
        self._sent: list[PreparedAct] = []

    def serve(self) -> None:
        """Returns when nothing came for a while. Raises when the parent is gone, and whatever else befalls it."""
        import signing.sodium  # noqa: F401, PLC0415  not the parent's; and where there is none, no act is handed over

        _put(self._answers, _READY)
        while heard := self._heard():
            if self._sent and self._connection.answers_at in heard:
                self._answer()
            if self._questions in heard:
                self._next += unpacked(_taken(self._questions), self._watch)
                self._send()

    def _heard(self) -> Collection[int | None]:
        """Which of server (None: it is lost) and parent have something to say."""
        server = self._connection.answers_at if self._sent else self._questions
        if server is None:
            return (None,)
        waiting = poll()
        waiting.register(server, POLLIN)
        waiting.register(self._questions, POLLIN)
        return [file for file, _ in waiting.poll(None if self._sent else IDLE_SECONDS * 1000)]

    def _answer(self) -> None:
        """The server gets its next call before the parent is told of the last."""
        outcomes = self._connection.receive()
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
        self._sent = []
        self._send()
        _put(self._answers, _encode(outcomes))

    def _send(self) -> None:
        if self._next and not self._sent:
            self._sent, self._next = self._next, []
            self._connection.send(self._sent)


def _put(file: int, data: bytes) -> None:
    """Raises OSError when nobody reads any more; where `file` does not block, also when nobody does for too long."""
    rest: Any = memoryview(len(data).to_bytes(_LENGTH_SIZE, "big") + data)
    while rest:
        try:
            rest = rest[os.write(file, rest) :]
        except BlockingIOError:
            _await(file, POLLOUT)


def _taken(file: int) -> bytes:
    """What was put, whole; waits for it. Raises OSError at the end, and as `_put`."""
    return _read(file, int.from_bytes(_read(file, _LENGTH_SIZE), "big"))


def _read(file: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        try:
            part = os.read(file, size)
        except BlockingIOError:
            _await(file, POLLIN)
            continue
        if not part:
            raise BrokenPipeError("the other side is gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _await(file: int, event: int) -> None:
    waiting = poll()
    waiting.register(file, event)
    if not waiting.poll(SILENCE_SECONDS * 1000):
        raise TimeoutError("the other side is silent")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, also when both are interrupted
    AppendService(sys.stdin.fileno(), sys.stdout.fileno()).serve()
