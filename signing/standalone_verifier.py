"""Kiểm tra một sổ Mộc Bản, ngoại tuyến, bằng một tệp đọc hết trong một buổi / check a Mộc Bản ledger in one sitting.

    python verify.py PATH [--trust FILE] [--checkpoint FILE]... [--json]

PATH: an export folder, a bundle (.zip, whole or partial), a custody certificate (.pdf), a proof (.tlog-proof) or a
disclosure (.json). Exit: 0 nothing bad, 2 wrong usage, 4 something bad. Needs Python 3.11 and `cryptography`, shares no
code with the product. The formats are told in FORMATS.txt, beside this file in every bundle; "section" means its own.
From top to bottom: findings; hashes; files; signatures and trust; acts and events; acts judged in their order; a whole
log; what is shown alone; PDFs; the report. Without a trust file it says only that the log agrees with itself.
"""
import argparse
import base64
import json
import os
import re
import struct
import sys
import unicodedata
import zlib
from array import array
from contextlib import contextmanager
from datetime import datetime
from functools import reduce
from hashlib import sha256
from itertools import chain, islice, zip_longest
from pathlib import Path
from types import SimpleNamespace as Record

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7

# ---- findings
WORDS = {  # by the first word of a finding's code; the code tells the rest
    "input file member manifest bundle tile": "Tệp thiếu, thừa hoặc hỏng / A file is missing, unknown or broken",
    "checkpoint history witness root genesis": "Sổ trái với điểm đã ký / The log is not what was signed or is trusted",
    "entry act seen": "Hành vi bị sửa, bỏ, chèn, đổi chỗ / The act was altered, dropped, inserted or moved",
    "event": "Sự kiện thiếu, sai khuôn hoặc sai thứ tự / The event is missing, malformed or out of order",
    "signature pdf": "Chữ ký sai, thiếu hoặc thừa / A signature is wrong, missing or too many",
    "signer key actor role on registry": "Người ký không có khóa hoặc quyền / A signer had no key or no right",
    "proof disclosure": "Chứng cứ sai, không chứng minh điều này / The proof is wrong: it does not show this",
}

class Bad(Exception):  # noqa: N818  a finding, not an error of the program
    """args: code, detail (the file, name or number meant), act index, event position."""

def must(good, code="", detail="", act=None, event=None):
    """Else it is bad. Without a code it is what the `wrong_is` around it says."""
    if not good:
        raise Bad(code, detail, act, event) if code else ValueError

@contextmanager
def wrong_is(code, detail=""):
    """Whatever goes wrong while foreign bytes are taken apart means this: JSON, DER, ciphers fail in their own ways."""
    try:
        yield
    except Exception as wrong:  # noqa: BLE001
        raise wrong if isinstance(wrong, Bad) else Bad(code, detail, None, None) from None

@contextmanager
def noted(bad, act=None, event=None):
    """After these checks reading goes on. What they find is noted, at this place when it names none itself."""
    try:
        yield
    except Bad as one:
        code, detail, *place = one.args
        bad.append((code, detail, *((act, event) if place[0] is None else place)))

# ---- hashes and encodings (section 1)
LEAF, NODE = b"\0", b"\1"  # what a tree hashes begins with one of them

def digest(*parts):
    return sha256(b"".join(parts)).digest()

def grow(subtrees, leaf):
    """A tree with one leaf more. Of a tree the complete subtrees are kept, (size, hash), the largest first."""
    size = 1
    while subtrees and subtrees[-1][0] == size:  # two of one size make one of twice the size
        leaf, size = digest(NODE, subtrees.pop()[1], leaf), size * 2
    return [*subtrees, (size, leaf)]

def root_of(subtrees):
    hashes = [subtree for _, subtree in reversed(subtrees)]
    return reduce(lambda right, left: digest(NODE, left, right), hashes) if hashes else digest()

def path_root(index, size, leaf, path):
    """Where an inclusion path leads, by the definition (RFC 6962 section 2.1.1); one that does not fit: nowhere."""
    if size == 1 or not path:
        return leaf if (index, size, path) == (0, 1, []) else b""
    half = 1 << ((size - 1).bit_length() - 1)
    if index < half:
        return digest(NODE, path_root(index, half, leaf, path[:-1]), path[-1])
    return digest(NODE, path[-1], path_root(index - half, size - half, leaf, path[:-1]))

def b64(data):
    return base64.b64encode(data).decode()

def hash64(data):
    return b64(digest(data))

def unb64(text, length=None):
    data = base64.b64decode(text, validate=True)
    must(b64(data) == text and length in {None, len(data)})
    return data

def split(data, unit):
    return [data[at : at + unit] for at in range(0, len(data), unit)]

def cut(data, width):
    """Records of `length || bytes`, lengths of `width` bytes; and whether the data ends where the last one does."""
    records, at = [], 0
    while (start := at + width) <= len(data) and (end := start + int.from_bytes(data[at:start])) <= len(data):
        records.append(data[start:end])
        at = end
    return records, at == len(data)

# ---- files (section 4)
MAX_FILE = 256 * (65_536 + 4)  # bytes of the largest legal file, a bundle of 256 events

class Files:
    """Files by name. fetch: the bytes of one, no more than MAX_FILE + 1. zipped: as a bundle is given away."""
    def __init__(self, names, fetch, bad=(), zipped=False):
        self.names, self.fetch, self.bad, self.zipped = set(names), fetch, bad, zipped

    def read(self, name):
        with wrong_is("file-unreadable", name[:120]):
            must(name in self.names)
            data = self.fetch(name)
            must(len(data) <= MAX_FILE)
            return data

def files_of_folder(base):
    def fetch(name):
        must((base / name).is_file() and not (base / name).is_symlink())
        with (base / name).open("rb") as file:
            return file.read(MAX_FILE + 1)
    paths = [Path(at) / name for at, _, names in os.walk(base) for name in names]
    return Files([path.relative_to(base).as_posix() for path in paths], fetch)

def files_of_zip(path):
    """Members stored one after another; every byte around them can be foretold. Nothing is unpacked."""
    file, places, directory, bad, at = path.open("rb"), {}, b"", [], 0
    while (head := file.read(30)).startswith(b"PK\3\4"):
        length, width = struct.unpack("<I4xH", head[18:28])
        raw, data = file.read(width), file.read(min(length, MAX_FILE + 1))
        foretold = struct.pack("<5H4I", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), width)
        name = raw.decode()
        with noted(bad):
            must(not re.search(r"^/|[\\:]|(^|/)\.\.(/|$)", name) and name not in places, "member-name", name[:120])
            must(head == b"PK\3\4" + foretold, "bundle-bytes", name[:120])
        directory += b"PK\1\2\x14\3" + foretold + struct.pack("<3H2I", 0, 0, 0, 0o644 << 16, at & 0xFFFFFFFF) + raw
        places[name], at = (at + 30 + width, len(data)), file.tell()
    count, end = len(places), [len(directory), at, 0]
    if count < 1 << 16 and at < 1 << 31:  # beyond that it ends in more complicated ways
        with noted(bad):
            rest = directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, *end)
            must(head + file.read() == rest, "bundle-bytes", "zip directory")

    def fetch(name):
        file.seek(places[name][0])
        return file.read(places[name][1])
    return Files(places, fetch, bad, zipped=True)

# ---- signed notes, checkpoints (section 4), and whom to trust
def key_id(name, raw):
    """raw: type byte (1 Ed25519, 4 cosignature, 6 ML-DSA-44 cosignature), and public key."""
    return digest(name.encode(), b"\n", raw)[:4]

def parse_vkey(text):
    """A verifier key of a log or witness: its name, and raw."""
    name, written, encoded = text.strip().split("+", 2)
    raw = unb64(encoded)
    must(key_id(name, raw).hex() == written and raw[0] in {1, 4, 6})
    return name, raw

def check_note_signature(name, raw, text, signature):
    kind, public, time = raw[0], raw[1:], int.from_bytes(signature[:8])
    if kind == 6:
        signer, (origin, size, root) = name.encode(), text.split(b"\n")[:3]
        message = b"subtree/v1\n\0" + bytes([len(signer)]) + signer + struct.pack(">QB", time, len(origin)) + origin
        message += struct.pack(">QQ", 0, int(size)) + unb64(root.decode(), 32)
        MLDSA44PublicKey.from_public_bytes(public).verify(signature[8:], message)
    else:
        message = b"cosignature/v1\ntime %d\n" % time + text if kind == 4 else text
        Ed25519PublicKey.from_public_bytes(public).verify(signature[8:] if kind == 4 else signature, message)

class Note:
    """text: what is signed. signatures: of each the key's name, and key id || signature."""
    def __init__(self, data):
        text, blank, lines = data.partition(b"\n\n")
        *lines, end = [line.split(" ") for line in lines.decode().split("\n")]
        must(blank and lines and end == [""] and all(dash == "\u2014" and name for dash, name, _ in lines))
        self.text, self.signatures = text + b"\n", [(name, unb64(raw)) for _, name, raw in lines]

    def signers(self, keys):
        """Those of the keys that signed; a signature that claims to be of one of them and is not condemns the note."""
        known = {(name, key_id(name, raw)): (name, raw) for name, raw in keys}
        claimed = [(known[name, raw[:4]], raw[4:]) for name, raw in self.signatures if (name, raw[:4]) in known]
        for key, signature in claimed:
            with wrong_is("checkpoint-signature", key[0]):
                check_note_signature(*key, self.text, signature)
        return [key for key, _ in claimed]

def parse_checkpoint(data, name=""):
    with wrong_is("checkpoint-malformed", name):
        note = Note(data)
        note.origin, size, root, *more = note.text.decode()[:-1].split("\n")
        must(0 < len(note.origin.encode()) < 256 and all(more) and re.fullmatch(r"0|[1-9][0-9]{0,17}", size))
        note.size, note.root = int(size), unb64(root, 32)
        return note

class Trust:
    """What is believed beforehand, from a trust file. ended: the log's keys that were revoked, and by which act."""
    def __init__(self, told=None):
        self.anchored, told = told is not None, told or {"vkeys": []}
        policy, self.origin, self.ended = told.get("policy") or {}, told.get("origin"), {}
        self.genesis = unb64(told["genesis"], 32) if self.anchored else None
        self.keys, self.quorum = [parse_vkey(text) for text in told["vkeys"]], int(policy.get("quorum", 0))
        self.witnesses = [parse_vkey(text) for text in policy.get("witnesses", [])]
        self.pades, self.pades_issuer = (unb64(told.get(name) or "") for name in ("pades", "pades_issuer"))
        self.checkpoints = [text.encode() for text in told.get("checkpoints", [])]

    @classmethod
    def load(cls, path):
        with wrong_is("input-unreadable", path.name):
            return cls(dict(json.loads(path.read_bytes())))

    def log_keys(self, origin, size):
        """Those that may sign a tree of `size` acts: none that one of these acts revoked."""
        return [(name, raw) for name, raw in self.keys if name == origin and self.ended.get(hash64(raw), size) >= size]

    def check(self, point, latest=False, short=False):
        """A good signature of each kind of key the log has. latest: and of witnesses. short: Ed25519 alone will do."""
        keys = self.log_keys(point.origin, point.size)
        must(keys and self.origin in {None, point.origin}, "checkpoint-origin", point.origin[:120])
        good = {raw[0] for _, raw in point.signers(keys)} | ({6} if short else set())
        must({raw[0] for _, raw in keys} <= good, "checkpoint-signature", "missing")
        cosigned = point.signers(self.witnesses)  # by name: all keys of a witness count once
        count = min(len({name for name, _ in cosigned}), len({raw[1:] for _, raw in cosigned}))
        must(not latest or count >= self.quorum, "witness-quorum", f"{count} < {self.quorum}")

def check_checkpoints(trust, bad, points, root_at, short=False):
    """The latest and all others at hand, by name: their signatures, and one history under all of them.

    root_at: the root of the tree of so many acts, None if it is unknown. The sizes of those that cannot be compared.
    """
    apart = []
    for name, data in points:
        point, latest = None, name == "checkpoint"
        try:
            point = parse_checkpoint(data)
            if trust.keys or not short:
                trust.check(point, latest, short)
            must(re.findall(r"\d+", name) in ([], [str(point.size)]), "checkpoint-malformed")
            root = root_at(point.size)
            must(root in {None, point.root}, "root-mismatch" if latest else "checkpoint-inconsistent")
            apart += [point.size] if root is None else []
        except Bad as one:
            detail = f"{name} ({point.size}) {one.args[1]}" if point else name
            bad.append((one.args[0], detail.rstrip(), None, None))
    return apart

# ---- acts (section 3) and events (section 2)
HASH, ID = '"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="', '"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"'
TEXT, COUNT = r'"(?:[^"\\]|\\.)*"', "[1-9][0-9]{0,15}"
TIME = '"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z"'
ACT = re.compile(  # the members of an act, in canonical JSON
    rf'{{"act":"[a-z0-9._-]{{1,80}}","actor":{ID},"at":{TIME}(,"basis":{{"code":{TEXT},"ref":{TEXT}}})?,'
    rf'"events":{COUNT}(,"for":(?!""){TEXT})?,"id":{ID},"kids":\[{HASH}(,{HASH})*\],"root":{HASH},'
    rf'"seen":{{"root":{HASH},"size":(0|{COUNT})}}}}'
)
SEALED = re.compile(  # a field, or with -blob a file, that only its key opens (section 6)
    rf'{{"alg":"A256GCM(-blob)?","kc":{HASH},"nonce":"[A-Za-z0-9+/]{{16}}","ct":{HASH},"len":{COUNT}'
    rf'(?(1),"blob":{ID},"media":"[a-z0-9.+/-]+")}}'
)
DUAL_EVENTS = {  # what two people decide, in the one act that both sign
    "custody.handed-over": "handover.complete",
    "handover.disputes-settled": "handover.complete",
    "disposition.destruction-decided": "disposition.decide",
}

def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

class Act:
    """says: the members of its JSON line. text: what is signed. lines: the signatures."""
    def __init__(self, entry, origin):
        with wrong_is("act-malformed"):
            title, line, blank, *self.lines, end = entry.decode().split("\n")
            self.text, self.says = f"{title}\n{line}\n".encode(), json.loads(line)
            must(len(entry) < 65_536 and title == f"{origin}/act/v1" and self.lines and blank == end == "")
            must(ACT.fullmatch(line) and compact(self.says) == line and unicodedata.is_normalized("NFC", line))
            datetime.fromisoformat(self.says["at"])
        self.name, self.of_registry = self.says["act"], bool(re.match(r"registry\.|log\.found$", self.says["act"]))

    def holds(self, event):
        """Whether such an event may stand in this act."""
        must(DUAL_EVENTS.get(event["type"].partition("/")[0], self.name) == self.name, "event-misplaced")

def event_object(pairs):
    """An object in an event: no name twice, and where it has an `alg` it is a sealed field (section 6)."""
    value = dict(pairs)
    must(len(value) == len(pairs))
    sealed = "alg" not in value or (SEALED.fullmatch(compact(value)) and value["len"] >= 16)
    must(sealed, "event-sealed")
    return value

def parse_event(entry):
    with wrong_is("event-malformed"):
        end = 26 + int.from_bytes(entry[24:26])
        kind, payload = entry[26:end].decode(), entry[end:].decode()
        must(len(entry) <= 65_536 and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+/[1-9][0-9]{0,3}", kind))
        must(payload.startswith('{"type":"' + kind + '"') and unicodedata.is_normalized("NFC", payload))
        must(not re.search("null|NaN|Infinity", re.sub(TEXT, "", payload)))
        return json.loads(payload, object_pairs_hook=event_object)

# ---- acts in their order, each judged by those before it: keys and roles (section 5), versions of streams, ids
P, EIGHTH = 2**255 - 19, 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
WEAK_KEYS = {0, 1, P - 1, P, P + 1, EIGHTH, P - EIGHTH}  # y of the points of small order: such a key signs anything
NEVER = 1 << 62  # an index that no act reaches

class History:
    """keys: by kid. grants: by actor, then role: (names of acts, whether for others). ended: log keys, by which act.

    What is bad gathers in `bad`. complete: streams whose every event is here; None: all streams, of a whole log.
    """
    def __init__(self, origin, bad, complete=None):
        raw = bytearray(digest(b"mocban/registry/v1:", origin.encode())[:16])
        raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
        self.origin, self.bad, self.stream = origin, bad, bytes(raw)
        self.complete = None if complete is None else {*complete, self.stream}
        self.keys, self.grants, self.registrars, self.quorum, self.log_keys, self.ended = {}, {}, set(), 0, [], {}
        self.versions, self.ids, self.registry_acts, self.shown_to, self.gap = {}, set(), 0, 0, False

    def judge(self, index, act, entries, first=None, some=False):
        """One act, None where it cannot be read, and its events. first: the position of the first, in a whole log.

        some: perhaps not all of its events are here, but each is proven alone.
        """
        tree, events, count = [], [], 0
        for count, entry in enumerate(entries, 1):
            with noted(self.bad, index, None if first is None else first + count - 1):
                must(entry, "event-missing")
                tree = grow(tree, digest(LEAF, entry))
                stream, version = entry[:16], int.from_bytes(entry[16:24])
                before, self.versions[stream] = self.versions.get(stream, 0), version
                self.gap |= stream == self.stream and version != before + 1
                may_skip = self.complete is not None and stream not in self.complete
                must(version > before if may_skip else version == before + 1, "event-version", stream.hex())
                event = parse_event(entry)
                if act:
                    must(act.of_registry == (stream == self.stream), "registry-event")
                    act.holds(event)
                    events += [event] if act.of_registry else []
        with noted(self.bad, index, first if count == 1 else None):
            if act:
                whole = not some or act.of_registry or count == act.says["events"]
                must(not whole or b64(root_of(tree)) == act.says["root"], "act-root-mismatch")
                self.registry_acts += act.of_registry
                self.shown_to = index + 1 if act.of_registry and not self.gap else self.shown_to
                with wrong_is("registry-event"):
                    self.check_signers(index, act, events)
                must(act.says["id"] not in self.ids, "act-id-repeated")
                self.ids.add(act.says["id"])

    def check_signers(self, index, act, events):
        """Had its signers key and right before this act, and did they sign it? An act of the registry takes effect."""
        kids, founding = act.says["kids"], index == 0
        must(founding == (act.name == "log.found") and (events or not act.of_registry))
        must(not act.of_registry or "for" not in act.says)
        bringing = {"registry.key-enrolled/1", "registry.key-rotated/1"}
        brought = events[0]["registrars"] if founding else [event for event in events if event["type"] in bringing]
        fresh = [self.key(told) for told in brought]  # each proves its possession: it signs, after the others
        old = kids[: max(0, len(kids) - len(fresh))]
        must(kids == [*old, *(key.kid for key in fresh)], "registry-possession")
        deciding = fresh if founding else [self.live(kid) for kid in old]
        people = {key.actor for key in deciding}
        must(deciding and deciding[0].actor == act.says["actor"], "actor-mismatch")
        must(len(set(kids)) == len(kids), "signer-repeated")
        must(not any(key.kid in self.keys for key in fresh), "registry-possession")
        if founding:
            must(len(events) == 1 and len(people) == len(kids) and act.says["seen"]["size"] == 0)
        elif act.name == "registry.rotate":
            owned = len(kids) == 2 and events[0]["old"] == kids[0] and fresh[0].actor == act.says["actor"]
            must(owned, "registry-possession")
        elif act.of_registry:
            must(people <= self.registrars and len(people) >= self.quorum, "registry-quorum")
        else:
            self.check_roles(act, deciding, people)
        check_signatures(act, deciding if founding else deciding + fresh)
        gone = {*self.ended, *(event["kid"] for event in events if act.name == "registry.revoke")}
        pairs = [{hash64(raw) for _, raw in self.log_keys[at : at + 2]} for at in range(0, len(self.log_keys), 2)]
        must(not gone or not all(pair & gone for pair in pairs))  # the log is left one whole pair of keys
        for event in events:
            self.apply(index, act.name, event, people)
        self.keys |= {key.kid: key for key in fresh}
        for kid in kids:
            self.keys[kid].signed.append(index)

    def key(self, told):
        """An actor's key. signed: the acts it did. compromised: from which act on, if ever, they are questioned."""
        raw, actor = unb64(told["key"], 33), told["actor"]
        must(raw[0] == 1 and int.from_bytes(raw[1:], "little") % (1 << 255) not in WEAK_KEYS)
        must(re.fullmatch(ID, f'"{actor}"'))
        name, public = f"{self.origin}/{actor}", Ed25519PublicKey.from_public_bytes(raw[1:])
        line = {"id": key_id(name, raw), "line": f"\u2014 {name} ", "public": public}
        return Record(kid=hash64(raw), actor=actor, live=True, compromised=NEVER, signed=array("Q"), **line)

    def live(self, kid):
        must(kid in self.keys, "key-unknown")
        must(self.keys[kid].live, "key-revoked")
        return self.keys[kid]

    def check_roles(self, act, keys, people):
        least = 2 if act.name in DUAL_EVENTS.values() else 1
        must(len(people) >= max(least, len(keys)), "signer-repeated")
        covering = {act.name, *(act.name[: dot.start()] + ".*" for dot in re.finditer("[.]", act.name))}
        for key in keys:
            roles = self.grants.get(key.actor, {}).values()
            behalf = [for_others for role in roles for names, for_others in role if names & covering]
            must(behalf, "role-missing")
            must(key is not keys[0] or "for" not in act.says or any(behalf), "on-behalf-missing")

    def apply(self, index, name, event, people):
        roles = self.grants.setdefault(event.get("actor", ""), {})
        match name, event["type"]:
            case "log.found", "registry.genesis/1":
                self.log_keys, self.quorum = [parse_vkey(text) for text in event["log_vkeys"]], event["quorum"]
                must(event["origin"] == self.origin and type(self.quorum) is int and 1 <= self.quorum <= len(people))
                self.registrars = people
            case "registry.enrol", "registry.key-enrolled/1":
                pass  # whoever calls this takes the new keys in
            case "registry.rotate", "registry.key-rotated/1":
                self.keys[event["old"]].live = False
            case "registry.revoke", "registry.key-revoked/1":
                kid, since = event["kid"], event.get("compromised_since", NEVER)
                must(kid in self.keys or kid in {hash64(raw) for _, raw in self.log_keys})
                must(since == NEVER or 0 <= since <= index)
                if kid in self.keys:
                    self.keys[kid].live, self.keys[kid].compromised = False, min(self.keys[kid].compromised, since)
                else:
                    self.ended.setdefault(kid, index)
            case "registry.grant", "registry.role-granted/1":
                must(event["actor"] and event["acts"])
                must(all(re.fullmatch(r"[^*\s]+(\.\*)?", acts) for acts in event["acts"]))
                roles.setdefault(event["role"], []).append((set(event["acts"]), event.get("on_behalf") is True))
            case "registry.withdraw", "registry.role-withdrawn/1":
                must(roles.pop(event["role"], None))
            case _:
                must(False)

    def check_genesis(self, trust, entry):
        """Act 0 is the trusted one. Without a trust file the log's keys are those that it names."""
        trust.keys, trust.ended = trust.keys if trust.anchored else self.log_keys, self.ended
        must(trust.genesis in {None, digest(LEAF, entry)}, "genesis-mismatch")

    def told(self, size, shown_to):
        """For the report. shown_to: up to which tree no act of the registry can be hidden; beyond is the log's word."""
        questioned = {act for key in self.keys.values() for act in key.signed if act >= key.compromised}
        registry = {"acts": self.registry_acts, "shown_to": shown_to, "stated_to": size}
        return {"questioned": sorted(questioned), "registry": registry}

def check_signatures(act, keys):
    """One line for each key, in order, and none besides."""
    must(len(keys) == len(act.lines), "signature-line")
    for key, line in zip(keys, act.lines, strict=True):
        with wrong_is("signature-line"):
            raw = unb64(line.removeprefix(key.line), 68)
            must(line.startswith(key.line) and raw[:4] == key.id)
        with wrong_is("signature-bad"):
            key.public.verify(raw[4:], act.text)

# ---- a whole log (section 4), read once, act after act
TILE = re.compile(  # one name for each: no x000 in front, no digits of other scripts, no width of 256
    r"tile/([0-7]|entries|events|positions)/((?!x000)(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:[.]p/([1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)

class Log:
    """leaves, roots: 32 bytes an act: its hash, and of the tree before it. firsts: position of its first event.

    tiles: names of files by kind and number, then by width.
    """
    def __init__(self, files, trust, bad):
        self.files, self.trust, self.bad, self.tiles, point = files, trust, bad, {}, None
        for name in files.names:
            tile = TILE.fullmatch(name)
            if tile:
                self.tiles.setdefault((tile[1], int(re.sub("[x/]", "", tile[2]))), {})[int(tile[3] or 256)] = name
            with noted(bad):
                must(tile or not name.startswith("tile/"), "tile-unknown", name[:120])
        with noted([]):  # what is wrong with it is noted later
            point = parse_checkpoint(files.read("checkpoint"))
        held, self.events, self.point = self.held("entries"), self.held("events"), point
        self.size = min(point.size, held) if point else held
        with noted(bad, held):
            must(not point or point.size <= held, "history-truncated", str(held))
        first = next(self.items("entries", 1)).partition(b"/act/v1\n")[0][:255]
        self.origin = trust.origin or first.decode("utf-8", "replace")
        self.history, self.leaves, self.roots, self.firsts = History(self.origin, bad), b"", bytearray(), array("Q")

    def held(self, kind):
        """How many entries or events the files can hold by their names; far-off ones cannot make it absurd."""
        ends = [number * 256 + max(widths) for (of, number), widths in self.tiles.items() if of == kind]
        return min(max(ends, default=0), 256 * (2 * len(ends) + 16))

    def tile(self, kind, number, count):
        """The file of items number * 256 up to `count`, and its width by its name; a wider one may stand in for it."""
        widths, wanted = self.tiles.get((kind, number), {}), min(256, count - number * 256)
        must(widths, "tile-missing", f"tile/{kind} {number}")
        width = min((width for width in widths if width >= wanted), default=max(widths))
        return self.files.read(widths[width]), width

    def items(self, kind, count):
        """Entries, events, positions or leaves in their order; nothing for each that cannot be read."""
        for number in range((count + 255) // 256):
            wanted, records = min(256, count - number * 256), []
            with noted([]):  # what cannot be read is missing, and named so
                data, width = self.tile(kind, number, count)
                records = split(data, 8 if kind == "positions" else 32)
                if kind in {"entries", "events"}:
                    records, framed = cut(data, 2 if kind == "entries" else 4)
                    records = records if framed and len(records) == width else records[: wanted - 1]
            yield from islice(chain(records, [b""] * wanted), wanted)

    def read_leaves(self):
        """As the tiles have them, if they lead to the signed root: one altered act is named alone. Else of entries."""
        told = b"".join(self.items("0", self.size))
        root = root_of(reduce(grow, split(told, 32), []))
        if self.point and (self.size, root) == (self.point.size, self.point.root):
            return told
        return b"".join([digest(LEAF, entry) for entry in self.items("entries", self.size)])

    def read(self):
        """The times claimed, first and last."""
        tree, position, times, self.leaves = [], 0, [], self.read_leaves()
        entries, events = self.items("entries", self.size), chain(self.items("events", self.events), [b""])
        positions = islice(self.items("positions", self.size), 1, None)
        for index, entry in enumerate(entries):
            leaf, act = self.leaves[index * 32 : index * 32 + 32], None
            self.roots += root_of(tree)
            tree = grow(tree, leaf)
            with noted(self.bad, index):
                must(entry, "entry-missing")
                must(digest(LEAF, entry) == leaf, "entry-altered")
                act = Act(entry, self.origin)
                times = [min([*times, act.says["at"]]), max([*times, act.says["at"]])]
            self.firsts.append(position)
            told = int.from_bytes(next(positions, self.events.to_bytes(8))) - position
            count = act.says["events"] if act else told if 0 < told < 1 << 24 else 1  # told: where the act cannot say
            self.history.judge(index, act, islice(events, count), position)
            position = min(position + count, NEVER)
            with noted(self.bad, index):
                size, root = (act.says["seen"]["size"], act.says["seen"]["root"]) if act else (0, b64(self.root_at(0)))
                must(size <= index and b64(self.root_at(size)) == root, "seen-not-in-history", str(size))
            with noted(self.bad, 0):
                if index == 0:
                    self.history.check_genesis(self.trust, entry)
                    copied = "genesis" not in self.files.names or self.files.read("genesis") == entry
                    must(copied, "genesis-mismatch", "genesis")
        self.firsts.append(position)
        self.roots += root_of(tree)
        return times

    def root_at(self, size):
        return bytes(self.roots[size * 32 : size * 32 + 32])

    def check_points(self):
        """A checkpoint beyond what is here is a history cut short."""
        names = {name for name in self.files.names if re.fullmatch(r"checkpoints/\d+|timestamps/\d+\.checkpoint", name)}
        points = [("--checkpoint", data) for data in self.trust.checkpoints]
        for name in ["checkpoint", *sorted(names)]:
            with noted(self.bad):
                must(name in self.files.names, "checkpoint-malformed", name)
                points.append((name, self.files.read(name)))
        apart = check_checkpoints(self.trust, self.bad, points, lambda size: self.root_at(size) or None)
        self.bad += [("history-truncated", f"({size})", None, None) for size in apart]

    def check_tiles(self):
        """Every tile is what the entries make it; any other file is the beginning of one, from a smaller tree."""
        rows = {"positions": struct.pack(f">{self.size}Q", *self.firsts[:-1]), "0": self.leaves}
        for level in range(1, 8):
            whole = [split(hashes, 32) for hashes in split(rows[str(level - 1)], 8192) if len(hashes) == 8192]
            rows[str(level)] = b"".join(root_of(reduce(grow, hashes, [])) for hashes in whole)
        units = {kind: 8 if kind == "positions" else 32 for kind in rows}
        counts = {kind: len(row) // units[kind] for kind, row in rows.items()}
        for kind, count in counts.items():
            for number in range((count + 255) // 256):
                with noted(self.bad, number * 256 if kind == "positions" else None):
                    self.tile(kind, number, count)
        counts |= {"entries": self.size, "events": self.firsts[-1]}
        for (kind, number), widths in self.tiles.items():
            for width, name in widths.items():
                with noted(self.bad):
                    must(width <= counts.get(kind, 0) - number * 256, "tile-unknown", name)
                    held, right = self.files.read(name), self.tile(kind, number, counts[kind])[0]
                    if unit := units.get(kind):
                        right = rows[kind][number * 256 * unit :][: width * unit]
                    must(unit or (held and right.startswith(held)), "tile-unknown", name)
                    if unit and held != right:
                        height = 0 if kind == "positions" else 8 * int(kind)
                        pairs = zip_longest(split(held, unit), split(right, unit))
                        wrong = [at for at, (one, other) in enumerate(pairs) if one != other and other]
                        acts = [(number * 256 + at) << height for at in wrong] or [None]
                        self.bad += [("tile-mismatch", name, act, None) for act in acts]

def check_manifest(files, trust, origin, size, bad):
    """MANIFEST: a note signed by the log, `<origin>/manifest/v1`, then `<sha256> <length> <name>` a line."""
    with noted(bad), wrong_is("manifest", "MANIFEST"):
        must("MANIFEST" in files.names)
        note = Note(files.read("MANIFEST"))
        title, *lines = note.text.decode()[:-1].split("\n")
        keys = [(name, raw) for name, raw in trust.log_keys(origin, size) if raw[0] == 1]
        must(title == f"{origin}/manifest/v1" and note.signers(keys), "manifest", "MANIFEST")
        listed = {line.split(" ", 2)[2]: line for line in lines}
        for name in sorted((files.names | listed.keys()) - {"MANIFEST"}):
            with noted(bad):
                data = files.read(name) if name in files.names else b""
                must(listed.get(name) == f"{sha256(data).hexdigest()} {len(data)} {name}", "manifest", name[:120])

def check_log(files, trust, bad, said):
    log = Log(files, trust, bad)
    times, listed = log.read(), files.zipped or "MANIFEST" in files.names
    log.check_points()
    log.check_tiles()
    if listed:
        check_manifest(files, trust, log.origin, log.size, bad)
    stamps = sum(name.startswith("timestamps/") and name.endswith(".tsr") for name in files.names)
    said |= {"given": "log", "acts": log.size, "events": min(log.firsts[-1], log.events), "timestamps": stamps}
    said |= {"manifest": "checked" if listed else "not given", **log.history.told(log.size, log.size)}
    said |= where(log.point, times)

def where(point, times):
    told = {"origin": point.origin, "size": point.size, "root": b64(point.root)} if point else None
    return {"checkpoint": told, "from": min(times, default=None), "to": max(times, default=None)}

# ---- acts shown alone: by a certificate, a partial bundle, a proof, a disclosure (sections 7 to 9)
def parse_proof(text):
    """One event of one act, led to a checkpoint. path: of the act; inner: of the event inside the act."""
    with wrong_is("proof-malformed"):
        form = r"c2sp\.org/tlog-proof@v1\nextra (.*)\nindex (0|[1-9][0-9]{0,15})\n((?:.{44}\n){0,63})\n((?s:.*))"
        extra, index, path, checkpoint = re.fullmatch(form, text).groups()
        raw = unb64(extra)
        end = 2 + int.from_bytes(raw[:2])
        at, count = struct.unpack_from(">IB", raw, end)
        inner, (event,) = split(raw[end + 5 : end + 5 + 32 * count], 32), cut(raw[end + 5 + 32 * count :], 4)[0]
        must(len(raw) == end + 5 + 32 * count + 4 + len(event))
        path = [unb64(line, 32) for line in path.split()]
    return Record(act=int(index), entry=raw[2:end], at=at, inner=inner, event=event, path=path, checkpoint=checkpoint)

def check_proof(proof, point):
    """The event is one of the act's, the act one of the tree's."""
    act = Act(proof.entry, point.origin)
    root = path_root(proof.at, act.says["events"], digest(LEAF, proof.event), proof.inner)
    must(b64(root) == act.says["root"], "act-root-mismatch")
    root = path_root(proof.act, point.size, digest(LEAF, proof.entry), proof.path)
    must(root == point.root, "proof-inclusion")
    act.holds(parse_event(proof.event))
    return act

def check_shown(note, trust, bad, said, proofs, chosen, whole, streams=()):
    """Acts led to one checkpoint; where acts of the registry are among them, all are judged in their order.

    chosen: those asked for. whole: of a partial bundle, all events of each act. streams: those of which it has every
    event. A proof alone brings no acts of the registry: it shows what the log signed, not whose signature an act bears.
    """
    point, judged, held = parse_checkpoint(note.encode()), said["given"] in {"certificate", "partial"}, {}
    history = History(point.origin, bad, set(streams))
    for proof in sorted(proofs, key=lambda one: (one.act, one.at)):
        with noted(bad, proof.act):
            must(proof.checkpoint == note, "proof-malformed", "checkpoint")
            act = check_proof(proof, point)
            held.setdefault(proof.act, (act, proof.entry, {}))[2][proof.at] = proof.event
    if judged:
        for index, (act, _, events) in held.items():
            history.judge(index, act, whole.get(index, events.values()), some=index not in whole)
        with noted(bad, 0):
            history.check_genesis(trust, held[0][1] if 0 in held else b"")
        said |= history.told(point.size, history.shown_to)
        said |= {"complete": "according to the archive at checkpoint", "at": point.size}
    bad += [("proof-malformed", "", index, None) for index in (chosen - held.keys() if chosen else [None])]
    points = [("checkpoint", note.encode()), *(("--checkpoint", data) for data in trust.checkpoints)]
    apart = check_checkpoints(trust, bad, points, {point.size: point.root}.get, short=not judged)
    said |= {"not_compared": apart} if apart else {}
    acts = {index: held[index] for index in chosen & held.keys()}
    said |= {"acts": len(chosen), "events": sum(len(whole.get(index, one[2])) for index, one in acts.items())}
    said |= where(point, [act.says["at"] for act, *_ in acts.values()])

def check_partial(files, trust, bad, said):
    """For each act that partial.json names: acts/<index>.tlog-proof, and acts/<index>.events."""
    said |= {"given": "partial", "manifest": "checked"}
    proofs, whole, origin, size = [], {}, trust.origin or "", 0
    with noted(bad), wrong_is("manifest", "partial.json"):
        stated, note = json.loads(files.read("partial.json")), files.read("checkpoint").decode("utf-8", "replace")
        chosen, registry = set(map(int, stated["acts"])), set(map(int, stated["registry"]))
        must(len(chosen | registry) <= len(files.names), "proof-malformed", "partial.json")
        streams, said["of"] = {bytes.fromhex(name.replace("-", "")) for name in stated["streams"]}, stated["of"]
        first, last = stated["of"].get("acts", (0, -1))
        among = range(first, min(last, first + len(chosen)) + 1)  # where one is missing, it is missing here
        bad += [("entry-missing", "", index, None) for index in among if index not in chosen]
        for index in sorted(chosen | registry):
            with noted(bad, index):
                proofs.append(parse_proof(files.read(f"acts/{index}.tlog-proof").decode("utf-8", "replace")))
                must(proofs[-1].act == index, "proof-malformed", f"acts/{index}")
                whole[index], framed = cut(files.read(f"acts/{index}.events"), 4)
                must(framed, "bundle-framing", f"acts/{index}")
        point = parse_checkpoint(note.encode())
        origin, size = point.origin, point.size
        check_shown(note, trust, bad, said, proofs, chosen, whole, streams)
    check_manifest(files, trust, origin, size, bad)

def check_disclosure(data, trust, bad, said):
    """One sealed field, opened by its own key: the proof of its event, the commitments in it, then AES-256-GCM."""
    held = json.loads(data)
    proof, pointer, said["given"] = parse_proof(held["proof"]), str(held["field"]), "disclosure"
    check_shown(proof.checkpoint, trust, bad, said, [proof], {proof.act}, {})
    with noted(bad, proof.act), wrong_is("disclosure", pointer[:120]):
        value = json.loads(proof.event[26 + int.from_bytes(proof.event[24:26]) :])
        for step in pointer.split("/")[1:]:
            value = value[int(step) if isinstance(value, list) else step.replace("~1", "/").replace("~0", "~")]
        key, ciphertext = unb64(held["sub_key"], 32), unb64(held["ciphertext"])
        must(held["format"] == "mocban/disclosure/1" and len(ciphertext) == value["len"])
        must([value["kc"], value["ct"]] == [hash64(b"mocban/sub-key/v1" + key), hash64(ciphertext)])
        parts = (b"field", proof.event[:16], proof.event[16:24], pointer.encode())
        place = b"".join(struct.pack(">H", len(part)) + part for part in parts)
        said["disclosed"] = json.loads(AESGCM(key).decrypt(unb64(value["nonce"], 12), ciphertext, place))
        said["field"] = pointer

# ---- certificates: a PDF with proofs in it
def check_certificate(data, trust, bad, said):
    """The PDF's signature, then the proofs in it, which stand uncompressed between two marks."""
    said["given"] = "certificate"
    with noted(bad):
        check_pdf(data, trust)
    with wrong_is("proof-malformed"):
        (held,) = re.findall(rb"%MOCBAN-PROOF-BEGIN\n(.*?)%MOCBAN-PROOF-END\n", data, re.DOTALL)
        told = json.loads(held)
        registry, proofs = ([parse_proof(text) for text in told[kind]] for kind in ("registry", "proofs"))
        check_shown(told["checkpoint"], trust, bad, said, registry + proofs, {proof.act for proof in proofs}, {})

SHA_256, ECDSA_SHA_256 = bytes.fromhex("300d06096086480165030402010500"), bytes.fromhex("300a06082a8648ce3d040302")
DETACHED = b"\2\1\1\x31\x0f" + SHA_256 + bytes.fromhex("300b06092a864886f70d010701")  # how SignedData begins
MESSAGE_DIGEST = bytes.fromhex("302f06092a864886f70d01090431220420")  # an attribute: 32 bytes of SHA-256 follow

def check_pdf(data, trust):
    """One signature over every byte but itself (CMS SignedData, RFC 5652), by the trusted P-256 key if one is given.

    Of the signature itself every byte is fixed, but for a timestamp, which other tools check (`openssl ts`).
    """
    ranges = re.findall(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", data)
    start, first, second, rest = map(int, ranges[0]) if len(ranges) == 1 else (1, 0, 0, 0)
    hexes = data[first:second]
    must(start == 0 and second + rest == len(data) and re.fullmatch(rb"<[0-9A-F]+>", hexes), "pdf-coverage")
    with wrong_is("pdf-signature"):
        padded = bytes.fromhex(hexes[1:-1].decode())
        cms = der(padded)[0][0]
        signed = der(der(der(cms)[0][1])[1][1])[0][1]
        *_, (certificates, _), (_, signers) = der(signed)
        ((_, signer),) = der(signers)
        version, (_, name), (hashed, _), (attributes, listed), (algorithm, _), (_, signature), *_ = der(signer)
        must(not padded[len(cms) :].strip(b"\0") and signed.startswith(DETACHED + certificates))
        must([version[0], hashed, algorithm, attributes[0]] == [b"\2\1\1", SHA_256, ECDSA_SHA_256, 0xA0])
        stated = [one for one, _ in der(listed) if one.startswith(MESSAGE_DIGEST)]
        must(stated == [MESSAGE_DIGEST + digest(data[:first], data[second:])])
        held = pkcs7.load_der_pkcs7_certificates(cms)
        (mine,) = [one for one in held if digest(one.public_bytes(Encoding.DER)) in listed]
        must(der(name)[0][0] == mine.issuer.public_bytes() and int.from_bytes(der(name)[1][1]) == mine.serial_number)
        for issuer in [one for one in held if one is not mine]:  # no certificate but that of who issued the signer's
            mine.verify_directly_issued_by(issuer)
            issuer.verify_directly_issued_by(issuer)
            must(trust.pades_issuer in {b"", issuer.public_bytes(Encoding.DER)})
        must(mine.public_key().curve.name == "secp256r1")
        mine.public_key().verify(signature, b"\x31" + attributes[1:], ECDSA(SHA256()))
        spki = mine.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    must(trust.pades in {b"", spki}, "pdf-key")

def der(data):
    """The DER values in `data`, one after another: each whole, and its content."""
    out, at = [], 0
    while at + 1 < len(data):
        length, start = data[at + 1], at + 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(data[at + 2 : start])
        must(start + length <= len(data))
        out.append((data[at : start + length], data[start : start + length]))
        at = start + length
    return out

# ---- the report
def check(given, trust, bad, said):
    """given: a path, or files."""
    if isinstance(given, Path):
        must(given.is_dir() or given.is_file(), "input-unreadable", "neither a file nor a folder")
        data = b"" if given.is_dir() else given.open("rb").read(1 << 26)  # nothing but a .zip is larger
        given = files_of_folder(given) if given.is_dir() else files_of_zip(given) if data.startswith(b"PK") else data
    if isinstance(given, Files):
        bad += given.bad
        (check_partial if "partial.json" in given.names else check_log)(given, trust, bad, said)
    elif given.startswith(b"%PDF-"):
        check_certificate(given, trust, bad, said)
    elif given.startswith(b"c2sp.org/"):
        proof, said["given"] = parse_proof(given.decode()), "proof"
        check_shown(proof.checkpoint, trust, bad, said, [proof], {proof.act}, {})
    else:
        check_disclosure(given, trust, bad, said)

def verify(given, trust):
    """A report on what is given, a path or files; no bytes raise. First bad acts in their order, then the whole."""
    bad, rows, said = [], [], dict.fromkeys(("checkpoint", "from", "to", "registry"))
    said |= {"given": "unknown", "acts": 0, "events": 0, "questioned": [], "access": "not given"}
    with noted(bad), wrong_is("input-unreadable"):
        check(given, trust, bad, said)
    order = sorted(set(bad), key=lambda one: (one[2] is None, one[2] or 0, one[3] or 0, one[:2]))
    for code, detail, act, event in order:
        vi, en = next(words for topic, words in WORDS.items() if code.split("-")[0] in topic.split()).split(" / ")
        row = {"act": act, "event": event, "code": code, "vi": vi, "en": en, "detail": detail}
        rows.append({name: value for name, value in row.items() if value != ""})
    verdict = "invalid" if bad else "valid" if trust.anchored else "self-consistent"
    return {"verdict": verdict, "anchored": trust.anchored, "bad": rows, **said}

REMARKS = {
    "at": "Đầy đủ theo lưu trữ tại điểm kiểm / Complete according to the archive at checkpoint",
    "registry": "Sổ khóa: hành vi; đến cỡ nào là đủ; đến cỡ nào theo lời lưu trữ / Key registry: acts; up to what size"
    " none is hidden; up to what size that is the archive's word",
    "manifest": "Bảng kê / MANIFEST",
    "not_compared": "KHÔNG so được với điểm kiểm cỡ / NOT compared, that takes a whole log, with checkpoints of size",
    "field": "Trường / Field",
    "disclosed": "Nội dung / Content",
    "questioned": "Bị nghi vấn (khóa có thể đã lộ) / Questioned acts (key possibly compromised)",
}

def listed(value):
    return ", ".join(map(str, value.values())) if isinstance(value, dict) else str(value)[:400]

def summary(out):
    """For a reader who is no programmer: Vietnamese first, English beside it."""
    words = {"valid": "HỢP LỆ / VALID", "invalid": "KHÔNG HỢP LỆ / NOT VALID"}
    alone = "TỰ NHẤT QUÁN, CHƯA ĐỐI CHIẾU VỚI NGUỒN TIN CẬY / SELF-CONSISTENT ONLY, NOT ANCHORED"
    yield f"Kết luận / Verdict: {words.get(out['verdict'], alone)}"
    if not out["anchored"]:
        yield "KHÔNG có tệp tin cậy: có thể là một sổ khác hẳn / NO trust file: it could be a whole other ledger"
    yield f"Được giao / Given: {out['given']}"
    yield f"Sổ, điểm kiểm / Log, checkpoint: {listed(out['checkpoint'])}"
    yield f"Đã kiểm / Checked: {out['acts']} hành vi / acts, {out['events']} sự kiện / events"
    yield f"Giờ khai / Claimed times: từ / from {out['from']} đến / to {out['to']}"
    yield from (f"{words}: {listed(out[name])}" for name, words in REMARKS.items() if out.get(name))
    yield f"Điều sai / What is bad: {len(out['bad']) or 'không có gì / nothing'}"
    for row in out["bad"][:100]:
        place = "toàn bộ / the whole" if row["act"] is None else f"hành vi / act {row['act']}"
        place += "" if row["event"] is None else f", sự kiện / event {row['event']}"
        yield f"- {place}: [{row['code']}] {row['vi']} / {row['en']} {row.get('detail', '')}".rstrip()
    yield "Không chứng minh: điều được ghi là đúng sự thật; giờ khai là đúng; nội dung niêm phong vẫn còn."
    yield "Not proven: that what was recorded is true; that claimed times are right; that sealed content still exists."

def main(argv=None):
    codes = "Mã thoát / exit: 0 không có gì sai / nothing bad; 2 dùng sai / wrong usage; 4 có điều sai / something bad"
    parser = argparse.ArgumentParser(description="Kiểm tra sổ Mộc Bản / verify a Mộc Bản ledger", epilog=codes)
    parser.add_argument("path", type=Path, help="thư mục / folder, .zip, .pdf, .tlog-proof, .json")
    parser.add_argument("--trust", type=Path, help="tệp tin cậy / trust file (JSON)")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="điểm kiểm cũ / an earlier one")
    parser.add_argument("--json", action="store_true", help="một dòng JSON / one line of JSON")
    options = parser.parse_args(argv)
    try:
        for path in filter(None, (options.path, options.trust, *options.checkpoint)):
            fit = path.is_file() or (path is options.path and path.is_dir())  # a pipe or a device may never end
            must(fit, "input-unreadable", f"không phải tệp, thư mục / neither a file nor a folder: {path}")
        trust = Trust.load(options.trust) if options.trust else Trust()
        trust.checkpoints += [path.read_bytes() for path in options.checkpoint]
    except (Bad, OSError) as wrong:
        print(f"Lỗi cách dùng / Usage: {wrong.args[1]}", file=sys.stderr)
        return 2
    out = verify(options.path, trust)
    print(json.dumps(out, ensure_ascii=False) if options.json else "\n".join(summary(out)))
    return 4 if out["bad"] else 0

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
