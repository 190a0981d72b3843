"""The witness: cosigns a checkpoint only if it extends the last one it cosigned of that log, and remembers it first.

C2SP tlog-witness v1.0.0. Its one promise: it never cosigns two checkpoints of a log that do not agree, nor a smaller
one after a larger, across crashes too. So the check and the record are one step, and the answer comes after both.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

from domain.errors import Refusal
from mocban.witness.known_logs import KnownLogs
from mocban.witness.records import Records, Refused
from mocban.witness.request import AddCheckpoint, parse_request
from signing.checkpoint import Checkpoint, cosign, signature_times
from signing.consistency_proof import verify_consistency
from signing.fault_point import FaultPoint, reached
from signing.merkle import EMPTY_ROOT
from signing.note import Note, NoteSignature, Signer, VerifierKey
from signing.verification_error import VerificationError

_log: Final = logging.getLogger(__name__)


class Witness:
    """Thread-safe; requests for one log are handled one after another, for different logs side by side."""

    def __init__(
        self,
        *,
        signer: Signer,
        logs: KnownLogs,
        records: Records,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """signer: the witness's type-04 key."""
        self.signer: Final = signer
        self.logs: Final = logs
        self.records: Final = records
        self._clock = clock
        self._turns: defaultdict[str, Lock] = defaultdict(Lock)
        self._turns_lock = Lock()

    def add_checkpoint(self, body: bytes) -> bytes:
        """The cosignature line over the checkpoint in a request.

        Raises Refusal: `witness-request-unfit`, `witness-request-too-large`, `witness-log-unknown`,
        `witness-log-signature`, `witness-old-larger`, `witness-size-differs` (its fact `size` is what was cosigned
        last), `witness-root-differs`, `witness-proof-unfit`, `witness-store-damaged`, `witness-store-unwritable`.
        """
        request = parse_request(body)
        origin = request.point.origin
        keys = self.logs.keys_of(origin)
        if not keys:
            raise Refusal("witness-log-unknown")
        signed = _signed_by(request.note, request.point, keys)
        if request.old > request.point.size:
            raise Refusal("witness-old-larger", old=request.old, size=request.point.size)
        try:
            with self._turn(origin):
                self._check(request, body)
                reached(FaultPoint.WITNESS_CHECKED)
                line = cosign(request.note.text, self.signer, int(self._clock()))
                reached(FaultPoint.WITNESS_SIGNED)
                self.records.keep(origin, Note(request.note.text, signed).data + line)
        except OSError as error:
            _log.error(
                "không đọc hoặc ghi được sổ của nhân chứng nên không ký gì · "
                "records cannot be read or written, so nothing is cosigned: %s",
                error.strerror,
            )
            raise Refusal("witness-store-unwritable") from error
        reached(FaultPoint.WITNESS_STORED)
        return line

    def _check(self, request: AddCheckpoint, body: bytes) -> None:
        """The checkpoint extends the one on record."""
        latest = self.records.latest(request.point.origin)
        old_size, old_root = (0, EMPTY_ROOT) if latest is None else (latest.size, latest.root)
        point = request.point
        if request.old != old_size:
            raise Refusal("witness-size-differs", size=old_size)
        if point.size == old_size and point.root != old_root:
            self._keep_refused(Refused.FORK, request, body)
            raise Refusal("witness-root-differs", size=old_size)
        try:
            verify_consistency(old_size, old_root, point.size, point.root, request.proof)
        except VerificationError as error:
            self._keep_refused(Refused.UNPROVEN, request, body)
            raise Refusal("witness-proof-unfit", old=old_size, size=point.size) from error

    def _keep_refused(self, kind: Refused, request: AddCheckpoint, body: bytes) -> None:
        """The refusal stands whether or not its evidence can be kept."""
        _log.warning("đã từ chối · refused (%s): kích thước · size %d", kind, request.point.size)
        try:
            self.records.keep_refused(kind, request, body)
        except OSError as error:
            _log.warning("không giữ được chứng cứ · the evidence could not be kept: %s", type(error).__name__)

    def _turn(self, origin: str) -> Lock:
        with self._turns_lock:
            return self._turns[origin]


def _signed_by(note: Note, point: Checkpoint, keys: Sequence[VerifierKey]) -> tuple[NoteSignature, ...]:
    """The signature lines of the log's known keys: all of them good, one at least of each kind of key that is known.

    Knowing a log by an Ed25519 and an ML-DSA-44 key asks for both, as when a checkpoint is opened anywhere else.
    """
    try:
        times = signature_times(note, point, keys)
    except VerificationError as error:
        raise Refusal("witness-log-signature") from error
    if {key.type for key in keys} - {key.type for key in times}:
        raise Refusal("witness-log-signature")
    known = {(key.name, key.key_id) for key in times}
    lines = {(line.name, line.key_id): line for line in note.signatures if (line.name, line.key_id) in known}
    return tuple(lines.values())
