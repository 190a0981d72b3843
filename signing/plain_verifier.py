"""Kiểm tra một sổ Mộc Bản, ngoại tuyến, bằng một tệp đọc hết trong một buổi / check a Mộc Bản ledger in one sitting.

    python verify.py PATH [--trust FILE] [--checkpoint FILE]... [--json]

PATH: an export folder, a bundle (.zip, whole or partial), a custody certificate (.pdf), a proof (.tlog-proof) or a
disclosure (.json). Exit: 0 nothing bad, 2 wrong usage, 4 something bad. Needs Python 3.11 and `cryptography`, shares no
code with the product. The formats are told in FORMATS.txt, beside this file in every bundle; "section" means its own.

From top to bottom: hashes; files; checkpoints and trust; acts and events; the registry of keys; a whole log, read once,
act after act; what proofs show alone; the report. Without a trust file it says only that the log agrees with itself.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import struct
import sys
import unicodedata
import zipfile
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, cast

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7

WORDS = {  # by the first word of a finding's code; the code tells the rest
    "input file member manifest bundle": "Tệp hỏng, thiếu hoặc khác bảng kê | A file is broken, missing, not as listed",
    "checkpoint history witness root genesis": "Sổ trái với điểm đã ký | The log is not what was signed or is trusted",
    "tile": "Ô (tile) thiếu, thừa hoặc sai | A tile is missing, unknown or wrong",
    "entry": "Hành vi bị sửa, bỏ, chèn hoặc đổi chỗ | The act was altered, dropped, inserted or moved",
    "act seen": "Hành vi trái khuôn dạng, sự kiện hoặc lịch sử | The act contradicts the format, its events or history",
    "signature signer": "Chữ ký sai, thiếu hoặc thừa | A signature is wrong, missing or too many",
    "key actor role on": "Người ký không có khóa hoặc quyền lúc đó | A signer had no key, or no right, at that point",
    "registry": "Hành vi trên sổ khóa sai hoặc thiếu người ký | An act on the key registry is wrong or lacks signers",
    "event": "Sự kiện thiếu, sai khuôn hoặc sai thứ tự | The event is missing, malformed or out of order",
    "pdf": "Chữ ký PDF sai hoặc không bao trùm cả tệp | The PDF signature is wrong or does not cover the file",
    "proof disclosure": "Chứng cứ sai, không chứng minh điều này | The proof is wrong: it does not show this",
}
NEVER = 1 << 62  # an index that no act reaches
MAX_FILE = 256 * (65_536 + 4)  # bytes of the largest legal file, a bundle of 256 events
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Bad(Exception):  # noqa: N818  a finding, not an error of the program
    def __init__(self, code: str, detail: str = "", act: int | None = None, event: int | None = None) -> None:
        super().__init__(code, detail, act, event)
        self.code, self.detail, self.act, self.event = code, detail, act, event


def must(good: object, code: str = "", detail: str = "", act: int | None = None, event: int | None = None) -> None:
    """Else it is bad. Without a code it is what the `wrong_is` around it says."""
    if not good:
        raise Bad(code, detail, act, event) if code else ValueError


@contextmanager
def wrong_is(code: str, detail: str = "") -> Iterator[None]:
    """Whatever goes wrong while foreign bytes are taken apart means this: JSON, DER, ciphers fail in their own ways."""
    try:
        yield
    except Exception as wrong:  # noqa: BLE001
        raise wrong if isinstance(wrong, Bad) else Bad(code, detail) from None


class noted:  # noqa: N801  used as a word: with noted(...)
    """A check after which reading goes on; what it finds is noted, at this place when it names none itself."""

    def __init__(self, bad: list[Bad], act: int | None = None, event: int | None = None) -> None:
        self.bad, self.act, self.event = bad, act, event

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, one: object, _trace: object) -> bool:
        if isinstance(one, Bad):
            here = one.act is None and self.act is not None
            self.bad.append(Bad(one.code, one.detail, self.act, self.event) if here else one)
        return isinstance(one, Bad)


# ---- hashes and encodings (section 1)
def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Tree:
    """An RFC 6962 tree that grows: of the complete subtrees not yet joined with another, the largest stands first."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size, self.subtrees = 0, list[bytes]()
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        self.size += 1
        height = self.size
        while height & 1 == 0:  # two of one size make one of twice the size
            leaf, height = node(self.subtrees.pop(), leaf), height >> 1
        self.subtrees.append(leaf)

    def root(self) -> bytes:
        return (
            reduce(lambda right, left: node(left, right), reversed(self.subtrees)) if self.size else sha256().digest()
        )


def path_root(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """Where an inclusion path leads, by the definition (RFC 6962 section 2.1.1); one that does not fit: nowhere."""
    if not 0 <= index < size or (size == 1) != (not path):
        return b""
    if size == 1:
        return leaf
    half = 1 << ((size - 1).bit_length() - 1)
    if index < half:
        return node(path_root(index, half, leaf, path[:-1]), path[-1])
    return node(path[-1], path_root(index - half, size - half, leaf, path[:-1]))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(text: str, length: int | None = None) -> bytes:
    data = base64.b64decode(text, validate=True)
    must(b64(data) == text and length in {None, len(data)})
    return data


def cut(data: bytes, width: int) -> tuple[list[bytes], bool]:
    """Records of `length || bytes`, lengths of `width` bytes; and whether the data ends where the last one does."""
    records, at = list[bytes](), 0
    while at + width <= len(data) and at + width + int.from_bytes(data[at : at + width], "big") <= len(data):
        start, at = at + width, at + width + int.from_bytes(data[at : at + width], "big")
        records.append(data[start:at])
    return records, at == len(data)


# ---- files: of a folder or of a .zip, which is never unpacked
class Files:
    """Files by name. fetch: the bytes of one, no more than MAX_FILE + 1. bad: what is wrong with the whole."""

    def __init__(self, names: Iterable[str], fetch: Callable[[str], bytes]) -> None:
        self.names, self.fetch, self.bad = set(names), fetch, list[Bad]()

    def read(self, name: str) -> bytes:
        with wrong_is("file-unreadable", name[:120]):
            must(name in self.names)
            data = self.fetch(name)
            must(len(data) <= MAX_FILE)
            return data

    @classmethod
    def folder(cls, base: Path) -> Files:
        def fetch(name: str) -> bytes:
            must((base / name).is_file() and not (base / name).is_symlink())
            with (base / name).open("rb") as file:
                return file.read(MAX_FILE + 1)

        paths = [Path(at) / name for at, _, names in os.walk(base) for name in names]
        return cls([path.relative_to(base).as_posix() for path in paths], fetch)

    @classmethod
    def bundle(cls, path: Path) -> Files:
        """Members that are stored, not compressed, and no more bytes in all than the file has: no bomb unfolds."""
        archive = zipfile.ZipFile(path)
        members = {member.filename: member for member in archive.infolist()}

        def fetch(name: str) -> bytes:
            must(members[name].compress_type == zipfile.ZIP_STORED)
            with archive.open(members[name]) as file:
                return file.read(MAX_FILE + 1)

        files = cls(members, fetch)
        for one in archive.infolist():
            unsafe = one.filename.startswith("/") or re.search(r"[\\:]|(^|/)\.\.(/|$)", one.filename)
            files.bad += [Bad("member-name", one.filename[:120])] if unsafe or members[one.filename] is not one else []
        fits = sum(member.file_size for member in archive.infolist()) <= path.stat().st_size
        must(fits, "input-unreadable", "more bytes in it than it has")
        return files


# ---- signed notes, checkpoints (section 4), and whom to trust
class LogKey(NamedTuple):
    """A verifier key of a log or witness; raw: type byte (1 Ed25519, 4 cosignature, 6 ML-DSA-44), and public key."""

    name: str
    raw: bytes

    def check(self, text: bytes, signature: bytes) -> None:
        kind, public, time = self.raw[0], self.raw[1:], int.from_bytes(signature[:8], "big")
        if kind == 6:
            name, (origin, size, root) = self.name.encode(), text.split(b"\n")[:3]
            message = b"subtree/v1\n\0" + bytes([len(name)]) + name + struct.pack(">QB", time, len(origin)) + origin
            message += struct.pack(">QQ", 0, int(size)) + unb64(root.decode(), 32)
            MLDSA44PublicKey.from_public_bytes(public).verify(signature[8:], message)
        elif kind == 4:
            message = b"cosignature/v1\ntime %d\n" % time + text
            Ed25519PublicKey.from_public_bytes(public).verify(signature[8:], message)
        else:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, text)


def key_id(name: str, raw: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + raw).digest()[:4]


def kid_of(raw: bytes) -> str:
    return b64(sha256(raw).digest())


def parse_vkey(text: str) -> LogKey:
    name, written, encoded = text.strip().split("+", 2)
    key = LogKey(name, unb64(encoded))
    must(key_id(name, key.raw).hex() == written and key.raw[0] in {1, 4, 6})
    return key


class Note(NamedTuple):
    """What is signed, and of each signature the key's name, and key id || signature. Of a checkpoint: what it says."""

    text: bytes
    signatures: list[tuple[str, bytes]]
    origin: str = ""
    size: int = 0
    root: bytes = b""

    def signers(self, keys: Iterable[LogKey]) -> list[LogKey]:
        """Those of the keys that signed; a signature that claims to be of one of them and is not condemns the note."""
        found = [
            (key, raw) for key in keys for name, raw in self.signatures if (name, raw[:4]) == (key.name, key_id(*key))
        ]
        for key, raw in found:
            with wrong_is("checkpoint-signature", key.name):
                key.check(self.text, raw[4:])
        return [key for key, _ in found]


def parse_note(data: bytes) -> Note:
    text, blank, lines = data.partition(b"\n\n")
    words = [line.split(" ") for line in lines.decode().removesuffix("\n").split("\n")]
    must(blank and lines.endswith(b"\n") and all(len(word) == 3 and word[0] == "\u2014" and word[1] for word in words))
    return Note(text + b"\n", [(name, unb64(raw)) for _, name, raw in words])


def parse_checkpoint(data: bytes, name: str = "") -> Note:
    with wrong_is("checkpoint-malformed", name):
        note = parse_note(data)
        origin, size, root, *more = note.text.decode()[:-1].split("\n")
        must(0 < len(origin.encode()) < 256 and all(more) and re.fullmatch(r"0|[1-9][0-9]{0,17}", size))
        return Note(*note[:2], origin, int(size), unb64(root, 32))


@dataclass
class Trust:
    """What is believed beforehand. ended: the log's keys that were revoked, each with the act that did it."""

    anchored: bool = False
    genesis: bytes | None = None
    origin: str | None = None
    keys: list[LogKey] = field(default_factory=list)
    quorum: int = 0
    witnesses: list[LogKey] = field(default_factory=list)
    pades: bytes | None = None
    checkpoints: list[bytes] = field(default_factory=list)
    ended: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Trust:
        with wrong_is("input-unreadable", path.name):
            raw = json.loads(path.read_bytes())
            (policy, keys), pades = (raw.get("policy") or {}, raw["vkeys"]), raw.get("pades")
            witnesses = [parse_vkey(text) for text in policy.get("witnesses", [])]
            known = (raw.get("origin"), [parse_vkey(text) for text in keys], int(policy.get("quorum", 0)), witnesses)
            checkpoints = [text.encode() for text in raw.get("checkpoints", [])]
            return cls(True, unb64(raw["genesis"], 32), *known, unb64(pades) if pades else None, checkpoints)

    def log_keys(self, origin: str, size: int) -> list[LogKey]:
        """Those that may sign a tree of `size` acts: none that one of these acts revoked."""
        return [key for key in self.keys if key.name == origin and self.ended.get(kid_of(key.raw), NEVER) >= size]

    def check(self, point: Note, *, latest: bool, short: bool = False) -> None:
        """A good signature of each kind of key the log has. latest: and of witnesses. short: Ed25519 alone will do."""
        keys = self.log_keys(point.origin, point.size)
        must(keys and self.origin in {None, point.origin}, "checkpoint-origin", point.origin[:120])
        good = {key.raw[0] for key in point.signers(keys)} | ({6} if short else set())
        must({key.raw[0] for key in keys} <= good, "checkpoint-signature", "missing")
        cosigned = {key.raw[1:] for key in point.signers(self.witnesses)}
        must(not latest or len(cosigned) >= self.quorum, "witness-quorum", f"{len(cosigned)} < {self.quorum}")


# ---- acts (section 3) and events (section 2)
def refuse(text: str) -> Any:
    raise ValueError(text)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    must(len(dict(pairs)) == len(pairs))
    return dict(pairs)


def event_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in an event: no nulls, and where it has an `alg` it is a sealed field (section 6)."""
    value, lists = once(pairs), [[item for _, item in pairs]]
    for one in lists:
        must(None not in one)
        lists += [item for item in one if isinstance(item, list)]
    if "alg" in value:
        with wrong_is("event-sealed"):
            blob = value["alg"] == "A256GCM-blob"
            must(list(value) == ["alg", "kc", "nonce", "ct", "len", *(["blob", "media"] if blob else [])])
            must(blob or value["alg"] == "A256GCM")
            must(unb64(value["kc"], 32) and unb64(value["nonce"], 12) and unb64(value["ct"], 32))
            must(type(value["len"]) is int and value["len"] >= 16)
            must(not blob or (re.fullmatch(UUID, value["blob"]) and re.fullmatch(r"[a-z0-9.+/-]+", value["media"])))
    return value


ACT_JSON = json.JSONDecoder(object_pairs_hook=once, parse_float=refuse, parse_constant=refuse)
EVENT_JSON = json.JSONDecoder(object_pairs_hook=event_object, parse_constant=refuse)
MEMBERS = {"act", "actor", "at", "events", "id", "kids", "root", "seen"}


class Act(NamedTuple):
    """says: the members of its JSON line. text: what is signed. lines: the signatures."""

    says: dict[str, Any]
    text: bytes
    lines: list[bytes]

    @property
    def of_registry(self) -> bool:
        return bool(re.match(r"registry\.|log\.found$", self.says["act"]))


def parse_act(entry: bytes, origin: str) -> Act:
    with wrong_is("act-malformed"):
        title, line, blank, *lines, end = entry.split(b"\n")
        must(len(entry) < 65_536 and title == f"{origin}/act/v1".encode() and lines and blank == end == b"")
        says = ACT_JSON.decode(line.decode())
        must(json.dumps(says, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == line)  # RFC 8785
        must(unicodedata.is_normalized("NFC", line.decode()) and says.keys() - {"basis", "for"} == MEMBERS)
        must(all(re.fullmatch(UUID, says[name]) for name in ("actor", "id")))
        at, seen, basis = says["at"], says["seen"], says.get("basis", {"code": "", "ref": ""})
        must(
            datetime.fromisoformat(at).isoformat(timespec="microseconds").replace("+00:00", "Z") == at and at[-1] == "Z"
        )
        must(basis.keys() == {"code", "ref"} and all(isinstance(text, str) for text in basis.values()))
        must(re.fullmatch(r"[a-z0-9._-]{1,80}", says["act"]) and re.fullmatch(r"(?s:.+)", says.get("for", "-")))
        must(all(type(number) is int and 0 <= number < 1 << 53 for number in (says["events"], seen["size"])))
        must(seen.keys() == {"root", "size"} and says["events"] and says["kids"] and isinstance(says["kids"], list))
        must(all(unb64(hashed, 32) for hashed in (*says["kids"], says["root"], seen["root"])))
        return Act(says, title + b"\n" + line + b"\n", lines)


def parse_event(entry: bytes) -> dict[str, Any]:
    with wrong_is("event-malformed"):
        end = 26 + int.from_bytes(entry[24:26], "big")
        kind, payload = entry[26:end].decode(), entry[end:].decode()
        must(len(entry) <= 65_536 and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+/[1-9][0-9]{0,3}", kind))
        must(payload.startswith('{"type":"' + kind + '"') and unicodedata.is_normalized("NFC", payload))
        return cast("dict[str, Any]", EVENT_JSON.decode(payload))


DUAL_EVENTS = {  # what two people decide, in the one act that both sign
    "custody.handed-over": "handover.complete",
    "handover.disputes-settled": "handover.complete",
    "disposition.destruction-decided": "disposition.decide",
}


def fits(act: Act, event: dict[str, Any]) -> bool:
    name: str = act.says["act"]
    return DUAL_EVENTS.get(event["type"].partition("/")[0], name) == name


# ---- the key registry (section 5), replayed act after act, each judged by what was true before it
P, EIGHTH = 2**255 - 19, 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
WEAK_KEYS = {0, 1, P - 1, P, P + 1, EIGHTH, P - EIGHTH}  # y of the points of small order: such a key signs anything
REGISTRY_ACTS = {
    "log.found": "registry.genesis/1",
    "registry.enrol": "registry.key-enrolled/1",
    "registry.rotate": "registry.key-rotated/1",
    "registry.revoke": "registry.key-revoked/1",
    "registry.grant": "registry.role-granted/1",
    "registry.withdraw": "registry.role-withdrawn/1",
}


class Key:
    """An actor's key. signed: the acts it did. compromised: from which act on, if ever, they are questioned."""

    def __init__(self, origin: str, event: dict[str, Any]) -> None:
        raw, self.actor = unb64(event["key"], 33), event["actor"]
        must(raw[0] == 1 and int.from_bytes(raw[1:], "little") % (1 << 255) not in WEAK_KEYS)
        must(re.fullmatch(UUID, self.actor))
        name = f"{origin}/{self.actor}"
        self.kid, self.id, self.line = kid_of(raw), key_id(name, raw), f"\u2014 {name} ".encode()
        self.public, self.ended, self.compromised = Ed25519PublicKey.from_public_bytes(raw[1:]), False, NEVER
        self.signed = array("Q")


class Registry:
    """keys by kid; grants by actor: role, names of acts, whether for others; ended: log keys, by which act."""

    def __init__(self, origin: str) -> None:
        raw = bytearray(sha256(b"mocban/registry/v1:" + origin.encode()).digest()[:16])
        raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
        self.origin, self.stream, self.quorum = origin, bytes(raw), 0
        self.keys, self.grants = dict[str, Key](), dict[str, list[tuple[str, set[str], bool]]]()
        self.registrars, self.log_keys, self.ended = set[str](), list[LogKey](), dict[str, int]()

    def judge(self, index: int, act: Act, events: list[dict[str, Any]]) -> None:
        """Had its signers key and role before this act, and did they sign it? An act of the registry takes effect."""
        if act.of_registry:
            with wrong_is("registry-event"):
                self.replay(index, act, events)
        else:
            self.check_roles(act, [self.live(kid) for kid in act.says["kids"]])
        for kid in act.says["kids"]:
            self.keys[kid].signed.append(index)

    def live(self, kid: str) -> Key:
        must(kid in self.keys, "key-unknown")
        must(not self.keys[kid].ended, "key-revoked")
        return self.keys[kid]

    def check_roles(self, act: Act, keys: list[Key]) -> None:
        name, least = act.says["act"], 2 if act.says["act"] in {"disposition.decide", "handover.complete"} else 1
        must(keys[0].actor == act.says["actor"], "actor-mismatch")
        must(len({key.actor for key in keys}) >= max(least, len(keys)), "signer-repeated")
        for key in keys:
            held = [
                grant for grant in self.grants.get(key.actor, []) if any(covers(pattern, name) for pattern in grant[1])
            ]
            must(held, "role-missing")
            must(key is not keys[0] or "for" not in act.says or any(behalf for *_, behalf in held), "on-behalf-missing")
        check_signatures(act, keys)

    def replay(self, index: int, act: Act, events: list[dict[str, Any]]) -> None:
        name, kids, founding = act.says["act"], act.says["kids"], act.says["act"] == "log.found"
        must({event["type"] for event in events} == {REGISTRY_ACTS.get(name)})
        must(founding == (index == 0) and "for" not in act.says)
        brought = events[0]["registrars"] if founding else [event for event in events if "key" in event]
        fresh = [Key(self.origin, one) for one in brought]  # each proves its possession: it signs, after the others
        old = kids if founding else kids[: max(0, len(kids) - len(fresh))]
        must(len(set(kids)) == len(kids), "signer-repeated")
        must(kids[-len(fresh) :] == [key.kid for key in fresh] or not fresh, "registry-possession")
        must(not any(key.kid in self.keys for key in fresh), "registry-possession")
        signing = fresh if founding else [self.live(kid) for kid in old]
        people = {key.actor for key in signing}
        must(signing and signing[0].actor == act.says["actor"], "actor-mismatch")
        if founding:
            must(len(events) == 1 and len(people) == len(kids) == len(fresh) and act.says["seen"]["size"] == 0)
        elif name == "registry.rotate":
            owned = len(kids) == 2 and events[0]["old"] == kids[0] and fresh[0].actor == act.says["actor"]
            must(owned, "registry-possession")
        else:
            must(people <= self.registrars and len(people) >= self.quorum, "registry-quorum")
        check_signatures(act, fresh if founding else signing + fresh)
        gone = {*self.ended, *(event["kid"] for event in events if "kid" in event)}
        pairs = [{kid_of(key.raw) for key in self.log_keys[at : at + 2]} for at in range(0, len(self.log_keys), 2)]
        must(founding or not all(pair & gone for pair in pairs))  # the log is left one whole pair of keys
        for event in events:
            self.apply(index, event, fresh)

    def apply(self, index: int, event: dict[str, Any], fresh: list[Key]) -> None:
        kind, grants = event["type"], self.grants.setdefault(event.get("actor", ""), [])
        if kind == "registry.genesis/1":
            self.log_keys, self.quorum = [parse_vkey(text) for text in event["log_vkeys"]], event["quorum"]
            must(event["origin"] == self.origin and type(self.quorum) is int and 1 <= self.quorum <= len(fresh))
            self.registrars = {key.actor for key in fresh}
        elif kind == "registry.key-revoked/1":
            kid, since = event["kid"], event.get("compromised_since", NEVER)
            must(since == NEVER or 0 <= since <= index)
            if kid in self.keys:
                self.keys[kid].ended, self.keys[kid].compromised = True, min(self.keys[kid].compromised, since)
            else:
                must(kid in {kid_of(key.raw) for key in self.log_keys})
                self.ended.setdefault(kid, index)
        elif kind == "registry.role-granted/1":
            must(event["acts"] and all(re.fullmatch(r"[^*\s]+(\.\*)?", name) for name in event["acts"]))
            grants.append((event["role"], set(event["acts"]), event.get("on_behalf") is True))
        elif kind == "registry.role-withdrawn/1":
            must(any(role == event["role"] for role, *_ in grants))
            grants[:] = [grant for grant in grants if grant[0] != event["role"]]
        elif kind == "registry.key-rotated/1":
            self.keys[event["old"]].ended = True
        self.keys |= {key.kid: key for key in fresh}

    def check_genesis(self, trust: Trust, entry: bytes) -> None:
        """Act 0 is the trusted one. Without a trust file the log's keys are those that it names."""
        trust.keys, trust.ended = trust.keys if trust.anchored else self.log_keys, self.ended
        must(trust.genesis in {None, leaf_hash(entry)}, "genesis-mismatch", "", 0)

    def questioned(self) -> list[int]:
        return sorted({act for key in self.keys.values() for act in key.signed if act >= key.compromised})


def covers(pattern: str, act: str) -> bool:
    return act == pattern or (pattern.endswith(".*") and act.startswith(pattern[:-1]))


def check_signatures(act: Act, keys: list[Key]) -> None:
    """One line for each key, in order, and none besides."""
    must(len(keys) == len(act.lines), "signature-line")
    for key, line in zip(keys, act.lines, strict=True):
        with wrong_is("signature-line"):
            raw = unb64(line.removeprefix(key.line).decode(), 68)
            must(line.startswith(key.line) and raw[:4] == key.id)
        with wrong_is("signature-bad"):
            key.public.verify(raw[4:], act.text)


# ---- a whole log (section 4), read once, act after act
class Log:
    """What is bad gathers in `bad`. leaves: 32 bytes an act; roots: 32 bytes, of the tree before each act."""

    def __init__(self, files: Files, trust: Trust) -> None:
        self.files, self.trust, self.bad = files, trust, list(files.bad)
        self.tiles = dict[tuple[str, int], dict[int, str]]()  # names by kind and number, then by width
        for name in files.names:
            tile = re.fullmatch(
                r"tile/([0-7]|entries|events|positions)/((?:x\d{3}/){0,6}\d{3})(?:\.p/(\d{1,3}))?", name
            )
            if tile:
                self.tiles.setdefault((tile[1], int(re.sub("[x/]", "", tile[2]))), {})[int(tile[3] or 256)] = name
            elif name.startswith("tile/"):
                self.bad.append(Bad("tile-unknown", name[:120]))
        self.point, held, self.events = self.checkpoint("checkpoint"), self.held("entries"), self.held("events")
        self.size = min(self.point.size, held) if self.point else held
        with noted(self.bad):
            must(self.point is None or self.point.size <= held, "history-truncated", str(held), held)
        self.open, self.broken = dict[str, tuple[int, list[bytes]]](), list[int]()
        first = self.item("entries", 0).partition(b"/act/v1\n")[0][:255]
        self.origin = trust.origin or first.decode("utf-8", "replace")
        self.registry, self.firsts, self.times = Registry(self.origin), array("Q"), list[str]()
        self.leaves, self.roots, self.ids, self.versions = b"", bytearray(), set[int](), dict[bytes, int]()

    def checkpoint(self, name: str, data: bytes | None = None) -> Note | None:
        with noted(self.bad):
            must(data is not None or name in self.files.names, "checkpoint-malformed", name)
            return parse_checkpoint(self.files.read(name) if data is None else data, name)
        return None

    def held(self, kind: str) -> int:
        """How many entries or events the files can hold by their names; far-off ones cannot make it absurd."""
        ends = [number * 256 + max(widths) for (of, number), widths in self.tiles.items() if of == kind]
        return min(max(ends, default=0), 256 * (2 * len(ends) + 16))

    def tile(self, kind: str, number: int, count: int) -> tuple[bytes, int]:
        """The file of items number * 256 up to `count`, and its width by its name; a wider one may stand in for it."""
        widths, wanted = self.tiles.get((kind, number), {}), min(256, count - number * 256)
        must(widths, "tile-missing", f"tile/{kind} {number}", number * 256 if kind == "positions" else None)
        width = min((width for width in widths if width >= wanted), default=max(widths))
        return self.files.read(widths[width]), width

    def item(self, kind: str, at: int) -> bytes:
        """An entry, an event or a position by its number; nothing where it cannot be read."""
        if self.open.get(kind, (-1, []))[0] != at >> 8:
            self.open[kind] = at >> 8, []
            with noted([]):  # what cannot be read is missing, and named so
                self.open[kind] = at >> 8, self.records(kind, at >> 8, self.events if kind == "events" else self.size)
        row = self.open[kind][1]
        return row[at & 255] if at & 255 < len(row) else b""

    def records(self, kind: str, number: int, count: int) -> list[bytes]:
        data, width = self.tile(kind, number, count)
        if kind == "positions":
            return split(data, 8)
        records, whole = cut(data, 2 if kind == "entries" else 4)
        if not whole or len(records) != width:
            lost = number * 256 + min(len(records), min(256, count - number * 256) - 1)
            self.broken += [lost] if kind == "events" else []
            self.bad += [Bad("bundle-framing", "tile/entries", lost)] if kind == "entries" else []
        return records

    def read_leaves(self) -> bytes:
        """As the tiles have them, if they lead to the signed root: one altered act is named alone. Else of entries."""
        with noted([]):
            tiles = [self.tile("0", at, self.size)[0] for at in range((self.size + 255) // 256)]
            told = b"".join(tiles)[: self.size * 32]
            if self.point and self.size == self.point.size and Tree(split(told, 32)).root() == self.point.root:
                return told
        return b"".join([leaf_hash(self.item("entries", index)) for index in range(self.size)])

    def read(self) -> None:
        tree, position, self.leaves = Tree(), 0, self.read_leaves()
        for index in range(self.size):
            entry, leaf, act = self.item("entries", index), self.leaves[index * 32 : index * 32 + 32], None
            self.roots += tree.root()
            tree.add(leaf)
            with noted(self.bad, index):
                must(entry, "entry-missing")
                must(leaf_hash(entry) == leaf, "entry-altered")
                act = parse_act(entry, self.origin)
            self.firsts.append(position)
            after = int.from_bytes(self.item("positions", index + 1), "big") if index + 1 < self.size else self.events
            told = after - position if 0 < after - position < 1 << 24 else 1  # by the sidecar, where the act cannot say
            count = act.says["events"] if act else told
            self.read_act(index, act, position, count)
            position = min(position + count, NEVER)
            if index == 0:
                with noted(self.bad, 0):
                    self.registry.check_genesis(self.trust, entry)
                    told_apart = "genesis" in self.files.names and self.files.read("genesis") != entry
                    must(not told_apart, "genesis-mismatch")
        self.firsts.append(position)
        self.roots += tree.root()
        self.bad += [Bad("bundle-framing", "tile/events", self.act_of(lost), lost) for lost in self.broken]

    def act_of(self, position: int) -> int:
        return max(0, bisect_right(self.firsts, position, 0, self.size) - 1)

    def read_act(self, index: int, act: Act | None, first: int, count: int) -> None:
        tree, events = Tree(), list[dict[str, Any]]()
        for position in range(first, min(first + count, self.events)):
            entry = self.item("events", position)
            with noted(self.bad, index, position):
                must(entry, "event-missing")
                tree.add(leaf_hash(entry))
                stream, version = entry[:16], int.from_bytes(entry[16:24], "big")
                before, self.versions[stream] = self.versions.get(stream, 0), version
                said = parse_event(entry)
                events += [said] if act and act.of_registry else []
                must(version == before + 1, "event-version", stream.hex())
                must(not act or fits(act, said), "event-misplaced")
                must(not act or act.of_registry == (stream == self.registry.stream), "registry-event")
        if act is None:
            return
        times = [*self.times, act.says["at"]]
        self.times = [min(times), max(times)]
        with noted(self.bad, index, first if count == 1 else None):
            must(first + count <= self.events, "event-missing", "", index, max(first, self.events))
            must(tree.size == count and b64(tree.root()) == act.says["root"], "act-root-mismatch")
            self.registry.judge(index, act, events)
            act_id = int(act.says["id"].replace("-", ""), 16)
            must(act_id not in self.ids, "act-id-repeated")
            self.ids.add(act_id)
            size = act.says["seen"]["size"]
            seen = b64(bytes(self.roots[size * 32 : size * 32 + 32]))
            must(size <= index and seen == act.says["seen"]["root"], "seen-not-in-history", str(size))

    def check_checkpoints(self) -> None:
        """The latest and all earlier ones at hand: their signatures, and one history under all of them."""
        older = [name for name in self.files.names if re.fullmatch(r"checkpoints/\d+|timestamps/\d+\.checkpoint", name)]
        points = [("checkpoint", self.point), *((name, self.checkpoint(name)) for name in sorted(older))]
        points += [("--checkpoint", self.checkpoint("--checkpoint", data)) for data in self.trust.checkpoints]
        for name, point in points:
            try:
                if point:
                    self.trust.check(point, latest=name == "checkpoint")
                    named = re.findall(r"\d+", name) in ([], [str(point.size)])
                    must(named, "checkpoint-malformed")
                    must(point.size <= self.size or name == "checkpoint", "history-truncated")
                    right = point.size > self.size or self.roots[point.size * 32 : point.size * 32 + 32] == point.root
                    must(right, "root-mismatch" if name == "checkpoint" else "checkpoint-inconsistent")
            except Bad as bad:
                self.bad.append(Bad(bad.code, f"{name} ({point.size if point else 0}): {bad.detail}"))

    def check_tiles(self) -> None:
        """Every tile is what the entries make it; any other file is the beginning of one, from a smaller tree."""
        counts = {"entries": self.size, "positions": self.size, "events": self.firsts[-1]}
        firsts = self.firsts[:-1]
        if sys.byteorder == "little":
            firsts.byteswap()
        rows = {"positions": firsts.tobytes(), "0": self.leaves}
        for level in range(1, 8):
            below = rows[str(level - 1)]
            parts = (below[at : at + 8192] for at in range(0, len(below) - 8191, 8192))
            rows[str(level)] = b"".join(Tree(split(hashes, 32)).root() for hashes in parts)
        for kind, row in rows.items():
            unit = 8 if kind == "positions" else 32
            counts[kind] = len(row) // unit
            for number in range((counts[kind] + 255) // 256):
                right = split(row[number * 256 * unit : (number + 1) * 256 * unit], unit)
                with noted(self.bad):
                    self.check_tile(kind, number, right, self.tile(kind, number, counts[kind])[0])
        for (kind, number), widths in self.tiles.items():
            wanted = min(256, counts.get(kind, 0) - number * 256)
            for width, name in widths.items():
                with noted(self.bad):
                    begun = self.files.read(name) if width < wanted else b"-"
                    whole = self.tile(kind, number, counts[kind])[0] if width < wanted else b"-"
                    must(width <= wanted and begun and whole.startswith(begun), "tile-unknown", name)

    def check_tile(self, kind: str, number: int, right: list[bytes], data: bytes) -> None:
        held, name = split(data, len(right[0])), f"tile/{kind} {number}"
        wrong = [at for at, one in enumerate(right) if held[at : at + 1] != [one]]
        height = 8 * int(kind) if kind.isdigit() else 0
        self.bad += [Bad("tile-mismatch", name, (number * 256 + at) << height) for at in wrong]
        must(wrong or held == right, "tile-mismatch", name)


def split(data: bytes, unit: int) -> list[bytes]:
    return [data[at : at + unit] for at in range(0, len(data), unit)]


def check_manifest(files: Files, trust: Trust, origin: str, size: int) -> Iterator[Bad]:
    """MANIFEST: a note signed by the log, `<origin>/manifest/v1`, then `<sha256> <length> <name>` a line."""
    try:
        note = parse_note(files.read("MANIFEST"))
        title, *lines = note.text.decode()[:-1].split("\n")
        keys = [key for key in trust.log_keys(origin, size) if key.raw[0] == 1]
        must(title == f"{origin}/manifest/v1" and note.signers(keys))
        listed = {line.split(" ", 2)[2]: line for line in lines}
    except (Bad, ValueError, IndexError):
        yield Bad("manifest", "MANIFEST")
        return
    for name in sorted((files.names | listed.keys()) - {"MANIFEST"}):
        try:
            data = files.read(name)
            must(listed.get(name) == f"{sha256(data).hexdigest()} {len(data)} {name}", "manifest", name[:120])
        except Bad:
            yield Bad("manifest", name[:120])


def verify_log(files: Files, trust: Trust) -> dict[str, Any]:
    if "partial.json" in files.names:
        return verify_partial(files, trust)
    log = Log(files, trust)
    log.read()
    log.check_checkpoints()
    log.check_tiles()
    log.bad += check_manifest(files, trust, log.origin, log.size) if "MANIFEST" in files.names else []
    stamps = sum(name.startswith("timestamps/") and name.endswith(".tsr") for name in files.names)
    out = report("log", log.bad, trust, log.point, log.size, min(log.firsts[-1], log.events))
    return {**out, **span(log.times), "questioned": log.registry.questioned(), "timestamps": stamps}


# ---- acts shown alone: by a certificate, a partial bundle, a proof, a disclosure (sections 7 to 9)
class Proof(NamedTuple):
    """One event of one act, led to a checkpoint."""

    act: int
    entry: bytes
    at: int
    inner: list[bytes]
    event: bytes
    path: list[bytes]
    checkpoint: str


def parse_proof(text: str) -> Proof:
    with wrong_is("proof-malformed"):
        body, _, checkpoint = text.partition("\n\n")
        title, extra, index, *path = body.split("\n")
        raw = unb64(extra.removeprefix("extra "))
        end = 2 + int.from_bytes(raw[:2], "big")
        at, count = struct.unpack_from(">IB", raw, end)
        inner, (event,) = raw[end + 5 : end + 5 + 32 * count], cut(raw[end + 5 + 32 * count :], 4)[0]
        must(
            title == "c2sp.org/tlog-proof@v1" and re.fullmatch(r"index (0|[1-9][0-9]{0,15})", index) and len(path) < 64
        )
        must(extra.startswith("extra ") and len(raw) == end + 5 + 32 * count + 4 + len(event))
        hashes = [unb64(line, 32) for line in path]
        return Proof(int(index[6:]), raw[2:end], at, split(inner, 32), event, hashes, checkpoint)


def check_proof(proof: Proof, point: Note) -> Act:
    """The event is one of the act's, the act one of the tree's."""
    act = parse_act(proof.entry, point.origin)
    root = path_root(proof.at, act.says["events"], leaf_hash(proof.event), proof.inner)
    must(b64(root) == act.says["root"], "act-root-mismatch")
    root = path_root(proof.act, point.size, leaf_hash(proof.entry), proof.path)
    must(root == point.root, "proof-inclusion")
    must(fits(act, parse_event(proof.event)), "event-misplaced")
    return act


Shown = tuple[list[Proof], set[int], dict[int, list[bytes]]]


def shown(given: str, note: str, bad: list[Bad], trust: Trust, what: Shown) -> dict[str, Any]:
    """Acts led to one checkpoint; their signers judged by the registry acts among them, where there are such.

    what: proofs; the acts asked for; of a partial bundle, all events of each act. A proof alone judges no keys.
    """
    (proofs, chosen, whole), point, judged = what, parse_checkpoint(note.encode()), given in {"certificate", "partial"}
    registry, acts, events = Registry(point.origin), dict[int, Act](), dict[int, dict[int, bytes]]()
    for proof in proofs:
        with noted(bad, proof.act):
            must(proof.checkpoint == note, "proof-malformed", "checkpoint")
            acts[proof.act] = check_proof(proof, point)
            events.setdefault(proof.act, {})[proof.at] = proof.event
    for index, act in sorted(acts.items()):
        held = whole.get(index) or [event for _, event in sorted(events[index].items())]
        events[index] = dict(enumerate(held))
        with noted(bad, index):
            root = b64(Tree(map(leaf_hash, held)).root())
            must(index not in whole or root == act.says["root"], "act-root-mismatch")
            for event in held:
                must(act.of_registry == (event[:16] == registry.stream), "registry-event")
                must(fits(act, parse_event(event)), "event-misplaced")
            if judged:
                registry.judge(index, act, [parse_event(event) for event in held])
    with noted(bad):
        if judged:
            registry.check_genesis(trust, next((proof.entry for proof in proofs if proof.act == 0), b""))
    with noted(bad):
        if judged or trust.keys:
            trust.check(point, latest=True, short=not judged)
    bad += [Bad("proof-malformed", "", index) for index in chosen - acts.keys()] if chosen else [Bad("proof-malformed")]
    times = span([act.says["at"] for index, act in acts.items() if index in chosen])
    out = report(given, bad, trust, point, len(chosen), sum(len(events.get(index, {})) for index in chosen))
    more = {"complete": "according to the archive at checkpoint", "at": point.size} if judged else {}
    return {**out, **times, "questioned": registry.questioned(), **more}


def verify_partial(files: Files, trust: Trust) -> dict[str, Any]:
    """For each act that partial.json names: acts/<index>.tlog-proof, and acts/<index>.events."""
    bad, proofs, whole = list(files.bad), list[Proof](), dict[int, list[bytes]]()
    versions, origin, size = dict[bytes, int](), trust.origin or "", 0
    out = report("partial", [], trust, None, 0, 0)
    with noted(bad), wrong_is("manifest", "partial.json"):
        stated, note = json.loads(files.read("partial.json")), files.read("checkpoint").decode("utf-8", "replace")
        chosen, registry = set(map(int, stated["acts"])), set(map(int, stated["registry"]))
        must(len(chosen | registry) <= len(files.names), "proof-malformed", "partial.json")
        origin, size = parse_checkpoint(note.encode())[2:4]
        gapless = {bytes.fromhex(name.replace("-", "")) for name in stated["streams"]} | {Registry(origin).stream}
        first, last = stated["of"].get("acts", (0, -1))
        among = range(first, min(last, first + len(chosen)) + 1)  # where one is missing, it is missing here
        bad += [Bad("entry-missing", "", index) for index in among if index not in chosen]
        for index in sorted(chosen | registry):
            with noted(bad, index):
                proofs.append(parse_proof(files.read(f"acts/{index}.tlog-proof").decode("utf-8", "replace")))
                must(proofs[-1].act == index, "proof-malformed", f"acts/{index}")
                whole[index], framed = cut(files.read(f"acts/{index}.events"), 4)
                must(framed, "bundle-framing", f"acts/{index}")
                for event in whole[index]:
                    stream, version = event[:16], int.from_bytes(event[16:24], "big")
                    before, versions[stream] = versions.get(stream, 0), version
                    right = version == before + 1 if stream in gapless else version > before
                    must(right, "event-version", stream.hex())
                    parse_event(event)
        out = {**shown("partial", note, bad, trust, (proofs, chosen, whole)), "of": stated["of"]}
    return {**out, **verdict([*bad, *check_manifest(files, trust, origin, size)], trust)}


def verify_certificate(data: bytes, trust: Trust) -> dict[str, Any]:
    """The PDF's signature, then the proofs in it, which stand uncompressed between two marks."""
    bad, out = list[Bad](), report("certificate", [], trust, None, 0, 0)
    with noted(bad):
        check_pdf(data, trust.pades)
    with noted(bad), wrong_is("proof-malformed"):
        (held,) = re.findall(rb"%MOCBAN-PROOF-BEGIN\n(.*?)%MOCBAN-PROOF-END\n", data, re.DOTALL)
        told = json.loads(held)
        registry, proofs = ([parse_proof(text) for text in told[kind]] for kind in ("registry", "proofs"))
        what = (registry + proofs, {proof.act for proof in proofs}, dict[int, list[bytes]]())
        out = shown("certificate", told["checkpoint"], bad, trust, what)
    return {**out, **verdict(bad, trust)}


def check_pdf(data: bytes, trusted: bytes | None) -> None:
    """One signature over every byte but itself (CMS SignedData, RFC 5652), by the trusted P-256 key if one is given."""
    ranges = re.findall(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", data)
    start, first, second, rest = map(int, ranges[0]) if len(ranges) == 1 else (1, 0, 0, 0)
    hexes = data[first:second]
    must(start == 0 and second + rest == len(data) and re.fullmatch(rb"<[0-9A-F]+>", hexes), "pdf-coverage")
    with wrong_is("pdf-signature"):
        padded = bytes.fromhex(hexes[1:-1].decode())
        cms = der(padded)[0][0]
        must(not padded[len(cms) :].strip(b"\0"))
        ((_, signer),) = der(der(der(der(der(cms)[0][1])[1][1])[0][1])[-1][1])
        _, _, (hashed, _), (attributes, listed), (algorithm, _), (_, signature), *_ = der(signer)
        digest = sha256(data[:first] + data[second:]).digest()
        stated = [one for _, one in der(listed) if one.startswith(bytes.fromhex("06092a864886f70d010904"))]
        must(stated == [bytes.fromhex("06092a864886f70d01090431220420") + digest] and attributes[0] == 0xA0)
        must(bytes.fromhex("0609608648016503040201") in hashed and bytes.fromhex("06082a8648ce3d040302") in algorithm)
        held = {sha256(one.public_bytes(Encoding.DER)).digest(): one for one in pkcs7.load_der_pkcs7_certificates(cms)}
        key = cast("EllipticCurvePublicKey", next(held[one] for one in held if one in listed).public_key())
        must(key.curve.name == "secp256r1")
        key.verify(signature, b"\x31" + attributes[1:], ECDSA(SHA256()))
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    must(trusted in {None, spki}, "pdf-key")


def der(data: bytes) -> list[tuple[bytes, bytes]]:
    """The DER values in `data`, one after another: each whole, and its content."""
    out, at = [], 0
    while at + 1 < len(data):
        length, start = data[at + 1], at + 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(data[at + 2 : start], "big")
        must(start + length <= len(data))
        out.append((data[at : start + length], data[start : start + length]))
        at = start + length
    return out


def verify_disclosure(data: bytes, trust: Trust) -> dict[str, Any]:
    """One sealed field, opened by its own key: the proof of its event, the commitments in it, then AES-256-GCM."""
    held, bad = json.loads(data), list[Bad]()
    proof, pointer = parse_proof(held["proof"]), str(held["field"])
    out = shown("disclosure", proof.checkpoint, bad, trust, ([proof], {proof.act}, {}))
    with noted(bad, proof.act), wrong_is("disclosure", pointer[:120]):
        value: Any = json.loads(proof.event[26 + int.from_bytes(proof.event[24:26], "big") :])
        for step in pointer.split("/")[1:]:
            value = value[int(step) if isinstance(value, list) else step.replace("~1", "/").replace("~0", "~")]
        key, ciphertext = unb64(held["sub_key"], 32), unb64(held["ciphertext"])
        must(held["format"] == "mocban/disclosure/1" and len(ciphertext) == value["len"])
        must([value["kc"], value["ct"]] == [kid_of(b"mocban/sub-key/v1" + key), kid_of(ciphertext)])
        parts = (b"field", proof.event[:16], proof.event[16:24], pointer.encode())
        place = b"".join(struct.pack(">H", len(part)) + part for part in parts)
        opened = json.loads(AESGCM(key).decrypt(unb64(value["nonce"], 12), ciphertext, place))
        return {**out, "field": pointer, "disclosed": opened}
    return {**out, **verdict(bad, trust)}


# ---- the report
def verdict(bad: list[Bad], trust: Trust) -> dict[str, Any]:
    """Bad acts in order, then what concerns the whole."""
    rows = dict[Any, Any]()
    for one in sorted(bad, key=lambda one: (one.act is None, one.act or 0, one.event or 0, one.code, one.detail)):
        words = next(words for topic, words in WORDS.items() if one.code.split("-")[0] in topic.split())
        where, (vi, en) = {"act": one.act, "event": one.event, "code": one.code}, words.split(" | ")
        rows[one.args] = {**where, "vi": vi, "en": en, "detail": one.detail}
    word = "invalid" if bad else "valid" if trust.anchored else "self-consistent"
    return {"verdict": word, "anchored": trust.anchored, "bad": list(rows.values())}


def report(given: str, bad: list[Bad], trust: Trust, point: Note | None, acts: int, events: int) -> dict[str, Any]:
    where = {"origin": point.origin, "size": point.size, "root": b64(point.root)} if point else None
    out = {**verdict(bad, trust), "given": given, "acts": acts, "events": events, "checkpoint": where}
    return {**out, "from": None, "to": None, "questioned": [], "access": "not given"}


def span(times: list[str]) -> dict[str, str]:
    return {"from": min(times), "to": max(times)} if times else {}


def verify(path: Path, trust: Trust) -> dict[str, Any]:
    """A report on whatever lies at the path; no bytes in it raise."""
    try:
        with wrong_is("input-unreadable"):
            if path.is_dir():
                return verify_log(Files.folder(path), trust)
            with path.open("rb") as file:
                data = file.read(1 << 26)  # no proof, certificate or disclosure is larger
            if data.startswith(b"PK"):
                return verify_log(Files.bundle(path), trust)
            if data.startswith(b"%PDF-"):
                return verify_certificate(data, trust)
            if data.startswith(b"c2sp.org/"):
                proof = parse_proof(data.decode())
                return shown("proof", proof.checkpoint, [], trust, ([proof], {proof.act}, {}))
            return verify_disclosure(data, trust)
    except Bad as bad:
        return report("unknown", [bad], trust, None, 0, 0)


def summary(out: dict[str, Any]) -> Iterator[str]:
    words = {"valid": "HỢP LỆ / VALID", "invalid": "KHÔNG HỢP LỆ / NOT VALID"}
    alone = "TỰ NHẤT QUÁN, CHƯA ĐỐI CHIẾU VỚI NGUỒN TIN CẬY / SELF-CONSISTENT ONLY, NOT ANCHORED"
    yield f"Kết luận / Verdict: {words.get(out['verdict'], alone)}"
    yield f"Được giao / Given: {out['given']}"
    if point := out["checkpoint"]:
        yield f"Sổ / Log: {point['origin']}\nĐiểm kiểm / Checkpoint: {point['size']} {point['root']}"
    yield f"Đã kiểm / Checked: {out['acts']} hành vi / acts, {out['events']} sự kiện / events"
    yield f"Giờ khai / Claimed times: từ / from {out['from']} đến / to {out['to']}"
    if "complete" in out:
        yield f"Đầy đủ theo lưu trữ tại điểm kiểm / Complete according to the archive at checkpoint {out['at']}"
    if "disclosed" in out:
        yield f"Nội dung / Content {out['field']}: {json.dumps(out['disclosed'], ensure_ascii=False)}"
    if out["questioned"]:
        yield f"Bị nghi vấn (khóa có thể đã lộ) / Questioned (key possibly compromised): {out['questioned'][:50]}"
    yield f"Điều sai / What is bad: {len(out['bad']) or 'không có gì / nothing'}"
    for row in out["bad"][:100]:
        place = "toàn bộ / the whole" if row["act"] is None else f"hành vi / act {row['act']}"
        place += "" if row["event"] is None else f", sự kiện / event {row['event']}"
        yield f"- {place}: [{row['code']}] {row['vi']} / {row['en']}" + (f" ({row['detail']})" if row["detail"] else "")
    yield "Không chứng minh: điều được ghi là đúng sự thật; giờ khai là đúng; nội dung niêm phong vẫn còn."
    yield "Not proven: that what was recorded is true; that claimed times are right; that sealed content still exists."


def main(argv: list[str] | None = None) -> int:
    codes = "Mã thoát / exit: 0 không có gì sai / nothing bad; 2 dùng sai / wrong usage; 4 có điều sai / something bad"
    parser = argparse.ArgumentParser(description="Kiểm tra sổ Mộc Bản / verify a Mộc Bản ledger", epilog=codes)
    parser.add_argument("path", type=Path, help="thư mục / folder, .zip, .pdf, .tlog-proof, .json")
    parser.add_argument("--trust", type=Path, help="tệp tin cậy / trust file (JSON)")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="điểm kiểm cũ / an earlier one")
    parser.add_argument("--json", action="store_true", help="một dòng JSON / one line of JSON")
    options = parser.parse_args(argv)
    try:
        must(options.path.exists(), "input-unreadable", f"không có / not there: {options.path}")
        trust = Trust.load(options.trust) if options.trust else Trust()
        trust.checkpoints += [path.read_bytes() for path in options.checkpoint]
    except (Bad, OSError) as wrong:
        print(f"Lỗi cách dùng / Usage: {wrong}", file=sys.stderr)
        return 2
    out = verify(options.path, trust)
    print(json.dumps(out, ensure_ascii=False) if options.json else "\n".join(summary(out)))
    return 4 if out["bad"] else 0


if __name__ == "__main__":
    cast("Any", sys.stdout).reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
