"""A signing process: a child that makes many Ed25519 signatures while its parent does something else.

A signature holds the interpreter for as long as everything else an act needs. The child is given each key with the text
to be signed, over a pipe that only these two have; it keeps keys in memory as its parent does, and nowhere else. It
ends when the parent closes the pipe or dies, or when it was not asked for a minute. Whoever asks checks the answers.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from select import select
from typing import Any, BinaryIO, Final, cast

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing.note import Ed25519Signer

IDLE_SECONDS: Final = 60.0
SIGNATURE_SIZE: Final = 64
_READY: Final = b"\x01"
_LENGTH_SIZE: Final = 4
_INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE")

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[bytes, bytes]]).decode


class SigningProcess:
    """The parent's side, for one thread. Every method but `close` may raise OSError: then the child is gone."""

    def __init__(self) -> None:
        """Start one; it answers once, without being asked, when it is ready."""
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**inherited, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            bufsize=0,
        )
        self._questions = cast("BinaryIO", self._child.stdin)
        self._answers = cast("BinaryIO", self._child.stdout)
        self._asked = 0
        self.ready = False

    @property
    def answers_at(self) -> int:
        """The file that is readable once it has answered, or is gone."""
        return self._answers.fileno()

    def ask(self, texts: Sequence[tuple[Ed25519Signer, bytes]]) -> None:
        """Let it sign each text with that key; `signatures` comes next. Only when it is ready."""
        data = _encode([(signer.seed, text) for signer, text in texts])
        _write(self._questions.fileno(), len(data).to_bytes(_LENGTH_SIZE, "big") + data)
        self._asked = len(texts)

    def signatures(self) -> list[bytes]:
        """In the order asked; waits for them. The first answer has none: now it is ready."""
        if not self.ready:
            self.ready = _read(self.answers_at, len(_READY)) == _READY
            return []
        if not self._asked:
            raise BrokenPipeError("it had nothing to say, so it is gone")
        data, self._asked = _read(self.answers_at, SIGNATURE_SIZE * self._asked), 0
        return [data[at : at + SIGNATURE_SIZE] for at in range(0, len(data), SIGNATURE_SIZE)]

    def close(self) -> None:
        """Let it end, and see that it does."""
        self._questions.close()
        self._answers.close()
        try:
            self._child.wait(1.0)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def serve(questions: int, answers: int) -> None:
    """The child's side. Returns when the parent is gone or has not asked for a while."""
    _write(answers, _READY)
    try:
        while select([questions], [], [], IDLE_SECONDS)[0]:
            size = int.from_bytes(_read(questions, _LENGTH_SIZE), "big")
            asked = _decode(_read(questions, size))
            _write(answers, b"".join([_key(seed).sign(text) for seed, text in asked]))
    except OSError:
        return


@lru_cache(maxsize=1024)
def _key(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _read(file: int, size: int) -> bytes:
    """Exactly so many bytes. Raises OSError at the end."""
    parts: list[bytes] = []
    while size:
        part = os.read(file, size)
        if not part:
            raise BrokenPipeError("the other side is gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(file: int, data: bytes) -> None:
    rest: Any = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, also when both are interrupted
    serve(sys.stdin.fileno(), sys.stdout.fileno())
