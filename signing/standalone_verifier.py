"""Kiểm tra một sổ Mộc Bản, ngoại tuyến, bằng một tệp đọc hết trong một buổi / check a Mộc Bản ledger in one sitting.

    python verify.py PATH [--trust FILE] [--checkpoint FILE]... [--json]

PATH: an export folder, a bundle (.zip, whole or partial), a custody certificate (.pdf), a proof (.tlog-proof) or a
disclosure (.json). Mã thoát / exit: 0 không có gì sai / nothing bad; 2 dùng sai / wrong usage; 4 có điều sai / bad.
Needs Python 3.11 and `cryptography`, shares no code with the product. "Section": of FORMATS.txt, beside this file in
every bundle. Without a trust file it says only that the log agrees with itself. For a whole log read down to "acts
shown alone", then the report. What is bad gathers in a list, `bad`; what is said of it all in `said`.
"""
import argparse
import json
import re
import struct
import sys
from binascii import a2b_base64, b2a_base64, crc32
from contextlib import contextmanager
from datetime import datetime
from functools import partial, reduce
from hashlib import sha256
from itertools import chain, count, islice, zip_longest
from pathlib import Path
from types import SimpleNamespace as Record
from unicodedata import is_normalized

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7

# ---- findings, and words for them by the first word of their codes
WORDS = {"input file member manifest bundle tile": "Tệp thiếu, thừa, hỏng / A file is missing, unknown, broken",
         "checkpoint history witness root genesis": "Sổ trái với điểm đã ký / The log is not the one signed or trusted",
         "entry act seen": "Hành vi bị sửa, bỏ, chèn, đổi chỗ / The act was altered, dropped, inserted or moved",
         "event": "Sự kiện thiếu, sai khuôn hoặc sai thứ tự / The event is missing, malformed or out of order",
         "signature signer key actor role on registry pdf": "Chữ ký, khóa, quyền sai / A signature, key or role is bad",
         "proof disclosure": "Chứng cứ sai, không chứng minh điều này / The proof is wrong: it does not show this"}

class Bad(Exception):  # noqa: N818  a finding, not an error of the program
    """args: code, detail (the file, name or number meant)."""

def must(good, code="", detail=""):
    """Else it is bad. Without a code it is what the `wrong_is` around it says."""
    if not good:
        raise Bad(code, detail) if code else ValueError

@contextmanager
def wrong_is(code, detail=""):
    """Whatever goes wrong while foreign bytes are taken apart means this: JSON, DER, ciphers fail in their own ways."""
    try:
        yield
    except Exception as wrong:  # noqa: BLE001
        raise wrong if isinstance(wrong, Bad) else Bad(code, detail) from None

@contextmanager
def noted(bad, act=None, event=None):
    """What these checks find is noted, of this act and event; then reading goes on."""
    try:
        yield
    except Bad as one:
        bad.append((*one.args, act, event))

# ---- hashes and encodings (section 1)
LEAF, NODE = b"\0", b"\1"  # what a tree hashes begins with one of them
NEVER = 1 << 62  # an index that no act reaches

def digest(*parts):
    return sha256(b"".join(parts)).digest()

class Tree:
    """rows[k]: the hashes over 2**k leaves each, one after another."""
    def __init__(self, leaves):
        self.rows = [leaves]
        while len(self.rows[-1]) > 32:
            self.rows.append(b"".join([digest(NODE, pair) for pair in split(self.rows[-1], 64) if len(pair) == 64]))

    def root(self, size):
        """Over the first `size` leaves: the largest such subtree, and to its right the root over the rest."""
        if size * 32 > len(self.rows[0]) or size == 0:
            return b"" if size else digest()
        hashes = [row[(size >> k) * 32 - 32 : (size >> k) * 32] for k, row in enumerate(self.rows) if size >> k & 1]
        return reduce(lambda right, left: digest(NODE, left, right), hashes)

def b64(data):
    return b2a_base64(data, newline=False).decode()

def unb64(text, length=None):
    data = a2b_base64(text)
    must(b64(data) == text and length in {None, len(data)})
    return data

def split(data, unit):
    return [data[at : at + unit] for at in range(0, len(data), unit)]

def cut(data, width, count):
    """`count` records of `length || bytes`; nothing for one that is not whole, nor for the last if more follows it."""
    records, end = [], 0
    while end < len(data) and len(records) < count:
        start = end + width
        end = start + int.from_bytes(data[end:start])
        records.append(data[start:end])
    return records if end == len(data) else [*records[:-1], b""]

# ---- files (section 4): by name, what reads each
MAX_FILE = 256 * (65_536 + 4)  # bytes of the largest legal file, a bundle of 256 events

def fetch(path, start=0, length=MAX_FILE + 1):
    must(path.is_file() and not path.is_symlink())  # a pipe or a device may never end, a link leads anywhere
    with path.open("rb") as file:
        file.seek(start)
        return file.read(length)

def read(files, name):
    with wrong_is("file-unreadable", name[:120]):
        data = files[name]()
        must(len(data) <= MAX_FILE)
        return data

def files_of_zip(path, bad):
    """Members stored one after another; every byte around them can be foretold. Nothing is unpacked."""
    file, files, directory, at = path.open("rb"), {}, bytearray(), 0
    while (head := file.read(30)).startswith(b"PK\3\4"):
        length, width = struct.unpack("<I4xH", head[18:28])
        raw, data = file.read(width), file.read(min(length, MAX_FILE + 1))
        name, foretold = raw.decode(), struct.pack("<5H4I", 20, 0, 0, 0, 33, crc32(data), *[len(data)] * 2, width)
        with noted(bad):
            must(not re.search(r"^/|[\\:]|(^|/)\.\.(/|$)", name) and name not in files, "member-name", name[:120])
            must(head == b"PK\3\4" + foretold, "bundle-bytes", name[:120])
        directory += b"PK\1\2\x14\3" + foretold + struct.pack("<3H2I", 0, 0, 0, 0o644 << 16, at & 0xFFFFFFFF) + raw
        files[name], at = partial(fetch, path, at + 30 + width, len(data)), file.tell()
    with noted(bad):
        must("MANIFEST" in files, "manifest", "MANIFEST")
        if len(files) < 1 << 16 and at < 1 << 31:  # beyond that it ends in more complicated ways
            end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(files), len(files), len(directory), at, 0)
            must(head + file.read() == directory + end, "bundle-bytes", "zip directory")
    return files

# ---- signed notes, checkpoints (section 4), and whom to trust
P, EIGHTH = 2**255 - 19, 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
WEAK_KEYS = {0, 1, P - 1, P, P + 1, EIGHTH, P - EIGHTH}  # y of the points of small order: such a key signs anything

def make_key(name, raw, actor=""):
    """raw: type (1 Ed25519, 4 cosignature, 6 ML-DSA-44 cosignature), public key. actor: who signs acts with it."""
    must(raw[0] in {1, 4, 6} and int.from_bytes(raw[1:], "little") % (1 << 255) not in WEAK_KEYS)
    return Record(name=name, raw=raw, id=digest(name.encode(), b"\n", raw)[:4], kid=b64(digest(raw)), actor=actor)

def parse_vkey(text):
    name, written, encoded = text.strip().split("+", 2)
    key = make_key(name, unb64(encoded))
    must(key.id.hex() == written)
    return key

def check_signature(key, note, signature):
    kind, public, stamp, signer = key.raw[0], key.raw[1:], signature[:8], key.name.encode()
    if kind == 6:  # of a checkpoint
        origin, tree = note.origin.encode(), struct.pack(">QQ", 0, note.size) + note.root
        message = b"subtree/v1\n\0" + bytes([len(signer)]) + signer + stamp + bytes([len(origin)]) + origin + tree
        mldsa.MLDSA44PublicKey.from_public_bytes(public).verify(signature[8:], message)
    else:
        told = b"cosignature/v1\ntime %d\n" % int.from_bytes(stamp) if kind == 4 else b""
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature[8 if told else 0 :], told + note.text)

class Note:
    """text: what is signed. signatures: of each the key's name, and key id || signature."""
    def __init__(self, data):
        text, lines = re.fullmatch(r"((?:.+\n)++)\n((?:\u2014 [^ \n]+ [^ \n]+\n)++)", data.decode()).groups()
        signatures = re.findall("\u2014 (.+) (.+)\n", lines)
        self.text, self.signatures = text.encode(), [(name, unb64(raw)) for name, raw in signatures]

    def signers(self, keys, detail="", code="checkpoint-signature"):
        """Those of the keys that signed; a signature that claims to be of one of them and is not condemns the note."""
        known = {(key.name, key.id): key for key in keys}
        claimed = [(known[name, raw[:4]], raw[4:]) for name, raw in self.signatures if (name, raw[:4]) in known]
        for key, signature in claimed:
            with wrong_is(code, f"{detail} {key.name}".lstrip()):
                check_signature(key, self, signature)
        return [key for key, _ in claimed]

def parse_checkpoint(data, name="checkpoint"):
    """name: of its file, in which its size may stand."""
    with wrong_is("checkpoint-malformed", name):
        note, form = Note(data), rb"(.{1,255})\n(0|[1-9][0-9]{0,17})\n(.{44})\n"
        origin, size, root = [one.decode() for one in re.match(form, note.text).groups()]
        must(re.findall(r"\d+", name) in ([], [size]))
        note.origin, note.size, note.root = origin, int(size), unb64(root, 32)
        return note

class Trust:
    """What is believed beforehand, from a trust file. keys: the log's own; ended: as History has it."""
    def __init__(self, told=None):
        self.anchored, told = told is not None, told or {"vkeys": []}
        policy, self.origin = told.get("policy") or {"quorum": 0}, told.get("origin")
        lists, self.ended, self.quorum = (told["vkeys"], policy.get("witnesses", [])), {}, policy["quorum"]
        self.keys, self.witnesses = [[parse_vkey(text) for text in one] for one in lists]
        must(policy.keys() <= {"quorum", "witnesses"} and type(self.quorum) is int and self.quorum >= 0)
        must(self.keys or not self.anchored)  # else nobody need have signed
        self.genesis = unb64(told["genesis"], 32) if self.anchored else None
        self.pades, self.pades_issuer = (unb64(told.get(name) or "") for name in ("pades", "pades_issuer"))
        self.checkpoints = [text.encode() for text in told.get("checkpoints", [])]

    def log_keys(self, origin, size):
        """Those that may sign a tree of so many acts: none that one of these acts revoked."""
        return [key for key in self.keys if key.name == origin and self.ended.get(key.kid, [NEVER])[0] >= size]

    def check(self, bad, said, files, root_at, full=True):
        """A good signature of each kind of key the log has (not full: Ed25519 will do), the latest of witnesses too.
        root_at: the root of the tree of so many acts, None if it is unknown: then its size is told, as not compared."""
        older = sorted(name for name in files if re.fullmatch(r"checkpoints/\d+|timestamps/\d+\.checkpoint", name))
        given = [(name, partial(read, files, name)) for name in ("checkpoint", *older)]
        for name, data in given + [("--checkpoint", partial(bytes, data)) for data in self.checkpoints]:
            with noted(bad):
                point, latest = parse_checkpoint(data(), name), name == "checkpoint"
                at, keys = f"{name} ({point.size})", self.log_keys(point.origin, point.size)
                must(self.origin in {None, point.origin} and (keys or not (full or self.keys)), "checkpoint-origin", at)
                kinds, signed = ({key.raw[0] for key in some} for some in (keys, point.signers(keys, at)))
                must((kinds if full else kinds - {6} or kinds) <= signed, "checkpoint-signature", f"{at} missing")
                cosigned = point.signers(self.witnesses, at)  # by name: all keys of a witness count once
                count = min(len({key.name for key in cosigned}), len({key.raw[1:] for key in cosigned}))
                must(not latest or count >= self.quorum, "witness-quorum", f"{at} {count} < {self.quorum}")
                root = root_at(point.size)
                must(root != b"", "history-truncated", at)
                must(root in {None, point.root}, "root-mismatch" if latest else "checkpoint-inconsistent", at)
                said |= {"not_compared": [*said.get("not_compared", []), point.size]} if root is None else {}

# ---- acts (section 3) and events (section 2)
HASH, ID = '"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="', '"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"'
TEXT, COUNT = r'"(?:[^"\\]|\\.)*"', "[1-9][0-9]{0,15}"
TIME = '"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z"'
ACT = re.compile(rf'{{"act":"[a-z0-9._-]{{1,80}}","actor":{ID},"at":{TIME}(,"basis":{{"code":{TEXT},"ref":{TEXT}}})?,'
                 rf'"events":{COUNT}(,"for":(?!""){TEXT})?,"id":{ID},"kids":\[{HASH}(,{HASH})*\],"root":{HASH},'
                 rf'"seen":{{"root":{HASH},"size":(0|{COUNT})}}}}')  # the members of an act, in canonical JSON
SEALED = re.compile(rf'{{"alg":"A256GCM(-blob)?","kc":{HASH},"nonce":"[A-Za-z0-9+/]{{16}}","ct":{HASH},"len":{COUNT}'
                    rf'(?(1),"blob":{ID},"media":"[a-z0-9.+/-]+")}}')  # what only its key opens (section 6)
EVENT = re.compile(r'([a-z0-9-]+(?:\.[a-z0-9-]+)+/[1-9][0-9]{0,3})(\{"type":"\1".*)', re.DOTALL)  # its type twice
DUAL_EVENTS = {"custody.handed-over": "handover.complete", "handover.disputes-settled": "handover.complete",
               "disposition.destruction-decided": "disposition.decide"}  # two people decide, in the act that both sign
REGISTRY = {"log.found": "registry.genesis/1", "registry.grant": "registry.role-granted/1",  # acts, and their events
            "registry.enrol": "registry.key-enrolled/1", "registry.rotate": "registry.key-rotated/1",
            "registry.revoke": "registry.key-revoked/1", "registry.withdraw": "registry.role-withdrawn/1"}
compact = partial(json.dumps, separators=(",", ":"), ensure_ascii=False)

class Act(Note):
    """A signed note. says: the members of its JSON line."""
    def __init__(self, entry, origin):
        with wrong_is("act-malformed"):
            super().__init__(entry)
            line, self.leaf = self.text.decode().removeprefix(f"{origin}/act/v1\n")[:-1], digest(LEAF, entry)
            self.says = json.loads(line)
            must(ACT.fullmatch(line) and compact(self.says) == line and is_normalized("NFC", line))
            datetime.fromisoformat(self.says["at"])  # there is such a day
        self.name, self.of_registry = self.says["act"], bool(re.match(r"registry\.|log\.found$", self.says["act"]))

def json_object(pairs):
    """No name twice; and where it has an `alg` it is a sealed field (section 6)."""
    value = dict(pairs)
    must(len(value) == len(pairs))
    must("alg" not in value or (SEALED.fullmatch(compact(value)) and value["len"] >= 16), "event-sealed")
    return value

def parse_event(entry, act):
    """act: the one that it stands in, None if that cannot be read."""
    with wrong_is("event-malformed"):
        kind, payload = EVENT.fullmatch(entry[26:].decode()).groups()
        must(len(kind) == int.from_bytes(entry[24:26]) and len(entry) <= 65_536 and is_normalized("NFC", payload))
        must(not re.search("null|NaN|Infinity", re.sub(TEXT + "?", "", payload)))
        must(not act or DUAL_EVENTS.get(kind.partition("/")[0], act.name) == act.name, "event-misplaced")
        return json.loads(payload, object_pairs_hook=json_object)

# ---- acts in their order, each judged by those before it: keys and roles (section 5), versions of streams, ids
class History:
    """keys: by kid; log_keys: the log's own, in pairs. ended: by kid the act since which it is no longer good, and the
    one since which its acts are questioned. signed: kid, act. grants: by actor: role, acts, whether for others.
    versions: by stream, the last; ids: the act that bears each; registry: the leaf hash of each act of it.
    What is bad gathers in `bad`. complete: streams whose every event is here; None: all streams, of a whole log."""
    def __init__(self, origin, bad, complete=None):
        raw = bytearray(digest(b"mocban/registry/v1:", origin.encode())[:16])
        raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
        self.origin, self.bad, self.stream = origin, bad, bytes(raw)
        self.complete = None if complete is None else {*complete, self.stream}
        self.keys, self.log_keys, self.ended, self.signed, self.grants, self.registrars = {}, [], {}, [], {}, set()
        self.quorum, self.versions, self.ids, self.registry = 0, {}, {}, {}

    def judge(self, index, act, entries, first=None, some=False):
        """One act, None where it cannot be read, and its events. first: the position of the first, in a whole log.
        some: perhaps not all of its events are here, but each is proven alone."""
        leaves, events = [], []
        for at, entry in enumerate(entries):
            with noted(self.bad, index, None if first is None else first + at):
                must(entry, "event-missing")
                leaves.append(digest(LEAF, entry))
                stream, version = entry[:16], int.from_bytes(entry[16:24])
                before, self.versions[stream] = self.versions.get(stream, 0), version
                may_skip = self.complete is not None and stream not in self.complete
                must(version > before if may_skip else version == before + 1, "event-version", stream.hex())
                events.append(parse_event(entry, act))
                must(not act or act.of_registry == (stream == self.stream), "registry-event")
        with noted(self.bad, index, first if len(leaves) == 1 else None):
            if act:
                root = b64(Tree(b"".join(leaves)).root(act.says["events"]))
                must(root == act.says["root"] or (some and not act.of_registry), "act-root-mismatch")
                self.registry |= {index: act.leaf} if act.of_registry else {}
                with wrong_is("registry-event"):
                    self.check_signers(index, act, events)
                must(self.ids.setdefault(act.says["id"], index) == index, "act-id-repeated")

    def check_signers(self, index, act, events):
        """Had its signers key and right before this act, and did they sign it? An act of the registry takes effect."""
        kids, founding = act.says["kids"], index == 0
        must(founding == (act.name == "log.found"))
        must(not act.of_registry or ("for" not in act.says and {one["type"] for one in events} == {REGISTRY[act.name]}))
        enrolled = events if act.name in {"registry.enrol", "registry.rotate"} else []
        brought = events[0]["registrars"] if founding else enrolled
        fresh = [make_key(f"{self.origin}/{one['actor']}", unb64(one["key"], 33), one["actor"]) for one in brought]
        must(all(key.raw[0] == 1 and re.fullmatch(ID, f'"{key.actor}"') for key in fresh))
        old, new = kids[: max(0, len(kids) - len(fresh))], [key.kid for key in fresh]  # these sign after the others
        must(kids == old + new and not self.keys.keys() & new, "registry-possession")
        must(self.keys.keys() >= set(old), "key-unknown")
        must(not self.ended.keys() & kids, "key-revoked")
        keys = [self.keys[kid] for kid in old] + fresh
        actors = [key.actor for key in (fresh if founding else keys[: len(old)])]  # who decide
        must(actors[:1] == [act.says["actor"]], "actor-mismatch")
        once = kids if act.of_registry and not founding else set(actors)  # nobody twice, and no key
        must(len(set(kids)) == len(kids) == len(once) >= 1 + (act.name in DUAL_EVENTS.values()), "signer-repeated")
        if not act.of_registry:
            covering = {act.name, *(act.name[: dot.start()] + ".*" for dot in re.finditer("[.]", act.name))}
            for actor in actors:
                behalf = [others for _, acts, others in self.grants.get(actor, []) if covering & acts]
                must(behalf, "role-missing")
                must(actor != actors[0] or "for" not in act.says or any(behalf), "on-behalf-missing")
        elif act.name not in {"log.found", "registry.rotate"}:
            must(self.registrars.issuperset(actors) and len(set(actors)) >= self.quorum, "registry-quorum")
        signed = [key.kid for key in act.signers(keys, "", "signature-bad")]
        must(signed == kids and len(act.signatures) == len(kids), "signature-line")
        if act.of_registry:
            self.change(index, act.says, events, set(actors))
        self.keys |= {key.kid: key for key in keys}
        self.signed += [(kid, index) for kid in kids]

    def change(self, index, says, events, people):
        """What an act of the registry changes: nothing if one of its events is bad, so copies are changed at first."""
        ended, grants = dict(self.ended), dict(self.grants)
        for event in events:
            match says["act"]:
                case "log.found":
                    keys, quorum = [parse_vkey(text) for text in event["log_vkeys"]], event["quorum"]
                    must(len(events) == 1 and event["origin"] == self.origin and says["seen"]["size"] == 0)
                    must(type(quorum) is int and 1 <= quorum <= len(people))
                    must({key.kid for key in keys}.isdisjoint(says["kids"]))  # nobody acts with a key of the log's
                    self.keys, self.log_keys = {key.kid: key for key in keys}, keys
                    self.registrars, self.quorum = people, quorum
                case "registry.rotate":
                    must([event["old"], event["actor"]] == [*says["kids"][:-1], says["actor"]], "registry-possession")
                    ended[event["old"]] = (index, NEVER)
                case "registry.revoke":
                    kid, since = event["kid"], event.get("compromised_since", NEVER)
                    must(kid in self.keys and type(since) is int and (since == NEVER or 0 <= since <= index))
                    ended[kid] = tuple(map(min, ended.get(kid, (NEVER, NEVER)), (index, since)))
                    must(any(all(key.kid not in ended for key in pair) for pair in split(self.log_keys, 2)))
                case "registry.grant":
                    actor, role, acts = event["actor"], event["role"], set(event["acts"])
                    must(min(actor, role) > "" and acts and all(re.fullmatch(r"[^*\s]+(\.\*)?", act) for act in acts))
                    grants[actor] = [*grants.get(actor, []), (role, acts, event.get("on_behalf") is True)]
                case "registry.withdraw":
                    actor, role = event["actor"], event["role"]
                    must(any(grant[0] == role for grant in self.grants.get(actor, [])))
                    grants[actor] = [grant for grant in grants[actor] if grant[0] != role]
        self.ended, self.grants = ended, grants

    def meet(self, trust, size, said):
        """Act 0 must be the trusted one. Without a trust file the log's keys are those that it names. For the report:
        shown_to: up to which tree no act of the registry can be hidden; from there it is the word of who shows it."""
        trust.keys, trust.ended = trust.keys if trust.anchored else self.log_keys, self.ended
        self.bad += [] if trust.genesis in {None, self.registry.get(0)} else [("genesis-mismatch", "", 0, None)]
        gaps = [act for code, detail, act, _ in self.bad if (code, detail) == ("event-version", self.stream.hex())]
        shown = [act + 1 for act in self.registry if act < min(gaps, default=NEVER)]
        shown_to = size if self.complete is None else max(shown, default=0)
        said["questioned"] = sorted({act for kid, act in self.signed if act >= self.ended.get(kid, [NEVER])[-1]})
        said["registry"] = {"acts": len(self.registry), "shown_to": shown_to, "stated_to": size}

# ---- a whole log (section 4), read once, act after act
FRAMES, UNITS = {"entries": 2, "events": 4}, {"positions": 8}  # bytes of the length before an item; of an item: or 32

def tile_name(kind, last):
    """Of the file whose last item is `last`: it holds those from number * 256 on."""
    number, width = last // 256, last % 256 + 1
    *groups, end = [group.zfill(3) for group in f"{number:,}".split(",")]  # 1234067: x001/x234/067
    return "/".join(["tile", kind, *("x" + group for group in groups), end]) + (f".p/{width}" if width < 256 else "")

def count_of(files, kind):
    """How many items of a kind there are, by the names of their files."""
    whole = next(at for at in count(0, 256) if tile_name(kind, at + 255) not in files)
    return max((at + 1 for at in range(whole, whole + 255) if tile_name(kind, at) in files), default=whole)

def items(files, kind, first, last):
    """Entries, events, positions or hashes first..last, as the file that ends with the last of them has them."""
    data = read(files, tile_name(kind, last))
    return cut(data, FRAMES[kind], last + 1 - first) if kind in FRAMES else split(data, UNITS.get(kind, 32))

def all_items(files, kind, held, wanted):
    """The first so many of those held, in their order; nothing for each that cannot be read."""
    for first in range(0, wanted, 256):
        found, last = [], min(first + 255, held - 1)
        with noted([]):  # what cannot be read is missing, and named so
            found = items(files, kind, first, last)
        yield from [*found, *[b""] * 256][: min(last + 1, wanted) - first]

def check_tiles(files, bad, rows):
    """Every tile is what the acts make it. One that ends before its row does, from a smaller tree, is how it began.
    rows: by kind: how many items; over how many acts each is, as a power of two; all of them, where that is known."""
    known = set()
    for kind, (size, height, row) in rows.items():
        for last in range(size):
            name, first, whole = tile_name(kind, last), last & ~255, min(last | 255, size - 1)
            with noted(bad):
                must(name in files or last != whole, "tile-missing", name)
                if name in files:
                    known.add(name)
                    right = row[first : last + 1] or items(files, kind, first, whole)[: last + 1 - first]
                    pairs = enumerate(zip_longest(items(files, kind, first, last), right), first)
                    wrong = {at << height if row and other else None for at, (one, other) in pairs if one != other}
                    bad += [("tile-mismatch", name, act, None) for act in wrong - {None} or wrong]
    bad += [("tile-unknown", name[:120], None, None) for name in files.keys() - known if name.startswith("tile/")]

def check_log(files, trust, bad, said):
    point, firsts = None, [0]  # of each act, the position of its first event
    with noted([]):  # what is wrong with it is noted later
        point = parse_checkpoint(read(files, "checkpoint"))
    held, held_events = count_of(files, "entries"), count_of(files, "events")
    size = min(point.size, held) if point else held
    bad += [("history-truncated", str(held), held, None)] if point and point.size > held else []
    tree = Tree(b"".join(all_items(files, "0", held, size)))
    if not point or tree.root(point.size) != point.root:  # if they do lead there, an altered act is named alone
        tree = Tree(b"".join([digest(LEAF, entry) for entry in all_items(files, "entries", held, size)]))
    named = next(all_items(files, "entries", held, size), b"").partition(b"/act/v1\n")[0][:255]
    history = History(trust.origin or named.decode("utf-8", "replace"), bad)
    told = [*(int.from_bytes(one) for one in all_items(files, "positions", held, size)), held_events]
    events = chain(all_items(files, "events", held_events, held_events), [b""])
    for index, entry in enumerate(all_items(files, "entries", held, size)):
        act, carried = None, told[index + 1] - firsts[index]
        with noted(bad, index):
            must(entry, "entry-missing")
            must(digest(LEAF, entry) == tree.rows[0][index * 32 : index * 32 + 32], "entry-altered")
            act = Act(entry, history.origin)
            said["times"].append(act.says["at"])
            seen = act.says["seen"]["size"]
            must(seen <= index and b64(tree.root(seen)) == act.says["seen"]["root"], "seen-not-in-history", str(seen))
        carried = act.says["events"] if act else carried if 0 < carried < 1 << 24 else 1  # where the act cannot say
        history.judge(index, act, islice(events, carried), firsts[index])
        firsts.append(min(firsts[index] + carried, NEVER))
    history.meet(trust, size, said)
    with noted(bad, 0):
        genesis = "genesis" in files and digest(LEAF, read(files, "genesis"))
        must(genesis in {False, history.registry.get(0)}, "genesis-mismatch", "genesis")
    trust.check(bad, said, files, tree.root)
    rows = {str(level): (len(row) // 32, 8 * level, split(row, 32)) for level, row in enumerate(tree.rows[::8])}
    rows |= {"positions": (size, 0, [first.to_bytes(8) for first in firsts]), "entries": (size, 0, [])}
    check_tiles(files, bad, {**rows, "events": (min(firsts[-1], held_events), 0, [])})
    said |= {"given": "log", "acts": size, "events": min(firsts[-1], held_events)}
    said["timestamps"] = sum(name.startswith("timestamps/") and name.endswith(".tsr") for name in files)
    said |= {"manifest": "checked" if "MANIFEST" in files else "not given", "checkpoint": point}

def check_manifest(files, trust, point, bad):
    """MANIFEST: a note signed by the log, `<origin>/manifest/v1`, then `<sha256> <length> <name>` a line."""
    with noted(bad), wrong_is("manifest", "MANIFEST"):
        note = Note(read(files, "MANIFEST"))
        title, *lines = note.text.decode()[:-1].split("\n")
        keys = trust.log_keys(point.origin, point.size)
        must(title == f"{point.origin}/manifest/v1" and note.signers(keys, "MANIFEST", "manifest"))
        listed = {line.split(" ", 2)[2]: line for line in lines}
        for name in sorted((files.keys() | listed.keys()) - {"MANIFEST"}):
            with noted(bad):
                data = read(files, name)
                must(listed.get(name) == f"{sha256(data).hexdigest()} {len(data)} {name}", "manifest", name[:120])

# ---- acts shown alone: by a certificate, a partial bundle, a proof, a disclosure (sections 7 to 9)
def path_root(index, size, leaf, path):
    """Where an inclusion path leads, by the definition (RFC 6962 section 2.1.1); one that does not fit: nowhere."""
    if size <= 1 or not path:
        return leaf if (index, size, path) == (0, 1, []) else b""
    half = 1 << ((size - 1).bit_length() - 1)
    left = index < half
    inner = path_root(index if left else index - half, half if left else size - half, leaf, path[:-1])
    return inner and digest(NODE, *((inner, path[-1]) if left else (path[-1], inner)))  # nowhere stays nowhere

def parse_proof(data):
    """One event of one act, led to a checkpoint. path: of the act; inner: of the event in it; whole: all its events."""
    with wrong_is("proof-malformed"):
        form = rb"c2sp\.org/tlog-proof@v1\nextra (.*)\nindex (0|[1-9][0-9]{0,15})\n((?:.{44}\n){0,63})\n((?s:.*))"
        extra, index, path, note = re.fullmatch(form, data).groups()
        raw = unb64(extra.decode())
        end = 2 + int.from_bytes(raw[:2])
        at, count = struct.unpack_from(">IB", raw, end)
        inner, (event,) = split(raw[end + 5 :][: 32 * count], 32), cut(raw[end + 5 + 32 * count :], 4, 1)
        path = [unb64(line.decode(), 32) for line in path.split()]
    return Record(act=int(index), entry=raw[2:end], path=path, note=note, at=at, inner=inner, event=event, whole=None)

def check_shown(note, proofs, chosen, trust, bad, said, streams=None):
    """Acts led to one checkpoint; where acts of the registry are among them, all are judged in their order.
    chosen: those asked for. streams: those of which every event is here; None for a proof alone, which brings no acts
    of the registry: it shows what the log signed, not whose signature an act bears."""
    said["checkpoint"] = point = parse_checkpoint(note)
    held, judged, trust.origin = {}, streams is not None, trust.origin or point.origin
    for proof in sorted(proofs, key=lambda one: (one.act, one.at)):
        with noted(bad, proof.act):
            must(proof.note == note, "proof-malformed", "checkpoint")
            act = Act(proof.entry, point.origin)
            root = path_root(proof.at, act.says["events"], digest(LEAF, proof.event), proof.inner)
            must(b64(root) == act.says["root"], "act-root-mismatch")
            must(path_root(proof.act, point.size, act.leaf, proof.path) == point.root, "proof-inclusion")
            parse_event(proof.event, act)
            part, whole = [(proof.at, proof.event)], cut(proof.whole or b"", 4, act.says["events"])
            held.setdefault(proof.act, (act, {}))[1].update(part if proof.whole is None else enumerate(whole))
    if judged:
        history = History(point.origin, bad, streams)
        for index, (act, events) in held.items():
            history.judge(index, act, events.values(), some=said["given"] == "certificate")
        history.meet(trust, point.size, said)
        said |= {"complete": "according to the archive at checkpoint", "at": point.size}
    bad += [("proof-malformed", "", index, None) for index in (chosen - held.keys() if chosen else [None])]
    trust.check(bad, said, {"checkpoint": partial(bytes, note)}, {point.size: point.root}.get, judged)
    acts = [held[index] for index in chosen & held.keys()]
    said |= {"acts": len(chosen), "events": sum(len(events) for _, events in acts)}
    said["times"] += [act.says["at"] for act, _ in acts]

def check_partial(files, trust, bad, said):
    """For each act that partial.json names: acts/<index>.tlog-proof, and acts/<index>.events."""
    said |= {"given": "partial", "manifest": "checked"}
    with noted(bad), wrong_is("manifest", "partial.json"):
        stated, proofs = json.loads(read(files, "partial.json")), []
        chosen, registry = set(map(int, stated["acts"])), set(map(int, stated["registry"]))
        must(len(chosen | registry) <= len(files), "proof-malformed", "partial.json")
        streams, said["of"] = {bytes.fromhex(name.replace("-", "")) for name in stated["streams"]}, stated["of"]
        first, last = stated["of"].get("acts", (0, -1))
        among = range(first, min(last, first + len(chosen)) + 1)  # where one is missing, it is missing here
        bad += [("entry-missing", "", index, None) for index in among if index not in chosen]
        for index in sorted(chosen | registry):
            with noted(bad, index):
                proof = parse_proof(read(files, f"acts/{index}.tlog-proof"))
                proof.whole = read(files, f"acts/{index}.events")
                must(proof.act == index, "proof-malformed", f"acts/{index}")
                proofs.append(proof)
        check_shown(read(files, "checkpoint"), proofs, chosen, trust, bad, said, streams)

def check_certificate(data, trust, bad, said):
    """The PDF's signature, then the proofs in it, which stand uncompressed between two marks."""
    said["given"] = "certificate"
    with noted(bad):
        check_pdf(data, trust)
    with wrong_is("proof-malformed"):
        (told,) = map(json.loads, re.findall(rb"%MOCBAN-PROOF-BEGIN\n(.*)\n%MOCBAN-PROOF-END\n", data))
        registry, proofs = ([parse_proof(text.encode()) for text in told[kind]] for kind in ("registry", "proofs"))
        check_shown(told["checkpoint"].encode(), registry + proofs, {one.act for one in proofs}, trust, bad, said, ())

def check_disclosure(held, trust, bad, said):
    """The proof of an event, and a sealed field of it opened by its own key: its commitments, then AES-256-GCM."""
    proof, pointer, said["given"] = parse_proof(held["proof"].encode()), str(held["field"]), "disclosure"
    check_shown(proof.note, [proof], {proof.act}, trust, bad, said)
    with noted(bad, proof.act), wrong_is("disclosure", pointer[:120]):
        value = json.loads(proof.event[26 + int.from_bytes(proof.event[24:26]) :])
        for step in pointer.split("/")[1:]:
            value = value[int(step) if isinstance(value, list) else step.replace("~1", "/").replace("~0", "~")]
        key, sealed, nonce = unb64(held["sub_key"], 32), unb64(held["ciphertext"]), unb64(value["nonce"], 12)
        must(held["format"] == "mocban/disclosure/1" and len(sealed) == value["len"])
        must([value["kc"], value["ct"]] == [b64(digest(b"mocban/sub-key/v1", key)), b64(digest(sealed))])
        parts = (b"field", proof.event[:16], proof.event[16:24], pointer.encode())
        place = b"".join(struct.pack(">H", len(part)) + part for part in parts)
        said |= {"field": pointer, "disclosed": json.loads(AESGCM(key).decrypt(nonce, sealed, place))}

# ---- the signature of a PDF
SHA_256, ECDSA_SHA_256 = bytes.fromhex("300d06096086480165030402010500"), bytes.fromhex("300a06082a8648ce3d040302")
DETACHED = b"\2\1\1\x31\x0f" + SHA_256 + bytes.fromhex("300b06092a864886f70d010701")  # how SignedData begins
MESSAGE_DIGEST = bytes.fromhex("302f06092a864886f70d01090431220420")  # an attribute: 32 bytes of SHA-256 follow

def der(data, *path):
    """The DER values in `data`, or in its value path[0], and so on: each whole, and its content."""
    out, at = [], 0
    while at + 1 < len(data):
        start = at + 2 + (data[at + 1] & 0x7F if data[at + 1] > 0x80 else 0)
        end = start + (int.from_bytes(data[at + 2 : start]) if start > at + 2 else data[at + 1])
        must(end <= len(data))
        out.append((data[at:end], data[start:end]))
        at = end
    return der(out[path[0]][1], *path[1:]) if path else out

def check_pdf(data, trust):
    """One signature over every byte but itself (CMS SignedData, RFC 5652), by the trusted P-256 key if one is given.
    Of the signature itself every byte is fixed, but for a timestamp, which other tools check (`openssl ts`)."""
    with wrong_is("pdf-coverage"):
        (ranges,) = re.findall(rb"/ByteRange\s*\[([\d\s]+)\]", data)
        start, first, second, rest = map(int, ranges.split())
        padded = bytes.fromhex(re.fullmatch(rb"<([0-9A-F]+)>", data[first:second])[1].decode())
        must(start == 0 and second + rest == len(data))
    with wrong_is("pdf-signature"):
        (cms, _), (_, signed) = der(padded)[0], der(padded, 0, 1)[0]
        *_, (certificates, _), (_, signers) = der(signed)
        ((_, signer),) = der(signers)
        version, (_, name), (hashed, _), (attributes, listed), (algorithm, _), (_, signature), *_ = der(signer)
        must(not padded[len(cms) :].strip(b"\0") and signed.startswith(DETACHED + certificates))
        must([version[0], hashed, algorithm, attributes[0]] == [b"\2\1\1", SHA_256, ECDSA_SHA_256, 0xA0])
        signed_over = MESSAGE_DIGEST + digest(data[:first], data[second:])
        must([one for one, _ in der(listed) if one.startswith(MESSAGE_DIGEST)] == [signed_over])
        held = pkcs7.load_der_pkcs7_certificates(cms)
        (mine,) = [one for one in held if digest(one.public_bytes(Encoding.DER)) in listed]
        must(der(name)[0][0] == mine.issuer.public_bytes() and int.from_bytes(der(name)[1][1]) == mine.serial_number)
        for issuer in [one for one in held if one is not mine]:  # no certificate but that of who issued the signer's
            mine.verify_directly_issued_by(issuer)
            issuer.verify_directly_issued_by(issuer)
            must(trust.pades_issuer in {b"", issuer.public_bytes(Encoding.DER)})
        must(mine.public_key().curve.name == "secp256r1")
        mine.public_key().verify(signature, b"\x31" + attributes[1:], ec.ECDSA(SHA256()))
        spki = mine.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        must(trust.pades in {b"", spki}, "pdf-key")

# ---- the report
def verify(given, trust):
    """A report on what is given, a path or files; no bytes raise. First bad acts in their order, then the whole."""
    bad, rows, said = [], [], {"given": "unknown", "acts": 0, "events": 0, "checkpoint": None, "times": []}
    said |= {"questioned": [], "access": "not given", "registry": None}
    with noted(bad), wrong_is("input-unreadable"):
        if isinstance(given, Path) and given.is_dir():
            given = {at.relative_to(given).as_posix(): partial(fetch, at) for at in given.rglob("*") if not at.is_dir()}
        elif isinstance(given, Path):
            path, given = given.resolve(), fetch(given.resolve(), 0, 1 << 26)  # nothing but a .zip is larger
            given = files_of_zip(path, bad) if given.startswith(b"PK") else given
        if isinstance(given, dict):
            (check_partial if "partial.json" in given else check_log)(given, trust, bad, said)
            if said.get("manifest") == "checked":
                check_manifest(given, trust, said["checkpoint"], bad)
        elif given.startswith(b"%PDF-"):
            check_certificate(given, trust, bad, said)
        elif given.startswith(b"c2sp.org/"):
            proof, said["given"] = parse_proof(given), "proof"
            check_shown(proof.note, [proof], {proof.act}, trust, bad, said)
        else:
            check_disclosure(json.loads(given), trust, bad, said)
    for code, detail, act, event in sorted(set(bad), key=lambda it: (it[2] is None, it[2] or 0, it[3] or 0, it[:2])):
        vi, en = next(words for topic, words in WORDS.items() if code.split("-")[0] in topic.split()).split(" / ")
        rows.append({"act": act, "event": event, "code": code, "vi": vi, "en": en, "detail": detail})
    times, point = said.pop("times"), said["checkpoint"]
    said |= {"from": min(times, default=None), "to": max(times, default=None)}
    said["checkpoint"] = point and {"origin": point.origin, "size": point.size, "root": b64(point.root)}
    verdict = "invalid" if bad else "valid" if trust.anchored else "self-consistent"
    return {"verdict": verdict, "anchored": trust.anchored, "bad": rows, **said}

VERDICTS = {"valid": "HỢP LỆ / VALID", "invalid": "KHÔNG HỢP LỆ / NOT VALID", "self-consistent": "TỰ NHẤT QUÁN, KHÔNG"
            " CÓ TỆP TIN CẬY: có thể là một sổ khác / SELF-CONSISTENT, NO TRUST FILE: it could be a whole other ledger"}
LABELS = {"given": "Được giao / Given", "checkpoint": "Sổ, điểm kiểm / Log, checkpoint",
          "acts": "Hành vi đã kiểm / Acts checked", "events": "Sự kiện đã kiểm / Events checked",
          "from": "Giờ khai từ / Claimed times from", "to": "Đến / To",
          "field": "Trường / Field", "disclosed": "Nội dung / Content", "manifest": "Bảng kê / MANIFEST",
          "at": "Đầy đủ theo lưu trữ tại điểm kiểm / Complete according to the archive at checkpoint",
          "registry": "Sổ khóa: hành vi; đến cỡ nào là đủ; đến cỡ nào theo lời lưu trữ / Key registry: acts; up to what"
          " size none is hidden; up to what size that is the archive's word",
          "not_compared": "KHÔNG so được với điểm kiểm cỡ / NOT compared (takes a whole log) with checkpoints of size",
          "questioned": "Bị nghi vấn (khóa có thể đã lộ) / Questioned acts (key possibly compromised)"}

def summary(out):
    """For a reader who is no programmer: Vietnamese first, English beside it."""
    yield f"Kết luận / Verdict: {VERDICTS[out['verdict']]}"
    for name, label in LABELS.items():
        told = out.get(name)
        if told not in (None, []):
            yield f"{label}: {', '.join(map(str, told.values())) if isinstance(told, dict) else str(told)[:400]}"
    yield f"Điều sai / What is bad: {len(out['bad']) or 'không có gì / nothing'}"
    for row in out["bad"][:100]:
        place = "toàn bộ / the whole" if row["act"] is None else f"hành vi / act {row['act']}"
        place += "" if row["event"] is None else f", sự kiện / event {row['event']}"
        yield f"- {place}: [{row['code']}] {row['vi']} / {row['en']} {row['detail']}".rstrip()
    yield "Không chứng minh: điều được ghi là đúng sự thật; giờ khai là đúng; nội dung niêm phong vẫn còn."
    yield "Not proven: that what was recorded is true; that claimed times are right; that sealed content still exists."

def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--trust", type=Path)
    parser.add_argument("--checkpoint", type=Path, action="append", default=[])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    try:
        for path in filter(None, (options.path, options.trust, *options.checkpoint)):
            must(path.is_file() or (path is options.path and path.is_dir()), f"không phải tệp / not a file: {path}")
        with wrong_is(f"không phải tệp tin cậy / not a trust file: {options.trust}"):
            trust = Trust(options.trust and dict(json.loads(options.trust.read_bytes(), object_pairs_hook=json_object)))
        trust.checkpoints += [path.read_bytes() for path in options.checkpoint]
    except (Bad, OSError) as wrong:
        print("Lỗi cách dùng / Usage:", *wrong.args, file=sys.stderr)
        return 2
    out = verify(options.path, trust)
    print(json.dumps(out, ensure_ascii=False) if options.json else "\n".join(summary(out)))
    return 4 if out["bad"] else 0

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
