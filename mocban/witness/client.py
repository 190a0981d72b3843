"""Asking one witness for its cosignature (C2SP tlog-witness): what it knows, a proof of the rest, its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import httpx

from domain.errors import Refusal
from mocban.witness.policy import PolicyWitness
from mocban.witness.request import parse_size, request_body
from signing.checkpoint import Checkpoint, signature_times
from signing.note import Note, NoteSignature, parse_note
from signing.verification_error import VerificationError

TIMEOUT: Final = httpx.Timeout(5.0, connect=3.0)
ANSWER_SECONDS: Final = 10.0
"""For a whole answer, however slowly its bytes drip."""
_MAX_ANSWER: Final = 64 * 1024
_TRIES: Final = 4
_SIZE_MEDIA: Final = "text/x.tlog.size"
FIRST_PAUSE_SECONDS: Final = 2.0
LONGEST_PAUSE_SECONDS: Final = 60.0
Prove = Callable[[int], list[bytes]]
"""The consistency path from an old size to the checkpoint's."""


class Asking:
    """One log asking one witness: the size that it is known to have, and how long to let it be. Not thread-safe.

    trouble: what came of asking last, None when it cosigned.
    """

    def __init__(self, witness: PolicyWitness) -> None:
        self.witness: Final = witness
        self.trouble: Refusal | None = None
        self._known = 0
        self._pause = FIRST_PAUSE_SECONDS
        self._not_before = 0.0

    @property
    def waits(self) -> bool:
        """Whether it failed a moment ago: a dead witness must not hold up the others at each checkpoint."""
        return time.monotonic() < self._not_before

    def ask(self, http: httpx.Client, note: Note, point: Checkpoint, prove: Prove) -> NoteSignature | None:
        """As `cosignature`; None where it refuses, then `trouble` says why."""
        try:
            line = self.cosignature(http, note, point, prove)
        except Refusal as refusal:
            self.trouble, self._not_before = refusal, time.monotonic() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)
            return None
        self.trouble, self._pause = None, FIRST_PAUSE_SECONDS
        return line

    def cosignature(self, http: httpx.Client, note: Note, point: Checkpoint, prove: Prove) -> NoteSignature:
        """The witness's line over the checkpoint in `note`, verified.

        Raises Refusal: `witness-unreachable`, `witness-refuses`, `witness-answer-unfit`; and those that speak of two
        histories, `witness-ahead`, `witness-contradicts`.
        """
        name, old = self.witness.name, min(self._known, point.size)
        for _ in range(_TRIES):
            response, body = self._post(http, request_body(old, prove(old), note.data))
            match response.status_code:
                case 200:
                    line = self._opened(note, point, body)
                    self._known = point.size
                    return line
                case 409 if _media(response) == _SIZE_MEDIA:
                    seen = self._size(body)
                    if seen > point.size:
                        raise Refusal("witness-ahead", name=name, seen=seen, size=point.size)
                    if seen == old:
                        raise Refusal("witness-answer-unfit", name=name, reason="it refuses the size it asks for")
                    old = seen
                case 409 | 422:
                    raise Refusal("witness-contradicts", name=name, seen=old)
                case status:
                    raise Refusal("witness-refuses", name=name, status=status)
        raise Refusal("witness-answer-unfit", name=name, reason="its size changes all the time")

    def _post(self, http: httpx.Client, body: bytes) -> tuple[httpx.Response, bytes]:
        """The answer, bounded in bytes and time."""
        name, until, answer = self.witness.name, time.monotonic() + ANSWER_SECONDS, bytearray()
        try:
            with http.stream("POST", f"{self.witness.url}/add-checkpoint", content=body) as response:
                for part in response.iter_bytes():
                    answer += part
                    if len(answer) > _MAX_ANSWER:
                        raise Refusal("witness-answer-unfit", name=name, reason="too long")
                    if time.monotonic() > until:
                        raise Refusal("witness-unreachable", name=name, reason="too slow")
                return response, bytes(answer)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:  # ValueError: a host that idna cannot write
            raise Refusal("witness-unreachable", name=name, reason=type(error).__name__) from error

    def _opened(self, note: Note, point: Checkpoint, body: bytes) -> NoteSignature:
        key = self.witness.key
        try:
            answer = parse_note(note.text + b"\n" + body)
            if key in signature_times(answer, point, [key]):
                return next(line for line in answer.signatures if (line.name, line.key_id) == (key.name, key.key_id))
        except VerificationError as error:
            raise Refusal("witness-answer-unfit", name=self.witness.name, reason=error.detail) from error
        raise Refusal("witness-answer-unfit", name=self.witness.name, reason="not signed by the key in the policy")

    def _size(self, body: bytes) -> int:
        try:
            return parse_size(body.decode("ascii").removesuffix("\n"))
        except (VerificationError, UnicodeDecodeError) as error:
            raise Refusal("witness-answer-unfit", name=self.witness.name, reason="no size in a 409") from error


def _media(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip()
