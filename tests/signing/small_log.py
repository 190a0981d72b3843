"""A small log written from the format text alone, so that the stand-alone verifier is tried against a second writer.

Nothing of `signing` is used here. Every part can be spoilt before or after it is signed.
"""

from __future__ import annotations

import hashlib
import json
import struct
import uuid
import zipfile
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

ORIGIN = "hanoi.mocban/0011223344556677"
DASH = "\u2014 ".encode()


def b64(data: bytes) -> str:
    """Standard base64, padded."""
    return b64encode(data).decode()


def leaf(entry: bytes) -> bytes:
    """RFC 6962 leaf hash."""
    return hashlib.sha256(b"\0" + entry).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962 tree hash, as the definition reads."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\1" + root(hashes[:split]) + root(hashes[split:])).digest()


def path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """RFC 9162 section 2.1.3.1."""
    if len(hashes) <= 1:
        return []
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    if index < split:
        return [*path(hashes[:split], index), root(hashes[split:])]
    return [*path(hashes[split:], index - split), root(hashes[:split])]


@dataclass
class Person:
    """A principal and a key."""

    actor: str
    key: Ed25519PrivateKey

    @classmethod
    def number(cls, n: int) -> Person:
        """The same person for the same number."""
        return cls(str(uuid.UUID(int=n + (7 << 76) + (8 << 60))), Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32))

    @property
    def typed(self) -> bytes:
        """Type byte and public key."""
        return b"\1" + self.key.public_key().public_bytes_raw()

    @property
    def kid(self) -> str:
        """Base64 SHA-256 of the typed key."""
        return b64(hashlib.sha256(self.typed).digest())

    def line(self, text: bytes, origin: str = ORIGIN) -> bytes:
        """A note's signature line."""
        name = f"{origin}/{self.actor}"
        key_id = hashlib.sha256(name.encode() + b"\n" + self.typed).digest()[:4]
        return DASH + name.encode() + b" " + b64(key_id + self.key.sign(text)).encode() + b"\n"


REGISTRARS = [Person.number(1), Person.number(2)]
CLERK, SERVICE, STRANGER, SECOND = (Person.number(n) for n in (3, 4, 5, 6))
Event = tuple[uuid.UUID, int, str, bytes]


def event_entry(event: Event) -> bytes:
    """Section 2 of the format."""
    stream, version, kind, payload = event
    return stream.bytes + struct.pack(">QH", version, len(kind)) + kind.encode() + payload


@dataclass
class SmallLog:
    """Acts and events in memory; `files` lays them out as an export. `ed` and `pq` are the log's own keys."""

    origin: str = ORIGIN
    entries: list[bytes] = field(default_factory=list)
    events: list[bytes] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    versions: dict[uuid.UUID, int] = field(default_factory=dict)
    ed: Ed25519PrivateKey = field(default_factory=lambda: Ed25519PrivateKey.from_private_bytes(b"e" * 32))
    pq: MLDSA44PrivateKey = field(default_factory=lambda: MLDSA44PrivateKey.from_seed_bytes(b"q" * 32))
    noted: dict[int, bytes] = field(default_factory=dict)

    @property
    def registry(self) -> uuid.UUID:
        """The registry's stream."""
        raw = bytearray(hashlib.sha256(f"mocban/registry/v1:{self.origin}".encode()).digest()[:16])
        raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
        return uuid.UUID(bytes=bytes(raw))

    def event(self, stream: uuid.UUID, kind: str, **members: Any) -> Event:
        """The stream's next event."""
        self.versions[stream] = self.versions.get(stream, 0) + 1
        payload = json.dumps({"type": kind, **members}, separators=(",", ":"), ensure_ascii=False).encode()
        return stream, self.versions[stream], kind, payload

    def header(self, act: str, events: Sequence[Event], signers: Sequence[Person], **changes: Any) -> dict[str, Any]:
        """A header as the format wants it, `changes` applied (`for_` is `for`); None takes a member away."""
        size = max(self.noted, default=0)
        entries = [event_entry(event) for event in events]
        header = {
            "act": act,
            "actor": signers[0].actor,
            "at": "2026-11-22T01:02:03.000004Z",
            "basis": {"code": "resolution", "ref": "1656/NQ-UBTVQH15 đợt 1"},
            "events": len(events),
            "id": str(uuid.UUID(int=len(self.entries) + 1 + (7 << 76) + (8 << 60))),
            "kids": [person.kid for person in signers],
            "root": b64(root([leaf(entry) for entry in entries])),
            "seen": {"root": b64(root([leaf(entry) for entry in self.entries[:size]])), "size": size},
            **changes,
        }
        return {name.rstrip("_"): value for name, value in header.items() if value is not None}

    def add(
        self,
        act: str,
        events: Sequence[Event],
        signers: Sequence[Person],
        *,
        line: Callable[[bytes], bytes] = lambda line: line,
        note: Callable[[bytes], bytes] = lambda note: note,
        **changes: Any,
    ) -> int:
        """Append an act and return its index. `line` spoils the JSON before signing, `note` the note after it."""
        header = json.dumps(
            self.header(act, events, signers, **changes), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        text = f"{self.origin}/act/v1\n".encode() + line(header.encode()) + b"\n"
        self.firsts.append(len(self.events))
        self.events += [event_entry(event) for event in events]
        self.entries.append(note(text + b"\n" + b"".join(person.line(text, self.origin) for person in signers)))
        return len(self.entries) - 1

    def found(self, quorum: int = 2) -> None:
        """Genesis, a clerk, a service that acts for others, their roles; then a checkpoint (size 6)."""
        registrars = [{"actor": p.actor, "key": b64(p.typed)} for p in REGISTRARS]
        policy = {"quorum": 0, "witnesses": []}
        members = {"origin": self.origin, "log_id": str(uuid.UUID(int=9)), "registrars": registrars, "quorum": quorum}
        keys = {"log_vkeys": self.vkeys(), "witness_policy": policy, "timestamp_authorities": []}
        genesis = self.event(self.registry, "registry.genesis/1", **members, **keys)
        self.add("log.found", [genesis], REGISTRARS)
        for person in (CLERK, SERVICE):
            self.enrol(person)
        self.grant(CLERK, "clerk", ["file.*", "custody.hand-over"])
        self.grant(SERVICE, "service", ["access.*"], on_behalf=True)
        self.register(2)
        self.publish()

    def enrol(self, person: Person, signers: Sequence[Person] | None = None, **changes: Any) -> int:
        """Enrol a person's key."""
        event = self.event(
            self.registry, "registry.key-enrolled/1", actor=person.actor, key=b64(person.typed), held="server"
        )
        return self.add("registry.enrol", [event], [*REGISTRARS, person] if signers is None else signers, **changes)

    def grant(self, person: Person, role: str, acts: list[str], *, on_behalf: bool = False) -> int:
        """Grant a role."""
        more = {"on_behalf": True} if on_behalf else {}
        event = self.event(self.registry, "registry.role-granted/1", actor=person.actor, role=role, acts=acts, **more)
        return self.add("registry.grant", [event], REGISTRARS)

    def revoke(self, person: Person, since: int | None = None) -> int:
        """Revoke a key."""
        more = {} if since is None else {"compromised_since": since}
        event = self.event(self.registry, "registry.key-revoked/1", kid=person.kid, reason="lost", **more)
        return self.add("registry.revoke", [event], REGISTRARS)

    def register(self, events: int = 1, person: Person = CLERK, stream: int = 0, **changes: Any) -> int:
        """A clerk registers a file: `events` events on one new (or given) stream."""
        file = uuid.UUID(int=stream or (1 << 70) + len(self.entries))
        made = [self.event(file, "file.registered/1", FileCode=f"HS-{n}", Title=SEALED) for n in range(events)]
        return self.add("file.register", made, [person], **changes)

    def publish(self) -> bytes:
        """Sign a checkpoint of all there is and keep it."""
        size = len(self.entries)
        self.noted[size] = self.checkpoint(size)
        return self.noted[size]

    def checkpoint(self, size: int, hashes: Sequence[bytes] | None = None) -> bytes:
        """A checkpoint over the first `size` entries (or over `hashes`), by both keys."""
        top = root([leaf(entry) for entry in self.entries[:size]] if hashes is None else hashes)
        text = f"{self.origin}\n{size}\n{b64(top)}\n".encode()
        name = self.origin.encode()
        stamp = struct.pack(">Q", 1_790_000_000)
        message = b"subtree/v1\n\0" + bytes([len(name)]) + name + stamp + bytes([len(name)]) + name
        message += struct.pack(">QQ", 0, size) + top
        signed = [(self.typed_keys()[0], self.ed.sign(text)), (self.typed_keys()[1], stamp + self.pq.sign(message))]
        lines = [DASH + name + b" " + b64(self.key_id(key) + signature).encode() + b"\n" for key, signature in signed]
        return text + b"\n" + b"".join(lines)

    def typed_keys(self) -> list[bytes]:
        """The log's keys, type byte first."""
        return [b"\1" + self.ed.public_key().public_bytes_raw(), b"\6" + self.pq.public_key().public_bytes_raw()]

    def key_id(self, typed: bytes) -> bytes:
        """Four bytes."""
        return hashlib.sha256(self.origin.encode() + b"\n" + typed).digest()[:4]

    def vkeys(self) -> list[str]:
        """The log's verifier keys as text."""
        return [f"{self.origin}+{self.key_id(key).hex()}+{b64(key)}" for key in self.typed_keys()]

    def trust(self) -> dict[str, Any]:
        """A trust file's content."""
        return {"genesis": b64(leaf(self.entries[0])), "vkeys": self.vkeys(), "origin": self.origin}

    def files(self) -> dict[str, bytes]:
        """The export folder, name to bytes, under a fresh checkpoint."""
        out = {"checkpoint": self.publish(), "genesis": self.entries[0]}
        out |= {f"checkpoints/{size}": note for size, note in self.noted.items()}
        out |= bundles("entries", [struct.pack(">H", len(entry)) + entry for entry in self.entries])
        out |= bundles("events", [struct.pack(">I", len(entry)) + entry for entry in self.events])
        out |= bundles("positions", [struct.pack(">Q", first) for first in self.firsts])
        level, hashes = 0, [leaf(entry) for entry in self.entries]
        while hashes:
            out |= bundles(str(level), hashes)
            hashes = [root(hashes[at : at + 256]) for at in range(0, len(hashes) // 256 * 256, 256)]
            level += 1
        return out

    def proof(self, index: int, event: int = 0, checkpoint: bytes | None = None) -> str:
        """A `.tlog-proof` of one event."""
        first = self.firsts[index]
        count = (self.firsts[index + 1] if index + 1 < len(self.firsts) else len(self.events)) - first
        inner = path([leaf(e) for e in self.events[first : first + count]], event)
        entry, proven = self.entries[index], self.events[first + event]
        extra = struct.pack(">H", len(entry)) + entry + struct.pack(">IB", event, len(inner)) + b"".join(inner)
        extra += struct.pack(">I", len(proven)) + proven
        hashes = "".join(b64(h) + "\n" for h in path([leaf(e) for e in self.entries], index))
        note = (checkpoint or self.publish()).decode()
        return f"c2sp.org/tlog-proof@v1\nextra {b64(extra)}\nindex {index}\n{hashes}\n{note}"


SEALED = {"alg": "A256GCM", "kc": b64(bytes(32)), "nonce": b64(bytes(12)), "ct": b64(bytes(32)), "len": 40}


def bundles(kind: str, items: Sequence[bytes]) -> dict[str, bytes]:
    """256 items a file; small logs need no more than three digits."""
    out = {}
    for number, at in enumerate(range(0, len(items), 256)):
        part = items[at : at + 256]
        out[f"tile/{kind}/{number:03d}" + ("" if len(part) == 256 else f".p/{len(part)}")] = b"".join(part)
    return out


def write_folder(files: Mapping[str, bytes], base: Path) -> Path:
    """Lay files out under `base`."""
    for name, data in files.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_bytes(data)
    return base


def write_bundle(files: Mapping[str, bytes], at: Path, compression: int = zipfile.ZIP_STORED) -> Path:
    """The same as a zip."""
    with zipfile.ZipFile(at, "w", compression) as out:
        for name, data in files.items():
            out.writestr(name, data)
    return at
