"""Disasters as named rows: whatever is done to an export, the stand-alone verifier names the right act and exits 4."""

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from signing.standalone_verifier import CODES, Trust, main, verify
from tests.signing.small_log import (
    CLERK,
    REGISTRARS,
    SEALED,
    SECOND,
    SERVICE,
    STRANGER,
    Person,
    SmallLog,
    b64,
    leaf,
    root,
    write_folder,
)

Files = dict[str, bytes]
ENTRIES, EVENTS, POSITIONS = "tile/entries/000.p/12", "tile/events/000.p/18", "tile/positions/000.p/12"
LEAVES = "tile/0/000.p/12"


def small() -> SmallLog:
    """Twelve acts and eighteen events: founding 0..5 (act 5 has two events), then acts 6..11; act 8 has six events."""
    log = SmallLog()
    log.found()
    for index in range(6, 12):
        log.register(6 if index == 8 else 1)
    return log


def checked(files: Files, base: Path, trust: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The report on files laid out as an export."""
    write_folder(files, base / "export")
    (base / "trust.json").write_text(json.dumps(trust))
    known = Trust.load(base / "trust.json") if trust is not None else Trust()
    known.checkpoints += more.get("checkpoints", [])
    return verify(base / "export", known)


def found(report: dict[str, Any]) -> list[tuple[int | None, str]]:
    """(act, code) of every bad row, in the order of the report."""
    return [(row["act"], row["code"]) for row in report["bad"]]


def flip(name: str, at: int, bit: int = 1) -> Callable[[Files], None]:
    """One bit of one file."""

    def spoil(files: Files) -> None:
        data = bytearray(files[name])
        data[at] ^= bit
        files[name] = bytes(data)

    return spoil


def other_letter(name: str, at: int) -> Callable[[Files], None]:
    """One letter of base64 for another."""

    def spoil(files: Files) -> None:
        data = bytearray(files[name])
        data[at] = ord("B") if data[at] == ord("A") else ord("A")
        files[name] = bytes(data)

    return spoil


def replace(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    """The last occurrence of some bytes."""

    def spoil(files: Files) -> None:
        head, middle, tail = files[name].rpartition(old)
        assert middle
        files[name] = head + new + tail

    return spoil


def framed(name: str, width: int, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Files], None]:
    """Records of a bundle taken apart, changed, put together."""

    def spoil(files: Files) -> None:
        data, records = files[name], []
        while data:
            end = width + int.from_bytes(data[:width], "big")
            records.append(data[:end])
            data = data[end:]
        files[name] = b"".join(change(records))

    return spoil


def swap(records: list[bytes]) -> list[bytes]:
    """Acts 7 and 9 change places."""
    records[7], records[9] = records[9], records[7]
    return records


def put(name: str, data: bytes) -> Callable[[Files], None]:
    """A whole file."""
    return lambda files: files.update({name: data})


def drop(name: str) -> Callable[[Files], None]:
    """A file is gone."""
    return lambda files: files.__delitem__(name)


# What an intruder does to the files, without any key: (name, what is done, act named first, its code)
SPOILT: list[tuple[str, Callable[[Files], None], int | None, str]] = [
    ("a bit in the last entry's signature", flip(ENTRIES, -5), 11, "entry-altered"),
    ("a word in an act", replace(ENTRIES, b'"basis":{"code":"r', b'"basis":{"code":"R'), 11, "entry-altered"),
    ("an act's event count", replace(ENTRIES, b'"events":6', b'"events":5'), 8, "entry-altered"),
    ("an entry dropped", framed(ENTRIES, 2, lambda r: r[:7] + r[8:]), 7, "entry-altered"),
    ("an entry twice", framed(ENTRIES, 2, lambda r: [*r[:8], r[7], *r[8:]]), 8, "entry-altered"),
    ("two entries swapped", framed(ENTRIES, 2, swap), 7, "entry-altered"),
    ("the last entry cut off", framed(ENTRIES, 2, lambda r: r[:-1]), 11, "entry-missing"),
    ("bytes after the entries", lambda f: f.update({ENTRIES: f[ENTRIES] + b"\0"}), 11, "entry-framing"),
    (
        "an entry's length too large",
        framed(ENTRIES, 2, lambda r: [*r[:9], b"\xff" + r[9][1:], *r[10:]]),
        9,
        "entry-missing",
    ),
    ("entries gone", drop(ENTRIES), 0, "history-truncated"),
    ("a bit in an event of one", flip(EVENTS, -5), 11, "act-root-mismatch"),
    ("a bit in an event of six", replace(EVENTS, b"HS-4", b"HS-9"), 8, "act-root-mismatch"),
    ("an event dropped", framed(EVENTS, 4, lambda r: r[:10] + r[11:]), 8, "act-root-mismatch"),
    ("an event twice", framed(EVENTS, 4, lambda r: [*r[:11], r[10], *r[11:]]), 8, "act-root-mismatch"),
    ("two events of an act swapped", framed(EVENTS, 4, lambda r: [*r[:10], r[11], r[10], *r[12:]]), 8, "event-version"),
    ("bytes after the events", lambda f: f.update({EVENTS: f[EVENTS] + b"\0\0"}), 11, "event-framing"),
    ("events gone", drop(EVENTS), 0, "event-missing"),
    ("a position", flip(POSITIONS, 9 * 8 + 7), 9, "positions-mismatch"),
    ("a huge position", flip(POSITIONS, 9 * 8, 0x80), 9, "positions-mismatch"),
    ("positions cut short", lambda f: f.update({POSITIONS: f[POSITIONS][:-8]}), 11, "positions-mismatch"),
    ("positions gone", drop(POSITIONS), 0, "tile-missing"),
    ("a bit in a leaf of the tile", flip(LEAVES, 4 * 32), 4, "tile-mismatch"),
    ("a tile cut short", lambda f: f.update({LEAVES: f[LEAVES][:-32]}), 11, "tile-mismatch"),
    ("a tile with bytes after it", lambda f: f.update({LEAVES: f[LEAVES] + b"x"}), None, "tile-mismatch"),
    ("a tile gone", drop(LEAVES), None, "tile-missing"),
    ("an unknown tile", put("tile/1/000", bytes(8192)), None, "tile-unknown"),
    ("a tile of another shape", put("tile/0/zzz", b""), None, "tile-unknown"),
    ("the next bundle", put("tile/entries/001.p/1", b"\0\0"), None, "tile-unknown"),
    ("the checkpoint's root", replace("checkpoint", b"\n12\n", b"\n12\nA"), None, "checkpoint-malformed"),
    ("the checkpoint's size", replace("checkpoint", b"\n12\n", b"\n11\n"), None, "checkpoint-signature"),
    ("a larger checkpoint size", replace("checkpoint", b"\n12\n", b"\n13\n"), 12, "history-truncated"),
    ("a bit in a checkpoint's signature", other_letter("checkpoint", -20), None, "checkpoint-signature"),
    ("the checkpoint gone", drop("checkpoint"), None, "checkpoint-missing"),
    ("an empty checkpoint", put("checkpoint", b""), None, "checkpoint-malformed"),
    ("another's checkpoint", replace("checkpoint", b"77\n12", b"78\n12"), None, "checkpoint-origin"),
    ("another genesis", put("genesis", b"x"), 0, "genesis-mismatch"),
]


@pytest.mark.parametrize(("name", "spoil", "act", "code"), SPOILT, ids=[row[0] for row in SPOILT])
def test_spoilt_files_are_named(
    name: str, spoil: Callable[[Files], None], act: int | None, code: str, tmp_path: Path
) -> None:
    """Given a good export, when files are spoilt, then the first bad act is the right one and its code is named."""
    log = small()
    files = log.files()
    spoil(files)
    report = checked(files, tmp_path, log.trust())
    assert report["verdict"] == "invalid"
    assert (act, code) in found(report), found(report)
    assert found(report)[0][0] == act


def test_each_code_has_two_texts() -> None:
    """Vietnamese and English beside every code."""
    assert all(vi and en and vi != en for vi, en in CODES.values())


def test_one_spoilt_act_is_named_alone(tmp_path: Path) -> None:
    """Given one altered entry and one altered event, then no other act is accused."""
    log = small()
    files = log.files()
    flip(ENTRIES, -5)(files)
    replace(EVENTS, b"HS-4", b"HS-9")(files)
    assert {act for act, _ in found(checked(files, tmp_path, log.trust()))} == {8, 11}


def test_good_logs(tmp_path: Path) -> None:
    """Given a good export: valid with a trust file, self-consistent without, exit 0 both times."""
    log = small()
    folder = write_folder(log.files(), tmp_path / "good")
    (tmp_path / "trust.json").write_text(json.dumps(log.trust()))
    assert main([str(folder), "--trust", str(tmp_path / "trust.json")]) == 0
    report = verify(folder, Trust())
    assert (report["verdict"], report["anchored"], report["acts"], report["events"]) == (
        "self-consistent",
        False,
        12,
        18,
    )


def no_key(log: SmallLog) -> None:
    log.register(person=STRANGER)


def revoked(log: SmallLog) -> None:
    log.revoke(CLERK)
    log.register()


def no_role(log: SmallLog) -> None:
    log.register(person=SERVICE)


def withdrawn(log: SmallLog) -> None:
    event = log.event(log.registry, "registry.role-withdrawn/1", actor=CLERK.actor, role="clerk")
    log.add("registry.withdraw", [event], REGISTRARS)
    log.register()


def second_signer_without_role(log: SmallLog) -> None:
    log.add("file.register", [log.event(uuid.uuid4(), "file.registered/1")], [CLERK, SERVICE])


def on_behalf(log: SmallLog) -> None:
    log.register(for_=SERVICE.actor)


def changed(**changes: Any) -> Callable[[SmallLog], None]:
    return lambda log: (log.register(**changes), None)[1]


def spaced(line: bytes) -> bytes:
    return line.replace(b'":', b'": ', 1)


def doubled(line: bytes) -> bytes:
    return line.replace(b'"events":1', b'"events":1,"events":1')


def floating(line: bytes) -> bytes:
    return line.replace(b'"events":1', b'"events":1.0')


def nulled(line: bytes) -> bytes:
    return line.replace(b'"events":1', b'"events":1,"for":null')


def escaped(line: bytes) -> bytes:
    return line.replace("đ".encode(), b"\\u0111")


def decomposed(line: bytes) -> bytes:
    return line.replace("ợ".encode(), "o\u031b\u0323".encode())


def more_members(line: bytes) -> bytes:
    return line.replace(b'"events":1', b'"events":1,"extra":1')


def by_stranger(note: bytes) -> bytes:
    return note + STRANGER.line(note.partition(b"\n\n")[0] + b"\n")


def unsigned(note: bytes) -> bytes:
    return note.partition(b"\n\n")[0] + b"\n\n"


def resigned(note: bytes) -> bytes:
    text = note.partition(b"\n\n")[0] + b"\n"
    return text + b"\n" + Person(CLERK.actor, STRANGER.key).line(text)


def wrong_signature(note: bytes) -> bytes:
    text = note.partition(b"\n\n")[0] + b"\n"
    return text + b"\n" + CLERK.line(text + b"\n")


def payload(data: bytes, kind: str = "file.noted/1") -> Callable[[SmallLog], None]:
    def act(log: SmallLog) -> None:
        log.add("file.note", [(uuid.UUID(int=77), 1, kind, data)], [CLERK])

    return act


def sealed(**changes: Any) -> Callable[[SmallLog], None]:
    return payload(json.dumps({"type": "file.noted/1", "t": {**SEALED, **changes}}, separators=(",", ":")).encode())


def enrol_without_possession(log: SmallLog) -> None:
    log.enrol(SECOND, REGISTRARS)


def enrol_by_one(log: SmallLog) -> None:
    log.enrol(SECOND, [REGISTRARS[0], SECOND])


def enrol_by_clerk(log: SmallLog) -> None:
    log.enrol(SECOND, [CLERK, SECOND])


def enrol_twice(log: SmallLog) -> None:
    log.enrol(CLERK)


def weak_key(log: SmallLog) -> None:
    event = log.event(
        log.registry, "registry.key-enrolled/1", actor=SECOND.actor, key=b64(b"\1\1" + bytes(31)), held="own"
    )
    log.add("registry.enrol", [event], [*REGISTRARS, SECOND])


def registry_event_smuggled(log: SmallLog) -> None:
    event = log.event(log.registry, "registry.role-granted/1", actor=CLERK.actor, role="god", acts=["custody.*"])
    log.add("file.register", [event], [CLERK])


def founded_again(log: SmallLog) -> None:
    event = log.event(log.registry, "registry.genesis/1", registrars=[], quorum=1, origin=log.origin, log_vkeys=[])
    log.add("log.found", [event], REGISTRARS)


def version_skipped(log: SmallLog) -> None:
    log.versions[uuid.UUID(int=5)] = 1
    log.register(stream=5)


def version_twice(log: SmallLog) -> None:
    log.register(stream=(1 << 70) + 5)
    log.versions[uuid.UUID(int=(1 << 70) + 5)] = 1
    log.entries.pop()
    log.events.pop()
    log.firsts.pop()
    log.register(stream=(1 << 70) + 5)


def repeated(log: SmallLog) -> None:
    log.register(id=json.loads(log.entries[7].split(b"\n")[1])["id"])


def counted(line: bytes) -> bytes:
    return line.replace(b'"events":1', b'"events":2')


def wrong_count(log: SmallLog) -> None:
    log.add("file.register", [log.event(uuid.uuid4(), "file.registered/1")], [CLERK], line=counted)


NOWHERE = {"root": b64(b"r" * 32), "size": 5}
AHEAD = {"root": b64(b"r" * 32), "size": 13}
# What somebody with keys writes into the log, as act 12: (name, the act, index named, code)
WRITTEN: list[tuple[str, Callable[[SmallLog], None], int, str]] = [
    ("a key never enrolled", no_key, 12, "key-unknown"),
    ("a key revoked before", revoked, 13, "key-revoked"),
    ("no role for the act", no_role, 12, "role-missing"),
    ("a role withdrawn before", withdrawn, 13, "role-missing"),
    ("the second signer has no role", second_signer_without_role, 12, "role-missing"),
    ("for another without the right", on_behalf, 12, "on-behalf-missing"),
    ("another's name", changed(actor=SERVICE.actor), 12, "actor-mismatch"),
    ("a wrong root", changed(root=b64(b"x" * 32)), 12, "act-root-mismatch"),
    ("a wrong count", wrong_count, 12, "event-missing"),
    ("a space in the JSON", changed(line=spaced), 12, "act-not-canonical"),
    ("a member twice", changed(line=doubled), 12, "act-not-canonical"),
    ("a float", changed(line=floating), 12, "act-not-canonical"),
    ("a null", changed(line=nulled), 12, "act-not-canonical"),
    ("a needless escape", changed(line=escaped), 12, "act-not-canonical"),
    ("not NFC", changed(line=decomposed), 12, "act-not-canonical"),
    ("a member nobody knows", changed(line=more_members), 12, "act-not-canonical"),
    ("no such day", changed(at="2026-02-30T00:00:00.000000Z"), 12, "act-not-canonical"),
    ("an extra signature", changed(note=by_stranger), 12, "signature-count"),
    ("no signature", changed(note=unsigned), 12, "signature-line"),
    ("another key under the name", changed(note=resigned), 12, "signature-line"),
    ("a signature of something else", changed(note=wrong_signature), 12, "signature-bad"),
    ("a line feed too many", changed(note=lambda note: note + b"\n"), 12, "signature-count"),
    ("another log's act", changed(note=lambda note: b"x" + note), 12, "act-framing"),
    ("one signer twice", changed(kids=[CLERK.kid, CLERK.kid]), 12, "signer-repeated"),
    ("saw what never was", changed(seen=NOWHERE), 12, "seen-not-in-history"),
    ("saw the future", changed(seen=AHEAD), 12, "seen-not-in-history"),
    ("an id used before", repeated, 12, "act-id-repeated"),
    ("a version skipped", version_skipped, 12, "event-version"),
    ("a version twice", version_twice, 12, "event-version"),
    ("a type not the row's", payload(b'{"type":"file.other/1"}'), 12, "event-type"),
    ("a type twice", payload(b'{"type":"file.noted/1","type":"file.other/1"}'), 12, "event-type"),
    ("no type tag", payload(b'{"type":"x"}', "x"), 12, "event-malformed"),
    ("a null in an event", payload(b'{"type":"file.noted/1","a":[null]}'), 12, "event-payload"),
    ("no JSON", payload(b'{"type":"file.noted/1",'), 12, "event-payload"),
    ("NaN", payload(b'{"type":"file.noted/1","a":NaN}'), 12, "event-payload"),
    ("two JSON values", payload(b'{"type":"file.noted/1"}{}'), 12, "event-payload"),
    ("no UTF-8", payload(b'{"type":"file.noted/1","a":"\xff"}'), 12, "event-payload"),
    ("text not in NFC", payload('{"type":"file.noted/1","a":"o\u031b"}'.encode()), 12, "event-payload"),
    ("nested without end", payload(b'{"type":"file.noted/1","a":' + b"[" * 60_000), 12, "event-payload"),
    ("a field left in clear", payload(b'{"type":"file.noted/1","t":{"alg":"plain","value":"x"}}'), 12, "event-sealed"),
    ("a short nonce", sealed(nonce="AAAA"), 12, "event-sealed"),
    ("an unknown algorithm", sealed(alg="none"), 12, "event-sealed"),
    ("a ciphertext without a tag", sealed(len=15), 12, "event-sealed"),
    ("enrolled without possession", enrol_without_possession, 12, "registry-possession"),
    ("enrolled by too few", enrol_by_one, 12, "registry-quorum"),
    ("enrolled by a clerk", enrol_by_clerk, 12, "registry-quorum"),
    ("enrolled twice", enrol_twice, 12, "registry-possession"),
    ("a weak key", weak_key, 12, "registry-event"),
    ("a registry event in another act", registry_event_smuggled, 12, "registry-event"),
    ("founded again", founded_again, 12, "genesis-invalid"),
]


@pytest.mark.parametrize(("name", "write", "act", "code"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_bad_acts_are_named(name: str, write: Callable[[SmallLog], None], act: int, code: str, tmp_path: Path) -> None:
    """Given a log whose tree and checkpoint commit to a bad act, then that act, and no other, is named."""
    log = small()
    write(log)
    report = checked(log.files(), tmp_path, log.trust())
    assert (act, code) in found(report), found(report)
    assert {index for index, _ in found(report) if index is not None} == {act}


def test_good_key_lives(tmp_path: Path) -> None:
    """Given rotation, dual signatures, service acts on behalf and a late revocation, then all is valid."""
    log = small()
    new = Person(CLERK.actor, SECOND.key)
    event = log.event(log.registry, "registry.key-rotated/1", actor=CLERK.actor, old=CLERK.kid, key=b64(new.typed))
    log.add("registry.rotate", [event], [CLERK, new])
    log.register(person=new)
    log.grant(SERVICE, "partner", ["file.register"])
    log.add("file.register", [log.event(uuid.uuid4(), "file.registered/1")], [new, SERVICE])
    log.add("access.read", [log.event(uuid.uuid4(), "access.granted/1")], [SERVICE], for_=CLERK.actor)
    log.revoke(new, since=13)
    report = checked(log.files(), tmp_path, log.trust())
    assert report["bad"] == []
    assert report["questioned"] == [13, 15]


def test_rewritten_history(tmp_path: Path) -> None:
    """Given a log rewritten from act 7 on and signed again, then the earlier checkpoints show it."""
    log, other = small(), SmallLog()
    earlier = log.publish()
    other.found()
    for _ in range(7):
        other.register(2)
    report = checked(other.files(), tmp_path, other.trust(), checkpoints=[earlier])
    assert (None, "checkpoint-inconsistent") in found(report)


def test_truncated_history(tmp_path: Path) -> None:
    """Given an earlier, larger checkpoint from elsewhere, then the shorter log is found out, good as it looks."""
    log, longer = small(), small()
    longer.register()
    report = checked(log.files(), tmp_path, log.trust(), checkpoints=[longer.publish()])
    assert found(report) == [(None, "history-truncated")]


@pytest.mark.parametrize("size", [6, 12])
def test_earlier_checkpoint_in_the_export(size: int, tmp_path: Path) -> None:
    """Given an earlier checkpoint in the export over other entries, then it is named."""
    log = small()
    files = log.files()
    files[f"checkpoints/{size}"] = log.checkpoint(size, [leaf(b"other")] * size)
    assert found(checked(files, tmp_path, log.trust())) == [(None, "checkpoint-inconsistent")]


def test_good_key_of_a_wrong_log(tmp_path: Path) -> None:
    """Given a checkpoint signed by the trusted keys for another origin, then it is refused."""
    log = small()
    files = log.files()
    other = SmallLog(origin="hanoi.mocban/ffffffffffffffff")
    other.found()
    trust = {**log.trust(), "vkeys": other.vkeys(), "origin": other.origin}
    assert (None, "checkpoint-origin") in found(checked(files, tmp_path, trust))


@pytest.mark.parametrize("kept", [0, 1])
def test_both_signatures_are_required(kept: int, tmp_path: Path) -> None:
    """Given one of the checkpoint's two signatures taken away, then it does not hold."""
    log = small()
    files = log.files()
    text, _, lines = files["checkpoint"].partition(b"\n\n")
    files["checkpoint"] = text + b"\n\n" + lines.splitlines(keepends=True)[kept]
    assert found(checked(files, tmp_path, log.trust())) == [(None, "checkpoint-signature")]


def test_other_genesis_than_trusted(tmp_path: Path) -> None:
    """Given a trust file with another genesis, then act 0 is named."""
    log = small()
    trust = {**log.trust(), "genesis": b64encode(bytes(32)).decode()}
    assert found(checked(log.files(), tmp_path, trust)) == [(0, "genesis-mismatch")]


def test_tree_that_reaches_no_root(tmp_path: Path) -> None:
    """Given entries and tiles changed alike, but not the checkpoint, then act and root are both named."""
    log = small()
    files = log.files()
    spoilt = bytearray(log.entries[8])
    spoilt[-5] ^= 1
    files[ENTRIES] = files[ENTRIES].replace(log.entries[8], bytes(spoilt))
    files[LEAVES] = files[LEAVES].replace(leaf(log.entries[8]), leaf(bytes(spoilt)))
    report = checked(files, tmp_path, log.trust())
    assert found(report)[0][0] == 8
    assert (None, "root-mismatch") in found(report)


def test_witness_quorum(tmp_path: Path) -> None:
    """Given a policy of one witness and no cosignature, then the checkpoint does not hold."""
    log = small()
    trust = {**log.trust(), "policy": {"quorum": 1, "witnesses": []}}
    assert found(checked(log.files(), tmp_path, trust)) == [(None, "witness-quorum")]


def test_roots_agree_with_the_definition() -> None:
    """The verifier's tree gives, for every size, the root of RFC 6962's definition."""
    from signing.standalone_verifier import Tree  # noqa: PLC0415  the one inner name that is tried alone

    hashes = [leaf(bytes([n])) for n in range(70)]
    tree = Tree(b"".join(hashes))
    assert [tree.root(n) for n in range(71)] == [root(hashes[:n]) for n in range(71)]
