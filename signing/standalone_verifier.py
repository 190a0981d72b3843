"""Kiểm tra độc lập một sổ Mộc Bản / an independent check of a Mộc Bản ledger, offline, from public bytes only.

    python verify.py PATH [--trust FILE] [--checkpoint FILE]... [--json] [--processes N]

PATH: an export folder, an audit bundle (.zip) or a custody certificate (.pdf). Exit: 0 good, 2 usage, 4 something bad.

One file on purpose, and longer than any other of the project: it travels inside every bundle, is read from top to
bottom by somebody who has no reason to trust us, needs only Python 3.11 and `cryptography`, and shares no code with
the product. Formats: FORMATS.txt in the bundle; C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-cosignature and
tlog-proof; RFC 6962, RFC 9162.

How it goes: (1) the checkpoint's signatures; (2) the tree, from tiles, else from entries, up to the signed root;
(3) the key registry, replayed from act 0, so that keys and roles are known for every act index; (4) every act and
event, in chunks of 256 acts, on all processors; (5) what needs the whole order: ids, versions of streams, extra files.
Without a trust file it can only say that the log agrees with itself (`anchored: false`).
"""

# ruff: noqa: TRY301  a failed check is raised where it is found and becomes a finding a few lines below

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import json.scanner
import os
import re
import struct
import sys
import unicodedata
import zipfile
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

# ---------------------------------------------------------------------------------------------- what can be wrong
CODES: Final[dict[str, tuple[str, str]]] = {
    "input-unreadable": ("Không đọc được dữ liệu được giao", "What was given cannot be read"),
    "file-unreadable": ("Không đọc được một tệp trong bộ dữ liệu", "A file of the data set cannot be read"),
    "member-name": ("Gói có tên tệp trùng hoặc không an toàn", "The bundle has a repeated or unsafe member name"),
    "manifest": ("Tệp không khớp bảng kê MANIFEST", "A file does not match the MANIFEST"),
    "manifest-signature": (
        "Bảng kê MANIFEST không có chữ ký đúng của sổ",
        "MANIFEST bears no good signature of the log",
    ),
    "checkpoint-missing": ("Thiếu điểm kiểm (checkpoint) đã ký", "The signed checkpoint is missing"),
    "checkpoint-malformed": ("Điểm kiểm sai khuôn dạng", "The checkpoint is malformed"),
    "checkpoint-origin": ("Điểm kiểm thuộc về một sổ khác", "The checkpoint belongs to another log"),
    "checkpoint-signature": ("Chữ ký trên điểm kiểm sai hoặc thiếu", "A checkpoint signature is wrong or missing"),
    "checkpoint-inconsistent": (
        "Lịch sử không khớp một điểm kiểm trước đó: sổ đã bị viết lại",
        "History does not agree with an earlier checkpoint: the log was rewritten",
    ),
    "history-truncated": (
        "Lịch sử bị cắt ngắn so với một điểm kiểm đã ký",
        "History is shorter than a signed checkpoint says",
    ),
    "witness-quorum": ("Không đủ nhân chứng đồng ký điểm kiểm", "Too few witnesses cosigned the checkpoint"),
    "root-mismatch": ("Gốc cây băm không khớp điểm kiểm", "The tree root is not the checkpoint's"),
    "tile-missing": ("Thiếu một ô của cây băm", "A tile is missing"),
    "tile-mismatch": ("Một ô không khớp các mục của sổ", "A tile does not match the log's entries"),
    "tile-unknown": ("Có ô thừa, không thuộc sổ này", "A tile that this log does not have"),
    "positions-mismatch": ("Bảng vị trí sự kiện không khớp", "The sidecar of event positions does not match"),
    "genesis-mismatch": ("Mục khởi lập không phải mục được tin cậy", "The genesis entry is not the trusted one"),
    "genesis-invalid": ("Hành vi lập sổ không hợp lệ", "The founding act is not valid"),
    "entry-missing": ("Thiếu hành vi này", "This act is missing"),
    "entry-framing": (
        "Gói mục bị hỏng khung hoặc thừa byte",
        "The entry bundle's framing is broken or has trailing bytes",
    ),
    "entry-altered": (
        "Hành vi không đúng với cây băm đã ký: bị sửa, bỏ, chèn hoặc đổi chỗ",
        "The act is not the one the signed tree commits to: altered, dropped, inserted or moved",
    ),
    "act-framing": ("Hành vi sai khuôn dạng chữ ký (note)", "The act is not a well-formed signed note of this log"),
    "act-not-canonical": ("Dòng JSON của hành vi không ở dạng chuẩn tắc", "The act's JSON line is not canonical"),
    "act-id-repeated": ("Mã hành vi bị lặp lại", "The act's id was used before"),
    "act-root-mismatch": ("Sự kiện của hành vi không khớp gốc đã ký", "The act's events do not match the signed root"),
    "signature-count": ("Số chữ ký khác số khóa đã khai", "There are not as many signatures as keys named"),
    "signature-line": (
        "Dòng chữ ký không đúng khóa hoặc khuôn dạng",
        "A signature line is not of its key, or malformed",
    ),
    "signature-bad": ("Chữ ký sai", "A signature is wrong"),
    "signer-repeated": ("Một người ký hai lần", "One signer signs twice"),
    "key-unknown": ("Khóa ký chưa được đăng ký trước hành vi này", "The signing key was not enrolled before this act"),
    "key-revoked": ("Khóa ký đã bị thu hồi hoặc thay thế", "The signing key had been revoked or replaced"),
    "actor-mismatch": ("Người thực hiện không phải chủ khóa đầu tiên", "The actor does not own the first key"),
    "role-missing": ("Người ký không có vai trò cho hành vi này", "A signer holds no role for this act"),
    "on-behalf-missing": ("Không được phép làm thay người khác", "The actor may not act on behalf of another"),
    "registry-quorum": ("Không đủ người đăng ký (registrar) ký", "Too few registrars signed"),
    "registry-event": ("Sự kiện sổ khóa sai hoặc vô lý", "A key registry event is malformed or makes no sense"),
    "registry-possession": ("Khóa mới không tự ký để chứng minh sở hữu", "The new key did not prove its possession"),
    "seen-not-in-history": (
        "Điểm kiểm mà hành vi đã thấy không có trong lịch sử",
        "The checkpoint the act saw never was",
    ),
    "event-missing": ("Thiếu sự kiện", "The event is missing"),
    "event-framing": (
        "Gói sự kiện bị hỏng khung hoặc thừa byte",
        "The event bundle's framing is broken or has trailing bytes",
    ),
    "event-malformed": ("Sự kiện sai khuôn dạng", "The event is malformed"),
    "event-type": ("Kiểu trong nội dung khác kiểu của sự kiện", "The payload's type is not the event's"),
    "event-payload": (
        "Nội dung không phải JSON hợp lệ theo khuôn dạng",
        "The payload is not JSON as the format demands",
    ),
    "event-sealed": ("Trường niêm phong sai khuôn dạng", "A sealed field is malformed"),
    "event-version": ("Số phiên bản của dòng sự kiện không liên tục", "The stream's versions are not gapless"),
    "pdf-signature": ("Chữ ký PDF sai", "The PDF signature is wrong"),
    "pdf-coverage": ("Chữ ký PDF không bao trùm toàn bộ tệp", "The PDF signature does not cover the whole file"),
    "pdf-key": ("PDF không ký bằng khóa được tin cậy", "The PDF was not signed by the trusted key"),
    "proof-missing": ("Không có đúng một chứng cứ trong PDF", "The PDF does not hold exactly one proof"),
    "proof-malformed": ("Chứng cứ sai khuôn dạng", "A proof is malformed"),
    "proof-inclusion": ("Hành vi không thuộc cây của điểm kiểm", "The act is not in the checkpoint's tree"),
}


class Bad(Exception):  # noqa: N818  a finding, not an error of the program
    """A check failed: `code` of CODES, and the place or name it speaks of."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


class Finding(NamedTuple):
    """Something bad: act index and event position where known."""

    act: int | None
    event: int | None
    code: str
    detail: str = ""

    def row(self) -> dict[str, Any]:
        vi, en = CODES[self.code]
        row = {"act": self.act, "event": self.event, "code": self.code, "vi": vi, "en": en, "detail": self.detail}
        return {k: v for k, v in row.items() if v != ""}


# ---------------------------------------------------------------------------------------------- bytes and hashes
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
MAX_FILE: Final = 256 * (65_536 + 4)  # the largest legal bundle; nothing bigger is ever read whole
_sha256 = hashlib.sha256


def leaf_hash(entry: bytes) -> bytes:
    return _sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return _sha256(b"\1" + left + right).digest()


class Tree:
    """RFC 6962 tree with every complete subtree kept: level L holds the hashes of 2^L leaves each, 32 bytes apiece."""

    def __init__(self, leaves: bytes) -> None:
        self.levels, self.size = [leaves], len(leaves) // 32
        while len(self.levels[-1]) >= 64:
            below = self.levels[-1]
            pairs = range(0, len(below) // 64 * 64, 64)
            self.levels.append(b"".join([_sha256(b"\1" + below[at : at + 64]).digest() for at in pairs]))

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves: complete subtrees folded from the right."""
        found = b""
        for level, hashes_ in enumerate(self.levels):
            if size >> level & 1:
                at = ((size >> level) - 1) * 32
                found = node_hash(hashes_[at : at + 32], found) if found else hashes_[at : at + 32]
        return found or EMPTY_ROOT


def decode_base64(text: str | bytes, length: int | None = None) -> bytes:
    """Strict: re-encodes to equal bytes. Raises ValueError."""
    raw = text.encode("ascii") if isinstance(text, str) else text
    data = binascii.a2b_base64(raw)
    if binascii.b2a_base64(data, newline=False) != raw or (length is not None and len(data) != length):
        raise ValueError("base64")
    return data


def frames(data: bytes, width: int) -> tuple[list[bytes], bool]:
    """Cut `length || bytes` records, lengths of `width` bytes; False when the last one does not end with the data."""
    out: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        start = at + width
        at = start + int.from_bytes(data[at:start], "big")
        if at > end or start > end:
            return out, False
        out.append(data[start:at])
    return out, True


def tile_name(number: int, width: int) -> str:
    """C2SP tlog-tiles: 1234067 -> x001/x234/067, and `.p/<W>` for the last, partial one."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    return "/".join(groups) + ("" if width == 256 else f".p/{width}")


# ---------------------------------------------------------------------------------------------- where files lie
class Source(Protocol):
    """Files by name. `read` raises Bad and never returns more than MAX_FILE bytes; no name comes from the input."""

    names: set[str]
    unsafe: list[str]

    def read(self, name: str) -> bytes: ...
    def reopen(self) -> None: ...


class Folder:
    """An export folder; links and special files are not followed."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.names: set[str] = set()
        self.unsafe: list[str] = []
        for at, _, files in os.walk(base):
            self.names.update((Path(at) / f).relative_to(base).as_posix() for f in files)

    def reopen(self) -> None: ...

    def read(self, name: str) -> bytes:
        path = self.base / name
        try:
            if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_FILE:
                raise Bad("file-unreadable", name)
            return path.read_bytes()
        except OSError:
            raise Bad("file-unreadable", name) from None


class Bundle:
    """A bundle: members are read in memory, never extracted; only stored (uncompressed) ones, so no bomb unfolds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.zip = zipfile.ZipFile(path)
        listed = [m.filename for m in self.zip.infolist()]
        self.names = set(listed)
        odd = {n for n in listed if n.startswith("/") or "\\" in n or ":" in n or ".." in n.split("/")}
        self.unsafe = sorted(odd | {n for n in self.names if len(listed) != len(self.names) and listed.count(n) > 1})

    def reopen(self) -> None:
        """After a fork: a file offset must not be shared."""
        self.zip = zipfile.ZipFile(self.path)

    def read(self, name: str) -> bytes:
        try:
            member = self.zip.getinfo(name)
            if member.compress_type != zipfile.ZIP_STORED or member.file_size > MAX_FILE or member.flag_bits & 1:
                raise Bad("file-unreadable", name)
            with self.zip.open(member) as file:
                return file.read(MAX_FILE + 1)
        except Bad:
            raise
        except Exception:  # noqa: BLE001  zipfile raises a dozen kinds on hostile archives; all mean the same
            raise Bad("file-unreadable", name) from None


# ---------------------------------------------------------------------------------------------- notes and checkpoints
class LogKey(NamedTuple):
    """A verifier key (vkey) of a log or witness: type 1 Ed25519, 4 Ed25519 cosignature, 6 ML-DSA-44 cosignature."""

    name: str
    id: bytes
    type: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> LogKey:
        try:
            name, key_id, encoded = text.strip().split("+", 2)
            raw = decode_base64(encoded)
            key = cls(name, key_hash(name, raw), raw[0], raw[1:])
        except (ValueError, IndexError):
            raise Bad("checkpoint-malformed", "vkey") from None
        if key.id.hex() != key_id or key.type not in (1, 4, 6):
            raise Bad("checkpoint-malformed", "vkey")
        return key

    def check(self, text: bytes, point: Checkpoint | None, signature: bytes) -> bool:
        """Whether `signature` (what follows the key id) is this key's over the note `text`."""
        try:
            if self.type == 1:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
            elif self.type == 4:
                head = b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[:8], "big")
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature[8:], head + text)
            elif point is None:
                return False
            else:
                name, origin = self.name.encode(), point.origin.encode()
                message = b"subtree/v1\n\0" + bytes([len(name)]) + name + signature[:8] + bytes([len(origin)]) + origin
                message += struct.pack(">QQ", 0, point.size) + point.root
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature[8:], message)
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True


def key_hash(name: str, typed_key: bytes) -> bytes:
    return _sha256(name.encode() + b"\n" + typed_key).digest()[:4]


class Note(NamedTuple):
    text: bytes
    signatures: list[tuple[str, bytes]]  # key name, key id || signature

    @classmethod
    def parse(cls, data: bytes) -> Note:
        text, gap, lines = data.partition(b"\n\n")
        if not gap or not lines.endswith(b"\n") or len(data) > 1_000_000:
            raise Bad("checkpoint-malformed")
        signatures = []
        for line in lines[:-1].split(b"\n"):
            found = re.fullmatch(rb"\xe2\x80\x94 ([^ +]+) ([A-Za-z0-9+/=]+)", line)
            try:
                signatures.append((found[1].decode(), decode_base64(found[2]))) if found else _raise()
            except ValueError:
                raise Bad("checkpoint-malformed") from None
        return cls(text + b"\n", signatures)

    def signed_by(self, keys: Iterable[LogKey], point: Checkpoint | None = None) -> list[LogKey]:
        """The keys that signed. A known key whose signature fails condemns the note (C2SP signed-note)."""
        good = []
        for key in keys:
            for name, signature in self.signatures:
                if name == key.name and signature[:4] == key.id:
                    if not key.check(self.text, point, signature[4:]):
                        raise Bad("checkpoint-signature", name)
                    good.append(key)
                    break
        return good


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes
    note: Note

    @classmethod
    def parse(cls, data: bytes) -> Checkpoint:
        note = Note.parse(data)
        try:
            origin, size, root, *extensions = note.text.decode()[:-1].split("\n")
            if not re.fullmatch(r"0|[1-9][0-9]{0,17}", size) or not origin or not all(extensions) or len(origin) > 255:
                raise ValueError
            return cls(origin, int(size), decode_base64(root, 32), note)
        except ValueError:
            raise Bad("checkpoint-malformed") from None


def _raise() -> None:
    raise ValueError


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
    checkpoints: list[bytes] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Trust:
        """Raises ValueError (a usage error: the reader's own file)."""
        raw = json.loads(path.read_bytes())
        policy = raw.get("policy") or {}
        try:
            return cls(
                anchored=True,
                genesis=decode_base64(raw["genesis"], 32),
                origin=raw.get("origin"),
                keys=[LogKey.parse(text) for text in raw["vkeys"]],
                quorum=int(policy.get("quorum", 0)),
                witnesses=[LogKey.parse(text) for text in policy.get("witnesses", [])],
                pades=decode_base64(raw["pades"]) if raw.get("pades") else None,
                checkpoints=[text.encode() for text in raw.get("checkpoints", [])],
            )
        except (Bad, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path.name}: {error}") from None

    def check(self, point: Checkpoint) -> None:
        """Origin, and a good signature of each algorithm that the log's keys have."""
        if self.origin is not None and point.origin != self.origin:
            raise Bad("checkpoint-origin", point.origin)
        keys = [key for key in self.keys if key.name == point.origin]
        if not keys:
            raise Bad("checkpoint-origin", point.origin)
        good = point.note.signed_by(keys, point)
        if missing := {key.type for key in keys} - {key.type for key in good}:
            raise Bad("checkpoint-signature", f"type {min(missing):02x}")

    def check_witnesses(self, point: Checkpoint) -> None:
        """Enough of the policy's witnesses cosigned: asked of the latest checkpoint only."""
        found = len({key.public for key in point.note.signed_by(self.witnesses, point)})
        if found < self.quorum:
            raise Bad("witness-quorum", f"{found} < {self.quorum}")


# ---------------------------------------------------------------------------------------------- acts
# The grammar of a canonical act header (RFC 8785 subset): sorted keys, no spaces, only the escapes RFC 8785 writes.
# A line that matches is canonical by construction, so nothing need be re-encoded.
_TEXT = rb'"[^"\\\x00-\x1f]*(?:\\(?:["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))[^"\\\x00-\x1f]*)*"'
_HASH = rb"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="
_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
HEADER: Final = re.compile(
    rb'\{"act":"([a-z0-9._-]{1,80})","actor":"(' + _UUID + rb')"'
    rb',"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z"'
    rb'(?:,"basis":\{"code":' + _TEXT + rb',"ref":' + _TEXT + rb"\})?"
    rb',"events":([1-9]\d{0,15})(,"for":(?!"")' + _TEXT + rb')?,"id":"(' + _UUID + rb')"'
    rb',"kids":\["(' + _HASH + rb'(?:","' + _HASH + rb')*)"\],"root":"(' + _HASH + rb')"'
    rb',"seen":\{"root":"(' + _HASH + rb')","size":(0|[1-9]\d{0,15})\}\}'
)
_P: Final = 2**255 - 19
_EIGHTH: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# y of the Ed25519 points of small order, under which one signature would fit many messages
WEAK_KEYS: Final = frozenset({0, 1, _P - 1, _P, _P + 1, _EIGHTH, _P - _EIGHTH})
EVENTS: Final = re.compile(rb'"events":([1-9]\d{0,15})[,}]')


class Act(NamedTuple):
    """A parsed act: members of its header as they stand there, the text that is signed, and the signature lines."""

    name: bytes
    actor: bytes
    at: bytes
    events: bytes
    for_: bytes | None
    id: bytes
    kids: bytes
    root: bytes
    seen_root: bytes
    seen_size: bytes
    text: bytes
    lines: list[bytes]

    @property
    def of_registry(self) -> bool:
        return self.name.startswith(b"registry.") or self.name == b"log.found"


def parse_act(entry: bytes, head: bytes) -> Act:
    """A signed note whose text is `head` (`<origin>/act/v1`) and one canonical JSON line. Raises Bad."""
    end = entry.find(b"\n\n", len(head))
    if end < 0 or not entry.startswith(head) or entry[-1] != 10 or len(entry) > 65_535:
        raise Bad("act-framing")
    header = entry[len(head) : end]
    found = HEADER.fullmatch(header)
    if found is None or not (header.isascii() or is_nfc(header)):
        raise Bad("act-not-canonical")
    text, lines = entry[: end + 1], entry[end + 2 : -1].split(b"\n")
    try:
        datetime.fromisoformat(found[3].decode())
    except ValueError:
        raise Bad("act-not-canonical", "at") from None
    return Act._make((*found.groups(), text, lines))


def is_nfc(data: bytes) -> bool:
    try:
        return unicodedata.is_normalized("NFC", data.decode())
    except UnicodeDecodeError:
        return False


@dataclass(slots=True)
class ActKey:
    """An enrolled key: good for acts `since` < index <= `until`. A note line of it begins with `prefix`."""

    kid: bytes  # base64, as the header writes it
    actor: bytes
    public: Ed25519PublicKey
    prefix: bytes
    id: bytes
    since: int
    until: int | None = None
    compromised: int | None = None

    @classmethod
    def make(cls, origin: str, actor: Any, encoded: Any, since: int) -> ActKey:
        """From a registry event's `key`: base64 of type byte || public key."""
        try:
            raw = decode_base64(encoded, 33)
            weak = int.from_bytes(raw[1:], "little") & (2**255 - 1) in WEAK_KEYS
            if raw[0] != 1 or weak or not re.fullmatch(_UUID.decode(), actor):
                raise ValueError
            name = f"{origin}/{actor}"
            public, kid = Ed25519PublicKey.from_public_bytes(raw[1:]), base64.b64encode(_sha256(raw).digest())
        except (ValueError, TypeError, AttributeError):
            raise Bad("registry-event", "key") from None
        return cls(kid, actor.encode(), public, b"\xe2\x80\x94 " + name.encode() + b" ", key_hash(name, raw), since)


@dataclass(slots=True)
class Grant:
    actor: bytes
    role: str
    acts: list[str]
    on_behalf: bool
    since: int
    until: int | None = None

    def covers(self, act: str) -> bool:
        return any(p == act or (p.endswith(".*") and act.startswith(p[:-1])) for p in self.acts)


def check_signatures(act: Act, keys: Mapping[bytes, ActKey]) -> str | None:
    """Exactly one good signature line per kid, in order; returns a code when not. Keys must be known."""
    kids = act.kids.split(b'","')
    if len(act.lines) != len(kids):
        return "signature-count"
    for kid, line in zip(kids, act.lines, strict=True):
        key = keys[kid]
        text = line[len(key.prefix) :]
        try:
            raw = binascii.a2b_base64(text)
        except ValueError:
            return "signature-line"
        exact = len(raw) == 68 and binascii.b2a_base64(raw, newline=False) == text
        if not exact or raw[:4] != key.id or not line.startswith(key.prefix):
            return "signature-line"
        try:
            key.public.verify(raw[4:], act.text)
        except InvalidSignature:
            return "signature-bad"
    return None


def registry_stream(origin: str) -> bytes:
    """UUIDv8 of SHA-256("mocban/registry/v1:" || origin): where registry events lie, and nowhere else."""
    raw = bytearray(_sha256(b"mocban/registry/v1:" + origin.encode()).digest()[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
    return bytes(raw)


REGISTRY_ACTS: Final = {
    b"registry.enrol": "registry.key-enrolled/1",
    b"registry.rotate": "registry.key-rotated/1",
    b"registry.revoke": "registry.key-revoked/1",
    b"registry.grant": "registry.role-granted/1",
    b"registry.withdraw": "registry.role-withdrawn/1",
}


class Registry:
    """The log's keys and roles over time, replayed from registry acts. A bad registry act has no effect."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.stream = registry_stream(origin)
        self.keys: dict[bytes, ActKey] = {}
        self.grants: list[Grant] = []
        self.registrars: set[bytes] = set()
        self.quorum = 0
        self.log_keys: list[LogKey] = []
        self.verdicts: dict[int, list[str]] = {}
        self.any_compromised = False
        self._allowed: dict[tuple[bytes, bytes, bool], list[Grant]] = {}

    def apply(self, index: int, act: Act, entries: Sequence[bytes]) -> None:
        """Judge registry act `index` by its event entries and, when good, let it take effect."""
        payloads = [entry[26 + int.from_bytes(entry[24:26], "big") :] for entry in entries]
        try:
            if any(entry[:16] != self.stream for entry in entries):
                raise Bad("registry-event", "stream")
            effects, fresh = self._plan(index, act, [json.loads(payload) for payload in payloads])
            if code := check_signatures(act, {**self.keys, **{key.kid: key for key in fresh}}):
                raise Bad(code)
            for effect in effects:
                effect()
            self.verdicts[index] = []
        except Bad as bad:
            self.verdicts[index] = [bad.code]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.verdicts[index] = ["registry-event"]

    def _plan(self, index: int, act: Act, events: list[Any]) -> tuple[list[Callable[[], None]], list[ActKey]]:
        """What the act would change, and the keys it brings. Raises Bad."""
        kids = act.kids.split(b'","')
        if len(set(kids)) != len(kids):
            raise Bad("signer-repeated")
        if index == 0 or act.name == b"log.found":
            return self._found(index, act, kids, events)
        if act.for_ is not None or {event["type"] for event in events} != {REGISTRY_ACTS.get(act.name)}:
            raise Bad("registry-event")
        bringing = events if act.name in {b"registry.enrol", b"registry.rotate"} else []
        fresh = [ActKey.make(self.origin, event["actor"], event["key"], index) for event in bringing]
        olds = kids[: max(0, len(kids) - len(fresh))]
        if kids[len(olds) :] != [key.kid for key in fresh] or any(key.kid in self.keys for key in fresh):
            raise Bad("registry-possession")
        signers = [self._live(index, kid) for kid in olds]
        if not signers or signers[0].actor != act.actor:
            raise Bad("actor-mismatch")
        if act.name == b"registry.rotate":
            if len(kids) != 2 or events[0]["old"].encode() != kids[0] or fresh[0].actor != act.actor:
                raise Bad("registry-possession")
        elif not {key.actor for key in signers} <= self.registrars or len({key.actor for key in signers}) < self.quorum:
            raise Bad("registry-quorum")
        effects = [self._effect(index, event) for event in events]
        return [*effects, lambda: self.keys.update({key.kid: key for key in fresh})], fresh

    def _effect(self, index: int, event: Any) -> Callable[[], None]:
        match event["type"]:
            case "registry.key-rotated/1":
                old = self.keys[event["old"].encode()]
                return lambda: setattr(old, "until", index)
            case "registry.key-revoked/1":
                return self._revoking(index, event)
            case "registry.role-granted/1":
                return self._granting(index, event)
            case "registry.role-withdrawn/1":
                return self._withdrawing(index, event)
            case _:
                return lambda: None

    def _found(
        self, index: int, act: Act, kids: list[bytes], events: list[Any]
    ) -> tuple[list[Callable[[], None]], list[ActKey]]:
        if index or len(events) != 1 or events[0]["type"] != "registry.genesis/1":
            raise Bad("genesis-invalid")
        event = events[0]
        keys = {k.kid: k for k in (ActKey.make(self.origin, r["actor"], r["key"], 0) for r in event["registrars"])}
        if event["origin"] != self.origin or not isinstance(event["quorum"], int) or event["quorum"] < 1:
            raise Bad("genesis-invalid")
        if kids != list(keys) or keys[kids[0]].actor != act.actor or act.seen_size != b"0":
            raise Bad("genesis-invalid")
        if len({key.actor for key in keys.values()}) != len(kids) or len(kids) < event["quorum"]:
            raise Bad("registry-quorum")
        log_keys = [LogKey.parse(text) for text in event["log_vkeys"]]

        def found() -> None:
            self.keys, self.log_keys = keys, log_keys
            self.registrars, self.quorum = {key.actor for key in keys.values()}, event["quorum"]

        return [found], list(keys.values())

    def _live(self, index: int, kid: bytes) -> ActKey:
        key = self.keys.get(kid)
        if key is None:
            raise Bad("key-unknown")
        if key.until is not None and index > key.until:
            raise Bad("key-revoked")
        return key

    def _revoking(self, index: int, event: Any) -> Callable[[], None]:
        key, since = self.keys.get(event["kid"].encode()), event.get("compromised_since")
        if key is None or (since is not None and (not isinstance(since, int) or not 0 <= since <= index)):
            raise Bad("registry-event", "revocation")
        known = key

        def revoke() -> None:
            known.until = index if known.until is None else known.until
            starts = [at for at in (known.compromised, since) if at is not None]
            known.compromised = min(starts, default=None)
            self.any_compromised = self.any_compromised or bool(starts)

        return revoke

    def _granting(self, index: int, event: Any) -> Callable[[], None]:
        acts = [str(pattern) for pattern in event["acts"]]
        behalf = event.get("on_behalf", False) is True
        if not acts or not all(re.fullmatch(r"[^*\s]+|[^*\s]+\.\*", pattern) for pattern in acts):
            raise Bad("registry-event", "acts")
        grant = Grant(event["actor"].encode(), str(event["role"]), acts, behalf, index)
        return lambda: self.grants.append(grant)

    def _withdrawing(self, index: int, event: Any) -> Callable[[], None]:
        actor, role = event["actor"].encode(), event["role"]
        held = [g for g in self.grants if g.actor == actor and g.role == role and g.until is None]
        if not held:
            raise Bad("registry-event", "role")

        def withdraw() -> None:
            for grant in held:
                grant.until = index

        return withdraw

    def judge(self, index: int, act: Act) -> list[str]:
        """What is wrong with an act's signers, roles and signatures at `index`."""
        if act.of_registry:
            return self.verdicts.get(index, ["registry-event"])
        kids = act.kids.split(b'","')
        if len(kids) > 1 and len(set(kids)) != len(kids):
            return ["signer-repeated"]
        problems: list[str] = []
        for order, kid in enumerate(kids):
            key = self.keys.get(kid)
            if key is None or key.since >= index:
                return [*problems, "key-unknown"]
            if key.until is not None and index > key.until:
                problems.append("key-revoked")
            if order == 0 and key.actor != act.actor:
                problems.append("actor-mismatch")
            if not self._may(key.actor, act.name, False, index):
                problems.append("role-missing")
            elif order == 0 and act.for_ is not None and not self._may(key.actor, act.name, True, index):
                problems.append("on-behalf-missing")
        if code := check_signatures(act, self.keys):
            problems.append(code)
        return problems

    def _may(self, actor: bytes, act: bytes, on_behalf: bool, index: int) -> bool:
        held = self._allowed.get((actor, act, on_behalf))
        if held is None:
            name = act.decode()
            held = [g for g in self.grants if g.actor == actor and g.on_behalf >= on_behalf and g.covers(name)]
            self._allowed[actor, act, on_behalf] = held
        for grant in held:  # noqa: SIM110  a generator costs as much as the rest of this
            if grant.since < index and (grant.until is None or index < grant.until):
                return True
        return False

    def questioned(self, index: int, act: Act) -> bool:
        """Signed by a key later said to have been compromised since then: listed, not bad."""
        if not self.any_compromised:
            return False
        keys = [self.keys.get(kid) for kid in act.kids.split(b'","')]
        return any(k is not None and k.compromised is not None and index >= k.compromised for k in keys)


# ---------------------------------------------------------------------------------------------- events
EVENT_TYPE: Final = re.compile(rb"[a-z0-9-]+(?:\.[a-z0-9-]+)+/[1-9]\d{0,3}")
_KEPT: Final = (
    rb'"kc":"' + _HASH + rb'","nonce":"[A-Za-z0-9+/]{16}","ct":"' + _HASH + rb'","len":(?:1[6-9]|[2-9]\d|[1-9]\d{2,15})'
)
_BLOB: Final = rb',"blob":"' + _UUID + rb'","media":"[a-z0-9.+/-]+"'
_SEALED: Final = rb'\{"alg":"A256GCM(?:",' + _KEPT + rb'|-blob",' + _KEPT + _BLOB + rb")\}"
SEALED: Final = re.compile(_SEALED)
# What nearly every payload is: a flat object. What matches is well-formed JSON without nulls or escapes, its type once
# and its sealed fields in order; the rest is read by `json`. (It spares the time of building objects nobody wants.)
_SIMPLE: Final = rb'(?:"[^"\\\x00-\x1f]*+"|0|-?[1-9]\d{0,15}+|true|false)'
_LIST: Final = rb"\[(?:" + _SIMPLE + rb"(?:," + _SIMPLE + rb")*+)?+\]"
_MEMBER: Final = rb'"(?!type"|alg")\w++":'
_FLAT: Final = rb"\{" + _MEMBER + _SIMPLE + rb"(?:," + _MEMBER + _SIMPLE + rb")*+\}"
_USUAL: Final = _SIMPLE + rb"|" + _SEALED + rb"|" + _LIST + rb"|" + _FLAT
USUAL: Final = re.compile(rb'\{"type":"[a-z0-9./-]++"(?:,' + _MEMBER + rb"(?:" + _USUAL + rb"))*+\}")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


_scan_json: Final[Callable[[str, int], tuple[Any, int]]] = json.scanner.make_scanner(  # json.loads, less its overhead
    cast("Any", json.JSONDecoder(parse_constant=_refuse_constant))
)


def check_event(entry: bytes) -> str | None:
    """One event entry: stream(16) || version(8) || type length(2) || type || payload. Returns a code when bad."""
    start = 26 + int.from_bytes(entry[24:26], "big")
    kind, opening = _kind(entry[26:start])
    payload = entry[start:]
    if len(entry) < start or len(entry) > 65_536 or not kind:
        return "event-malformed"
    if not payload.startswith(opening):
        return "event-type"
    try:
        if USUAL.fullmatch(payload):
            return None if payload.isascii() or is_nfc(payload) else "event-payload"
        text = payload.decode()
        value, end = _scan_json(text, 0)
    except (ValueError, StopIteration, RecursionError):
        return "event-payload"
    if value["type"] != kind:
        return "event-type"
    if end != len(text) or not (payload.isascii() or unicodedata.is_normalized("NFC", text)):
        return "event-payload"
    if b"null" in payload and _has_null(value):
        return "event-payload"
    if len(SEALED.findall(payload)) != payload.count(b'"alg":'):
        return "event-sealed"
    return None


@lru_cache(1024)
def _kind(kind: bytes) -> tuple[str, bytes]:
    """A type tag as text ("" when malformed), and how a payload of it begins."""
    return (kind.decode() if EVENT_TYPE.fullmatch(kind) else ""), b'{"type":"' + kind + b'"'


def _has_null(value: Any) -> bool:
    rest = [value]
    while rest:
        item = rest.pop()
        if item is None:
            return True
        rest.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
    return False


# ---------------------------------------------------------------------------------------------- a whole log
_FAR: Final = 1 << 62  # no position is ever beyond, whatever counts a hostile act claims
_REGISTRY_ACT: Final = re.compile(rb'\n\{"act":"(?:registry\.|log\.found")')


class Chunk(NamedTuple):
    """What 256 acts gave: findings, questioned acts, act ids in order, and stream || version of each event in order."""

    findings: list[Finding]
    questioned: list[int]
    ids: list[tuple[int, bytes]]
    heads: list[bytes]


class Log:
    """An exported log under verification. After `prepare`, chunks are independent of one another."""

    def __init__(self, source: Source, trust: Trust) -> None:
        self.source, self.trust = source, trust
        self.findings: list[Finding] = [Finding(None, None, "member-name", name[:120]) for name in source.unsafe]
        self.checkpoint: Checkpoint | None = None
        self.size = 0
        self.firsts: array[int] = array("Q")  # first event position of each act, and the total as the last item
        self.tree, self.registry, self.head = Tree(b""), Registry(""), b""
        self._seen = (b"", b"")

    def name(self, kind: str, number: int, size: int) -> str:
        return f"tile/{kind}/{tile_name(number, min(256, size - number * 256))}"

    def locate(self, kind: str, number: int, size: int) -> str:
        """The name of a bundle; under another size than the writer's, a fuller one holds the same first items."""
        exact, width = self.name(kind, number, size), min(256, size - number * 256)
        if exact in self.source.names:
            return exact
        others = (f"tile/{kind}/{tile_name(number, w)}" for w in (*range(width, 257), *range(width - 1, 0, -1)))
        return next((name for name in others if name in self.source.names), exact)

    def items(self, kind: str, number: int, size: int, unit: int, act: int | None) -> bytes | None:
        """A file of items of `unit` bytes, cut to what `size` needs when only a fuller one is there."""
        name = self.locate(kind, number, size)
        data = self.read(name, act, "tile-missing")
        exact = data is None or name == self.name(kind, number, size)
        return data if exact or data is None else data[: min(256, size - number * 256) * unit]

    def read(self, name: str, act: int | None, missing: str) -> bytes | None:
        """A file, or None and a finding: `missing` when absent."""
        if name not in self.source.names:
            self.findings.append(Finding(act, None, missing, name))
            return None
        try:
            return self.source.read(name)
        except Bad as bad:
            self.findings.append(Finding(act, None, bad.code, name))
            return None

    def prepare(self) -> None:
        self._open_checkpoint()
        self._build_tree()
        self._find_positions()
        self._replay_registry()
        self._check_checkpoints()

    def _open_checkpoint(self) -> None:
        data = self.read("checkpoint", None, "checkpoint-missing")
        try:
            self.checkpoint = Checkpoint.parse(data) if data is not None else None
        except Bad as bad:
            self.findings.append(Finding(None, None, bad.code, "checkpoint"))
        self.size = held = self._held("entries")
        self.held_events = self._held("events")
        if self.checkpoint is not None:
            self.size = min(self.checkpoint.size, held)
            if held < self.checkpoint.size:
                detail = f"{held} < {self.checkpoint.size}"
                self.findings.append(Finding(held, None, "history-truncated", detail))
        first = self.entries(0)[0].partition(b"/act/v1\n")[0] if self.size and self.entries(0) else b""
        if self.trust.origin is None and len(first) < 256 and is_nfc(first):
            self.trust.origin = first.decode()
        self.head = (self.trust.origin or "").encode() + b"/act/v1\n"

    def _held(self, kind: str) -> int:
        """How many entries or events the files at hand can hold; far-off names cannot make it absurd."""
        names = [n.removeprefix(f"tile/{kind}/") for n in self.source.names if n.startswith(f"tile/{kind}/")]
        good = [n for n in names if re.fullmatch(r"(x\d{3}/){0,6}\d{3}(\.p/\d{1,3})?", n)]
        ends = [_number(n) * 256 + min(int(n.partition(".p/")[2] or 256), 256) for n in good]
        return min(max(ends, default=0), 256 * (2 * len(good) + 16))

    def chunks(self) -> range:
        return range((self.size + 255) // 256)

    def width(self, chunk: int) -> int:
        return min(256, self.size - chunk * 256)

    def bundle(self, chunk: int) -> tuple[bytes, str]:
        """The bytes of an entry bundle, and the code when it is lost."""
        name = self.locate("entries", chunk, self.size)
        if name not in self.source.names:
            return b"", "entry-missing"
        try:
            return self.source.read(name), ""
        except Bad as bad:
            return b"", bad.code

    def entries(self, chunk: int) -> list[bytes]:
        return frames(self.bundle(chunk)[0], 2)[0][: self.width(chunk)]

    def _build_tree(self) -> None:
        """From tiles when they reach the signed root, so that one altered entry is named alone; else from entries."""
        goal = self.checkpoint.root if self.checkpoint is not None and self.checkpoint.size == self.size else None
        if goal is not None:
            tiles = [self.items("0", chunk, self.size, 32, None) or b"" for chunk in self.chunks()]
            if [len(tile) for tile in tiles] == [32 * self.width(chunk) for chunk in self.chunks()]:
                self.tree = Tree(b"".join(tiles))
                if self.tree.root(self.size) == goal:
                    return
        leaves = bytearray()
        for chunk in self.chunks():
            found = self.entries(chunk)
            leaves += b"".join(map(leaf_hash, found)) + bytes(32) * (self.width(chunk) - len(found))
        self.tree = Tree(bytes(leaves))
        if goal is not None and self.tree.root(self.size) != goal:
            self.findings.append(Finding(None, None, "root-mismatch", str(self.size)))

    def _find_positions(self) -> None:
        """Where each act's events begin, by the counts in the acts; the sidecar is believed only for a lost act."""
        first = 0
        for chunk in self.chunks():
            width, name = self.width(chunk), self.name("positions", chunk, self.size)
            data = self.items("positions", chunk, self.size, 8, chunk * 256) or b""
            exact = list(accumulate(map(int, EVENTS.findall(self.bundle(chunk)[0])), initial=first))
            if len(exact) != width + 1 or exact[-1] > _FAR or struct.pack(f">{width}Q", *exact[:-1]) != data:
                exact = self._resolve(chunk, data, first)
                sidecar = [data[at : at + 8] for at in range(0, len(data), 8)]
                right = [position.to_bytes(8, "big") for position in exact[:-1]]
                for j in (j for j in range(max(width, len(sidecar))) if sidecar[j : j + 1] != right[j : j + 1]):
                    act = chunk * 256 + min(j, width - 1)
                    self.findings.append(Finding(act, None, "positions-mismatch", name))
            self.firsts.extend(exact[:-1])
            first = exact[-1]
        self.firsts.append(first)

    def _resolve(self, chunk: int, data: bytes, first: int) -> list[int]:
        """Positions in a chunk where acts and sidecar disagree: an act that the tree vouches for is believed first."""
        out, found = [first], self.entries(chunk)
        sidecar = struct.unpack(f">{len(data) // 8}Q", data[: len(data) // 8 * 8])
        for j in range(self.width(chunk)):
            at = (chunk * 256 + j) * 32
            vouched = j < len(found) and leaf_hash(found[j]) == self.tree.levels[0][at : at + 32]
            stated = EVENTS.search(found[j]) if j < len(found) else None
            count = int(stated[1]) if stated else 0
            if j + 1 < len(sidecar) and not (vouched and count) and 0 < sidecar[j + 1] - sidecar[j] < 1 << 24:
                count = sidecar[j + 1] - sidecar[j]
            out.append(min(out[-1] + max(count, 1), _FAR))
        return out

    def _replay_registry(self) -> None:
        self.registry = Registry(self.trust.origin or "")
        events = Events(self)
        for chunk in self.chunks():
            if chunk and not _REGISTRY_ACT.search(self.bundle(chunk)[0]):
                continue
            for index, entry in enumerate(self.entries(chunk), chunk * 256):
                if index and not _REGISTRY_ACT.search(entry):
                    continue
                try:
                    act = parse_act(entry, self.head)
                    until = min(self.firsts[index + 1], self.held_events)
                    taken = [events.get(position) or b"" for position in range(self.firsts[index], until)]
                    if act_root([leaf_hash(event) for event in taken]) != decode_base64(act.root):
                        raise Bad("act-root-mismatch")
                    self.registry.apply(index, act, taken)
                except Bad as bad:
                    self.registry.verdicts[index] = [] if bad.code in _NAMED_ELSEWHERE else [bad.code]
                if index == 0:
                    self._check_genesis(entry)

    def _check_genesis(self, entry: bytes) -> None:
        stated = self.source.read("genesis") if "genesis" in self.source.names else entry
        if stated != entry or (self.trust.genesis is not None and leaf_hash(entry) != self.trust.genesis):
            self.findings.append(Finding(0, None, "genesis-mismatch"))
        if not self.registry.keys and not self.registry.verdicts.get(0):
            self.findings.append(Finding(0, None, "genesis-invalid"))
        if not self.trust.anchored:
            live: dict[int, LogKey] = {}
            for key in self.registry.log_keys:
                live.setdefault(key.type, key)
            self.trust.keys = list(live.values())

    def _check_checkpoints(self) -> None:
        """The latest and every earlier checkpoint: signatures, and one history under all of them."""
        given = [("checkpoint", self.checkpoint)] if self.checkpoint is not None else []
        notes: list[tuple[str, bytes | None]] = [("--checkpoint", data) for data in self.trust.checkpoints]
        older = sorted(n for n in self.source.names if re.fullmatch(r"checkpoints/\d+", n))
        notes += [(name, self.read(name, None, "checkpoint-missing")) for name in older]
        for name, data in notes:
            try:
                given += [(name, Checkpoint.parse(data))] if data is not None else []
            except Bad as bad:
                self.findings.append(Finding(None, None, bad.code, name))
        for name, point in given:
            try:
                self.trust.check(point)
                if name == "checkpoint":
                    self.trust.check_witnesses(point)
                if name.startswith("checkpoints/") and name != f"checkpoints/{point.size}":
                    raise Bad("checkpoint-malformed")
                if point.size > self.size and name != "checkpoint":
                    raise Bad("history-truncated")
                if point.size <= self.size and self.tree.root(point.size) != point.root and name != "checkpoint":
                    raise Bad("checkpoint-inconsistent")
            except Bad as bad:
                place = f"{name} ({point.size})" + (f": {bad.detail}" if bad.detail else "")
                self.findings.append(Finding(None, None, bad.code, place))

    def check_chunk(self, chunk: int) -> Chunk:
        """Every act of a bundle and its events. Needs nothing of other chunks but what `prepare` made."""
        out = Chunk([], [], [], [])
        data, lost = self.bundle(chunk)
        start, width = chunk * 256, self.width(chunk)
        found, whole = frames(data, 2)
        exact = self.name("entries", chunk, self.size) in self.source.names
        if not lost and not (whole and (len(found) == width or not exact)):
            out.findings.append(Finding(start + min(len(found), width - 1), None, "entry-framing"))
        events = Events(self)
        leaves = self.tree.levels[0]
        for index in range(start, start + width):
            first, last = self.firsts[index], self.firsts[index + 1]
            hashes_ = self._check_events(events, index, first, last, out)
            if index - start >= len(found):
                out.findings.append(Finding(index, None, lost or "entry-missing"))
                continue
            entry = found[index - start]
            if _sha256(b"\0" + entry).digest() != leaves[index * 32 : index * 32 + 32]:
                out.findings.append(Finding(index, None, "entry-altered"))
            try:
                act = parse_act(entry, self.head)
            except Bad as bad:
                out.findings.append(Finding(index, None, bad.code))
                continue
            self._check_act(index, act, hashes_, out)
        for position in events.broken:  # named by the chunk in which the bundle begins
            if self.firsts[start] <= position // 256 * 256 < self.firsts[start + width]:
                out.findings.append(Finding(self._act_of(position), position, "event-framing"))
        return out

    def _check_events(self, events: Events, index: int, first: int, last: int, out: Chunk) -> list[bytes]:
        if entries := events.within(first, last):
            for position, entry in enumerate(entries, first):
                if code := check_event(entry):
                    out.findings.append(Finding(index, position, code))
            out.heads.extend([entry[:24] for entry in entries])
            return [_sha256(b"\0" + entry).digest() for entry in entries]
        hashes_ = []
        for position in range(first, last):  # across bundles, or some are missing
            found = events.get(position)
            out.heads.append(found[:24] if found is not None else b"")
            if found is None:
                out.findings.append(Finding(index, position, "event-missing"))
                if position >= self.held_events:
                    break  # a hostile count must not keep us here
                continue
            hashes_.append(leaf_hash(found))
            if code := check_event(found):
                out.findings.append(Finding(index, position, code))
        return hashes_

    def _check_act(self, index: int, act: Act, hashes_: list[bytes], out: Chunk) -> None:
        for code in self.registry.judge(index, act):
            out.findings.append(Finding(index, None, code))
        first, last = self.firsts[index], self.firsts[index + 1]
        root = hashes_[0] if len(hashes_) == 1 else act_root(hashes_)
        if int(act.events) != last - first or binascii.b2a_base64(root, newline=False) != act.root:
            out.findings.append(Finding(index, first if last - first == 1 else None, "act-root-mismatch"))
        if (act.seen_size, act.seen_root) != self._seen:
            size = int(act.seen_size)
            if size > index or binascii.b2a_base64(self.tree.root(size), newline=False) != act.seen_root:
                out.findings.append(Finding(index, None, "seen-not-in-history", str(size)))
            else:
                self._seen = (act.seen_size, act.seen_root)
        if self.registry.questioned(index, act):
            out.questioned.append(index)
        out.ids.append((index, bytes.fromhex(act.id.replace(b"-", b"").decode())))

    def check_order(self, results: Iterable[Chunk], progress: Callable[[int], None]) -> list[int]:
        """Ids unique and stream versions gapless over the whole log; returns the questioned acts."""
        # id || index, by the id's last byte: one set of all ids would take five times the memory
        ids = [bytearray() for _ in range(256)]
        versions: dict[bytes, int] = {}
        questioned: list[int] = []
        position = 0
        for number, result in enumerate(results):
            self.findings += result.findings
            questioned += result.questioned
            for index, act_id in result.ids:
                ids[act_id[15]] += act_id + index.to_bytes(8, "big")
            position = self.firsts[number * 256]
            for head in result.heads:
                stream, version = head[:16], int.from_bytes(head[16:], "big")
                if head and versions.get(stream, 0) + 1 != version:
                    self.findings.append(Finding(self._act_of(position), position, "event-version", stream.hex()))
                versions[stream] = version
                if stream == self.registry.stream and self._act_of(position) not in self.registry.verdicts:
                    self.findings.append(Finding(self._act_of(position), position, "registry-event", "stream"))
                position += 1
            progress(number)
        for bucket in ids:
            known: set[bytes] = set()
            for at in range(0, len(bucket), 24):
                act_id = bytes(bucket[at : at + 16])
                if act_id in known:
                    index = int.from_bytes(bucket[at + 16 : at + 24], "big")
                    self.findings.append(Finding(index, None, "act-id-repeated"))
                known.add(act_id)
        return questioned

    def _act_of(self, position: int) -> int:
        low, high = 0, self.size
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.firsts[middle] <= position else (low, middle)
        return low

    def check_files(self) -> None:
        """Every tile at every level is exactly what the entries make it, and there is no other."""
        size, total = self.size, self.firsts[-1]
        wanted = {self.name("entries", n, size) for n in self.chunks()}
        wanted |= {self.name("positions", n, size) for n in self.chunks()}
        wanted |= {self.name("events", n, total) for n in range(min((total + 255) // 256, len(self.source.names)))}
        levels = self.tree.levels[::8] if size else []
        for level, data in enumerate(levels):
            for at in range(0, len(data), 8192):
                name = self.name(str(level), at // 8192, len(data) // 32)
                wanted.add(name)
                held = self.items(str(level), at // 8192, len(data) // 32, 32, None)
                if held is not None and held != data[at : at + 8192]:
                    self._name_tile(name, level, at // 32, held, data[at : at + 8192])
        for name in sorted(n for n in self.source.names if n.startswith("tile/") and n not in wanted):
            if not self._is_older_partial(name, levels):
                self.findings.append(Finding(None, None, "tile-unknown", name[:120]))

    def _name_tile(self, name: str, level: int, first: int, held: bytes, right: bytes) -> None:
        wrong = [at // 32 for at in range(0, len(right), 32) if held[at : at + 32] != right[at : at + 32]]
        acts: list[int | None] = [*((first + at) << (8 * level) for at in wrong)] or [None]
        self.findings.extend(Finding(act, None, "tile-mismatch", name) for act in acts)

    def _is_older_partial(self, name: str, levels: list[bytes]) -> bool:
        """A partial tile left from a smaller tree is fine when it is a prefix of what stands there now (C2SP)."""
        found = re.fullmatch(r"tile/(\d|entries|events|positions)/((?:x\d{3}/)*\d{3})\.p/([1-9]\d{0,2})", name)
        if found is None or int(found[3]) > 255:
            return False
        number, kind = _number(found[2]), found[1]
        try:
            held = self.source.read(name)
            if kind.isdigit():
                data = levels[int(kind)][number * 8192 : number * 8192 + 8192]
            else:
                total = self.firsts[-1] if kind == "events" else self.size
                data = self.source.read(self.name(kind, number, total))
        except (Bad, IndexError):
            return False
        return 0 < len(held) <= len(data) and data.startswith(held)

    def check_manifest(self) -> None:
        """MANIFEST: a signed note, `<origin>/manifest/v1`, then `<sha256 hex> <length> <name>` a line."""
        if "MANIFEST" not in self.source.names:
            return
        try:
            note = Note.parse(self.source.read("MANIFEST"))
            if not note.signed_by(key for key in self.trust.keys if key.type == 1):
                raise Bad("manifest-signature")
            head, *lines = note.text.decode()[:-1].split("\n")
            if head + "\n" != self.head.decode().replace("/act/v1", "/manifest/v1"):
                raise Bad("manifest", "MANIFEST")
            listed = {name: (digest, length) for digest, length, name in (line.split(" ", 2) for line in lines)}
        except (Bad, ValueError) as error:
            code = "manifest-signature" if isinstance(error, Bad) and error.code != "manifest" else "manifest"
            self.findings.append(Finding(None, None, code, "MANIFEST"))
            return
        for name in sorted((self.source.names | set(listed)) - {"MANIFEST"}):
            data = self.read(name, None, "manifest") if name in listed else None
            if data is None or listed[name] != (_sha256(data).hexdigest(), str(len(data))):
                self.findings.append(Finding(None, None, "manifest", name[:120]))


_NAMED_ELSEWHERE: Final = {"act-framing", "act-not-canonical", "act-root-mismatch"}  # every act is checked for these


class Events:
    """Event entries by global position, one bundle in memory at a time. `broken`: positions where framing failed."""

    def __init__(self, log: Log) -> None:
        self.log, self.total, self.number = log, log.firsts[-1], -1
        self.entries: list[bytes] = []
        self.broken: list[int] = []

    def within(self, first: int, last: int) -> list[bytes]:
        """The entries at first..last-1 when all are there in one bundle, else nothing: the usual, quick case."""
        if first >> 8 != (last - 1) >> 8 or self.get(last - 1) is None:
            return []
        return self.entries[first & 255 : ((last - 1) & 255) + 1]

    def get(self, position: int) -> bytes | None:
        """None when it is not there."""
        if position >> 8 != self.number:
            self.number = position >> 8
            self.entries = self._load(self.number)
        at = position & 255
        return self.entries[at] if at < len(self.entries) else None

    def _load(self, number: int) -> list[bytes]:
        name, exact = self.log.locate("events", number, self.total), self.log.name("events", number, self.total)
        try:
            found, whole = frames(self.log.source.read(name), 4) if name in self.log.source.names else ([], True)
        except Bad:
            return []
        width = min(256, self.total - number * 256)
        if found and not (whole and (len(found) == width or name != exact)):
            self.broken.append(number * 256 + min(len(found), width - 1))
        return found[:width]


def act_root(event_hashes: list[bytes]) -> bytes:
    return Tree(b"".join(event_hashes)).root(len(event_hashes))


def _number(name: str) -> int:
    """The tile number in `x001/x234/067` (with or without `.p/W`)."""
    return int("".join(re.findall(r"\d{3}", name.partition(".p/")[0])))


_SHARED: list[Log] = []  # set before the fork, so that workers inherit the tree and the registry without copying


def _work(chunk: int) -> Chunk:
    return _SHARED[0].check_chunk(chunk)


def _reopen() -> None:
    _SHARED[0].source.reopen()


def check_chunks(log: Log, processes: int) -> Iterator[Chunk]:
    """Chunks in order. Forked workers on Linux; elsewhere threads (verification lets go of the interpreter lock)."""
    if processes < 2 or len(log.chunks()) < 4:
        yield from map(log.check_chunk, log.chunks())
        return
    _SHARED[:] = [log]
    pool: Executor
    if sys.platform == "linux":
        pool = ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=_reopen)
    else:
        pool = ThreadPoolExecutor(processes)
    with pool:
        waiting: deque[Future[Chunk]] = deque()
        for chunk in log.chunks():
            waiting.append(pool.submit(_work, chunk))
            if len(waiting) > 4 * processes:  # so that memory stays flat when the order check is slower
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def verify_log(source: Source, trust: Trust, processes: int, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Everything of section 7 of the format, as a report (see `report`)."""
    log = Log(source, trust)
    log.prepare()
    chunks = len(log.chunks())
    questioned = log.check_order(check_chunks(log, processes), lambda done: progress(done + 1, chunks))
    log.check_files()
    log.check_manifest()
    return report(log.findings, trust, log.checkpoint, log.size, min(log.firsts[-1], log.held_events), questioned)


def report(
    findings: list[Finding],
    trust: Trust,
    point: Checkpoint | None,
    acts: int,
    events: int,
    questioned: Sequence[int] = (),
) -> dict[str, Any]:
    """The verdict as plain JSON. `bad`: acts in order, then what concerns the log as a whole."""
    ordered = sorted(
        set(findings), key=lambda f: (f.act is None, f.act or 0, f.event or 0, list(CODES).index(f.code), f.detail)
    )
    return {
        "verdict": "invalid" if ordered else "valid" if trust.anchored else "self-consistent",
        "anchored": trust.anchored,
        "acts": acts,
        "events": events,
        "bad": [finding.row() for finding in ordered],
        "questioned": list(questioned),
        "checkpoint": None
        if point is None
        else {"origin": point.origin, "size": point.size, "root": base64.b64encode(point.root).decode()},
        "access": "not given",
    }


# ---------------------------------------------------------------------------------------------- a custody certificate
BEGIN: Final = b"%MOCBAN-PROOF-BEGIN\n"
END: Final = b"%MOCBAN-PROOF-END\n"


@dataclass(frozen=True)
class Proof:
    """A `.tlog-proof` (C2SP tlog-proof) with our `extra`: one event of one act, up to a checkpoint."""

    index: int
    entry: bytes
    event_index: int
    inner_path: list[bytes]
    event: bytes
    path: list[bytes]
    checkpoint: str

    @classmethod
    def parse(cls, text: str) -> Proof:
        try:
            body, gap, checkpoint = text.partition("\n\n")
            head, extra, index, *path = body.split("\n")
            if head != "c2sp.org/tlog-proof@v1" or not gap or not extra.startswith("extra "):
                raise ValueError
            if not re.fullmatch(r"index (0|[1-9]\d{0,15})", index):
                raise ValueError
            raw = decode_base64(extra[6:])
            after = 2 + int.from_bytes(raw[:2], "big")
            count = raw[after + 4]
            inner = [raw[at : at + 32] for at in range(after + 5, after + 5 + 32 * count, 32)]
            event = raw[after + 9 + 32 * count :]
            if int.from_bytes(raw[after + 5 + 32 * count : after + 9 + 32 * count], "big") != len(event):
                raise ValueError
            hashes_ = [decode_base64(line, 32) for line in path]
            event_index = int.from_bytes(raw[after : after + 4], "big")
            return cls(int(index[6:]), raw[2:after], event_index, inner, event, hashes_, checkpoint)
        except (ValueError, IndexError):
            raise Bad("proof-malformed") from None

    def check(self, point: Checkpoint, act: Act) -> None:
        """The event is in the act, the act in the tree. Raises Bad."""
        if path_root(self.event_index, int(act.events), leaf_hash(self.event), self.inner_path) != decode_base64(
            act.root
        ):
            raise Bad("act-root-mismatch")
        if path_root(self.index, point.size, leaf_hash(self.entry), self.path) != point.root:
            raise Bad("proof-inclusion")


def path_root(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    """RFC 9162 section 2.1.3.2; None when the path does not fit."""
    if not 0 <= index < size:
        return None
    at, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = node_hash(step, root)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, step)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def verify_certificate(data: bytes, trust: Trust) -> dict[str, Any]:
    """The PDF's signature, then every proof in it, signers judged by the registry acts that it carries."""
    findings: list[Finding] = []
    point: Checkpoint | None = None
    acts: set[int] = set()
    events = 0
    try:
        check_pdf_signature(data, trust.pades)
    except Bad as bad:
        findings.append(Finding(None, None, bad.code, bad.detail))
    try:
        if data.count(BEGIN) != 1 or data.count(END) != 1:
            raise Bad("proof-missing")
        held = json.loads(data.partition(BEGIN)[2].partition(END)[0])
        point = Checkpoint.parse(held["checkpoint"].encode())
        registry = [Proof.parse(text) for text in held["registry"]]
        proofs = [Proof.parse(text) for text in held["proofs"]]
        acts, events = _check_proofs(registry, proofs, held["checkpoint"], point, trust, findings)
        if not proofs:
            raise Bad("proof-missing")
    except Bad as bad:
        findings.append(Finding(None, None, bad.code, bad.detail))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        findings.append(Finding(None, None, "proof-malformed"))
    out = report(findings, trust, point, len(acts), events)
    return {**out, "complete": "according to the archive at checkpoint", "at": point.size if point else None}


def _check_proofs(
    registry: list[Proof], proofs: list[Proof], note: str, point: Checkpoint, trust: Trust, findings: list[Finding]
) -> tuple[set[int], int]:
    state, head = Registry(point.origin), point.origin.encode() + b"/act/v1\n"
    known = _replay_partial(registry, state, head)
    if 0 not in known or (trust.genesis is not None and leaf_hash(known[0].entry) != trust.genesis):
        findings.append(Finding(0, None, "genesis-mismatch"))
    if not trust.anchored:
        trust.keys = list({key.type: key for key in reversed(state.log_keys)}.values())
    trust.check(point)
    trust.check_witnesses(point)
    for proof in sorted({(p.index, p.event_index): p for p in [*registry, *proofs]}.values(), key=lambda p: p.index):
        try:
            act = parse_act(proof.entry, head)
            if proof.checkpoint != note:
                raise Bad("proof-malformed", "checkpoint")
            proof.check(point, act)
            if code := check_event(proof.event):
                raise Bad(code)
            findings += [Finding(proof.index, None, code) for code in state.judge(proof.index, act)]
        except Bad as bad:
            findings.append(Finding(proof.index, None, bad.code, bad.detail))
    return {p.index for p in proofs}, len(proofs)


def _replay_partial(registry: list[Proof], state: Registry, head: bytes) -> dict[int, Proof]:
    """Registry acts with all their events, in order; what is incomplete has no effect and judges its act bad."""
    known: dict[int, Proof] = {}
    by_act: dict[int, list[Proof]] = {}
    for proof in registry:
        by_act.setdefault(proof.index, []).append(proof)
    for index, parts in sorted(by_act.items()):
        parts.sort(key=lambda p: p.event_index)
        try:
            act = parse_act(parts[0].entry, head)
        except Bad:
            continue  # named again, by its own proof
        if [p.event_index for p in parts] == list(range(int(act.events))) and len({p.entry for p in parts}) == 1:
            known[index] = parts[0]
            state.apply(index, act, [p.event for p in parts])
    return known


# ---- the PDF signature: /ByteRange, then CMS SignedData (RFC 5652) read with the few lines of DER that it takes
_SHA256: Final = bytes.fromhex("0609608648016503040201")
_ECDSA_SHA256: Final = bytes.fromhex("06082a8648ce3d040302")
_MESSAGE_DIGEST: Final = bytes.fromhex("06092a864886f70d010904")


def der(data: bytes, at: int = 0) -> tuple[int, int, int]:
    """(tag, start of content, end) of the DER value at `at`. Raises ValueError."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[at + 2 : start], "big")
    if start + length > len(data):
        raise ValueError("DER")
    return tag, start, start + length


def der_items(data: bytes, at: int = 0) -> list[bytes]:
    """The values inside the constructed value at `at`, each with its header."""
    _, at, end = der(data, at)
    out = []
    while at < end:
        stop = der(data, at)[2]
        out.append(data[at:stop])
        at = stop
    return out


def check_pdf_signature(data: bytes, trusted: bytes | None) -> None:
    """One signature over every byte of the file but itself, by the trusted P-256 key (SPKI, DER) when one is given."""
    ranges = re.findall(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]", data)
    if len(ranges) != 1:
        raise Bad("pdf-signature", "ByteRange")
    start, first, second, rest = map(int, ranges[0])
    hexes = data[first:second]
    if start or second + rest != len(data) or first >= second or not re.fullmatch(rb"<[0-9A-Fa-f]+>", hexes):
        raise Bad("pdf-coverage")
    try:
        digest = _sha256(data[:first] + data[second:]).digest()
        spki = _check_cms(bytes.fromhex(hexes[1:-1].decode()), digest)
    except Bad:
        raise
    except Exception:  # noqa: BLE001  DER, X.509 and point decoding fail in many ways on hostile bytes; all mean the same
        raise Bad("pdf-signature") from None
    if trusted is not None and spki != trusted:
        raise Bad("pdf-key")


def _check_cms(cms: bytes, digest: bytes) -> bytes:
    """Checks SignedData with signed attributes over `digest`; returns the signer's SubjectPublicKeyInfo."""
    signed = der_items(der_items(cms)[1])[0]
    parts = der_items(signed)
    certificates = [der_items(part) for part in parts if part[0] == 0xA0]
    (signer,) = der_items(parts[-1])
    attributes, algorithm, signature = ((items := der_items(signer))[3], items[4], items[5])
    if attributes[0] != 0xA0 or _SHA256 not in items[2] or _ECDSA_SHA256 not in algorithm:
        raise Bad("pdf-signature", "algorithm")
    digests = [der_items(a)[1] for a in der_items(attributes) if der_items(a)[0] == _MESSAGE_DIGEST]
    if len(digests) != 1 or der_items(digests[0])[0] != b"\x04\x20" + digest:
        raise Bad("pdf-signature", "messageDigest")
    for encoded in certificates[0]:
        certificate = x509.load_der_x509_certificate(encoded)
        key = certificate.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            try:
                _, at, end = der(signature)
                key.verify(signature[at:end], b"\x31" + attributes[1:], ec.ECDSA(hashes.SHA256()))
            except InvalidSignature:
                continue
            form = serialization.PublicFormat.SubjectPublicKeyInfo
            return key.public_bytes(serialization.Encoding.DER, form)
    raise Bad("pdf-signature")


# ---------------------------------------------------------------------------------------------- the command
def verify(
    path: Path, trust: Trust, processes: int = 1, progress: Callable[[int, int], None] = lambda *_: None
) -> dict[str, Any]:
    """A report on whatever lies at `path`; never raises on what it reads."""
    try:
        if path.is_dir():
            return verify_log(Folder(path), trust, processes, progress)
        with path.open("rb") as file:
            start = file.read(5)
        if start == b"%PDF-":
            if path.stat().st_size > 1 << 26:
                raise Bad("input-unreadable")
            return verify_certificate(path.read_bytes(), trust)
        return verify_log(Bundle(path), trust, processes, progress)
    except Exception as error:  # noqa: BLE001  the last resort: hostile input becomes a verdict, never a stack trace
        detail = error.code if isinstance(error, Bad) else type(error).__name__
        return report([Finding(None, None, "input-unreadable", detail)], trust, None, 0, 0)


def print_report(out: Mapping[str, Any]) -> None:
    """For a reader who is no programmer: Vietnamese first, English beside it."""
    words = {
        "valid": "HỢP LỆ / VALID",
        "self-consistent": "TỰ NHẤT QUÁN, CHƯA ĐỐI CHIẾU VỚI NGUỒN TIN CẬY / SELF-CONSISTENT ONLY, NOT ANCHORED",
        "invalid": "KHÔNG HỢP LỆ / NOT VALID",
    }
    print(f"Kết luận / Verdict: {words[out['verdict']]}")
    if point := out["checkpoint"]:
        print(f"Sổ / Log: {point['origin']}\nĐiểm kiểm / Checkpoint: {point['size']} {point['root']}")
    print(f"Đã kiểm / Checked: {out['acts']} hành vi / acts, {out['events']} sự kiện / events")
    if "complete" in out:
        at = out["at"]
        print(f"Đầy đủ theo lưu trữ tại điểm kiểm {at} / complete according to the archive at checkpoint {at}")
    else:
        print("Sổ đọc / Access log: không được giao / not given")
    if out["questioned"]:
        print(f"Bị nghi vấn (khóa có thể đã lộ) / Questioned (key possibly compromised): {out['questioned'][:50]}")
    for row in out["bad"][:100]:
        act = f"hành vi / act {row['act']}" if row["act"] is not None else "toàn sổ / whole log"
        act += f", sự kiện / event {row['event']}" if row["event"] is not None else ""
        detail = f" ({row['detail']})" if "detail" in row else ""
        print(f"- {act}: [{row['code']}] {row['vi']} / {row['en']}{detail}")
    if len(out["bad"]) > 100:
        rest = len(out["bad"]) - 100
        print(f"... và {rest} lỗi khác (dùng --json) / and {rest} more (use --json)")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 nothing bad, 2 usage, 4 something bad."""
    parser = argparse.ArgumentParser(description="Kiểm tra sổ Mộc Bản / verify a Mộc Bản ledger, offline.")
    parser.add_argument("path", type=Path, help="thư mục, .zip hoặc .pdf / export, bundle or certificate")
    parser.add_argument("--trust", type=Path, help="tệp tin cậy / trust file (JSON)")
    parser.add_argument(
        "--checkpoint", type=Path, action="append", default=[], help="điểm kiểm cũ / an earlier checkpoint"
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON / print the report as JSON")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="số tiến trình / worker processes")
    options = parser.parse_args(argv)
    try:
        if not options.path.exists():
            raise ValueError(f"không có / not there: {options.path}")
        trust = Trust.load(options.trust) if options.trust else Trust()
        trust.checkpoints += [path.read_bytes() for path in options.checkpoint]
    except (OSError, ValueError) as error:
        print(f"Lỗi cách dùng / Usage: {error}", file=sys.stderr)
        return 2
    out = verify(options.path, trust, max(1, options.processes), _progress if sys.stderr.isatty() else lambda *_: None)
    if options.json:
        print(json.dumps(out, ensure_ascii=False, indent=1))
    else:
        print_report(out)
    return 4 if out["bad"] else 0


def _progress(done: int, of: int) -> None:
    print(f"\r{done * 100 // of:3d} %" + ("\n" if done == of else ""), end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a console of another encoding, or a name in none, must not end the report
        cast("Any", stream).reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
