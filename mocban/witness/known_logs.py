"""The logs that a witness knows: a text file for people to edit, read anew whenever it has changed.

The form is that of the witness network's log lists: a line `logs/v0`, then for each log a line `vkey KEY` and what
belongs to it; `origin NAME` where the origin is not the key's own name; `bastion`, `qpd` and `contact` are allowed and
not used. A log with several keys (or kinds of keys) is listed once for each.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from domain.errors import Refusal
from mocban.process_note import waiting_turn
from signing.durable_file import write_durably
from signing.note import ED25519, ED25519_COSIGNATURE, ML_DSA_44, VerifierKey
from signing.verification_error import VerificationError

HEADER: Final = "logs/v0"
_START: Final = f"# Sổ mà nhân chứng này biết / logs that this witness knows\n{HEADER}\n"
_UNUSED: Final = frozenset({"bastion", "qpd", "contact"})
_CHECKPOINT_KEYS: Final = frozenset({ED25519, ED25519_COSIGNATURE, ML_DSA_44})
_log: Final = logging.getLogger(__name__)


class KnownLogs:
    """`<store>/logs`. Thread-safe. A file that became nonsense or unreadable is told of; the list before it stands."""

    def __init__(self, folder: Path) -> None:
        """folder: the witness's. Raises Refusal `witness-logs-unfit`."""
        self.path: Final = folder / "logs"
        self._turns = folder / "run"
        self._lock = Lock()
        self._unreadable = False
        try:
            self._stamp = self._stamped()
            self._keys = self._read()
        except OSError as error:
            reason = f"it cannot be read ({type(error).__name__})"
            raise Refusal("witness-logs-unfit", path=self.path.name, line="0", reason=reason) from error

    def keys_of(self, origin: str) -> tuple[VerifierKey, ...]:
        """The keys trusted for a log, none when it is unknown."""
        with self._lock:
            self._refresh()
            return self._keys.get(origin, ())

    def all(self) -> dict[str, tuple[VerifierKey, ...]]:
        """Every log's keys by its origin."""
        with self._lock:
            self._refresh()
            return dict(self._keys)

    def trust(self, origin: str, vkeys: Sequence[str]) -> int:
        """Add keys of a log to the file, durably; how many were new. What people wrote in it stays as it is.

        Raises Refusal `witness-origin-unfit`, `witness-vkey-unfit`, `witness-logs-unfit`.
        """
        if not origin or origin.strip() != origin or not origin.isprintable() or origin == "none":
            raise Refusal("witness-origin-unfit")
        keys = [_key(text, number) for number, text in enumerate(vkeys, start=1)]
        with waiting_turn(self._turns, "logs"), self._lock:
            held = self._read().get(origin, ())
            fresh = [key for key in dict.fromkeys(keys) if key not in held]
            text = self.path.read_text("utf-8") if self.path.exists() else _START
            text += "" if text.endswith("\n") else "\n"
            text += "".join(f"\nvkey {key.text()}\norigin {origin}\n" for key in fresh)
            if fresh:
                write_durably(self.path, text.encode())
            self._stamp, self._keys = self._stamped(), self._read()
        return len(fresh)

    def _refresh(self) -> None:
        try:
            stamp = self._stamped()
            if stamp != self._stamp:
                self._read_again()
                self._stamp = stamp
            self._unreadable = False
        except OSError as error:  # tried again at the next request, told once
            if not self._unreadable:
                _log.warning(
                    "không đọc được danh sách sổ, danh sách trước vẫn dùng · "
                    "the list of logs cannot be read, the one before it stands: %s",
                    type(error).__name__,
                )
            self._unreadable = True

    def _read_again(self) -> None:
        try:
            self._keys = self._read()
        except Refusal as refusal:
            _log.warning("%s", refusal)

    def _stamped(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> dict[str, tuple[VerifierKey, ...]]:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        try:
            return parse_logs(data.decode())
        except (VerificationError, UnicodeDecodeError) as error:
            line, _, reason = str(error.detail if isinstance(error, VerificationError) else "0:not UTF-8").partition(
                ":"
            )
            raise Refusal("witness-logs-unfit", path=self.path.name, line=line, reason=reason) from error


def parse_logs(text: str) -> dict[str, tuple[VerifierKey, ...]]:
    """Keys by origin. Raises VerificationError `logs`, its detail `line:reason`."""
    entries: list[tuple[VerifierKey, str]] = []
    started = False
    for number, word, rest in _lines(text):
        if not started:
            if (word, rest) != (HEADER, ""):
                raise _failure(number, f"the first line is not {HEADER}")
            started = True
        elif word == "vkey":
            entries.append(_entry(rest, number))
        elif word == "origin" and entries:
            key, _ = entries[-1]
            entries[-1] = (key, key.name if rest == "none" else rest)
        elif word not in _UNUSED or not entries:
            raise _failure(number, f"{word[:20]!r} does not belong here")
    known: dict[str, tuple[VerifierKey, ...]] = {}
    for key, origin in entries:
        known[origin] = (*known.get(origin, ()), key)
    return known


def _lines(text: str) -> Iterable[tuple[int, str, str]]:
    """(number, first word, rest) of the lines that say something."""
    for number, line in enumerate(text.split("\n"), start=1):
        told = line.strip()
        if told and not told.startswith("#"):
            word, _, rest = told.partition(" ")
            yield number, word, rest.strip()


def _entry(text: str, number: int) -> tuple[VerifierKey, str]:
    try:
        key = checkpoint_key(text)
    except VerificationError as error:
        raise _failure(number, error.detail) from error
    return key, key.name


def _key(text: str, number: int) -> VerifierKey:
    try:
        return checkpoint_key(text)
    except VerificationError as error:
        raise Refusal("witness-vkey-unfit", number=number, reason=error.detail) from error


def checkpoint_key(text: str) -> VerifierKey:
    """A vkey that can sign checkpoints. Raises VerificationError `vkey`."""
    key = VerifierKey.parse(text)
    if key.type not in _CHECKPOINT_KEYS:
        raise VerificationError("vkey", "a key of a type that signs no checkpoints")
    return key


def _failure(number: int, reason: str) -> VerificationError:
    return VerificationError("logs", f"{number}:{reason}")
