"""Kiểm tra độc lập một sổ Mộc Bản / an independent check of a Mộc Bản ledger, offline, from public bytes only.

What `mocban verify` runs. What travels as `verify.py` is another file, written apart, slower and shorter.

    python log_verifier.py PATH [--trust FILE] [--checkpoint FILE]... [--json] [--processes N]

PATH: an export folder, a bundle (.zip, whole or partial), a custody certificate (.pdf), a proof (.tlog-proof) or a
disclosure (.json). Exit: 0 nothing bad, 2 wrong usage, 4 something bad. Needs Python 3.11 and `cryptography`; shares no
code with the product. Formats: FORMATS.txt in the bundle; C2SP signed-note and tlog-*; RFC 6962, RFC 9162.

A log is read twice. First in order: the tree up to the signed root, where each act's events lie, the key registry
replayed from act 0. Then 256 acts at a time, on all processors: every act, signature and event. What needs the whole
order (ids, versions of streams) and every other file comes last. Acts shown alone (certificate, proof, partial bundle)
are led to the same signed root by their paths. Without a trust file all this says only that the log agrees with itself.
"""

# ruff: noqa: TRY301  a failed check is raised where it is found, and noted a few lines below

from __future__ import annotations

import argparse
import binascii
import json
import json.scanner
import mmap
import os
import re
import struct
import sys
import unicodedata
import zipfile
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace as Record
from typing import Any, Final, NamedTuple, Protocol, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7

CODES: Final = {
    "input-unreadable": "Không đọc được dữ liệu được giao | What was given cannot be read",
    "file-unreadable": "Không đọc được một tệp | A file cannot be read",
    "member-name": "Gói có tên tệp trùng hoặc không an toàn | The bundle has a repeated or unsafe member name",
    "bundle-bytes": "Gói .zip khác từng byte với bản phát hành | The .zip is not byte for byte as published",
    "manifest": "Tệp không khớp bảng kê MANIFEST đã ký | A file does not match the signed MANIFEST",
    "checkpoint-malformed": "Điểm kiểm thiếu hoặc sai khuôn dạng | A checkpoint is missing or malformed",
    "checkpoint-origin": "Điểm kiểm thuộc về một sổ khác | The checkpoint belongs to another log",
    "checkpoint-signature": "Chữ ký trên điểm kiểm sai hoặc thiếu | A checkpoint signature is wrong or missing",
    "checkpoint-inconsistent": "Sổ bị viết lại, khác một điểm kiểm trước | Rewritten: an earlier checkpoint differs",
    "history-truncated": "Lịch sử ngắn hơn một điểm kiểm đã ký | History is shorter than a signed checkpoint says",
    "witness-quorum": "Không đủ nhân chứng đồng ký điểm kiểm | Too few witnesses cosigned the checkpoint",
    "root-mismatch": "Gốc cây băm không khớp điểm kiểm | The tree root is not the checkpoint's",
    "tile-missing": "Thiếu một ô (tile) | A tile is missing",
    "tile-mismatch": "Một ô không khớp các mục của sổ | A tile does not match the log's entries",
    "tile-unknown": "Có ô thừa, không thuộc sổ này | A tile that this log does not have",
    "bundle-framing": "Gói mục hoặc sự kiện hỏng khung | The framing of a bundle is broken",
    "genesis-mismatch": "Mục khởi lập không phải mục được tin cậy | The genesis entry is not the trusted one",
    "entry-missing": "Thiếu hành vi này | This act is missing",
    "entry-altered": "Hành vi bị sửa, bỏ, chèn hoặc đổi chỗ | The act was altered, dropped, inserted or moved",
    "act-malformed": "Hành vi sai khuôn dạng hoặc không chuẩn tắc | The act is malformed or not canonical",
    "act-id-repeated": "Mã hành vi bị lặp lại | The act's id was used before",
    "act-root-mismatch": "Sự kiện không khớp gốc mà hành vi đã ký | The act's events do not match the signed root",
    "signature-line": "Dòng chữ ký thiếu, thừa hoặc sai khóa | Signature lines missing, too many or of other keys",
    "signature-bad": "Chữ ký sai | A signature is wrong",
    "signer-repeated": "Một người ký nơi phải có hai người | One person signs where two must",
    "key-unknown": "Khóa ký chưa được đăng ký trước hành vi này | The signing key was not enrolled before this act",
    "key-revoked": "Khóa ký đã bị thu hồi hoặc thay thế | The signing key had been revoked or replaced",
    "actor-mismatch": "Người thực hiện không phải chủ khóa đầu tiên | The actor does not own the first key",
    "role-missing": "Người ký không có vai trò cho hành vi này | A signer holds no role for this act",
    "on-behalf-missing": "Không được phép làm thay người khác | The actor may not act on behalf of another",
    "registry-quorum": "Không đủ người quản lý khóa ký | Too few registrars signed",
    "registry-event": "Sự kiện sổ khóa sai hoặc vô lý | A key registry event is malformed or makes no sense",
    "registry-possession": "Khóa mới không tự ký để chứng minh sở hữu | The new key did not prove its possession",
    "seen-not-in-history": "Điểm kiểm mà hành vi đã thấy chưa từng có | The checkpoint the act saw never was",
    "event-missing": "Thiếu sự kiện | The event is missing",
    "event-malformed": "Sự kiện sai khuôn dạng | The event is malformed",
    "event-misplaced": "Việc phải do hai người quyết nằm trong hành vi khác | What two decide stands in another act",
    "event-sealed": "Trường niêm phong sai khuôn dạng | A sealed field is malformed",
    "event-version": "Số phiên bản của dòng sự kiện không liên tục | The stream's versions are not gapless",
    "pdf-signature": "Chữ ký PDF sai | The PDF signature is wrong",
    "pdf-coverage": "Chữ ký PDF không bao trùm toàn bộ tệp | The PDF signature does not cover the whole file",
    "pdf-key": "PDF không ký bằng khóa được tin cậy | The PDF was not signed by the trusted key",
    "proof-malformed": "Chứng cứ thiếu hoặc sai khuôn dạng | A proof is missing or malformed",
    "proof-inclusion": "Hành vi không thuộc cây của điểm kiểm | The act is not in the checkpoint's tree",
    "disclosure": "Khóa, bản mã không mở đúng trường này | Key or ciphertext does not open this field",
}


class Bad(Exception):  # noqa: N818  a finding, not an error of the program
    """A check failed: `code` of CODES; the file, name or number it speaks of; act index, event position if known."""

    def __init__(self, code: str, detail: str = "", act: int | None = None, event: int | None = None) -> None:
        super().__init__(code, detail, act, event)
        self.code, self.detail, self.act, self.event = code, detail, act, event

    def at(self, act: int) -> Bad:
        return Bad(self.code, self.detail, act, self.event)


def attempt(bad: list[Bad], act: int | None, check: Callable[[], object]) -> None:
    """Run a check; what it finds is noted, at the act."""
    try:
        check()
    except Bad as found:
        bad.append(Bad(found.code, found.detail, act if found.act is None else found.act, found.event))


# ---- hashes and encodings
_FAR: Final = 1 << 62  # beyond any act and any position
MAX_FILE: Final = 256 * (65_536 + 4)  # the largest legal bundle of events; nothing bigger is ever read whole


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


class Tree:
    """RFC 6962 tree, every complete subtree kept: level L holds the 32-byte hashes of 2^L leaves each."""

    def __init__(self, leaves: bytes) -> None:
        self.levels = [leaves]
        while len(below := self.levels[-1]) >= 64:
            pairs = range(0, len(below) // 64 * 64, 64)
            self.levels.append(b"".join([sha256(b"\1" + below[at : at + 64]).digest() for at in pairs]))

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves: complete subtrees folded from the right."""
        found = b""
        for level, row in enumerate(self.levels):
            if size >> level & 1:
                left = row[((size >> level) - 1) * 32 : (size >> level) * 32]
                found = sha256(b"\1" + left + found).digest() if found else left
        return found or sha256().digest()


def root64(leaves: list[bytes]) -> bytes:
    """The root over leaf hashes, in base64."""
    return to_base64(leaves[0] if len(leaves) == 1 else Tree(b"".join(leaves)).root(len(leaves)))


def path_root(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root that an inclusion path leads to (RFC 9162 section 2.1.3.2); empty when the path does not fit."""
    at, last, root = index, size - 1, leaf
    for step in path:
        right = at & 1 or at == last
        root = sha256(b"\1" + step + root if right else b"\1" + root + step).digest()
        while right and at and not at & 1:
            at, last = at >> 1, last >> 1
        if last <= 0:
            return b""
        at, last = at >> 1, last >> 1
    return root if last == 0 <= index < size else b""


def from_base64(text: str | bytes, length: int | None = None) -> bytes:
    """Strict: encodes again to equal bytes. Raises ValueError."""
    raw = text.encode("ascii") if isinstance(text, str) else text
    data = binascii.a2b_base64(raw)
    if to_base64(data) != raw or (length is not None and len(data) != length):
        raise ValueError("base64")
    return data


def to_base64(data: bytes) -> bytes:
    return binascii.b2a_base64(data, newline=False)


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


# ---- where files lie
class Source(Protocol):
    """Files by name. `read` raises Bad and gives at most MAX_FILE bytes. unsafe: what is wrong with it as a whole.

    zipped: a bundle as it is given away, which has a MANIFEST.
    """

    names: set[str]
    unsafe: list[Bad]
    zipped: bool

    def read(self, name: str) -> bytes: ...


class Folder:
    """An export folder; links and special files are not followed."""

    def __init__(self, base: Path) -> None:
        self.base, self.unsafe, self.zipped = base, list[Bad](), False
        self.names = {(Path(at) / f).relative_to(base).as_posix() for at, _, files in os.walk(base) for f in files}

    def read(self, name: str) -> bytes:
        path = self.base / name
        with suppress(OSError):
            if name in self.names and path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_FILE:
                return path.read_bytes()
        raise Bad("file-unreadable", name[:120])


class Bundle:
    """A .zip read in place: stored members only, so that no bomb unfolds; nothing is extracted."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
        with path.open("rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.members = {member.filename: member for member in listed}
        self.names, self.zipped = set(self.members), True
        odd = {n for n in self.names if n.startswith("/") or "\\" in n or ":" in n or ".." in n.split("/")}
        odd |= {m.filename for m in listed if self.members[m.filename] is not m}
        self.unsafe = [Bad("member-name", name[:120]) for name in sorted(odd)]
        if "MANIFEST" in self.names and len(listed) < 1 << 16 and len(self.data) < 1 << 31:
            self.unsafe += [Bad("bundle-bytes", name[:120]) for name in self._strayed(listed)]

    def _strayed(self, listed: list[zipfile.ZipInfo]) -> Iterator[str]:
        """A published bundle is deterministic, so every byte around its members is known. The first place where not."""
        at, central = 0, b""
        for m in listed:
            name = m.filename.encode()
            head = struct.pack("<5H3I2H", 20, 0, 0, 0, 33, m.CRC, m.file_size, m.file_size, len(name), 0) + name
            if self.data[at : at + 4 + len(head)] != b"PK\3\4" + head:
                yield m.filename
                return
            central += b"PK\1\2\x14\3" + head[:26] + struct.pack("<3H2I", 0, 0, 0, 0o644 << 16, at) + name
            at += 4 + len(head) + m.file_size
        tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(listed), len(listed), len(central), at, 0)
        if self.data[at:] != central + tail:
            yield "zip directory"

    def read(self, name: str) -> bytes:
        member = self.members.get(name)
        with suppress(struct.error):
            if member and member.compress_type == 0 and member.file_size <= MAX_FILE and not member.flag_bits & 1:
                start = member.header_offset + 30 + sum(struct.unpack_from("<2H", self.data, member.header_offset + 26))
                data = self.data[start : start + member.file_size]
                if len(data) == member.file_size and zlib.crc32(data) == member.CRC:
                    return data
        raise Bad("file-unreadable", name[:120])


# ---- signed notes, checkpoints, trust
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
            if key_hash(name, raw).hex() == key_id and raw[0] in {1, 4, 6}:
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
        return [key for key in self.keys if key.name == origin and self.ended.get(key.kid, _FAR) >= size]

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


# ---- acts: what matches this grammar is canonical JSON (RFC 8785) by construction, so nothing need be encoded again
_TEXT: Final = rb'"[^"\\\x00-\x1f]*(?:\\(?:["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))[^"\\\x00-\x1f]*)*"'
_HASH: Final = rb"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="
_UUID: Final = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ACT: Final = re.compile(
    rb'(?P<text>[^\n]*/act/v1\n\{"act":"(?P<act>[a-z0-9._-]{1,80})","actor":"(?P<actor>' + _UUID + rb')"'
    rb',"at":"(?P<at>(?P<day>\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z)"'
    rb'(?:,"basis":\{"code":' + _TEXT + rb',"ref":' + _TEXT + rb"\})?"
    rb',"events":(?P<events>[1-9]\d{0,15})(?:,"for":(?P<for>(?!"")' + _TEXT + rb'))?,"id":"(?P<id>' + _UUID + rb')"'
    rb',"kids":\["(?P<kids>' + _HASH + rb'(?:","' + _HASH + rb')*)"\],"root":"(?P<root>' + _HASH + rb')"'
    rb',"seen":\{"root":"(?P<seen>' + _HASH + rb')","size":(?P<size>0|[1-9]\d{0,15})\}\}\n)\n(?P<lines>(?s:.*))\n'
)
EVENTS: Final = re.compile(rb'"events":([1-9]\d{0,15})[,}]')
Act = re.Match[bytes]  # members of the header as they stand there; `text` is signed, `lines` are the signatures


def parse_act(entry: bytes, head: bytes) -> Act:
    """A signed note whose text is `head` (`<origin>/act/v1`) and one line of canonical JSON. Raises Bad."""
    found = ACT.fullmatch(entry) if entry.startswith(head) and len(entry) < 65_536 else None
    if found is None or not is_day(found["day"]) or not is_nfc(found["text"]):
        raise Bad("act-malformed")
    return found


def of_registry(act: Act) -> bool:
    return act["act"].startswith(b"registry.") or act["act"] == b"log.found"


@lru_cache(64)
def is_day(text: bytes) -> bool:
    with suppress(ValueError):
        return bool(date.fromisoformat(text.decode()))
    return False


def is_nfc(data: bytes) -> bool:
    """Well-formed UTF-8, its letters composed (Unicode NFC)."""
    try:
        return data.isascii() or unicodedata.is_normalized("NFC", data.decode())
    except UnicodeDecodeError:
        return False


# ---- keys and roles
_P: Final = 2**255 - 19
_EIGHTH: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
WEAK_KEYS: Final = {0, 1, _P - 1, _P, _P + 1, _EIGHTH, _P - _EIGHTH}  # y of points of small order: sign anything


def act_key(origin: str, event: Any, since: int) -> Record:
    """A key from `actor` and `key` (base64 of type byte || public key): good for acts since < index <= until."""
    raw, actor = from_base64(event["key"], 33), event["actor"]
    weak = int.from_bytes(raw[1:], "little") & (2**255 - 1) in WEAK_KEYS
    if raw[0] != 1 or weak or not re.fullmatch(_UUID.decode(), actor):
        raise Bad("registry-event", "key")
    name, kid = f"{origin}/{actor}", to_base64(sha256(raw).digest())
    line = b"\xe2\x80\x94 " + name.encode() + b" "  # how its signature lines begin
    public = Ed25519PublicKey.from_public_bytes(raw[1:])
    times = {"since": since, "until": _FAR, "compromised": _FAR}
    return Record(kid=kid, actor=actor.encode(), public=public, line=line, id=key_hash(name, raw), **times)


def check_signatures(act: Act, keys: list[Record]) -> None:
    """Exactly one good signature line per key, in order. Raises Bad."""
    lines = act["lines"].split(b"\n")
    if len(lines) != len(keys):
        raise Bad("signature-line")
    for key, line in zip(keys, lines, strict=True):
        try:
            raw = from_base64(line.removeprefix(key.line), 68)
            if raw[:4] != key.id or not line.startswith(key.line):
                raise Bad("signature-line")
            key.public.verify(raw[4:], act["text"])
        except ValueError:
            raise Bad("signature-line") from None
        except InvalidSignature:
            raise Bad("signature-bad") from None


REGISTRY_ACTS: Final = {
    b"log.found": "registry.genesis/1",
    b"registry.enrol": "registry.key-enrolled/1",
    b"registry.rotate": "registry.key-rotated/1",
    b"registry.revoke": "registry.key-revoked/1",
    b"registry.grant": "registry.role-granted/1",
    b"registry.withdraw": "registry.role-withdrawn/1",
}

DUAL_ACTS: Final = {b"disposition.decide", b"handover.complete"}  # two people must sign
DUAL_EVENTS: Final = {  # and what they decide stands in no other act
    b"custody.handed-over": b"handover.complete",
    b"handover.disputes-settled": b"handover.complete",
    b"disposition.destruction-decided": b"disposition.decide",
}


DUAL_START: Final = re.compile(b"|".join(re.escape(kind) + b"/" for kind in DUAL_EVENTS)).match


class Registry:
    """The log's keys and roles over time, replayed from its own acts. A bad registry act has no effect."""

    def __init__(self, origin: str) -> None:
        raw = bytearray(sha256(b"mocban/registry/v1:" + origin.encode()).digest()[:16])
        raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
        self.origin, self.stream = origin, bytes(raw)  # a UUIDv8: where registry events lie, and nowhere else
        self.keys: dict[bytes, Record] = {}
        self.grants: list[Record] = []  # in force for acts since < index < until
        self.registrars: set[bytes] = set()
        self.quorum, self.compromised = 0, _FAR  # compromised: the first act that any key makes questionable
        self.log_keys: list[LogKey] = []
        self.ended: dict[bytes, int] = {}  # log keys by kid, and the act that revoked each
        self.verdicts: dict[int, str] = {}  # of registry acts: "" when good, else the code
        self._covering: dict[tuple[bytes, bytes], list[Record]] = {}

    def replay(self, index: int, act: Act, entries: Sequence[bytes]) -> None:
        """Judge registry act `index` by its event entries and, when good, let it take effect."""
        try:
            events = [json.loads(payload_of(entry)) for entry in entries]
            kinds = {event["type"] for event in events}
            if any(entry[:16] != self.stream for entry in entries) or (index == 0) != (act["act"] == b"log.found"):
                raise Bad("registry-event")
            if act["for"] is not None or kinds != {REGISTRY_ACTS.get(act["act"])}:
                raise Bad("registry-event")
            revoked = events if act["act"] == b"registry.revoke" else []
            gone = {*self.ended, *(event["kid"].encode() for event in revoked)}
            pairs = [{key.kid for key in self.log_keys[at : at + 2]} for at in range(0, len(self.log_keys), 2)]
            if index and all(gone & pair for pair in pairs):
                raise Bad("registry-event", "the log must be left a whole pair of keys")
            steps = [self._step(index, event) for event in events]
            self._check_signers(index, act, events, [key for step in steps for key in next(step)])
            for step in steps:
                next(step, None)
            self.verdicts[index] = ""
        except Bad as bad:
            self.verdicts[index] = bad.code
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.verdicts[index] = "registry-event"

    def _check_signers(self, index: int, act: Act, events: list[Any], fresh: list[Record]) -> None:
        """Registrars in quorum, or the old key of a rotation; then each new key, which so proves its possession."""
        kids = act["kids"].split(b'","')
        old = kids[: max(0, len(kids) - len(fresh))]
        if len(set(kids)) != len(kids):
            raise Bad("signer-repeated")
        if kids[len(old) :] != [key.kid for key in fresh]:
            raise Bad("registry-possession")
        signing = [self._live(index, kid) for kid in old] if index else fresh
        actors = {key.actor for key in signing}
        if not signing or signing[0].actor != act["actor"]:
            raise Bad("actor-mismatch")
        if act["act"] == b"registry.rotate":
            if len(kids) != 2 or events[0]["old"].encode() != kids[0] or fresh[0].actor != act["actor"]:
                raise Bad("registry-possession")
        elif index == 0:
            if len(events) != 1 or len(actors) != len(fresh) or act["size"] != b"0":
                raise Bad("registry-event")
        elif not actors <= self.registrars or len(actors) < self.quorum:
            raise Bad("registry-quorum")
        check_signatures(act, signing + fresh if index else fresh)

    def _step(self, index: int, event: Any) -> Iterator[list[Record]]:  # noqa: C901  one branch for each kind of event
        """Up to its `yield` (of the keys it brings) an event is judged; after it, it takes effect."""
        kind = event["type"]
        if kind == "registry.genesis/1":
            keys = [act_key(self.origin, registrar, index) for registrar in event["registrars"]]
            log_keys, quorum = [LogKey.parse(text) for text in event["log_vkeys"]], event["quorum"]
            if event["origin"] != self.origin or not isinstance(quorum, int) or not 1 <= quorum <= len(keys):
                raise Bad("registry-event")
            yield keys
            self.keys, self.log_keys, self.quorum = {key.kid: key for key in keys}, log_keys, quorum
            self.registrars = {key.actor for key in keys}
        elif kind in {"registry.key-enrolled/1", "registry.key-rotated/1"}:
            key, old = act_key(self.origin, event, index), event.get("old", "")
            if key.kid in self.keys:
                raise Bad("registry-possession")
            yield [key]
            self.keys[key.kid] = key
            if kind == "registry.key-rotated/1":
                self.keys[old.encode()].until = index
        elif kind == "registry.key-revoked/1":
            yield from self._revoke(index, event)
        elif kind == "registry.role-granted/1":
            acts, behalf = {str(name) for name in event["acts"]}, event.get("on_behalf") is True
            if not acts or not all(re.fullmatch(r"[^*\s]+|[^*\s]+\.\*", name) for name in acts):
                raise Bad("registry-event")
            actor, role = event["actor"].encode(), str(event["role"])
            yield []
            self.grants.append(Record(actor=actor, role=role, acts=acts, behalf=behalf, since=index, until=_FAR))
        else:
            who = (event["actor"].encode(), event["role"], _FAR)
            ended = [grant for grant in self.grants if (grant.actor, grant.role, grant.until) == who]
            if not ended:
                raise Bad("registry-event")
            yield []
            for grant in ended:
                grant.until = index

    def _revoke(self, index: int, event: Any) -> Iterator[list[Record]]:
        """An actor's key, or one of the log's own."""
        kid, since = event["kid"].encode(), event.get("compromised_since", _FAR)
        of_log = kid in {key.kid for key in self.log_keys}
        if (kid not in self.keys and not of_log) or (since != _FAR and not 0 <= since <= index):
            raise Bad("registry-event")
        yield []
        if of_log:
            self.ended.setdefault(kid, index)
        else:
            key = self.keys[kid]
            key.until, key.compromised = min(key.until, index), min(key.compromised, since)
            self.compromised = min(self.compromised, since)

    def _live(self, index: int, kid: bytes) -> Record:
        """The key, when it could sign act `index`. Raises Bad."""
        key = self.keys.get(kid)
        if key is None or key.since >= index:
            raise Bad("key-unknown")
        if index > key.until:
            raise Bad("key-revoked")
        return key

    def judge(self, index: int, act: Act, questioned: list[int]) -> None:
        """Signers, roles and signatures of an act, once all is replayed; the questioned are only listed. Raises Bad."""
        kids = act["kids"].split(b'","')
        if of_registry(act):
            if code := self.verdicts.get(index, "registry-event"):
                raise Bad(code)
        else:
            signing = [self._live(index, kid) for kid in kids]
            if signing[0].actor != act["actor"]:
                raise Bad("actor-mismatch")
            if len(signing) > 1 or act["act"] in DUAL_ACTS:  # several keys of one person are one person
                people = len({key.actor for key in signing})
                if people < max(2, len(signing)):
                    raise Bad("signer-repeated")
            for key in signing:
                held = [grant for grant in self._grants(key.actor, act["act"]) if grant.since < index < grant.until]
                if not held:
                    raise Bad("role-missing")
                if key is signing[0] and act["for"] is not None and not any(grant.behalf for grant in held):
                    raise Bad("on-behalf-missing")
            check_signatures(act, signing)
        if index >= self.compromised and any(kid in self.keys and index >= self.keys[kid].compromised for kid in kids):
            questioned.append(index)

    def _grants(self, actor: bytes, act: bytes) -> list[Record]:
        """The actor's grants, of any time, that cover the act: by its name, or a prefix and `.*`."""
        found = self._covering.get((actor, act))
        if found is None:
            parts = act.decode().split(".")
            names = {act.decode(), *(".".join(parts[:count]) + ".*" for count in range(1, len(parts)))}
            found = self._covering[actor, act] = [g for g in self.grants if g.actor == actor and names & g.acts]
        return found


# ---- events
EVENT_TYPE: Final = re.compile(rb"[a-z0-9-]+(?:\.[a-z0-9-]+)+/[1-9]\d{0,3}")
_KEPT: Final = (
    rb'"kc":"' + _HASH + rb'","nonce":"[A-Za-z0-9+/]{16}","ct":"' + _HASH + rb'","len":(?:1[6-9]|[2-9]\d|[1-9]\d{2,15})'
)
_BLOB: Final = rb',"blob":"' + _UUID + rb'","media":"[a-z0-9.+/-]+"'
SEALED: Final = re.compile(rb'\{"alg":"A256GCM(?:",' + _KEPT + rb'|-blob",' + _KEPT + _BLOB + rb")\}")
# What nearly every payload is: a flat object, its members at most lists of such. What matches is well-formed JSON
# without nulls or escapes, its type once and its sealed fields in order; the rest is read by `json`. (It spares the
# time of building objects nobody wants.)
_ONE: Final = rb'(?:"[^"\\\x00-\x1f]*+"|0|-?[1-9]\d{0,15}+|true|false)'
_MEMBER: Final = rb'"(?!type"|alg")\w++":'
_FLAT: Final = rb"\{" + _MEMBER + _ONE + rb"(?:," + _MEMBER + _ONE + rb")*+\}"
_ITEM: Final = rb"(?:" + _ONE + rb"|" + _FLAT + rb")"
_LIST: Final = rb"\[(?:" + _ITEM + rb"(?:," + _ITEM + rb")*+)?+\]"
_ANY: Final = rb"(?:" + _ONE + rb"|" + SEALED.pattern + rb"|" + _LIST + rb"|" + _FLAT + rb")"
USUAL: Final = re.compile(rb'\{"type":"[a-z0-9./-]++"(?:,' + _MEMBER + _ANY + rb")*+\}")


def payload_of(entry: bytes) -> bytes:
    return entry[26 + int.from_bytes(entry[24:26], "big") :]


@lru_cache(1024)
def payload_opening(kind: bytes) -> bytes:
    """How a payload of this type begins; nothing that could match when the type is malformed."""
    return b'{"type":"' + kind + b'"' if EVENT_TYPE.fullmatch(kind) else b"malformed"


def check_event(entry: bytes) -> None:
    """One event entry: stream (16) || version (8) || type length (2) || type || payload. Raises Bad."""
    start = 26 + int.from_bytes(entry[24:26], "big")
    opening, payload = payload_opening(entry[26:start]), entry[start:]
    if not payload.startswith(opening) or len(entry) > 65_536 or not is_nfc(payload):
        raise Bad("event-malformed")
    if not USUAL.fullmatch(payload):
        check_unusual(payload, opening)


def misplaced(act: Act, entry: bytes) -> bool:
    """Whether an event that two people decide stands in an act that one may sign."""
    kind = entry[26 : 26 + int.from_bytes(entry[24:26], "big")].partition(b"/")[0]
    return DUAL_EVENTS.get(kind, act["act"]) != act["act"]


def check_unusual(payload: bytes, opening: bytes) -> None:
    """Well-formed JSON, its type once, without nulls or NaN; sealed fields as they must be. Raises Bad."""
    algorithms: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        algorithms.extend(name for name, _ in pairs if name == "alg")
        return dict(pairs)

    try:
        value = json.loads(payload, parse_constant=int, object_pairs_hook=members)  # int refuses NaN and the infinities
        rest = [value] if b"null" in payload else []
        while rest:
            item = rest.pop()
            rest.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
            if item is None:
                raise Bad("event-malformed")
        if value["type"].encode() != opening[9:-1]:
            raise Bad("event-malformed")
    except (ValueError, AttributeError, RecursionError):
        raise Bad("event-malformed") from None
    if len(SEALED.findall(payload)) != len(algorithms):
        raise Bad("event-sealed")


# ---- a whole log
TILE: Final = re.compile(  # one name for each: no leading x000, no digits of other scripts
    r"tile/([0-9]|entries|events|positions)/((?!x000)(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


class Chunk(NamedTuple):
    """What 256 acts gave: id || index of each act; stream || version of each event, in order; the times claimed."""

    bad: list[Bad]
    questioned: list[int]
    ids: bytearray
    heads: bytearray
    times: list[bytes]


class Log:
    """An exported log under verification. After `read_entries`, chunks are independent of one another."""

    def __init__(self, source: Source, trust: Trust) -> None:
        self.source, self.trust, self.bad = source, trust, list(source.unsafe)
        self.tiles: dict[tuple[str, int], dict[int, str]] = {}  # the names of each tile, by width
        for name in source.names:
            if (found := TILE.fullmatch(name)) and int(found[3] or 0) < 256:
                number = int(re.sub("[x/]", "", found[2]))
                self.tiles.setdefault((found[1], number), {})[int(found[3] or 256)] = name
            elif name.startswith("tile/"):
                self.bad.append(Bad("tile-unknown", name[:120]))
        self.point = self._checkpoint("checkpoint")
        self.held_events, held = self._held("events"), self._held("entries")
        self.size = min(self.point.size, held) if self.point else held
        if self.point and self.point.size > held:
            self.bad.append(Bad("history-truncated", f"{held} < {self.point.size}", held))
        first = b"".join(self.entries(0)[:1]).partition(b"/act/v1\n")[0]
        self.origin = trust.origin or (first.decode() if len(first) < 256 and is_nfc(first) else "")
        self.head, self.registry = self.origin.encode() + b"/act/v1\n", Registry(self.origin)
        self.firsts = array("Q")  # first event position of each act; as the last item, how many events there are
        self.tree = Tree(b"")
        self._bundle: tuple[int, list[bytes], bool] = (-1, [], True)
        self._seen = (b"", b"")

    def _checkpoint(self, name: str) -> Checkpoint | None:
        try:
            return Checkpoint.parse(self.source.read(name))
        except Bad as bad:
            self.bad.append(Bad(bad.code, name))
            return None

    def _held(self, kind: str) -> int:
        """How many entries or events the files at hand can hold; far-off names cannot make it absurd."""
        ends = [number * 256 + max(widths) for (of, number), widths in self.tiles.items() if of == kind]
        return min(max(ends, default=0), 256 * (2 * len(ends) + 16))

    def chunks(self) -> range:
        return range((self.size + 255) // 256)

    def file(self, kind: str, number: int, count: int) -> tuple[bytes, int]:
        """The file of items number*256 to `count`, or a wider one: its bytes, and width by its name. Raises Bad."""
        wanted, widths = min(256, count - number * 256), self.tiles.get((kind, number))
        if not widths:
            raise Bad("tile-missing", f"tile/{kind} {number}")
        width = min((width for width in widths if width >= wanted), default=max(widths))
        return self.source.read(widths[width]), width

    def items(self, kind: str, number: int, count: int, unit: int) -> bytes:
        """The items of `unit` bytes, without those beyond `count`. Raises Bad."""
        data, width = self.file(kind, number, count)
        return data[: (count - number * 256) * unit] if width > count - number * 256 else data

    def records(self, kind: str, number: int, count: int) -> tuple[list[bytes], bool]:
        """The entries or events in a bundle, as many as can be read, and whether it is framed as it must be."""
        with suppress(Bad):
            data, width = self.file(kind, number, count)
            found, whole = frames(data, 2 if kind == "entries" else 4)
            return found[: min(256, count - number * 256)], whole and len(found) == width
        return [], True

    def entries(self, chunk: int) -> list[bytes]:
        return self.records("entries", chunk, self.size)[0]

    def read_entries(self) -> None:
        """First reading: tree, positions, registry. An act that the tree vouches for is believed, else the sidecar."""
        told, leaves, position = self._told(), bytearray(), 0
        changes_registry = (self.head + b'{"act":"registry.', self.head + b'{"act":"log.found"')
        for chunk in self.chunks():
            entries, framed = self.records("entries", chunk, self.size)
            start, width = chunk * 256, min(256, self.size - chunk * 256)
            if not framed:
                self.bad.append(Bad("bundle-framing", "tile/entries", start + min(len(entries), width - 1)))
            entries += [b""] * (width - len(entries))
            hashes, sidecar = b"".join(map(leaf_hash, entries)), self._sidecar(chunk)
            right = told[start * 32 : (start + width) * 32] or hashes
            all_right = hashes == right
            leaves += b"" if told else hashes
            for at, entry in enumerate(entries):
                vouched = entry != b"" and (
                    all_right or hashes[at * 32 : at * 32 + 32] == right[at * 32 : at * 32 + 32]
                )
                if not vouched:
                    self.bad.append(Bad("entry-altered" if entry else "entry-missing", "", start + at))
                self.firsts.append(position)
                stated = EVENTS.search(entry, len(self.head)) if vouched else None
                position = min(position + (int(stated[1]) if stated else step_in(sidecar, at)), _FAR)
                if start + at == 0 or entry.startswith(changes_registry):
                    self._replay(start + at, entry, position)
            self._check_sidecar(chunk, sidecar, struct.pack(f">{width}Q", *self.firsts[start:]))
        self.firsts.append(position)
        if not self.size:
            self.bad += check_genesis(b"", self.registry, self.trust)
        if not told:
            self.tree = Tree(bytes(leaves))
            if self.point and self.point.size == self.size and self.tree.root(self.size) != self.point.root:
                self.bad.append(Bad("root-mismatch", str(self.size)))

    def _told(self) -> bytes:
        """The leaves as the tiles have them, if they lead to the signed root: then one altered entry is named alone."""
        with suppress(Bad):
            told = b"".join([self.items("0", chunk, self.size, 32) for chunk in self.chunks()])
            self.tree = Tree(told)
            if self.point and len(told) == 32 * self.point.size and self.tree.root(self.size) == self.point.root:
                return told
        return b""

    def _sidecar(self, chunk: int) -> bytes:
        """The positions bundle; nothing, and named, when it is not there."""
        try:
            return self.items("positions", chunk, self.size, 8)
        except Bad as bad:
            self.bad.append(bad)
            return b""

    def _check_sidecar(self, chunk: int, held: bytes, right: bytes) -> None:
        wrong = [at for at in range(0, max(len(held), len(right)), 8) if held[at : at + 8] != right[at : at + 8]]
        acts = [
            chunk * 256 + min(at, len(right) - 8) // 8 for at in (wrong if ("positions", chunk) in self.tiles else ())
        ]
        self.bad += [Bad("tile-mismatch", "tile/positions", act) for act in acts]

    def _replay(self, index: int, entry: bytes, last: int) -> None:
        """A registry act takes effect, or not; what is wrong with it as with any act is named by the second reading."""
        self.registry.verdicts[index] = ""
        with suppress(Bad):
            act = parse_act(entry, self.head)
            events = [one for _, _, piece, _ in self.events(self.firsts[index], last) for one in piece]
            if root64([leaf_hash(event) for event in events] or [b""]) == act["root"]:
                self.registry.replay(index, act, events)
        if index == 0:
            self.bad += check_genesis(entry, self.registry, self.trust)
            if "genesis" in self.source.names and self.source.read("genesis") != entry:
                self.bad.append(Bad("genesis-mismatch", "genesis", 0))

    def check_checkpoints(self) -> None:
        """The latest and every earlier checkpoint: signatures, and one history under all of them."""
        older = r"checkpoints/\d{1,18}|timestamps/\d{1,18}\.checkpoint"
        given = [("checkpoint", self.point)]
        given += [(name, self._checkpoint(name)) for name in sorted(self.source.names) if re.fullmatch(older, name)]
        for data in self.trust.checkpoints:
            try:
                given.append(("--checkpoint", Checkpoint.parse(data)))
            except Bad as bad:
                self.bad.append(Bad(bad.code, "--checkpoint"))
        for name, point in given:
            try:
                if point is not None:
                    self.trust.check(point, latest=name == "checkpoint")
                    if "/" in name and re.findall(r"\d+", name) != [str(point.size)]:
                        raise Bad("checkpoint-malformed")
                    if name != "checkpoint" and self.tree.root(min(point.size, self.size)) != point.root:
                        raise Bad("history-truncated" if point.size > self.size else "checkpoint-inconsistent")
            except Bad as bad:
                place = f"{name} ({point.size if point else 0})"
                self.bad.append(Bad(bad.code, place + (f": {bad.detail}" if bad.detail else "")))

    def events(self, first: int, last: int) -> Iterator[tuple[int, int, list[bytes], bool]]:
        """Event entries at first..last-1, bundle by bundle: from, until, what is there of them, whether well framed."""
        last = min(last, self.held_events)
        while first < last:
            bundle, number = self._bundle, first >> 8
            if bundle[0] != number:
                bundle = self._bundle = (number, *self.records("events", number, self.held_events))
            until = min(last, (number + 1) << 8)
            yield first, until, bundle[1][first & 255 : until - (number << 8)], bundle[2]
            first = until

    def act_of(self, position: int) -> int:
        return max(0, bisect_right(self.firsts, position, 0, self.size) - 1)

    def check_chunk(self, chunk: int) -> Chunk:
        """Second reading: every act of a bundle and its events. Needs nothing of other chunks."""
        start, out = chunk * 256, Chunk([], [], bytearray(), bytearray(), [])
        base = self.firsts[start]
        dual: list[tuple[int, bytes]] = []
        leaves = self._check_events(base, self.firsts[min(start + 256, self.size)], out, dual)
        for index, entry in enumerate(self.entries(chunk), start):
            try:
                act = parse_act(entry, self.head)
            except Bad as bad:
                out.bad.append(bad.at(index))
                continue
            first, last = self.firsts[index], self.firsts[index + 1]
            if last > self.held_events:
                out.bad.append(Bad("event-missing", "", index, max(first, self.held_events)))
            if int(act["events"]) != last - first or root64(leaves[first - base : last - base]) != act["root"]:
                out.bad.append(Bad("act-root-mismatch", "", index, first if last - first == 1 else None))
            for position, event in dual:
                if first <= position < last and misplaced(act, event):
                    out.bad.append(Bad("event-misplaced", "", index, position))
            self._check_act(index, act, out)
        return out

    def _check_events(self, first: int, last: int, out: Chunk, dual: list[tuple[int, bytes]]) -> list[bytes]:
        """Every event of a chunk; their leaf hashes, nothing for one that is missing. dual: those two people decide."""
        leaves: list[bytes] = []
        for start, until, entries, framed in self.events(first, last):
            if not framed:
                lost = min(until - 1, start + len(entries))
                out.bad.append(Bad("bundle-framing", "tile/events", self.act_of(lost), lost))
            leaves += [sha256(b"\0" + entry).digest() for entry in entries]
            out.heads.extend(b"".join([entry[:24].ljust(24, b"\0") for entry in entries]))
            for position, entry in enumerate(entries, start):
                if DUAL_START(entry, 26):
                    dual.append((position, entry))
                try:
                    check_event(entry)
                except Bad as bad:
                    out.bad.append(Bad(bad.code, "", self.act_of(position), position))
            for position in range(start + len(entries), until):
                out.bad.append(Bad("event-missing", "", self.act_of(position), position))
                out.heads.extend(bytes(24))
                leaves.append(b"")
        return leaves

    def _check_act(self, index: int, act: Act, out: Chunk) -> None:
        out.ids.extend(binascii.unhexlify(act["id"].replace(b"-", b"")) + index.to_bytes(8, "big"))
        out.times.append(act["at"])
        try:
            self.registry.judge(index, act, out.questioned)
        except Bad as bad:
            out.bad.append(bad.at(index))
        if (seen := (act["size"], act["seen"])) != self._seen:
            if int(seen[0]) > index or to_base64(self.tree.root(int(seen[0]))) != seen[1]:
                out.bad.append(Bad("seen-not-in-history", seen[0].decode(), index))
            else:
                self._seen = seen

    def check_order(self, chunks: Iterable[Chunk], told: Callable[[int, int], None]) -> tuple[list[int], list[bytes]]:
        """Ids unique, versions of streams gapless over the whole log; acts questioned, first and last time claimed."""
        ids = [
            bytearray() for _ in range(256)
        ]  # by the id's last byte: one set of all would take five times the memory
        versions: dict[bytes, int] = {}
        questioned, times = list[int](), list[bytes]()
        for number, chunk in enumerate(chunks):
            self.bad += chunk.bad
            questioned += chunk.questioned
            times = [min(times + chunk.times), max(times + chunk.times)] if chunk.times else times
            for at in range(0, len(chunk.ids), 24):
                ids[chunk.ids[at + 15]] += chunk.ids[at : at + 24]
            heads = struct.iter_unpack(">16sQ", chunk.heads)
            for position, (stream, version) in enumerate(heads, self.firsts[number * 256]):
                if versions.get(stream, 0) + 1 != version and (version or any(stream)):  # all zeros: missing, named
                    self.bad.append(Bad("event-version", stream.hex(), self.act_of(position), position))
                versions[stream] = version
                if stream == self.registry.stream and self.act_of(position) not in self.registry.verdicts:
                    self.bad.append(Bad("registry-event", "", self.act_of(position), position))
            told(number + 1, len(self.chunks()))
        for bucket in ids:
            known = set[bytes]()
            for act_id, index in struct.iter_unpack(">16sQ", bucket):
                if act_id in known:
                    self.bad.append(Bad("act-id-repeated", "", index))
                known.add(act_id)
        return questioned, times

    def check_tiles(self) -> None:
        """Every tile is what the entries make it; any other file is the beginning of one, from a smaller tree."""
        counts = {"entries": self.size, "positions": self.size, "events": self.firsts[-1]}
        rows = self.tree.levels[::8] if self.size else []
        counts |= {str(level): len(row) // 32 for level, row in enumerate(rows)}
        for level, row in enumerate(rows):
            for number in range((len(row) + 8191) // 8192):
                right = row[number * 8192 : number * 8192 + 8192]
                attempt(self.bad, None, partial(self._check_hashes, level, number, right, counts))
        for kind, number in self.tiles:
            for width, name in self.tiles[kind, number].items():
                known = number * 256 + width <= counts.get(kind, 0)
                if known and width < min(256, counts[kind] - number * 256):
                    known = False
                    with suppress(Bad):
                        held = self.source.read(name)
                        known = holds(kind, held, width) and self.file(kind, number, counts[kind])[0].startswith(held)
                if not known:
                    self.bad.append(Bad("tile-unknown", name))

    def _check_hashes(self, level: int, number: int, right: bytes, counts: dict[str, int]) -> None:
        """One tile of hashes against those computed; every act under a wrong hash is named by its first."""
        held = self.items(str(level), number, counts[str(level)], 32)
        places = [at for at in range(0, len(right), 32) if held[at : at + 32] != right[at : at + 32]]
        acts: list[int | None] = [(number * 256 + at // 32) << (8 * level) for at in places]
        wrong = acts or ([] if held == right else [None])
        self.bad += [Bad("tile-mismatch", f"tile/{level} {number}", act) for act in wrong]


def holds(kind: str, data: bytes, width: int) -> bool:
    """Whether these are the bytes of so many items of a kind, by their lengths."""
    if kind not in {"entries", "events"}:
        return len(data) == width * (8 if kind == "positions" else 32)
    records, framed = frames(data, 2 if kind == "entries" else 4)
    return framed and len(records) == width


def step_in(sidecar: bytes, at: int) -> int:
    """How many events act `at` of a bundle has by the sidecar; 1 where it makes no sense."""
    first, second = sidecar[at * 8 : at * 8 + 8], sidecar[at * 8 + 8 : at * 8 + 16]
    step = int.from_bytes(second, "big") - int.from_bytes(first, "big")
    return step if len(second) == 8 and 0 < step < 1 << 24 else 1


def check_genesis(entry: bytes, registry: Registry, trust: Trust) -> list[Bad]:
    """Act 0 is the trusted one. Without a trust file, the log's keys are taken from it."""
    trust.keys, trust.ended = trust.keys if trust.anchored else registry.log_keys, registry.ended
    return [Bad("genesis-mismatch", "", 0)] if trust.genesis not in {None, leaf_hash(entry)} else []


def check_manifest(source: Source, trust: Trust, origin: str, size: int) -> list[Bad]:
    """MANIFEST: a note signed by the log: `<origin>/manifest/v1`, then `<sha256 hex> <length> <name>` a line."""
    try:
        text, signatures = parse_note(source.read("MANIFEST"))
        head, *lines = text.decode()[:-1].split("\n")
        listed = {name: f"{digest} {length}" for digest, length, name in (line.split(" ", 2) for line in lines)}
        keys = [key for key in trust.log_keys(origin, size) if key.type == 1]
        if head != f"{origin}/manifest/v1" or not signers(keys, text, signatures):
            raise ValueError("not signed")
    except (Bad, ValueError):
        return [Bad("manifest", "MANIFEST")]
    bad = []
    for name in sorted((source.names | set(listed)) - {"MANIFEST"}):
        data = b""
        with suppress(Bad):
            data = source.read(name)
        if listed.get(name) != f"{sha256(data).hexdigest()} {len(data)}" or name not in source.names:
            bad.append(Bad("manifest", name[:120]))
    return bad


_SHARED: list[Log] = []  # set before the fork, so that workers inherit the tree and the registry without copying


def _work(chunk: int) -> Chunk:
    return _SHARED[0].check_chunk(chunk)


def check_chunks(log: Log, processes: int) -> Iterator[Chunk]:
    """Chunks in order. Forked workers on Linux; elsewhere threads (verification lets go of the interpreter lock)."""
    if processes < 2 or len(log.chunks()) < 4:
        yield from map(log.check_chunk, log.chunks())
        return
    _SHARED[:] = [log]
    fork = sys.platform == "linux"
    with ProcessPoolExecutor(processes, get_context("fork")) if fork else ThreadPoolExecutor(processes) as pool:
        for start in range(0, len(log.chunks()), 1024):  # so that no more than this waits in memory
            yield from pool.map(_work, log.chunks()[start : start + 1024])


def verify_log(source: Source, trust: Trust, processes: int, told: Callable[[int, int], None]) -> dict[str, Any]:
    """A whole log, or a partial bundle, as a report (see `report`)."""
    if "partial.json" in source.names:
        return verify_partial(source, trust)
    log = Log(source, trust)
    log.read_entries()
    log.check_checkpoints()
    questioned, times = log.check_order(check_chunks(log, processes), told)
    log.check_tiles()
    listed = source.zipped or "MANIFEST" in source.names
    log.bad += check_manifest(source, trust, log.origin, log.size) if listed else []
    tokens = sum(name.startswith("timestamps/") and name.endswith(".tsr") for name in source.names)
    held = min(log.firsts[-1], log.held_events)
    more = {"timestamps": tokens, "manifest": "checked" if listed else "not given"}
    registry = {"acts": len(log.registry.verdicts), "shown_to": log.size, "stated_to": log.size}
    return report("log", log.bad, trust, log.point, log.size, held, times, questioned, registry=registry, **more)


# ---- acts shown alone: a certificate, a partial bundle, a proof, a disclosure
class Proof(NamedTuple):
    """A `.tlog-proof` (C2SP tlog-proof) with our `extra`: one event of one act, up to a checkpoint."""

    act: int
    entry: bytes
    event_index: int
    inner: list[bytes]
    event: bytes
    path: list[bytes]
    checkpoint: str

    @classmethod
    def parse(cls, text: str) -> Proof:
        with suppress(ValueError, IndexError):
            body, _, checkpoint = text.partition("\n\n")
            head, extra, index, *path = body.split("\n")
            raw = from_base64(extra.removeprefix("extra "))
            end = 2 + int.from_bytes(raw[:2], "big")
            inner_end = end + 5 + 32 * raw[end + 4]
            inner = [raw[at : at + 32] for at in range(end + 5, inner_end, 32)]
            event, lines = raw[inner_end + 4 :], [from_base64(line, 32) for line in path]
            good = head == "c2sp.org/tlog-proof@v1" and extra.startswith("extra ") and len(path) < 64
            good = good and int.from_bytes(raw[inner_end : inner_end + 4], "big") == len(event)
            if good and re.fullmatch(r"index (0|[1-9]\d{0,15})", index):
                at = int.from_bytes(raw[end : end + 4], "big")
                return cls(int(index[6:]), raw[2:end], at, inner, event, lines, checkpoint)
        raise Bad("proof-malformed")

    def check(self, point: Checkpoint) -> Act:
        """The event is in the act, the act in the tree. Raises Bad."""
        act = parse_act(self.entry, point.origin.encode() + b"/act/v1\n")
        root = path_root(self.event_index, int(act["events"]), leaf_hash(self.event), self.inner)
        if to_base64(root) != act["root"]:
            raise Bad("act-root-mismatch")
        if path_root(self.act, point.size, leaf_hash(self.entry), self.path) != point.root:
            raise Bad("proof-inclusion")
        check_event(self.event)
        if misplaced(act, self.event):
            raise Bad("event-misplaced")
        return act


def check_shown(
    given: str,
    note: str,
    bad: list[Bad],
    trust: Trust,
    proofs: list[Proof],
    chosen: set[int],
    whole: dict[int, list[bytes]],
) -> dict[str, Any]:
    """Acts led to the checkpoint `note`, signers judged by the registry acts among them. whole: all events of an act.

    A proof or a disclosure brings no registry acts: it shows what the log signed, not whose signature an act bears.
    """
    point, judged = Checkpoint.parse(note.encode()), given in {"certificate", "partial"}
    registry, (acts, events) = Registry(point.origin), lead(proofs, note, point, bad)
    for index, act in acts.items():
        events[index] = whole.get(index, events[index])
        if index in whole and root64([leaf_hash(event) for event in whole[index]] or [b""]) != act["root"]:
            bad.append(Bad("act-root-mismatch", "", index))
        elif of_registry(act) and len(events[index]) == int(act["events"]):
            registry.replay(index, act, events[index])
        elif not of_registry(act) and any(event[:16] == registry.stream for event in events[index]):
            bad.append(Bad("registry-event", "", index))
        bad += [Bad("event-misplaced", "", index) for event in whole.get(index, ()) if misplaced(act, event)]
    bad += check_genesis(acts[0].string if 0 in acts else b"", registry, trust) if judged else []
    bad += [Bad("proof-malformed", "", index) for index in chosen - set(acts)] if chosen else [Bad("proof-malformed")]
    questioned = list[int]()
    for index in sorted(acts) if judged else ():
        attempt(bad, index, partial(registry.judge, index, acts[index], questioned))
    if judged or trust.keys:
        attempt(bad, None, lambda: trust.check(point, latest=True, classical=not judged))
    apart = [size for size in (beside(point, data, trust, bad) for data in trust.checkpoints) if size is not None]
    times = sorted(act["at"] for index, act in acts.items() if index in chosen)
    count = sum(len(events.get(index, [])) for index in chosen)
    complete: dict[str, Any] = {}
    if judged:
        gaps, held, shown_to = registry_shown(acts, events, registry.stream)
        bad += gaps
        complete = {"complete": "according to the archive at checkpoint", "at": point.size}
        complete["registry"] = {"acts": held, "shown_to": shown_to, "stated_to": point.size}
    more = {**complete, **({"not_compared": apart} if apart else {})}
    return report(given, bad, trust, point, len(chosen), count, times, questioned, **more)


def beside(point: Checkpoint, data: bytes, trust: Trust, bad: list[Bad]) -> int | None:
    """An earlier checkpoint beside the one that acts are led to. Its size when no comparing is possible from here."""
    try:
        other = Checkpoint.parse(data)
        if other.origin != point.origin:
            raise Bad("checkpoint-origin", other.origin[:120])
        if trust.keys:
            trust.check(other, latest=False, classical=True)
        if other.size == point.size and other.root != point.root:
            raise Bad("checkpoint-inconsistent", str(point.size))
    except Bad as found:
        bad.append(Bad(found.code, f"--checkpoint: {found.detail}".removesuffix(": ")))
        return None
    return other.size if other.size != point.size else None


def lead(
    proofs: list[Proof], note: str, point: Checkpoint, bad: list[Bad]
) -> tuple[dict[int, Act], dict[int, list[bytes]]]:
    """The acts, and events of each, whose proofs lead to the checkpoint."""
    acts, events = dict[int, Act](), dict[int, dict[int, bytes]]()
    for proof in sorted(proofs, key=lambda one: (one.act, one.event_index)):
        try:
            if proof.checkpoint != note:
                raise Bad("proof-malformed", "checkpoint")
            acts[proof.act] = proof.check(point)
            events.setdefault(proof.act, {})[proof.event_index] = proof.event
        except Bad as found:
            bad.append(found.at(proof.act))
    return acts, {index: list(shown.values()) for index, shown in events.items()}


def verify_partial(source: Source, trust: Trust) -> dict[str, Any]:
    """A partial bundle: acts/<index>.tlog-proof and acts/<index>.events for each act that partial.json names."""
    bad = list(source.unsafe)
    try:
        stated, note = json.loads(source.read("partial.json")), source.read("checkpoint").decode("utf-8", "replace")
        registry, chosen = {int(index) for index in stated["registry"]}, {int(index) for index in stated["acts"]}
        first, last = stated["of"].get("acts", (0, -1))
        complete = {bytes.fromhex(stream.replace("-", "")) for stream in stated["streams"]}
        if len(registry | chosen) > len(source.names):
            raise Bad("proof-malformed", "partial.json")
        among = range(first, min(last, first + len(chosen)) + 1)  # where one is missing, it is missing here
        bad += [Bad("entry-missing", "", index) for index in among if index not in chosen]
        proofs, whole = read_partial(source, sorted(registry | chosen), bad)
        origin, size = Checkpoint.parse(note.encode())[:2]
        bad += uneven_streams(whole, complete - {Registry(origin).stream})
        out = {**check_shown("partial", note, bad, trust, proofs, chosen, whole), "of": stated["of"]}
        out["manifest"] = "checked"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Bad) as found:
        bad.append(found if isinstance(found, Bad) else Bad("manifest", "partial.json"))
        origin, size, out = trust.origin or "", 0, report("partial", bad, trust, None, 0, 0)
    return {**out, **verdict([*bad, *check_manifest(source, trust, origin, size)], trust)}


def read_partial(source: Source, acts: list[int], bad: list[Bad]) -> tuple[list[Proof], dict[int, list[bytes]]]:
    """The proof and all events of each act; what is wrong with the files themselves is noted."""
    proofs, whole = list[Proof](), dict[int, list[bytes]]()
    for index in acts:
        try:
            proofs.append(Proof.parse(source.read(f"acts/{index}.tlog-proof").decode("utf-8", "replace")))
            whole[index], framed = frames(source.read(f"acts/{index}.events"), 4)
            if not framed or proofs[-1].act != index:
                raise Bad("bundle-framing" if proofs[-1].act == index else "proof-malformed", f"acts/{index}")
            for event in whole[index]:
                check_event(event)
        except Bad as found:
            bad.append(found.at(index))
    return proofs, whole


def uneven_streams(whole: dict[int, list[bytes]], complete: set[bytes]) -> Iterator[Bad]:
    """Versions rise in every stream, and leave no gap in those that are said to be complete."""
    versions: dict[bytes, int] = {}
    for index, head in [(act, event[:24]) for act in sorted(whole) for event in whole[act]]:
        stream, version, before = head[:16], int.from_bytes(head[16:], "big"), versions.get(head[:16], 0)
        if version != before + 1 if stream in complete else version <= before:
            yield Bad("event-version", stream.hex(), index)
        versions[stream] = version


def registry_shown(acts: dict[int, Act], events: dict[int, list[bytes]], stream: bytes) -> tuple[list[Bad], int, int]:
    """Gaps in the versions of the registry's stream; how many acts of it there are; up to which size none is hidden.

    Behind its last act nothing tells: that no later one changed a key or role is the word of whoever shows it.
    """
    bad, count, shown_to, version = list[Bad](), 0, 0, 0
    for index in sorted(acts):
        for event in events[index]:
            if event[:16] == stream:
                version += 1
                if int.from_bytes(event[16:24], "big") != version:
                    bad.append(Bad("event-version", stream.hex(), index))
                    version = int.from_bytes(event[16:24], "big")
        if of_registry(acts[index]):
            count, shown_to = count + 1, shown_to if bad else index + 1
    return bad, count, shown_to


def verify_certificate(data: bytes, trust: Trust) -> dict[str, Any]:
    """The PDF's signature, then every proof in it, which stand uncompressed between two marks."""
    bad, begin, end = list[Bad](), b"%MOCBAN-PROOF-BEGIN\n", b"%MOCBAN-PROOF-END\n"
    attempt(bad, None, lambda: check_pdf_signature(data, trust))
    try:
        held = (
            json.loads(data.partition(begin)[2].partition(end)[0]) if data.count(begin) == data.count(end) == 1 else {}
        )
        registry, proofs = ([Proof.parse(text) for text in held[kind]] for kind in ("registry", "proofs"))
        chosen = {proof.act for proof in proofs}
        return check_shown("certificate", held["checkpoint"], bad, trust, registry + proofs, chosen, {})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Bad) as found:
        bad.append(found if isinstance(found, Bad) else Bad("proof-malformed"))
        return report("certificate", bad, trust, None, 0, 0)


def verify_disclosure(data: bytes, trust: Trust) -> dict[str, Any]:
    """One sealed field opened by its own key: the proof of its event, the commitments in it, then AES-256-GCM."""
    held, bad = json.loads(data), list[Bad]()
    proof, pointer = Proof.parse(held["proof"]), str(held["field"])
    out = check_shown("disclosure", proof.checkpoint, bad, trust, [proof], {proof.act}, {})
    try:
        return {**out, "field": pointer, "disclosed": opened(proof.event, pointer, held)}
    except Exception:  # noqa: BLE001  a pointer, a key, a cipher can be wrong in many ways; all mean the same
        return {**out, **verdict([*bad, Bad("disclosure", pointer[:120], proof.act)], trust)}


def opened(event: bytes, pointer: str, held: Any) -> Any:
    """The value of the sealed field at a JSON Pointer (RFC 6901), by its sub-key. Raises anything."""
    value = json.loads(payload_of(event))
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    key, ciphertext = from_base64(held["sub_key"], 32), from_base64(held["ciphertext"])
    digests = [to_base64(sha256(data).digest()).decode() for data in (b"mocban/sub-key/v1" + key, ciphertext)]
    if [value["kc"], value["ct"], value["len"]] != [*digests, len(ciphertext)] or held[
        "format"
    ] != "mocban/disclosure/1":
        raise Bad("disclosure")
    parts = (b"field", event[:16], event[16:24], pointer.encode())
    place = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return json.loads(AESGCM(key).decrypt(from_base64(value["nonce"], 12), ciphertext, place))


# ---- the PDF signature: /ByteRange, then CMS SignedData (RFC 5652) with the few lines of DER that it takes
_SHA256: Final = bytes.fromhex("300d06096086480165030402010500")
_ECDSA_SHA256: Final = bytes.fromhex("300a06082a8648ce3d040302")
_DETACHED: Final = bytes.fromhex("300b06092a864886f70d010701")
_ONE_BYTE: Final = bytes.fromhex("020101")
_MESSAGE_DIGEST: Final = bytes.fromhex("06092a864886f70d010904")


def check_pdf_signature(data: bytes, trust: Trust) -> None:
    """One signature over every byte of the file but itself, by the trusted P-256 key (SPKI, DER) when one is given."""
    ranges = re.findall(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]", data)
    start, first, second, rest = map(int, ranges[0]) if len(ranges) == 1 else (0, 0, 0, 0)
    hexes = data[first:second]
    if start or second + rest != len(data) or not re.fullmatch(rb"<[0-9A-F]+>", hexes):
        raise Bad("pdf-coverage")
    try:
        padded = bytes.fromhex(hexes[1:-1].decode())
        cms = der(padded)[0][0]
        if padded[len(cms) :].strip(b"\0"):
            raise ValueError("not zeros after the signature")
        key = check_cms(cms, sha256(data[:first] + data[second:]).digest(), trust.pades_issuer)
    except Exception:  # noqa: BLE001  DER, X.509 and point decoding fail in many ways on hostile bytes; all mean the same
        raise Bad("pdf-signature") from None
    if trust.pades not in {None, key}:
        raise Bad("pdf-key")


def check_cms(cms: bytes, digest: bytes, issuer: bytes) -> bytes:
    """SignedData with signed attributes over `digest`; the signer's SubjectPublicKeyInfo. Raises anything.

    issuer: the certificate (DER) of who may have issued the signer's; empty when that is not known. Whatever the
    signature does not cover is fixed, but for a timestamp, which its own authority signed.
    """
    signed = der(der(der(der(cms)[0][1])[1][1])[0][1])
    ((_, signer),) = der(signed[-1][1])
    version, (_, name), (hashed, _), (attributes, listed), (algorithm, _), (_, signature), *_ = der(signer)
    digests = [one for _, one in der(listed) if one.startswith(_MESSAGE_DIGEST)]
    if digests != [_MESSAGE_DIGEST + b"\x31\x22\x04\x20" + digest] or attributes[0] != 0xA0:
        raise ValueError("messageDigest")
    fixed = [_ONE_BYTE, b"\x31\x0f" + _SHA256, _DETACHED, _ONE_BYTE, _SHA256, _ECDSA_SHA256]
    if [*(whole for whole, _ in signed[:3]), version[0], hashed, algorithm] != fixed or len(signed) != 5:
        raise ValueError("algorithm")
    held = pkcs7.load_der_pkcs7_certificates(cms)
    (mine,) = [
        one for one in held if sha256(one.public_bytes(Encoding.DER)).digest() in listed
    ]  # ESSCertIDv2, RFC 5035
    issued_by, serial = der(name)
    if issued_by[0] != mine.issuer.public_bytes() or int.from_bytes(serial[1], "big") != mine.serial_number:
        raise ValueError("signer")
    for other in (one for one in held if one is not mine):
        mine.verify_directly_issued_by(other)
        other.verify_directly_issued_by(other)
        if issuer not in {b"", other.public_bytes(Encoding.DER)}:
            raise ValueError("issuer")
    key = mine.public_key()
    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise ValueError("curve")
    key.verify(signature, b"\x31" + attributes[1:], ECDSA(SHA256()))
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def der(data: bytes) -> list[tuple[bytes, bytes]]:
    """The DER values in `data`, one after another: each whole, and its content. Raises ValueError, IndexError."""
    out, at = [], 0
    while at + 1 < len(data):  # zeros pad the last of all
        length, start = data[at + 1], at + 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(data[at + 2 : start], "big")
        if start + length > len(data):
            raise ValueError("DER")
        out.append((data[at : start + length], data[start : start + length]))
        at = start + length
    return out


# ---- the report and the command
def verdict(bad: list[Bad], trust: Trust) -> dict[str, Any]:
    """What is bad, acts in order, then what concerns the whole; and what that comes to."""
    order, rows = list(CODES), {}
    for one in sorted(bad, key=lambda b: (b.act is None, b.act or 0, b.event or 0, order.index(b.code), b.detail)):
        vi, _, en = CODES[one.code].partition(" | ")
        row = {"act": one.act, "event": one.event, "code": one.code, "vi": vi, "en": en, "detail": one.detail}
        rows[one.args] = {name: value for name, value in row.items() if value != ""}
    word = "invalid" if bad else "valid" if trust.anchored else "self-consistent"
    return {"verdict": word, "anchored": trust.anchored, "bad": list(rows.values())}


def report(
    given: str,
    bad: list[Bad],
    trust: Trust,
    point: Checkpoint | None,
    acts: int,
    events: int,
    times: Sequence[bytes] = (),
    questioned: Sequence[int] = (),
    **more: Any,
) -> dict[str, Any]:
    """The whole finding as plain JSON."""
    where = {"origin": point.origin, "size": point.size, "root": to_base64(point.root).decode()} if point else None
    span = [time.decode() for time in (times[0], times[-1])] if times else [None, None]
    counts = {"given": given, "acts": acts, "events": events, "from": span[0], "to": span[1]}
    return {
        **verdict(bad, trust),
        **counts,
        "questioned": questioned,
        "checkpoint": where,
        "access": "not given",
        "registry": None,
        **more,
    }


def verify(
    path: Path, trust: Trust, processes: int = 1, told: Callable[[int, int], None] = lambda *_: None
) -> dict[str, Any]:
    """A report on whatever lies at `path`; never raises on what it reads."""
    try:
        if path.is_dir():
            return verify_log(Folder(path), trust, processes, told)
        must_be_file(path)
        with path.open("rb") as file:
            start = file.read(1 << 26)  # a proof, a certificate, a disclosure is not larger
        if start.startswith(b"PK"):
            return verify_log(Bundle(path), trust, processes, told)
        if start.startswith(b"%PDF-"):
            return verify_certificate(start, trust)
        if start.startswith(b"c2sp.org/"):
            proof = Proof.parse(start.decode("utf-8", "replace"))
            return check_shown("proof", proof.checkpoint, [], trust, [proof], {proof.act}, {})
        return verify_disclosure(start, trust)
    except Exception as error:  # noqa: BLE001  the last resort: hostile input becomes a verdict, never a stack trace
        found = error if isinstance(error, Bad) else Bad("input-unreadable", type(error).__name__)
        return report("unknown", [found], trust, None, 0, 0)


WORDS: Final = {
    "valid": "HỢP LỆ / VALID",
    "self-consistent": "TỰ NHẤT QUÁN, CHƯA ĐỐI CHIẾU VỚI NGUỒN TIN CẬY / SELF-CONSISTENT ONLY, NOT ANCHORED",
    "invalid": "KHÔNG HỢP LỆ / NOT VALID",
    "log": "toàn bộ sổ / a whole log",
    "partial": "một phần sổ, kèm chứng cứ / a part of a log, with proofs",
    "certificate": "giấy chứng nhận lưu giữ (PDF) / a custody certificate (PDF)",
    "proof": "chứng cứ của một sự kiện; chưa xét khóa người ký / the proof of one event; signers' keys not judged",
    "disclosure": "một trường được trao để đọc / one field disclosed",
    "unknown": "không nhận ra / not recognized",
    True: "có tệp tin cậy đến từ nơi khác / yes, by a trust file that came another way",
    False: "KHÔNG có tệp tin cậy: có thể là một sổ khác hẳn / NO trust file: it could be a whole other ledger",
}
NOT_PROVEN: Final = """Không chứng minh / Not proven: điều được ghi là đúng sự thật / that what was recorded is true;
  giờ khai là đúng, chỉ thứ tự được chứng minh / that claimed times are right: only the order is proven;
  nội dung niêm phong vẫn còn / that sealed content is still there. Không có nhật ký khai thác / no access log."""


def summary(out: dict[str, Any]) -> Iterator[str]:
    """For a reader who is no programmer: Vietnamese first, English beside it."""
    yield f"Kết luận / Verdict: {WORDS[out['verdict']]}"
    yield f"Được giao / Given: {WORDS[out['given']]}"
    if point := out["checkpoint"]:
        yield f"Sổ / Log: {point['origin']}\nĐiểm kiểm / Checkpoint: {point['size']} {point['root']}"
    yield f"Đã kiểm / Checked: {out['acts']} hành vi / acts, {out['events']} sự kiện / events"
    if out["from"]:
        yield f"Giờ khai / Claimed times: từ / from {out['from']} đến / to {out['to']}"
    yield f"Đối chiếu nguồn tin cậy / Anchored: {WORDS[out['anchored']]}"
    yield from remarks(out)
    yield f"Điều sai / What is bad: {len(out['bad']) or 'không có gì / nothing'}"
    for row in out["bad"][:100]:
        act = f"hành vi / act {row['act']}" if row["act"] is not None else "toàn sổ / whole log"
        act += f", sự kiện / event {row['event']}" if row["event"] is not None else ""
        yield f"- {act}: [{row['code']}] {row['vi']} / {row['en']}" + (f" ({row['detail']})" if "detail" in row else "")
    if len(out["bad"]) > 100:
        yield f"... và / and {len(out['bad']) - 100} (--json)"
    yield NOT_PROVEN


def remarks(out: dict[str, Any]) -> Iterator[str]:
    """What the verdict does not tell."""
    if "complete" in out:
        yield f"Đầy đủ theo lưu trữ tại điểm kiểm / Complete according to the archive at checkpoint {out['at']}"
    if out["registry"] and out["registry"]["shown_to"] < out["registry"]["stated_to"]:
        yield f"Sổ khóa / Key registry: đủ đến cỡ / none of it is hidden up to size {out['registry']['shown_to']};"
        yield f"  từ đó đến / from there to {out['registry']['stated_to']}: theo lời lưu trữ / on the archive's word"
    if out.get("manifest") == "not given":
        yield "Không có MANIFEST: không rõ còn tệp nào khác / No MANIFEST: nothing tells what other files there were"
    if "not_compared" in out:
        yield f"KHÔNG so được với điểm kiểm cỡ / NOT compared with checkpoints of size: {out['not_compared']};"
        yield "  cần sổ trọn vẹn / that takes a whole log"
    if out.get("timestamps"):
        yield f"Dấu thời gian / Timestamps: {out['timestamps']}, kiểm bằng / to be checked by `openssl ts -verify`"
    if "disclosed" in out:
        yield f"Nội dung / Content {out['field']}: {json.dumps(out['disclosed'], ensure_ascii=False)}"
    if out["questioned"]:
        yield f"Bị nghi vấn (khóa có thể đã lộ) / Questioned (key possibly compromised): {out['questioned'][:50]}"


def progress(done: int, of: int) -> None:
    print(f"\r{done * 100 // of:3d} %" + ("\n" if done == of else ""), end="", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 nothing bad, 2 wrong usage, 4 something bad."""
    codes = "Mã thoát / exit: 0 không có gì sai / nothing bad; 2 dùng sai / wrong usage; 4 có điều sai / something bad"
    parser = argparse.ArgumentParser(
        description="Kiểm tra sổ Mộc Bản / verify a Mộc Bản ledger, offline.", epilog=codes
    )
    add = parser.add_argument
    add(
        "path",
        type=Path,
        help="thư mục, .zip, .pdf, .tlog-proof, .json / folder, bundle, certificate, proof, disclosure",
    )
    add("--trust", type=Path, help="tệp tin cậy / trust file (JSON)")
    add("--checkpoint", type=Path, action="append", default=[], help="điểm kiểm cũ / an earlier checkpoint")
    add("--json", action="store_true", help="in kết quả dạng JSON trên một dòng / print the report as one line of JSON")
    add("--processes", type=int, default=os.cpu_count() or 1, help="số tiến trình / worker processes")
    options = parser.parse_args(argv)
    try:
        for given in (*([] if options.path.is_dir() else [options.path]), *options.checkpoint):
            must_be_file(given)
        trust = Trust.load(options.trust) if options.trust else Trust()
        trust.checkpoints += [path.read_bytes() for path in options.checkpoint]
    except (OSError, ValueError) as error:
        print(f"Lỗi cách dùng / Usage: {error}", file=sys.stderr)
        return 2
    out = verify(options.path, trust, options.processes, progress if sys.stderr.isatty() else lambda *_: None)
    print(json.dumps(out, ensure_ascii=False) if options.json else "\n".join(summary(out)))
    return 4 if out["bad"] else 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a console of another encoding, or a name in none, must not end the report
        cast("Any", stream).reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
