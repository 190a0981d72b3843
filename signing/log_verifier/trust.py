"""Signed notes, checkpoints, and what is believed beforehand."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from signing.log_verifier.encoding import FAR, from_base64, to_base64
from signing.log_verifier.finding import Bad

_P: Final = 2**255 - 19
_EIGHTH: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_WEAK_KEYS: Final = {0, 1, _P - 1, _P, _P + 1, _EIGHTH, _P - _EIGHTH}  # y of the points of small order


class LogKey(NamedTuple):
    """A verifier key (vkey) of a log or witness: type 1 Ed25519, 4 Ed25519 cosignature, 6 ML-DSA-44 cosignature."""

    name: str
    id: bytes
    type: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> LogKey:
        with suppress(ValueError, IndexError):
            name, key_id, encoded = text.strip().split("+", 2)
            raw = from_base64(encoded)
            if key_hash(name, raw).hex() == key_id and raw[0] in {1, 4, 6} and not signs_anything(raw[1:]):
                return cls(name, bytes.fromhex(key_id), raw[0], raw[1:])
        raise Bad("checkpoint-malformed", "vkey")

    @property
    def kid(self) -> bytes:
        return to_base64(sha256(bytes([self.type]) + self.public).digest())

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Whether `signature` (what follows the key id) is this key's over the note `text`."""
        with suppress(InvalidSignature, ValueError, struct.error):
            if self.type == 6:
                name, (origin, size, root) = self.name.encode(), text.split(b"\n")[:3]
                head = b"subtree/v1\n\0" + bytes([len(name)]) + name + signature[:8] + bytes([len(origin)]) + origin
                message = head + struct.pack(">QQ", 0, int(size)) + from_base64(root)
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature[8:], message)
            else:
                time = b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[:8], "big") if self.type == 4 else b""
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature[8 if time else 0 :], time + text)
            return True
        return False


def key_hash(name: str, typed_key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + typed_key).digest()[:4]


def signs_anything(public: bytes) -> bool:
    """Whether an Ed25519 key has small order: then one signature by it fits many texts."""
    return int.from_bytes(public, "little") & (2**255 - 1) in _WEAK_KEYS


class Checkpoint(NamedTuple):
    """C2SP tlog-checkpoint, a signed note: `text`, and of each signature the key's name and key id || signature."""

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: list[tuple[str, bytes]]

    @classmethod
    def parse(cls, data: bytes) -> Checkpoint:
        with suppress(ValueError):
            text, signatures = parse_note(data[: 1 << 20])
            origin, size, root, *extensions = text.decode()[:-1].split("\n")
            if re.fullmatch(r"0|[1-9][0-9]{0,17}", size) and origin and all(extensions) and len(origin.encode()) < 256:
                return cls(origin, int(size), from_base64(root, 32), text, signatures)
        raise Bad("checkpoint-malformed")


def must_be_file(path: Path) -> None:
    """A pipe or a device may never end. Raises ValueError."""
    if not path.is_file():
        raise ValueError(f"không phải tệp / not a file: {path}")


def parse_note(data: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """C2SP signed-note: its text and its signatures. Raises ValueError."""
    text, _, lines = data.partition(b"\n\n")
    found = [re.fullmatch(rb"\xe2\x80\x94 ([^ +]+) ([A-Za-z0-9+/=]+)", line) for line in lines.split(b"\n")[:-1]]
    if not found or not all(found) or not lines.endswith(b"\n"):
        raise ValueError("note")
    return text + b"\n", [(m[1].decode(), from_base64(m[2])) for m in found if m]


def signers(keys: Iterable[LogKey], text: bytes, signatures: list[tuple[str, bytes]]) -> list[LogKey]:
    """The keys that signed a note. A known key whose signature fails condemns it. Raises Bad."""
    good = []
    for key in keys:
        found = [raw[4:] for name, raw in signatures if name == key.name and raw[:4] == key.id]
        if found and not key.signed(text, found[0]):
            raise Bad("checkpoint-signature", key.name)
        good += [key] if found else []
    return good


class _UnfitError(ValueError):
    """args: the member of a trust file that cannot be taken as it is."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of a name given twice nobody could say which was meant. Raises _UnfitError."""
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _UnfitError("…")
    return value


def _policy(said: Any) -> tuple[int, list[LogKey]]:
    """How many of which witnesses; none where nothing is said. Raises _UnfitError: else a slip would ask for nobody."""
    if said is None or said == {}:
        return 0, []
    quorum = said.get("quorum")
    if not said.keys() <= {"quorum", "witnesses"} or type(quorum) is not int or quorum < 0:
        raise _UnfitError("policy")
    return quorum, [LogKey.parse(text) for text in said.get("witnesses", [])]


@dataclass
class Trust:
    """What the verifier believes beforehand; `anchored` is False when it was taken from the log itself."""

    anchored: bool = False
    genesis: bytes | None = None
    origin: str | None = None
    keys: list[LogKey] = field(default_factory=list)
    quorum: int = 0
    witnesses: list[LogKey] = field(default_factory=list)
    pades: bytes | None = None
    pades_issuer: bytes = b""
    checkpoints: list[bytes] = field(default_factory=list)
    ended: dict[bytes, int] = field(default_factory=dict)  # log keys by kid, and the act that revoked each

    @classmethod
    def load(cls, path: Path) -> Trust:
        """Raises ValueError (a usage error: the reader's own file)."""
        must_be_file(path)
        try:
            raw = json.loads(path.read_bytes(), object_pairs_hook=_each_once)
            quorum, witnesses = _policy(raw.get("policy"))
            if not raw["vkeys"]:
                raise _UnfitError("vkeys")  # else nobody need have signed
            return cls(
                anchored=True,
                genesis=from_base64(raw["genesis"], 32),
                origin=raw.get("origin"),
                keys=[LogKey.parse(text) for text in raw["vkeys"]],
                quorum=quorum,
                witnesses=witnesses,
                pades=from_base64(raw["pades"]) if raw.get("pades") else None,
                pades_issuer=from_base64(raw.get("pades_issuer") or ""),
                checkpoints=[text.encode() for text in raw.get("checkpoints", [])],
            )
        except (Bad, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            which = str(error.args[0])[:60] if isinstance(error, KeyError | _UnfitError) else ""
            raise ValueError(f"không phải tệp tin cậy / not a trust file: {path.name} {which}".rstrip()) from None

    def log_keys(self, origin: str, size: int) -> list[LogKey]:
        """The log's keys that may sign over `size` acts: not one that an act among those revoked."""
        return [key for key in self.keys if key.name == origin and self.ended.get(key.kid, FAR) >= size]

    def check(self, point: Checkpoint, *, latest: bool, classical: bool = False) -> None:
        """Origin, a good signature of each algorithm the log has, and of the latest the witnesses' quorum.

        classical: a proof may have been made without the long ML-DSA-44 signature, and has the Ed25519 one then.
        """
        keys = self.log_keys(point.origin, point.size)
        if not keys or self.origin not in {None, point.origin}:
            raise Bad("checkpoint-origin", point.origin[:120])
        good = {key.type for key in signers(keys, point.text, point.signatures)}
        if missing := {key.type for key in keys} - good - ({6} if classical and 1 in good else set()):
            raise Bad("checkpoint-signature", f"type {min(missing):02x}")
        cosigned = signers(self.witnesses, point.text, point.signatures)
        found = min(len({key.name for key in cosigned}), len({key.public for key in cosigned}))  # a name counts once
        if latest and found < self.quorum:
            raise Bad("witness-quorum", f"{found} < {self.quorum}")
